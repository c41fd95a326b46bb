"""``subtheme open``: the study in one page, on this machine only."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import CoderOption, reports_errors, say


@reports_errors
def open_(
    study: Annotated[
        Path, typer.Argument(help="Folder of the study.", envvar="SUBTHEME_STUDY", show_default="here")
    ] = Path(),
    coder: CoderOption = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port on this machine.", show_default="a free one")
    ] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, do not open it.")] = False,
) -> None:
    """Open the study in the browser: where it stands, what comes next, review, table, agreement, history.

    Ctrl+C ends it; nothing is lost.

    Example: subtheme open demo-study
    """
    from subtheme.files import open_study
    from subtheme.review import serve

    opened = open_study(study, given={"coder": coder})

    def announce(url: str) -> None:
        say(f"{opened.name}, as {opened.settings.coder}. This address lets one browser in, once:")
        say(url)
        say("Ctrl+C ends it. Every answer is on the disk when the page says so.")

    serve(
        opened,
        coder=opened.settings.coder,
        port=port,
        home=True,
        open_browser=not no_browser,
        announce=announce,
    )
