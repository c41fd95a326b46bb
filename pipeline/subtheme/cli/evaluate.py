"""``subtheme evaluate``: how far to trust what is learned."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import (
    CodersOption,
    JsonOption,
    StudyOption,
    opened_study,
    reports_errors,
    say,
    say_json,
)


@reports_errors
def evaluate(
    study: StudyOption = Path(),
    coder: CodersOption = None,
    include_assisted: Annotated[
        bool, typer.Option("--include-assisted", help="Also count codings made after seeing a suggestion.")
    ] = False,
    no_curve: Annotated[
        bool, typer.Option("--no-curve", help="Leave out the learning curve, which takes a third of the time.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Train and test fold by fold on participants that the model has not seen, and leave each case out once.

    Example: subtheme evaluate --coder coder-1
    """
    from subtheme.study.learning import evaluate_study

    opened = opened_study(study)
    result = evaluate_study(opened, coders=coder or (), include_assisted=include_assisted, curve=not no_curve)
    if as_json:
        say_json({**result.as_dict(), "synthetic": opened.synthetic, "include_assisted": include_assisted})
        return
    if opened.synthetic:
        say("SYNTHETIC: figures on an invented study say nothing about real interviews.")
    say(result.as_text())
