"""Events that come back with a project of ours: those whose codings are still there, and what has no coding."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from subtheme.exchange.carried_events import CarriedEvents, branch, gives
from subtheme.exchange.code_matches import match_codes
from subtheme.exchange.loss import Dropped
from subtheme.exchange.refi_model import RefiProject
from subtheme.files import Store
from subtheme.judgements import judgements_of, marked_codings
from subtheme.nouns import Codebook, Direction, Event, EventKind, Origin, Transcript, folded

_Key = tuple[str, int, int, str, str, str]


class Returning:
    """Events beside a project, held against its codings.

    Parameters
    ----------
    carried : CarriedEvents
    foreign, own : Codebook
        Of the project, and of the study that it comes into.
    """

    def __init__(self, carried: CarriedEvents, foreign: Codebook, own: Codebook) -> None:
        self.carried = carried
        self.lost: list[Dropped] = []
        self.found = 0
        matches = match_codes(foreign, own).found
        by_branch = {folded(branch(foreign, c.id)): c.id for c in foreign.codes}
        here = {folded(branch(own, c.id)): c.id for c in own.codes}
        self._there: dict[str, str] = {}
        self._here: dict[str, str] = {}
        for code, names in carried.codes.items():
            if (stands := by_branch.get(folded(names))) is not None:
                self._there[stands] = code
            if found := matches.get(stands or "", here.get(folded(names), "")):
                self._here[code] = found
        self._left: dict[_Key, list[Event]] = {}
        for event in carried.events:
            if gives(event):
                self._left.setdefault(self._key(event), []).append(event)
        self._back: set[str] = set()

    def takes(self, row: Any, *, people: set[str]) -> bool:
        """Return whether a coding of the project is one that an event tells of, which then comes back with it."""
        code = self._there.get(row.code, row.code)
        key = (row.transcript, row.start_char, row.end_char, row.coder, code, row.direction)
        events = self._left.get(key, [])
        if not events or code not in self._here or any(e.participant and e.participant not in people for e in events):
            return False
        self._back |= {e.uid for e in events}
        self.found += 1
        return True

    def events(self, transcripts: Mapping[str, Transcript]) -> list[Event]:
        """Return the events that come back, with the codes as they are called here; the others are told as lost.

        Parameters
        ----------
        transcripts : mapping of str to Transcript
            Of the study, by the name of the source.
        """
        back = []
        for event in self.carried.events:
            name = self.carried.transcript_of(event)
            place = transcripts.get(name)
            if gives(event) and event.uid not in self._back:
                self._lose(event, "the project does not hold it any more")
            elif name and (place is None or (place.id, place.sha256) != (name, self.carried.digests.get(name))):
                self._lose(event, "its text is not here, or is another one")
            elif event.kind in {EventKind.READ, EventKind.FINISHED}:
                codes = {self._here[c]: meant for c, meant in event.codes.items() if c in self._here}
                if codes or not event.codes:
                    back.append(replace(event, codes=codes))
                else:
                    self._lose(event, "none of its codes is here")
            elif event.code in self._here:
                back.append(replace(event, code=self._here[event.code]))
            else:
                self._lose(event, "its code is not here")
        return back

    def _key(self, event: Event) -> _Key:
        start, end = self.carried.span_of(event)
        counters = event.value in {Direction.COUNTERS.value, "counter-example"}
        direction = Direction.COUNTERS.value if counters else Direction.SUPPORTS.value
        return self.carried.transcript_of(event), start, end, event.coder, event.code, direction

    def _lose(self, event: Event, reason: str) -> None:
        start, end = self.carried.span_of(event)
        place = f", characters {start}-{end}" if start >= 0 else ""
        where = f"{self.carried.transcript_of(event)}{place}, {event.code or 'reading'}, {event.coder}"
        self.lost.append(Dropped(what="judgement", where=where, reason=reason))


def stored_codings(store: Store, codebook: Codebook) -> pd.DataFrame:
    """Return what was coded or confirmed here and still holds."""
    events, segments = store.events(), store.segments()
    return marked_codings(events, judgements_of(events, segments, codebook), segments)


def implied_readings(codings: pd.DataFrame, project: RefiProject, *, but: Collection[str]) -> pd.DataFrame:
    """Return who read what since they coded in it, but for some coders of whom that is known.

    A confirmed suggestion is no reading, nor is what subtheme wrote itself, which says what was read beside it.
    """
    is_made = (codings["origin"] == Origin.BLIND.value) & (codings["transcript"] != "")
    if project.origin.startswith("subtheme") and not but:
        is_made &= False
    return codings.loc[is_made & ~codings["coder"].isin(list(but)), ["coder", "transcript"]].drop_duplicates()


def append_returning(store: Store, events: Sequence[Event], lost: list[Dropped]) -> Counter[str]:
    """Append events of another study whose segments are here, and count the new ones by what they are."""
    segments = set(store.segments()["segment"])
    known = {e.uid for e in store.events()}
    placed = [e for e in events if not e.segment or e.segment in segments]
    elsewhere = [e for e in events if e.segment and e.segment not in segments]
    lost += [Dropped(what="judgement", where=e.segment, reason="the text is cut otherwise here") for e in elsewhere]
    new = [e for e in sorted(placed, key=lambda e: e.at_us) if e.uid not in known]
    store.append(new)
    kinds = {EventKind.CODED: "codings", EventKind.READ: "readings"}
    return Counter(kinds.get(e.kind, "judgements") if not e.segment else "judgements" for e in new)
