"""``subtheme train``: learn from coded segments."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import CodersOption, JsonOption, StudyOption, opened_study, reports_errors, say, say_json


@reports_errors
def train(
    study: StudyOption = Path(),
    name: Annotated[str, typer.Option("--name", help="Name of the model.")] = "model",
    coder: CodersOption = None,
    from_model: Annotated[
        Path | None,
        typer.Option("--from", help="Folder of a model of other participants to go on from, if that helps."),
    ] = None,
    codes_file: Annotated[
        Path | None,
        typer.Option(
            "--map", help="Table (.csv, .xlsx) of old and new code ids, for codes that were renamed, split or merged."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Learn the codes that have enough coded segments; name those that have not.

    Example: subtheme train --coder coder-1

    Example: subtheme train --name model-2 --from ../first-study/models/model --map codes.csv
    """
    from subtheme.study.learning import train_study

    opened = opened_study(study)
    result, digest = train_study(opened, name=name, coders=coder or (), from_model=from_model, codes_file=codes_file)
    if as_json:
        say_json({**result.as_dict(), "content_hash": digest, "synthetic": opened.synthetic})
        return
    say(result.as_text())
    say(f"Saved as models/{name} ({digest[:12]}). Next: subtheme evaluate, subtheme precode")
