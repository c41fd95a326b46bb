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
        Who counts as describing it now, and everybody in the case.
    state : str
        ``present``, ``absent`` or ``open``, by these counts.
    chance : float
        Probability that a majority describes it.
    chances, hits : arrays
        For everybody of whom something may still be learned, the probability of describing it, and that the next look
        confirms it rightly.
    doubts : array
        For the same, the probability that the confirmation by which they count is wrong, where it may be looked at
        again; 0 elsewhere.
    to_confirm : float
        Looks that confirming a majority is expected to take, if there is one; 0 where no look can.
    """

    describing: int
    participants: int
    state: str
    chance: float
    chances: Floats
    hits: Floats
    doubts: Floats
    to_confirm: float

    @property
    def needed(self) -> int:
        """Further participants that make a majority."""
        return max(0, self.participants // 2 + 1 - self.describing)

    @property
    def wrong(self) -> float:
        """Chance that the cell is not what its counts say: present without a majority, or not present with one."""
        return 1 - self.chance if self.state == "present" else self.chance

    @property
    def worth(self) -> float:
        """Expected error that settling the cell takes away, per look at those who do not count."""
        return self.chance / self.to_confirm if self.to_confirm else 0.0

    @property
    def best_hit(self) -> float:
        """Chance of the best next look to confirm somebody."""
        return max(float(self.hits.max(initial=0.0)), LEAST_HIT)

    @property
    def worth_again(self) -> Floats:
        """Expected error that a second look at each confirmation takes away, where a present cell rests on it."""
        if self.state != "present":
            return np.zeros_like(self.doubts)
        every = float((1 - self.chances[self.doubts > 0]).sum())
        return self.wrong * self.doubts / max(every, 1e-300)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellOnBoard:
    """One cell of the table.

    Attributes
    ----------
    case : str
    row : int
        Number of the sub-theme.
    who, unsure : arrays
        Numbers of the participants of the case, and of those whom the arrays of `plan` are about.
    plan : Plan
    """

    case: str
    row: int
    who: Places
    unsure: Places
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
    worth : float
        Expected error that it takes away.
    answers : int
        How many answers the segment has had already.
    odds, hit : float
        What `chance` comes from: the odds that the participant describes the sub-theme, and the chance that the segment
        carries it if so. A forecast keeps them (`foresight`).
    """

    cell: CellOnBoard
    place: int
    number: int
    chance: float
    worth: float
    answers: int
    odds: float
    hit: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Board:
    """All pairs and cells at one moment; made by `board_of`.

    Attributes
    ----------
    pairs : Pairs
    rule : StopRule
    outlook : Outlook
    remaining : list of list of array
        Segments of every participant and row that may be asked about, best evidence first.
    again : array of shape (participants, rows)
        Segment whose confirmation may be looked at again; -1 for none.
    absent : array of shape (participants, rows) of bool
        Who does not describe the row for certain.
    evidence : Evidence
    chances : array of shape (participants, rows)
        Probability that the participant describes it.
    fruitless : array of shape (participants, rows)
        Looks that did not confirm.
    cells : tuple of CellOnBoard
    """

    pairs: Pairs
    rule: StopRule
    outlook: Outlook
    remaining: list[list[Places]]
    again: NDArray[np.intp]
    absent: NDArray[np.bool_]
    evidence: Evidence
    chances: Floats
    fruitless: NDArray[np.int64]
    cells: tuple[CellOnBoard, ...]

    @property
    def expected_wrong(self) -> float:
        """Expected number of cells that are not what they count as: wrong if all were left as it is."""
        return float(sum(c.plan.wrong for c in self.cells))

    def next_looks(self) -> Iterator[NextLook]:
        """Yield every question that the rule allows, best evidence first within a pair."""
        is_sure = self.outlook.error.invented == 0
        for cell in self.cells:
            if not is_sure:
                yield from self._second_looks(cell)
            if self.rule.majority_settled and self._is_settled(cell.plan):
                continue
            for person in (int(p) for p in cell.who):
                if not self.absent[person, cell.row]:
                    yield from self._of_pair(cell, person)

    def _is_settled(self, plan: Plan) -> bool:
        """Whether no first look is left to be asked: an absence that rests on answers may be looked at again."""
        return plan.state == "present" or (plan.state == "absent" and not plan.to_confirm)

    def _second_looks(self, cell: CellOnBoard) -> Iterator[NextLook]:
        confirmations, denials = self.pairs.told
        for person, worth, chance in zip(cell.unsure, cell.plan.worth_again, cell.plan.chances, strict=True):
            place = int(self.again[person, cell.row])
            if worth > 0 and place >= 0:
                yield NextLook(
                    cell=cell,
                    place=place,
                    number=int(self.fruitless[person, cell.row]),
                    chance=float(self.outlook.error.chance_to_confirm(chance)),
                    worth=float(worth),
                    answers=int(confirmations[place, cell.row] + denials[place, cell.row]),
                    odds=float(chance / max(1 - chance, 1e-12)),
                    hit=1.0,
                )

    def _of_pair(self, cell: CellOnBoard, person: int) -> Iterator[NextLook]:
        described, taken = bool(self.pairs.describes[person, cell.row]), int(self.fruitless[person, cell.row])
        if self.rule.leaves_alone(described=described, fruitless=taken):
            return
        left = _AHEAD if self.rule.looks is None else min(_AHEAD, self.rule.looks - taken)
        at = person * len(self.pairs.rows) + cell.row
        chance, weight = float(self.chances[person, cell.row]), self.evidence.weight[at]
        plan, error = cell.plan, self.outlook.error
        given = np.add(*self.pairs.told)
        for ahead, place in enumerate(self.remaining[person][cell.row][:left]):
            if described:
                odds, hit = 1e12, float(self.pairs.probability[place, cell.row])
            else:
                # After fruitless looks the odds of presence fall with the weight of the evidence left.
                odds = chance / max(1 - chance, 1e-12) * float(weight[ahead]) / max(float(weight[0]), 1e-300)
                hit = float(self.evidence.hit[at, ahead])
            rightly = odds / (1 + odds) * hit
            yield NextLook(
                cell=cell,
                place=int(place),
                number=taken + ahead,
                chance=float(error.chance_to_confirm(np.array(rightly))),
                worth=plan.worth * rightly / plan.best_hit,
                answers=int(given[place, cell.row]),
                odds=odds,
                hit=hit,
            )

    def pairs_frame(self) -> pd.DataFrame:
        """Return one row per participant and sub-theme, as in `ReviewQueue.pairs`."""
        people = self.pairs.participants
        count = len(self.pairs.rows)
        unasked = [[p[self.pairs.verdict[p, r] == ""] for r, p in enumerate(per)] for per in self.remaining]
        best = [self.pairs.probability[p[0], r] if len(p) else np.nan for per in unasked for r, p in enumerate(per)]
        return pd.DataFrame(
            {
                "participant": people["participant"].repeat(count).to_numpy(),
                "case": people["case"].repeat(count).to_numpy(),
                "sub_theme": list(self.pairs.rows) * len(people),
                "describes": self.pairs.describes.ravel(),
                "ruled_out": self.pairs.ruled_out.ravel(),
                "looks": self.pairs.decided().ravel(),
                "left": [len(p) for per in unasked for p in per],
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
    remaining = pairs.remaining(outlook.error)
    evidence = pairs.evidence(remaining, outlook, depth=_AHEAD)
    fruitless = pairs.decided(*DENYING, Verdict.UNSURE.value)
    again = pairs.again()
    found, absent = pairs.is_found(outlook.error), pairs.is_absent(outlook.error)
    chances = found.astype(np.float64)
    case_of = pairs.participants["case"].to_numpy()
    plans = []
    for case in sorted(set(case_of)):
        who = np.flatnonzero(case_of == case)
        for row in range(len(pairs.rows)):
            unsure = who[~found[who, row] & ~absent[who, row]]
            at = unsure * len(pairs.rows) + row
            may_ask = np.array([rule.looks is None or f < rule.looks for f in fruitless[unsure, row]], dtype=bool)
            next_hit = evidence.hit[at, 0] if evidence.hit.shape[1] else np.zeros(len(at))
            plan = plan_cell(
                evidence.weight[at, 0],
                np.where(may_ask, next_hit, 0.0),
                found=int(found[who, row].sum()),
                participants=len(who),
                outlook=outlook,
                describes=pairs.describes[unsure, row],
                ruled_out=pairs.ruled_out[unsure, row],
                again=again[unsure, row] >= 0,
            )
            chances[unsure, row] = plan.chances
            plans.append(CellOnBoard(case=case, row=row, who=who, unsure=unsure, plan=plan))
    return Board(
        pairs=pairs,
        rule=rule,
        outlook=outlook,
        remaining=remaining,
        again=again,
        absent=absent,
        evidence=evidence,
        chances=chances,
        fruitless=fruitless,
        cells=tuple(plans),
    )


def plan_cell(
    weights: Floats,
    next_hits: Floats,
    *,
    found: int,
    participants: int,
    outlook: Outlook,
    describes: NDArray[np.bool_] | None = None,
    ruled_out: NDArray[np.bool_] | None = None,
    again: NDArray[np.bool_] | None = None,
) -> Plan:
    """Return what is expected of a cell and what confirming a majority takes.

    Parameters
    ----------
    weights : array
        Weight of the evidence of everybody who is neither known for certain to describe it nor not to.
    next_hits : array
        Chance that the next look at each of them finds a true segment, given that they describe the sub-theme.
    found, participants : int
        Participants known for certain to describe it, and everybody in the case.
    outlook : Outlook
    describes, ruled_out : arrays of bool, optional
        Who of them counts as describing it, or as not describing it, by answers that may be wrong; nobody by default.
    again : array of bool, optional
        Whose confirmation may be looked at again; nobody's by default.
    """
    nobody = np.zeros(len(weights), dtype=bool)
    describes, ruled_out, again = (nobody if x is None else x for x in (describes, ruled_out, again))
    absent = participants - found - len(weights)
    expected = cell_outlook(weights, found=found, absent=absent, outlook=outlook)
    describing = found + int(describes.sum())
    state = cell_state(describing, len(weights) - int((describes | ruled_out).sum()), participants)
    hits = np.where(describes, 0.0, expected.pairs * next_hits * (1 - outlook.error.missed))
    to_confirm, needed = 0.0, participants // 2 + 1 - describing
    if state == "open" or (state == "absent" and np.count_nonzero(hits) >= needed):
        best = np.sort(hits)[::-1][:needed]
        to_confirm = float((1 / np.maximum(best, LEAST_HIT)).sum())
    is_certain = absent * 2 >= participants or found * 2 > participants
    chance = float(found * 2 > participants) if is_certain else expected.chance
    return Plan(
        describing=describing,
        participants=participants,
        state=state,
        chance=chance,
        chances=expected.pairs,
        hits=hits,
        doubts=np.where(describes & again, 1 - expected.pairs, 0.0),
        to_confirm=to_confirm,
    )
