"""Measures of ranked proposals; every one can weight rows, so that resampling participants is cheap."""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]


def average_precision(y: Matrix, scores: Matrix, *, weights: Matrix | None = None) -> Matrix:
    """Return the average precision for every row of `weights` (one value where there are none).

    ``AP = sum_n (R_n - R_{n-1}) P_n`` over the distinct scores from the highest down; not a number where
    nothing is coded.

    Parameters
    ----------
    y, scores : numpy.ndarray
        Shape (n,).
    weights : numpy.ndarray, optional
        Shape (resamples, n).

    >>> float(average_precision(np.array([0.0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))[0])  # doctest: +ELLIPSIS
    0.83333...
    """
    weight = np.ones((1, len(y))) if weights is None else weights
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(y) - 1)
    hits = np.cumsum(weight[:, order] * y[order], axis=1)[:, ends]
    seen = np.cumsum(weight[:, order], axis=1)[:, ends]
    gained = np.diff(hits, axis=1, prepend=0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        terms = np.where(gained > 0, gained * hits / np.where(seen > 0, seen, 1.0), 0.0)
        result: Matrix = np.where(hits[:, -1] > 0, terms.sum(axis=1) / hits[:, -1], np.nan)
    return result


def f1_of(hits: Matrix, proposed: Matrix, coded: Matrix) -> Matrix:
    """Return F1 from counts; 0 where nothing is right, not a number where nothing is coded."""
    with np.errstate(invalid="ignore", divide="ignore"):
        result: Matrix = np.where(coded > 0, 2 * hits / np.where(proposed + coded > 0, proposed + coded, 1.0), np.nan)
    return result


def expected_calibration_error(
    y: Matrix,
    probabilities: Matrix,
    *,
    bins: int = 15,
    weights: Matrix | None = None,
    owner: npt.NDArray[np.int64] | None = None,
) -> Matrix:
    """Return the mean distance of share and probability over equally wide bins, for every row of `weights`.

    ``ECE = sum_b n_b / n * |mean(y_b) - mean(p_b)|`` (Naeini et al. 2015, doi:10.1609/aaai.v29i1.9602).

    Parameters
    ----------
    y, probabilities : numpy.ndarray
        The same shape.
    bins : int
    weights : numpy.ndarray, optional
        Shape (resamples, owners); one value of weight 1 throughout where there are none.
    owner : numpy.ndarray, optional
        Column of `weights` of every number; by default each number has its own.

    >>> float(expected_calibration_error(np.array([1.0, 0.0]), np.array([0.95, 0.05]))[0])  # doctest: +ELLIPSIS
    0.05...
    """
    flat, shares = y.ravel(), probabilities.ravel()
    place = np.minimum((shares * bins).astype(np.int64), bins - 1)
    column = np.arange(len(flat)) if owner is None else owner
    weight = np.ones((1, len(flat))) if weights is None else weights
    gap = np.zeros((weight.shape[1], bins))
    count = np.zeros((weight.shape[1], bins))
    np.add.at(gap, (column, place), flat - shares)
    np.add.at(count, (column, place), 1.0)
    result: Matrix = np.abs(weight @ gap).sum(axis=1) / np.maximum((weight @ count).sum(axis=1), 1.0)
    return result


def first_hit_depths(y: Matrix, scores: Matrix, participant: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return, for every participant who has the code, (participant, depth of their first coded segment).

    Depth 1 is the participant's highest-scored segment; ties count against the model.
    """
    depths: list[tuple[int, int]] = []
    for person in np.unique(participant[y > 0]):
        rows = participant == person
        best = scores[rows & (y > 0)].max()
        above = int(((scores >= best) & rows & (y == 0)).sum())
        depths.append((int(person), above + 1))
    return depths
