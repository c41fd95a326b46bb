"""The stated folding: two texts that differ only in how a program writes signs, spaces or accents are the same.

Folded, these are alike:

- any run of white space;
- apostrophes and quotation marks of every kind, alone or doubled; dashes and hyphens of every kind;
- three dots and the sign of an ellipsis; ligatures, full-width and other compatible forms of a character;
- an accent of its own and one within its letter;
- spaces beside punctuation, non-breaking and other spaces, control characters, the ``_x000D_`` of spreadsheets, and
  line breaks between characters of scripts without blanks;
- characters that nobody sees: soft hyphens, zero-width spaces, marks of direction, variation selectors.

As *words*, letter case, accents and punctuation do not count either: only letters and digits, in their order.

Every character of a folded text knows the span of the characters that it stands for, so that a place in it is a place
in the text itself.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

_QUOTES = "'\"`´‘’‚‛“”„‟′″‴‵‶‹›«»ʹʺʻʼʽˈˊˋ˝՚׳״「」『』〝〞＂＇｀❛❜❝❞"
_DASHES = "-‐‑‒–—―−﹘﹣－⁃‧〜～"
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff]"
)
_PIECE = re.compile(r"_x00[01][0-9A-Fa-f]_|[A-Za-z0-9]+|[\s\x00-\x1f\x7f-\x9f]+|.", re.DOTALL)
_ESCAPE = re.compile(r"_x00[01][0-9A-Fa-f]_")
_MARKS = frozenset("'-…,;:.?!()[]{}/")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedText:
    """A text as it is compared, and where each of its characters stands in the text itself.

    Attributes
    ----------
    text : str
    starts, ends : list of int
        Half-open span of every character.
    """

    text: str = field(repr=False)
    starts: list[int] = field(repr=False)
    ends: list[int] = field(repr=False)

    def places(self, needle: str) -> list[tuple[int, int]]:
        """Return the spans in the text itself at which `needle`, folded alike, stands; overlapping ones count.

        A place that would part an accent from its letter is none.
        """
        found: list[tuple[int, int]] = []
        at = self.text.find(needle) if needle else -1
        while at >= 0:
            end = at + len(needle)
            if not (end < len(self.text) and unicodedata.combining(self.text[end])):
                found.append((self.starts[at], self.ends[end - 1]))
            at = self.text.find(needle, at + 1)
        return list(dict.fromkeys(found))


def as_folded(text: str) -> FoldedText:
    r"""Return `text` folded, by the rules above.

    >>> as_folded("“It’s” – Zoe\u0308 …").text == as_folded('"It\'s" -- Zoë...').text
    True
    """
    return _folded(text, _alike, marks=_MARKS)


def as_words(text: str) -> FoldedText:
    """Return the words of `text` in lower case with a blank between them.

    >>> as_words("Well-known: I'm at the CAFÉ!").text
    'well known im at the cafe'
    """
    return _folded(text, _letters, marks=frozenset())


def _folded(text: str, fold: Callable[[str], str], *, marks: frozenset[str]) -> FoldedText:
    line = _Line(marks=marks)
    for match in _PIECE.finditer(text):
        piece, (start, end) = match.group(), match.span()
        if piece[0].isascii() and piece[0].isalnum():
            line.put_word(piece.casefold() if fold is _letters else piece, start)
        elif piece.isspace() or _ESCAPE.fullmatch(piece) or unicodedata.category(piece[0]) == "Cc":
            line.put(" ", start, end)
        else:
            for character in fold(piece):
                line.put(character, start, end)
    return line.folded()


@dataclass(slots=True, kw_only=True)
class _Line:
    """A folded text in the making: blanks beside marks are left out, and signs that make one are joined."""

    marks: frozenset[str]
    found: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def put_word(self, word: str, start: int) -> None:
        self.found += word
        self.starts += range(start, start + len(word))
        self.ends += range(start + 1, start + len(word) + 1)

    def put(self, character: str, start: int, end: int) -> None:
        before = self.found[-1] if self.found else " "
        if character == " " and (before == " " or before in self.marks):
            return
        if self.marks and before == " " and self.found and self._needs_no_blank(character):
            self._drop()
            before = self.found[-1] if self.found else ""
        joined = _joined(before, character) if self.marks else ""
        if joined:
            self.found[-1], self.ends[-1] = joined, end
            return
        self.found.append(character)
        self.starts.append(start)
        self.ends.append(end)

    def folded(self) -> FoldedText:
        if self.found and self.found[-1] == " ":
            self._drop()
        return FoldedText(text="".join(self.found), starts=self.starts, ends=self.ends)

    def _drop(self) -> None:
        self.found.pop()
        self.starts.pop()
        self.ends.pop()

    def _needs_no_blank(self, character: str) -> bool:
        left = self.found[-2] if len(self.found) > 1 else ""
        return character in self.marks or (_parts_no_words(left) and _parts_no_words(character))


def _alike(piece: str) -> str:
    if _UNSEEN.match(piece):
        return ""
    return "".join(
        "'" if c in _QUOTES else "-" if c in _DASHES else " " if c.isspace() else c
        for c in (piece if piece in _QUOTES else unicodedata.normalize("NFKD", piece))
        if not _UNSEEN.match(c)
    )


def _letters(piece: str) -> str:
    if piece in _QUOTES or _UNSEEN.match(piece):
        return ""
    return "".join(
        c if c.isalnum() else "" if unicodedata.category(c).startswith("M") else " "
        for c in unicodedata.normalize("NFKD", piece).casefold()
    )


def _joined(before: str, character: str) -> str:
    """Return the one sign that a sign and the one before it make; empty where they make none."""
    if character == "'" == before or character == "-" == before:
        return character
    if before and before in ".…" and character in ".…":
        return "…"
    return ""


def _parts_no_words(character: str) -> bool:
    """Return whether a character is of a script without blanks (Chinese, Japanese)."""
    return character >= "\u2e80" and character.isalpha() and not "\uac00" <= character <= "\ud7a3"
