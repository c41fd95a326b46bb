"""The log of a study, and what goes into it: codings, readings, answers, marks."""

import json
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import fields, replace
from typing import Any

import pandas as pd
import sqlalchemy as sa

from subtheme.errors import Problem, StudyError
from subtheme.files import schema
from subtheme.files.chain import Anchor
from subtheme.files.database import Database
from subtheme.files.log import Logged, append, append_foreign, log_of
from subtheme.files.mark import (
    Mark,
    MarkKind,
    event_of_decision,
    event_of_mark,
    mark_of_event,
)
from subtheme.judgements import answers_table, holding
from subtheme.nouns import (
    CODINGS,
    READINGS,
    Decision,
    Event,
    EventKind,
    Verdict,
    code_set,
    content_id,
    rows_of,
    taking_back,
)

THEN = "codebook-of-then"
"""Stands for the codes of a reading that an older store kept without them."""


class Ledger(Database):
    """The log of one study in its database."""

    # -- the log ------------------------------------------------------------------------------------

    def append(self, events: Iterable[Event]) -> int:
        """Append events to the log; one whose `uid` is stored already is skipped. Return how many were new."""
        return append(self._writer_connection(), events, replica=self._replica())

    def append_foreign(self, rows: Iterable[Mapping[str, Any]], texts: Mapping[str, str]) -> int:
        """Append rows of the logs of other stores as they were written there; return how many were new."""
        return append_foreign(self._writer_connection(), rows, texts)

    def log(self) -> list[Logged]:
        """Return the whole log in the order in which events count, every uid once."""
        last = self._rows(sa.select(sa.func.max(schema.events.c.seq).label("last")))[0]["last"] or 0
        if self._kept is None or self._kept[0] != last:
            if self._writer is not None:
                self._kept = (last, log_of(self._writer))
            else:
                with self.engine.connect() as connection:
                    self._kept = (last, log_of(connection))
            self._kept = (last, self._with_codes_of_then(self._kept[1]))
        return self._kept[1]

    @property
    def lacks_codes_of_then(self) -> bool:
        """Whether readings of an older store wait for the codes that they were readings for."""
        return self.facts().get("codes_of_then") == ""

    def settle_codes_of_then(self, codes: Iterable[str]) -> None:
        """State for which codes the readings of an older store were readings."""
        meant = dict.fromkeys(codes, "")
        self._write(sa.delete(schema.facts).where(schema.facts.c.key == "codes_of_then"))
        self._insert(schema.facts, [{"key": "codes_of_then", "value": code_set(meant)}])

    def _with_codes_of_then(self, log: list[Logged]) -> list[Logged]:
        known = self.facts().get("codes_of_then")
        if not known:
            return log
        codes = json.loads(known)
        return [replace(e, event=replace(e.event, codes=codes)) if THEN in e.event.codes else e for e in log]

    def events(self) -> list[Event]:
        """Return the events of the log in the order in which they count."""
        return [logged.event for logged in self.log()]

    def held_before(self, anchor: Anchor | None) -> bool:
        """Whether `anchor` is that of an older log which was brought into this one."""
        facts = self.facts()
        return anchor is not None and str(anchor) in {
            facts.get("older_anchor", ""),
            *(e.value for e in self.events() if e.kind is EventKind.UNITED),
        }

    def length(self) -> int:
        """Return how many events there are."""
        return int(self._rows(sa.select(sa.func.max(schema.events.c.seq).label("last")))[0]["last"] or 0)

    def take_back(self, events: Iterable[Event], *, coder: str, at_us: int, batch: str) -> int:
        """Take back events that hold; return how many."""
        return self.append([taking_back(e.uid, coder=coder, at_us=at_us, batch=batch) for e in events])

    def append_decisions(self, decisions: pd.DataFrame, *, batch: str = "") -> int:
        """Append decisions (`DECISIONS`) to the log; one whose `uid` is stored already is skipped.

        Returns
        -------
        int
            How many were new.
        """
        names = [f.name for f in fields(Decision)]
        given = [
            Decision(**{name: getattr(row, name) for name in names} | {"verdict": Verdict(row.verdict)})
            for row in rows_of(decisions)
        ]
        return self.append_answers(given, batch=batch)

    def append_answers(self, decisions: Sequence[Decision], marks: Sequence[Mark] = (), *, batch: str = "") -> int:
        """Append decisions and marks, without the cost of a table: for one key press."""
        new = [event_of_decision(d, batch=batch, definition=self.definitions.get(d.code, "")) for d in decisions]
        return self.append([*new, *(event_of_mark(m, batch=batch) for m in marks)])

    def decisions(self) -> pd.DataFrame:
        """Return the answers in the order of the log: `DECISIONS`, and the `batch` of each."""
        return answers_table(self.events())

    def append_marks(self, new: Sequence[Mark]) -> int:
        """Append marks; one whose `uid` is stored already is skipped. Return how many were new."""
        return self.append_answers([], new)

    def marks(self) -> list[Mark]:
        """Return all marks in their order."""
        return [mark_of_event(e) for e in self._of_kinds({EventKind(k.value) for k in MarkKind if k != MarkKind.UNDO})]

    def _of_kinds(self, kinds: Set[EventKind]) -> list[Event]:
        """Return the events of some kinds, and those that take them back."""
        own: set[str] = set()
        kept = []
        for event in self.events():
            if event.kind in kinds or (event.kind is EventKind.TAKEN_BACK and event.reply_to in own):
                own.add(event.uid)
                kept.append(event)
        return kept

    def _coded(self, row: Any, digests: Mapping[str, str], *, batch: str, at_us: int) -> Event:
        place = (digests.get(row.transcript, row.transcript), str(row.start_char), str(row.end_char))
        return Event(
            uid=content_id("event", "coded", row.coder, *place, row.participant, row.code, row.direction, row.origin),
            kind=EventKind.CODED,
            coder=row.coder,
            transcript=row.transcript,
            participant=row.participant,
            code=row.code,
            value=row.direction,
            origin=row.origin,
            start_char=row.start_char,
            end_char=row.end_char,
            definition=self.definitions.get(row.code, ""),
            memo=row.memo,
            at_us=at_us,
            batch=batch,
        )

    def _again(self, new: Sequence[Event]) -> list[Event]:
        """Return `new`, those that were stored and taken back before under uids of their own."""
        known = {e.uid for e in self.events()}
        holds = {e.uid for e in holding(self.events()).events}
        found = []
        for event in new:
            uid, times = event.uid, 1
            while uid in known and uid not in holds:
                times += 1
                uid = content_id("event", event.uid, str(times))
            found.append(event if uid == event.uid else replace(event, uid=uid))
        return found

    def _meanings(self, codes: Iterable[str]) -> dict[str, str]:
        return {code: self.definitions.get(code, "") for code in codes}

    def _replica(self) -> str:
        """Return the name of this store in the log; a copy of the file is another store."""
        home = str(self.path.stat().st_ino) if self.is_file else ""
        facts = self.facts()
        if facts.get("replica", "") and facts.get("home", "") == home:
            return str(facts["replica"])
        name = uuid.uuid4().hex[:16]
        self._write(sa.delete(schema.facts).where(schema.facts.c.key.in_(["replica", "home"])))
        self._insert(schema.facts, [{"key": "replica", "value": name}, {"key": "home", "value": home}])
        return name

    # -- codings and readings -----------------------------------------------------------------------

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of every transcript's text, by transcript."""
        query = sa.select(schema.transcripts.c.transcript, schema.transcripts.c.sha256)
        return {row["transcript"]: row["sha256"] for row in self._rows(query)}

    def add_codings(self, codings: pd.DataFrame, *, batch: str, at_us: int | None = None) -> int:
        """Store manual codings (`CODINGS`) under the name of their batch; return how many were new.

        A coding that holds already (the same coder, span, code, direction and origin) is left as it is; one that was
        taken back comes again. Counter-examples of a batch come first, so that of two on one segment support holds.

        Raises
        ------
        StudyError
            If the batch is stored already.
        """
        if batch in self.coding_batches():
            where = batch.partition(":")[0]
            raise StudyError(
                Problem(what="this file is in the study already", where=where, remedy="Nothing was changed")
            )
        digests = self.digests()
        rows = codings.sort_values("direction", kind="stable") if len(codings) else codings
        new = [self._coded(row, digests, batch=batch, at_us=_now(at_us)) for row in rows_of(rows)]
        return self.append(self._again(new))

    def codings(self) -> pd.DataFrame:
        """Return the manual codings that were not taken back, checked by `CODINGS`."""
        rows = [
            {
                "participant": e.participant,
                "code": e.code,
                "coder": e.coder,
                "origin": e.origin,
                "direction": e.value,
                "transcript": e.transcript,
                "start_char": e.start_char,
                "end_char": e.end_char,
                "memo": e.memo,
            }
            for e in holding(self.events()).events
            if e.kind is EventKind.CODED
        ]
        return CODINGS.check(pd.DataFrame(rows, columns=list(CODINGS.names)), source=self.path.name)

    def coding_batches(self) -> set[str]:
        """Return the names of the batches of codings of which something holds."""
        return {e.batch for e in holding(self.events()).events if e.kind is EventKind.CODED}

    def add_readings(self, readings: pd.DataFrame, *, batch: str = "", at_us: int | None = None) -> int:
        """Store who read which transcript (`READINGS`) for which codes; return how many were new.

        What holds already is left as it is. A reading for no stated codes is one for those of the codebook.
        """
        digests = self.digests()
        new = []
        for row in rows_of(readings):
            codes = self._meanings([c for c in row.codes.split(";") if c] or list(self.definitions))
            place = digests.get(row.transcript, row.transcript)
            new.append(
                Event(
                    uid=content_id("event", "read", row.coder, place, row.origin, code_set(codes)),
                    kind=EventKind.READ,
                    coder=row.coder,
                    transcript=row.transcript,
                    origin=row.origin,
                    codes=codes,
                    at_us=_now(at_us),
                    batch=batch,
                )
            )
        return self.append(self._again(new))

    def readings(self) -> pd.DataFrame:
        """Return who read which transcript whole, as it was stated and not taken back; checked by `READINGS`."""
        rows = {
            (e.coder, e.transcript): {
                "coder": e.coder,
                "transcript": e.transcript,
                "origin": e.origin,
                "codes": ";".join(e.codes),
            }
            for e in holding(self.events()).events
            if e.kind is EventKind.READ and not e.segment
        }
        return READINGS.check(pd.DataFrame(list(rows.values()), columns=list(READINGS.names)), source=self.path.name)


def _now(at_us: int | None) -> int:
    return time.time_ns() // 1000 if at_us is None else at_us
