"""``subtheme codings``: bring manual codings into a study."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import CoderOption, JsonOption, StudyOption, reports_errors, say, say_json


@reports_errors
def codings(
    file: Annotated[Path, typer.Argument(help="Codings (.csv, .xlsx): spans or quotations.")],
    study: StudyOption = Path(),
    columns: Annotated[
        Path | None, typer.Option("--columns", help="Column map (.toml) where the columns have other names.")
    ] = None,
    coder: CoderOption = None,
    readings: Annotated[
        Path | None,
        typer.Option(
            "--readings", help="Who read which transcript (.csv: coder, transcript), also where nothing was coded."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Store manual codings; a coder has read every transcript that the file or --readings names.

    Example: subtheme codings coder-1.csv --coder coder-1
    """
    from subtheme.exchange import bring_in_codings
    from subtheme.files import open_study

    opened = open_study(study, given={"coder": coder})
    report = bring_in_codings(opened, file, columns=columns, coder=coder, readings=readings)
    if as_json:
        say_json(report.as_dict())
        return
    say(report.as_text())
