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


SENTENCES = "from subtheme.segments.sentences import load_splitter\nassert load_splitter().starts('We did. They did.') == [0, 8]"
OWN = "from subtheme.process import own_this_process\nown_this_process()"
TORCH_IN_SPACY = "import torch, thinc.api\nassert thinc.api.PyTorchWrapper(torch.nn.Linear(2, 2)).shims"


def test_a_command_cuts_speech_into_sentences_without_torch_and_leaves_it_to_what_follows():
    assert loaded_by(f"{OWN}\n{SENTENCES}", "spacy", "torch") == ["spacy"]
    assert loaded_by(f"{OWN}\n{SENTENCES}\nimport torch", "spacy", "torch") == ["spacy", "torch"]


def test_a_command_runs_in_a_process_of_its_own(tmp_path):
    (tmp_path / "talk.txt").write_text("Interviewer: And then?\n\nAnna: We did. They did.\n", encoding="utf-8")
    program = (
        f"import sys\nsys.argv = ['subtheme', 'import', r'{tmp_path / 'talk.txt'}', '--preview']\n"
        "from subtheme.cli.app import main\ntry:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        f"sys.stdout = sys.stderr\n{SENTENCES}\nsys.stdout = sys.__stdout__\nprint('and then')"
    )
    assert loaded_by(program, "spacy", "torch")[-3:] == ["and", "then", "spacy"]


@pytest.mark.parametrize("order", [(SENTENCES, TORCH_IN_SPACY), (TORCH_IN_SPACY, SENTENCES, TORCH_IN_SPACY)])
def test_in_a_notebook_torch_works_in_spacy_before_and_after_us(order):
    assert loaded_by("\n".join(order), "spacy", "torch") == ["spacy", "torch"]


def _commands():
    root = typer.main.get_command(app)
    found = []
    for name, command in root.commands.items():
        children = getattr(command, "commands", None)
        found += [(f"{name} {n}", c) for n, c in children.items()] if children else [(name, command)]
    return found


@pytest.mark.parametrize(("name", "command"), _commands(), ids=[n for n, _ in _commands()])
def test_every_command_has_an_example_and_few_options(name, command):
    assert f"subtheme {name}" in command.help
    options = [p for p in command.params if p.param_type_name == "option"]
    most = 13 if name == "import" else 9  # whatever strangers wrote comes in through that one command
    assert len(options) <= most, [o.name for o in options]
    assert CliRunner().invoke(app, [*name.split(), "--help"]).exit_code == 0


def test_version_and_wrong_usage():
    runner = CliRunner()
    assert runner.invoke(app, ["--version"]).output.startswith("subtheme 0.")
    assert runner.invoke(app, ["scoer"]).exit_code == 2
    assert runner.invoke(app, ["new", "--codebok", "x"]).exit_code == 2
