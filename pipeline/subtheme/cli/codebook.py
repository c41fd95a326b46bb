"""``subtheme codebook``: check and show a codebook."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import JsonOption, reports_errors, say, say_json

codebook_app = typer.Typer(no_args_is_help=True, help="Check and show codebooks.")


@codebook_app.command("check")
@reports_errors
def check(
    file: Annotated[Path, typer.Argument(help="A codebook (.toml).")],
    as_json: JsonOption = False,
) -> None:
    """Read a codebook, name every problem, and print its tree.

    Example: subtheme codebook check configs/cob.codebook.toml
    """
    from subtheme.study import Codebook

    book = Codebook.read(file)
    counts = {level: len(book.at_level(level)) for level in book.levels}
    undefined = [c.id for c in book.codes if not c.definition]
    if as_json:
        say_json(
            {
                "title": book.title,
                "content_hash": book.content_hash,
                "levels": counts,
                "undefined": undefined,
                "placeholders": [c.id for c in book.codes if c.placeholder],
                "codes": [{"id": c.id, "name": c.name, "parent": c.parent} for c in book.codes],
            }
        )
        return
    for code in book.codes:
        mark = "  (placeholder)" if code.placeholder else ""
        say(f"{'  ' * code.depth}{code.name}  [{code.id}]{mark}")
    say("\n" + ", ".join(f"{n} at level '{level}'" for level, n in counts.items()) + ".")
    if undefined:
        say(f"Without a definition: {', '.join(undefined)}.")
