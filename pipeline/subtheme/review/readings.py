"""Who read what: a code that was not given in a transcript is absent only where the transcript was read whole."""

import time

from subtheme.errors import InputError, Problem
from subtheme.judgements import holding
from subtheme.nouns import Basis, Event, EventKind, content_id
from subtheme.review.coder_log import BATCH
from subtheme.review.material import Material
from subtheme.review.record import Record


class CoderReadings:
    """The transcripts that one coder says to have read whole.

    Parameters
    ----------
    record : Record
    material : Material
    coder : str
    """

    def __init__(self, record: Record, material: Material, *, coder: str) -> None:
        self._record = record
        self._material = material
        self._coder = coder
        self._stated = self._held()

    def has_read(self, transcript: str) -> bool:
        """Whether the coder has said that the whole transcript is read, or has finished every segment of it."""
        if any(e.transcript == transcript for e in self._stated):
            return True
        number = next(i for i, t in enumerate(self._material.transcripts) if t.id == transcript)
        passages = self._material.by_transcript.get(number, ())
        return bool(passages) and all(self._record.log.is_finished(p.segment) for p in passages)

    def set_read(self, transcript: int, *, is_read: bool) -> None:
        """Note, or take back, that the coder has read a whole transcript: what is not coded there is absent.

        Raises
        ------
        InputError
            If there is no such transcript.
        """
        if not 0 <= transcript < len(self._material.transcripts):
            raise InputError(Problem(what="no such transcript"))
        name = self._material.transcripts[transcript].id
        store, stated = self._record.store, [e for e in self._stated if e.transcript == name]
        with self._record.lock, store.writing():
            if is_read and not stated:
                store.append([self._reading(name)])
            elif not is_read:
                store.take_back(stated, coder=self._coder, at_us=self._record.now_us(), batch="")
            self._stated = self._held()
            self._record.log.version += 1

    def _reading(self, transcript: str) -> Event:
        at_us = self._record.now_us()
        saw = any(
            (arm := self._record.log.arm(p.segment)) is not None and arm.shows_suggestions
            for p in self._material.passages
            if p.transcript == transcript
        )
        return Event(
            uid=content_id("event", "read", self._coder, transcript, str(time.time_ns())),
            kind=EventKind.READ,
            coder=self._coder,
            transcript=transcript,
            origin=(Basis.ASSISTED if saw else Basis.BLIND).word,
            codes=self._material.offered,
            at_us=at_us,
            batch=f"{BATCH}read",
        )

    def _held(self) -> list[Event]:
        events = holding(self._record.store.events()).events
        return [e for e in events if e.kind is EventKind.READ and e.coder == self._coder and not e.segment]
