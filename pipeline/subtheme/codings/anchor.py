"""Where a quotation stands in a text: every place, so that none is guessed."""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from subtheme.codings.folding import FoldedText, as_folded, as_words

_FEWEST_WORDS = 3
"""So many words must a quotation have to be found by its words alone, or inside of other words."""
_LONGEST_GAP = 2_000
"""Code points of the text that a quotation may leave out at one ellipsis."""
_COMMON = 200
"""A word that stands in a text more often tells nothing of a place."""
_QUOTES = "'\"`´‘’‚‛“”„‟‹›«»「」『』"
_ELLIPSIS = r"(?:…|\.{2,}|\.(?:\s\.)+)"
_OUTER = rf"(?:[\s{_QUOTES}]|[\[(]\s*{_ELLIPSIS}\s*[\])]|{_ELLIPSIS})"
_OUTSIDE = re.compile(rf"^{_OUTER}+|{_OUTER}+$")
_STOPS = re.compile(r"^[\s.,;:!?\-–—•*·]+|[\s.,;:!?\-–—]+$")
_LABEL = re.compile(r"^[^\s:]{1,30}(?: [^\s:]{1,20}){0,2}:\s+")
_GAP = re.compile(rf"\s*(?:[\[(]\s*{_ELLIPSIS}\s*[\])]|…|\.{{3,}}|\.(?:\s\.){{2,}}|\[[^\]]{{0,80}}\])\s*")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,60}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The place whose words are most like those of a quotation that stands nowhere.

    Attributes
    ----------
    start_char, end_char : int
        Half-open span in code points of the text.
    line : int
        Number of its first line, counted from 1.
    words : int
        Number of words of the quotation.
    differing : tuple of int
        Those that stand there not, or otherwise, counted from 1.
    """

    start_char: int
    end_char: int
    line: int
    words: int
    differing: tuple[int, ...]

    def as_text(self) -> str:
        """Return the place and what differs there, without any of the words."""
        where = f"nearest at line {self.line}, characters {self.start_char}-{self.end_char}"
        if not self.differing:
            return f"{where}: only letter case, accents, punctuation or the ends of words differ"
        which = ", ".join(map(str, self.differing[:8])) + (", …" if len(self.differing) > 8 else "")
        return f"{where}: {len(self.differing)} of {self.words} words differ (no. {which} of the quotation)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The places of one quotation in one text.

    Attributes
    ----------
    spans : tuple of (int, int)
        Half-open spans in code points of the text, in order; overlapping places count.
    """

    spans: tuple[tuple[int, int], ...]

    @property
    def is_unique(self) -> bool:
        """Whether there is exactly one place."""
        return len(self.spans) == 1

    @property
    def reason(self) -> str:
        """Why there is no unique place; empty where there is one."""
        if self.is_unique:
            return ""
        return f"the quotation stands at {len(self.spans)} places" if self.spans else "the quotation is not in the text"


def anchor(quote: str, text: str) -> Anchor:
    r"""Return every place of `quote` in `text`; see `PlacesIn.of`.

    Examples
    --------
    >>> anchor("back at six", "then back\nat six.").spans
    ((5, 16),)
    >>> anchor("yes", "yes, yes").reason
    'the quotation stands at 2 places'
    """
    return PlacesIn(text).of(quote)


