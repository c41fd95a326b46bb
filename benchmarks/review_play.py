"""Presence review played with coders who err, one question at a time. Used by presence_review.py."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from review_data import Replay, SortedPairs

from subtheme.nouns import CONFIRMING, DENYING
from subtheme.proposals.answers import Answers, outlook_after
from subtheme.proposals.board import Plan, plan_cell
from subtheme.proposals.coder_error import CERTAIN, CoderError, error_after, is_to_be_asked_again
from subtheme.proposals.foresight import Foresight, foresight
from subtheme.proposals.outlook import pair_evidence
from subtheme.proposals.pairs import Pairs
from subtheme.proposals.trust import tempered

REFIT = 80
"""Answers after which the outlook is fitted to them anew; the product does so whenever it is asked for questions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Ask about segment `at` of pair `pair`: for the first time, again, or drawn at random."""

    pair: int
    at: int
    worth: float
    is_second: bool = False


class Play:
    """One study in review: what has been answered, by coders of error `coder`, where the product was told `stated`."""

    def __init__(
        self,
        replay: Replay,
        *,
        coder: CoderError = CERTAIN,
        stated: CoderError = CERTAIN,
        random_share: float = 0.0,
        seed: int = 0,
    ) -> None:
        self.replay, self.coder, self.stated, self.random_share = replay, coder, stated, random_share
        self._rng = np.random.default_rng(seed)
        self.rows = replay.truth.shape[1]
        self.known: SortedPairs = replay.sorted_pairs()
        shape = self.known.truth.shape
        self.yes, self.no = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        self.first = np.zeros(shape, dtype=bool)
        self.counts = np.zeros(shape[0], dtype=bool)
        self.case = np.repeat(replay.case, self.rows)
        self.row = np.tile(np.arange(self.rows), len(replay.case))
        self.cells = [
            np.flatnonzero((self.case == c) & (self.row == r)) for c in np.unique(self.case) for r in range(self.rows)
        ]
        self.cell_of = np.empty(len(self.case), dtype=int)
        for number, members in enumerate(self.cells):
            self.cell_of[members] = number
        described = np.asarray(self.known.truth.any(1))
        self.goal = np.array([2 * described[members].sum() > len(members) for members in self.cells])
        self.forecasts: list[tuple[float, float, float, bool]] = []
        self.looks = self.second_looks = self.drawn = 0
        self.foresight = Foresight()
        self.outlook = replace(replay.outlook, error=stated)
        self.refit()

    # ---- what is believed -------------------------------------------------------------------------------------------

    def refit(self) -> None:
        """Fit the outlook to the answers, and plan every cell anew."""
        base = self.known.base
        told = {"confirmations": self.yes, "denials": self.no}
        error = error_after(
            self.stated,
            self.known.probability.ravel(),
            first=self.first.ravel(),
            **{name: counts.ravel() for name, counts in told.items()},
        )
        stated = replace(self.replay.outlook, error=error)
        self.certain = found, absent = self._certain(error)
        answers = Answers(
            probability=self.known.probability,
            found=found,
            absent=absent,
            base=base,
            totals=self.known.sizes,
            row=self.row,
            case=self.case.astype(str),
            **told,
        )
        columns = np.array(self.forecasts, dtype=float).reshape(-1, 4).T
        odds, hit, shift = columns[0], columns[1], columns[2]
        self.foresight = foresight(odds, hit, shift, columns[3].astype(bool), error=error)
        self.outlook = replace(outlook_after(answers, stated), shift=self.foresight.shift)
        self.believed = self.known.probability.copy()
        for case in np.unique(self.case):
            trust = self.outlook.trust.get(str(case), 1.0)
            less = tempered(self.known.probability, base, self.row, trust=trust)
            self.believed[self.case == case] = less[self.case == case]
        pairs = np.arange(len(self.case))
        self.weight, self.hit, self.best = np.zeros(len(pairs)), np.zeros(len(pairs)), np.zeros(len(pairs), dtype=int)
        self._weigh(pairs)
        self.plans: list[Plan] = [self._plan(number) for number in range(len(self.cells))]

    def _certain(self, error: CoderError) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        all_denied = ((self.no > self.yes).sum(1) == self.known.sizes) & (error.missed == 0)
        return self.counts & (error.invented == 0), all_denied

    def _weigh(self, pairs: NDArray[np.intp]) -> None:
        """Find the next segment of `pairs`, and their evidence."""
        error = self.outlook.error
        yes, no, probability = self.yes[pairs], self.no[pairs], self.believed[pairs]
        factor = error.factor(yes, no)
        may_ask = (yes == 0) & (no <= (1 if error.missed > 0 else 0)) & ~np.isnan(probability)
        odds = np.nan_to_num(probability / np.maximum(1 - probability, 1e-12)) * factor
        best = np.where(may_ask, odds, -1.0).argmax(1)
        order = np.argsort(np.arange(probability.shape[1]) != best[:, None], axis=1, kind="stable")
        evidence = pair_evidence(
            np.take_along_axis(probability, order, 1),
            self.known.base[pairs],
            self.known.sizes[pairs],
            self.outlook,
            factor=np.take_along_axis(factor, order, 1),
            depth=1,
        )
        self.weight[pairs], self.best[pairs] = evidence.weight[:, 0], best
        self.hit[pairs] = np.where(may_ask.any(1), evidence.hit[:, 0], 0.0)

    def _plan(self, number: int) -> Plan:
        members, error = self.cells[number], self.outlook.error
        found, absent = (x[members] for x in self.certain)
        unsure = members[~found & ~absent]
        again = np.array([self._again(pair) >= 0 for pair in unsure]) if error.invented > 0 else None
        return plan_cell(
            self.weight[unsure],
            self.hit[unsure],
            found=int(found.sum()),
            participants=len(members),
            outlook=self.outlook,
            describes=self.counts[unsure],
            again=again,
        )

    def _again(self, pair: int) -> int:
        yes, no = self.yes[pair], self.no[pair]
        if ((yes >= no + 2) | ((yes >= 2) & (no == 1))).any():
            return -1
        places = np.flatnonzero(is_to_be_asked_again(yes, no))
        return int(places[self.known.probability[pair, places].argmax()]) if len(places) else -1

    # ---- questions and answers --------------------------------------------------------------------------------------

    @property
    def expected_wrong(self) -> float:
        """Return how many cells are expected not to be what they count as."""
        return sum(plan.wrong for plan in self.plans)

    @property
    def is_present(self) -> NDArray[np.bool_]:
        """Return which cells count as present."""
        return np.array([plan.state == "present" for plan in self.plans])

    @property
    def wrong(self) -> int:
        """Cells that are not what they should be."""
        return int((self.is_present != self.goal).sum())

    @property
    def invented(self) -> int:
        """Those of them that are present without a majority."""
        return int((self.is_present & ~self.goal).sum())

    def next_question(self) -> Question | None:
        """Return what the product asks next; None where no question is worth anything."""
        if self.random_share and self._rng.random() < self.random_share and (drawn := self._draw()) is not None:
            return drawn
        worth = np.array([max(plan.worth, plan.worth_again.max(initial=0.0)) for plan in self.plans])
        number = int(worth.argmax())
        if worth[number] <= 0:
            return None
        members, plan = self.cells[number], self.plans[number]
        found, absent = (x[members] for x in self.certain)
        unsure = members[~found & ~absent]
        if plan.state == "present":
            pair = int(unsure[plan.worth_again.argmax()])
            return Question(pair=pair, at=self._again(pair), worth=float(worth[number]), is_second=True)
        pair = int(unsure[plan.hits.argmax()])
        return Question(pair=pair, at=int(self.best[pair]), worth=float(worth[number]))

    def _draw(self) -> Question | None:
        never = ((self.yes + self.no).sum(1) == 0) & ~self.is_present[self.cell_of] & (self.known.sizes > 0)
        if not never.any():
            return None
        self.drawn += 1
        pair = int(self._rng.choice(np.flatnonzero(never)))
        return Question(pair=pair, at=int(self.best[pair]), worth=0.0)

    def ask(self, question: Question) -> bool:
        """Answer a question as the coder does, and return the answer."""
        pair, at = question.pair, question.at
        is_new = self.yes[pair, at] + self.no[pair, at] == 0
        chance = (1 - self.coder.missed) if self.known.truth[pair, at] else self.coder.invented
        answer = bool(self._rng.random() < chance)
        number = self.cell_of[pair]
        if is_new:
            self.first[pair, at] = answer
            odds = self._odds(pair)
            self.forecasts.append((odds, float(self.hit[pair]), self.outlook.shift, answer))
        (self.yes if answer else self.no)[pair, at] += 1
        error = self.outlook.error
        self.counts[pair] = ((self.yes[pair] > 0) & (self.yes[pair] >= self.no[pair])).any()
        self.certain[0][pair] = self.counts[pair] and error.invented == 0
        is_denied = (self.no[pair] > self.yes[pair]).sum() == self.known.sizes[pair]
        self.certain[1][pair] = is_denied and error.missed == 0
        self.looks += 1
        self.second_looks += question.is_second
        if self.looks % REFIT == 0:
            self.refit()
        else:
            self._weigh(np.array([pair]))
            self.plans[number] = self._plan(number)
        return answer

    def _odds(self, pair: int) -> float:
        number = self.cell_of[pair]
        members = self.cells[number]
        found, absent = (x[members] for x in self.certain)
        chance = float(self.plans[number].chances[np.flatnonzero(members[~found & ~absent] == pair)[0]])
        return chance / max(1 - chance, 1e-12)

    def learn(self, replay: Replay) -> None:
        """Go on with the scores and the outlook of a model that has learned from the answers."""
        new, old = replay.sorted_pairs(), self.known.segment
        to = np.argsort(np.argsort(new.segment, axis=1, kind="stable"), axis=1)
        at = np.take_along_axis(np.argsort(old, axis=1, kind="stable"), to, axis=1)
        self.yes, self.no, self.first = (np.take_along_axis(x, at, axis=1) for x in (self.yes, self.no, self.first))
        self.replay, self.known, self.forecasts = replay, new, []
        self.refit()

    def pairs(self) -> Pairs:
        """Return the product's own table of pairs after these answers."""
        shape = self.replay.truth.shape
        confirmations, denials = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        there = self.known.segment >= 0
        place = (self.known.segment[there], np.broadcast_to(self.row[:, None], there.shape)[there])
        confirmations[place], denials[place] = self.yes[there], self.no[there]
        verdict = np.full(shape, "", dtype="<U16")
        verdict[denials > confirmations] = DENYING[0]
        verdict[(confirmations > 0) & (confirmations >= denials)] = CONFIRMING[0]
        return replace(self.replay.pairs(verdict), confirmations=confirmations, denials=denials)
