"""``subtheme new``: make a study."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import reports_errors, say


@reports_errors
def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")],
    codebook: Annotated[
        Path, typer.Option("--codebook", "-c", help="The codebook (.toml, .qdc, .csv, .xlsx), or a project (.qdpx).")
    ],
    name: Annotated[str, typer.Option("--name", help="Name to print on reports.")] = "",
) -> None:
    """Make a new study.

    Example: subtheme new care-study --codebook configs/cob.codebook.toml
    """
    from subtheme.exchange import codebook_toml, read_codebook
    from subtheme.files import create_study

    book = read_codebook(codebook)[0]
    given: Path | str = codebook if codebook.suffix.lower() == ".toml" else codebook_toml(book)  # with its comments
    study = create_study(folder, codebook=given, name=name, level=book.usual_level)
    rows = len(study.codebook.at_level(study.settings.level))
    say(f"Made {folder} with {len(study.codebook.codes)} codes, {rows} of them at level '{study.settings.level}'.")
    say(f"Next: subtheme import TRANSCRIPTS --participants PARTICIPANTS.csv --study {folder}")
