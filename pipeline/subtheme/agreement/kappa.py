"""Kappa: chance from each coder's own use of the categories (Cohen, Conger, mean pairwise)."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from subtheme.agreement.coefficient import Coefficient
from subtheme.agreement.linearised import Divisor, StandardError, linearised_error
from subtheme.agreement.measure import NO_PAIRS, Parts, coefficient, ratio
from subtheme.agreement.ratings import FloatArray, Patterns, Ratings, RatingsLike
from subtheme.errors import InputError, Problem

Weighting: TypeAlias = Literal["identity", "linear", "quadratic"] | npt.ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class CohenKappa(Coefficient):
    """Cohen's kappa with its large-sample errors and its maximum.

    Attributes
    ----------
    maximum : float
        Largest kappa that the coders' marginals allow (unweighted only).
    null_error : float
        Standard error if kappa were 0; kappa divided by it is a normal deviate.
    """

    maximum: float = math.nan
    null_error: float = math.nan


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairKappa:
    """Cohen's kappa of two coders as a measure, with agreement weights."""

    agreement: FloatArray
    name: str = "Cohen's kappa"

    def features(self, patterns: Patterns) -> FloatArray:
        """Return one column per cell of the contingency table."""
        return pair_cells(patterns, 0, 1)

    def parts(self, sums: FloatArray) -> Parts:
        """Return kappa from the cells of the contingency table."""
        k = len(self.agreement)
        table = sums.reshape(*sums.shape[:-1], k, k)
        n = table.sum(axis=(-2, -1))
        observed = ratio((table * self.agreement).sum(axis=(-2, -1)), n)
        chance = ((table.sum(axis=-1) @ self.agreement) * table.sum(axis=-2)).sum(axis=-1)
        return Parts.corrected(observed, ratio(chance, n**2))


@dataclass(frozen=True, slots=True, kw_only=True)
class PairwiseKappa:
    """Mean of Cohen's kappa over all pairs of coders (Light 1971)."""

    coders: int
    categories: int
    name: str = "mean pairwise kappa"

    def features(self, patterns: Patterns) -> FloatArray:
        """Return the contingency table of every pair."""
        tables = [pair_cells(patterns, i, j) for i, j in combinations(range(self.coders), 2)]
        return np.concatenate(tables, axis=1) if tables else np.zeros((len(patterns.codes), 0))

    def parts(self, sums: FloatArray) -> Parts:
        """Return the mean over the pairs whose kappa is defined."""
        pairs = self.coders * (self.coders - 1) // 2
        tables = sums.reshape(*sums.shape[:-1], pairs, self.categories**2)
        single = PairKappa(agreement=np.eye(self.categories)).parts(tables)

        def mean(values: FloatArray) -> FloatArray:
            known = ~np.isnan(values)
            return ratio(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1).astype(np.float64))

        return Parts(value=mean(single.value), observed=mean(single.observed), expected=mean(single.expected))


@dataclass(frozen=True, slots=True, kw_only=True)
class CongerKappa:
    """Kappa of several coders with a chance term per coder (Conger 1980)."""

    coders: int
    categories: int
    name: str = "Conger's kappa"

    def features(self, patterns: Patterns) -> FloatArray:
        """Return pairable units, agreement, and every coder's use of every category."""
        pairable = patterns.raters >= 2
        shared = (patterns.counts * (patterns.counts - 1)).sum(axis=1)
        agree = np.nan_to_num(ratio(shared, patterns.raters * (patterns.raters - 1)))
        uses = patterns.codes[:, :, None] == np.arange(self.categories)
        return np.column_stack([pairable, agree, uses.reshape(len(uses), self.coders * self.categories)]).astype(
            np.float64
        )

    def parts(self, sums: FloatArray) -> Parts:
        """Return kappa from the sums of `features`."""
        uses = sums[..., 2:].reshape(*sums.shape[:-1], self.coders, self.categories)
        shares = ratio(uses, uses.sum(axis=-1, keepdims=True))
        mean = shares.sum(axis=-2, keepdims=True) / max(self.coders, 1)
        spread = ((shares - mean) ** 2).sum(axis=(-2, -1)) / max(self.coders - 1, 1)
        chance = (mean[..., 0, :] ** 2).sum(axis=-1) - spread / max(self.coders, 1)
        return Parts.corrected(ratio(sums[..., 1], sums[..., 0]), chance)


