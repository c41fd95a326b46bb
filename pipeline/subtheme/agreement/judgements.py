"""Judgements: for every coder, code and segment whether it is present, absent or not judged."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.agreement.clusters import Clusters, interview_clusters
from subtheme.agreement.ratings import MISSING, FloatArray, IntArray, Patterns, Ratings
from subtheme.agreement.specific import PRESENCE
from subtheme.errors import InputError, Problem, suggestion
from subtheme.nouns import Codebook, Direction, Origin

Presence: TypeAlias = npt.NDArray[np.int8]


@dataclass(frozen=True, kw_only=True, eq=False)
class Judgements:
    """What each coder judged of each unit for each code.

    Attributes
    ----------
    coders, codes : tuple of str
    units : ndarray of str, shape (units,)
        Ids of segments, or of participants.
    present : ndarray of int8, shape (coders, codes, units)
        1 present, 0 absent, -1 not judged: the coder did not read it.
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

    def of_coders(self, coders: Sequence[str]) -> "Judgements":
        """Return the judgements of some coders, in their order."""
        chosen = [self.coders.index(c) for c in coders]
        return replace(self, coders=tuple(coders), present=self.present[chosen])

    def of_codes(self, codes: Collection[str]) -> "Judgements":
        """Return the judgements on some codes, in the order that they have."""
        kept = [i for i, code in enumerate(self.codes) if code in codes]
        return replace(self, codes=tuple(self.codes[i] for i in kept), present=self.present[:, kept])

    @cached_property
    def judged(self) -> npt.NDArray[np.bool_]:
        """Which coder judged which unit, shape (coders, units): a reading goes for all codes."""
        return self.present[:, 0, :] >= 0 if self.codes else np.zeros((len(self.coders), len(self.units)), dtype=bool)

    @cached_property
    def found(self) -> npt.NDArray[np.bool_]:
        """Where a coder found a code present, shape (coders, codes, units)."""
        return np.asarray(self.present == 1)

    @cached_property
    def compared(self) -> npt.NDArray[np.bool_]:
        """Which units two coders or more have judged."""
        return np.asarray(self.judged.sum(axis=0) >= 2)

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
        rated = self.judged.sum(axis=0, dtype=np.int32)
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

    def rolled_up(self, codebook: Codebook, level: str) -> "Judgements":
        """Return the judgements at a level of the codebook: present where a code below is.

        A code that stands above `level` counts for none of the codes at that level; a code at that level
        of which nothing was judged, itself or below, is left out.
        """
        above = [codebook.roll_up(code, level) for code in self.codes]
        names = tuple(c.id for c in codebook.at_level(level) if c.id in above)
        present = np.empty((len(self.coders), len(names), len(self.units)), dtype=np.int8)
        for position, name in enumerate(names):
            members = [i for i, up in enumerate(above) if up == name]
            present[:, position, :] = self.present[:, members, :].max(axis=1)
        return replace(self, codes=names, present=present)

    def by_participant(self, participant: "pd.Series[str]") -> "Judgements":
        """Return whether each coder found each code at least once in each participant's segments.

        A coder who has not read all of a participant's segments did not judge the participant.

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
        present, judged = (a if in_order else a[..., order] for a in (self.present, self.judged))
        found = np.maximum.reduceat(present, starts, axis=2)
        complete = np.minimum.reduceat(judged, starts, axis=1)
        cluster = self.clusters.index[order][starts]
        return Judgements(
            coders=self.coders,
            codes=self.codes,
            units=np.asarray(names, dtype=np.str_),
            present=np.where(complete[:, None, :], found, MISSING).astype(np.int8),
            clusters=Clusters(index=cluster, names=self.clusters.names),
        )


def judgements_of_tables(
    segments: pd.DataFrame,
    coded: pd.DataFrame,
    readings: pd.DataFrame,
    codebook: Codebook,
    *,
    coders: Sequence[str],
    origins: Collection[Origin] = (Origin.BLIND,),
    weights: "pd.Series[float] | None" = None,
    not_judged: Collection[tuple[str, str]] = (),
) -> Judgements:
    """Return the judgements of coders from the tables of a study, for every code of the codebook.

    Codings that counter a code do not count as describing it.

    Parameters
    ----------
    segments, coded, readings : DataFrame
        `SEGMENTS`, `SEGMENT_CODES` and `READINGS`.
    codebook : Codebook
    coders : sequence of str
    origins : collection of Origin
        Which codings count.
    weights : Series of float, optional
        Sampling weight of each double-coded segment, by id; segments that are not listed were not
        drawn and count for no coder.
    not_judged : collection of (coder, transcript)
        Readings to leave out.

    Raises
    ------
    InputError
        With every problem: a code, segment or transcript that is not known, a coding in a
        transcript that its coder has not read, a weight that is no positive number.
    """
    problems = table_problems(segments, coded, readings, codebook, coders=coders)
    ids = segments["segment"].to_numpy(dtype=object)
    place = pd.Index(ids)
    transcript, transcripts = pd.factorize(segments["transcript"], sort=True)
    position = {name: number for number, name in enumerate(coders)}
    read = np.zeros((len(coders), len(transcripts)), dtype=bool)
    known = {name: number for number, name in enumerate(transcripts)}
    skipped = set(not_judged)
    for coder, name in zip(readings["coder"].tolist(), readings["transcript"].tolist(), strict=True):
        if coder in position and name in known and (coder, name) not in skipped:
            read[position[coder], known[name]] = True
    drawn, mass = _drawn(place, weights, problems)
    if problems:
        raise InputError(problems)
    names = tuple(c.id for c in codebook.codes)
    chosen = (
        coded["coder"].isin(coders).to_numpy()
        & (coded["direction"] == Direction.SUPPORTS.value).to_numpy()
        & coded["origin"].isin([o.value for o in origins]).to_numpy()
    )
    rows = coded[chosen]
    judged = read[:, transcript] & drawn
    present = np.where(judged[:, None, :], 0, MISSING).astype(np.int8).repeat(len(names), axis=1)
    who = pd.Index(list(coders)).get_indexer(pd.Index(rows["coder"]))
    what = pd.Index(list(names)).get_indexer(pd.Index(rows["code"]))
    where = place.get_indexer(rows["segment"])
    counts = judged[who, where]
    present[who[counts], what[counts], where[counts]] = 1
    return Judgements(
        coders=tuple(coders),
        codes=names,
        units=ids.astype(np.str_),
        present=present,
        clusters=interview_clusters(segments),
        weights=mass,
    )


def table_problems(
    segments: pd.DataFrame,
    coded: pd.DataFrame,
    readings: pd.DataFrame,
    codebook: Codebook,
    *,
    coders: Sequence[str],
) -> list[Problem]:
    """Return what is wrong between the tables; an empty list where they fit each other."""
    rows = coded[coded["coder"].isin(coders)]
    problems = [codebook.unknown(c, where="coded segments") for c in sorted(set(rows["code"]) - set(codebook.by_id))]
    places = pd.Index(segments["segment"]).get_indexer(rows["segment"])
    unknown = rows["segment"].to_numpy(dtype=object)[places < 0]
    if len(unknown):
        problems.append(
            Problem(
                what=f"{len(set(unknown))} unknown segments, the first is '{min(unknown)}'",
                where="coded segments",
                expected="segments of this study",
                remedy="Carry the codings to segments again",
            )
        )
    transcript = segments["transcript"].to_numpy(dtype=object)[places[places >= 0]]
    # Who decided on single suggestions need not have read the rest; those decisions count for nobody.
    own = (rows["origin"] != Origin.ASSISTED.value).to_numpy()[places >= 0]
    worked = set(zip(rows["coder"].to_numpy(dtype=object)[places >= 0][own], transcript[own], strict=True))
    stated = set(zip(readings["coder"].tolist(), readings["transcript"].tolist(), strict=True))
    problems += [
        Problem(
            what=f"coder '{coder}' coded transcript '{name}' without having read it",
            where="readings",
            expected="a reading for every transcript that a coder has coded",
            remedy="Add the reading, or correct the transcript of the coding",
        )
        for coder, name in sorted(worked - stated)
    ]
    names = set(segments["transcript"])
    problems += [
        Problem(
            what=f"unknown transcript '{name}'",
            where="readings",
            expected="a transcript with segments",
            remedy=suggestion(str(name), map(str, names)),
        )
        for name in sorted({t for c, t in stated if c in coders} - names)
    ]
    return problems


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
