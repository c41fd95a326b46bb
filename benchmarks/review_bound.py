"""What no order can do without: a bound of looks for one study. Used by presence_review.py.

A clairvoyant knows every answer beforehand and asks only to prove the table. A present cell is proved by one true segment
of each of a bare majority; nothing less will do, however good the scores are. An absent cell has no such proof: it is
believed once the looks that found nothing make a majority unlikely. How many that takes depends on the scores. Both parts
together are what the product's own rule of risk costs somebody who never asks in vain.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from review_data import Replay, View

from subtheme.nouns import is_majority
from subtheme.proposals.answers import outlook_after
from subtheme.proposals.board import plan_cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """Looks of a clairvoyant.

    Attributes
    ----------
    confirming : int
        True segments that prove every present cell.
    denying : int
        Fruitless looks in absent cells after which the expected number of wrong cells is within the bound. The cheapest
        looks are taken cell by cell and then over all cells by how much each takes away, so this may be a few too many.
    """

    confirming: int
    denying: int


def bound_of(replay: Replay, *, risk: float) -> Bound:
    """Return what proves the table of `replay` down to `risk` expected wrong cells."""
    rows = replay.truth.shape[1]
    ordered = replay.sorted_pairs()
    first, is_described = ordered.truth.argmax(1), ordered.truth.any(1)
    everything = ordered.answers(np.where(is_described, first, ordered.sizes), is_described)
    seen = View.of(ordered, outlook_after(everything, replay.outlook))
    confirming, curves = 0, []
    for case in np.unique(replay.case):
        members = np.flatnonzero(replay.case == case)
        for row in range(rows):
            pairs = members * rows + row
            if is_majority(int(is_described[pairs].sum()), len(pairs)):
                confirming += len(pairs) // 2 + 1
            else:
                may_ask = ~is_described[pairs]
                least = risk / (4 * len(np.unique(replay.case)) * rows)
                curves.append(_denying(seen, pairs, ordered.sizes[pairs], may_ask, least))
    return Bound(confirming=confirming, denying=_cheapest(curves, risk))


def _denying(
    seen: View, pairs: NDArray[np.intp], sizes: NDArray[np.int64], may_ask: NDArray[np.bool_], least: float
) -> NDArray[np.float64]:
    """Return the chance of a majority after 0, 1, 2, … fruitless looks at those who do not describe it."""
    looked = np.zeros(len(sizes), dtype=int)
    chances = []
    while True:
        undecided = np.flatnonzero(looked < sizes)
        at = looked[undecided]
        plan = plan_cell(
            seen.weight[pairs[undecided], at],
            seen.hit[pairs[undecided], at],
            found=0,
            participants=len(sizes),
            outlook=seen.outlook,
        )
        chances.append(plan.chance)
        hits = np.where(may_ask[undecided], plan.hits, -1.0)
        if plan.state != "open" or plan.chance <= least or hits.max(initial=-1.0) < 0:
            return np.array(chances)
        looked[undecided[hits.argmax()]] += 1


def _cheapest(curves: list[NDArray[np.float64]], risk: float) -> int:
    """Return the fewest looks whose chances sum to at most `risk`, always going on where a look takes away most."""
    steps = sorted((step for curve in curves for step in _steps(curve)), key=lambda s: -s[1] / s[0])
    left, looks = sum(float(curve[0]) for curve in curves), 0
    for length, fall in steps:
        if left <= risk:
            break
        needed = min(length, int(np.ceil(length * (left - risk) / fall)))
        looks, left = looks + needed, left - fall
    return looks


def _steps(curve: NDArray[np.float64]) -> list[tuple[int, float]]:
    """Return (looks, fall) along the lower convex hull of a curve."""
    steps, at = [], 0
    while at < len(curve) - 1:
        ahead = np.arange(at + 1, len(curve))
        rate = (curve[at] - curve[ahead]) / (ahead - at)
        to = int(ahead[rate.argmax()])
        if rate.max() <= 0:
            break
        steps.append((to - at, float(curve[at] - curve[to])))
        at = to
    return steps
