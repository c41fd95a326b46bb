"""``subtheme train``: learn from coded segments."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import CodersOption, JsonOption, StudyOption, opened_study, reports_errors, say, say_json
from subtheme.errors import InputError, Problem


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
    from subtheme.classifier import save_model
    from subtheme.classifier.training import train as train_model
    from subtheme.study.learning import gathered, older_model, with_memory, with_outlook
    from subtheme.study.vectors import described_vectors_of, vectors_of

    if not name or name != Path(name).name or name.startswith("."):
        raise InputError(
            Problem(what=f"'{name}' cannot be the name of a model", expected="a plain name such as model-2")
        )
    opened = opened_study(study)
    data = gathered(opened, coders=coder or ())
    older = older_model(from_model, codes_file, study=opened)
    # An older model is followed instead of the codebook.
    vectors, described = (vectors_of(opened, model=older.model), None) if older else described_vectors_of(opened)
    level, book = opened.level, opened.codebook
    result = train_model(data, vectors, book, level=level, name=name, older=older, descriptions=described)
    folder = opened.folder.models / name
    result = with_memory(with_outlook(result, opened), folder)
    digest = save_model(result.model, folder)
    if as_json:
        say_json({**result.as_dict(), "content_hash": digest, "synthetic": opened.synthetic})
        return
    say(result.as_text())
    say(f"Saved as models/{name} ({digest[:12]}). Next: subtheme evaluate, subtheme precode")
