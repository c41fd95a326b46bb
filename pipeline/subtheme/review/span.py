"""Moving the ends of a coding by whole words, inside the turn that its segment lies in."""

import re
from bisect import bisect_left, bisect_right

from subtheme.errors import InputError, Problem
from subtheme.nouns import Turn

MOVES = {"start-back": ("start", -1), "start-on": ("start", 1), "end-back": ("end", -1), "end-on": ("end", 1)}
"""Every way of moving an end: which one, and by how many words."""

_WORD = re.compile(r"\S+")


def moved_span(text: str, turn: Turn, span: tuple[int, int], move: str) -> tuple[int, int]:
    """Return `span` with one end moved by a word; at the edge of the turn, or down to one word, it stays.

    Offsets are code points of `text`; the script never sees one, since it would count other units.

    >>> from subtheme.nouns import Role
    >>> turn = Turn(number=0, speaker="P", role=Role.PARTICIPANT, start_char=0, end_char=14)
    >>> moved_span("Not the \U0001f611 rota", turn, (4, 9), "end-on")
    (4, 14)

    Raises
    ------
    InputError
        If there is no such move.
    """
    if move not in MOVES:
        raise InputError(Problem(what="unknown move", expected=f"one of {', '.join(MOVES)}"))
    words = [m.span() for m in _WORD.finditer(text, turn.start_char, turn.end_char)]
    start, end = span
    which, by = MOVES[move]
    if which == "start":
        at = bisect_right([a for a, _ in words], start) - 1 + by
        if by < 0 and start > words[max(0, at + 1)][0]:
            at += 1  # inside a word: its own beginning comes first
        new = words[min(max(at, 0), len(words) - 1)][0]
        return (new, end) if new < end else span
    at = bisect_left([b for _, b in words], end) + by
    new = words[min(max(at, 0), len(words) - 1)][1]
    return (start, new) if new > start else span
