"""What each command costs before it does anything: processor seconds of its help, and of all that it imports.

    python benchmarks/start_up.py [--rounds 3] [--json]

Every figure is the least of several fresh processes. Imports of a command are those that stand in its module, inside
of functions too, so the second column is the most that it can come to.
"""

import argparse
import ast
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import typer.main
from smoke import options_of

from subtheme.cli.app import app

HELP_LIMIT_S = 0.3


def cpu_of(code: str, *, rounds: int) -> float:
    """Return the least processor seconds of a fresh Python that runs `code`, less those of one that runs nothing."""
    best = float("inf")
    for _ in range(rounds):
        before = os.times()
        subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=True)
        after = os.times()
        best = min(best, after.children_user + after.children_system - before.children_user - before.children_system)
    return best


def commands() -> dict[str, Path]:
    """Return the module of every command."""
    root = typer.main.get_command(app)
    found: dict[str, Path] = {}
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", {}) or {"": command}
        for part, one in inner.items():
            function = inspect.unwrap(one.callback)
            found[f"{name} {part}".strip()] = Path(inspect.getfile(function))
    return found


def imports_of(module: Path) -> str:
    """Return the import statements of a module of ours, as a program."""
    nodes = [n for n in ast.walk(ast.parse(module.read_text())) if isinstance(n, ast.Import | ast.ImportFrom)]
    return "\n".join(ast.unparse(n) for n in nodes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    given = options_of(parser, smallest={"rounds": 1})
    python = cpu_of("pass", rounds=given.rounds)
    call = "import sys; from subtheme.cli.app import app; sys.argv[1:] = {words!r}; app()"
    help_s = cpu_of(call.format(words=["--help"]), rounds=given.rounds)
    imports = {
        name: round(cpu_of(imports_of(module), rounds=given.rounds) - python, 3)
        for name, module in (list(commands().items())[:2] if given.smoke else commands().items())
    }
    result: dict[str, object] = {
        "python_s": round(python, 3),
        "help_s": round(help_s, 3),
        "help_limit_s": HELP_LIMIT_S,
        "imports_s": imports,
    }
    if given.json:
        print(json.dumps(result, indent=1))
        return
    print(f"python alone {python:.2f} s, subtheme --help {help_s:.2f} s (limit {HELP_LIMIT_S} s)")
    for name, seconds in sorted(imports.items(), key=lambda item: -item[1]):
        print(f"{name:20} {seconds:6.2f} s of imports")


if __name__ == "__main__":
    main()
