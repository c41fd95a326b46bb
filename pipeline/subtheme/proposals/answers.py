"""Answers: what they say about the outlook, the number of true segments of somebody who describes a sub-theme.

Coded participants tell it only roughly. Review itself tells it better, since every fruitless look at somebody who turns
out to describe the sub-theme, and every early hit, was a little likelier under one number than under another.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from subtheme.proposals.outlook import Outlook, rates_of
from subtheme.proposals.subsets import Floats, likelihood_ratios, per_subset, sums_of_products

_NUMBERS = np.round(1 + np.geomspace(0.1, 11.0, 25), 3)
"""Mean numbers of true segments that are tried."""
_TRUST = 0.8
"""Standard deviation, as a logarithm, by which the number found at training may be off."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """What was answered, pair by pair of participant and sub-theme.

    Attributes
    ----------
    probability : array of shape (pairs, most segments)
        Calibrated, of all segments, answered or not, in any order; NaN where there is none.
    answer : array of shape (pairs, most segments) of int
        1 where the segment was confirmed, -1 where it was denied, 0 where nobody has answered.
    describes, ruled_out : arrays of shape (pairs,) of bool
        What is known of the pair, by answers or otherwise.
    base : array of shape (pairs,)
        As in `pair_evidence`.
    totals : array of shape (pairs,)
    cell : array of shape (pairs,)
        Number of the pair's cell.
    """

    probability: Floats
    answer: NDArray[np.int8]
    describes: NDArray[np.bool_]
    ruled_out: NDArray[np.bool_]
    base: Floats
    totals: NDArray[np.int64]
    cell: NDArray[np.int64]


def outlook_after(answers: Answers, outlook: Outlook) -> Outlook:
    """Return `outlook` with the number of true segments under which the answers were most to be expected.

    The number maximises the chance of the answers given the scores, participants of a cell sharing an unknown rate,
    less a penalty for leaving the number that was fitted at training (normal on the scale of ``log(number - 1)``). The
    chance depends on what was answered and not on the order of the questions. Without an answer the outlook stays as
    it is.

    Parameters
    ----------
    answers : Answers
    outlook : Outlook
        As fitted at training.
    """
    is_answered = (answers.answer != 0).any(1)
    if not is_answered.any():
        return outlook
    fits = _log_chances(answers, outlook)
    away = np.log((_NUMBERS - 1) / max(outlook.true_segments - 1, 0.05))
    fits -= 0.5 * (away / _TRUST) ** 2
    return replace(outlook, true_segments=float(_NUMBERS[fits.argmax()]))


def _log_chances(answers: Answers, outlook: Outlook) -> Floats:
    """Return the log chance of the answers given the scores, for every one of `_NUMBERS`."""
    ratios, there = likelihood_ratios(answers.probability, answers.base)
    free = answers.answer == 0
    confirmed = (answers.answer == 1) & ~np.isnan(answers.probability)
    sums = [_sums(x, free, confirmed) for x in (ratios, there)]
    before = [sums_of_products(x)[:, 1:] for x in (ratios, there)]
    rates = rates_of(outlook.prior)
    cells = np.unique(answers.cell, return_inverse=True)[1]
    known_otherwise = answers.describes & ~confirmed.any(1)
    fits = np.zeros(len(_NUMBERS))
    for at, number in enumerate(_NUMBERS):
        chance = per_subset(replace(outlook, true_segments=float(number)).counts, answers.totals)
        blind = outlook.blind
        weight = [(1 - blind) * (s * chance).sum(1) + blind * (c * chance).sum(1) for s, c in (before, sums)]
        first, now = (np.where(answers.totals == 0, 1.0, w) for w in weight)
        now = np.where(known_otherwise, first, np.where(answers.ruled_out, 0.0, now))
        absent = np.where(answers.describes, 0.0, 1.0)
        fits[at] = _by_cell(now, absent, rates, cells) - _by_cell(first, np.ones_like(first), rates, cells)
    return fits


def _sums(ratios: Floats, free: NDArray[np.bool_], confirmed: NDArray[np.bool_]) -> Floats:
    """Return sums over sets of 1, 2, … segments that hold every confirmed one and otherwise only free ones."""
    open_sums = sums_of_products(np.where(free, ratios, 0.0))
    held = np.where(confirmed, ratios, 1.0).prod(1)
    number = confirmed.sum(1)
    n = np.arange(1, open_sums.shape[1])
    at = n[None, :] - number[:, None]
    shifted = np.take_along_axis(open_sums, np.maximum(at, 0), axis=1)
    sums: Floats = np.where(at >= 0, held[:, None] * shifted, 0.0)
    return sums


def _by_cell(present: Floats, absent: Floats, rates: Floats, cells: NDArray[np.intp]) -> float:
    """Return the log chance of all pairs, those of a cell sharing one rate of equally likely `rates`."""
    order = np.argsort(cells, kind="stable")
    starts = np.searchsorted(cells[order], np.arange(int(cells.max()) + 1))
    chance = rates[:, None] * present[order] + (1 - rates[:, None]) * absent[order]
    sums = np.add.reduceat(np.log(np.maximum(chance, 1e-300)), starts, axis=1)
    return float(np.logaddexp.reduce(sums, axis=0).sum())
