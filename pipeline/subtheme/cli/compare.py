"""``subtheme compare``: two models side by side."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import CodersOption, JsonOption, StudyOption, opened_study, reports_errors, say, say_json


@reports_errors
def compare(
    first: Annotated[str, typer.Argument(help="Name of a model of the study.")],
    second: Annotated[str, typer.Argument(help="Name of another.")],
    study: StudyOption = Path(),
    coder: CodersOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two models on the coded participants that neither was trained on, with paired intervals.

    Example: subtheme compare model model-2
    """
    from subtheme.classifier import load_model
    from subtheme.classifier.comparison import ModelWithVectors
    from subtheme.classifier.comparison import compare as compare_models
    from subtheme.study.learning import gathered
    from subtheme.study.vectors import vectors_of

    opened = opened_study(study)
    models = [load_model(opened.folder.models / name) for name in (first, second)]
    for model in models:
        model.check_codebook(opened.codebook)
    sides = [ModelWithVectors(model=model, vectors=vectors_of(opened, model=model)) for model in models]
    result = compare_models(sides[0], sides[1], gathered(opened, coders=coder or (), blind_only=True))
    if as_json:
        say_json({**result.as_dict(), "synthetic": opened.synthetic})
        return
    if opened.synthetic:
        say("SYNTHETIC: figures on an invented study say nothing about real interviews.")
    say(result.as_text())
