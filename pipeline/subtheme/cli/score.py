"""``subtheme score``: the results table."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from subtheme.cli.frame import JsonOption, StudyOption, opened_study, reports_errors, say, say_json
from subtheme.errors import InputError, Problem

if TYPE_CHECKING:
    from subtheme.scoring import Firmness


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
    anchor = ""
    if codings is not None:
        firm = _of_files(codings, participants, codebook, include_auto)
    else:
        opened = opened_study(study)
        firm, anchor = opened.firmness(include_auto=include_auto), opened.anchor
    if csv is not None:
        from subtheme.tablefiles import write_table

        write_table(firm.table.as_frame(), csv)
    if as_json:
        say_json({**firm.as_dict(), **({"anchor": anchor} if anchor else {})})
        return
    say(firm.table.as_text())
    if firm.expected is not None and firm.table.overall.open:
        say(f"\n{firm.expected.as_text()}")
    if csv is not None and anchor:
        say(f"\nAnchor of the log: {anchor}")


def _of_files(codings: Path, participants: Path | None, codebook: Path | None, include_auto: bool) -> "Firmness":
    from subtheme.files import read_roster
    from subtheme.nouns import CODINGS, Codebook
    from subtheme.scoring import firmness
    from subtheme.scoring import score as score_of
    from subtheme.tablefiles import read_table

    missing = [name for name, path in (("--participants", participants), ("--codebook", codebook)) if path is None]
    if participants is None or codebook is None:
        raise InputError(Problem(what=f"{' and '.join(missing)} missing", expected="both beside --codings"))
    book = Codebook.read(codebook)
    rows = CODINGS.check(read_table(codings), source=codings.name, first_row=2, sort=False)
    people = read_roster(participants).participants
    table = score_of(rows, people, book, include_auto=include_auto, source=codings.name, first_row=2)
    return firmness(table, rows, book)
