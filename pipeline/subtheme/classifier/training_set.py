"""What a model learns from: segments that were read, the codes on them, and which codes have enough."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.classifier.folds import linked_groups
from subtheme.errors import InputError, Problem
from subtheme.study import Codebook, Direction, Origin, rows_of

Matrix = npt.NDArray[np.float64]

FEWEST_SEGMENTS = 8
"""A code with fewer coded segments is named and not learned."""
FEWEST_PARTICIPANTS = 3
"""A code of fewer is named and not learned, for want of somebody unseen to test it on; a focus group is one of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How much there is to learn a code from.

    Attributes
    ----------
    code : str
    segments, participants : int
        Coded segments that support, and participants whose they are.
    groups : int
        Of these participants; those of a focus group are one.
    """

    code: str
    segments: int
    participants: int
    groups: int

    @property
    def suffices(self) -> bool:
        """Whether the code can be learned and tested."""
        return self.segments >= FEWEST_SEGMENTS and self.groups >= FEWEST_PARTICIPANTS

    def as_dict(self) -> dict[str, str | int]:
        """Return the numbers for JSON."""
        return {"code": self.code, "segments": self.segments, "participants": self.participants, "groups": self.groups}

    def in_words(self) -> str:
        """Return code and numbers; groups only where participants spoke together."""
        together = f" in {self.groups} groups that share nobody" if self.groups < self.participants else ""
        return f"{self.code} ({self.segments} segments of {self.participants} participants{together})"


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainingSet:
    """Read segments with their codes.

    Attributes
    ----------
    segments : pandas.DataFrame
        All segments of the transcripts that were read (contract `SEGMENTS`).
    codes : tuple of str
        Codes with enough evidence, in the order of the codebook.
    Y : numpy.ndarray
        1 where a segment supports a code, shape (segments, codes).
    counters : numpy.ndarray
        True where a segment counters it, same shape.
    groups : numpy.ndarray
        Participant of every segment; the participants of a focus group are one.
    evidence : tuple of Evidence
        Of every code of the level, whether it suffices or not.
    notes : tuple of str
    """

    segments: pd.DataFrame
    codes: tuple[str, ...]
    Y: Matrix
    counters: npt.NDArray[np.bool_]
    groups: npt.NDArray[np.object_]
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...]

    @property
    def too_few(self) -> tuple[Evidence, ...]:
        """Codes that are named and not learned."""
        return tuple(e for e in self.evidence if not e.suffices)


def training_set(
    segments: pd.DataFrame,
    segment_codes: pd.DataFrame,
    readings: pd.DataFrame,
    codebook: Codebook,
    *,
    level: str,
    coders: Collection[str] = (),
    origins: Collection[str] = (Origin.BLIND.value, Origin.ASSISTED.value),
) -> TrainingSet:
    """Gather what can be learned from.

    Only transcripts that one of the coders read count: there, what is not coded is absent. Codes below `level` roll
    up to it; a code above it teaches nothing and is noted. A segment that one coding supports and another
    counters supports.

    Parameters
    ----------
    segments, segment_codes, readings : pandas.DataFrame
        Checked by `subtheme.study.SEGMENTS`, `SEGMENT_CODES` and `READINGS`.
    codebook : Codebook
    level : str
        Level of the codebook that is learned.
    coders : collection of str
        Whose codings are learned from; all by default.
    origins : collection of str
        Which codings are learned from; proposals that nobody confirmed never are.

    Raises
    ------
    InputError
        If nobody read anything, nothing is coded, only one participant (or one focus group) was read, or no code has
        enough evidence.
    """
    wanted = set(coders) or set(readings["coder"]) | set(segment_codes["coder"])
    read = set(readings.loc[readings["coder"].isin(wanted), "transcript"])
    rows = segments[segments["transcript"].isin(read)].reset_index(drop=True)
    rolled = [c.id for c in codebook.at_level(level)]
    place = {segment: i for i, segment in enumerate(rows["segment"])}
    column = {code: i for i, code in enumerate(rolled)}
    Y, counters = np.zeros((len(rows), len(rolled))), np.zeros((len(rows), len(rolled)), dtype=bool)
    above = unread = 0
    usable = segment_codes["coder"].isin(wanted) & segment_codes["origin"].isin(list(origins))
    for coding in rows_of(segment_codes[usable & (segment_codes["origin"] != Origin.AUTO.value)]):
        target = codebook.roll_up(coding.code, level)
        above += target is None
        unread += target is not None and coding.segment not in place
        if target is None or coding.segment not in place:
            continue
        where = place[coding.segment], column[target]
        if coding.direction == Direction.SUPPORTS.value:
            Y[where] = 1.0
        else:
            counters[where] = True
    contradictory = int((counters & (Y > 0)).any(axis=1).sum())
    counters &= Y == 0
    participants = rows["participant"].to_numpy(dtype=object)
    groups = linked_groups(participants, rows["transcript"].to_numpy(dtype=object))
    evidence = tuple(
        Evidence(
            code=code,
            segments=int(held.sum()),
            participants=len(set(participants[held])),
            groups=len(set(groups[held])),
        )
        for code, held in zip(rolled, (Y > 0).T, strict=True)
    )
    _refuse_too_little(Y, groups, evidence, wanted)
    kept = [i for i, e in enumerate(evidence) if e.suffices]
    counted = (
        (above, f"codings above level '{level}' teach nothing"),
        (unread, "codings in transcripts that nobody read whole teach nothing: what is not coded there is not absent"),
        (contradictory, "segments are coded both for and against a code, and count as for it"),
    )
    notes = [f"{count} {told}" for count, told in counted if count]
    return TrainingSet(
        segments=rows,
        codes=tuple(rolled[i] for i in kept),
        Y=Y[:, kept],
        counters=counters[:, kept],
        groups=groups,
        evidence=evidence,
        notes=(*notes, *_repeated_texts(rows)),
    )


def _refuse_too_little(
    Y: Matrix, groups: npt.NDArray[np.object_], evidence: tuple[Evidence, ...], coders: set[str]
) -> None:
    who = ", ".join(sorted(coders)) or "any coder"
    problem = None
    if not len(Y):
        problem = Problem(
            what=f"no transcript has been read by {who}",
            expected="codings, or readings, of at least one coder",
            remedy="Bring codings in with 'subtheme codings'",
        )
    elif not Y.any():
        problem = Problem(what=f"no segment has been coded by {who}", expected="coded excerpts to learn from")
    elif len(set(groups)) < 2:
        problem = Problem(
            what="only one participant was read, or one focus group",
            expected="at least two, so that a model can be tested on someone it has not seen",
            remedy="Code the transcript of another participant",
        )
    elif not any(e.suffices for e in evidence):
        problem = Problem(
            what="no code has enough coded segments",
            expected=f"at least {FEWEST_SEGMENTS} segments of {FEWEST_PARTICIPANTS} participants for a code, of whom a "
            "focus group counts as one",
            remedy="Code more transcripts first",
        )
    if problem is not None:
        raise InputError(problem)


def _repeated_texts(rows: pd.DataFrame) -> list[str]:
    """Return a note where participants share long segments word for word: the same words on both sides of a fold."""
    long = rows[[len(text.split()) >= 8 for text in rows["text"]]]
    shared = long.groupby("text")["participant"].nunique()
    count = int((shared > 1).sum())
    if not count:
        return []
    return [
        f"{count} segments of eight or more words stand word for word with several participants: figures may flatter"
    ]
