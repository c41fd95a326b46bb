"""``subtheme codings``: bring manual codings into a study."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from subtheme.cli.frame import CoderOption, JsonOption, StudyOption, reports_errors, say, say_json
from subtheme.errors import InputError, Problem, shown

if TYPE_CHECKING:
    import pandas as pd

    from subtheme.exchange import ColumnMap


@reports_errors
def codings(
    file: Annotated[Path, typer.Argument(help="Codings (.csv, .xlsx): spans or quotations.")],
    study: StudyOption = Path(),
    columns: Annotated[
        str | None,
        typer.Option(
            "--columns",
            help="Column map: nvivo, maxqda, atlasti, dedoose, taguette, qualcoder, or your own .toml.",
            show_default="the one that fits the headings",
        ),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option("--sheet", help="Sheet of a workbook.", show_default="the first one, or the one that fits"),
    ] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="For text that is not UTF-8.")] = None,
    coder: CoderOption = None,
    readings: Annotated[
        Path | None,
        typer.Option("--readings", help="Who read what (.csv: coder, transcript), also where nothing was coded."),
    ] = None,
    keep_unplaced: Annotated[
        bool,
        typer.Option("--keep-unplaced", help="Keep rows whose quotation has no sure place, without a place."),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="All or nothing: refuse the file where a row has no sure place.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Store manual codings. A coder has read each transcript that the file or --readings names.

    Quotations are searched in their transcript; apostrophes, dashes, ellipses, accents and spaces may be written
    otherwise there. A row whose place is not sure is left out and named, with the nearest place.

    Example: subtheme codings coder-1.csv --coder coder-1
    """
    if strict and keep_unplaced:
        raise InputError(Problem(what="--strict and --keep-unplaced at once", expected="one of them"))
    from subtheme.codings import carry_to_segments, checked_codings
    from subtheme.exchange import read_codings
    from subtheme.files import open_study

    opened = open_study(study)
    with opened.store() as store, store.writing():
        transcripts = store.transcripts()
        speaking = _speaking(store.turns())
        found = read_codings(
            file,
            codebook=opened.codebook,
            columns=_column_map(columns),
            texts={t.id: t.text for t in transcripts},
            speaking=speaking,
            coder=coder,
            usual_coder=opened.settings.coder,
            unplaced="refuse" if strict else "keep" if keep_unplaced else "drop",
            sheet=sheet,
            encoding=encoding,
        )
        checked = checked_codings(
            found.codings,
            codebook=opened.codebook,
            participants=store.participants(),
            lengths={t.id: len(t.text) for t in transcripts},
            source=file.name,
            speaking=speaking,
            rows=found.rows,
        )
        way = f"{sheet or ''}{'keep' if keep_unplaced else ''}".encode()  # another way brings others of the same file
        batch = f"{file.name}:{hashlib.sha256(file.read_bytes() + way).hexdigest()[:16]}"
        read = _readings(checked, readings, set(store.digests()), but=found.unsure)
        unplaced = carry_to_segments(checked, store.segments()).unplaced
        stored = store.add_codings(checked, batch=batch)
        store.add_readings(read, batch=batch)
    coders = sorted(set(checked["coder"]))
    known = len(checked) - stored
    if as_json:
        facts = {"codings": stored, "known": known, "coders": coders, "outside_segments": len(unplaced)}
        left_out = [] if keep_unplaced else [p.as_dict() for p in found.unplaced]
        say_json({**facts, "readings": len(read), "batch": batch, "left_out": left_out, "loss": found.loss.as_dict()})
        return
    say(f"Stored {stored} codings by {', '.join(coders)}; {len(read)} transcripts read.")
    if known:
        say(
            f"Note: {known} more were in the study already, or stand twice in the file. What an earlier version of the "
            "file brought stays: 'subtheme undo --codings FILE' takes it back."
        )
    if len(unplaced):
        say(
            f"Note: {len(unplaced)} lie on no segment (another's words, or no place): they are kept and score, "
            "but do not train."
        )
    say(found.loss.as_text().rstrip())
    if found.unplaced and not keep_unplaced:
        rows = ", ".join(p.where.rpartition("row ")[2] for p in found.unplaced)
        say(
            f"Left out, since their place is not sure: row {rows}. Their transcripts do not count as read. Correct the "
            "rows and give the file again: what is stored is not stored twice. --strict refuses such a file, "
            "--keep-unplaced keeps the codings without a place."
        )


def _speaking(turns: "pd.DataFrame") -> dict[str, list[tuple[int, int, str]]]:
    """Return the spans of participants' turns by transcript, with who speaks."""
    from subtheme.nouns import rows_of

    found: dict[str, list[tuple[int, int, str]]] = {}
    for turn in rows_of(turns[turns["participant"] != ""]):
        found.setdefault(turn.transcript, []).append((turn.start_char, turn.end_char, turn.participant))
    return found


def _column_map(name: str | None) -> "ColumnMap | None":
    from subtheme.errors import suggestion
    from subtheme.exchange import ColumnMap, shipped_column_maps

    if name is None:
        return None
    shipped = shipped_column_maps()
    if name not in shipped and not Path(name).is_file():
        raise InputError(
            Problem(
                what=f"no column map '{name}'",
                expected=f"one of {', '.join(shipped)}, or a .toml file",
                remedy=suggestion(name, shipped),
            )
        )
    return ColumnMap.read(shipped.get(name, Path(name)))


def _readings(
    codings: "pd.DataFrame", file: Path | None, transcripts: set[str], *, but: frozenset[tuple[str, str]]
) -> "pd.DataFrame":
    """Return who read what: wherever something was coded, `but` where a row was left out, and what the file says."""
    import pandas as pd

    from subtheme.nouns import READINGS, Origin, rows_of
    from subtheme.tablefiles import read_table

    is_made = (codings["transcript"] != "") & (codings["origin"] == Origin.BLIND.value)  # a confirmation is no reading
    implied = codings.loc[is_made, ["coder", "transcript"]]
    is_whole = [(row.coder, row.transcript) not in but for row in rows_of(implied)]
    implied = implied[pd.Series(is_whole, index=implied.index, dtype=bool)]
    if file is None:
        return READINGS.check(implied.drop_duplicates(), source="codings")
    stated = READINGS.check(read_table(file), source=file.name, first_row=2, sort=False)
    problems = [
        Problem(what=f"unknown transcript {shown(row.transcript)}", where=f"{file.name}, row {number}")
        for number, row in enumerate(rows_of(stated), start=2)
        if row.transcript not in transcripts
    ]
    if problems:
        raise InputError(problems)
    own = stated[stated["coder"].isin(set(codings["coder"]))]
    both = pd.concat([own, implied]).drop_duplicates(["coder", "transcript"])
    return READINGS.check(both, source=file.name)
