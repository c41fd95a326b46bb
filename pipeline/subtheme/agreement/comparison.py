"""A comparison: one group of coders on segments, on participants and on cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from subtheme.agreement.alpha import DistanceAlpha, NominalAlpha
from subtheme.agreement.cells import CellAgreement, cell_agreement
from subtheme.agreement.coefficient import number_or_none
from subtheme.agreement.gwet import PooledAgreement
from subtheme.agreement.intervals import intervals_of_sums
from subtheme.agreement.judgements import Judgements
from subtheme.agreement.kappa import PairKappa
from subtheme.agreement.levels import RARE_BELOW, CodeName, LevelAgreement, Overall, Unit, level_agreement
from subtheme.agreement.measure import NO_PAIRS
from subtheme.agreement.ratings import FloatArray, Ratings
from subtheme.agreement.sets import SetDistance, distances
from subtheme.study import Codebook

Kind: TypeAlias = Literal["coders", "automatic"]


@dataclass(frozen=True, slots=True, kw_only=True)
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
    def table(self) -> pd.DataFrame:
        """Every level's table under each other, as it goes to CSV."""
        return pd.concat([one.table for one in self.levels], ignore_index=True)

    @property
    def cell_table(self) -> pd.DataFrame:
        """Every pair's cells under each other, as it goes to CSV."""
        parts = [c.table.assign(first=c.first, second=c.second, level=c.level) for c in self.cells]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()

    def as_dict(self) -> dict[str, object]:
        """Return the comparison for ``--json``."""
        return {
            "coders": list(self.coders),
            "kind": self.kind,
            "levels": [one.as_dict() for one in self.levels],
            "sets": self.sets.as_dict(),
            "cells": [one.as_dict() for one in self.cells],
            "matrix": records(self.matrix),
            "confusion": {
                "codes": [str(c) for c in self.confusion.index],
                "counts": self.confusion.to_numpy().tolist(),
            },
        }


def compare(
    judgements: Judgements,
    segments: pd.DataFrame,
    participants: pd.DataFrame,
    codebook: Codebook,
    *,
    levels: Sequence[str],
    kind: Kind = "coders",
    rare_below: int = RARE_BELOW,
    confidence: float = 0.95,
) -> Comparison:
    """Return the agreement of the coders of `judgements` on segments, participants and cells.

    Participants and cells are left out where segments are a weighted sample: whether a participant
    described a code cannot be told from some of the segments.

    Parameters
    ----------
    judgements : Judgements
        Of segments, for all codes of the codebook.
    segments, participants : DataFrame
        `SEGMENTS` and `PARTICIPANTS`.
    codebook : Codebook
    levels : sequence of str
        Levels of the codebook; the first is the one that sets, matrix and confusion go by.
    """
    results = []
    cells = []
    rolled = [judgements.rolled_up(codebook, level) for level in levels]
    for level, at_level in zip(levels, rolled, strict=True):
        results.append(
            level_agreement(
                at_level,
                code_names(codebook, level),
                level=level,
                unit="segment",
                rare_below=rare_below,
                confidence=confidence,
            )
        )
    if judgements.weights is None:
        whose = segments["participant"].to_numpy(dtype=np.str_)
        for level, at_level in zip(levels, rolled, strict=True):
            people, names = at_level.by_participant(whose), code_names(codebook, level)
            results.append(
                level_agreement(people, names, level=level, unit="participant", rare_below=0, confidence=confidence)
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


def code_names(codebook: Codebook, level: str) -> tuple[CodeName, ...]:
    """Return id, name and theme of every code at a level, in reading order."""
    return tuple(
        CodeName(code=c.id, name=c.name, theme=codebook.by_id[codebook.lineage(c.id)[-1]].name)
        for c in codebook.at_level(level)
    )


def set_agreement(judgements: Judgements, *, distance: SetDistance = "jaccard", confidence: float = 0.95) -> Overall:
    """Return alpha over the sets of codes of each unit, with an interval over transcripts."""
    codes = len(judgements.codes)
    unit = np.flatnonzero(judgements.compared)
    found = judgements.present[:, :, unit] == 1
    packed = np.packbits(found, axis=1).transpose(0, 2, 1).reshape(-1, (codes + 7) // 8)
    rows = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1]))).ravel()
    kinds, number = np.unique(rows, return_inverse=True)
    members = np.unpackbits(kinds.view(np.uint8).reshape(len(kinds), -1), axis=1, count=codes).astype(bool)
    table = np.where(judgements.judged[:, unit], number.reshape(len(judgements.coders), -1), -1).T
    weights = None if judgements.weights is None else judgements.weights[unit]
    ratings = Ratings(codes=table, categories=tuple(range(len(kinds))), weights=weights)
    clusters = judgements.clusters
    patterns = ratings.patterns_by(clusters.index[unit], clusters=max(len(clusters), 1))
    measure = DistanceAlpha(distance=distances(members, distance=distance), name=f"alpha over sets, {distance}")
    sums = patterns.mass @ measure.features(patterns)
    value = float(measure.parts(sums.sum(axis=0)).value)
    interval = intervals_of_sums(
        lambda s: measure.parts(s).value, sums, active=np.asarray(patterns.mass.any(axis=1)), confidence=confidence
    )[0]
    reason = "every coder gave every unit the same set of codes" if len(unit) else NO_PAIRS
    return Overall(
        name=measure.name,
        value=value,
        interval=interval,
        codes=codes,
        of_codes=codes,
        reason=reason if np.isnan(value) else "",
    )


def matrix_of(judgements: Judgements, *, confidence: float = 0.95) -> pd.DataFrame:
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


def confusion_of(judgements: Judgements) -> pd.DataFrame:
    """Return which code stood where another coder had which, in units.

    The diagonal counts units that both coders gave the code. Elsewhere, row c and column k count
    units to which the one coder gave c but not k, and the other k but not c. For two coders rows are
    the first and columns the second coder; for more, every pair counts in both directions.
    """
    size = len(judgements.codes)
    counts: FloatArray = np.zeros((size, size))
    for one, two in combinations(range(len(judgements.coders)), 2):
        both = judgements.judged[one] & judgements.judged[two]
        here = judgements.present[one][:, both] == 1
        there = judgements.present[two][:, both] == 1
        apart = (here & ~there).astype(np.float64) @ (there & ~here).astype(np.float64).T
        np.fill_diagonal(apart, (here & there).sum(axis=1))
        counts += apart if len(judgements.coders) == 2 else (apart + apart.T) / (1 + np.eye(size))
    return pd.DataFrame(counts.astype(np.int64), index=list(judgements.codes), columns=list(judgements.codes))


def records(table: pd.DataFrame) -> list[dict[str, object]]:
    """Return the rows of a table for ``--json``; what is not defined is null."""
    return [
        {str(k): number_or_none(v) if isinstance(v, float) else v for k, v in row.items()}
        for row in table.to_dict("records")
    ]
