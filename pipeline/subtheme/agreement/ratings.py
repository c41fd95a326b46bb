"""Ratings: what each coder said of each unit, reduced to the distinct patterns that occur."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.errors import InputError, Problem, suggestion

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]
MISSING = -1
_CLOSE = 4096


@dataclass(frozen=True, kw_only=True, eq=False)
class Ratings:
    """What each coder said of each unit.

    Attributes
    ----------
    codes : ndarray of int, shape (units, coders)
        Position in `categories`; -1 where the coder did not rate the unit.
    categories : tuple
        The scale, in its order.
    weights : ndarray of float, shape (units,), or None
        Sampling weights with mean 1; None where every unit counts once.
    """

    codes: npt.NDArray[np.integer]
    categories: tuple[Hashable, ...]
    weights: FloatArray | None = None

    @classmethod
    def of(
        cls,
        units: "RatingsLike",
        *,
        categories: Sequence[Hashable] | None = None,
        weights: npt.ArrayLike | None = None,
    ) -> "Ratings":
        """Return ratings from one row per unit and one column per coder.

        Parameters
        ----------
        units : Ratings, DataFrame, ndarray or sequence of rows
            None, NaN and NA stand for "did not rate".
        categories : sequence, optional
            The scale, in its order; by default the values that occur, sorted.
        weights : array of shape (units,), optional
            Sampling weights: how many units of the study each rated unit stands for.

        Raises
        ------
        InputError
            For rows of unequal length, a value that is not on the scale, an empty string, or
            weights that are not positive numbers, one per unit.
        """
        if isinstance(units, Ratings):
            if categories is not None and tuple(categories) != units.categories:
                raise InputError(
                    Problem(what="ratings that already have a scale were given another one", where="ratings")
                )
            weighted = units.weights if weights is None else _weights(weights, len(units.codes))
            return cls(codes=units.codes, categories=units.categories, weights=weighted)
        fast = _from_numbers(units) if categories is None else None
        codes, scale = fast if fast is not None else _from_values(units, categories)
        return cls(
            codes=codes,
            categories=scale,
            weights=None if weights is None else _weights(weights, len(codes)),
        )

    @classmethod
    def of_table(cls, table: npt.ArrayLike, *, categories: Sequence[Hashable] | None = None) -> "Ratings":
        """Return the ratings of two coders from their contingency table (first coder in rows).

        Raises
        ------
        InputError
            If the table is not square, or its cells are not whole numbers of units.
        """
        counts = _whole(table, "contingency table")
        if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
            raise InputError(
                Problem(
                    what=f"a table of shape {counts.shape}",
                    where="contingency table",
                    expected="as many rows as columns, in the same order of categories",
                )
            )
        scale = tuple(range(len(counts))) if categories is None else tuple(categories)
        rows, columns = np.indices(counts.shape)
        times = counts.ravel()
        codes = np.column_stack([np.repeat(rows.ravel(), times), np.repeat(columns.ravel(), times)])
        return cls(codes=codes, categories=scale)

    @classmethod
    def of_counts(cls, counts: npt.ArrayLike, *, categories: Sequence[Hashable] | None = None) -> "Ratings":
        """Return ratings of nameless coders from counts of shape (units, categories).

        The coders of one column need not be the same person, so coefficients with a chance term
        per coder (Cohen, mean pairwise) mean nothing on them.

        Raises
        ------
        InputError
            If the cells are not whole numbers.
        """
        table = _whole(counts, "counts of ratings")
        scale = tuple(range(table.shape[1])) if categories is None else tuple(categories)
        codes = np.full((len(table), int(table.sum(axis=1).max(initial=0))), MISSING, dtype=np.int64)
        for unit, row in enumerate(table):
            values = np.repeat(np.arange(table.shape[1]), row)
            codes[unit, : len(values)] = values
        return cls(codes=codes, categories=scale)

    @property
    def coders(self) -> int:
        """Number of coders."""
        return int(self.codes.shape[1])

    def position(self, category: Hashable) -> int:
        """Return where `category` stands on the scale.

        Raises
        ------
        InputError
            If it is not on the scale.
        """
        if category not in self.categories:
            raise InputError(_off_scale(category, self.categories, "category"))
        return self.categories.index(category)

    def one_against_rest(self, category: Hashable) -> "Ratings":
        """Return the ratings with two categories: False for all others, True for `category`."""
        chosen = (self.codes == self.position(category)).astype(np.int64)
        codes = np.where(self.codes < 0, MISSING, chosen)
        return Ratings(codes=codes, categories=(False, True), weights=self.weights)

    @cached_property
    def patterns(self) -> "Patterns":
        """The distinct rows and how many units (or how much weight) show each."""
        return self.patterns_by(np.zeros(len(self.codes), dtype=np.int64), clusters=1)

    def patterns_by(self, cluster: IntArray, *, clusters: int) -> "Patterns":
        """Return the distinct rows, counted per cluster.

        Parameters
        ----------
        cluster : ndarray of int, shape (units,)
            Which cluster each unit belongs to, from 0.
        clusters : int
            How many clusters there are.
        """
        base = len(self.categories) + 1
        if base**self.coders > 2**62:
            table, number = np.unique(self.codes.astype(np.int64), axis=0, return_inverse=True)
            number = number.reshape(-1)
        else:
            number = np.zeros(len(self.codes), dtype=np.int64)
            for column in range(self.coders):
                number *= base
                number += self.codes[:, column]
                number += 1
            found = np.arange(base**self.coders) if base**self.coders <= max(4096, len(self.codes)) else None
            if found is None:
                found, number = np.unique(number, return_inverse=True)
            table = found[:, None] // base ** np.arange(self.coders - 1, -1, -1) % base - 1
        size = len(table)
        where = number if clusters == 1 else number + cluster * size
        mass = np.bincount(where, weights=self.weights, minlength=clusters * size).reshape(clusters, size)
        seen = mass.any(axis=0)
        return Patterns(codes=table[seen], k=len(self.categories), mass=mass[:, seen].astype(np.float64))


RatingsLike: TypeAlias = Ratings | pd.DataFrame | npt.NDArray[np.generic] | Sequence[Sequence[object]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Patterns:
    """Distinct rows of ratings and their mass in every cluster.

    Attributes
    ----------
    codes : ndarray of int, shape (patterns, coders)
    k : int
        Number of categories.
    mass : ndarray of float, shape (clusters, patterns)
        Units, or sum of weights.
    """

    codes: npt.NDArray[np.integer]
    k: int
    mass: FloatArray

    @cached_property
    def counts(self) -> FloatArray:
        """How many coders of each pattern chose each category, shape (patterns, categories)."""
        counts = np.zeros((len(self.codes), self.k))
        rows = np.arange(len(self.codes))
        for column in self.codes.T:
            rated = column >= 0
            counts[rows[rated], column[rated]] += 1
        return counts

    @cached_property
    def raters(self) -> FloatArray:
        """How many coders rated each pattern, shape (patterns,)."""
        raters: FloatArray = (self.codes >= 0).sum(axis=1).astype(np.float64)
        return raters

    @cached_property
    def total(self) -> FloatArray:
        """Mass over all clusters, shape (patterns,)."""
        total: FloatArray = self.mass.sum(axis=0)
        return total

    @cached_property
    def pairable(self) -> int:
        """Units (or their weight, rounded) that two coders or more have rated."""
        return round(float(self.total[self.raters >= 2].sum()))


def _from_numbers(units: object) -> tuple[npt.NDArray[np.integer], tuple[Hashable, ...]] | None:
    """Encode a numeric array of whole values that lie close together, without looking at single cells."""
    if not isinstance(units, np.ndarray) or units.ndim != 2 or units.dtype.kind not in "iufb" or not units.size:
        return None
    values = units.astype(np.int8) if units.dtype.kind == "b" else units
    low, high = np.fmin.reduce(values, axis=None), np.fmax.reduce(values, axis=None)
    # Infinite values, fractions, numbers too large for the subtraction, and nothing but NaN are for the slow way.
    exact = 2**52 if values.dtype.kind == "f" else 2**62
    if not (np.isfinite(low) and np.isfinite(high)) or max(abs(int(low)), abs(int(high))) > exact:
        return None
    if int(high) - int(low) > _CLOSE or low != np.floor(low):
        return None
    shifted = (values.astype(np.int64) if values.dtype.kind in "iu" else values) - (int(low) - 1)
    if values.dtype.kind == "f":
        shifted[np.isnan(shifted)] = 0.0
    codes = shifted.astype(np.int16)
    if (codes != shifted).any():
        return None
    used = np.bincount(codes.ravel(), minlength=int(high) - int(low) + 2) > 0
    used[0] = True  # 0 stands for a missing rating
    lookup = (np.cumsum(used) - 2).astype(np.int16)
    scale: tuple[Hashable, ...] = tuple(int(v) + int(low) - 1 for v in np.flatnonzero(used)[1:])
    if units.dtype.kind == "b":
        scale = tuple(bool(v) for v in scale)
    return lookup[codes], scale


def _from_values(
    units: object, categories: Sequence[Hashable] | None
) -> tuple[npt.NDArray[np.integer], tuple[Hashable, ...]]:
    rows = _rows(units)
    if len({len(row) for row in rows}) > 1:
        raise InputError(
            Problem(
                what="rows of unequal length",
                where="ratings",
                expected="one value per coder in every row, None where the coder did not rate the unit",
            )
        )
    seen = {value for row in rows for value in row if value is not None}
    problems: list[Problem] = []
    if "" in seen:
        problems.append(
            Problem(what="an empty string as a rating", where="ratings", remedy="Use None for a unit not rated")
        )
    if categories is None:
        scale: tuple[Hashable, ...] = tuple(sorted(seen, key=_sort_key))
    else:
        scale = tuple(categories)
        known = set(scale)
        problems += [_off_scale(v, scale, "rating") for v in sorted(seen - known - {""}, key=_sort_key)]
    if problems:
        raise InputError(problems)
    position = {value: number for number, value in enumerate(scale)}
    codes = np.array([[MISSING if v is None else position[v] for v in row] for row in rows], dtype=np.int64)
    return codes.reshape(len(rows), len(rows[0]) if rows else _columns(units)), scale


def _columns(units: object) -> int:
    """Return how many coders a table without units has."""
    return int(units.shape[1]) if isinstance(units, pd.DataFrame | np.ndarray) and units.ndim == 2 else 0


def _rows(units: object) -> list[list[Hashable]]:
    if isinstance(units, pd.DataFrame):
        units = units.to_numpy(dtype=object)
    if isinstance(units, np.ndarray):
        units = units.tolist()
    return [[None if _is_missing(v) else v for v in row] for row in units]  # type: ignore[attr-defined]


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _sort_key(value: object) -> tuple[str, object]:
    return ("", value) if isinstance(value, int | float) else (type(value).__name__, str(value))


def _off_scale(value: Hashable, scale: Sequence[Hashable], what: str) -> Problem:
    return Problem(
        what=f"{what} '{value}' is not on the scale",
        where="ratings",
        expected=f"one of {', '.join(map(str, scale))}",
        remedy=suggestion(str(value), map(str, scale)),
    )


def _whole(values: npt.ArrayLike, where: str) -> IntArray:
    table = np.asarray(values, dtype=np.float64)
    if not np.isfinite(table).all() or (table < 0).any() or (table != np.floor(table)).any():
        raise InputError(Problem(what="a cell that is no count", where=where, expected="whole numbers from 0"))
    return table.astype(np.int64)


def _weights(weights: npt.ArrayLike, units: int) -> FloatArray:
    values = np.asarray(weights, dtype=np.float64)
    if values.shape != (units,) or not np.isfinite(values).all() or (values <= 0).any():
        raise InputError(
            Problem(what="weights that cannot be used", where="ratings", expected=f"{units} positive numbers")
        )
    return values / values.mean() if units else values
