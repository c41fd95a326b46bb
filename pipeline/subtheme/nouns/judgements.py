"""Judgements: who holds what about which code on which segment. Everything that counts people's word reads this."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.nouns.codebook import Codebook
from subtheme.nouns.event import Event, EventKind


class Value(IntEnum):
    """What a coder holds of a code on a segment."""

    OPEN = -1
    """Not judged."""
    ABSENT = 0
    PRESENT = 1
    COUNTER = 2
    """The segment denies the influence: judged, and not supporting."""
    UNSURE = 3
    """Asked, and not settled: counts as not judged, and is not asked again."""

    @property
    def word(self) -> str:
        """The value as it is written."""
        return self.name.lower()


class Basis(IntEnum):
    """How a judgement was made."""

    NONE = -1
    BLIND = 0
    """No suggestion was in view."""
    ASSISTED = 1
    AGREED = 2
    """Settled over the answers of several coders."""

    @property
    def word(self) -> str:
        """The basis as the column `origin` has it; empty where nothing is judged."""
        return "" if self is Basis.NONE else self.name.lower()


SAID = (int(Value.ABSENT), int(Value.PRESENT), int(Value.COUNTER))
"""Values that settle something."""

Values = npt.NDArray[np.int8]


@dataclass(frozen=True, kw_only=True, eq=False)
class Judgements:
    """One value for every coder, segment and code; made by `subtheme.judgements.judgements_of`.

    Attributes
    ----------
    coders, codes : tuple of str
        Codes in the order of the codebook.
    segments : pandas.DataFrame
        `segment`, `transcript`, `participant`; row i is segment i, transcript by transcript.
    value, basis : ndarray of int8, shape (coders, segments, codes)
        `Value` and `Basis`.
    rests_on : ndarray of int32, shape (coders, segments, codes)
        Position in `events` of the event that the judgement rests on; -1 where there is none. Later events have
        higher numbers.
    meant : ndarray of int32, shape (coders, segments, codes)
        Position in `definitions` of what the code meant when it was judged; -1 where that is not known.
    events : tuple of Event
    definitions : tuple of str
        Digests.
    unplaced : pandas.DataFrame
        Codings on no segment, which count for the participant alone: `participant`, `code`, `coder`, `value`,
        `basis`, `event`.
    retired : dict of str to int
        Events on codes that the codebook does not have, by code: they count nowhere.
    """

    coders: tuple[str, ...]
    codes: tuple[str, ...]
    segments: pd.DataFrame
    value: Values
    basis: Values
    rests_on: npt.NDArray[np.int32]
    meant: npt.NDArray[np.int32]
    events: tuple[Event, ...]
    definitions: tuple[str, ...]
    unplaced: pd.DataFrame
    retired: dict[str, int]

    def __repr__(self) -> str:
        """Return the size, and no word of an interview."""
        judged = int((self.value != Value.OPEN).sum())
        return f"Judgements({len(self.coders)} coders, {len(self.segments)} segments, {judged} judged)"

    # -- choosing -----------------------------------------------------------------------------------

    def of_coders(self, coders: Collection[str]) -> "Judgements":
        """Return the judgements of some coders."""
        kept = [i for i, coder in enumerate(self.coders) if coder in coders]
        return replace(
            self,
            coders=tuple(self.coders[i] for i in kept),
            value=self.value[kept],
            basis=self.basis[kept],
            rests_on=self.rests_on[kept],
            meant=self.meant[kept],
            unplaced=self.unplaced[self.unplaced["coder"].isin(list(coders))].reset_index(drop=True),
        )

    def of_basis(self, *bases: Basis) -> "Judgements":
        """Return the judgements that were made in one of some ways; all else is open."""
        is_kept = np.isin(self.basis, bases)
        return replace(
            self,
            value=np.where(is_kept, self.value, Value.OPEN).astype(np.int8),
            basis=np.where(is_kept, self.basis, Basis.NONE).astype(np.int8),
            unplaced=self.unplaced[self.unplaced["basis"].isin([int(b) for b in bases])].reset_index(drop=True),
        )

    @cached_property
    def by_hand(self) -> "Judgements":
        """The coders' own judgements: what was agreed over several is left out."""
        own = self.of_basis(Basis.BLIND, Basis.ASSISTED)
        idle = (own.value == Value.OPEN).all(axis=(1, 2))
        unplaced = set(own.unplaced["coder"])
        return own.of_coders([c for c, none in zip(own.coders, idle, strict=True) if not none or c in unplaced])

    # -- taken together -----------------------------------------------------------------------------

    @cached_property
    def together(self) -> Values:
        """What counts of every segment and code, shape (segments, codes).

        What was agreed on stands, the latest of it. Otherwise one coder who finds the code is enough; then a
        counter-example, then an absence, then a doubt. That an agreed reading left a code out overrules nobody.
        """
        found = np.full(self.value.shape[1:], int(Value.OPEN), dtype=np.int8)
        if not len(self.coders):
            return found
        is_agreed, is_own = self._overrules, self.basis != Basis.AGREED
        left_out = (self.basis == Basis.AGREED) & (self.value == Value.ABSENT) & ~is_agreed
        found[left_out.any(axis=0)] = Value.ABSENT
        for value in (Value.UNSURE, Value.ABSENT, Value.COUNTER, Value.PRESENT):
            found[((self.value == value) & is_own).any(axis=0)] = value
        latest = np.where(is_agreed, self.rests_on, -2).argmax(axis=0)
        agreed = np.take_along_axis(self.value, latest[None], axis=0)[0]
        return np.where(is_agreed.any(axis=0), agreed, found).astype(np.int8)

    @cached_property
    def together_rests_on(self) -> npt.NDArray[np.int32]:
        """Position of the latest event that `together` rests on, shape (segments, codes); -1 where there is none."""
        if not len(self.coders):
            return np.full(self.value.shape[1:], -1, dtype=np.int32)
        is_agreed = self._overrules
        holds = (self.value == self.together) & (is_agreed | ~is_agreed.any(axis=0))
        found: npt.NDArray[np.int32] = np.where(holds, self.rests_on, -1).max(axis=0).astype(np.int32)
        return found

    @cached_property
    def _overrules(self) -> npt.NDArray[np.bool_]:
        """Where something was settled over the answers of several coders, shape (coders, segments, codes)."""
        asked = np.r_[self.was_asked, False][self.rests_on]
        return np.asarray((self.basis == Basis.AGREED) & np.isin(self.value, SAID) & asked)

    @cached_property
    def was_asked(self) -> npt.NDArray[np.bool_]:
        """Which events are answers about one segment, shape (events,): not codings, nor whole transcripts read."""
        asked = [
            e.kind in {EventKind.ANSWERED, EventKind.FINISHED} or (e.kind is EventKind.READ and bool(e.segment))
            for e in self.events
        ]
        return np.array(asked, dtype=bool)

    @cached_property
    def is_said(self) -> npt.NDArray[np.bool_]:
        """Where something is settled, shape (segments, codes)."""
        return np.isin(self.together, SAID)

    def judged_pairs(self, rows: Sequence[str]) -> frozenset[tuple[str, str]]:
        """Return who is judged for which of the codes `rows`: every segment of theirs, by whomever.

        An interview that is judged in part is not judged, nor is somebody of whom there is no segment.
        """
        if not len(self.segments) or not rows:
            return frozenset()
        said = pd.DataFrame(self.is_said[:, [self.number_of(row) for row in rows]], columns=list(rows))
        whole = said.groupby(self.segments["participant"].to_numpy(dtype=object)).all()
        return frozenset((str(person), row) for person in whole.index for row in rows if whole.at[person, row])

    def number_of(self, code: str) -> int:
        """Return the position of a code."""
        return self.codes.index(code)

    # -- looking ------------------------------------------------------------------------------------

    @property
    def frame(self) -> pd.DataFrame:
        """One row for every judgement: `coder`, `segment`, `code`, `value`, `origin`, `definition`, `event`."""
        coder, segment, code = np.nonzero(self.value != Value.OPEN)
        at = (coder, segment, code)
        names = self.segments["segment"].to_numpy(dtype=object)
        return pd.DataFrame(
            {
                "coder": np.array(self.coders, dtype=object)[coder] if len(self.coders) else [],
                "segment": names[segment],
                "code": np.array(self.codes, dtype=object)[code] if len(self.codes) else [],
                "value": [Value(v).word for v in self.value[at].tolist()],
                "origin": [Basis(b).word for b in self.basis[at].tolist()],
                "definition": [self.definitions[i] if i >= 0 else "" for i in self.meant[at].tolist()],
                "event": [self.events[i].uid if i >= 0 else "" for i in self.rests_on[at].tolist()],
            },
            dtype="str",
        )

    @cached_property
    def read_for(self) -> pd.DataFrame:
        """Share of the codes for which each coder has judged every segment of a transcript, in [0, 1].

        Rows are transcripts, columns are coders. A doubt is a judgement here: it was looked at.
        """
        transcript = self.segments["transcript"].to_numpy(dtype=object)
        starts = self.starts
        names = [str(t) for t in transcript[starts]]
        if not names:
            return pd.DataFrame(columns=list(self.coders), dtype=float)
        judged = np.logical_and.reduceat(self.value != Value.OPEN, starts, axis=1)
        return pd.DataFrame(judged.mean(axis=2).T, index=names, columns=list(self.coders))

    @property
    def starts(self) -> npt.NDArray[np.int64]:
        """Position of the first segment of every transcript."""
        transcript = self.segments["transcript"].to_numpy(dtype=object)
        if not len(transcript):
            return np.zeros(0, dtype=np.int64)
        return np.flatnonzero(np.r_[True, transcript[1:] != transcript[:-1]]).astype(np.int64)

    @cached_property
    def readings(self) -> tuple[tuple[str, str], ...]:
        """Coder and transcript, wherever at least half of the codes were judged on every segment."""
        share = self.read_for
        found = [(str(c), str(t)) for c in share.columns for t in share.index[share[c] >= 0.5]]
        return tuple(sorted(found))

    def stale(self, codebook: Codebook) -> pd.DataFrame:
        """Return how many judgements of each coder and code rest on another definition than today's.

        Returns
        -------
        pandas.DataFrame
            `coder`, `code`, `judgements`.
        """
        known = {digest: i for i, digest in enumerate(self.definitions)}
        today = np.array(
            [known.get(codebook.definitions[c], -2) for c in self.codes],
            dtype=np.int32,
        )
        is_stale = (self.value != Value.OPEN) & (self.meant >= 0) & (self.meant != today[None, None, :])
        counts = is_stale.sum(axis=1)
        rows = [
            (coder, code, int(counts[i, j]))
            for i, coder in enumerate(self.coders)
            for j, code in enumerate(self.codes)
            if counts[i, j]
        ]
        return pd.DataFrame(rows, columns=["coder", "code", "judgements"])


def above(codebook: Codebook, codes: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return for every code the position of the code right above it; -1 for a theme."""
    place = {code: i for i, code in enumerate(codes)}
    return np.array([place.get(codebook.by_id[c].parent, -1) for c in codes], dtype=np.int64)
