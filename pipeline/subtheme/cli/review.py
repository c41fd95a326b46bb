"""``subtheme review``: decide at the page, on this machine only."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import CoderOption, StudyOption, reports_errors, say


@reports_errors
def review(
    study: StudyOption = Path(),
    coder: CoderOption = None,
    order: Annotated[
        str,
        typer.Option(
            "--order",
            help="settle, code, transcript, uncertain, reading, audit, overlap, bulk, flagged or disagreements.",
            show_default="settle",
        ),
    ] = "",
    blind: Annotated[
        float | None,
        typer.Option(
            "--blind",
            min=0.0,
            max=1.0,
            help="Share of segments that are read without suggestions.",
            show_default="from study.toml",
        ),
    ] = None,
    decide_first: Annotated[
        bool, typer.Option("--decide-first", help="Show suggestions only after the coder's own answer.")
    ] = False,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port on this machine.", show_default="a free one")
    ] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, do not open it.")] = False,
) -> None:
    """Open the page where a person confirms or rejects, segment by segment. Ctrl+C ends it; nothing is lost.

    Example: subtheme review --coder anna --order uncertain
    """
    from subtheme.files import open_study
    from subtheme.review import serve

    opened = open_study(study, given={"coder": coder, "blind": blind})

    def announce(url: str) -> None:
        say(f"Review of {opened.name} by {opened.settings.coder}. This address lets one browser in, once:")
        say(url)
        say("Ctrl+C ends it. Every answer is on the disk when the page says so.")

    serve(
        opened,
        coder=opened.settings.coder,
        port=port,
        order=order,
        decides_first=decide_first,
        open_browser=not no_browser,
        announce=announce,
    )
