"""``subtheme evaluate``: how far to trust what is learned."""

import json
from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import (
    CodersOption,
    JsonOption,
    StudyOption,
    opened_study,
    progress,
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
    from subtheme.classifier.evaluation import evaluate as evaluate_learner
    from subtheme.study.learning import gathered
    from subtheme.study.vectors import described_vectors_of

    opened = opened_study(study)
    data = gathered(opened, coders=coder or (), blind_only=not include_assisted)
    people = opened.participants
    vectors, described = described_vectors_of(opened)
    result = evaluate_learner(
        data,
        vectors,
        case_of=dict(zip(people["participant"], people["case"], strict=True)),
        descriptions=described,
        attributes={"level": dict(zip(people["participant"], people["level"], strict=True))},
        curve=not no_curve,
        progress=progress("Evaluating"),
    )
    facts = {**result.as_dict(), "synthetic": opened.synthetic, "include_assisted": include_assisted}
    kept = opened.folder.exports / "evaluation.json"
    kept.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    if as_json:
        say_json(facts)
        return
    if opened.synthetic:
        say("SYNTHETIC: figures on an invented study say nothing about real interviews.")
    say(result.as_text())
