"""What a model learns from: segments that were read, the codes on them, and which codes have enough.

Answers in transcripts that nobody read whole, as review gives them, teach as well: a code that was confirmed or denied
on a segment is known there, and all other codes of the segment are left open. They were not picked as read segments
are, so nothing is tested or calibrated on them, and they do not count as evidence that a code can be learned.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.classifier.folds import linked_groups
from subtheme.errors import InputError, Problem
from subtheme.nouns import SAID, Basis, Codebook, Judgements, Value

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
    is_read : bool
        Whether it was judged in at least half of the transcripts that were read; a code that came later was not.
    """

    code: str
    segments: int
    participants: int
    groups: int
    is_read: bool = True

    @property
    def suffices(self) -> bool:
        """Whether the code can be learned and tested."""
        return self.is_read and self.segments >= FEWEST_SEGMENTS and self.groups >= FEWEST_PARTICIPANTS

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
    judgements: Judgements,
    segments: pd.DataFrame,
    codebook: Codebook,
    *,
    level: str,
    coders: Collection[str] = (),
    bases: Collection[Basis] = (Basis.BLIND, Basis.ASSISTED, Basis.AGREED),
) -> TrainingSet:
    """Gather what can be learned from: every judgement as known, and everything else as open.

    Transcripts that are judged whole for the codes that are learned are tested and calibrated on; what is known of
    others teaches beside. A code that was judged in less than half of them, such as one that came later, is named and
    not learned. Codes below `level` count for it; a code above it teaches nothing and is noted. A counter-example
    teaches an absence, and a doubt nothing.

    Parameters
    ----------
    judgements : Judgements
    segments : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENTS`.
    codebook : Codebook
    level : str
        Level of the codebook that is learned.
    coders : collection of str
        Whose judgements are learned from; all by default. What was agreed over several always counts.
    bases : collection of Basis
        Which judgements are learned from, by how they were made.

    Raises
    ------
    InputError
        If nobody read anything, nothing is coded, only one participant (or one focus group) was read, or no code has
        enough evidence.
    """
    own = _wanted(judgements, coders).of_basis(*bases)
    order = pd.Index(segments["segment"]).get_indexer(pd.Index(own.segments["segment"]))
    rows = segments.iloc[order].reset_index(drop=True)
    codes = [c.id for c in codebook.at_level(level)]
    value = own.together[:, [own.number_of(code) for code in codes]]
    known = np.isin(value, SAID)
    names, judged = _judged_by_transcript(own, value)
    is_read = judged.mean(axis=1) >= _READ_FOR if codes else np.zeros(len(judged), dtype=bool)
    enough = judged[is_read].mean(axis=0) >= _READ_IN if is_read.any() else np.zeros(len(codes), dtype=bool)
    wholly = judged[:, enough]
    is_main = is_read & wholly.all(axis=1)
    transcript = rows["transcript"].to_numpy(dtype=object)
    main = np.isin(transcript, names[is_main])
    linked = linked_groups(*(rows[name].to_numpy(dtype=object) for name in ("participant", "transcript")))
    told = np.isin(transcript, list(set(transcript[known.any(axis=1) & ~main])))
    Y = (value[main] == Value.PRESENT).astype(np.float64)
    groups, participants = linked[main], rows["participant"].to_numpy(dtype=object)[main]
    evidence = tuple(
        Evidence(
            code=code,
            segments=int(held.sum()),
            participants=len(set(participants[held])),
            groups=len(set(groups[held])),
            is_read=bool(read),
        )
        for code, held, read in zip(codes, (Y > 0).T, enough, strict=True)
    )
    _refuse_too_little(Y, groups, evidence, set(coders) or set(own.coders))
    kept = [i for i, e in enumerate(evidence) if e.suffices]
    answered = Answered(
        segments=rows[told].reset_index(drop=True),
        Y=np.where(known[told], value[told] == Value.PRESENT, np.nan)[:, kept].astype(np.float64),
        groups=linked[told],
    )
    more = answered if answered.participants else None
    main_rows = rows[main].reset_index(drop=True)
    return TrainingSet(
        segments=main_rows,
        codes=tuple(codes[i] for i in kept),
        Y=Y[:, kept],
        counters=(value[main] == Value.COUNTER)[:, kept],
        groups=groups,
        evidence=evidence,
        notes=(
            *_notes(own, codebook, level, evidence, main),
            *_repeated_texts(main_rows),
            *([str(more)] if more else []),
        ),
        answered=more,
    )


_READ_FOR = 0.5
"""Share of the codes for which every segment of a transcript must be judged, for it to count as read."""
_READ_IN = 0.5
"""Share of the read transcripts in which a code must be judged on every segment, for it to be learned."""


def _wanted(judgements: Judgements, coders: Collection[str]) -> Judgements:
    """Return the judgements of some coders with all that was agreed."""
    if not coders:
        return judgements
    is_agreed = (judgements.basis == Basis.AGREED).any(axis=(1, 2))
    agreed = {c for c, yes in zip(judgements.coders, is_agreed, strict=True) if yes}
    chosen = judgements.of_coders({*coders, *agreed})
    only_agreed = np.array([c not in set(coders) for c in chosen.coders], dtype=bool)
    drop = only_agreed[:, None, None] & (chosen.basis != Basis.AGREED)
    return replace(chosen, value=np.where(drop, int(Value.OPEN), chosen.value).astype(np.int8))


def _judged_by_transcript(
    judgements: Judgements, value: npt.NDArray[np.int8]
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.bool_]]:
    """Return the transcripts, and for which codes every segment is judged; a doubt is a judgement here."""
    starts = judgements.starts
    names = judgements.segments["transcript"].to_numpy(dtype=object)[starts]
    if not len(starts):
        return names, np.zeros((0, value.shape[1]), dtype=bool)
    return names, np.logical_and.reduceat(value != Value.OPEN, starts, axis=0)


def _notes(
    judgements: Judgements, codebook: Codebook, level: str, evidence: Collection[Evidence], main: npt.NDArray[np.bool_]
) -> Iterator[str]:
    above = [i for i, c in enumerate(judgements.codes) if codebook.roll_up(c, level) is None]
    below = [i for i, c in enumerate(judgements.codes) if codebook.roll_up(c, level) is not None]
    present = judgements.value == Value.PRESENT
    alone = present[:, :, above].any(axis=2) & ~present[:, :, below].any(axis=2)
    if count := int(alone.sum()):
        yield f"{count} codings above level '{level}' teach nothing"
    columns = [judgements.number_of(e.code) for e in evidence]
    countered = (judgements.value[:, :, columns] == Value.COUNTER).any(axis=0)
    contradictory = (countered & (judgements.together[:, columns] == Value.PRESENT)).any(axis=1) & main
    if count := int(contradictory.sum()):
        yield f"{count} segments are coded both for and against a code, and count as for it"
    if late := [e.code for e in evidence if not e.is_read]:
        yield f"{', '.join(late)}: not judged in most of what was read, so not learned; read it again for them"


def _refuse_too_little(
    Y: Matrix, groups: npt.NDArray[np.object_], evidence: tuple[Evidence, ...], coders: set[str]
) -> None:
    who = ", ".join(sorted(coders)) or "any coder"
    problem = None
    if not len(Y):
        problem = Problem(
            what=f"no transcript has been read by {who}",
            expected="codings, or readings, of at least one coder",
            remedy="Bring codings in with 'subtheme codings', or read transcripts to the end with 'subtheme review'",
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
