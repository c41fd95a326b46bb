"""Gwet's linearised standard error, which assumes independent units."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from subtheme.agreement.ratings import FloatArray, Patterns

Divisor = Literal["n", "n - 1"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardError:
    """A standard error over units and the degrees of freedom of its t interval."""

    value: float
    degrees_of_freedom: float


def linearised_error(
    patterns: Patterns,
    *,
    agreement: FloatArray,
    leverage: FloatArray | None,
    value: float,
    expected: float,
    divisor: Divisor = "n - 1",
) -> StandardError:
    """Return the standard error of ``(po - pe) / (1 - pe)`` over independent units.

    Gwet (2008), https://doi.org/10.1348/000711006X126600, extended to missing ratings in Gwet (2014).
    irrCAC divides the variance by n for contingency tables and by n - 1 for raw ratings.

    Parameters
    ----------
    patterns : Patterns
    agreement : ndarray of float, shape (patterns,)
        Share of agreeing pairs, 0 where fewer than two coders rated the unit.
    leverage : ndarray of float, shape (patterns,), or None
        Each unit's contribution to the chance term; None where there is no chance term.
    value, expected : float
        The coefficient and its chance term.
    """
    mass, raters = patterns.total, patterns.raters
    rated, pairable = raters >= 1, raters >= 2
    units = float(mass[rated].sum())
    scale = units / float(mass[pairable].sum())
    if leverage is None:
        linear = scale * agreement
    else:
        linear = scale * (agreement - expected * pairable) - 2.0 * (1.0 - value) * (leverage - expected)
        linear = linear / (1.0 - expected)
    spread = float((mass * np.where(rated, linear - value, 0.0) ** 2).sum())
    room = units * (units if divisor == "n" else units - 1)
    return StandardError(value=math.sqrt(spread / room) if room > 0 else math.nan, degrees_of_freedom=units - 1)
