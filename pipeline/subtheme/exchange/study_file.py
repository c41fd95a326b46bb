"""Writing a study to one file of another program, chosen by its ending; every writer ends in a loss report."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from subtheme.errors import InputError, Problem
from subtheme.exchange.codebook_file import write_codebook
from subtheme.exchange.doccano import write_doccano
from subtheme.exchange.held_study import HeldStudy
from subtheme.exchange.held_tables import codings_table, held_tables
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
    table = codings_table(held.codings, held.texts)
    write_table(table, path)
    counts = {"codings": len(table)}
    return LossReport(file=path.name, read=counts, kept=counts)


def _write_project(held: HeldStudy, path: Path, *, variant: Variant, flatten: str) -> LossReport:
    export = refi_project(
        codebook=held.codebook,
        texts=held.texts,
        codings=held.codings,
        participants=held.participants,
        speakers=held.speakers,
        coders=sorted(set(held.readings["coder"])),
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
    if held.read_without_codings:
        warnings.append(f"{held.read_without_codings} readings without a coding are not in the file: it has no place")
    return replace(export.loss, warnings=tuple(warnings))


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
