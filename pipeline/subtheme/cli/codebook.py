"""``subtheme codebook``: check and show a codebook, and carry it from and to other programs."""

from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import JsonOption, StudyOption, reports_errors, say, say_json
from subtheme.errors import InputError, Problem

codebook_app = typer.Typer(no_args_is_help=True, help="Check codebooks, and carry them from and to other programs.")


@codebook_app.command("check")
@reports_errors
def check(
    file: Annotated[Path, typer.Argument(help="A codebook (.toml, .qdc, .csv, .xlsx).")],
    as_json: JsonOption = False,
) -> None:
    """Read a codebook, name every problem, and print its tree.

    Example: subtheme codebook check configs/cob.codebook.toml
    """
    from subtheme.exchange import read_codebook

    book = read_codebook(file)[0]
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


@codebook_app.command("import")
@reports_errors
def import_codebook(
    file: Annotated[Path, typer.Argument(help="A codebook (.qdc, .csv, .xlsx) or a project (.qdpx).")],
    target: Annotated[Path, typer.Argument(help="The .toml to write; it must not exist.")],
    separator: Annotated[
        str, typer.Option("--separator", help="What joins names of branches, such as '.' (Taguette) or '::'.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Turn another program's codebook into one that a study can be made with.

    Example: subtheme codebook import codes.qdc codebook.toml
    """
    from subtheme.exchange import read_codebook, write_codebook

    if target.suffix.lower() != ".toml" or target.exists():
        raise InputError(
            Problem(what=f"cannot write '{target}'", expected="a file with the ending .toml that does not exist yet")
        )
    book, loss = read_codebook(file, separator=separator)
    write_codebook(book, target)
    if as_json:
        say_json({**loss.as_dict(), "codebook": str(target), "content_hash": book.content_hash})
        return
    say(f"Wrote {target} with {len(book.codes)} codes.")
    say(loss.as_text().rstrip())


@codebook_app.command("add")
@reports_errors
def add_codes(
    file: Annotated[Path, typer.Argument(help="A codebook (.toml, .qdc, .csv, .xlsx), or a project (.qdpx).")],
    study: StudyOption = Path(),
    separator: Annotated[
        str, typer.Option("--separator", help="What joins names of branches, such as '.' (Taguette) or '::'.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Add the codes that the study's codebook lacks, with their descriptions, below the codes that they stand below.

    Example: subtheme codebook add project.qdpx --study care-study
    """
    from subtheme.exchange import read_codebook, toml_with, with_codes_of
    from subtheme.files import open_study, replace_codebook

    opened = open_study(study)
    foreign, loss = read_codebook(file, separator=separator)
    book, added = with_codes_of(opened.codebook, foreign, source=file.name)
    if added:
        text = (opened.path / "codebook.toml").read_text(encoding="utf-8")
        opened = replace_codebook(opened, toml_with(text, book))
    level = opened.settings.level
    elsewhere = [c.id for c in added if opened.codebook.level_of(c.id) != level]
    if as_json:
        codes = [{"id": c.id, "name": c.name, "parent": c.parent} for c in added]
        say_json({**loss.as_dict(), "added": codes, "not_at_level": elsewhere, "content_hash": book.content_hash})
        return
    for code in added:
        say(f"Added {code.name} [{code.id}]" + (f" below {code.parent}." if code.parent else " as a theme."))
    say(f"{len(added)} codes were added; the codebook has {len(book.codes)}.")
    if elsewhere:
        say(f"Note: not at level '{level}', which is learned and scored: {', '.join(elsewhere)}.")
    if added:
        say("Models that were trained before do not know these codes: 'subtheme train' makes one that does.")
    say(loss.as_text().rstrip())


@codebook_app.command("export")
@reports_errors
def export_codebook(
    target: Annotated[Path, typer.Argument(help="File to write: .qdc, .csv, .xlsx or .toml.")],
    codebook: Annotated[
        Path | None, typer.Option("--codebook", "-c", help="A codebook; that of the study without it.")
    ] = None,
    study: StudyOption = Path(),
    as_json: JsonOption = False,
) -> None:
    """Write a codebook for another program.

    Example: subtheme codebook export codes.qdc --codebook configs/cob.codebook.toml
    """
    from subtheme.exchange import read_codebook, write_codebook
    from subtheme.files import open_study

    book = open_study(study).codebook if codebook is None else read_codebook(codebook)[0]
    loss = write_codebook(book, target)
    if as_json:
        say_json(loss.as_dict())
        return
    say(loss.as_text().rstrip())
