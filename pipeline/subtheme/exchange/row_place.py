"""The place of one row of a table of codings: its transcript, its span, and who speaks there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from subtheme.codings.anchor import PlacesIn
from subtheme.errors import Problem, shown, suggestion
from subtheme.exchange.speakers import participant_at
from subtheme.nouns import folded

_NUMBERED = re.compile(r"^[A-Za-z]{0,2}\s?\d+\s*[:.\-–]?\s+")
"""What ATLAS.ti writes before the name of a document: its number."""
_MOST_ELSEWHERE = 200
"""So many transcripts are searched for a quotation that does not stand in its own."""

Turns = Sequence[tuple[int, int, str]]
"""Spans of participants' turns, with who speaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a row lies.

    Attributes
    ----------
    start_char, end_char : int
        -1 where the row states no place.
    is_confirmed : bool
        Whether the quotation stands there.
    """

    start_char: int = -1
    end_char: int = -1
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced:
    """Why a row has no sure place, and where to look.

    Attributes
    ----------
    reason : str
        Of which kind it is, such as that the quotation stands at several places.
    hint : str
        The nearest place and what differs there, or the places; without words of the interview.
    """

    reason: str
    hint: str = ""


class RowPlaces:
    """The places of rows in the transcripts of a study.

    Parameters
    ----------
    texts : mapping of str to str or None
        Canonical text of every transcript by its id; None where no place is to be checked.
    speaking : mapping of str to sequence of (int, int, str)
        Spans of participants' turns by transcript.
    """

    def __init__(self, *, texts: Mapping[str, str] | None, speaking: Mapping[str, Turns]) -> None:
        self.texts = texts
        self.speaking = speaking
        self._prepared: dict[str, PlacesIn] = {}
        self._names: dict[str, str] = {}
        for known in texts or ():
            self._names.setdefault(folded(known), known)

    def transcript(self, name: str, *, where: str) -> str | Problem:
        """Return the id of the transcript that `name` means: with or without folder, ending and number before it."""
        if not name or self.texts is None or name in self.texts:
            return name
        bare = name.strip("<>").rsplit("/", 1)[-1].rsplit("\\", 1)[-1]
        for candidate in _spellings(name, bare):
            if (found := self._names.get(folded(candidate))) is not None:
                return found
        return Problem(
            what=f"unknown transcript {shown(name)}",
            where=where,
            expected="a transcript of the study",
            remedy=suggestion(bare, self.texts) or "Import the transcript first, or correct the row",
        )

    def participant(self, transcript: str, place: Place) -> str:
        """Return who speaks at a place: the only participant of the transcript, or who speaks most of it; or nobody."""
        turns = self.speaking.get(transcript, ())
        people = {who for _, _, who in turns}
        if len(people) == 1:
            return next(iter(people))
        return participant_at(turns, place.start_char, place.end_char)

    def of_quote(self, quote: str, transcript: str, *, participant: str = "") -> Place | Unplaced:
        """Return the one place of a quotation, or why there is none.

        Where it stands at several places and exactly one of them is the participant's, that one is meant.
        """
        text = self._text(transcript)
        found = text.of(quote)
        spans = found.spans
        if len(spans) > 1 and participant:
            own = [
                s for s in spans if self.participant(transcript, Place(start_char=s[0], end_char=s[1])) == participant
            ]
            spans = tuple(own) if len(own) == 1 else spans
        if len(spans) == 1:
            return Place(start_char=spans[0][0], end_char=spans[0][1], is_confirmed=True)
        if spans:
            lines = ", ".join(str(text.line_of(start)) for start, _ in spans[:5]) + (", …" if len(spans) > 5 else "")
            return Unplaced(reason=found.reason, hint=f"lines {lines} of transcript {shown(transcript)}")
        if elsewhere := self._elsewhere(quote, transcript):
            return Unplaced(reason=found.reason, hint=f"it stands in transcript {shown(elsewhere)}")
        nearest = text.nearest(quote)
        return Unplaced(reason=found.reason, hint="" if nearest is None else nearest.as_text())

    def of_span(self, start: int, end: int, transcript: str, *, quote: str) -> Place | Unplaced | str:
        """Return the stated place, why the quotation does not stand there, or what is wrong with the numbers."""
        text = self._text(transcript)
        if not 0 <= start < end <= len(text.text):
            return f"0 <= start_char < end_char <= {len(text.text)}"
        if not quote or text.is_at(quote, start, end):
            return Place(start_char=start, end_char=end, is_confirmed=bool(quote))
        spans = text.of(quote).spans
        if spans:
            hint = "it stands at characters " + ", ".join(f"{s}-{e}" for s, e in spans[:5])
        else:
            nearest = text.nearest(quote)
            hint = "" if nearest is None else nearest.as_text()
        return Unplaced(reason="the quotation does not stand at its span", hint=hint)

    def _text(self, transcript: str) -> PlacesIn:
        if transcript not in self._prepared:
            self._prepared[transcript] = PlacesIn((self.texts or {})[transcript])
        return self._prepared[transcript]

    def _elsewhere(self, quote: str, transcript: str) -> str:
        """Return the one other transcript in which the quotation stands as it is written."""
        words = quote.split()
        if len(words) < 3 or len(self.texts or ()) > _MOST_ELSEWHERE:
            return ""
        pattern = re.compile(r"\s+".join(map(re.escape, words)))
        found = [name for name, text in (self.texts or {}).items() if name != transcript and pattern.search(text)]
        return found[0] if len(found) == 1 else ""


def _spellings(name: str, bare: str) -> Iterable[str]:
    for spelling in (name, bare, _NUMBERED.sub("", bare)):
        yield spelling
        if "." in spelling:
            yield spelling.rsplit(".", 1)[0]
