"""Agreement of any number of coders who are interchangeable: percent, AC1, AC2, pi, Fleiss, S."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from subtheme.agreement.coefficient import Coefficient
from subtheme.agreement.kappa import Weighting, agreement_weights
from subtheme.agreement.linearised import Divisor, StandardError, linearised_error
from subtheme.agreement.measure import Parts, coefficient, ratio
from subtheme.agreement.ratings import FloatArray, Patterns, Ratings, RatingsLike
from subtheme.errors import InputError, Problem

Chance = Literal["none", "pooled", "uniform", "gwet"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PooledAgreement:
    """Mean agreement of the pairs of each unit, against a chance term from pooled ratings.

    Attributes
    ----------
    agreement : ndarray of float, shape (categories, categories)
        Partial agreement, 1 on the diagonal.
    chance : {"none", "pooled", "uniform", "gwet"}
        ``pooled``: sum of w p_c p_k (Scott, Fleiss); ``uniform``: mean of w (Brennan-Prediger);
        ``gwet``: sum of w / (q (q - 1)) times sum of p (1 - p) (AC1, AC2).
    """

    agreement: FloatArray
    chance: Chance
    name: str

    def features(self, patterns: Patterns) -> FloatArray:
        """Return pairable units, their agreement, rated units, and shares per category."""
        raters = patterns.raters
        shares = np.nan_to_num(ratio(patterns.counts, raters[:, None]))
        return np.column_stack([raters >= 2, unit_agreement(patterns, self.agreement), raters >= 1, shares])

    def parts(self, sums: FloatArray) -> Parts:
        """Return the coefficient from the sums of `features`."""
        observed = ratio(sums[..., 1], sums[..., 0])
        if self.chance == "none":
            return Parts.plain(observed)
        shares = ratio(sums[..., 3:], sums[..., 2:3])
        alike = (sums[..., 3:] > 0).sum(axis=-1) < 2
        return Parts.corrected(observed, np.where(alike, 1.0, self.expected(shares)))

    def expected(self, shares: FloatArray) -> FloatArray:
        """Return the agreement by chance, from pooled shares of shape (..., categories)."""
        q = max(len(self.agreement), 1)
        if self.chance == "pooled":
            return np.asarray(((shares @ self.agreement) * shares).sum(axis=-1))
        mean_weight = float(self.agreement.sum()) / q**2
        if self.chance == "uniform":
            return np.full(shares.shape[:-1], mean_weight)
        return np.asarray(mean_weight * q / max(q - 1, 1) * (shares * (1.0 - shares)).sum(axis=-1))

    def leverage(self, shares: FloatArray, units: FloatArray) -> FloatArray:
        """Return each unit's contribution to chance, given its own shares of the categories."""
        q = len(self.agreement)
        if self.chance == "pooled":
            both = (self.agreement @ shares + shares @ self.agreement) / 2
            return np.asarray(units @ both)
        if self.chance == "gwet":
            return np.asarray(float(self.agreement.sum()) / (q * max(q - 1, 1)) * (units @ (1.0 - shares)))
        return np.full(len(units), float(self.agreement.sum()) / q**2)


def unit_agreement(patterns: Patterns, agreement: FloatArray) -> FloatArray:
    """Return the share of agreeing pairs of each pattern; 0 where fewer than two coders rated it."""
    counts, raters = patterns.counts, patterns.raters
    pairs = (counts * (counts @ agreement)).sum(axis=1) - counts @ np.diag(agreement)
    return np.nan_to_num(ratio(pairs, raters * (raters - 1)))


def percent_agreement(ratings: RatingsLike, *, weights: npt.ArrayLike | None = None) -> Coefficient:
    """Return the mean over units of the share of agreeing pairs of coders, in [0, 1].

    The only number here that everyone understands, and not enough alone: it is near 1 for every
    rare code.

    >>> round(percent_agreement([["a", "a"], ["a", "b"], ["b", "b"], ["b", None]]).value, 3)
    0.667
    """
    return _pooled(ratings, "none", "percent agreement", weights=weights)


def scott_pi(ratings: RatingsLike, *, weights: npt.ArrayLike | None = None) -> Coefficient:
    """Return Scott's pi of two coders: chance from their pooled marginals.

    Scott (1955), https://doi.org/10.1086/266577.

    Raises
    ------
    InputError
        If there are not two coders.
    """
    table = Ratings.of(ratings, weights=weights)
    if table.coders != 2:
        raise InputError(
            Problem(
                what="1 coder" if table.coders == 1 else f"{table.coders} coders",
                where="Scott's pi",
                expected="two",
                remedy="Use Fleiss' kappa",
            )
        )
    return _pooled(table, "pooled", "Scott's pi")


