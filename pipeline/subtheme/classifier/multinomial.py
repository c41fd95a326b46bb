"""Logistic regression over all codes of a segment at once, with "no code" as one more outcome.

A segment of several codes counts in equal shares for each. One-vs-rest asks of every code alone whether it fits;
here the codes of a segment share one unit of probability, which suits coding in which most segments speak to one
code. The weights are held relative to "no code", so that there is one column per code as in one-vs-rest.
A row of which only some codes were judged has the outcomes that are left: the codes that were confirmed or, where none
was, all that nobody has rejected.
"""

import numpy as np
import numpy.typing as npt

from subtheme.classifier.column_descent import minimise_columns
from subtheme.classifier.design import Design, KnownTerms, Solution

Matrix = npt.NDArray[np.float64]


def solve_multinomial(design: Design, Y: Matrix, terms: KnownTerms, *, start: Solution | None) -> Solution:
    """Return the weights that minimise ``C * cross-entropy + |W|^2 / 2``, relative to those of "no code".

    Parameters
    ----------
    design : Design
    Y : numpy.ndarray
        1 for coded, 0 for not coded, NaN where nobody has said, shape (rows, codes).
    terms : KnownTerms
        Penalty, and scores known beforehand.
    start : Solution, optional
        Of another penalty, to begin from.
    """
    is_coded = np.nan_to_num(Y)
    has_none = is_coded.sum(axis=1) == 0
    shares = np.concatenate([is_coded, has_none[:, None]], axis=1)
    shares /= shares.sum(axis=1, keepdims=True)
    unsettled = np.flatnonzero(has_none & np.isnan(Y).any(axis=1))
    is_left = np.concatenate([np.isnan(Y[unsettled]), np.ones((len(unsettled), 1), dtype=bool)], axis=1)
    known = np.zeros(shares.shape)
    if terms.offset is not None:
        known[:, :-1] = terms.offset
    shape = design.columns + 1, shares.shape[1]

    def loss(flat: Matrix, _: npt.NDArray[np.int64]) -> tuple[Matrix, Matrix]:
        theta = flat.reshape(shape)
        scores = design.times(theta[:-1]) + theta[-1] + known
        scores -= scores.max(axis=1, keepdims=True)
        exponentials = np.exp(scores)
        totals = exponentials.sum(axis=1, keepdims=True)
        left = exponentials[unsettled] * is_left
        left_totals = np.maximum(left.sum(axis=1, keepdims=True), 1e-300)
        # Where several outcomes are left, they share the row as the scores have it, as in expectation maximisation.
        given = shares.copy()
        given[unsettled] = left / left_totals
        told = (shares * scores).sum(axis=1)
        told[unsettled] = np.log(left_totals[:, 0])
        value = terms.C * (np.log(totals).sum() - told.sum()) + 0.5 * (theta[:-1] ** 2).sum()
        slope = terms.C * (exponentials / totals - given)
        gradient = np.concatenate([design.transposed_times(slope) + theta[:-1], slope.sum(axis=0, keepdims=True)])
        return np.array([value]), gradient.reshape(-1, 1)

    first = np.zeros(shape)
    if start is None:
        rate = (shares.sum(axis=0) + 0.5) / (len(shares) + 0.5 * shares.shape[1])
        first[-1] = np.log(rate)
    else:
        # At the minimum the weights of all outcomes sum to zero: that gives those of "no code" back.
        first[:-1, -1] = -start.weights.sum(axis=1) / shares.shape[1]
        first[:-1, :-1] = start.weights + first[:-1, -1:]
        first[-1, :-1] = start.intercepts
    theta = minimise_columns(loss, first.reshape(-1, 1)).reshape(shape)
    relative = theta[:, :-1] - theta[:, -1:]
    return Solution(weights=relative[:-1], intercepts=relative[-1])


def log_odds(scores: Matrix) -> Matrix:
    """Return the log-odds of every code by scores relative to "no code": ``s_k - log(1 + sum_{j != k} exp(s_j))``."""
    top = np.maximum(scores.max(axis=1, keepdims=True), 0.0)
    exponentials = np.exp(scores - top)
    rest = np.exp(-top) + exponentials.sum(axis=1, keepdims=True) - exponentials
    # What is left beside an all but certain code may round to nothing.
    result: Matrix = scores - top - np.log(np.maximum(rest, 1e-12))
    return result
