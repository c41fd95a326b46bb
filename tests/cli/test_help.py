"""Help is light, complete and has examples."""

import subprocess
import sys

import pytest
import typer.main
from typer.testing import CliRunner

from subtheme.cli.app import app

HEAVY = ("pandas", "sklearn", "spacy", "torch", "sentence_transformers", "sqlalchemy", "lxml", "matplotlib")


def loaded_by(program: str, *names: str) -> list[str]:
    """Return which of the modules are loaded in a fresh process that has run `program`."""
    script = f"{program}\nimport sys\nprint(*(n for n in {names!r} if n in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_help_loads_nothing_heavy():
    program = (
        "import typer.testing, subtheme.cli.app as a\n"
        "result = typer.testing.CliRunner().invoke(a.app, ['--help'])\n"
        "assert result.exit_code == 0, result.output\n"
    )
    assert loaded_by(program, *HEAVY) == []


@pytest.mark.parametrize(
    "module", ["cli.precode", "cli.bulk", "cli.review", "cli.status", "bulk.work", "review.screen"]
)
def test_applying_a_model_loads_nothing_that_learns(module):
    assert loaded_by(f"import subtheme.{module}", "sklearn", "torch", "spacy") == []


def test_cutting_speech_into_sentences_loads_no_torch_and_leaves_it_to_others():
    program = (
        "from subtheme.segments.sentences import load_splitter\n"
        "assert load_splitter().starts('We did. They did.') == [0, 8]"
    )
    assert loaded_by(program, "spacy", "torch") == ["spacy"]
    assert loaded_by(f"{program}\nimport torch", "spacy", "torch") == ["spacy", "torch"]


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
