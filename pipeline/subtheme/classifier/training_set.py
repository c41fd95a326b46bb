"""What a model learns from: segments that were read, the codes on them, and which codes have enough.

Answers in transcripts that nobody read whole, as review gives them, teach as well: a code that was confirmed or denied
on a segment is known there, and all other codes of the segment are left open. They were not picked as read segments
are, so nothing is tested or calibrated on them, and they do not count as evidence that a code can be learned.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.classifier.folds import linked_groups
from subtheme.errors import InputError, Problem
from subtheme.nouns import Codebook, Direction, Origin, rows_of

Matrix = npt.NDArray[np.float64]
_Place = tuple[str, int]
"""A segment, and the number of a code among those of the level."""

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
        groups = "one group" if self.groups == 1 else f"{self.groups} groups that share nobody"
        together = f" in {groups}" if self.groups < self.participants else ""
        return f"{self.code} ({self.segments} segments of {self.participants} participants{together})"


@dataclass(frozen=True, kw_only=True, eq=False)
class Answered:
    """Answers on segments of transcripts that nobody read whole.

    Attributes
    ----------
    segments : pandas.DataFrame
        All segments of these transcripts (contract `SEGMENTS`), since features look at neighbours.
    Y : numpy.ndarray
        1 where a code was confirmed, 0 where it was denied, NaN where nobody has said, shape (segments, codes).
    groups : numpy.ndarray
        As in `TrainingSet`.
    """

    segments: pd.DataFrame
    Y: Matrix
    groups: npt.NDArray[np.object_]

    @property
    def participants(self) -> tuple[str, ...]:
        """Of whom something was answered."""
        is_answered = ~np.isnan(self.Y).all(axis=1)
        return tuple(sorted(set(self.segments["participant"].to_numpy(dtype=object)[is_answered])))

    def __str__(self) -> str:
        known = ~np.isnan(self.Y)
        return (
            f"{known.sum()} answers on {known.any(axis=1).sum()} segments of {len(self.participants)} participants, in "
            "transcripts that nobody read whole, teach too; what was not asked there is left open"
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lessons:
    """Everything that is learned from, the segments of read transcripts first.

    Attributes
    ----------
    segments : pandas.DataFrame
        Contract `SEGMENTS`, whole transcripts.
    Y : numpy.ndarray
        1 and 0, NaN where nobody has said, shape (segments, codes).
    groups : numpy.ndarray
    answered : numpy.ndarray
        Numbers of the segments of other transcripts on which something was answered.
    """

    segments: pd.DataFrame
    Y: Matrix
    groups: npt.NDArray[np.object_]
    answered: npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainingSet:
    """Read segments with their codes, and what else was answered.

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
    answered : Answered, optional
        None where nothing of the codes was answered outside of the transcripts that were read.
    """

    segments: pd.DataFrame
    codes: tuple[str, ...]
    Y: Matrix
    counters: npt.NDArray[np.bool_]
    groups: npt.NDArray[np.object_]
    evidence: tuple[Evidence, ...]
    notes: tuple[str, ...]
    answered: Answered | None = None

    @cached_property
    def lessons(self) -> Lessons:
        """Read segments and answered ones as one set."""
        more, count = self.answered, len(self.segments)
        if more is None:
            return Lessons(segments=self.segments, Y=self.Y, groups=self.groups, answered=np.arange(0))
        return Lessons(
            segments=pd.concat([self.segments, more.segments], ignore_index=True),
            Y=np.concatenate([self.Y, more.Y]),
            groups=np.concatenate([self.groups, more.groups]),
            answered=count + np.flatnonzero(~np.isnan(more.Y).all(axis=1)),
        )

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
    denials: pd.DataFrame | None = None,
    coders: Collection[str] = (),
    origins: Collection[str] = (Origin.BLIND.value, Origin.ASSISTED.value),
) -> TrainingSet:
    """Gather what can be learned from.

    In transcripts that one of the coders read, what is not coded is absent; elsewhere only what was confirmed or denied
    is known. Codes below `level` roll up to it; a code above it teaches nothing and is noted, and neither does the
    denial of a code at another level. A segment that one coding supports and another counters supports.

    Parameters
    ----------
    segments, segment_codes, readings : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENTS`, `SEGMENT_CODES` and `READINGS`.
    codebook : Codebook
    level : str
        Level of the codebook that is learned.
    denials : pandas.DataFrame, optional
        `coder`, `segment`, `code` and `origin` of codes that were denied on a segment.
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
    given = [readings, segment_codes] if denials is None else [readings, segment_codes, denials]
    wanted = set(coders) or {coder for table in given for coder in table["coder"]}
    read = set(readings.loc[readings["coder"].isin(wanted), "transcript"])
    rows = segments[segments["transcript"].isin(read)].reset_index(drop=True)
    rolled = [c.id for c in codebook.at_level(level)]
    column = {code: i for i, code in enumerate(rolled)}
    allowed = set(origins) - {Origin.AUTO.value}

    def usable(table: pd.DataFrame) -> pd.DataFrame:
        return table[table["coder"].isin(wanted) & table["origin"].isin(allowed)]

    supported, countered, above = _said(usable(segment_codes), codebook, level=level, column=column)
    denied = set()
    if denials is not None:
        denied = {(d.segment, column[d.code]) for d in rows_of(usable(denials)) if d.code in column}
    Y = _marked(rows, supported, codes=len(rolled)).astype(np.float64)
    counters = _marked(rows, countered, codes=len(rolled))
    contradictory = int((counters & (Y > 0)).any(axis=1).sum())
    counters &= Y == 0
    unread = segments[~segments["transcript"].isin(read)]
    answered = _answered(unread, supported, countered | denied, codes=len(rolled))
    everybody = pd.concat([rows, answered.segments])
    linked = linked_groups(*(everybody[name].to_numpy(dtype=object) for name in ("participant", "transcript")))
    participants, groups = rows["participant"].to_numpy(dtype=object), linked[: len(rows)]
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
        (contradictory, "segments are coded both for and against a code, and count as for it"),
    )
    notes = [f"{count} {told}" for count, told in counted if count]
    elsewhere = replace(answered, Y=answered.Y[:, kept], groups=linked[len(rows) :])
    more = elsewhere if elsewhere.participants else None
    return TrainingSet(
        segments=rows,
        codes=tuple(rolled[i] for i in kept),
        Y=Y[:, kept],
        counters=counters[:, kept],
        groups=groups,
        evidence=evidence,
        notes=(*notes, *_repeated_texts(rows), *([] if more is None else [str(more)])),
        answered=more,
    )


def _said(
    codings: pd.DataFrame, codebook: Codebook, *, level: str, column: Mapping[str, int]
) -> tuple[set[_Place], set[_Place], int]:
    """Return which codes are supported and countered where, and how many codings lie above the level."""
    found: dict[str, set[_Place]] = {direction.value: set() for direction in Direction}
    above = 0
    for coding in rows_of(codings):
        target = codebook.roll_up(coding.code, level)
        if target is None:
            above += 1
        else:
            found[coding.direction].add((coding.segment, column[target]))
    return found[Direction.SUPPORTS.value], found[Direction.COUNTERS.value], above


def _marked(rows: pd.DataFrame, places: Collection[_Place], *, codes: int) -> npt.NDArray[np.bool_]:
    """Return where `places` lie among the segments of `rows`, shape (segments, codes)."""
    number = {segment: i for i, segment in enumerate(rows["segment"])}
    marks = np.zeros((len(rows), codes), dtype=bool)
    for segment, code in places:
        if segment in number:
            marks[number[segment], code] = True
    return marks


def _answered(unread: pd.DataFrame, supported: set[_Place], denied: set[_Place], *, codes: int) -> Answered:
    """Return what is known of transcripts in which anything is; groups are left empty."""
    asked = {segment for segment, _ in supported | denied}
    transcripts = set(unread.loc[unread["segment"].isin(asked), "transcript"])
    segments = unread[unread["transcript"].isin(transcripts)].reset_index(drop=True)
    Y = np.full((len(segments), codes), np.nan)
    Y[_marked(segments, denied, codes=codes)] = 0.0
    Y[_marked(segments, supported, codes=codes)] = 1.0
    return Answered(segments=segments, Y=Y, groups=np.zeros(len(segments), dtype=object))


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
