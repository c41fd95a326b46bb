"""Lines and paragraphs of a text, and what a source knows of them beyond their characters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from subtheme.transcripts.label_words import EMPTY

_LONGEST_WRAPPED_LINE = 100
_MARKDOWN_HEADING = re.compile(r"#{1,6}[ \t]+\S|-{3,}[ \t]*$")
_MARKDOWN_BOLD = re.compile(r"[ \t]*(\*\*|__)[^*_\n]+\1:?[ \t]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a text.

    Attributes
    ----------
    start_char, end_char : int
        Its span in the text, without the line end.
    text : str
    is_blank : bool
        Whether it holds nothing but white space.
    """

    start_char: int
    end_char: int
    text: str = field(repr=False)
    is_blank: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMarks:
    """What the source knows of its lines beyond their characters.

    Attributes
    ----------
    bold : frozenset of int
        Lines that are bold from end to end.
    headings : frozenset of int
        Lines in a heading style.
    soft : frozenset of int
        Lines that go on with the paragraph of the line before.
    others : mapping of str to frozenset of int
        Lines that look alike in another way: italic, coloured, highlighted, indented, listed.
    """

    bold: frozenset[int] = frozenset()
    headings: frozenset[int] = frozenset()
    soft: frozenset[int] = frozenset()
    others: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @property
    def looks(self) -> dict[str, frozenset[int]]:
        """Lines by their look, those in a heading style aside."""
        return {"bold": self.bold, **self.others}


NO_MARKS = LineMarks()
"""Plain text knows nothing but its characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRange:
    """Neighbouring lines, by the index of the first and of the last.

    Attributes
    ----------
    first, last : int
    """

    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A text with its lines, its paragraphs and what the source knows of them.

    Attributes
    ----------
    text : str
        Canonical text.
    lines : list of Line
    paragraphs : list of LineRange
    marks : LineMarks
    """

    text: str = field(repr=False)
    lines: list[Line] = field(repr=False)
    paragraphs: list[LineRange] = field(repr=False)
    marks: LineMarks = field(repr=False)


def page_of(text: str, *, marks: LineMarks = NO_MARKS) -> Page:
    """Return the page of a canonical text."""
    lines = lines_of(text)
    return Page(text=text, lines=lines, paragraphs=paragraphs_of(lines, marks=marks), marks=marks)


def lines_of(text: str) -> list[Line]:
    """Return the lines of `text`; only LF ends a line."""
    lines = []
    at = 0
    for line in text.split("\n"):
        lines.append(Line(start_char=at, end_char=at + len(line), text=line, is_blank=not line.strip(EMPTY)))
        at += len(line) + 1
    return lines


def marks_of_markdown(text: str) -> LineMarks:
    """Return which lines of Markdown are headings or rules, and which are bold from end to end."""
    lines = list(enumerate(text.split("\n")))
    return LineMarks(
        bold=frozenset(i for i, line in lines if _MARKDOWN_BOLD.match(line)),
        headings=frozenset(i for i, line in lines if _MARKDOWN_HEADING.match(line)),
    )


def paragraphs_of(lines: Sequence[Line], *, marks: LineMarks) -> list[LineRange]:
    """Return the paragraphs: blocks between blank lines, or single lines.

    Blank lines part paragraphs if there is one to every four lines, or if lines are wrapped.
    """
    filled = [i for i, line in enumerate(lines) if not line.is_blank]
    if not filled:
        return []
    blanks = sum(line.is_blank for line in lines[filled[0] : filled[-1]])
    longest = max(len(line.text) for line in lines)
    if marks.bold or not blanks or (4 * blanks < len(filled) and longest > _LONGEST_WRAPPED_LINE):
        return [LineRange(first=i, last=i) for i in filled]
    blocks: list[LineRange] = []
    for i in filled:
        if blocks and blocks[-1].last == i - 1 and not {i, i - 1} & marks.headings:
            blocks[-1] = LineRange(first=blocks[-1].first, last=i)
        else:
            blocks.append(LineRange(first=i, last=i))
    return blocks
