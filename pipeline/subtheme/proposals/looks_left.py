"""Looks left: what review is likely to take until few enough cells can still be wrong, played through from the outlook.

Who describes a sub-theme is drawn from what is expected now, and the order ``settle`` asked to its end; several times
over, since how long the end is depends on how many cells turn out to be nearly present.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from subtheme.proposals.board import LEAST_HIT, Board
from subtheme.proposals.outlook import rates_of
from subtheme.proposals.subsets import Floats

_DRAWS = 12
_RATES = 15
"""Rates of a case that are told apart."""
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
        Looks of all cells together in the second lowest and second highest of twelve draws.
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
    weight, hit : arrays of shape (cells, participants, looks + 1)
        Evidence after so many fruitless looks; the last `hit` is 0.
    cell : array of shape (rows,)
        Number of the row's cell.
    describes : array of shape (rows, participants) of bool
        Drawn.
    draw, needed : arrays of shape (rows,)
        Number of the draw, and participants who make a majority.
    looked, present, absent : arrays of shape (rows, participants)
        Fruitless looks; weight of what is known if the participant describes it, and if not. Found: 1 and 0; ruled
        out: 0 and 1; undecided: the weight of the evidence and 1. A column that belongs to nobody has 1 and 1, and is
        kept from counting by `member`.
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
    looks = np.zeros((_DRAWS, len(board.cells)))
    if at:
        game = _dealt(board, at, rng)
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
    return LooksLeft(cells=cells, low=int(totals[1]), high=int(totals[-2]))


def _dealt(board: Board, at: list[int], rng: np.random.Generator) -> _Game:
    """Return the game at its start: every draw of every open cell."""
    pairs, columns = board.pairs, max(len(board.cells[i].who) for i in at)
    evidence = pairs.evidence(board.remaining, board.outlook)
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
    rates = rates_of(board.outlook.prior, slices=_RATES)
    like = np.where(member, rates[:, None, None] * present + (1 - rates[:, None, None]) * absent, 1.0)
    post = np.log(np.maximum(like, 1e-300)).sum(2)
    post = np.exp(post - post.max(0))
    rate = rates[(rng.random((_DRAWS, 1, len(at))) > (post / post.sum(0)).cumsum(0)[None]).sum(1).clip(max=_RATES - 1)]
    given = (
        rate[:, :, None] * present / np.maximum(rate[:, :, None] * present + (1 - rate[:, :, None]) * absent, 1e-300)
    )
    describes = rng.random(given.shape) < given
    return _Game(
        weight=weight,
        hit=hit,
        cell=np.tile(np.arange(len(at)), _DRAWS),
        describes=describes.reshape(-1, columns),
        draw=np.repeat(np.arange(_DRAWS), len(at)),
        needed=np.tile([len(board.cells[i].who) // 2 + 1 for i in at], _DRAWS),
        looked=np.zeros((_DRAWS * len(at), columns), dtype=np.int64),
        present=np.tile(present, (_DRAWS, 1)),
        absent=np.tile(absent, (_DRAWS, 1)),
        member=np.tile(member, (_DRAWS, 1)),
        rates=rates,
    )
