"""Starts anywhere: what only some operating systems have stands in one module, and the console may know few signs."""

import ast
import os
import socket
import subprocess
import sys

import pytest

from subtheme.platforms import is_free_name, take_port_alone

REFUSED_NAMES = {
    "fork", "kill", "killpg", "getuid", "geteuid", "chown", "mkfifo", "symlink", "symlink_to", "chmod", "SIGKILL",
    "SO_REUSEADDR", "SO_REUSEPORT",
}  # fmt: skip
REFUSED_MODULES = {"fcntl", "pwd", "grp", "resource", "termios", "pty", "tty", "msvcrt", "winreg"}


def faults(tree):
    """Return the names in a module that some operating system lacks, and texts written with its own line ends."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name.split(".")[0] in REFUSED_MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module] if node.module.split(".")[0] in REFUSED_MODULES else []
            found += [
                a.name for a in node.names if node.module in {"os", "signal", "socket"} and a.name in REFUSED_NAMES
            ]
        elif isinstance(node, ast.Attribute) and node.attr in REFUSED_NAMES:
            found.append(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            found += _own_line_ends(node)
    return found


def _own_line_ends(call):
    name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id
    texts = [a.value for a in (*call.args, *(k.value for k in call.keywords)) if isinstance(a, ast.Constant)]
    opens_to_write = name == "open" and any(isinstance(t, str) and set(t) <= set("wax+t") and t for t in texts)
    if (name == "write_text" or opens_to_write) and "newline" not in {k.arg for k in call.keywords}:
        return [f"{name} without newline"]
    return []


def test_what_some_operating_systems_lack_stands_in_one_module(root):
    package = root / "pipeline" / "subtheme"
    found = {
        str(path.relative_to(package)): faults(ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(package.rglob("*.py"))
        if path.name != "platforms.py"
    }
    assert {name: names for name, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source",
    ["import os\nos.kill(1, 0)", "import fcntl", "from os import fork", "p.chmod(0o600)", "p.symlink_to(q)",
     "p.write_text('x', encoding='utf-8')", "p.open('w', encoding='utf-8')", "open(p, mode='a')"],
)  # fmt: skip
def test_each_of_them_would_be_found(source):
    assert len(faults(ast.parse(source))) == 1


@pytest.mark.parametrize("name", ["CON", "nul", "Com1.txt", "LPT9", "a.", "a ", ".a", "a/b", "a\\b", "a:b", "a\tb", ""])
def test_names_that_windows_keeps_for_itself_are_not_free(name):
    assert not is_free_name(name)
    assert is_free_name("console")
    assert is_free_name("modèle 2.1")


def test_no_other_program_can_take_the_port(monkeypatch):
    with socket.socket() as first, socket.socket() as second:
        take_port_alone(first)
        first.bind(("127.0.0.1", 0))
        first.listen()
        take_port_alone(second)
        with pytest.raises(OSError, match="in use"):
            second.bind(first.getsockname())
    asked = []

    class Listener:
        def setsockopt(self, *words):
            asked.append(words)

    monkeypatch.setattr(socket, "SO_EXCLUSIVEADDRUSE", -5, raising=False)
    take_port_alone(Listener())
    assert asked == [(socket.SOL_SOCKET, -5, 1)]


@pytest.mark.parametrize("as_json", [False, True])
def test_a_console_in_a_legacy_code_page_gets_what_it_can_show(tmp_path, as_json):
    files = {
        "C.csv": "participant,code\nP1,pay\n",
        "P.csv": "participant,case\nP1,مصنع\n",
        "book.toml": 'format = "subtheme-codebook/1"\n[[code]]\nid = "work"\nname = "Work"\n'
        '[[code.code]]\nid = "pay"\nname = "Pay → 薪水"\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    options = ["--codings", "C.csv", "--participants", "P.csv", "--codebook", "book.toml", *["--json"][: int(as_json)]]
    done = subprocess.run(
        [sys.executable, "-c", "from subtheme.cli.app import main; main()", "score", *options],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    text = done.stdout.decode("cp1252")
    if as_json:
        import json

        assert [case["id"] for case in json.loads(text)["cases"]] == ["مصنع"]
    else:
        assert "????" in text
