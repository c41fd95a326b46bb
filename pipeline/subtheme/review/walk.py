"""Walks through the orders: which segments come next, which are done, and why each comes."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from subtheme.errors import InputError, Problem, suggestion
from subtheme.review.arm import is_drawn
from subtheme.review.desk import Desk
from subtheme.review.order import BULK, DISAGREEMENTS, DISPUTE_REASON, FLAGGED, OWN_ORDERS, Order, Stop, own_stops
from subtheme.review.presence import PRESENCE_ORDERS, presence_stops

_DECOYS = 1 / 3
"""Share of the blind arm's segments without proposals that are asked about, so that being asked tells less."""

_LIVELY = {FLAGGED.id, BULK.id}
"""Orders that change with every answer and cost nothing to draw up."""

_FRESH_S = 20.0
"""Orders of presence review are drawn up again after answers, but not more often than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    stops: list[Stop]
    places: dict[int, list[int]]
    version: int
    at_s: float


class Walk:
    """The orders of one desk.

    Parameters
    ----------
    desk : Desk
    first : str
        Order that is meant where none is named.

    Raises
    ------
    InputError
        If there is no such order.
    """

    def __init__(self, desk: Desk, *, first: str = "") -> None:
        self._desk = desk
        self._first = ""
        self._first = self.order(first).id
        self._planning = threading.Lock()
        self._planned: dict[str, _Planned] = {}

    @property
    def orders(self) -> tuple[Order, ...]:
        """Orders that can be taken."""
        if self._desk.adjudication is not None:
            return (DISAGREEMENTS,)
        return (*PRESENCE_ORDERS, *OWN_ORDERS) if self._desk.material.suggestions else OWN_ORDERS

    def order(self, identifier: str) -> Order:
        """Return the order of that id, or the first one for an empty id.

        Raises
        ------
        InputError
            If there is none.
        """
        known = {o.id: o for o in self.orders}
        identifier = identifier or self._first or self.orders[0].id
        if identifier not in known:
            raise InputError(
                Problem(
                    what="unknown order", expected=f"one of {', '.join(known)}", remedy=suggestion(identifier, known)
                )
            )
        return known[identifier]

    def stops(self, order: str) -> list[Stop]:
        """Return the segments of an order, finished ones among them.

        Raises
        ------
        InputError
            If there is no such order.
        """
        return self._plan(order).stops

    def stop(self, order: str, number: int) -> Stop:
        """Return the place of a segment in an order; one outside of it is visited without a reason.

        Raises
        ------
        InputError
            If there is no such order.
        """
        plan = self._plan(order)
        stops = [plan.stops[place] for place in plan.places.get(number, ())]
        is_open = (s for s in stops if not self._is_done(s))
        return next(is_open, stops[0] if stops else Stop(number=number))

    def ahead(self, order: str, *, after: int | None = None, count: int = 1) -> list[Stop]:
        """Return the next segments that are not finished, after one of them or from the start, then from the start.

        Raises
        ------
        InputError
            If there is no such order.
        """
        plan = self._plan(order)
        begin = plan.places.get(after, [-1])[0] + 1 if after is not None else 0
        found: list[Stop] = []
        seen = {after}
        for stop in self._open_from(plan.stops, begin):
            if stop.number not in seen:
                seen.add(stop.number)
                found.append(stop)
            if len(found) == count:
                break
        return found

    def counts(self, order: str) -> tuple[int, int]:
        """Return how many segments of an order are finished, and how many there are.

        Raises
        ------
        InputError
            If there is no such order.
        """
        stops = self.stops(order)
        return sum(self._is_done(s) for s in stops), len(stops)

    def _open_from(self, stops: list[Stop], begin: int) -> Iterator[Stop]:
        for position in range(len(stops)):
            stop = stops[(begin + position) % len(stops)]
            if not self._is_done(stop):
                yield stop

    def _is_done(self, stop: Stop) -> bool:
        segment, log = self._desk.material.passages[stop.number].segment, self._desk.log
        return log.is_answered(segment, stop.code) if stop.needs_answer else log.is_finished(segment, stop.code)

    def _plan(self, order: str) -> _Planned:
        order = self.order(order).id
        with self._planning:
            return self._new_plan(order)

    def _new_plan(self, order: str) -> _Planned:
        plan = self._planned.get(order)
        version = self._desk.log.version
        if plan is None or (order in _LIVELY and plan.version != version) or self._is_stale(order, plan, version):
            # a question answered since the plan was drawn is passed over as done: an older plan does no harm
            stops = self._stops(order)
            places: dict[int, list[int]] = {}
            for place, stop in enumerate(stops):
                places.setdefault(stop.number, []).append(place)
            plan = _Planned(stops=stops, places=places, version=version, at_s=time.monotonic())
            self._planned[order] = plan
        return plan

    def _is_stale(self, order: str, plan: _Planned, version: int) -> bool:
        is_presence = order in {o.id for o in PRESENCE_ORDERS}
        return is_presence and plan.version != version and time.monotonic() - plan.at_s > _FRESH_S

    def _stops(self, order: str) -> list[Stop]:
        desk = self._desk
        if order in {o.id for o in PRESENCE_ORDERS}:
            return presence_stops(order, material=desk.material, study=desk.study, arm_of=desk.arm)
        if desk.adjudication is not None:
            with desk.lock:
                disputes = desk.adjudication.disputes()
            numbers = {segment: desk.material.by_segment[segment].number for segment in disputes}
            return [
                Stop(number=numbers[segment], code=code, reason=DISPUTE_REASON, needs_answer=True)
                for segment, by_code in disputes.items()
                for code in by_code
            ]
        with desk.lock:
            return own_stops(order, material=desk.material, log=desk.log, arm_of=desk.arm, is_drawn=self._is_drawn)

    def _is_drawn(self, purpose: str, segment: str) -> bool:
        desk = self._desk
        if purpose == "overlap":
            return desk.draw.is_overlap(segment)
        return is_drawn(purpose, segment, coder=desk.coder, key=desk.material.study_id, share=_DECOYS)
