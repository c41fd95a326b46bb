"""Logistic regression with an L2 penalty, all codes in one solve.

One-vs-rest minimises, for every code k, ``sum_i c_ik * log(1 + exp(-s_ik (x_i w_k + b_k))) + |w_k|^2 / (2 C)`` with
``s`` = +1 for coded and -1 for not coded, and ``c`` = 0 where nobody has said and 1 elsewhere; `multinomial` has the
other loss.
With fewer rows than columns the solution lies in the span of the rows, so it is found in the coordinates of a
Cholesky factor of the Gram matrix, which is exact and several times faster, and carried back. The rows of the
factor stand for the rows of the design, so the inner folds solve on some of them without another factorisation.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.linalg import cholesky, solve_triangular

from subtheme.classifier.column_descent import minimise_columns
from subtheme.classifier.design import Design, KnownTerms, Solution
from subtheme.classifier.multinomial import solve_multinomial

Matrix = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

_MOST_GRAM_ROWS = 6000


class Factored:
    """A design made ready for several solves: by its Gram matrix where that is the smaller problem."""

    def __init__(self, design: Design) -> None:
        self._design = design
        self._lower: Matrix | None = None
        self._inner = design
        count = len(design)
        if count < design.columns and count <= _MOST_GRAM_ROWS:
            gram = design.gram()
            # The intercept is not penalised, so the design may be centred; that takes away the direction
            # that all rows share, and with it most of the steps.
            means = gram.mean(axis=0)
            gram += means.mean() - means - means[:, None]
            # Repeated rows make the Gram matrix singular; the jitter is far below the penalty.
            gram[np.diag_indices(count)] += 1e-7 * max(float(np.trace(gram)) / count, 1e-12)
            self._lower = cholesky(gram, lower=True, overwrite_a=True)
            self._inner = Design(dense=self._lower.astype(np.float32), terms=sparse.csr_array((count, 0)))

    def solved(
        self,
        Y: Matrix,
        *,
        C: float,
        rows: Rows | None = None,
        start: Solution | None = None,
        offset: Matrix | None = None,
        multinomial: bool = False,
    ) -> Solution:
        """Return the solution for some rows, or for all.

        Parameters
        ----------
        Y : numpy.ndarray
            1 for coded, 0 for not coded, NaN where nobody has said, shape (rows, codes).
        C : float
            Inverse strength of the penalty.
        rows : numpy.ndarray, optional
            Rows of the design that `Y` is of.
        start : Solution, optional
            Of another penalty, to begin from.
        offset : numpy.ndarray, optional
            Scores that are known beforehand, shape (rows, codes); the solution is what must be added.
        multinomial : bool
            Whether the codes of a row share one unit of probability; otherwise each is on its own.
        """
        design = self._inner if rows is None else self._inner.take(rows)
        solve = solve_multinomial if multinomial else _solve
        return solve(design, Y, KnownTerms(C=C, offset=offset), start=start)

    def scores(self, solution: Solution, rows: Rows) -> Matrix:
        """Return the linear scores of some rows, shape (rows, codes)."""
        return self._inner.take(rows).times(solution.weights) + solution.intercepts

    def carried_back(self, solution: Solution) -> Solution:
        """Return the solution in the columns of the design itself."""
        if self._lower is None:
            return solution
        dual = solve_triangular(self._lower, solution.weights, lower=True, trans="T")
        weights = self._design.transposed_times(dual - dual.mean(axis=0))
        shift = self._design.times(weights).mean(axis=0)
        return Solution(weights=weights, intercepts=solution.intercepts - shift)


def _solve(design: Design, Y: Matrix, terms: KnownTerms, *, start: Solution | None) -> Solution:
    C = terms.C
    cost, is_coded = np.where(np.isnan(Y), 0.0, C), np.nan_to_num(Y)
    signs = 2.0 * is_coded - 1.0
    known = np.zeros(Y.shape) if terms.offset is None else terms.offset

    def loss(theta: Matrix, columns: npt.NDArray[np.int64]) -> tuple[Matrix, Matrix]:
        sign, price = signs[:, columns], cost[:, columns]
        margins = sign * (design.times(theta[:-1]) + theta[-1] + known[:, columns])
        value = (price * np.logaddexp(0.0, -margins)).sum(axis=0) + 0.5 * (theta[:-1] ** 2).sum(axis=0)
        # -s c / (1 + exp(m)), written so that large margins underflow to 0 instead of overflowing.
        slope = -sign * price * np.exp(-np.logaddexp(0.0, margins))
        gradient = np.concatenate([design.transposed_times(slope) + theta[:-1], slope.sum(axis=0, keepdims=True)])
        return value, gradient

    if start is None:
        total = cost.sum(axis=0)
        rate = ((cost * is_coded).sum(axis=0) + 0.5 * C) / (total + C)
        first = np.zeros((design.columns + 1, Y.shape[1]))
        first[-1] = np.log(rate / (1.0 - rate))
    else:
        first = np.concatenate([start.weights, start.intercepts[None, :]])
    theta = minimise_columns(loss, first)
    return Solution(weights=theta[:-1], intercepts=theta[-1])
