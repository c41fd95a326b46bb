"""``subtheme evaluate``: how far to trust what is learned."""

import json
from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import CodersOption, JsonOption, StudyOption, progress, reports_errors, say, say_json


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
    from subtheme.cli.learn import gathered
    from subtheme.cli.load import study_tables
    from subtheme.cli.vectors import described_vectors_of

    tables = study_tables(study)
    data = gathered(tables, coders=coder, blind_only=not include_assisted)
    people = tables.participants
    vectors, described = described_vectors_of(tables)
    result = evaluate_learner(
        data,
        vectors,
        case_of=dict(zip(people["participant"], people["case"], strict=True)),
        descriptions=described,
        attributes={"level": dict(zip(people["participant"], people["level"], strict=True))},
        curve=not no_curve,
        progress=progress("Evaluating"),
    )
    facts = {**result.as_dict(), "synthetic": tables.study.synthetic, "include_assisted": include_assisted}
    kept = tables.study.exports / "evaluation.json"
    kept.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    if as_json:
        say_json(facts)
        return
    if tables.study.synthetic:
        say("SYNTHETIC: figures on an invented study say nothing about real interviews.")
    say(result.as_text())
