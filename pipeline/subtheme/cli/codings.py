"""``subtheme codings``: bring manual codings into a study."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from subtheme.cli.frame import CoderOption, JsonOption, StudyOption, reports_errors, say, say_json
from subtheme.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from subtheme.exchange import ColumnMap


@reports_errors
def codings(
    file: Annotated[Path, typer.Argument(help="Codings (.csv, .xlsx): spans or quotations.")],
    study: StudyOption = Path(),
    columns: Annotated[
        str | None,
        typer.Option("--columns", help="Column map: nvivo, maxqda, dedoose, taguette, or your own .toml."),
    ] = None,
    coder: CoderOption = None,
    readings: Annotated[
        Path | None,
        typer.Option("--readings", help="Who read what (.csv: coder, transcript), also where nothing was coded."),
    ] = None,
    keep_unplaced: Annotated[
        bool,
        typer.Option("--keep-unplaced", help="Keep codings whose quotation has no single place."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Store manual codings. A coder has read each transcript that the file or --readings names.

    Example: subtheme codings coder-1.csv --coder coder-1
    """
    from subtheme.codings import carry_to_segments, checked_codings
    from subtheme.exchange import read_codings
    from subtheme.files import open_study

    opened = open_study(study)
    with opened.store() as store, store.writing():
        transcripts = store.transcripts()
        turns = store.turns()
        speaking = turns[turns["participant"] != ""]
        alone = speaking.groupby("transcript")["participant"].agg(set)
        found = read_codings(
            file,
            codebook=opened.codebook,
            columns=_column_map(columns),
            texts={t.id: t.text for t in transcripts},
            participants={str(t): next(iter(who)) for t, who in alone.items() if len(who) == 1},
            unplaced="keep" if keep_unplaced else "refuse",
        )
        rows = found.codings if coder is None else found.codings.assign(coder=coder)
        checked = checked_codings(
            rows,
            codebook=opened.codebook,
            participants=store.participants(),
            lengths={t.id: len(t.text) for t in transcripts},
            source=file.name,
        )
        batch = f"{file.name}:{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}"
        read = _readings(checked, readings, set(store.digests()))
        unplaced = carry_to_segments(checked, store.segments()).unplaced
        stored = store.add_codings(checked, batch=batch)
        store.add_readings(read, batch=batch)
    coders = sorted(set(checked["coder"]))
    known = len(checked) - stored
    if as_json:
        facts = {"codings": stored, "known": known, "coders": coders, "outside_segments": len(unplaced)}
        say_json({**facts, "readings": len(read), "batch": batch, "loss": found.loss.as_dict()})
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


def _readings(codings: "pd.DataFrame", file: Path | None, transcripts: set[str]) -> "pd.DataFrame":
    """Return who read what: wherever something was coded, and what the file of readings says."""
    import pandas as pd

    from subtheme.nouns import READINGS, Origin, rows_of
    from subtheme.tablefiles import read_table

    is_made = (codings["transcript"] != "") & (codings["origin"] == Origin.BLIND.value)  # a confirmation is no reading
    implied = codings.loc[is_made, ["coder", "transcript"]]
    if file is None:
        return READINGS.check(implied.drop_duplicates(), source="codings")
    stated = READINGS.check(read_table(file), source=file.name, first_row=2, sort=False)
    problems = [
        Problem(what=f"unknown transcript '{row.transcript}'", where=f"{file.name}, row {number}")
        for number, row in enumerate(rows_of(stated), start=2)
        if row.transcript not in transcripts
    ]
    if problems:
        raise InputError(problems)
    own = stated[stated["coder"].isin(set(codings["coder"]))]
    both = pd.concat([own, implied]).drop_duplicates(["coder", "transcript"])
    return READINGS.check(both, source=file.name)
