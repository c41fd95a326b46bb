"""Trust: how far the scores of a case are believed, where its answers show that they promise too much."""

import numpy as np
from numpy.typing import NDArray

from subtheme.proposals.subsets import Floats, odds

FULL = 1.0
"""Scores are taken for what they say."""
TRUSTS = (FULL, 0.85, 0.7, 0.55, 0.4)
"""Exponents of the likelihood ratio that are tried; never over 1, since a broken promise costs more than some looks."""


def tempered(probability: Floats, base: Floats, row: NDArray[np.int64], *, trust: float) -> Floats:
    """Return the probabilities of scores that are trusted to the power `trust`.

    The likelihood ratio ``r`` of a segment becomes ``r ** trust / k``, and `k` keeps its mean over the segments that do
    not carry the sub-theme at 1, as it must be for a likelihood ratio.

    Parameters
    ----------
    probability : array of shape (pairs, most segments)
        Calibrated; NaN where there is no segment.
    base : array of shape (pairs,)
        Share of segments that carry the sub-theme.
    row : array of shape (pairs,) of int
        Number of the pair's sub-theme.
    trust : float
    """
    if trust == FULL:
        return probability
    is_there = ~np.isnan(probability)
    held = np.where(is_there, probability, 0.5)
    odds_of_base = odds(base)[:, None]
    ratio = (odds(held) / odds_of_base) ** trust
    lacking = np.where(is_there, 1 - held, 0.0)
    rows = int(row.max(initial=-1)) + 1
    sums = [np.bincount(row, weights=x.sum(1), minlength=rows) for x in (lacking * ratio, lacking)]
    scale = np.divide(sums[0], sums[1], out=np.ones(rows), where=sums[1] > 0)
    new = ratio / scale[row][:, None] * odds_of_base
    return np.where(is_there, new / (1 + new), np.nan)
