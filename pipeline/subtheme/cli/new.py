"""``subtheme new``: make a study."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import reports_errors, say


@reports_errors
def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")],
    codebook: Annotated[Path, typer.Option("--codebook", "-c", help="The codebook (.toml); it is copied in.")],
    name: Annotated[str, typer.Option("--name", help="Name to print on reports.")] = "",
) -> None:
    """Make a new study.

    Example: subtheme new care-study --codebook configs/cob.codebook.toml
    """
    from subtheme.files import create_study

    study = create_study(folder, codebook=codebook, name=name)
    rows = len(study.codebook.at_level(study.settings.level))
    say(f"Made {folder} with {len(study.codebook.codes)} codes, {rows} of them at level '{study.settings.level}'.")
    say(f"Next: subtheme import TRANSCRIPTS --participants PARTICIPANTS.csv --study {folder}")
