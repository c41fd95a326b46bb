"""``subtheme score``: the results table."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from subtheme.cli.frame import JsonOption, StudyOption, reports_errors, say, say_json
from subtheme.errors import InputError, Problem

if TYPE_CHECKING:
    from subtheme.cli.load import StudyTables
    from subtheme.scoring import ResultTable


@reports_errors
def score(
    study: StudyOption = Path(),
    codings: Annotated[
        Path | None, typer.Option("--codings", help="Score this file of codings instead of a study.")
    ] = None,
    participants: Annotated[
        Path | None, typer.Option("--participants", help="With --codings: who, in which case.")
    ] = None,
    codebook: Annotated[Path | None, typer.Option("--codebook", help="With --codings: the codebook.")] = None,
    include_auto: Annotated[
        bool, typer.Option("--include-auto", help="Count codings that nobody confirmed; the table says so.")
    ] = False,
    csv: Annotated[Path | None, typer.Option("--csv", help="Also write the cells to this file (.csv, .xlsx).")] = None,
    as_json: JsonOption = False,
) -> None:
    """Print which sub-themes are present in which case, by strict majority of its participants.

    Example: subtheme score --codings C.csv --participants P.csv --codebook configs/cob.codebook.toml --json
    """
    if codings is not None:
        table = _of_files(codings, participants, codebook, include_auto)
    else:
        table = _of_study(study, include_auto)
    if csv is not None:
        from subtheme.files import write_table

        write_table(table.as_frame(), csv)
    if as_json:
        say_json(table.as_dict())
    else:
        say(table.as_text())


def _of_files(codings: Path, participants: Path | None, codebook: Path | None, include_auto: bool) -> "ResultTable":
    from subtheme.files import read_roster, read_table
    from subtheme.scoring import score as score_of
    from subtheme.study import CODINGS, Codebook

    missing = [name for name, path in (("--participants", participants), ("--codebook", codebook)) if path is None]
    if participants is None or codebook is None:
        raise InputError(Problem(what=f"{' and '.join(missing)} missing", expected="both beside --codings"))
    book = Codebook.read(codebook)
    rows = CODINGS.check(read_table(codings), source=codings.name, first_row=2, sort=False)
    people = read_roster(participants).participants
    return score_of(rows, people, book, include_auto=include_auto, source=codings.name, first_row=2)


def _of_study(folder: Path, include_auto: bool) -> "ResultTable":
    from subtheme.cli.load import study_tables

    return table_of_study(study_tables(folder), include_auto=include_auto)


def table_of_study(tables: "StudyTables", *, include_auto: bool) -> "ResultTable":
    """Return the results table of a study; unread transcripts leave cells open."""
    from subtheme.scoring import score as score_of

    return score_of(
        tables.codings_with_proposals() if include_auto else tables.codings,
        tables.participants,
        tables.study.codebook,
        level=tables.study.settings.level,
        readings=tables.readings,
        transcripts=tables.segments[["participant", "transcript"]].drop_duplicates(),
        include_auto=include_auto,
        synthetic=tables.study.synthetic,
    )
