"""Codebooks of a few words, and commands run in the process of the test, as many tests want them."""

from collections.abc import Mapping, Sequence

from typer.testing import CliRunner, Result

from subtheme.cli.app import app


def outline_book(outline: str, *, levels: Sequence[str] = (), more: Mapping[str, str] | None = None) -> str:
    """Return the TOML of a codebook from lines ``id: Name``, two spaces deeper for every level below a theme.

    `more` adds lines to the codes that it names.
    """
    lines = ['format = "subtheme-codebook/1"']
    if levels:
        lines.append(f"levels = {list(levels)}")
    for line in filter(None, outline.split("\n")):
        name, title = line.strip().split(": ")
        depth = (len(line) - len(line.lstrip())) // 2
        lines += [f"[[code{'.code' * depth}]]", f'id = "{name}"', f'name = "{title}"']
        lines += [more[name]] if more and name in more else []
    return "\n".join(lines) + "\n"


def small_book(theme: str, *sub_themes: str) -> str:
    """Return the TOML of a codebook with one theme; ids are the names in small letters."""
    return outline_book("\n".join([f"{theme.lower()}: {theme}", *(f"  {n.lower()}: {n}" for n in sub_themes)]))


def invoke(*words: object, code: int = 0) -> Result:
    """Run a command and return what came of it; another exit code than `code` fails the test."""
    result = CliRunner().invoke(app, [str(w) for w in words])
    assert result.exit_code == code, result.output + repr(result.exception)
    return result
