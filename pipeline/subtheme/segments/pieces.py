"""Pieces of a turn: cut at given offsets, trimmed, grouped to a target length."""

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import pairwise

_FINAL_END = re.compile(r"[.!?…][\"'”’“»«)\]\s]*\Z")
_SPACE = re.compile(r"\s*")
_ZERO_WIDTH = frozenset("\u200d\ufe0e\ufe0f")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a turn without white space at its ends.

    Attributes
    ----------
    start, end : int
        Half-open span in the words of the turn, in code points.
    words : int
        Words in it, by white space.
    ends_line : bool
        Whether a finished line or paragraph ends with it: a good place to cut.
    """

    start: int
    end: int
    words: int
    ends_line: bool


def pieces_at(text: str, starts: list[int]) -> list[Piece]:
    """Cut `text` at those of `starts` that follow white space; only white space is lost between pieces."""
    cuts = [0, *(s for s in sorted(set(starts)) if 0 < s < len(text) and _may_cut(text, s)), len(text)]
    return [piece for a, b in pairwise(cuts) if (piece := _piece(text, a, b)) is not None]


def windows(text: str, piece: Piece, *, most_words: int) -> list[Piece]:
    """Cut a piece that is longer than `most_words` into windows of nearly equal length, at commas if near."""
    if piece.words <= most_words:
        return [piece]
    own = text[piece.start : piece.end]
    tokens = [m.span() for m in re.finditer(r"\S+", own)]
    count = -(-piece.words // most_words)
    slack = max(1, most_words // 5)
    starts = []
    for number in range(1, count):
        ideal = number * len(tokens) // count
        near = range(max(1, ideal - slack), min(len(tokens), ideal + slack + 1))
        after_comma = [i for i in near if own[tokens[i - 1][1] - 1] in ",;:"]
        best = min(after_comma, key=lambda i: abs(i - ideal)) if after_comma else ideal
        starts.append(tokens[best][0])
    cut = pieces_at(own, starts)
    return [replace(p, start=piece.start + p.start, end=piece.start + p.end) for p in cut]


def grouped(pieces: list[Piece], *, target_words: int) -> list[Piece]:
    """Join neighbouring pieces to about `target_words` words, rather at line ends; no piece is cut.

    A group is closed when it has reached the target, when the next piece would carry it over one and a
    half times the target, or at a line end once it holds half of the target. A short rest joins the
    group before it.
    """
    groups: list[list[Piece]] = []
    words = 0
    for piece in pieces:
        open_group = groups and (
            words < target_words
            and words + piece.words <= 1.5 * target_words
            and not (groups[-1][-1].ends_line and words >= target_words / 2)
        )
        if open_group:
            groups[-1].append(piece)
            words += piece.words
        else:
            groups.append([piece])
            words = piece.words
    if len(groups) > 1:
        rest, before = _words(groups[-1]), _words(groups[-2])
        if rest < target_words / 4 and rest + before <= 1.75 * target_words:
            groups[-2].extend(groups.pop())
    return [Piece(start=g[0].start, end=g[-1].end, words=_words(g), ends_line=g[-1].ends_line) for g in groups]


def _words(group: list[Piece]) -> int:
    return sum(p.words for p in group)


def _may_cut(text: str, at: int) -> bool:
    """Return whether a cut before `at` follows white space and splits no visible character."""
    follows = _after_space(text, at)
    after = text[follows : follows + 1]
    return text[at - 1].isspace() and not (
        after and (unicodedata.category(after) in {"Mn", "Me", "Mc"} or after in _ZERO_WIDTH)
    )


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def _piece(text: str, start: int, end: int) -> Piece | None:
    raw = text[start:end]
    words = raw.strip()
    if not words:
        return None
    start += len(raw) - len(raw.lstrip())
    stop = start + len(words)
    gap = text[stop : _after_space(text, stop)]
    ends_line = gap.count("\n") > 1 or ("\n" in gap and _FINAL_END.search(words[-8:]) is not None)
    return Piece(start=start, end=stop, words=len(words.split()), ends_line=ends_line)
