"""Help is light, complete and has examples."""

import subprocess
import sys

import pytest
import typer.main
from typer.testing import CliRunner

from subtheme.cli.app import app

HEAVY = ("pandas", "sklearn", "spacy", "torch", "sentence_transformers", "sqlalchemy", "lxml", "matplotlib")


def test_help_loads_nothing_heavy():
    script = (
        "import sys, typer.testing, subtheme.cli.app as a\n"
        "result = typer.testing.CliRunner().invoke(a.app, ['--help'])\n"
        "assert result.exit_code == 0, result.output\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _commands():
    root = typer.main.get_command(app)
    found = []
    for name, command in root.commands.items():
        children = getattr(command, "commands", None)
        found += [(f"{name} {n}", c) for n, c in children.items()] if children else [(name, command)]
    return found


@pytest.mark.parametrize(("name", "command"), _commands(), ids=[n for n, _ in _commands()])
def test_every_command_has_an_example_and_at_most_seven_options(name, command):
    assert f"subtheme {name}" in command.help
    options = [p for p in command.params if p.param_type_name == "option"]
    assert len(options) <= 7, [o.name for o in options]
    assert CliRunner().invoke(app, [*name.split(), "--help"]).exit_code == 0


def test_version_and_wrong_usage():
    runner = CliRunner()
    assert runner.invoke(app, ["--version"]).output.startswith("subtheme 0.")
    assert runner.invoke(app, ["scoer"]).exit_code == 2
    assert runner.invoke(app, ["new", "--codebok", "x"]).exit_code == 2
