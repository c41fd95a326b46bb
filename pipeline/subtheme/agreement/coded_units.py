"""Coded units: for every coder, code and segment whether it is present, absent or not judged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.agreement.clusters import Clusters, interview_clusters
from subtheme.agreement.proposed import ProposedCodes
from subtheme.agreement.ratings import MISSING, FloatArray, IntArray, Patterns, Ratings
from subtheme.agreement.specific import PRESENCE
from subtheme.errors import InputError, Problem
from subtheme.nouns import SAID, Basis, Codebook, Judgements, Value

Presence: TypeAlias = npt.NDArray[np.int8]


@dataclass(frozen=True, kw_only=True, eq=False)
class CodedUnits:
    """What each coder judged of each unit for each code.

    Attributes
    ----------
    coders, codes : tuple of str
    units : ndarray of str, shape (units,)
        Ids of segments, or of participants.
    present : ndarray of int8, shape (coders, codes, units)
        1 present, 0 absent, -1 not judged: the coder did not read it for the code.
    clusters : Clusters
        The interview of every unit.
    weights : ndarray of float, shape (units,), or None
        Sampling weights with mean 1.
    """

    coders: tuple[str, ...]
    codes: tuple[str, ...]
    units: npt.NDArray[np.str_]
    present: Presence
    clusters: Clusters
    weights: FloatArray | None = None

    def of_coders(self, coders: Sequence[str]) -> "CodedUnits":
        """Return the judgements of some coders, in their order."""
        chosen = [self.coders.index(c) for c in coders]
        return replace(self, coders=tuple(coders), present=self.present[chosen])

    def of_codes(self, codes: Collection[str]) -> "CodedUnits":
        """Return the judgements on some codes, in the order that they have."""
        kept = [i for i, code in enumerate(self.codes) if code in codes]
        return replace(self, codes=tuple(self.codes[i] for i in kept), present=self.present[:, kept])

    @cached_property
    def judged_for(self) -> npt.NDArray[np.bool_]:
        """Which coder judged which unit for which code, shape (coders, codes, units)."""
        return np.asarray(self.present >= 0)

    @cached_property
    def judged(self) -> npt.NDArray[np.bool_]:
        """Which coder judged which unit for any code, shape (coders, units)."""
        return np.asarray(self.judged_for.any(axis=1))

    @cached_property
    def found(self) -> npt.NDArray[np.bool_]:
        """Where a coder found a code present, shape (coders, codes, units)."""
        return np.asarray(self.present == 1)

    @cached_property
    def compared_for(self) -> npt.NDArray[np.bool_]:
        """Which units two coders or more have judged for which code, shape (codes, units)."""
        return np.asarray(self.judged_for.sum(axis=0, dtype=np.int16) >= 2)

    @cached_property
    def compared(self) -> npt.NDArray[np.bool_]:
        """Which units two coders or more have judged for the same code, shape (units,)."""
        return np.asarray(self.compared_for.any(axis=0))

    def ratings(self, code: str) -> Ratings:
        """Return the ratings of one code, one row per unit and one column per coder."""
        codes = self.present[:, self.codes.index(code), :].T.astype(np.int64)
        return Ratings(codes=codes, categories=PRESENCE, weights=self.weights)

    @cached_property
    def counted(self) -> Patterns:
        """How many coders found each code present, and absent: one pattern per such count.

        The mass has the shape (clusters, codes, patterns). Enough for every measure whose coders
        are interchangeable, however many there are.
        """
        coders = len(self.coders)
        rated = self.judged_for.sum(axis=0, dtype=np.int32)
        number = self.found.sum(axis=0, dtype=np.int32) * (coders + 1) + rated
        table = [(p, r) for p in range(coders + 1) for r in range(coders + 1)]
        rows = np.array([[1] * p + [0] * (r - p) + [MISSING] * (coders - max(p, r)) for p, r in table])
        possible = np.array([p <= r for p, r in table])
        mass = self._mass(number, len(table))
        return Patterns(codes=rows[possible], k=2, mass=mass[..., possible])

    @cached_property
    def pairs(self) -> dict[tuple[str, str], Patterns]:
        """The patterns of each two coders; the mass has the shape (clusters, codes, patterns)."""
        codes = np.array([[i // 3 - 1, i % 3 - 1] for i in range(9)])
        result = {}
        for first, second in combinations(range(len(self.coders)), 2):
            number = (self.present[first] + 1) * np.int8(3) + (self.present[second] + 1)
            patterns = Patterns(codes=codes, k=2, mass=self._mass(number, 9))
            result[self.coders[first], self.coders[second]] = patterns
        return result

    def _mass(self, number: npt.NDArray[np.integer], patterns: int) -> FloatArray:
        """Count patterns per cluster and code; `number` has the shape (codes, units)."""
        clusters, codes = len(self.clusters), len(self.codes)
        cell = (self.clusters.index * codes)[None, :] + np.arange(codes)[:, None]
        flat = (cell * patterns + number).ravel()
        weights = None if self.weights is None else np.broadcast_to(self.weights, number.shape).ravel()
        mass = np.bincount(flat, weights=weights, minlength=clusters * codes * patterns)
        return mass.reshape(clusters, codes, patterns).astype(np.float64)

    def rolled_up(self, codebook: Codebook, level: str) -> "CodedUnits":
        """Return what was found at a level of the codebook: present where a code below is, absent where judged so.

        A code that stands above `level` counts for none of the codes at that level; a code at that level
        of which nothing was judged, itself or below, is left out.
        """
        above = [codebook.roll_up(code, level) for code in self.codes]
        names = tuple(c.id for c in codebook.at_level(level) if c.id in above)
        present = np.empty((len(self.coders), len(names), len(self.units)), dtype=np.int8)
        for position, name in enumerate(names):
            members = [i for i, up in enumerate(above) if up == name]
            below = self.present[:, members, :]
            own = self.present[:, self.codes.index(name), :] if name in self.codes else MISSING
            settled = np.where((below >= 0).all(axis=1), 0, MISSING)
            present[:, position, :] = np.where((below == 1).any(axis=1), 1, np.where(own >= 0, own, settled))
        return replace(self, codes=names, present=present)

    def by_participant(self, participant: "pd.Series[str]") -> "CodedUnits":
        """Return whether each coder found each code at least once in each participant's segments.

        A coder who has not judged all of a participant's segments for a code did not judge the participant for it.

        Parameters
        ----------
        participant : Series of str, shape (units,)
            Whose words each segment holds.
        """
        number, names = pd.factorize(participant, sort=True)
        if not len(names):
            return self
        order = np.argsort(number, kind="stable")
        starts = np.searchsorted(number[order], np.arange(len(names)))
        in_order = bool((np.diff(number) >= 0).all())
        present = self.present if in_order else self.present[..., order]
        found = np.maximum.reduceat(present, starts, axis=2)
        complete = np.minimum.reduceat(present, starts, axis=2) >= 0
        cluster = self.clusters.index[order][starts]
        return CodedUnits(
            coders=self.coders,
            codes=self.codes,
            units=np.asarray(names, dtype=np.str_),
            present=np.where(complete, found, MISSING).astype(np.int8),
            clusters=Clusters(index=cluster, names=self.clusters.names),
        )


def coded_units(
    judgements: Judgements,
    segments: pd.DataFrame,
    *,
    coders: Sequence[str],
    bases: Collection[Basis] = (Basis.BLIND,),
    weights: "pd.Series[float] | None" = None,
    models: ProposedCodes | None = None,
) -> CodedUnits:
    """Return what coders found on segments, for every code: present, absent or not judged.

    A counter-example is judged and does not describe the code; a doubt is not judged.

    Parameters
    ----------
    judgements : Judgements
        The coders' own.
    segments : DataFrame
        `SEGMENTS`, in the order of the transcripts.
    coders : sequence of str
        People, and models of `models`.
    bases : collection of Basis
        Which judgements of people count, by how they were made.
    weights : Series of float, optional
        Sampling weight of each double-coded segment, by id; segments that are not listed were not
        drawn and count for no coder.
    models : ProposedCodes, optional
        What models say.

    Raises
    ------
    InputError
        For a weight that is no positive number, or of an unknown segment.
    """
    ids = segments["segment"].to_numpy(dtype=object)
    place = pd.Index(ids)
    problems: list[Problem] = []
    drawn, mass = _drawn(place, weights, problems)
    if problems:
        raise InputError(problems)
    chosen = judgements.of_basis(*bases)
    rows = pd.Index(judgements.segments["segment"]).get_indexer(place)
    shape = (len(coders), len(judgements.codes), len(ids))
    present = np.full(shape, MISSING, dtype=np.int8)
    for number, coder in enumerate(coders):
        if models is not None and coder in models.names:
            present[number] = models.present(coder, place, judgements.codes)
        elif coder in chosen.coders:
            value = chosen.value[chosen.coders.index(coder)][rows].T
            found = np.where(value == Value.PRESENT, 1, np.where(np.isin(value, SAID), 0, MISSING))
            present[number] = np.where(rows >= 0, found, MISSING)
    present[:, :, ~drawn] = MISSING
    return CodedUnits(
        coders=tuple(coders),
        codes=judgements.codes,
        units=ids.astype(np.str_),
        present=present,
        clusters=interview_clusters(segments),
        weights=mass,
    )


def _drawn(
    place: pd.Index, weights: "pd.Series[float] | None", problems: list[Problem]
) -> tuple[npt.NDArray[np.bool_], FloatArray | None]:
    """Return which segments were drawn into the sample, and their weights with mean 1."""
    if weights is None:
        return np.ones(len(place), dtype=bool), None
    where: IntArray = place.get_indexer(weights.index)
    values = weights.to_numpy(dtype=np.float64)
    if (where < 0).any() or not np.isfinite(values).all() or (values <= 0).any():
        problems.append(
            Problem(
                what="sampling weights that cannot be used",
                where="sampling weights",
                expected="a positive number for each segment that was drawn, by the id of the segment",
            )
        )
        return np.zeros(len(place), dtype=bool), None
    drawn = np.zeros(len(place), dtype=bool)
    drawn[where] = True
    mass = np.zeros(len(place))
    mass[where] = values / values.mean()
    return drawn, mass
