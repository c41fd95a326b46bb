"""Intervals over transcripts: segments of one interview are not independent.

An interval that resamples segments covers the truth far less often than it says as soon as
transcripts differ (``benchmarks/agreement_coverage.py``). Both methods here resample transcripts.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from subtheme.agreement.alpha import NominalAlpha
from subtheme.agreement.clusters import Clusters
from subtheme.agreement.coefficient import number_or_none, t_quantile
from subtheme.agreement.gwet import PooledAgreement
from subtheme.agreement.kappa import PairwiseKappa
from subtheme.agreement.measure import Measure
from subtheme.agreement.ratings import FloatArray, Ratings, RatingsLike
from subtheme.agreement.specific import NEGATIVE, POSITIVE
from subtheme.errors import InputError, Problem, suggestion

FEWEST = 6
"""Below this many transcripts no interval is given."""
INDICATIVE = 12
"""Below this many transcripts an interval is only indicative."""
REPLICATES = 1000
"""Of the bootstrap, where nothing else is said."""
THRESHOLDS = (0.667, 0.8)
"""Krippendorff's: tentative conclusions from .667, reliance from .800."""

Method: TypeAlias = Literal["jackknife", "bootstrap"]
MeasureName: TypeAlias = Literal["alpha", "kappa", "ac1", "percent", "positive", "negative"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An interval for a coefficient, over transcripts.

    Attributes
    ----------
    low, high : float
        NaN where there is none.
    confidence : float
        Nominal coverage, such as 0.95.
    method : str
        ``jackknife`` or ``bootstrap``.
    clusters : int
        Transcripts (interviews) that hold units rated by two coders.
    standard_error : float
        On the scale of the coefficient.
    replicates : int
        Bootstrap replicates; 0 for the jackknife.
    seed : int or None
        Of the bootstrap.
    below : tuple of float
        Share of bootstrap replicates below .667 and below .800; empty for the jackknife.
    reason : str
        Why there is no interval; empty where there is one.
    """

    low: float
    high: float
    confidence: float
    method: str
    clusters: int
    standard_error: float = math.nan
    replicates: int = 0
    seed: int | None = None
    below: tuple[float, ...] = ()
    reason: str = ""

    @property
    def is_defined(self) -> bool:
        """Whether there is an interval."""
        return not math.isnan(self.low)

    @property
    def is_indicative(self) -> bool:
        """Whether there are too few transcripts to take the interval at its word."""
        return self.is_defined and self.clusters < INDICATIVE

    def as_dict(self) -> dict[str, object]:
        """Return the interval for ``--json``."""
        return {
            "low": number_or_none(self.low),
            "high": number_or_none(self.high),
            "confidence": self.confidence,
            "method": self.method,
            "clusters": self.clusters,
            "indicative": self.is_indicative,
            "standard_error": number_or_none(self.standard_error),
            "replicates": self.replicates,
            "seed": self.seed,
            "below": list(self.below),
            "reason": self.reason,
        }

    def __str__(self) -> str:
        """Return ``.58 to .84`` with what limits it, or the reason why there is none."""
        if not self.is_defined:
            return f"no interval ({self.reason})"
        return f"{self.low:.2f} to {self.high:.2f}" + (" (indicative)" if self.is_indicative else "")


def cluster_interval(
    ratings: RatingsLike,
    clusters: Clusters | Sequence[Hashable],
    *,
    measure: Measure | MeasureName = "alpha",
    method: Method = "jackknife",
    confidence: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
) -> Interval:
    """Return an interval for a coefficient by resampling transcripts.

    The default leaves out one transcript at a time: with z = atanh(value) of each of the K
    replicates, ``tanh(z +- t(K - 1) sqrt((K - 1) / K sum (z_k - mean)**2))``. It has no seed.
    ``bootstrap`` draws K transcripts with replacement and takes percentiles.

    Parameters
    ----------
    ratings : Ratings or rows of units
    clusters : Clusters or sequence, one name per unit
        The transcript of each unit (see `interview_clusters`).
    measure : Measure or {"alpha", "kappa", "ac1", "percent", "positive", "negative"}
    method : {"jackknife", "bootstrap"}
    confidence : float
        In (0, 1).
    replicates, seed : int
        Of the bootstrap.

    Raises
    ------
    InputError
        For an unknown measure or method, a confidence outside of (0, 1), or clusters that do not
        fit the units.

    References
    ----------
    Kang, C., Qaqish, B., Monaco, J., Sheridan, S. L. & Cai, J. (2013). Kappa statistic for clustered
    dichotomous responses. Statistics in Medicine 32, https://doi.org/10.1002/sim.5796
    """
    table = Ratings.of(ratings)
    groups = clusters if isinstance(clusters, Clusters) else Clusters.of(clusters)
    if len(groups.index) != len(table.codes):
        raise InputError(
            Problem(
                what=f"{len(groups.index)} transcripts for {len(table.codes)} units",
                where="interval",
                expected="the transcript of every unit",
            )
        )
    patterns = table.patterns_by(groups.index, clusters=max(len(groups), 1))
    chosen = measure_named(measure, table) if isinstance(measure, str) else measure
    return intervals_of_sums(
        lambda sums: chosen.parts(sums).value,
        patterns.mass @ chosen.features(patterns),
        active=np.asarray(patterns.mass[:, patterns.raters >= 2].any(axis=1)),
        method=method,
        confidence=confidence,
        replicates=replicates,
        seed=seed,
    )[0]


def measure_named(name: str, ratings: Ratings) -> Measure:
    """Return the measure of a name, for the scale and the coders of `ratings`.

    Raises
    ------
    InputError
        For an unknown name, or agreement on presence where the ratings are not true or false.
    """
    k = len(ratings.categories)
    known: dict[str, Callable[[], Measure]] = {
        "alpha": NominalAlpha,
        "kappa": lambda: PairwiseKappa(coders=ratings.coders, categories=k),
        "ac1": lambda: PooledAgreement(agreement=np.eye(k), chance="gwet", name="Gwet's AC1"),
        "percent": lambda: PooledAgreement(agreement=np.eye(k), chance="none", name="percent agreement"),
        "positive": lambda: POSITIVE,
        "negative": lambda: NEGATIVE,
    }
    if name not in known or (name in ("positive", "negative") and ratings.categories != (False, True)):
        raise InputError(
            Problem(
                what=f"no measure '{name}' for these ratings",
                where="interval",
                expected=f"one of {', '.join(known)}",
                remedy=suggestion(name, known),
            )
        )
    return known[name]()


def intervals_of_sums(
    value: Callable[[FloatArray], FloatArray],
    sums: FloatArray,
    *,
    active: npt.NDArray[np.bool_],
    method: Method = "jackknife",
    confidence: float = 0.95,
    replicates: int = REPLICATES,
    seed: int = 0,
    bounded: bool = True,
) -> list[Interval]:
    """Return intervals for everything that follows from sums over transcripts, at once.

    Parameters
    ----------
    value : callable
        From sums of shape (replicates, ...) to values of shape (replicates,) or (replicates, values).
    sums : ndarray of float, shape (clusters, ...)
    active : ndarray of bool, shape (clusters,)
        Which clusters are resampled; the others (where no unit was rated twice) stay as they are.
    bounded : bool
        Whether the values lie in (-1, 1), so that Fisher's z applies.

    Raises
    ------
    InputError
        For an unknown method or a confidence outside of (0, 1).
    """
    if method not in get_args(Method) or not 0 < confidence < 1:
        raise InputError(
            Problem(
                what=f"method '{method}' with confidence {confidence}",
                where="interval",
                expected=f"{' or '.join(get_args(Method))}, and a confidence between 0 and 1",
            )
        )
    clusters = int(active.sum())
    point = np.atleast_1d(value(sums.sum(axis=0, keepdims=True))[0])
    common: dict[str, Any] = {"confidence": confidence, "method": method, "clusters": clusters}
    if clusters < FEWEST:
        reason = f"{clusters} transcripts, fewer than {FEWEST}"
        return [Interval(low=math.nan, high=math.nan, reason=reason, **common) for _ in point]
    draws = np.ones((clusters, len(sums))) if method == "jackknife" else np.ones((replicates, len(sums)))
    draws[:, active] = 1.0 - np.eye(clusters) if method == "jackknife" else _drawn(clusters, replicates, seed)
    values = value(np.tensordot(draws, sums, axes=1)).reshape(len(draws), -1)
    if method == "bootstrap":
        common |= {"replicates": replicates, "seed": seed}
        return _percentiles(point, values, common)
    return [_jackknife(point[i], values[:, i], common, bounded=bounded) for i in range(len(point))]


@lru_cache(maxsize=4)
def _drawn(clusters: int, replicates: int, seed: int) -> FloatArray:
    """Return how often each cluster is drawn in each replicate; the levels of one report share their draws."""
    random = np.random.default_rng(seed)
    drawn = random.multinomial(clusters, np.full(clusters, 1 / clusters), size=replicates).astype(np.float64)
    drawn.setflags(write=False)
    return drawn


def _jackknife(point: float, values: FloatArray, common: dict[str, Any], *, bounded: bool) -> Interval:
    reason = _no_interval(point, values, share=1.0)
    if reason:
        return Interval(low=math.nan, high=math.nan, reason=reason, **common)
    clusters = common["clusters"]
    quantile = t_quantile(0.5 + common["confidence"] / 2, clusters - 1)
    # On the scale of z the ends stay inside (-1, 1); a replicate of exactly 1 has no z.
    curved = bounded and max(abs(point), float(np.abs(values).max())) < 1
    replicates = np.arctanh(values) if curved else values
    error = math.sqrt((clusters - 1) / clusters * float(((replicates - replicates.mean()) ** 2).sum()))
    centre = math.atanh(point) if curved else point
    ends = np.array([centre - quantile * error, centre + quantile * error])
    if curved:
        ends, error = np.tanh(ends), error * (1 - point**2)
    elif bounded:
        ends = np.clip(ends, -1.0, 1.0)
    return Interval(low=float(ends[0]), high=float(ends[1]), standard_error=error, **common)


def _percentiles(points: FloatArray, values: FloatArray, common: dict[str, Any]) -> list[Interval]:
    tail = (1 - common["confidence"]) / 2
    reasons = [_no_interval(point, values[:, i], share=0.95) for i, point in enumerate(points)]
    found = []
    whole = np.asarray(~np.isnan(values).any(axis=0))
    # Most columns are whole: their quantiles in one call cost a tenth of one call each.
    ends = np.full((2, values.shape[1]), math.nan)
    ends[:, whole] = np.quantile(values[:, whole], [tail, 1 - tail], axis=0)
    for i, reason in enumerate(reasons):
        if reason:
            found.append(Interval(low=math.nan, high=math.nan, reason=reason, **common))
            continue
        defined = values[:, i] if whole[i] else values[~np.isnan(values[:, i]), i]
        low, high = ends[:, i] if whole[i] else np.quantile(defined, [tail, 1 - tail])
        below = tuple(float((defined < threshold).mean()) for threshold in THRESHOLDS)
        error = float(defined.std(ddof=1))
        found.append(Interval(low=float(low), high=float(high), standard_error=error, below=below, **common))
    return found


def _no_interval(point: float, values: FloatArray, *, share: float) -> str:
    if math.isnan(point):
        return "the coefficient is not defined"
    defined = values[~np.isnan(values)]
    if len(defined) < share * len(values):
        return "without some transcripts the coefficient is not defined"
    if np.ptp(defined) < 1e-12:
        return "all transcripts agree alike, so nothing tells how much they vary"
    return ""