def fleiss_kappa(
    ratings: RatingsLike,
    *,
    missing: Literal["refuse", "gwet"] = "refuse",
    weights: npt.ArrayLike | None = None,
) -> Coefficient:
    """Return Fleiss' kappa, for which every unit has the same number of ratings.

    Fleiss (1971), https://doi.org/10.1037/h0031619. With missing ratings programs give different
    numbers under this name, so they are refused; ``missing="gwet"`` gives Gwet's (2014) version.

    Raises
    ------
    InputError
        If a rating is missing and `missing` is ``refuse``.
    """
    table = Ratings.of(ratings, weights=weights)
    raters = (table.codes >= 0).sum(axis=1)
    if missing == "refuse" and len(set(raters.tolist())) > 1:
        raise InputError(
            Problem(
                what=f"{int((raters != table.coders).sum())} of {len(raters)} units lack a rating",
                where="Fleiss' kappa",
                expected="the same number of ratings for every unit",
                remedy="Use Krippendorff's alpha, which is defined with missing ratings",
            )
        )
    return _pooled(table, "pooled", "Fleiss' kappa")


def brennan_prediger(
    ratings: RatingsLike,
    *,
    categories: Sequence[Hashable] | None = None,
    weights: npt.ArrayLike | None = None,
) -> Coefficient:
    """Return the coefficient of Brennan & Prediger: chance is 1 / q of the declared scale.

    Bennett's S; PABAK = 2 po - 1 for two categories; Randolph's kappa for several coders. Brennan &
    Prediger (1981), https://doi.org/10.1177/001316448104100307. Categories that nobody uses raise it.

    >>> round(brennan_prediger(Ratings.of_table([[80, 10], [5, 5]])).value, 2)
    0.7
    """
    return _pooled(ratings, "uniform", "Brennan-Prediger", categories=categories, weights=weights)


def gwet_ac1(
    ratings: RatingsLike,
    *,
    categories: Sequence[Hashable] | None = None,
    weights: npt.ArrayLike | None = None,
) -> Coefficient:
    """Return Gwet's AC1; for rare codes it hardly punishes, so it never stands alone.

    Gwet (2008), https://doi.org/10.1348/000711006X126600. A unit with one rating counts for the
    chance term only.

    Examples
    --------
    Coders who never once agree on the rare category:

    >>> round(gwet_ac1(Ratings.of_table([[118, 5], [2, 0]])).value, 3)
    0.941
    """
    return _pooled(ratings, "gwet", "Gwet's AC1", categories=categories, weights=weights)


def gwet_ac2(
    ratings: RatingsLike,
    *,
    weighting: Weighting = "quadratic",
    categories: Sequence[Hashable] | None = None,
    weights: npt.ArrayLike | None = None,
) -> Coefficient:
    """Return Gwet's AC2, AC1 with partial agreement of ordered categories (Gwet 2014)."""
    return _pooled(ratings, "gwet", "Gwet's AC2", weighting=weighting, categories=categories, weights=weights)


def _pooled(
    ratings: RatingsLike,
    chance: Chance,
    name: str,
    *,
    weighting: Weighting = "identity",
    categories: Sequence[Hashable] | None = None,
    weights: npt.ArrayLike | None = None,
) -> Coefficient:
    table = Ratings.of(ratings, categories=categories, weights=weights)
    measure = PooledAgreement(agreement=agreement_weights(weighting, len(table.categories)), chance=chance, name=name)
    single = coefficient(measure, table)
    if not single.is_defined or single.n < 2:
        return single
    error = pooled_error(measure, table)
    return replace(single, standard_error=error.value, degrees_of_freedom=error.degrees_of_freedom)


def pooled_error(measure: PooledAgreement, table: Ratings, *, divisor: Divisor = "n - 1") -> StandardError:
    """Return the linearised standard error of a measure of this family; it assumes independent units."""
    patterns = table.patterns
    features = measure.features(patterns)
    sums = patterns.total @ features
    parts = measure.parts(sums)
    leverage = None if measure.chance == "none" else measure.leverage(sums[3:] / sums[2], features[:, 3:])
    return linearised_error(
        patterns,
        agreement=features[:, 1],
        leverage=leverage,
        value=float(parts.value),
        expected=float(parts.expected),
        divisor=divisor,
    )


def fleiss_deviate(ratings: RatingsLike) -> float:
    """Return Fleiss' kappa over its standard error under kappa = 0 (Fleiss, Nee & Landis 1979).

    Complete data; https://doi.org/10.1037/0033-2909.86.5.974.

    Raises
    ------
    InputError
        If a rating is missing.
    """
    table = Ratings.of(ratings)
    kappa = fleiss_kappa(table)
    patterns = table.patterns
    shares = patterns.total @ patterns.counts / (kappa.n * table.coders)
    both = shares * (1 - shares)
    room = float(both.sum())
    spread = room**2 - float((both * (1 - 2 * shares)).sum())
    error = math.sqrt(2 * spread / (kappa.n * table.coders * (table.coders - 1))) / room if room else math.nan
    return kappa.value / error
