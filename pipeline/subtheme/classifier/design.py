"""The matrix of predictors, and what makes a problem of it and a solution for it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

Matrix = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

_COMMON = 25
"""A term in more than one of so many rows is multiplied as a dense column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """The matrix of predictors: dense columns, then sparse ones."""

    dense: npt.NDArray[Any]
    terms: sparse.csr_array

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.dense.shape[0])

    @property
    def columns(self) -> int:
        """Number of columns."""
        return int(self.dense.shape[1] + self.terms.shape[1])

    def take(self, rows: Rows) -> "Design":
        """Return some rows."""
        return Design(dense=self.dense[rows], terms=self.terms[rows])

    def times(self, weights: Matrix) -> Matrix:
        """Return ``X @ weights``, multiplied in the precision of the dense columns."""
        split, precision = self.dense.shape[1], self.dense.dtype
        product: Matrix = (self.dense @ weights[:split].astype(precision, copy=False)).astype(np.float64, copy=False)
        return product + self.terms @ weights[split:] if self.terms.shape[1] else product

    def transposed_times(self, values: Matrix) -> Matrix:
        """Return ``X.T @ values``, multiplied in the precision of the dense columns."""
        dense = (self.dense.T @ values.astype(self.dense.dtype, copy=False)).astype(np.float64, copy=False)
        return np.concatenate([dense, self.terms.T @ values]) if self.terms.shape[1] else dense

    def gram(self) -> Matrix:
        """Return ``X @ X.T``."""
        product: Matrix = self.dense @ self.dense.T
        if self.terms.shape[1]:
            by_column = sparse.csc_array(self.terms)
            is_common = np.diff(by_column.indptr) > len(self) // _COMMON
            common = by_column[:, np.flatnonzero(is_common)].toarray()
            rare = sparse.csr_array(by_column[:, np.flatnonzero(~is_common)])
            product += common @ common.T
            product += (rare @ rare.T).toarray()
        return product


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Solution:
    """Weights in the coordinates of a `Factored` design, shape (columns, codes), and intercepts."""

    weights: Matrix
    intercepts: Matrix


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownTerms:
    """What besides the targets makes the problem: penalty, and scores known beforehand."""

    C: float
    offset: Matrix | None
