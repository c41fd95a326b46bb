"""Write docs/cli.md from the help of the commands. Run by ``make docs``; a test fails when the page is behind."""

from pathlib import Path

import typer.main
from typer.testing import CliRunner

from subtheme.cli.app import app

PAGE = Path(__file__).with_name("cli.md")
_HEAD = """# Commands

Made from the commands' own help by `make docs`. stdout is the result, stderr the rest; `--json` prints the result, or
the error, as JSON. Exit 0: done; 1: the input was refused, nothing was changed; 2: wrong usage. An option beats the
environment, which beats `study.toml`, which beats the default.
"""


def reference() -> str:
    """Return the page: every command with its help."""
    parts = [_HEAD]
    for name, command in sorted(typer.main.get_command(app).commands.items()):
        children = sorted(getattr(command, "commands", {}))
        for words in [[name, child] for child in children] or [[name]]:
            asked = CliRunner().invoke(app, [*words, "--help"], prog_name="subtheme", env={"COLUMNS": "100"})
            lines = "\n".join(line.rstrip() for line in asked.stdout.strip().splitlines())
            parts.append(f"## subtheme {' '.join(words)}\n\n```\n{lines}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