def pair_cells(patterns: Patterns, first: int, second: int) -> FloatArray:
    """Return for each pattern the cell of two coders' contingency table, shape (patterns, k * k)."""
    one, two = patterns.codes[:, first], patterns.codes[:, second]
    both = (one >= 0) & (two >= 0)
    cells = np.zeros((len(one), patterns.k**2))
    cells[np.flatnonzero(both), one[both] * patterns.k + two[both]] = 1.0
    return cells


def cohen_kappa(
    ratings: RatingsLike,
    *,
    weighting: Weighting = "identity",
    kind: Literal["agreement", "disagreement"] = "agreement",
    categories: Sequence[Hashable] | None = None,
    weights: npt.ArrayLike | None = None,
) -> CohenKappa:
    """Return Cohen's kappa of two coders over the units that both have rated.

    ``(po - pe) / (1 - pe)`` with pe from each coder's own marginals (Cohen 1960,
    https://doi.org/10.1177/001316446002000104). The standard error is that of Fleiss, Cohen &
    Everitt (1969), https://doi.org/10.1037/h0028106; it assumes independent units.

    Parameters
    ----------
    ratings : Ratings or rows of units
        Two columns.
    weighting : {"identity", "linear", "quadratic"} or array of shape (categories, categories)
        Partial agreement of ordered categories, over the declared scale; an array need not be
        symmetric.
    kind : {"agreement", "disagreement"}
        What an array in `weighting` holds.
    categories : sequence, optional
        The scale in its order; categories that nobody used count as distance.
    weights : array of shape (units,), optional
        Sampling weights.

    Raises
    ------
    InputError
        If there are not two coders, or the weighting cannot be used.

    Examples
    --------
    >>> table = Ratings.of_table([[45, 15], [25, 15]])
    >>> kappa = cohen_kappa(table)
    >>> round(kappa.value, 4), round(kappa.maximum, 4), round(kappa.standard_error, 4)
    (0.1304, 0.7826, 0.0987)
    """
    table = Ratings.of(ratings, categories=categories, weights=weights)
    _require_two(table)
    agreement = agreement_weights(weighting, len(table.categories), kind=kind)
    plain = isinstance(weighting, str) and weighting == "identity"
    name = "Cohen's kappa" if plain else f"Cohen's kappa, {weighting if isinstance(weighting, str) else 'own'} weights"
    measure = PairKappa(agreement=agreement, name=name)
    single = coefficient(measure, table)
    patterns = table.patterns
    cells = (patterns.total @ measure.features(patterns)).reshape(agreement.shape)
    known = {field: getattr(single, field) for field in Coefficient.__dataclass_fields__}
    if not single.is_defined:
        return CohenKappa(**known)
    known["standard_error"], null_error = _errors(cells / cells.sum(), agreement, single)
    maximum = math.nan
    if plain:
        shares = cells / cells.sum()
        best = np.minimum(shares.sum(axis=1), shares.sum(axis=0)).sum()
        maximum = float((best - single.expected) / (1 - single.expected))
    return CohenKappa(**known, maximum=maximum, null_error=null_error)


def mean_pairwise_kappa(ratings: RatingsLike, *, weights: npt.ArrayLike | None = None) -> Coefficient:
    """Return the mean of Cohen's kappa over all pairs of coders (Light 1971, doi 10.1037/h0031643).

    Pairs whose kappa is not defined are left out of the mean.
    """
    table = Ratings.of(ratings, weights=weights)
    return coefficient(PairwiseKappa(coders=table.coders, categories=len(table.categories)), table)


def conger_kappa(ratings: RatingsLike, *, weights: npt.ArrayLike | None = None) -> Coefficient:
    """Return Conger's kappa (1980, https://doi.org/10.1037/0033-2909.88.2.322).

    Without missing values it is the kappa of Hubert (1977) and of Davies & Fleiss (1982).
    """
    table = Ratings.of(ratings, weights=weights)
    single = coefficient(CongerKappa(coders=table.coders, categories=len(table.categories)), table)
    if not single.is_defined:
        return single
    error = conger_error(table, single)
    return replace(single, standard_error=error.value, degrees_of_freedom=error.degrees_of_freedom)


