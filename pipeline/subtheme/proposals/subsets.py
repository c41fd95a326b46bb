"""Subsets: how scores weigh the ways in which a participant's true segments may lie among all of them."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_TRUE = 12
"""True segments of one pair beyond this number are not told apart."""

_SURE = 1e-6
"""Calibrated probabilities are held this far from 0 and 1."""


def odds(probability: Floats) -> Floats:
    """Return odds of probabilities, which are held a little away from 0 and 1."""
    held = np.clip(probability, _SURE, 1 - _SURE)
    return held / (1 - held)


def likelihood_ratios(probability: Floats, base: Floats) -> tuple[Floats, Floats]:
    """Return ``odds(p) / odds(base)`` of every segment, 0 where there is none, and 1 where there is one.

    Parameters
    ----------
    probability : array of shape (pairs, most segments)
        Calibrated; NaN where there is no segment.
    base : array of shape (pairs,)
        Share of segments that carry the sub-theme, by which the probabilities were calibrated.
    """
    is_there = ~np.isnan(probability)
    ratios = np.where(is_there, odds(np.where(is_there, probability, 0.5)) / odds(base)[:, None], 0.0)
    return ratios, is_there.astype(np.float64)


def sum_of_nothing(pairs: int) -> Floats:
    """Return the elementary symmetric polynomials of an empty set for every pair: 1, then zeros."""
    sums = np.zeros((pairs, MOST_TRUE + 1))
    sums[:, 0] = 1.0
    return sums


def sums_of_products(ratios: Floats) -> Floats:
    """Return the elementary symmetric polynomials e_0, e_1, … of every row of `ratios`.

    >>> sums_of_products(np.array([[2.0, 3.0]]))[0, :4].tolist()
    [1.0, 5.0, 6.0, 0.0]
    """
    sums = sum_of_nothing(len(ratios))
    for column in ratios.T:
        sums[:, 1:] += column[:, None] * sums[:, :-1]
    return sums


def per_subset(counts: Floats, totals: NDArray[np.int64]) -> Floats:
    """Return g(n) / C(N, n) for every pair and n = 1, 2, …; 0 where there are fewer than n segments."""
    n = np.arange(1, MOST_TRUE + 1)
    is_possible = n[None, :] <= totals[:, None]
    factors = np.where(is_possible, (totals[:, None] - n + 1) / n, 1.0)
    chance = np.where(is_possible, counts, 0.0)
    chance /= np.maximum(chance.sum(1, keepdims=True), 1e-300)
    each: Floats = chance * np.exp(-np.log(factors).cumsum(1))
    return each
