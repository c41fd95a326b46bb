"""A comparison: one group of coders on segments, on participants and on cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.agreement.alpha import DistanceAlpha, NominalAlpha
from subtheme.agreement.cells import CellAgreement, cell_agreement
from subtheme.agreement.coded_units import CodedUnits
from subtheme.agreement.coefficient import number_or_none
from subtheme.agreement.gwet import PooledAgreement
from subtheme.agreement.intervals import intervals_of_sums
from subtheme.agreement.kappa import PairKappa
from subtheme.agreement.levels import RARE_BELOW, CodeName, LevelAgreement, Overall, Unit, level_agreement
from subtheme.agreement.measure import NO_PAIRS
from subtheme.agreement.ratings import FloatArray
from subtheme.agreement.sets import SetDistance, distances
from subtheme.agreement.wording import paradoxes, verdicts
from subtheme.nouns import Codebook

Kind: TypeAlias = Literal["coders", "automatic"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """Agreement of one group of coders on all levels.

    Attributes
    ----------
    coders : tuple of str
    kind : {"coders", "automatic"}
        ``automatic`` where one of them is a model.
    levels : tuple of LevelAgreement
        Of segments, then of participants, each per level of the codebook.
    sets : Overall
        Alpha over the sets of sub-themes of each segment.
    cells : tuple of CellAgreement
        Per pair of coders and level.
    matrix : DataFrame
        One row per pair: what they share, percent agreement, kappa and alpha.
    confusion : DataFrame
        Which code stood where another coder had which: see `confusion_of`.
    """

    coders: tuple[str, ...]
    kind: Kind
    levels: tuple[LevelAgreement, ...]
    sets: Overall
    cells: tuple[CellAgreement, ...]
    matrix: pd.DataFrame = field(repr=False)
    confusion: pd.DataFrame = field(repr=False)

    @property
    def title(self) -> str:
        """What stands above the comparison, such as ``Ann and Ben``."""
        who = " and ".join(self.coders) if len(self.coders) == 2 else ", ".join(self.coders)
        return who if self.kind == "coders" else f"Automatic against manual: {who}"

    def level(self, level: str, *, unit: Unit = "segment") -> LevelAgreement:
        """Return one level.

        Raises
        ------
        KeyError
            If there is no such level, or it could not be compared.
        """
        for one in self.levels:
            if (one.level, one.unit) == (level, unit):
                return one
        raise KeyError((level, unit))

    @property
    def replacements(self) -> pd.DataFrame:
        """Which code stood where another coder had which, most frequent first.

        Columns ``first`` and ``second`` (codes), their names, and ``segments``. With two coders ``first`` is the code
        of the first coder; with more, each pair of codes stands once.
        """
        counts = self.confusion.to_numpy()
        ordered = len(self.coders) == 2
        names = {row.code: row.name for row in self.levels[0].rows}
        rows = [
            (one, two, names[one], names[two], int(counts[i, j]))
            for i, one in enumerate(self.confusion.index)
            for j, two in enumerate(self.confusion.columns)
            if counts[i, j] and (i != j if ordered else i < j)
        ]
        table = pd.DataFrame(rows, columns=["first", "second", "first_name", "second_name", "segments"])
        return table.sort_values(["segments", "first", "second"], ascending=[False, True, True], ignore_index=True)

    @property
    def table(self) -> pd.DataFrame:
        """Every level's table under each other, as it goes to CSV."""
        return pd.concat([one.table for one in self.levels], ignore_index=True)

    @property
    def cell_table(self) -> pd.DataFrame:
        """Every pair's cells under each other, as it goes to CSV."""
        parts = [c.table.assign(first=c.first, second=c.second, level=c.level) for c in self.cells]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    @property
    def total_table(self) -> pd.DataFrame:
        """Every pair's totals of present cells under each other, as it goes to CSV."""
        parts = [c.totals.assign(coder_1=c.first, coder_2=c.second, level=c.level) for c in self.cells]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def as_dict(self) -> dict[str, object]:
        """Return the comparison for ``--json``."""
        return {
            "coders": list(self.coders),
            "kind": self.kind,
            "title": self.title,
            "levels": [
                one.as_dict() | {"verdicts": list(verdicts(one)), "remarks": list(paradoxes(one))}
                for one in self.levels
            ],
            "sets": self.sets.as_dict(),
            "cells": [one.as_dict() for one in self.cells],
            "matrix": records(self.matrix),
            "confusion": {
                "codes": [str(c) for c in self.confusion.index],
                "counts": self.confusion.to_numpy().tolist(),
            },
            "replacements": records(self.replacements),
        }


