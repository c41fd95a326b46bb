"""Writing a study to one file of another program, chosen by its ending; every writer ends in a loss report."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from subtheme.errors import InputError, Problem
from subtheme.exchange.carried_events import event_line, gives, notes_of
from subtheme.exchange.codebook_file import write_codebook
from subtheme.exchange.doccano import write_doccano
from subtheme.exchange.held_study import HeldStudy
from subtheme.exchange.held_tables import codings_table, held_tables
from subtheme.exchange.judged_rows import EVENT, READ_FOR, judged_table
from subtheme.exchange.label_studio import write_label_studio
from subtheme.exchange.loss import LossReport
from subtheme.exchange.refi_writer import Variant, refi_project
from subtheme.tablefiles import write_csv, write_table, write_xlsx

_Writer = Callable[[HeldStudy, Path], LossReport]


def write_study(held: HeldStudy, path: Path, *, variant: Variant = Variant.STANDARD, flatten: str = "") -> LossReport:
    """Write a study to the file of another program.

    A .qdpx is a project, .qdc and .toml are its codebook, .xlsx and a folder hold all tables, .jsonl is for doccano and
    .json for Label Studio.

    Parameters
    ----------
    held : HeldStudy
    path : pathlib.Path
    variant : Variant
        For which program a project is made.
    flatten : str
        What joins names of codes in a flat list; empty to keep the tree of a project.

    Raises
    ------
    InputError
        If nothing is written under that ending.
    """
    suffix = path.suffix.lower()
    if suffix == ".qdpx":
        return _write_project(held, path, variant=variant, flatten=flatten)
    writer = _WRITERS.get(suffix)
    if writer is None:
        raise InputError(
            Problem(
                what=f"nothing is written with the ending '{suffix}'",
                where=path.name,
                expected=f"one of .qdpx, {', '.join(filter(None, _WRITERS))}, or a folder",
                remedy="Codings alone are written with --codings" if suffix == ".csv" else "",
            )
        )
    return writer(held, path)


def write_codings(held: HeldStudy, path: Path) -> LossReport:
    """Write the codings with their words to a .csv or .xlsx file.

    Raises
    ------
    InputError
        If the ending is neither.
    """
    carried = held.carried
    lines = {e.uid: event_line(e, carried) for e in carried.events if gives(e)}
    named = held.codings["event"] if "event" in held.codings else pd.Series("", index=held.codings.index)
    coded = codings_table(held.codings, held.texts)
    coded = coded.assign(**{READ_FOR: "", EVENT: [lines.get(uid, "") for uid in named]})
    owner = dict(zip(held.segments["segment"], held.segments["participant"], strict=True))
    judged = judged_table(carried, held.texts, owner)
    table = pd.concat([coded.astype(object), judged[list(coded.columns)]], ignore_index=True)
    write_table(table, path)
    counts = {"codings": len(coded), "absences, doubts and readings": len(judged)}
    return LossReport(file=path.name, read=counts, kept=counts)


def _write_project(held: HeldStudy, path: Path, *, variant: Variant, flatten: str) -> LossReport:
    export = refi_project(
        codebook=held.codebook,
        texts=held.texts,
        codings=held.codings,
        participants=held.participants,
        speakers=held.speakers,
        coders=sorted({*held.readings["coder"], *held.carried.coders}),
        notes=notes_of(held.carried) if held.carried.events else (),
        variant=variant,
        flatten=flatten,
        synthetic=held.synthetic,
        file=path.name,
    )
    export.write(path)
    warnings = [
        *export.loss.warnings,
        "who speaks when, and in which role, has no place in the file: it is read anew from the text; "
        "the tables in .xlsx and .csv have it",
    ]
    if held.unseen:
        warnings.append(
            f"other programs will not see {_counted(held.unseen)}: they stand in a note that subtheme reads"
        )
    number = {"judgements": len(held.judgements)}
    loss = replace(export.loss, read={**export.loss.read, **number}, kept={**export.loss.kept, **number})
    return replace(loss, warnings=tuple(warnings))


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in counts.items())


def _write_workbook(held: HeldStudy, path: Path) -> LossReport:
    tables = held_tables(held)
    write_xlsx(tables, path)
    counts = {name: len(table) for name, table in tables.items()}
    return LossReport(file=path.name, read=counts, kept=counts)


def _write_folder(held: HeldStudy, path: Path) -> LossReport:
    path.mkdir(parents=True, exist_ok=True)
    tables = held_tables(held)
    for name, table in tables.items():
        write_csv(table, path / f"{name}.csv")
    counts = {name: len(table) for name, table in tables.items()}
    return LossReport(file=path.name, read=counts, kept=counts)


def _write_codebook(held: HeldStudy, path: Path) -> LossReport:
    return write_codebook(held.codebook, path)


_WRITERS: dict[str, _Writer] = {
    "": _write_folder,
    ".json": write_label_studio,
    ".jsonl": write_doccano,
    ".qdc": _write_codebook,
    ".toml": _write_codebook,
    ".xlsx": _write_workbook,
}
