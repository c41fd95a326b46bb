"""The projection: from events that hold to judgements, by the rules of `docs/judgements.md`, each written once here."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from subtheme.codings.spans import segments_of_codings
from subtheme.judgements.holding import holding
from subtheme.judgements.layers import Layers, by_transcript, slices
from subtheme.nouns import (
    CONFIRMING,
    JUDGING,
    Basis,
    Codebook,
    Direction,
    Event,
    EventKind,
    Judgements,
    Value,
    Verdict,
    above,
)

_BASES = {b.word: b for b in Basis if b is not Basis.NONE}
_VALUES = {
    Direction.SUPPORTS.value: Value.PRESENT,
    Direction.COUNTERS.value: Value.COUNTER,
    **dict.fromkeys(CONFIRMING, Value.PRESENT),
    Verdict.REJECT.value: Value.ABSENT,
    Verdict.COUNTER.value: Value.COUNTER,
    Verdict.UNSURE.value: Value.UNSURE,
}


class _Word(NamedTuple):
    """What one event says of a code on a segment; a later one has the higher number."""

    number: int
    value: Value
    basis: Basis
    meant: int


@dataclass(slots=True)
class _Said:
    """What events say, before what follows from it."""

    words: dict[tuple[int, int], dict[int, _Word]] = field(default_factory=lambda: defaultdict(dict))
    readings: list[tuple[int, slice | int, Mapping[str, str], int, Basis]] = field(default_factory=list)
    unplaced: list[tuple[str, str, str, int, int, str]] = field(default_factory=list)
    retired: Counter[str] = field(default_factory=Counter)


def judgements_of(
    events: Sequence[Event], segments: pd.DataFrame, codebook: Codebook, *, coders: Collection[str] | None = None
) -> Judgements:
    """Return what every coder holds of every code on every segment.

    1. The last event of a coder on a segment and code holds, whatever way it came in.
    2. A reading makes absent what was not judged, among the codes that it was a reading for.
    3. A blind turn that was finished is a reading of its segment for the codes that were offered.
    4. A span belongs to segments by overlap; one on no segment counts for its participant. A code that is present
       makes the codes above it present. One that is absent makes the codes below it absent; a theme whose
       codes are all judged and none of them present is absent itself.
    5. What was agreed over several coders is a judgement of its own, beside theirs.

    Parameters
    ----------
    events : sequence of Event
        The whole log in its order.
    segments : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENTS`.
    codebook : Codebook
        Of today. Events on codes that it does not have are counted, and say nothing.
    coders : collection of str, optional
        Whose events; everybody's by default.
    """
    kept = [e for e in holding(events).events if e.kind in JUDGING and (coders is None or e.coder in coders)]
    return _Projection(kept, segments, codebook).judgements()


class _Projection:
    def __init__(self, events: Sequence[Event], segments: pd.DataFrame, codebook: Codebook) -> None:
        self.events = events
        self.codebook = codebook
        self.rows = by_transcript(segments)
        self.codes = tuple(c.id for c in codebook.codes)
        self.place = {code: i for i, code in enumerate(self.codes)}
        self.above = above(codebook, self.codes)
        self.coders = tuple(sorted({e.coder for e in events}))
        self.coder_at = {coder: i for i, coder in enumerate(self.coders)}
        self.segment_at = {s: i for i, s in enumerate(self.rows["segment"])}
        self.slices = slices(self.rows["transcript"].tolist())
        self.definitions: dict[str, int] = {}

    def judgements(self) -> Judgements:
        said = self._said()
        layers = Layers.open((len(self.coders), len(self.rows), len(self.codes)))
        value, basis, rests_on, meant = layers
        for (coder, segment), own in said.words.items():
            for code, word in self._with_lineage(own).items():
                at = (coder, segment, code)
                value[at], basis[at], rests_on[at], meant[at] = word.value, word.basis, word.number, word.meant
        self._fill_readings(said, layers)
        denied = np.array([e.kind is EventKind.ANSWERED for e in self.events] + [False], dtype=bool)
        layers.follow_tree(self.codebook, was_denied=denied)
        return Judgements(
            coders=self.coders,
            codes=self.codes,
            segments=self.rows[["segment", "transcript", "participant"]],
            value=value,
            basis=basis,
            rests_on=rests_on,
            meant=meant,
            events=tuple(self.events),
            definitions=tuple(self.definitions),
            unplaced=pd.DataFrame(
                said.unplaced, columns=["participant", "code", "coder", "value", "basis", "event"]
            ).drop_duplicates(["participant", "code", "coder", "value"], ignore_index=True),
            retired=dict(sorted(said.retired.items())),
        )

    # -- what events say ------------------------------------------------------------------------------

    def _said(self) -> _Said:
        said = _Said()
        spans = [e for e in self.events if e.start_char >= 0 or e.kind is EventKind.CODED]
        hit = dict(zip((e.uid for e in spans), self._segments_of(spans), strict=True))
        for number, event in enumerate(self.events):
            if event.kind in {EventKind.READ, EventKind.FINISHED}:
                self._reading(said, event, number)
                continue
            if event.code not in self.place:
                said.retired[event.code] += 1
                continue
            places = hit.get(event.uid, [])
            if event.kind is EventKind.ANSWERED:
                own = self.segment_at.get(event.segment)
                places = sorted({*places, own}) if own is not None else places
            word = _Word(
                number=number,
                value=_VALUES[event.value],
                basis=_BASES[event.origin],
                meant=self._definition(event.definition),
            )
            if not places and event.kind is EventKind.CODED:
                said.unplaced.append(
                    (event.participant, event.code, event.coder, int(word.value), int(word.basis), event.uid)
                )
            for place in places:
                said.words[self.coder_at[event.coder], place][self.place[event.code]] = word
        return said

    def _segments_of(self, events: Sequence[Event]) -> list[list[int]]:
        transcript_of = dict(zip(self.rows["segment"], self.rows["transcript"], strict=True))
        frame = pd.DataFrame(
            {
                "transcript": [e.transcript or transcript_of.get(e.segment, "") for e in events],
                "start_char": [e.start_char for e in events],
                "end_char": [e.end_char for e in events],
            }
        )
        return [[self.segment_at[s] for s in found] for found in segments_of_codings(frame, self.rows)]

    def _reading(self, said: _Said, event: Event, number: int) -> None:
        if not event.codes:  # a turn that was finished with suggestions in view says nothing of what was not given
            return
        where: slice | int | None = (
            self.segment_at.get(event.segment) if event.segment else self.slices.get(event.transcript)
        )
        if where is not None:
            basis = _BASES.get(event.origin, Basis.BLIND)
            said.readings.append((self.coder_at[event.coder], where, event.codes, number, basis))

    def _definition(self, digest: str) -> int:
        return self.definitions.setdefault(digest, len(self.definitions)) if digest else -1

    # -- what follows from it -------------------------------------------------------------------------

    def _with_lineage(self, own: Mapping[int, _Word]) -> dict[int, _Word]:
        """Return the words on one segment with what follows for the codes below and above, by time."""
        found: dict[int, _Word] = {}
        for code in sorted(own):  # a code stands before those below it
            word = own[code]
            higher = self._denied_above(code, own)
            found[code] = higher._replace(meant=-1) if higher is not None and higher.number > word.number else word
        for code in sorted(found, reverse=True):
            word, at = found[code], int(self.above[code])
            while word.value is Value.PRESENT and at >= 0:
                before = found.get(at)
                if before is None or before.value is not Value.PRESENT:
                    found[at] = word._replace(meant=-1)
                at = int(self.above[at])
        return found

    def _denied_above(self, code: int, own: Mapping[int, _Word]) -> _Word | None:
        """Return the latest denial of a code above, if there is one."""
        latest: _Word | None = None
        at = int(self.above[code])
        while at >= 0:
            word = own.get(at)
            if word is not None and word.value is Value.ABSENT and (latest is None or word.number > latest.number):
                latest = word
            at = int(self.above[at])
        return latest

    def _fill_readings(self, said: _Said, layers: Layers) -> None:
        """Make absent what a reading left, blind readings first."""
        value, basis, rests_on, meant = layers
        for coder, where, codes, number, how in sorted(said.readings, key=lambda r: (int(r[4]), r[3])):
            columns = [self.place[c] for c in codes if c in self.place]
            if not columns:
                continue
            told = np.array([self._definition(codes[self.codes[c]]) for c in columns], dtype=np.int32)
            rows = np.arange(where.start, where.stop) if isinstance(where, slice) else np.array([where])
            block = np.ix_(np.array([coder]), rows, np.array(columns))
            is_open = value[block] == Value.OPEN
            value[block] = np.where(is_open, int(Value.ABSENT), value[block])
            basis[block] = np.where(is_open, int(how), basis[block])
            rests_on[block] = np.where(is_open, number, rests_on[block])
            meant[block] = np.where(is_open, told[None, None, :], meant[block])
