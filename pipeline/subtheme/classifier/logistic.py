"""One-vs-rest logistic regression with an L2 penalty, all codes in one solve.

Minimises, for every code k, ``sum_i c_ik * log(1 + exp(-s_ik (x_i w_k + b_k))) + |w_k|^2 / (2 C)`` with
``s`` = +1 for coded and -1 for not coded, and ``c`` the weight of the pair. With fewer rows than columns
the solution lies in the span of the rows, so it is found in the coordinates of a Cholesky factor of the
Gram matrix, which is exact and several times faster, and carried back.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import minimize

Matrix = npt.NDArray[np.float64]

_MOST_GRAM_ROWS = 6000
_MOST_ITERATIONS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The matrix of predictors: dense columns, then sparse ones."""

    dense: Matrix
    terms: sparse.csr_array

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.dense.shape[0])

    @property
    def columns(self) -> int:
        """Number of columns."""
        return int(self.dense.shape[1] + self.terms.shape[1])

    def times(self, weights: Matrix) -> Matrix:
        """Return ``X @ weights``."""
        split = self.dense.shape[1]
        product: Matrix = self.dense @ weights[:split]
        return product + self.terms @ weights[split:] if self.terms.shape[1] else product

    def transposed_times(self, values: Matrix) -> Matrix:
        """Return ``X.T @ values``."""
        return np.concatenate([self.dense.T @ values, self.terms.T @ values])

    def gram(self) -> Matrix:
        """Return ``X @ X.T``."""
        product: Matrix = self.dense @ self.dense.T
        return product + (self.terms @ self.terms.T).toarray() if self.terms.shape[1] else product


class Factored:
    """A design made ready for several solves: by its Gram matrix where that is the smaller problem."""

    def __init__(self, design: Design) -> None:
        self._design = design
        self._lower: Matrix | None = None
        count = len(design)
        if count < design.columns and count <= _MOST_GRAM_ROWS:
            gram = design.gram()
            # Repeated rows make the Gram matrix singular; the jitter is far below the penalty.
            gram[np.diag_indices(count)] += 1e-7 * max(float(np.trace(gram)) / count, 1e-12)
            self._lower = cholesky(gram, lower=True, overwrite_a=True)

    def fit(self, Y: Matrix, *, C: float, weights: Matrix | None = None) -> tuple[Matrix, Matrix]:
        """Return coefficients, shape (columns, codes), and intercepts, shape (codes,).

        Parameters
        ----------
        Y : numpy.ndarray
            1 for coded, 0 for not coded, shape (rows, codes).
        C : float
            Inverse strength of the penalty.
        weights : numpy.ndarray, optional
            Weight of every (row, code); 0 leaves a pair out.
        """
        if self._lower is None:
            return _solve(self._design, Y, C=C, weights=weights)
        none = sparse.csr_array((len(self._lower), 0))
        inner, intercept = _solve(Design(dense=self._lower, terms=none), Y, C=C, weights=weights)
        dual = solve_triangular(self._lower, inner, lower=True, trans="T")
        return self._design.transposed_times(dual), intercept


def _solve(design: Design, Y: Matrix, *, C: float, weights: Matrix | None) -> tuple[Matrix, Matrix]:
    columns, codes = design.columns, Y.shape[1]
    cost = np.full(Y.shape, C) if weights is None else C * weights
    signs = 2.0 * Y - 1.0

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        theta = flat.reshape(columns + 1, codes)
        margins = signs * (design.times(theta[:-1]) + theta[-1])
        value = float((cost * np.logaddexp(0.0, -margins)).sum() + 0.5 * (theta[:-1] ** 2).sum())
        # -s c / (1 + exp(m)), written so that large margins underflow to 0 instead of overflowing.
        slope = -signs * cost * np.exp(-np.logaddexp(0.0, margins))
        gradient = np.concatenate([design.transposed_times(slope) + theta[:-1], slope.sum(axis=0, keepdims=True)])
        return value, gradient.ravel()

    start = np.zeros((columns + 1, codes))
    total = cost.sum(axis=0)
    rate = ((cost * Y).sum(axis=0) + 0.5 * C) / (total + C)
    start[-1] = np.log(rate / (1.0 - rate))
    options = {"maxiter": _MOST_ITERATIONS, "ftol": 1e-8, "gtol": 1e-4}
    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options=options)
    theta = found.x.reshape(columns + 1, codes)
    return theta[:-1], theta[-1]
