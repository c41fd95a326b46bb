"""Looks left: what review is likely to take until few enough cells can still be wrong, played through from the outlook.

Who describes a sub-theme is drawn from what is expected now, and the order ``settle`` asked to its end; several times
over, since how long the end is depends on how many cells turn out to be nearly present. The draws differ in what the
outlook may be wrong about as well: the number of true segments, and how much the rates of cases differ.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from subtheme.proposals.board import LEAST_HIT, Board
from subtheme.proposals.coder_error import CoderError
from subtheme.proposals.outlook import Evidence, Outlook, rates_of
from subtheme.proposals.subsets import Floats

_DRAWS = 12
_RATES = 15
"""Rates of a case that are told apart."""
_NUMBERS_OFF = np.exp(0.4 * np.array([-1.15, -0.32, 0.32, 1.15]))
"""Factors by which the further true segments may be off: middles of the quarters of a log-normal number."""
_SHIFTS = (-1.0, -0.5, 0.0, 0.5, 1.0)
"""Shifts of the mean of the rates' prior that are tried, in log odds; normal with standard deviation `_SHIFT_OFF`."""
_SHIFT_OFF = 0.7
_WEIGHTS = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Participants that this prior may weigh as much as; log-normal around 2."""
_WIDER = 1.4
"""Factor by which the range is widened on either side, for what the draws do not vary: see presence-review.md."""
_MOST = 4000
"""Rounds after which a draw that never comes to an end is left."""
_NO_CHANCE = 1e-9
"""A cell whose chance to be wrong is smaller is settled."""
_SURE = 1e12
"""Weight of evidence that is as good as certain."""
_TOGETHER = 0.6
"""Cells that are worth this part of the best one are asked about in the same round."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LooksLeft:
    """How many looks are left until enough.

    Attributes
    ----------
    cells : pandas.DataFrame
        One row per cell: `case`, `sub_theme` and `expected_looks`, the mean over the draws; 0 where the cell is
        settled, or so unlikely to be present that it is left as it is.
    low, high : int
        Looks of all cells together in the second lowest and second highest of twelve draws, wider by the factor
        `_WIDER`, no fewer than one where any is left, and no more than there are questions.
    """

    cells: pd.DataFrame
    low: int
    high: int

    @property
    def expected(self) -> float:
        """Looks of all cells together, the mean over the draws."""
        return float(self.cells["expected_looks"].sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Standing:
    """Where rows of the game stand: the chance to be wrong, the next look and its worth."""

    wrong: Floats
    worth: Floats
    who: NDArray[np.intp]
    is_second: NDArray[np.bool_]


@dataclass(slots=True, kw_only=True, eq=False)
class _Game:
    """Draws of all cells, one row each; columns are participants of the case.

    Attributes
    ----------
    weight, hit : arrays of shape (numbers of true segments x cells, participants, looks + 1)
        Evidence after so many fruitless looks; the last `hit` is 0.
    cell : array of shape (rows,)
        Where the row's cell, under the number of its draw, lies in `weight` and `hit`.
    describes : array of shape (rows, participants) of bool
        Drawn.
    draw, needed : arrays of shape (rows,)
        Number of the draw, and participants who make a majority.
    looked, present, absent : arrays of shape (rows, participants)
        Fruitless looks; weight of what is known if the participant describes it, and if not. Found for certain: 1 and
        0; ruled out: 0 and 1; unsure: the weight of the evidence and 1. A column that belongs to nobody is kept from
        counting by `member`.
    counted, right : arrays of shape (rows, participants) of bool
        Who counts as describing it, and whether the segment by which they count carries it.
    again : array of shape (rows, participants) of int
        Answers on that segment; 0 where no more are asked for.
    rates : array
        Equally likely rates of a case.
    error : CoderError
    """

    weight: Floats
    hit: Floats
    cell: NDArray[np.int64]
    describes: NDArray[np.bool_]
    draw: NDArray[np.int64]
    needed: NDArray[np.int64]
    looked: NDArray[np.int64]
    present: Floats
    absent: Floats
    member: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    right: NDArray[np.bool_]
    again: NDArray[np.int64]
    rates: Floats
    error: CoderError

    def standing(self, rows: NDArray[np.intp]) -> _Standing:
        """Return where `rows` stand."""
        present, absent, counted = self.present[rows], self.absent[rows], self.counted[rows]
        rates = self.rates[:, None, None]
        like = np.where(self.member[rows], rates * present + (1 - rates) * absent, 1.0)
        post = np.log(np.maximum(like, 1e-300)).sum(2)
        post = np.exp(post - post.max(0))
        post /= post.sum(0)
        each = rates * present / np.maximum(like, 1e-300) * self.member[rows]
        most = int(self.needed[rows].max())
        fewer = np.zeros((*post.shape, most))
        fewer[:, :, 0] = 1.0
        for person in range(present.shape[1]):
            chance = each[:, :, person, None]
            one_more = fewer[:, :, :-1] * chance
            fewer *= 1 - chance
            fewer[:, :, 1:] += one_more
        counts = np.einsum("rb,rbk->bk", post, fewer)
        is_fewer = np.arange(most)[None, :] < self.needed[rows, None]
        chance = np.clip(1 - np.where(is_fewer, counts, 0.0).sum(1), 0.0, 1.0)
        describing = np.einsum("rb,rbn->bn", post, each)
        people = np.arange(present.shape[1])[None, :]
        next_hit = self.hit[self.cell[rows, None], people, self.looked[rows]] * (1 - self.error.missed)
        hits = np.where(~counted & (absent > 0), describing * next_hit, 0.0)
        left = self.needed[rows] - counted.sum(1)
        costs = (1 / np.maximum(-np.sort(-hits, axis=1), LEAST_HIT)).cumsum(1)
        cost = costs[np.arange(len(rows)), np.clip(left - 1, 0, costs.shape[1] - 1)]
        wrong = np.where(left <= 0, 1 - chance, chance)
        wrong[wrong < _NO_CHANCE] = 0.0
        first = np.where((left > 0) & ((hits > 0).sum(1) >= left), wrong / cost, 0.0)
        doubts = np.where(counted & (self.again[rows] > 0), 1 - describing, 0.0)
        every = np.where(counted, 1 - describing, 0.0).sum(1)
        second = np.where(left <= 0, wrong * doubts.max(1) / np.maximum(every, 1e-300), 0.0)
        is_second = second > first
        return _Standing(
            wrong=wrong,
            worth=np.where(is_second, second, first),
            who=np.where(is_second, doubts.argmax(1), hits.argmax(1)),
            is_second=is_second,
        )

    def look(self, rows: NDArray[np.intp], who: NDArray[np.intp], rng: np.random.Generator) -> None:
        """Ask once in every one of `rows`, about participant `who`."""
        at, cell = self.looked[rows, who], self.cell[rows]
        hit = self.hit[cell, who, at]
        is_true = self.describes[rows, who] & (rng.random(len(rows)) < hit)
        confirms = self._answer(is_true, rng)
        self.looked[rows, who] = at + ~confirms
        is_certain = self.error.invented == 0
        found = 1.0 if is_certain else self.present[rows, who] * (1 + hit * (self.error.confirming - 1))
        denied = self.weight[cell, who, self.looked[rows, who]]
        self.present[rows, who] = np.where(confirms, np.minimum(found, _SURE), denied)
        self.absent[rows, who] = np.where(confirms & is_certain, 0.0, 1.0)
        self.counted[rows, who], self.right[rows, who] = confirms, is_true
        self.again[rows, who] = np.where(confirms & (not is_certain), 1, 0)

    def look_again(self, rows: NDArray[np.intp], who: NDArray[np.intp], rng: np.random.Generator) -> None:
        """Ask once more in every one of `rows` about the segment by which participant `who` counts."""
        answers, confirms = self.again[rows, who], self._answer(self.right[rows, who], rng)
        falls = ~confirms & (answers > 1)
        self.looked[rows, who] = np.minimum(self.looked[rows, who] + falls, self.hit.shape[2] - 1)
        factor = np.where(confirms, self.error.confirming, self.error.denying)
        before = self.weight[self.cell[rows], who, self.looked[rows, who]]
        after = np.clip(self.present[rows, who] * factor, before, np.maximum(before, _SURE))
        self.present[rows, who] = np.where(falls, before, after)
        self.counted[rows, who] = ~falls
        self.again[rows, who] = np.where(confirms | falls, 0, answers + 1)

    def _answer(self, is_true: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.bool_]:
        chance = np.where(is_true, 1 - self.error.missed, self.error.invented)
        confirms: NDArray[np.bool_] = rng.random(len(is_true)) < chance
        return confirms


def looks_left(board: Board, *, risk: float, rng: np.random.Generator) -> LooksLeft:
    """Return how many looks are left until at most `risk` cells are expected to be wrong.

    Parameters
    ----------
    board : Board
    risk : float
        Expected number of wrong cells at which review stops.
    rng : numpy.random.Generator
    """
    at = [i for i, cell in enumerate(board.cells) if cell.plan.wrong > _NO_CHANCE]
    looks, most = np.zeros((_DRAWS, len(board.cells))), 0
    if at:
        game = _dealt(board, at, rng)
        most = int(
            ((game.hit[: len(at)] > 0).sum(2) * ~game.counted[: len(at)]).sum() + 2 * game.counted[: len(at)].sum()
        )
        rows, cell_of = np.arange(len(game.draw)), np.tile(at, _DRAWS)
        now = game.standing(rows)
        wrong, worth, who, is_second = now.wrong, now.worth, now.who, now.is_second
        for _ in range(_MOST):
            too_many = np.bincount(game.draw, weights=wrong, minlength=_DRAWS) > risk
            best = np.zeros(_DRAWS)
            np.maximum.at(best, game.draw, worth)
            asked = np.flatnonzero(too_many[game.draw] & (worth > 0) & (worth >= _TOGETHER * best[game.draw]))
            if not len(asked):
                break
            again, new = asked[is_second[asked]], asked[~is_second[asked]]
            game.look(new, who[new], rng)
            game.look_again(again, who[again], rng)
            looks[game.draw[asked], cell_of[asked]] += 1
            now = game.standing(asked)
            wrong[asked], worth[asked], who[asked], is_second[asked] = now.wrong, now.worth, now.who, now.is_second
    totals = np.sort(looks.sum(1))
    cells = pd.DataFrame(
        {
            "case": [c.case for c in board.cells],
            "sub_theme": [board.pairs.rows[c.row] for c in board.cells],
            "expected_looks": looks.mean(0),
        }
    )
    low = max(int(totals[1] / _WIDER), int(totals[1] > 0))
    return LooksLeft(cells=cells, low=low, high=min(most, int(np.ceil(totals[-2] * _WIDER))))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Deal:
    """Where cells stand under one number of true segments; arrays by cell and participant, as in `_Game`."""

    weight: Floats
    hit: Floats
    present: Floats
    absent: Floats
    member: NDArray[np.bool_]
    counted: NDArray[np.bool_]
    again: NDArray[np.int64]

    def by_rate(self, rates: Floats) -> Floats:
        """Return the log chance of what is known of every cell at every one of `rates`, of shape (rates, cells)."""
        like = rates[:, None, None] * self.present + (1 - rates[:, None, None]) * self.absent
        chance: Floats = np.log(np.maximum(np.where(self.member, like, 1.0), 1e-300)).sum(2)
        return chance

    def drawn(self, rates: Floats, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Draw the rate of every cell, one of equally likely `rates`, and with it who describes the sub-theme."""
        post = self.by_rate(rates)
        post = np.exp(post - post.max(0))
        at = (rng.random(post.shape[1]) > (post / post.sum(0)).cumsum(0)).sum(0).clip(max=len(rates) - 1)
        rate = rates[at, None]
        given = rate * self.present / np.maximum(rate * self.present + (1 - rate) * self.absent, 1e-300)
        describes: NDArray[np.bool_] = rng.random(given.shape) < given
        return describes


def _dealt(board: Board, at: list[int], rng: np.random.Generator) -> _Game:
    """Return the game at its start: every draw of every open cell, the draws one after the other."""
    further = board.outlook.true_segments - 1
    outlooks = [replace(board.outlook, true_segments=float(1 + further * off)) for off in _NUMBERS_OFF]
    deals = [_deal(board, at, board.pairs.evidence(board.remaining, outlook)) for outlook in outlooks]
    kind = np.arange(_DRAWS) % len(deals)
    priors = _priors(_deal(board, list(range(len(board.cells))), board.evidence), board.outlook, rng)
    drawn = [deals[k].drawn(rates_of(prior, slices=_RATES), rng) for k, prior in zip(kind, priors, strict=True)]
    counted = np.concatenate([deals[k].counted for k in kind])
    return _Game(
        weight=np.concatenate([d.weight for d in deals]),
        hit=np.concatenate([d.hit for d in deals]),
        cell=(kind[:, None] * len(at) + np.arange(len(at))).ravel(),
        describes=np.concatenate(drawn),
        draw=np.repeat(np.arange(_DRAWS), len(at)),
        needed=np.tile([len(board.cells[i].who) // 2 + 1 for i in at], _DRAWS),
        looked=np.zeros(np.concatenate(drawn).shape, dtype=np.int64),
        present=np.concatenate([deals[k].present for k in kind]),
        absent=np.concatenate([deals[k].absent for k in kind]),
        member=np.concatenate([deals[k].member for k in kind]),
        counted=counted,
        right=np.concatenate(drawn) & counted,
        again=np.concatenate([deals[k].again for k in kind]),
        rates=rates_of(board.outlook.prior, slices=_RATES),
        error=board.outlook.error,
    )


def _deal(board: Board, at: list[int], evidence: Evidence) -> _Deal:
    """Return where the cells numbered `at` stand under `evidence`."""
    pairs, columns = board.pairs, max(len(board.cells[i].who) for i in at)
    depth = evidence.weight.shape[1]
    shape = (len(at), columns)
    weight, hit = np.zeros((*shape, depth)), np.zeros((*shape, depth))
    present, absent = np.zeros(shape), np.zeros(shape)
    member, counted = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    again = np.zeros(shape, dtype=np.int64)
    found = pairs.is_found(board.outlook.error)
    given = np.add(*pairs.told)
    for number, i in enumerate(at):
        cell = board.cells[i]
        place, n = cell.who * len(pairs.rows) + cell.row, len(cell.who)
        weight[number, :n], hit[number, :n, : depth - 1] = evidence.weight[place], evidence.hit[place]
        if board.rule.looks is not None:
            is_asked = board.fruitless[cell.who, cell.row, None] + np.arange(depth) < board.rule.looks
            hit[number, :n] *= is_asked
        is_found, is_absent = found[cell.who, cell.row], board.absent[cell.who, cell.row]
        unsure = np.minimum(weight[number, :n, 0], _SURE)
        present[number, :n] = np.where(is_found, 1.0, np.where(is_absent, 0.0, unsure))
        absent[number, :n] = np.where(is_found, 0.0, 1.0)
        member[number, :n], counted[number, :n] = True, pairs.describes[cell.who, cell.row]
        segment = board.again[cell.who, cell.row]
        again[number, :n] = np.where((segment >= 0) & ~is_found, given[segment, cell.row], 0)
    return _Deal(weight=weight, hit=hit, present=present, absent=absent, member=member, counted=counted, again=again)


def _priors(standing: _Deal, outlook: Outlook, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Return for every draw a prior of the rate of a case, drawn by the chance of what is known of all cells."""
    first, second = outlook.prior
    priors, fits = [], []
    for shift in _SHIFTS:
        mean = 1 / (1 + second / first * float(np.exp(-shift)))
        for weight in _WEIGHTS:
            prior = (mean * weight, (1 - mean) * weight)
            known = np.logaddexp.reduce(standing.by_rate(rates_of(prior, slices=_RATES)), axis=0).sum()
            priors.append(prior)
            fits.append(float(known) - 0.5 * (shift / _SHIFT_OFF) ** 2 - 0.5 * float(np.log(weight / 2)) ** 2)
    chance = np.exp(np.array(fits) - max(fits))
    return [priors[i] for i in rng.choice(len(priors), size=_DRAWS, p=chance / chance.sum())]
