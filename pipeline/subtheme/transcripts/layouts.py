"""Voices that only the layout tells apart: questions in bold, answers indented, both in one block."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from subtheme.nouns import Role
from subtheme.transcripts.casting import Casting, cast
from subtheme.transcripts.draft import Span, span_within
from subtheme.transcripts.lines import Line, LineMarks, LineRange, Page
from subtheme.transcripts.talk import is_question

_DASH = re.compile(r"\s*[-–—•]\s")
_NUMBER = re.compile(r"\s*(?:[Qq]\s?)?\d{1,3}\s?[.):]\s")
_MARKED, _PLAIN = "marked", "plain"
_FEWEST = 2
_REGULAR = 0.6
"""Share of the asking paragraphs that an answer must follow, for a layout to tell voices apart."""


IN_WORDS = {
    "bold": "bold paragraphs",
    "italic": "italic paragraphs",
    "coloured": "the colour of the letters",
    "highlighted": "highlighted paragraphs",
    "indented": "the indent of the paragraphs",
    "listed": "numbered paragraphs",
    "headings": "headings",
    "dashes": "a dash in front",
    "numbers": "a number in front",
    "first-lines": "the first line of each block",
    "questions": "question marks",
}
"""What tells the voices, by the name of the layout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way in which the layout may tell two voices apart.

    Attributes
    ----------
    name : str
        Such as ``bold``.
    spans : tuple of Span
        With the roles that the layout tells.
    casting : Casting
    regularity : float
        Share of the asking paragraphs that an answer follows, in [0, 1].
    is_seen : bool
        Whether the layout is in the file; a question mark alone is only in the words.
    """

    name: str
    spans: tuple[Span, ...] = field(repr=False)
    casting: Casting = field(repr=False)
    regularity: float
    is_seen: bool

    @property
    def is_clear(self) -> bool:
        """Whether the marks are regular, and it is clear which of the two voices asks."""
        return self.is_seen and self.casting.is_clear and self.is_regular

    @property
    def is_regular(self) -> bool:
        """Whether most asking paragraphs have an answer after them."""
        return self.regularity >= _REGULAR

    @property
    def strength(self) -> float:
        """How likely it is that this layout tells the voices, among the layouts of one text."""
        return self.casting.probability * self.regularity * (2 if self.is_seen else 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    first: int
    last: int
    is_block_start: bool


def layouts_of(page: Page) -> list[Layout]:
    """Return the layouts that tell two voices apart of which one asks, the likeliest first.

    Parameters
    ----------
    page : Page
    """
    lines, marks = page.lines, page.marks
    units = list(_units(lines, page.paragraphs, marks))
    body = [u for u in units if u.first not in marks.headings]
    found = []
    for name, look in marks.looks.items():
        found.append(_layout(name, page, body, {u for u in body if u.first in look}, is_seen=True))
    found.append(_layout("headings", page, units, {u for u in units if u.first in marks.headings}, is_seen=True))
    for name, sign in (("dashes", _DASH), ("numbers", _NUMBER)):
        marked = {u for u in body if sign.match(lines[u.first].text)}
        found.append(_layout(name, page, body, marked, is_seen=True))
    tops = {u for u in body if u.is_block_start}
    found.append(_layout("first-lines", page, body, tops, is_seen=True))
    asking = {u for u in body if is_question(lines[u.last].text.rstrip()[-2:])}
    found.append(_layout("questions", page, body, asking, is_seen=False))
    return sorted((f for f in found if f is not None), key=lambda f: -f.strength)


def _units(lines: Sequence[Line], paragraphs: Sequence[LineRange], marks: LineMarks) -> Iterator[_Unit]:
    """Yield what may be one voice's: a paragraph, or each line of a paragraph whose first line asks."""
    splits = _splits_after_first(lines, paragraphs, marks)
    for p in paragraphs:
        is_soft = p.first in marks.soft
        if splits and p.last > p.first and p.first not in marks.headings:
            yield _Unit(first=p.first, last=p.first, is_block_start=True)
            yield _Unit(first=p.first + 1, last=p.last, is_block_start=False)
        else:
            yield _Unit(first=p.first, last=p.last, is_block_start=not is_soft)


def _splits_after_first(lines: Sequence[Line], paragraphs: Sequence[LineRange], marks: LineMarks) -> bool:
    """Return whether most blocks of several lines have a first line that asks, and nothing else in them does."""
    several = [p for p in paragraphs if p.last > p.first and p.first not in marks.headings]
    asking = [p for p in several if is_question(lines[p.first].text.rstrip()[-2:])]
    return len(asking) >= _FEWEST and 5 * len(asking) >= 4 * len(several)


def _layout(name: str, page: Page, units: Sequence[_Unit], marked: set[_Unit], *, is_seen: bool) -> Layout | None:
    if len(marked) < _FEWEST or len(units) - len(marked) < _FEWEST:
        return None
    text, lines = page.text, page.lines
    runs: list[tuple[bool, int, int]] = []
    previous = -2
    for u in units:
        start, end = span_within(text, lines[u.first].start_char, lines[u.last].end_char)
        touches = all(lines[i].is_blank for i in range(previous + 1, u.first))
        if runs and runs[-1][0] == (u in marked) and touches:
            runs[-1] = (runs[-1][0], runs[-1][1], end)
        else:
            runs.append((u in marked, start, end))
        previous = u.last
    casting = cast((_MARKED if is_marked else _PLAIN, text[start:end]) for is_marked, start, end in runs)
    if len(casting.interviewers) != 1:
        return None
    (asker,) = casting.interviewers
    # Of neighbours of one kind the asking ones count: an answer may have many paragraphs, a question has one or two.
    of_asker = [(u in marked) == (asker == _MARKED) for u in units]
    followed = sum(a and not b for a, b in pairwise([*of_asker, False]))
    spans = tuple(
        Span(
            speaker="",
            start_char=start,
            end_char=end,
            role=Role.INTERVIEWER if (asker == _MARKED) == is_marked else Role.PARTICIPANT,
        )
        for is_marked, start, end in runs
    )
    return Layout(name=name, spans=spans, casting=casting, regularity=followed / sum(of_asker), is_seen=is_seen)
