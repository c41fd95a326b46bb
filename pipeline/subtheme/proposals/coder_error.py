"""Coder error: how often a person misses what is there and finds what is not, and what an answer is worth by it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from subtheme.errors import InputError, Problem
from subtheme.proposals.subsets import Floats

_LEAST = 1e-12
"""An error rarer than this is taken for this rare: an answer is then as good as certain."""
ANSWERS_ENOUGH = 3
"""Answers about one segment and sub-theme, after which nobody is asked again: of three, two are alike."""

_MISSED = np.array([0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.18, 0.25])
_INVENTED = np.array([0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.18])
"""Errors that are tried against answers that were given twice."""
_STATED_OFF = 0.7
"""Standard deviation, as a logarithm, by which a stated error may be off."""

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderError:
    """How answers go wrong.

    Attributes
    ----------
    missed : float
        Chance that a segment that carries the sub-theme is denied, in [0, 0.5).
    invented : float
        Chance that one that does not carry it is confirmed, in [0, 0.5).
    """

    missed: float = 0.0
    invented: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no chance of an error."""
        problems = [
            Problem(
                what=f"a chance of {value} that a coder {does}",
                expected="at least 0 and less than 0.5",
                remedy="0.05 stands for one segment in twenty",
            )
            for value, does in (
                (self.missed, "misses what is there"),
                (self.invented, "finds what is not"),
            )
            if not 0 <= value < 0.5
        ]
        if problems:
            raise InputError(problems)

    @property
    def confirming(self) -> float:
        """Factor by which a confirmation multiplies the odds that the segment carries the sub-theme."""
        return (1 - self.missed) / max(self.invented, _LEAST)

    @property
    def denying(self) -> float:
        """Factor by which a denial multiplies them."""
        return self.missed / (1 - self.invented)

    def factor(self, confirmations: Counts, denials: Counts) -> Floats:
        """Return what so many confirmations and denials multiply the odds by."""
        factor: Floats = self.confirming ** confirmations.astype(np.float64) * self.denying ** denials.astype(
            np.float64
        )
        return factor

    def chance_to_confirm(self, chance: Floats) -> Floats:
        """Return the chance of a confirmation where `chance` is that the segment carries the sub-theme."""
        confirmed: Floats = chance * (1 - self.missed) + (1 - chance) * self.invented
        return confirmed


CERTAIN = CoderError()
"""Answers that are never wrong."""


def is_to_be_asked_again(confirmations: Counts, denials: Counts) -> NDArray[np.bool_]:
    """Return where one more answer can verify a confirmation: two more confirmations than denials need none.

    >>> is_to_be_asked_again(np.array([1, 1, 2, 2, 0]), np.array([0, 1, 0, 1, 1])).tolist()
    [True, True, False, False, False]
    """
    is_confirmed = (confirmations > 0) & (confirmations >= denials)
    again: NDArray[np.bool_] = is_confirmed & (confirmations < 2) & (confirmations + denials < ANSWERS_ENOUGH)
    return again


def error_after(
    stated: CoderError,
    probability: Floats,
    *,
    first: NDArray[np.bool_],
    confirmations: Counts,
    denials: Counts,
) -> CoderError:
    """Return the error under which further answers to the same questions were most to be expected.

    Given the first answer and the score, the later ones tell the error apart from the score: whoever confirms what the
    next one denies has either been wrong, or been denied wrongly, and the score says which is likelier. A penalty keeps
    the result near the stated error (normal on the scale of the logarithm). Without further answers it is the stated
    one.

    Parameters
    ----------
    stated : CoderError
        As known from double coding, or assumed.
    probability : array
        That each segment carries the sub-theme, before any answer.
    first : array of bool
        Whether the first answer confirmed it.
    confirmations, denials : arrays of int
        All answers, the first among them.
    """
    is_again = (confirmations + denials > 1) & ~np.isnan(probability)
    if not is_again.any() or stated == CERTAIN:
        return stated
    p, yes_first = probability[is_again], first[is_again]
    yes, no = confirmations[is_again] - yes_first, denials[is_again] - ~yes_first
    best, error = -np.inf, stated
    for missed in _MISSED:
        for invented in _INVENTED:
            tried = CoderError(missed=float(missed), invented=float(invented))
            factor = np.where(yes_first, tried.confirming, tried.denying)
            odds = p / np.maximum(1 - p, _LEAST) * factor
            given = (odds * (1 - missed) ** yes * missed**no + invented**yes * (1 - invented) ** no) / (1 + odds)
            fit = float(np.log(np.maximum(given, 1e-300)).sum()) - _away(missed, stated.missed)
            fit -= _away(invented, stated.invented)
            if fit > best:
                best, error = fit, tried
    return error


def _away(tried: float, stated: float) -> float:
    return 0.5 * float(np.log(tried / max(stated, 1e-3)) / _STATED_OFF) ** 2
