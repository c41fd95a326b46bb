"""Walks through the orders: which segments come next, which are done, and why each comes."""

from collections.abc import Iterator
from dataclasses import dataclass

from subtheme.errors import InputError, Problem, suggestion
from subtheme.review.arm import is_drawn
from subtheme.review.desk import Desk
from subtheme.review.order import FLAGGED, OWN_ORDERS, Order, Stop, own_stops

_DECOYS = 1 / 3
"""Share of the blind arm's segments without proposals that are asked about, so that being asked tells less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planned:
    stops: list[Stop]
    position: dict[int, int]


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

    def __init__(self, desk: Desk, *, first: str = "transcript") -> None:
        self._desk = desk
        self._first = ""
        self._first = self.order(first).id
        self._planned: dict[str, _Planned] = {}

    @property
    def orders(self) -> tuple[Order, ...]:
        """Orders that can be taken."""
        return OWN_ORDERS

    def order(self, identifier: str) -> Order:
        """Return the order of that id, or the first one for an empty id.

        Raises
        ------
        InputError
            If there is none.
        """
        known = {o.id: o for o in self.orders}
        identifier = identifier or self._first
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
        position = plan.position.get(number)
        return plan.stops[position] if position is not None else Stop(number=number)

    def ahead(self, order: str, *, after: int | None = None, count: int = 1) -> list[Stop]:
        """Return the next segments that are not finished, after one of them or from the start, then from the start.

        Raises
        ------
        InputError
            If there is no such order.
        """
        plan = self._plan(order)
        begin = plan.position.get(after, -1) + 1 if after is not None else 0
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
        passage = self._desk.material.passages[stop.number]
        return self._desk.log.is_finished(passage.segment)

    def _plan(self, order: str) -> _Planned:
        order = self.order(order).id
        with self._desk.lock:
            plan = self._planned.get(order)
            if plan is None or order == FLAGGED.id:
                stops = own_stops(
                    order,
                    material=self._desk.material,
                    log=self._desk.log,
                    arm_of=self._desk.arm,
                    is_drawn=self._is_decoy,
                )
                plan = _Planned(stops=stops, position={s.number: i for i, s in reversed(list(enumerate(stops)))})
                self._planned[order] = plan
            return plan

    def _is_decoy(self, segment: str) -> bool:
        desk = self._desk
        return is_drawn("unsuggested", segment, coder=desk.coder, key=desk.material.study_id, share=_DECOYS)
