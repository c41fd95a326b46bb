"""The board of presence review: all pairs and cells at one moment, and what the next looks are worth."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from subtheme.nouns import DENYING, Verdict
from subtheme.proposals.outlook import Evidence, Outlook, cell_outlook
from subtheme.proposals.pairs import Pairs, Places
from subtheme.proposals.stopping import StopRule, cell_state
from subtheme.proposals.subsets import Floats

_AHEAD = 25
"""Looks at one pair that are planned ahead."""
LEAST_HIT = 1e-4
"""A look with a smaller chance to confirm costs no more than this one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """What is expected of one cell, and what settling it takes.

    Attributes
    ----------
    describing, participants : int
    state : str
        ``present``, ``absent`` or ``open``.
    chance : float
        Probability that a majority describes it.
    chances, hits : arrays
        For every undecided participant, the probability of describing it, and that the next look confirms it.
    to_confirm : float
        Looks that confirming a majority is expected to take, if there is one; 0 where the cell is settled.
    """

    describing: int
    participants: int
    state: str
    chance: float
    chances: Floats
    hits: Floats
    to_confirm: float

    @property
    def needed(self) -> int:
        """Further participants that make a majority."""
        return max(0, self.participants // 2 + 1 - self.describing)

    @property
    def worth(self) -> float:
        """Expected error that settling the cell takes away, per look."""
        return self.chance / self.to_confirm if self.to_confirm else 0.0

    @property
    def best_hit(self) -> float:
        """Chance of the best next look to confirm somebody."""
        return max(float(self.hits.max(initial=0.0)), LEAST_HIT)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellOnBoard:
    """One cell of the table.

    Attributes
    ----------
    case : str
    row : int
        Number of the sub-theme.
    who : array
        Numbers of the participants of the case.
    plan : Plan
    """

    case: str
    row: int
    who: Places
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NextLook:
    """A question that may be asked: segment number `place` for the row of `cell`.

    Attributes
    ----------
    cell : CellOnBoard
    place : int
    number : int
        How many fruitless looks at the pair come before, decided and planned.
    chance : float
        Probability that it confirms, if the planned looks before it fail.
    """

    cell: CellOnBoard
    place: int
    number: int
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Board:
    """All pairs and cells at one moment; made by `board_of`."""

    pairs: Pairs
    rule: StopRule
    outlook: Outlook
    remaining: list[list[Places]]
    evidence: Evidence
    chances: Floats
    fruitless: NDArray[np.int64]
    cells: tuple[CellOnBoard, ...]

    @property
    def expected_wrong(self) -> float:
        """Expected number of open cells that a majority describes: wrong if all were left as they are."""
        return float(sum(c.plan.chance for c in self.cells if c.plan.state == "open"))

    def next_looks(self) -> Iterator[NextLook]:
        """Yield every question that the rule allows, best evidence first within a pair."""
        for cell in self.cells:
            if self.rule.majority_settled and cell.plan.state != "open":
                continue
            for person in (int(p) for p in cell.who):
                if not self.pairs.ruled_out[person, cell.row]:
                    yield from self._of_pair(cell, person)

    def _of_pair(self, cell: CellOnBoard, person: int) -> Iterator[NextLook]:
        described, taken = bool(self.pairs.describes[person, cell.row]), int(self.fruitless[person, cell.row])
        if self.rule.leaves_alone(described=described, fruitless=taken):
            return
        left = _AHEAD if self.rule.looks is None else min(_AHEAD, self.rule.looks - taken)
        at = person * len(self.pairs.rows) + cell.row
        chance, weight = float(self.chances[person, cell.row]), self.evidence.weight[at]
        for ahead, place in enumerate(self.remaining[person][cell.row][:left]):
            if described:
                hit = float(self.pairs.probability[place, cell.row])
            else:
                # After fruitless looks the odds of presence fall with the weight of the evidence left.
                odds = chance / max(1 - chance, 1e-12) * float(weight[ahead]) / max(float(weight[0]), 1e-300)
                hit = odds / (1 + odds) * float(self.evidence.hit[at, ahead])
            yield NextLook(cell=cell, place=int(place), number=taken + ahead, chance=hit)

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
                    "case": c.case,
                    "sub_theme": self.pairs.rows[c.row],
                    "state": c.plan.state,
                    "describing": c.plan.describing,
                    "participants": c.plan.participants,
                    "chance": c.plan.chance,
                }
                for c in self.cells
            ],
            columns=["case", "sub_theme", "state", "describing", "participants", "chance"],
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
            undecided = who[is_open]
            at = undecided * len(pairs.rows) + row
            may_ask = np.array([rule.looks is None or f < rule.looks for f in fruitless[undecided, row]], dtype=bool)
            next_hit = evidence.hit[at, 0] if evidence.hit.shape[1] else np.zeros(len(at))
            plan = plan_cell(
                evidence.weight[at, 0],
                np.where(may_ask, next_hit, 0.0),
                describing=int(pairs.describes[who, row].sum()),
                participants=len(who),
                outlook=outlook,
            )
            chances[undecided, row] = plan.chances
            plans.append(CellOnBoard(case=case, row=row, who=who, plan=plan))
    return Board(
        pairs=pairs,
        rule=rule,
        outlook=outlook,
        remaining=remaining,
        evidence=evidence,
        chances=chances,
        fruitless=fruitless,
        cells=tuple(plans),
    )


def plan_cell(weights: Floats, next_hits: Floats, *, describing: int, participants: int, outlook: Outlook) -> Plan:
    """Return what is expected of a cell and what confirming a majority takes.

    Parameters
    ----------
    weights : array
        Weight of the evidence of every undecided participant.
    next_hits : array
        Chance that the next look at each of them confirms, given that they describe the sub-theme.
    describing, participants : int
        Confirmed participants, and everybody in the case.
    outlook : Outlook
    """
    absent = participants - describing - len(weights)
    expected = cell_outlook(weights, found=describing, absent=absent, outlook=outlook)
    state = cell_state(describing, len(weights), participants)
    hits = expected.pairs * next_hits
    to_confirm = 0.0
    if state == "open":
        best = np.sort(hits)[::-1][: participants // 2 + 1 - describing]
        to_confirm = float((1 / np.maximum(best, LEAST_HIT)).sum())
    return Plan(
        describing=describing,
        participants=participants,
        state=state,
        chance={"present": 1.0, "absent": 0.0}.get(state, expected.chance),
        chances=expected.pairs,
        hits=hits,
        to_confirm=to_confirm,
    )
