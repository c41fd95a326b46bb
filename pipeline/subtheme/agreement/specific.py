"""Agreement on one category, and what explains a low kappa: prevalence and bias."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtheme.agreement.coefficient import Coefficient, number_or_none
from subtheme.agreement.measure import NO_PAIRS, Parts, coefficient, ratio
from subtheme.agreement.ratings import FloatArray, Patterns, Ratings, RatingsLike
from subtheme.errors import InputError, Problem

PRESENCE = (False, True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificAgreement:
    """Of all uses of a category, the share that another coder of the unit shares."""

    position: int
    name: str

    def features(self, patterns: Patterns) -> FloatArray:
        """Return agreeing pairs and uses of the category, of pairable units."""
        raters, uses = patterns.raters, patterns.counts[:, self.position]
        pairable = raters >= 2
        shared = ratio(uses * (uses - 1), np.where(pairable, raters - 1, 0.0))
        return np.where(pairable[:, None], np.column_stack([shared, uses]), 0.0)

    def parts(self, sums: FloatArray) -> Parts:
        """Return the share from the sums of `features`."""
        return Parts.plain(ratio(sums[..., 0], sums[..., 1]))


POSITIVE = SpecificAgreement(position=1, name="positive agreement")
NEGATIVE = SpecificAgreement(position=0, name="negative agreement")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrevalenceBias:
    """Why kappa may be low although the coders agree on most units.

    Attributes
    ----------
    prevalence : float
        Share of presence among all ratings of units that two coders or more have rated.
    prevalence_index : float
        ``|a - d| / n`` of the 2 x 2 table: 0 for a code present in half of the units, 1 at the extremes.
    bias_index : float
        ``|b - c| / n``: how far the coders' shares of presence lie apart (for more than two coders
        the two that are farthest apart).
    n : int
        Units that two coders or more have rated.
    reason : str
        Why the indices are not defined; empty where they are.
    """

    prevalence: float
    prevalence_index: float
    bias_index: float
    n: int
    reason: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return the indices for ``--json``."""
        return {
            "prevalence": number_or_none(self.prevalence),
            "prevalence_index": number_or_none(self.prevalence_index),
            "bias_index": number_or_none(self.bias_index),
            "n": self.n,
            "reason": self.reason,
        }


def specific_agreement(
    ratings: RatingsLike, category: Hashable, *, weights: npt.ArrayLike | None = None
) -> Coefficient:
    """Return how often, when one coder used `category`, another coder of the unit did too.

    For two coders 2a / (2a + b + c), the F1 of one coder against the other (Hripcsak &
    Rothschild 2005, https://doi.org/10.1197/jamia.M1733); for more, the share of agreeing pairs
    among the pairs that hold the category. It has no chance term.

    Raises
    ------
    InputError
        If the ratings cannot be used, or `category` is not on their scale.
    """
    table = Ratings.of(ratings, weights=weights)
    measure = SpecificAgreement(position=table.position(category), name=f"agreement on '{category}'")
    return coefficient(measure, table, reason="no coder used this category")


def positive_agreement(ratings: RatingsLike, *, weights: npt.ArrayLike | None = None) -> Coefficient:
    """Return the agreement on presence; ratings are true or false.

    >>> rows = [[True, True]] * 2 + [[True, False]] + [[False, False]] * 7
    >>> round(positive_agreement(rows).value, 3), round(negative_agreement(rows).value, 3)
    (0.8, 0.933)
    """
    return coefficient(POSITIVE, presence_ratings(ratings, weights=weights), reason="no coder used this code")


def negative_agreement(ratings: RatingsLike, *, weights: npt.ArrayLike | None = None) -> Coefficient:
    """Return the agreement on absence; ratings are true or false."""
    reason = "every coder used this code everywhere"
    return coefficient(NEGATIVE, presence_ratings(ratings, weights=weights), reason=reason)


def prevalence_bias(ratings: RatingsLike, *, weights: npt.ArrayLike | None = None) -> PrevalenceBias:
    """Return prevalence, prevalence index and bias index; ratings are true or false.

    Byrt, Bishop & Carlin (1993), https://doi.org/10.1016/0895-4356(93)90018-V, in absolute values.
    With PABAK = 2 po - 1 they explain kappa: (PABAK - PI**2 + BI**2) / (1 - PI**2 + BI**2).

    Examples
    --------
    Feinstein & Cicchetti (1990), po = .85 with a low kappa:

    >>> table = Ratings.of_table([[80, 10], [5, 5]], categories=(False, True))
    >>> round(prevalence_bias(table).prevalence_index, 2), round(prevalence_bias(table).bias_index, 2)
    (0.75, 0.05)
    """
    table = presence_ratings(ratings, weights=weights)
    patterns = table.patterns
    mass = np.where(patterns.raters >= 2, patterns.total, 0.0)
    given = mass @ (patterns.codes >= 0)
    present = mass @ (patterns.codes == 1)
    if not patterns.pairable:
        return PrevalenceBias(prevalence=np.nan, prevalence_index=np.nan, bias_index=np.nan, n=0, reason=NO_PAIRS)
    prevalence = float(present.sum() / given.sum())
    shares = present[given > 0] / given[given > 0]
    return PrevalenceBias(
        prevalence=prevalence,
        prevalence_index=abs(2 * prevalence - 1),
        bias_index=float(shares.max() - shares.min()),
        n=patterns.pairable,
    )


def presence_ratings(ratings: RatingsLike, *, weights: npt.ArrayLike | None = None) -> Ratings:
    """Return ratings on the scale (False, True), whatever of it occurs.

    Raises
    ------
    InputError
        If another value than true or false (1 or 0) occurs.
    """
    if not isinstance(ratings, Ratings):
        return Ratings.of(ratings, categories=PRESENCE, weights=weights)
    if ratings.categories == PRESENCE:
        return Ratings.of(ratings, weights=weights)
    strange = [c for c in ratings.categories if c not in PRESENCE]
    if strange:
        raise InputError(
            Problem(what=f"category '{strange[0]}'", where="ratings", expected="true (present) or false (absent)")
        )
    position = np.array([PRESENCE.index(bool(c)) for c in ratings.categories] + [-1])
    codes = position[ratings.codes]
    return Ratings.of(Ratings(codes=codes, categories=PRESENCE, weights=ratings.weights), weights=weights)
