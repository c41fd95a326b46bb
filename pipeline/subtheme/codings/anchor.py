"""Where a quotation stands in a text: every place, so that none is guessed."""

import re
from dataclasses import dataclass


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
    r"""Return every place of `quote` in `text`.

    White space is folded: any run of it in the quotation matches any run of it in the text, so that a
    line break that a program printed as a blank does no harm, and white space around the quotation is
    left out of the span. Everything else, letter case included, must be the same.

    Parameters
    ----------
    quote : str
        The words to find. Without any words it has no place.
    text : str
        Canonical text.

    Examples
    --------
    >>> anchor("back at six", "then back\nat six.").spans
    ((5, 16),)
    >>> anchor("yes", "yes, yes").reason
    'the quotation stands at 2 places'
    """
    words = quote.split()
    if not words:
        return Anchor(spans=())
    if len(words) == 1:
        spans = _places(words[0], text)
    else:
        pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
        spans = []
        start = 0
        while match := pattern.search(text, start):
            spans.append(match.span())
            start = match.start() + 1
    return Anchor(spans=tuple(spans))


def _places(word: str, text: str) -> list[tuple[int, int]]:
    spans = []
    start = text.find(word)
    while start >= 0:
        spans.append((start, start + len(word)))
        start = text.find(word, start + 1)
    return spans
