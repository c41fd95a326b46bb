"""A codebook of a few words, and commands run in the process of the test, as many tests want them."""

from typer.testing import CliRunner, Result

from subtheme.cli.app import app


def small_book(theme: str, *sub_themes: str) -> str:
    """Return the TOML of a codebook with one theme; ids are the names in small letters."""
    lines = ['format = "subtheme-codebook/1"', "[[code]]", f'id = "{theme.lower()}"', f'name = "{theme}"']
    for name in sub_themes:
        lines += ["[[code.code]]", f'id = "{name.lower()}"', f'name = "{name}"']
    return "\n".join(lines) + "\n"


def invoke(*words: object, code: int = 0) -> Result:
    """Run a command and return what came of it; another exit code than `code` fails the test."""
    result = CliRunner().invoke(app, [str(w) for w in words])
    assert result.exit_code == code, result.output + repr(result.exception)
    return result