def _in_words(level: LevelAgreement) -> dict[str, object]:
    return level.as_dict() | {"verdicts": list(verdicts(level)), "remarks": list(paradoxes(level))}


def compare(
    judgements: CodedUnits,
    segments: pd.DataFrame,
    participants: pd.DataFrame,
    codebook: Codebook,
    *,
    levels: Sequence[str],
    kind: Kind = "coders",
    rare_below: int = RARE_BELOW,
    confidence: float = 0.95,
    seed: int = 0,
) -> Comparison:
    """Return the agreement of the coders of `judgements` on segments, participants and cells.

    Participants and cells are left out where segments are a weighted sample: whether a participant
    described a code cannot be told from some of the segments.

    Parameters
    ----------
    judgements : CodedUnits
        Of segments, for all codes of the codebook.
    segments, participants : DataFrame
        `SEGMENTS` and `PARTICIPANTS`.
    codebook : Codebook
    levels : sequence of str
        Levels of the codebook; the first is the one that sets, matrix and confusion go by.
    seed : int
        Of the bootstrap.
    """
    results = []
    cells = []
    rolled = [judgements.rolled_up(codebook, level) for level in levels]
    for level, at_level in zip(levels, rolled, strict=True):
        results.append(
            level_agreement(
                at_level,
                code_names(codebook, at_level.codes),
                level=level,
                unit="segment",
                rare_below=rare_below,
                confidence=confidence,
                seed=seed,
            )
        )
    if judgements.weights is None:
        whose = segments["participant"]
        for level, at_level in zip(levels, rolled, strict=True):
            people, names = at_level.by_participant(whose), code_names(codebook, at_level.codes)
            results.append(
                level_agreement(
                    people, names, level=level, unit="participant", rare_below=0, confidence=confidence, seed=seed
                )
            )
            cells += [
                cell_agreement(people, participants, names, first=one, second=two, level=level)
                for one, two in combinations(judgements.coders, 2)
            ]
    return Comparison(
        coders=judgements.coders,
        kind=kind,
        levels=tuple(results),
        sets=set_agreement(rolled[0], confidence=confidence),
        cells=tuple(cells),
        matrix=matrix_of(rolled[0], confidence=confidence),
        confusion=confusion_of(rolled[0]),
    )


def code_names(codebook: Codebook, codes: Sequence[str]) -> tuple[CodeName, ...]:
    """Return id, name and theme of every code."""
    return tuple(
        CodeName(code=c, name=codebook.by_id[c].name, theme=codebook.by_id[codebook.lineage(c)[-1]].name) for c in codes
    )


def set_agreement(judgements: CodedUnits, *, distance: SetDistance = "jaccard", confidence: float = 0.95) -> Overall:
    """Return alpha over the sets of codes of each unit, with an interval over transcripts."""
    codes = len(judgements.codes)
    unit = np.flatnonzero(judgements.judged_for.all(axis=1).sum(axis=0) >= 2)  # of a set, every code must be known
    found = judgements.found
    members, number = _distinct_sets(found if len(unit) == found.shape[2] else found[:, :, unit])
    measure = DistanceAlpha(distance=distances(members, distance=distance), name=f"alpha over sets, {distance}")
    sums = _sums_of_sets(judgements, unit, number, measure)
    value = float(measure.parts(sums.sum(axis=0)).value)
    interval = intervals_of_sums(lambda s: measure.parts(s).value, sums, active=sums[:, 0] > 0, confidence=confidence)[
        0
    ]
    reason = "every coder gave every unit the same set of codes" if len(unit) else NO_PAIRS
    return Overall(
        name=measure.name,
        value=value,
        interval=interval,
        codes=codes,
        of_codes=codes,
        reason=reason if np.isnan(value) else "",
    )


def _distinct_sets(found: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.intp]]:
    """Return the distinct columns of codes, and which of them every coder gave every unit."""
    coders, codes, units = found.shape
    if codes > 62:
        columns = found.transpose(0, 2, 1).reshape(-1, codes)
        kinds, number = np.unique(columns, axis=0, return_inverse=True)
        return kinds, number.reshape(coders, units)
    packed = np.zeros((coders, units), dtype=np.int64)
    for code in range(codes):
        packed |= found[:, code].astype(np.int64) << code
    number, bits = pd.factorize(packed.ravel(), sort=True)
    return (bits[:, None] >> np.arange(codes) & 1).astype(bool), number.reshape(coders, units)


