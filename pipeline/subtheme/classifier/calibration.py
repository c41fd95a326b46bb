"""Scores to probabilities: Platt scaling per code, drawn towards the fit over all codes.

Platt (1999): ``p = 1 / (1 + exp(-(a z + b)))``, fitted by maximum likelihood on scores of participants
that the model had not seen. Codes with few positives cannot carry two parameters of their own, so each
code's ``(a, b)`` is pulled towards the pooled pair by a ridge, and the pooled pair towards ``(1, 0)``: with
fifty coded excerpts the inner models are so much weaker than the final one that their scores say little of
its slope. Against isotonic, beta and Venn-Abers calibration this had the lowest log-loss at every size up to 1,000
coded excerpts. The ridge on the pooled pair was chosen on small samples of another corpus
(docs/decisions/learning.md).
"""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

_RIDGE = 10.0
_POOLED_RIDGE = 100.0


def sigmoid(values: Matrix) -> Matrix:
    """Return ``1 / (1 + exp(-values))`` without overflow."""
    result: Matrix = np.exp(-np.logaddexp(0.0, -values))
    return result


def platt(scores: Matrix, Y: Matrix) -> Matrix:
    """Return slope and intercept per code, shape (codes, 2).

    Parameters
    ----------
    scores : numpy.ndarray
        Out-of-fold scores, shape (rows, codes).
    Y : numpy.ndarray
        1 for coded, 0 for not coded, same shape.
    """
    pooled = _newton(scores.ravel(), Y.ravel(), prior=np.array([1.0, 0.0]), ridge=_POOLED_RIDGE)
    return np.stack([_newton(scores[:, k], Y[:, k], prior=pooled, ridge=_RIDGE) for k in range(Y.shape[1])])


def calibrated(scores: Matrix, parameters: Matrix) -> Matrix:
    """Return the probabilities of `scores` by slopes and intercepts per code."""
    return sigmoid(scores * parameters[:, 0] + parameters[:, 1])


def _newton(z: Matrix, y: Matrix, *, prior: Matrix, ridge: float) -> Matrix:
    """Minimise the log-loss plus ``ridge / 2 * |(a, b) - prior|^2`` by damped Newton steps."""
    at = prior.copy()

    def objective(point: Matrix) -> float:
        eta = point[0] * z + point[1]
        return float((np.logaddexp(0.0, eta) - y * eta).sum() + ridge / 2 * ((point - prior) ** 2).sum())

    value = objective(at)
    for _ in range(100):
        p = sigmoid(at[0] * z + at[1])
        slope = p - y
        gradient = np.array([(slope * z).sum(), slope.sum()]) + ridge * (at - prior)
        curve = p * (1 - p)
        hessian = np.array([[(curve * z * z).sum(), (curve * z).sum()], [(curve * z).sum(), curve.sum()]])
        step = np.linalg.solve(hessian + max(ridge, 1e-9) * np.eye(2), gradient)
        size = 1.0
        while size > 1e-8 and objective(at - size * step) > value:
            size /= 2
        at = at - size * step
        new = objective(at)
        if value - new < 1e-10 * (1.0 + abs(value)):
            break
        value = new
    return at
