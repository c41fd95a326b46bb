"""The smallest form of every benchmark: that it starts and comes to its figures, which say nothing about speed."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

HELP = "the smallest run, of seconds: tells that it works, and nothing about speed"


def options_of(
    parser: argparse.ArgumentParser, *, smallest: Mapping[str, object], needs: Sequence[Path] = ()
) -> argparse.Namespace:
    """Return the options of a benchmark; with ``--smoke`` those of its smallest form.

    Parameters
    ----------
    parser : argparse.ArgumentParser
    smallest : mapping of str to object
        What ``--smoke`` sets.
    needs : sequence of pathlib.Path
        Without these files or folders nothing is measured, and that is said.
    """
    parser.add_argument("--smoke", action="store_true", help=HELP)
    given = parser.parse_args()
    missing = [path for path in needs if not path.exists()]
    if given.smoke and missing:
        print(f"skipped: no {missing[0].parent.name}/{missing[0].name} on this machine")
        raise SystemExit(0)
    for name, value in smallest.items() if given.smoke else ():
        setattr(given, name, value)
    return given
