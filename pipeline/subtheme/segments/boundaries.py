"""Where sentences start, mended after spaCy's rules: abbreviations, opening marks, quotations in guillemets.

spaCy keeps every mark after a full stop in the old sentence. An opening mark belongs to the new one, in any language:
marks that hang on the word after them are told from closing ones by the white space before them, and spaced
guillemets by their direction.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable

from subtheme.segments.languages import Language

_SPACED_OPENINGS = "«([{„¿¡"
_FINAL_BEFORE = re.compile(r"[.!?…。！？][\"'”’“»«)\]}\s]*\Z")
_CLOSING_QUOTE = re.compile(r"[.!?…]\s?[\"”’“»]\s*\Z")
_GUILLEMETS = re.compile(r"(?<!\S)«\s[^«»]*\s»")
_ORDINAL = re.compile(r"(?:^|[\s(])\d{1,3}\.\s+\Z")
_NUMBER_END = re.compile(r"(?:^|(?<=[\s(]))\d+\.(?=\s)")
_WORD = re.compile(r"\S")
_LOOK_BACK = 24
_MOST_WORDS_QUOTED = 60


class Boundaries:
    """Mends the sentence starts of one language.

    Parameters
    ----------
    language : Language
    frequent_words : collection of str
        Words of the language that are no nouns, in lower case: where nouns are capital, only they tell a new sentence
        after an abbreviation or an ordinal.
    """

    def __init__(self, language: Language, *, frequent_words: Iterable[str] = ()) -> None:
        self._language = language
        self._frequent = frozenset(frequent_words)
        self._goes_on = _ends_with(language.abbreviations_that_go_on)
        self._may_end = _ends_with(language.abbreviations_that_may_end)
        self._endings = _followed_by_space(language.abbreviations_that_may_end)

    def mended(self, text: str, starts: list[int]) -> list[int]:
        """Return the starts of sentences in `text`, given those that spaCy found; the first is kept."""
        found = {self._opened(text, start) for start in {*starts[1:], *self._missed(text)}}
        quoted = [m.span() for m in _GUILLEMETS.finditer(text) if len(m.group().split()) <= _MOST_WORDS_QUOTED]
        opens = [start for start, _ in quoted]

        def is_quoted(start: int) -> bool:
            nearest = bisect_right(opens, start) - 1
            return nearest >= 0 and quoted[nearest][0] < start < quoted[nearest][1]

        kept = [start for start in sorted(found) if self._is_start(text, start) and not is_quoted(start)]
        return list(dict.fromkeys([*starts[:1], *kept]))

    def _opened(self, text: str, start: int) -> int:
        """Return where a sentence that spaCy lets begin at `start` begins with its opening marks."""
        first = max(0, start - _LOOK_BACK)
        at = start
        while at > first and not text[at - 1].isspace() and not text[at - 1].isalnum():
            at -= 1
        if at < start and not (text[at - 1 : at].isspace() and _FINAL_BEFORE.search(text, first, at)):
            at = start
        before = text[first:at].rstrip()
        while before and before[-1] in _SPACED_OPENINGS and before[-2:-1].isspace():
            at = first + len(before) - 1
            before = before[:-1].rstrip()
        return at

    def _missed(self, text: str) -> list[int]:
        """Return starts after an abbreviation or a number that ends its sentence."""
        ends = list(self._endings.finditer(text)) if self._endings else []
        if self._language.has_ordinals:
            ends += _NUMBER_END.finditer(text)
        starts = []
        for match in ends:
            word = _WORD.search(text, match.end())
            if word and self._is_new(text, word.start()):
                starts.append(word.start())
        return starts

    def _is_start(self, text: str, start: int) -> bool:
        before = text[max(0, start - _LOOK_BACK) : start]
        bare = before.rstrip()
        if bare.endswith((",", ";")) or (self._goes_on and self._goes_on.search(before)):
            return False
        next_is_small = text[start : start + 1].islower()
        if next_is_small and _CLOSING_QUOTE.search(before):
            return False
        is_open = bool(self._may_end and self._may_end.search(before)) or bool(
            self._language.has_ordinals and _ORDINAL.search(before)
        )
        return not is_open or self._is_new(text, start)

    def _is_new(self, text: str, start: int) -> bool:
        """Whether the word at `start` begins a sentence after an abbreviation that may end one."""
        word = re.match(r"\W*(\w*)", text[start : start + _LOOK_BACK])
        first = word.group(1) if word else ""
        if not first[:1].isupper():
            return False
        return not self._language.nouns_are_capital or first.lower() in self._frequent


def _pattern(abbreviations: Iterable[str]) -> str:
    return "|".join(re.escape(a).replace(r"\ ", r"\s?") for a in sorted(abbreviations, key=len, reverse=True))


def _ends_with(abbreviations: tuple[str, ...]) -> re.Pattern[str] | None:
    if not abbreviations:
        return None
    return re.compile(rf"(?:^|[\s(\[«„“\"'’¿¡])(?:{_pattern(abbreviations)})\s+\Z", re.IGNORECASE)


def _followed_by_space(abbreviations: tuple[str, ...]) -> re.Pattern[str] | None:
    if not abbreviations:
        return None
    return re.compile(rf"(?:^|(?<=[\s(]))(?:{_pattern(abbreviations)})(?=\s)", re.IGNORECASE)
