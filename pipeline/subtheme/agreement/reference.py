"""The line to hold a model against: how far people agree on the same segments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from subtheme.agreement.alpha import NominalAlpha
from subtheme.agreement.clusters import Clusters
from subtheme.agreement.coded_units import CodedUnits
from subtheme.agreement.coefficient import number_or_none
from subtheme.agreement.intervals import Interval, intervals_of_sums
from subtheme.agreement.measure import ratio
from subtheme.agreement.ratings import MISSING, FloatArray

_ALPHA = NominalAlpha()


@dataclass(frozen=True, slots=True, kw_only=True)
class PairDifference:
    """How much better or worse one pair of coders agrees than another, on the same units.

    Attributes
    ----------
    first, second : tuple of str
        Two pairs of coders.
    first_alpha, second_alpha : float
        Mean alpha over the codes that are defined for both pairs.
    difference : float
        First less second.
    interval : Interval
        Of the difference, over transcripts.
    units, codes : int
        Units that all these coders judged, and codes that are averaged.
    """

    first: tuple[str, str]
    second: tuple[str, str]
    first_alpha: float
    second_alpha: float
    difference: float
    interval: Interval
    units: int
    codes: int

    def as_dict(self) -> dict[str, object]:
        """Return the difference for ``--json``."""
        return {
            "first": list(self.first),
            "second": list(self.second),
            "first_alpha": number_or_none(self.first_alpha),
            "second_alpha": number_or_none(self.second_alpha),
            "difference": number_or_none(self.difference),
            "interval": self.interval.as_dict(),
            "units": self.units,
            "codes": self.codes,
        }


def compare_pairs(
    judgements: CodedUnits, first: tuple[str, str], second: tuple[str, str], *, confidence: float = 0.95
) -> PairDifference:
    """Return the difference of mean alpha between two pairs of coders, on units that all have judged.

    The interval is a jackknife over transcripts of the difference itself, so that what makes an
    interview hard for both pairs cancels out.
    """
    coders = list(dict.fromkeys((*first, *second)))
    common = _judged_by_all(judgements.of_coders(coders))
    sums = np.stack([_sums(common, pair) for pair in (first, second)], axis=1)
    single = _ALPHA.parts(sums.sum(axis=0)).value
    defined = ~np.isnan(single).any(axis=0)

    def means(values: FloatArray) -> FloatArray:
        kept = ~np.isnan(values) & defined
        return ratio(np.where(kept, values, 0.0).sum(axis=-1), kept.sum(axis=-1).astype(np.float64))

    def difference(stacked: FloatArray) -> FloatArray:
        pair = means(_ALPHA.parts(stacked).value)
        apart: FloatArray = pair[..., 0] - pair[..., 1]
        return apart

    one, two = means(single)
    return PairDifference(
        first=first,
        second=second,
        first_alpha=float(one),
        second_alpha=float(two),
        difference=float(one - two),
        interval=intervals_of_sums(
            difference, sums, active=np.asarray(sums.any(axis=(1, 2, 3))), confidence=confidence, bounded=False
        )[0],
        units=len(common.units),
        codes=int(defined.sum()),
    )


def reference_lines(
    judgements: CodedUnits, models: Sequence[str], people: Sequence[str], *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return for every model and pair of people how the model's agreement compares with theirs.

    One row per model, person and other person: ``alpha`` of model and person, ``people_alpha`` of the
    two people on the same segments, and their ``difference`` with ``low`` and ``high``.
    """
    rows = []
    for model in models:
        for one, two in combinations(people, 2):
            for person in (one, two):
                found = compare_pairs(judgements, (model, person), (one, two), confidence=confidence)
                rows.append(
                    {
                        "model": model,
                        "person": person,
                        "other": two if person == one else one,
                        "units": found.units,
                        "codes": found.codes,
                        "alpha": found.first_alpha,
                        "people_alpha": found.second_alpha,
                        "difference": found.difference,
                        "low": found.interval.low,
                        "high": found.interval.high,
                        "reason": found.interval.reason if found.units else "no segment was judged by all three",
                    }
                )
    columns = ["model", "person", "other", "units", "codes", "alpha", "people_alpha", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=[*columns, "reason"])


def _judged_by_all(judgements: CodedUnits) -> CodedUnits:
    by_all = judgements.judged_for.all(axis=0)
    unit = np.flatnonzero(by_all.any(axis=0))
    return replace(
        judgements,
        units=judgements.units[unit],
        present=np.where(by_all, judgements.present, MISSING).astype(np.int8)[:, :, unit],
        clusters=Clusters(index=judgements.clusters.index[unit], names=judgements.clusters.names),
        weights=None if judgements.weights is None else judgements.weights[unit],
    )


def _sums(judgements: CodedUnits, pair: tuple[str, str]) -> FloatArray:
    patterns = judgements.of_coders(pair).pairs[pair]
    return patterns.mass @ _ALPHA.features(patterns)
