"""The record of one coder: every event on the disk before it is taken into what the page knows."""

import threading
import time
from collections.abc import Sequence

from subtheme.errors import InputError, Problem
from subtheme.files import Mark, Store
from subtheme.judgements import holding
from subtheme.nouns import Decision
from subtheme.review.coder_log import BATCH, CoderLog

AGAIN = "Load the page again"
_TAKEN = Problem(what="this answer's id belongs to another answer", remedy=AGAIN)


class Record:
    """Writes a coder's events to the store, one action after the other, and keeps their projection.

    Parameters
    ----------
    store : Store
        Its lock is held by the caller for as long as the record is used.
    coder : str
    """

    def __init__(self, store: Store, coder: str) -> None:
        self.store = store
        self.lock = threading.RLock()
        self.log = CoderLog(coder)
        self.log.load(store.decisions(), store.marks())

    def keep(
        self, decisions: Sequence[Decision], marks: Sequence[Mark] = (), *, batch: str, is_page: bool = True
    ) -> None:
        """Store events that are new and take them into the projection; a repeated delivery changes nothing.

        Raises
        ------
        InputError
            If an event's id belongs to another event.
        """
        events: list[Decision | Mark] = [*decisions, *marks]
        new = [e for e in events if not self._is_repeated(e)]
        if not new:
            return
        name = f"{BATCH}{batch}" if is_page else batch
        with self.store.writing():
            stored = self.store.append_answers(
                [e for e in new if isinstance(e, Decision)], [e for e in new if isinstance(e, Mark)], batch=name
            )
            if stored != len(new):  # somebody else's event has that id: leaving the block so stores nothing
                raise InputError(_TAKEN)
        for event in new:
            if isinstance(event, Decision):
                self.log.take_decision(event, batch=name)
            else:
                self.log.take_mark(event)

    def take_back(self, uids: Sequence[str]) -> int:
        """Take back events of this coder that hold; return how many."""
        with self.lock:
            wanted = set(uids)
            own = [e for e in holding(self.store.events()).events if e.uid in wanted and e.coder == self.log.coder]
            with self.store.writing():
                count = self.store.take_back(own, coder=self.log.coder, at_us=self.now_us(), batch="")
            again = CoderLog(self.log.coder)
            again.load(self.store.decisions(), self.store.marks())
            again.version += self.log.version
            self.log = again
            return count

    def now_us(self) -> int:
        """Return the time; later than every event before, so that the log's order is the order of time."""
        return max(time.time_ns() // 1000, self.log.last_us + 1)

    def _is_repeated(self, event: Decision | Mark) -> bool:
        """Whether the event was stored before; one uid for two different things is refused."""
        before = self.log.known(event.uid)
        if before is None:
            return False
        same = (before.segment, before.code, _what(before)) == (event.segment, event.code, _what(event))
        if not same:
            raise InputError(_TAKEN)
        return True


def _what(event: Decision | Mark) -> str:
    return event.verdict.value if isinstance(event, Decision) else event.kind.value
