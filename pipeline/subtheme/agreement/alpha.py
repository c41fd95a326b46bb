"""Krippendorff's alpha: any number of coders, any gaps, any scale."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from subtheme.agreement.coefficient import Coefficient
from subtheme.agreement.measure import Measure, Parts, coefficient, ratio
from subtheme.agreement.ratings import FloatArray, Patterns, Ratings, RatingsLike
from subtheme.errors import InputError, Problem

Level: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]
Distance: TypeAlias = npt.ArrayLike | Callable[[Hashable, Hashable], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class NominalAlpha:
    """Alpha in which any two categories differ by 1."""

    name: str = "Krippendorff's alpha, nominal"

    def features(self, patterns: Patterns) -> FloatArray:
        """Return values, disagreeing pairs, and values per category, of pairable units."""
        raters, counts = patterns.raters, patterns.counts
        pairable = raters >= 2
        apart = ratio(raters**2 - (counts**2).sum(axis=1), np.where(pairable, raters - 1, 0.0))
        features = np.column_stack([raters, apart, counts])
        return np.where(pairable[:, None], features, 0.0)

    def parts(self, sums: FloatArray) -> Parts:
        """Return alpha from the sums of `features`."""
        n, counts = sums[..., 0], sums[..., 2:]
        observed = ratio(sums[..., 1], n)
        expected = ratio(n**2 - (counts**2).sum(axis=-1), n * (n - 1))
        return Parts.of_disagreement(observed, expected)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DistanceAlpha:
    """Alpha with a fixed distance between categories.

    Attributes
    ----------
    distance : ndarray of float, shape (categories, categories)
        Disagreement of each two categories: symmetric, 0 on the diagonal.
    """

    distance: FloatArray
    name: str

    def features(self, patterns: Patterns) -> FloatArray:
        """Return values, distance over pairs, and values per category, of pairable units."""
        raters = patterns.raters
        apart = np.zeros(len(raters))
        columns = patterns.codes.T
        for i, first in enumerate(columns):
            for second in columns[i + 1 :]:
                both = (first >= 0) & (second >= 0)
                apart[both] += 2.0 * self.distance[first[both], second[both]]
        pairable = raters >= 2
        apart = ratio(apart, np.where(pairable, raters - 1, 0.0))
        features = np.column_stack([raters, apart, patterns.counts])
        features[~pairable] = 0.0
        return features

    def parts(self, sums: FloatArray) -> Parts:
        """Return alpha from the sums of `features`."""
        n, counts = sums[..., 0], sums[..., 2:]
        observed = ratio(sums[..., 1], n)
        chance = ((counts @ self.distance) * counts).sum(axis=-1)
        return Parts.of_disagreement(observed, ratio(chance, n * (n - 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdinalAlpha:
    """Alpha whose distance is the square of how many values lie between two ranks."""

    categories: int
    name: str = "Krippendorff's alpha, ordinal"

    def features(self, patterns: Patterns) -> FloatArray:
        """Return the coincidences of each two categories in pairable units."""
        raters, counts = patterns.raters, patterns.counts
        pairs = counts[:, :, None] * counts[:, None, :]
        diagonal = np.arange(self.categories)
        pairs[:, diagonal, diagonal] -= counts
        share = ratio(np.ones_like(raters), np.where(raters >= 2, raters - 1, 0.0))
        return (pairs * np.nan_to_num(share)[:, None, None]).reshape(len(raters), -1)

    def parts(self, sums: FloatArray) -> Parts:
        """Return alpha from the coincidences."""
        pairs = sums.reshape(*sums.shape[:-1], self.categories, self.categories)
        counts = pairs.sum(axis=-1)
        n = counts.sum(axis=-1)
        rank = np.cumsum(counts, axis=-1) - counts / 2
        distance = (rank[..., :, None] - rank[..., None, :]) ** 2
        observed = ratio((pairs * distance).sum(axis=(-2, -1)), n)
        chance = (counts[..., :, None] * counts[..., None, :] * distance).sum(axis=(-2, -1))
        return Parts.of_disagreement(observed, ratio(chance, n * (n - 1)))


def alpha_measure(
    categories: Sequence[Hashable], *, level: Level = "nominal", distance: Distance | None = None
) -> Measure:
    """Return alpha on a scale as a measure.

    Raises
    ------
    InputError
        For an unknown level, categories that are no numbers where the level needs them, or a
        distance that is not symmetric, not 0 between equals, or negative.
    """
    if distance is not None:
        return DistanceAlpha(
            distance=_checked_distance(distance, categories), name="Krippendorff's alpha, own distance"
        )
    if level not in get_args(Level):
        raise InputError(
            Problem(what=f"unknown level '{level}'", where="alpha", expected=f"one of {', '.join(get_args(Level))}")
        )
    if level == "nominal":
        return NominalAlpha()
    if level == "ordinal":
        return OrdinalAlpha(categories=len(categories))
    try:
        values = np.array([float(c) for c in categories])  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise InputError(
            Problem(
                what="categories that are no numbers",
                where=f"alpha, level {level}",
                expected="numbers",
                remedy="Use level nominal or ordinal",
            )
        ) from None
    apart = values[:, None] - values[None, :]
    if level == "ratio":
        total = values[:, None] + values[None, :]
        apart = np.divide(apart, total, out=np.zeros_like(apart), where=total != 0)
    return DistanceAlpha(distance=apart**2, name=f"Krippendorff's alpha, {level}")


def krippendorff_alpha(
    ratings: RatingsLike,
    *,
    level: Level = "nominal",
    distance: Distance | None = None,
    categories: Sequence[Hashable] | None = None,
    weights: npt.ArrayLike | None = None,
) -> Coefficient:
    """Return Krippendorff's alpha, 1 - observed / expected disagreement.

    Every unit with m >= 2 values gives each ordered pair of its values the weight 1 / (m - 1);
    the expected disagreement pairs all n values of such units, ``sum(n_c n_k d_ck) / (n (n - 1))``.
    A unit that one coder alone has rated changes nothing.

    Parameters
    ----------
    ratings : Ratings or rows of units
        One row per unit, one column per coder; None where the coder did not rate the unit.
    level : {"nominal", "ordinal", "interval", "ratio"}
        Krippendorff's own metrics.
    distance : array of shape (categories, categories) or callable, optional
        A distance of your own in place of `level`; 0 between equals, and symmetric.
    categories : sequence, optional
        The scale in its order; by default the values that occur, sorted.
    weights : array of shape (units,), optional
        Sampling weights.

    Raises
    ------
    InputError
        If the ratings, the level or the distance cannot be used.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability.
    https://repository.upenn.edu/asc_papers/43. Hayes, A. F. & Krippendorff, K. (2007),
    https://doi.org/10.1080/19312450709336664

    Examples
    --------
    Example C of Krippendorff (2011):

    >>> units = [[1, 1, None, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    ...          [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [None, 5, 5, 5], [None, None, 1, 1],
    ...          [None, None, 3, None]]
    >>> [round(krippendorff_alpha(units, level=x).value, 3) for x in ("nominal", "ordinal", "interval", "ratio")]
    [0.743, 0.815, 0.849, 0.797]
    """
    table = Ratings.of(ratings, categories=categories, weights=weights)
    return coefficient(alpha_measure(table.categories, level=level, distance=distance), table)


def alpha_per_value(
    ratings: RatingsLike,
    *,
    categories: Sequence[Hashable] | None = None,
    weights: npt.ArrayLike | None = None,
) -> dict[Hashable, Coefficient]:
    """Return nominal alpha of each value against all others, to find what the codebook leaves unclear."""
    table = Ratings.of(ratings, categories=categories, weights=weights)
    result: dict[Hashable, Coefficient] = {}
    for value in table.categories:
        single = krippendorff_alpha(table.one_against_rest(value))
        result[value] = replace(single, name=f"Krippendorff's alpha, '{value}' against the rest")
    return result


def alpha_error(ratings: RatingsLike) -> float:
    """Return Gwet's linearised standard error of nominal alpha over independent units.

    As Gwet (2014) publishes it, of alpha without its small-sample term; NaN where alpha is not
    defined. For the interval of a study use `cluster_interval`.
    """
    patterns = Ratings.of(ratings).patterns
    features = NominalAlpha().features(patterns)
    sums = patterns.total @ features
    n, apart, counts = sums[0], sums[1], sums[2:]
    chance = n**2 - (counts**2).sum()
    units = float(patterns.total[patterns.raters >= 2].sum())
    if not chance or units < 2:
        return float("nan")
    # alpha' = 1 - apart n / chance, differentiated by each sum.
    slope = np.concatenate(
        [[2 * apart * n**2 / chance**2 - apart / chance, -n / chance], -2 * apart * n * counts / chance**2]
    )
    linear = features @ slope
    linear -= (patterns.total @ linear) / units * (patterns.raters >= 2)
    return float(np.sqrt((patterns.total * linear**2).sum() * units / (units - 1)))


def _checked_distance(distance: Distance, categories: Sequence[Hashable]) -> FloatArray:
    if callable(distance):
        matrix = np.array([[float(distance(a, b)) for b in categories] for a in categories], dtype=np.float64)
        matrix = matrix.reshape(len(categories), len(categories))
    else:
        matrix = np.asarray(distance, dtype=np.float64)
    expected = f"{len(categories)} rows and columns, symmetric, 0 on the diagonal, nothing below 0"
    if matrix.shape != (len(categories), len(categories)) or not _is_distance(matrix):
        raise InputError(Problem(what="a distance that cannot be used", where="alpha", expected=expected))
    return matrix


def _is_distance(matrix: FloatArray) -> bool:
    return bool(
        np.isfinite(matrix).all()
        and (matrix >= 0).all()
        and (np.diag(matrix) == 0).all()
        and np.allclose(matrix, matrix.T, rtol=0, atol=1e-12)
    )
