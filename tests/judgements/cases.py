"""A codebook, a transcript of four segments, and events on them, for the tests of judgements."""

import pandas as pd
from small_study import outline_book

from subtheme.judgements import judgements_of
from subtheme.nouns import SEGMENTS, Codebook, Event, EventKind, Judgements, taking_back

BOOK = Codebook.from_toml(
    outline_book(
        """
theme: Theme
  A: A
    a1: A one
    a2: A two
  B: B
"""
    ),
    where="test",
)
WITH_C = Codebook.from_toml(
    outline_book(
        """
theme: Theme
  A: A
    a1: A one
    a2: A two
  B: B
  C: C
"""
    ),
    where="test",
)
ROWS = ("A", "B")


def segments(transcript: str = "T", participant: str = "p", count: int = 4) -> pd.DataFrame:
    rows = [
        {
            "segment": f"{transcript}:{n}" if transcript != "T" else f"s{n}",
            "transcript": transcript,
            "participant": participant,
            "turn": 2 * n,
            "order": n,
            "start_char": 100 * n,
            "end_char": 100 * n + 50,
            "text": "words",
            "question": "",
        }
        for n in range(1, count + 1)
    ]
    return SEGMENTS.check(pd.DataFrame(rows), source="test")


def codes_of(book: Codebook = BOOK) -> dict[str, str]:
    return dict(book.definitions)


class Log:
    """Events in the order in which they are added."""

    def __init__(self, book: Codebook = BOOK) -> None:
        self.book = book
        self.events: list[Event] = []

    def add(self, kind: EventKind, coder: str, **given: object) -> Event:
        number = len(self.events) + 1
        event = Event(uid=f"e{number}", kind=kind, coder=coder, at_us=number, **given)  # type: ignore[arg-type]
        self.events.append(event)
        return event

    def coded(self, coder: str, segment: int, code: str, direction: str = "supports", **given: object) -> Event:
        span = {"start_char": 100 * segment, "end_char": 100 * segment + 50}
        told = {"transcript": "T", "participant": "p", "origin": "blind", **span, **given}
        return self.add(
            EventKind.CODED, coder, code=code, value=direction, definition=self.book.definitions[code], **told
        )

    def read(self, coder: str, codes: dict[str, str] | None = None, **given: object) -> Event:
        place = given or {"transcript": "T"}
        return self.add(EventKind.READ, coder, origin="blind", codes=codes or codes_of(self.book), **place)

    def answered(self, coder: str, segment: int, code: str, verdict: str, origin: str = "assisted") -> Event:
        meant = self.book.definitions.get(code, "")
        return self.add(
            EventKind.ANSWERED, coder, segment=f"s{segment}", code=code, value=verdict, origin=origin, definition=meant
        )

    def finished(self, coder: str, segment: int, *, blind: bool = True) -> Event:
        codes = {c: d for c, d in codes_of(self.book).items() if c != "theme"} if blind else {}
        return self.add(EventKind.FINISHED, coder, segment=f"s{segment}", origin="blind" if blind else "", codes=codes)

    def taken_back(self, event: Event) -> Event:
        back = taking_back(event.uid, coder=event.coder, at_us=len(self.events) + 1)
        self.events.append(back)
        return back

    def judged(self, table: pd.DataFrame | None = None, *, book: Codebook | None = None) -> Judgements:
        return judgements_of(self.events, segments() if table is None else table, book or self.book)


def words(judgements: Judgements, coder: str) -> dict[tuple[str, str], str]:
    """Return what a coder holds, by segment and code at the level of sub-themes and below."""
    own = judgements.of_coders([coder]).frame
    return {(r.segment, r.code): r.value for r in own.itertuples() if r.code != "theme"}
