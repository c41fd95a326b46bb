"""Coverage: who read what, how much of it two coders share, and which readings were blind."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from subtheme.agreement.coded_units import CodedUnits
from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.nouns import Basis, Judgements, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The coders of a study.

    Attributes
    ----------
    people, models : tuple of str
    assisted_only : tuple of (coder, transcript)
        Readings in which a person saw suggestions and coded nothing blind: not blind readings.
    mixed : tuple of (coder, transcript)
        Readings with blind and assisted codings: only the blind ones count as blind.
    without_reading : tuple of str
        People who decided on suggestions and have read no transcript: what they did not see is not known.
    """

    people: tuple[str, ...]
    models: tuple[str, ...]
    assisted_only: tuple[tuple[str, str], ...]
    mixed: tuple[tuple[str, str], ...]
    without_reading: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much was coded, and by how many.

    Attributes
    ----------
    coders : tuple of str
    transcripts_read, segments_read : tuple of int
        By each coder.
    transcripts, segments : int
        Of the study.
    shared_transcripts, shared_segments : int
        Judged by two coders or more.
    weighted : bool
        Whether only a sample of the segments was drawn, and is weighted.
    """

    coders: tuple[str, ...]
    transcripts_read: tuple[int, ...]
    segments_read: tuple[int, ...]
    transcripts: int
    segments: int
    shared_transcripts: int
    shared_segments: int
    weighted: bool

    @property
    def shared_share(self) -> float:
        """Share of the study's segments that two coders or more have judged."""
        return self.shared_segments / self.segments if self.segments else 0.0

    def as_dict(self) -> dict[str, object]:
        """Return the coverage for ``--json``."""
        return {
            "coders": list(self.coders),
            "transcripts_read": list(self.transcripts_read),
            "segments_read": list(self.segments_read),
            "transcripts": self.transcripts,
            "segments": self.segments,
            "shared_transcripts": self.shared_transcripts,
            "shared_segments": self.shared_segments,
            "shared_share": self.shared_share,
            "weighted": self.weighted,
        }


def roster_of(judgements: Judgements, *, models: Sequence[str] = (), coders: Sequence[str] | None = None) -> Roster:
    """Return who codes in a study: people and models.

    Parameters
    ----------
    judgements : Judgements
        The coders' own.
    models : sequence of str
    coders : sequence of str, optional
        Whom to compare; by default everybody who has judged anything blind or read a transcript, and every model.

    Raises
    ------
    InputError
        For an unknown coder, or a person and a model of one name.
    """
    blind, assisted = (judgements.of_basis(basis) for basis in (Basis.BLIND, Basis.ASSISTED))
    judged = {c for c, own in zip(blind.coders, blind.value, strict=True) if (own != Value.OPEN).any()}
    readers = judged | {coder for coder, _ in judgements.readings}
    known = sorted({*judgements.coders, *models})
    chosen = [c for c in known if c in readers or c in models] if coders is None else list(dict.fromkeys(coders))
    problems = [
        Problem(
            what=f"unknown coder {shown(name)}",
            where="coders",
            expected=f"one of {', '.join(known)}" if known else "a coder with a reading",
            remedy=suggestion(name, known),
        )
        for name in chosen
        if name not in known
    ]
    problems += [
        Problem(
            what=f"coder '{name}' is a person and a model",
            where="coders",
            expected="a model under its own name",
            remedy="Train the model under another name",
        )
        for name in sorted({*judgements.coders} & {*models} & {*chosen})
    ]
    if problems:
        raise InputError(problems)
    seen, unseen = _places(assisted), _places(blind)
    stated = {(coder, transcript) for coder, transcript in judgements.readings if coder in chosen}
    return Roster(
        people=tuple(c for c in chosen if c not in models),
        models=tuple(c for c in chosen if c in models),
        assisted_only=tuple(sorted((stated & seen) - unseen)),
        mixed=tuple(sorted(seen & unseen & {(c, t) for c, t in seen if c in chosen})),
        without_reading=tuple(c for c in judgements.coders if c not in readers),
    )


def _places(judgements: Judgements) -> set[tuple[str, str]]:
    """Return coder and transcript wherever anything was judged."""
    names = judgements.segments["transcript"].to_numpy(dtype=object)
    return {
        (coder, str(name))
        for coder, own in zip(judgements.coders, judgements.value, strict=True)
        for name in set(names[(own != Value.OPEN).any(axis=1)])
    }


def coverage_of(judgements: CodedUnits, segments: pd.DataFrame) -> Coverage:
    """Return how much of the study each coder has judged, and two or more have."""
    transcript, names = pd.factorize(segments["transcript"])
    read = judgements.judged
    return Coverage(
        coders=judgements.coders,
        transcripts_read=tuple(len(np.unique(transcript[row])) for row in read),
        segments_read=tuple(int(row.sum()) for row in read),
        transcripts=len(names),
        segments=len(segments),
        shared_transcripts=len(np.unique(transcript[judgements.compared])),
        shared_segments=int(judgements.compared.sum()),
        weighted=judgements.weights is not None,
    )