class PlacesIn:
    """A text in which quotations are searched; what is prepared for one serves the next.

    Parameters
    ----------
    text : str
        Canonical text.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def of(self, quote: str) -> Anchor:
        """Return every place of `quote`, by the first of these steps that finds any.

        1. As it is written, but for runs of white space.
        2. By the stated folding (`subtheme.codings.folding`); then without quotation marks and ellipses at its
           ends, without punctuation at its ends, without a speaker's label before it, and with the signs of
           HTML read.
        3. In parts, where it holds an ellipsis or words in square brackets: the parts stand one after the other.
        4. By its words alone, if there are three or more: neither letter case nor accents nor punctuation count.

        Where it stands at several places, those inside of longer words do not count if others are left. The
        span is that of the characters that were found, in the text as it is.

        Parameters
        ----------
        quote : str
            The words to find. Without any words it has no place.
        """
        spans = self._written(quote)
        if not spans and any(c.isalnum() for c in quote):
            spans = self._in_folded(quote) or self._in_parts(quote) or self._by_words(quote)
        whole = [span for span in spans if self._is_whole(span)]
        return Anchor(spans=tuple(whole or spans))

    def is_at(self, quote: str, start: int, end: int) -> bool:
        """Return whether `quote` is what stands in the span [start, end), folded; an ellipsis may cut it."""
        here = PlacesIn(self.text[start:end])
        alike = {as_folded(q).text for q in (quote, _OUTSIDE.sub("", quote), _read(quote))}
        return here._folded.text in alike or bool(re.search(_ELLIPSIS, quote) and here.of(quote).spans)

    def nearest(self, quote: str) -> Nearest | None:
        """Return the place whose words are most like those of `quote`; None where not half of them stand together."""
        wanted = as_words(quote).text.split()
        votes: Counter[int] = Counter()
        for number, word in enumerate(wanted):
            here = self._words_by_name.get(word, ())
            if len(here) <= _COMMON:
                votes.update(position - number for position in here)
        if not votes:
            return None
        around = {at: sum(votes[at + n] for n in range(-2, 3)) for at in votes}
        best = min(around, key=lambda at: (-around[at], -votes[at], at))
        first = max(best - 3, 0)
        window = [word for word, _, _ in self._words_in_order[first : best + len(wanted) + 3]]
        blocks = [b for b in SequenceMatcher(None, window, wanted, autojunk=False).get_matching_blocks() if b.size]
        same = {n for b in blocks for n in range(b.b, b.b + b.size)}
        if 2 * len(same) < len(wanted):
            return None
        start = self._words_in_order[first + blocks[0].a][1]
        end = self._words_in_order[first + blocks[-1].a + blocks[-1].size - 1][2]
        return Nearest(
            start_char=start,
            end_char=end,
            line=self.line_of(start),
            words=len(wanted),
            differing=tuple(n + 1 for n in range(len(wanted)) if n not in same),
        )

    def line_of(self, position: int) -> int:
        """Return the number of the line in which a character stands, counted from 1."""
        return self.text.count("\n", 0, position) + 1

    @cached_property
    def _folded(self) -> FoldedText:
        return as_folded(self.text)

    @cached_property
    def _words(self) -> FoldedText:
        return as_words(self.text)

    @cached_property
    def _words_in_order(self) -> list[tuple[str, int, int]]:
        """The words with their spans."""
        words = self._words
        return [
            (m.group(), words.starts[m.start()], words.ends[m.end() - 1]) for m in re.finditer(r"[^ ]+", words.text)
        ]

    @cached_property
    def _words_by_name(self) -> dict[str, list[int]]:
        """The positions of each word among `_words_in_order`."""
        found: dict[str, list[int]] = defaultdict(list)
        for position, (word, _, _) in enumerate(self._words_in_order):
            found[word].append(position)
        return found

    def _written(self, quote: str) -> list[tuple[int, int]]:
        words = quote.split()
        if not words:
            return []
        if len(words) == 1:
            return _places(words[0], self.text)
        pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
        spans = []
        start = 0
        while match := pattern.search(self.text, start):
            spans.append(match.span())
            start = match.start() + 1
        return spans

    def _in_folded(self, quote: str) -> list[tuple[int, int]]:
        for trimmed in _trimmings(quote):
            if spans := self._part(trimmed, is_cut=bool(re.search(_ELLIPSIS, quote))):
                return spans
        return []

    def _part(self, quote: str, *, is_cut: bool) -> list[tuple[int, int]]:
        """Return the places of `quote` by the folding; few words count only where they are whole."""
        spans = self._folded.places(as_folded(quote).text)
        if is_cut or len(quote.split()) >= _FEWEST_WORDS:
            return spans
        return [span for span in spans if self._is_whole(span)]

    def _in_parts(self, quote: str) -> list[tuple[int, int]]:
        parts = [p for p in _GAP.split(_OUTSIDE.sub("", quote)) if any(c.isalnum() for c in p)]
        if len(parts) < 2 or len(quote.split()) < _FEWEST_WORDS + 1:
            return []
        places = [self._in_folded(part) or self._by_words(part) for part in parts]
        chains = places[0]
        for following in places[1:]:
            chains = [
                (start, min(ends))
                for start, end in chains
                if (ends := [last for first, last in following if end <= first <= end + _LONGEST_GAP])
            ]
        return chains

    def _by_words(self, quote: str) -> list[tuple[int, int]]:
        words = as_words(quote).text
        if words.count(" ") + 1 < _FEWEST_WORDS:
            return []
        text = self._words
        padded = FoldedText(text=f" {text.text} ", starts=[0, *text.starts, 0], ends=[0, *text.ends, 0])
        found = []
        at = padded.text.find(f" {words} ")
        while at >= 0:
            found.append((padded.starts[at + 1], padded.ends[at + len(words)]))
            at = padded.text.find(f" {words} ", at + 1)
        return found

    def _is_whole(self, span: tuple[int, int]) -> bool:
        """Return whether no word goes on beyond the span."""
        start, end = span
        text = self.text
        goes_on_before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
        goes_on_after = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
        return not goes_on_before and not goes_on_after


def _trimmings(quote: str) -> Iterator[str]:
    """Iterate over the quotation and what is left of it without what programs and people put around it."""
    bare = _OUTSIDE.sub("", quote)
    candidates = (quote, bare, _STOPS.sub("", bare), _OUTSIDE.sub("", _LABEL.sub("", bare)), _read(quote))
    for candidate in dict.fromkeys(candidates):
        if any(c.isalnum() for c in candidate):
            yield candidate


def _read(quote: str) -> str:
    """Return the quotation with the signs of HTML read and its tags left out."""
    return html.unescape(_TAG.sub(" ", quote)) if "&" in quote or "<" in quote else quote


def _places(word: str, text: str) -> list[tuple[int, int]]:
    spans = []
    start = text.find(word)
    while start >= 0:
        spans.append((start, start + len(word)))
        start = text.find(word, start + 1)
    return spans
