"""The board of presence review: all pairs and cells at one moment, and what the next looks are worth."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from subtheme.proposals.outlook import Evidence, Floats, Outlook, cell_outlook
from subtheme.proposals.pairs import DENYING, Pairs, Places
from subtheme.proposals.stopping import StopRule, cell_state
from subtheme.study import Verdict

_AHEAD = 25
"""Looks at one pair that are planned ahead."""
_LEAST_HIT = 1e-4
"""A look with a smaller chance to confirm costs no more than this one."""
_REFUTED = 0.01
"""A cell whose chance of a majority is below this counts as refuted when looks are estimated."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """One cell: who is in it, what is expected of it, and what settling it takes.

    Attributes
    ----------
    case : str
    row : int
        Number of the sub-theme.
    who, undecided : arrays of participant numbers
        Everybody in the case; those who neither describe the sub-theme nor are ruled out.
    describing : int
    state : str
        ``present``, ``absent`` or ``open``.
    chance : float
        Probability that a majority describes it.
    best_hit : float
        Chance of the best next look to confirm somebody.
    to_confirm : float
        Looks that confirming a majority is expected to take, if there is one.
    expected_looks : float
        Looks to settle the cell either way; 0 where it is settled.
    """

    case: str
    row: int
    who: Places
    undecided: Places
    describing: int
    state: str
    chance: float
    best_hit: float
    to_confirm: float
    expected_looks: float

    @property
    def needed(self) -> int:
        """Further participants that make a majority."""
        return max(0, len(self.who) // 2 + 1 - self.describing)

    @property
    def worth(self) -> float:
        """Expected error that settling the cell takes away, per look."""
        return self.chance / self.to_confirm if self.to_confirm else 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NextLook:
    """A question that may be asked: segment number `place` for the row of `plan`.

    Attributes
    ----------
    plan : Plan
    person, place : int
    number : int
        How many fruitless looks at the pair come before, decided ones included.
    ahead : int
        How many of those are still only planned.
    chance : float
        Probability that it confirms, if the planned looks before it fail.
    """

    plan: Plan
    person: int
    place: int
    number: int
    ahead: int
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Board:
    """All pairs and cells at one moment; made by `board_of`."""

    pairs: Pairs
    rule: StopRule
    remaining: list[list[Places]]
    evidence: Evidence
    chances: Floats
    fruitless: NDArray[np.int64]
    plans: tuple[Plan, ...]

    @property
    def expected_wrong(self) -> float:
        """Expected number of open cells that a majority describes: wrong if all were left as they are."""
        return float(sum(p.chance for p in self.plans if p.state == "open"))

    def next_looks(self) -> Iterator[NextLook]:
        """Yield every question that the rule allows, best evidence first within a pair."""
        for plan in self.plans:
            if self.rule.majority_settled and plan.state != "open":
                continue
            for person in (int(p) for p in plan.who):
                if not self.pairs.ruled_out[person, plan.row]:
                    yield from self._of_pair(plan, person)

    def _of_pair(self, plan: Plan, person: int) -> Iterator[NextLook]:
        described, taken = bool(self.pairs.describes[person, plan.row]), int(self.fruitless[person, plan.row])
        if self.rule.leaves_alone(described=described, fruitless=taken):
            return
        left = _AHEAD if self.rule.looks is None else min(_AHEAD, self.rule.looks - taken)
        at = person * len(self.pairs.rows) + plan.row
        chance, weight = float(self.chances[person, plan.row]), self.evidence.weight[at]
        for ahead, place in enumerate(self.remaining[person][plan.row][:left]):
            if described:
                hit = float(self.pairs.probability[place, plan.row])
            else:
                # After fruitless looks the odds of presence fall with the weight of the evidence left.
                odds = chance / max(1 - chance, 1e-12) * float(weight[ahead]) / max(float(weight[0]), 1e-300)
                hit = odds / (1 + odds) * float(self.evidence.hit[at, ahead])
            yield NextLook(plan=plan, person=person, place=int(place), number=taken + ahead, ahead=ahead, chance=hit)

    def pairs_frame(self) -> pd.DataFrame:
        """Return one row per participant and sub-theme, as in `ReviewQueue.pairs`."""
        people = self.pairs.participants
        count = len(self.pairs.rows)
        best = [
            self.pairs.probability[p[0], r] if len(p) else np.nan for per in self.remaining for r, p in enumerate(per)
        ]
        return pd.DataFrame(
            {
                "participant": people["participant"].repeat(count).to_numpy(),
                "case": people["case"].repeat(count).to_numpy(),
                "sub_theme": list(self.pairs.rows) * len(people),
                "describes": self.pairs.describes.ravel(),
                "ruled_out": self.pairs.ruled_out.ravel(),
                "looks": self.pairs.decided().ravel(),
                "left": [len(p) for per in self.remaining for p in per],
                "highest_left": best,
                "chance": self.chances.ravel(),
            }
        )

    def cells_frame(self) -> pd.DataFrame:
        """Return one row per cell, as in `ReviewQueue.cells`."""
        return pd.DataFrame(
            [
                {
                    "case": p.case,
                    "sub_theme": self.pairs.rows[p.row],
                    "state": p.state,
                    "describing": p.describing,
                    "participants": len(p.who),
                    "chance": {"present": 1.0, "absent": 0.0}.get(p.state, p.chance),
                    "expected_looks": p.expected_looks,
                }
                for p in self.plans
            ],
            columns=["case", "sub_theme", "state", "describing", "participants", "chance", "expected_looks"],
        )


def board_of(pairs: Pairs, rule: StopRule, outlook: Outlook) -> Board:
    """Return the board of `pairs`: the chance of every pair and the plan of every cell."""
    remaining = pairs.remaining()
    evidence = pairs.evidence(remaining, outlook, depth=_AHEAD)
    fruitless = pairs.decided(*DENYING, Verdict.UNSURE.value)
    chances = pairs.describes.astype(np.float64)
    case_of = pairs.participants["case"].to_numpy()
    plans = []
    for case in sorted(set(case_of)):
        who = np.flatnonzero(case_of == case)
        for row in range(len(pairs.rows)):
            is_open = ~pairs.describes[who, row] & ~pairs.ruled_out[who, row]
            undecided, describing = who[is_open], int(pairs.describes[who, row].sum())
            at = undecided * len(pairs.rows) + row
            absent = len(who) - describing - len(undecided)
            expected = cell_outlook(evidence.weight[at, 0], found=describing, absent=absent, outlook=outlook)
            chances[undecided, row] = expected.pairs
            may_ask = np.array([rule.looks is None or f < rule.looks for f in fruitless[undecided, row]], dtype=bool)
            next_hit = evidence.hit[at, 0] if evidence.hit.shape[1] else np.zeros(len(at))
            hits = np.where(may_ask, expected.pairs * next_hit, 0.0)
            state = cell_state(describing, len(undecided), len(who))
            confirm = refute = 0.0
            if state == "open":
                best = np.sort(hits)[::-1][: len(who) // 2 + 1 - describing]
                confirm = float((1 / np.maximum(best, _LEAST_HIT)).sum())
                refute = _looks_to_refute(evidence.weight[at], describing, absent, outlook)
            plans.append(
                Plan(
                    case=case,
                    row=row,
                    who=who,
                    undecided=undecided,
                    describing=describing,
                    state=state,
                    chance=expected.chance,
                    best_hit=max(float(hits.max(initial=0.0)), _LEAST_HIT),
                    to_confirm=confirm,
                    expected_looks=expected.chance * confirm + (1 - expected.chance) * refute if confirm else 0.0,
                )
            )
    return Board(
        pairs=pairs,
        rule=rule,
        remaining=remaining,
        evidence=evidence,
        chances=chances,
        fruitless=fruitless,
        plans=tuple(plans),
    )


def _looks_to_refute(weights: Floats, found: int, absent: int, outlook: Outlook) -> float:
    """Return about how many fruitless looks, spread evenly, bring the chance of a majority under `_REFUTED`."""
    low, high = 0, weights.shape[1] - 1
    while low < high:
        middle = (low + high) // 2
        if cell_outlook(weights[:, middle], found=found, absent=absent, outlook=outlook).chance < _REFUTED:
            high = middle
        else:
            low = middle + 1
    return float(low * len(weights))