def conger_error(table: Ratings, kappa: Coefficient, *, divisor: Divisor = "n - 1") -> StandardError:
    """Return Gwet's linearised standard error of Conger's (for two coders: Cohen's) kappa."""
    patterns = table.patterns
    measure = CongerKappa(coders=table.coders, categories=len(table.categories))
    features = measure.features(patterns)
    sums = patterns.total @ features
    uses = features[:, 2:].reshape(-1, table.coders, measure.categories)
    totals = sums[2:].reshape(table.coders, measure.categories)
    given = totals.sum(axis=1)
    shares = totals / given[:, None]
    units = float(patterns.total[patterns.raters >= 1].sum())
    # A coder's share of a category has its own denominator: the units that this coder has rated.
    rated = uses.sum(axis=2)
    own = (uses - (rated - given / units)[:, :, None] * shares) * (units / given)[:, None]
    others = shares.sum(axis=0) - shares
    leverage = (own * others).sum(axis=(1, 2)) / (table.coders * (table.coders - 1))
    return linearised_error(
        patterns,
        agreement=features[:, 1],
        leverage=leverage,
        value=kappa.value,
        expected=kappa.expected,
        divisor=divisor,
    )


def bangdiwala_b(ratings: RatingsLike) -> Coefficient:
    """Return Bangdiwala's B of two coders: squared agreement over the product of their marginals.

    Bangdiwala (1985); in print in Shankar & Bangdiwala (2014), https://doi.org/10.1186/1471-2288-14-100.

    Raises
    ------
    InputError
        If there are not two coders.
    """
    table = Ratings.of(ratings)
    _require_two(table)
    patterns = table.patterns
    cells = (patterns.total @ pair_cells(patterns, 0, 1)).reshape(patterns.k, patterns.k)
    value = float(ratio((np.diag(cells) ** 2).sum(), (cells.sum(axis=0) * cells.sum(axis=1)).sum()))
    reason = "" if not math.isnan(value) else "the coders share no category"
    return Coefficient(
        name="Bangdiwala's B",
        value=value,
        n=patterns.pairable,
        k=patterns.k,
        coders=2,
        reason=reason if patterns.pairable else (reason and NO_PAIRS),
    )


def agreement_weights(
    weighting: Weighting, k: int, *, kind: Literal["agreement", "disagreement"] = "agreement"
) -> FloatArray:
    """Return a matrix of partial agreement, 1 for full agreement.

    Raises
    ------
    InputError
        For an unknown word or a matrix of the wrong shape.
    """
    if not isinstance(weighting, str):
        matrix = np.asarray(weighting, dtype=np.float64)
        if matrix.shape != (k, k) or not np.isfinite(matrix).all():
            raise InputError(
                Problem(what="weights that cannot be used", where="kappa", expected=f"{k} rows and columns of numbers")
            )
        if kind == "agreement":
            return matrix
        # Kappa is the same for every scale of disagreement.
        return 1.0 - matrix / max(float(matrix.max()), 1e-300)
    rank = np.arange(k)
    apart = np.abs(rank[:, None] - rank[None, :]) / max(k - 1, 1)
    known = {"identity": np.eye(k), "linear": 1.0 - apart, "quadratic": 1.0 - apart**2}
    if weighting not in known:
        raise InputError(
            Problem(what=f"unknown weighting '{weighting}'", where="kappa", expected=f"one of {', '.join(known)}")
        )
    chosen: FloatArray = known[weighting]
    return chosen


def _errors(shares: FloatArray, agreement: FloatArray, kappa: Coefficient) -> tuple[float, float]:
    """Return the standard error of kappa, and the one under kappa = 0."""
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    pull = (agreement @ columns)[:, None] + (rows @ agreement)[None, :]
    room = 1.0 - kappa.expected
    spread = (shares * (agreement - pull * (1.0 - kappa.value)) ** 2).sum()
    centre = kappa.value - kappa.expected * (1.0 - kappa.value)
    chance = (rows[:, None] * columns[None, :] * (agreement - pull) ** 2).sum() - kappa.expected**2
    scale = room * math.sqrt(kappa.n)
    return math.sqrt(max(spread - centre**2, 0.0)) / scale, math.sqrt(max(chance, 0.0)) / scale


def _require_two(table: Ratings) -> None:
    if table.coders != 2:
        raise InputError(
            Problem(
                what="1 coder" if table.coders == 1 else f"{table.coders} coders",
                where="kappa of two coders",
                expected="two",
                remedy="Use Krippendorff's alpha, or the mean pairwise kappa",
            )
        )
