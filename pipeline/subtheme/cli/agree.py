"""``subtheme agree``: coder with coder, model with coder."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from subtheme.cli.frame import JsonOption, StudyOption, reports_errors, say, say_json

if TYPE_CHECKING:
    from subtheme.agreement import AgreementReport
    from subtheme.cli.load import StudyTables


@reports_errors
def agree(
    coders: Annotated[list[str] | None, typer.Argument(help="Whom to compare; everybody by default.")] = None,
    study: StudyOption = Path(),
    include_assisted: Annotated[
        bool, typer.Option("--include-assisted", help="Add, apart, codings made after seeing a suggestion.")
    ] = False,
    landis_koch: Annotated[
        bool, typer.Option("--landis-koch", help="Add the words of Landis and Koch (1977).")
    ] = False,
    disagreements: Annotated[
        Path | None, typer.Option("--disagreements", help="Write the list to discuss to this file (.xlsx, .csv).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the agreement of coders on segments, participants and cells, from blind codings.

    Example: subtheme agree coder-1 coder-2
    """
    from subtheme.agreement import report_text
    from subtheme.cli.load import study_tables

    tables = study_tables(study)
    report = agreement_of(tables, coders=coders or [], include_assisted=include_assisted)
    if disagreements is not None:
        import pandas as pd

        from subtheme.files import write_table

        write_table(pd.concat([part.disagreements for part in report.parts]).assign(decision=""), disagreements)
    if as_json:
        say_json({**report.as_dict(), "synthetic": tables.study.synthetic})
        return
    if tables.study.synthetic:
        say("SYNTHETIC: the coders are simulated.")
    say(report_text(report, with_landis_koch=landis_koch))


def agreement_of(tables: "StudyTables", *, coders: list[str], include_assisted: bool = False) -> "AgreementReport":
    """Return the agreement of the coders of a study."""
    from subtheme.agreement import agreement_report

    settings = tables.study.settings
    levels = list(dict.fromkeys([settings.level, tables.study.codebook.levels[0]]))
    return agreement_report(
        tables.segments,
        tables.segment_codes,
        tables.readings,
        tables.participants,
        tables.study.codebook,
        levels=levels,
        coders=coders or None,
        include_assisted=include_assisted,
        units=f"participants' turns cut by the strategy '{settings.strategy}' before coding was compared",
    )
