"""The errors of subtheme.

::

    SubthemeError                 anything that we refuse or cannot do, told in one message
    ├── InputError                a file, table, sheet or setting was refused: carries every problem found
    ├── StudyError                the study folder is missing, locked, damaged or from another version
    ├── ModelError                a model file is damaged, tampered with or does not fit this study
    └── MissingExtraError         an optional part is not installed

A message says what is wrong, where, what was expected and what to do. It never carries words of an
interview: ids, positions and names of files only.
"""

import errno
import os
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_LONGEST_ID, _MOST_WORDS_OF_ID = 40, 3
_LONGEST_ASKED = 200
_EXAMPLES, _MOST_PLACES = 3, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong with an input.

    Attributes
    ----------
    what : str
        What was found.
    where : str
        File, and line, row, sheet or turn where there is one (``codings.csv, row 14``).
    expected : str
        What should have been there.
    remedy : str
        What to do about it.
    """

    what: str
    where: str = ""
    expected: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        """Return the problem as one line."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        if self.expected:
            text += f"; expected {self.expected}"
        if self.remedy:
            text += f". {self.remedy}"
        return text if text.endswith((".", "?", "!")) else text + "."

    def as_dict(self) -> dict[str, str]:
        """Return the problem as a dict of plain strings, for ``--json``."""
        return {"what": self.what, "where": self.where, "expected": self.expected, "remedy": self.remedy}


class SubthemeError(Exception):
    """Base of every error that subtheme raises on purpose.

    Parameters
    ----------
    problem : Problem or iterable of Problem or str
        What is wrong; several problems of one input are reported together.
    """

    def __init__(self, problem: Problem | Iterable[Problem] | str) -> None:
        if isinstance(problem, str):
            self.problems: tuple[Problem, ...] = (Problem(what=problem),)
        elif isinstance(problem, Problem):
            self.problems = (problem,)
        else:
            self.problems = tuple(problem)
        super().__init__("\n".join(str(p) for p in self.problems))


class InputError(SubthemeError, ValueError):
    """A file, table, sheet or setting was refused; nothing was changed."""


class StudyError(SubthemeError):
    """The study folder cannot be used as asked."""


class ModelError(SubthemeError):
    """A model cannot be used: damaged, tampered with, or made for something else."""


class MissingExtraError(SubthemeError):
    """An optional part of subtheme is not installed."""


def problem_of_system(error: OSError, *, where: str = "", remedy: str = "") -> Problem:
    """Return what the operating system refused, such as room on the disk, as one problem.

    Parameters
    ----------
    error : OSError
    where : str
        By default the file that the error names.
    remedy : str
        By default that of the refusal.
    """
    is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    reason = os.strerror(error.errno) if error.errno else type(error).__name__
    return Problem(
        what="no space is left" if is_full else f"cannot read or write here ({reason})",
        where=where or str(error.filename or ""),
        remedy=remedy or ("Make room and give the same command again" if is_full else "Mend it and try again"),
    )


def three_of_each(problems: Iterable[tuple[str, Problem]], *, where: str) -> list[Problem]:
    """Return the problems by kind: three of each, and one more that says how many and which ones are left.

    Parameters
    ----------
    problems : iterable of (str, Problem)
        Each with its kind, named in the singular, in the order of the file.
    where : str
        Name of the file.
    """
    kinds: dict[str, list[Problem]] = {}
    for kind, problem in problems:
        kinds.setdefault(kind, []).append(problem)
    found: list[Problem] = []
    for kind, each in kinds.items():
        found += each[:_EXAMPLES]
        rest = each[_EXAMPLES:]
        if rest:
            places = [p.where.removeprefix(f"{where}, ") for p in rest[:_MOST_PLACES]]
            more = ", …" if len(rest) > _MOST_PLACES else ""
            found.append(
                Problem(what=f"{len(rest)} more of this kind: {kind} ({', '.join(places)}{more})", where=where)
            )
    return found


def shown(text: str) -> str:
    """Return a cell as an error may repeat it: in quotes where it looks like an id, else only its length.

    What looks like an id has at most 40 characters and three words, and neither ends like a sentence nor
    holds a line end or another control character. Where columns were swapped by mistake, a cell holds what
    somebody said; the row and the column are then enough to find it.

    >>> shown("PDO1-7"), shown("the pay is short")
    ("'PDO1-7'", '(16 characters, not repeated here)')
    """
    return f"'{text}'" if _looks_like_an_id(text) else f"({len(text)} characters, not repeated here)"


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return ``Did you mean 'x'?`` for the nearest known name, or an empty string."""
    near = get_close_matches(name[:_LONGEST_ASKED], list(known), n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else ""


def _looks_like_an_id(text: str) -> bool:
    bare = text.strip()
    is_short = len(text) <= _LONGEST_ID and len(bare.split()) <= _MOST_WORDS_OF_ID
    return is_short and text.isprintable() and not bare.endswith((".", "?", "!", "…", ",", ";"))