def _sums_of_sets(
    judgements: CodedUnits, unit: npt.NDArray[np.intp], number: npt.NDArray[np.intp], measure: DistanceAlpha
) -> FloatArray:
    """Return the sums of `DistanceAlpha.features` per cluster, without a table of all patterns of sets."""
    judged = np.asarray(judgements.judged_for.all(axis=1))[:, unit]
    cluster, clusters = judgements.clusters.index[unit], len(judgements.clusters)
    sets = len(measure.distance)
    mass = np.ones(len(unit)) if judgements.weights is None else judgements.weights[unit]
    raters = judged.sum(axis=0)
    apart = np.zeros(len(unit))
    for one, two in combinations(range(len(judged)), 2):
        apart += np.where(judged[one] & judged[two], 2.0 * measure.distance[number[one], number[two]], 0.0)
    sums = np.zeros((clusters, sets + 2))
    sums[:, 0] = np.bincount(cluster, weights=mass * raters, minlength=clusters)
    sums[:, 1] = np.bincount(cluster, weights=mass * apart / (raters - 1), minlength=clusters)
    cell = (cluster * sets + number)[judged]
    counts = np.bincount(cell, weights=np.broadcast_to(mass, judged.shape)[judged], minlength=clusters * sets)
    sums[:, 2:] = counts.reshape(clusters, sets)
    return sums


def matrix_of(judgements: CodedUnits, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return one row per pair of coders, over all (unit, code) judgements: the one who drifts stands out.

    ``units`` that both judged, ``clusters`` (interviews), ``percent``, ``kappa``, ``alpha`` with ``low``
    and ``high``; NaN where not defined, with the ``reason``.
    """
    alpha, kappa = NominalAlpha(), PairKappa(agreement=np.eye(2))
    percent = PooledAgreement(agreement=np.eye(2), chance="none", name="percent agreement")
    rows = []
    for (first, second), patterns in judgements.pairs.items():
        mass = patterns.mass.sum(axis=1)
        active = np.asarray(mass[:, patterns.raters >= 2].any(axis=1))
        total = mass.sum(axis=0)
        sums = mass @ alpha.features(patterns)
        interval = intervals_of_sums(lambda s: alpha.parts(s).value, sums, active=active, confidence=confidence)[0]
        value = float(alpha.parts(sums.sum(axis=0)).value)
        both = judgements.of_coders([first, second]).compared
        reason = "" if not np.isnan(value) else ("all judgements are alike" if both.any() else NO_PAIRS)
        rows.append(
            {
                "first": first,
                "second": second,
                "units": int(both.sum()),
                "clusters": interval.clusters,
                "percent": float(percent.parts(total @ percent.features(patterns)).value),
                "kappa": float(kappa.parts(total @ kappa.features(patterns)).value),
                "alpha": value,
                "low": interval.low,
                "high": interval.high,
                "reason": reason or interval.reason,
            }
        )
    columns = ["first", "second", "units", "clusters", "percent", "kappa", "alpha", "low", "high", "reason"]
    return pd.DataFrame(rows, columns=columns)


def confusion_of(judgements: CodedUnits) -> pd.DataFrame:
    """Return which code stood where another coder had which, in units.

    The diagonal counts units that both coders gave the code. Elsewhere, row c and column k count
    units to which the one coder gave c but not k, and the other k but not c. For two coders rows are
    the first and columns the second coder; for more, every pair counts in both directions.
    """
    size = len(judgements.codes)
    counts: npt.NDArray[np.float32] = np.zeros((size, size), dtype=np.float32)
    coded = np.asarray(judgements.found.any(axis=1))
    for one, two in combinations(range(len(judgements.coders)), 2):
        # Few segments carry a code of both coders, and only they can confuse anything.
        both = np.flatnonzero(coded[one] & coded[two])
        here, there = judgements.found[one][:, both], judgements.found[two][:, both]
        apart = (here & ~there).astype(np.float32) @ (there & ~here).astype(np.float32).T
        np.fill_diagonal(apart, (here & there).sum(axis=1))
        counts += apart if len(judgements.coders) == 2 else (apart + apart.T) / (1 + np.eye(size))
    return pd.DataFrame(counts.astype(np.int64), index=list(judgements.codes), columns=list(judgements.codes))


def records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a table for ``--json``; what is not defined is null."""
    return [
        {str(k): number_or_none(v) if isinstance(v, float) else v for k, v in row.items()}
        for row in table.to_dict("records")
    ]
