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


@dataclass(slots=True, kw_only=True, eq=False)
class _Game:
    """Draws of all open cells, one row each; columns are participants of the case.

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
        Fruitless looks; weight of what is known if the participant describes it, and if not. Found: 1 and 0; ruled
        out: 0 and 1; undecided: the weight of the evidence and 1. A column that belongs to nobody is kept from counting
        by `member`.
    rates : array
        Equally likely rates of a case.
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
    rates: Floats

    def standing(self, rows: NDArray[np.intp]) -> tuple[Floats, Floats, Floats]:
        """Return the chance of a majority, the worth of the next look, and everybody's chance to be confirmed by it."""
        present, absent = self.present[rows], self.absent[rows]
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
        undecided = (absent > 0) & (present > 0) & self.member[rows]
        people = np.arange(present.shape[1])[None, :]
        next_hit = self.hit[self.cell[rows, None], people, self.looked[rows]]
        hits = np.where(undecided, np.einsum("rb,rbn->bn", post, each) * next_hit, 0.0)
        left = self.needed[rows] - ((absent == 0) & (present > 0)).sum(1)
        costs = (1 / np.maximum(-np.sort(-hits, axis=1), LEAST_HIT)).cumsum(1)
        is_open = (left > 0) & (undecided.sum(1) >= left)
        cost = costs[np.arange(len(rows)), np.clip(left - 1, 0, costs.shape[1] - 1)]
        chance = np.where(left <= 0, 1.0, np.where(is_open, chance, 0.0))
        worth = np.where(is_open & (hits.max(1) > 0), chance / cost, 0.0)
        return np.where(is_open, chance, 0.0), worth, hits

    def look(self, rows: NDArray[np.intp], who: NDArray[np.intp], rng: np.random.Generator) -> None:
        """Ask once in every one of `rows`, about participant `who`."""
        at = self.looked[rows, who]
        confirms = self.describes[rows, who] & (rng.random(len(rows)) < self.hit[self.cell[rows], who, at])
        self.looked[rows, who] = at + ~confirms
        self.present[rows, who] = np.where(confirms, 1.0, self.weight[self.cell[rows], who, self.looked[rows, who]])
        self.absent[rows, who] = np.where(confirms, 0.0, 1.0)


def looks_left(board: Board, *, risk: float, rng: np.random.Generator) -> LooksLeft:
    """Return how many looks are left until at most `risk` cells are expected to be wrong.

    Parameters
    ----------
    board : Board
    risk : float
        Expected number of wrong cells at which review stops.
    rng : numpy.random.Generator
    """
    at = [i for i, cell in enumerate(board.cells) if cell.plan.state == "open"]
    looks, most = np.zeros((_DRAWS, len(board.cells))), 0
    if at:
        game = _dealt(board, at, rng)
        is_undecided = (game.present > 0) & (game.absent > 0)
        most = int((game.hit[: len(at)][is_undecided[: len(at)]] > 0).sum())
        rows, cell_of = np.arange(len(game.draw)), np.tile(at, _DRAWS)
        chance, worth, hits = game.standing(rows)
        for _ in range(_MOST):
            too_many = np.bincount(game.draw, weights=chance, minlength=_DRAWS) > risk
            best = np.zeros(_DRAWS)
            np.maximum.at(best, game.draw, worth)
            asked = np.flatnonzero(too_many[game.draw] & (worth > 0) & (worth >= _TOGETHER * best[game.draw]))
            if not len(asked):
                break
            game.look(asked, hits[asked].argmax(1), rng)
            looks[game.draw[asked], cell_of[asked]] += 1
            chance[asked], worth[asked], hits[asked] = game.standing(asked)
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
        rates=rates_of(board.outlook.prior, slices=_RATES),
    )


def _deal(board: Board, at: list[int], evidence: Evidence) -> _Deal:
    """Return where the cells numbered `at` stand under `evidence`."""
    pairs, columns = board.pairs, max(len(board.cells[i].who) for i in at)
    depth = evidence.weight.shape[1]
    shape = (len(at), columns)
    weight, hit = np.zeros((*shape, depth)), np.zeros((*shape, depth))
    present, absent, member = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=bool)
    for number, i in enumerate(at):
        cell = board.cells[i]
        place, n = cell.who * len(pairs.rows) + cell.row, len(cell.who)
        weight[number, :n], hit[number, :n, : depth - 1] = evidence.weight[place], evidence.hit[place]
        if board.rule.looks is not None:
            is_asked = board.fruitless[cell.who, cell.row, None] + np.arange(depth) < board.rule.looks
            hit[number, :n] *= is_asked
        described, ruled_out = pairs.describes[cell.who, cell.row], pairs.ruled_out[cell.who, cell.row]
        present[number, :n] = np.where(described, 1.0, np.where(ruled_out, 0.0, weight[number, :n, 0]))
        absent[number, :n] = np.where(described, 0.0, 1.0)
        member[number, :n] = True
    return _Deal(weight=weight, hit=hit, present=present, absent=absent, member=member)


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
