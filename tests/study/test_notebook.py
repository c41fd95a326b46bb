"""The notebook of the documents runs as it is, and shows what it says."""

import ast
import contextlib
import io
import json
import re

import pytest

_NUMBER = re.compile(r"\d+(\.\d+)?")


def _cells(root):
    notebook = json.loads((root / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _run(source: str, names: dict) -> tuple[object, str]:
    """Run a cell as a notebook does; return the value of its last expression and what it printed."""
    tree, value, printed = ast.parse(source), None, io.StringIO()
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "notebook", "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "notebook", "eval"), names)
    return value, printed.getvalue()


def _shown(cell, kind):
    return ["".join(o["data"][kind]) for o in cell["outputs"] if kind in o.get("data", {})]


@pytest.mark.filterwarnings("default")
def test_the_notebook_runs_and_shows_what_it_says(root):
    names: dict = {}
    for cell in _cells(root):
        value, printed = _run("".join(cell["source"]), names)
        said = "".join("".join(o["text"]) for o in cell["outputs"] if "text" in o)
        assert _NUMBER.sub("#", printed) == _NUMBER.sub("#", said)  # what a model says differs a little by processor
        texts = _shown(cell, "text/plain")
        if texts and "DataFrame" not in type(value).__name__:
            assert repr(value) == texts[0]
        if hasattr(value, "_repr_html_") and "DataFrame" not in type(value).__name__:
            assert value._repr_html_() == _shown(cell, "text/html")[0]
    assert names["study"].judgements.coders == ("coder-1", "coder-2")


def test_the_notebook_is_short(root):
    lines = [line for cell in _cells(root) for line in "".join(cell["source"]).splitlines() if line.strip()]
    assert len(lines) <= 25
