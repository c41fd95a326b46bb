"""What every coefficient has in common: sums over units, and a value from the sums.

A measure says which features of a pattern of ratings it adds up (`features`), and how its value
follows from the sums (`parts`). Sums of single transcripts are all that an interval needs, so one
pass over the ratings serves the value, the jackknife and the bootstrap.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from subtheme.agreement.coefficient import Coefficient
from subtheme.agreement.ratings import FloatArray, Patterns, Ratings

NO_PAIRS = "no unit was rated by two coders"
ONE_CATEGORY = "all ratings are in one category, so there is nothing to tell apart"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """A measure's value with what it is made of; arrays of one shape.

    Attributes
    ----------
    value : ndarray of float
        NaN where the measure is not defined.
    observed, expected : ndarray of float
        Agreement; `expected` is NaN for measures without a chance term.
    """

    value: FloatArray
    observed: FloatArray
    expected: FloatArray

    @classmethod
    def corrected(cls, observed: FloatArray, expected: FloatArray) -> "Parts":
        """Return (observed - expected) / (1 - expected), not defined where chance alone agrees fully."""
        room = 1.0 - expected
        # Shares add up to 1 only within rounding, so a chance of 1 is met within rounding too.
        value = ratio(observed - expected, np.where(room > 1e-12, room, 0.0))
        return cls(value=value, observed=observed, expected=expected)

    @classmethod
    def of_disagreement(cls, observed: FloatArray, expected: FloatArray) -> "Parts":
        """Return 1 - observed / expected disagreement, not defined where none is expected."""
        return cls(value=1.0 - ratio(observed, expected), observed=1.0 - observed, expected=1.0 - expected)

    @classmethod
    def plain(cls, observed: FloatArray) -> "Parts":
        """Return a measure without a chance term."""
        return cls(value=observed, observed=observed, expected=np.full_like(observed, np.nan))


class Measure(Protocol):
    """A coefficient of agreement as a function of sums over units."""

    @property
    def name(self) -> str:
        """What the coefficient is called."""

    def features(self, patterns: Patterns) -> FloatArray:
        """Return what is summed, shape (patterns, features)."""

    def parts(self, sums: FloatArray) -> Parts:
        """Return the value from sums of shape (..., features)."""


def ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Return numerator / denominator, NaN where the denominator is 0 (or not a number)."""
    numerator, denominator = np.broadcast_arrays(numerator, denominator)
    result = np.full(denominator.shape, np.nan)
    np.divide(numerator, denominator, out=result, where=denominator != 0)
    return result


def coefficient(measure: Measure, ratings: Ratings, *, reason: str = ONE_CATEGORY) -> Coefficient:
    """Return the value of `measure` on `ratings`; `reason` is given where it is not defined."""
    patterns = ratings.patterns
    parts = measure.parts(patterns.total @ measure.features(patterns))
    value = float(parts.value)
    why = "" if not np.isnan(value) else (reason if patterns.pairable else NO_PAIRS)
    return Coefficient(
        name=measure.name,
        value=value,
        observed=float(parts.observed),
        expected=float(parts.expected),
        n=patterns.pairable,
        k=patterns.k,
        coders=ratings.coders,
        reason=why,
    )
