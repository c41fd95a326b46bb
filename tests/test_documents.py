"""What the documents say: the page of commands is made from them, and the README's commands parse."""

import importlib.util
import re
import shlex

import pytest
import typer.main

from subtheme.cli.app import app


@pytest.fixture(scope="module")
def reference(root):
    path = root / "docs" / "make_cli_reference.py"
    spec = importlib.util.spec_from_file_location("make_cli_reference", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.reference()


def test_the_page_of_commands_is_up_to_date(root, reference):
    assert (root / "docs" / "cli.md").read_text(encoding="utf-8") == reference, "run 'make docs'"


def _commands_in(text):
    blocks = re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines if line.startswith("subtheme ")]


def test_commands_in_the_documents_are_ones_that_exist(root):
    """Each is parsed by the command itself, so that an option that is gone is found."""
    pages = [root / "README.md", *sorted((root / "docs").rglob("*.md")), *sorted((root / "configs").rglob("*.md"))]
    found = 0
    for page in pages:
        for words in _commands_in(page.read_text(encoding="utf-8")):
            command, rest = typer.main.get_command(app), words[1:]
            while hasattr(command, "commands"):
                assert rest[0] in command.commands, f"{page.name}: {' '.join(words)}"
                command, rest = command.commands[rest[0]], rest[1:]
            command.make_context(words[1], rest)
            found += 1
    assert found >= 10


def test_files_that_the_documents_name_exist(root):
    for page in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]:
        for name in re.findall(
            r"`((?:docs|configs|data|models|benchmarks|pipeline|tests)/[\w./-]+)`", page.read_text()
        ):
            assert (root / name).exists() or "*" in name, f"{page.name} names {name}"


def test_decisions_are_short_and_have_a_title(root):
    for page in sorted((root / "docs" / "decisions").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        assert text.startswith("# "), page.name
        assert len(text.split()) < 1500, page.name


def test_the_table_of_formats_is_up_to_date(root):
    path = root / "docs" / "make_formats_table.py"
    spec = importlib.util.spec_from_file_location("make_formats_table", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (root / "docs" / "file-formats.md").read_text(encoding="utf-8")
    assert module.page(page) == page, "run 'make docs'"
