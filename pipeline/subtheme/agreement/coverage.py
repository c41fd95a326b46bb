"""Coverage: who read what, how much of it two coders share, and which readings were blind."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from subtheme.agreement.judgements import Judgements
from subtheme.errors import InputError, Problem, suggestion
from subtheme.nouns import Origin


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


def roster_of(
    segments: pd.DataFrame,
    coded: pd.DataFrame,
    readings: pd.DataFrame,
    *,
    coders: Sequence[str] | None = None,
    assisted: Collection[tuple[str, str]] = (),
) -> Roster:
    """Return who codes in a study: people and models.

    A coder with automatic codings is a model. In a transcript where a person has assisted codings
    and no blind ones, also what that person left uncoded was judged with suggestions in view; such
    a reading is not blind.

    Parameters
    ----------
    segments, coded, readings : DataFrame
        `SEGMENTS`, `SEGMENT_CODES` and `READINGS`.
    coders : sequence of str, optional
        Whom to compare; by default everybody who has read a transcript.
    assisted : collection of (coder, transcript)
        Where a coder has seen suggestions, also if none was accepted.

    Raises
    ------
    InputError
        For an unknown coder, or one with both automatic and own codings.
    """
    stated = set(zip(readings["coder"].tolist(), readings["transcript"].tolist(), strict=True))
    known = sorted(set(readings["coder"]) | set(coded["coder"]))
    suggested = (coded["origin"] == Origin.ASSISTED.value).to_numpy()
    readers = {coder for coder, _ in stated} | set(coded["coder"][~suggested])
    chosen = [c for c in known if c in readers] if coders is None else list(dict.fromkeys(coders))
    problems = [
        Problem(
            what=f"unknown coder '{name}'",
            where="coders",
            expected=f"one of {', '.join(known)}" if known else "a coder with a reading",
            remedy=suggestion(name, known),
        )
        for name in chosen
        if name not in known
    ]
    automatic = (coded["origin"] == Origin.AUTO.value).to_numpy()
    models = set(coded["coder"][automatic])
    problems += [
        Problem(
            what=f"coder '{name}' has both automatic and own codings",
            where="coded segments",
            expected="a model under its own name",
        )
        for name in sorted((models & set(coded["coder"][~automatic])) & set(chosen))
    ]
    if problems:
        raise InputError(problems)
    where = dict(zip(segments["segment"].tolist(), segments["transcript"].tolist(), strict=True))
    places: dict[Origin, set[tuple[str, str]]] = {}
    for origin in (Origin.BLIND, Origin.ASSISTED):
        rows = coded[(coded["origin"] == origin.value).to_numpy()]
        transcripts = [where.get(s, "") for s in rows["segment"].tolist()]
        places[origin] = {p for p in zip(rows["coder"].tolist(), transcripts, strict=True) if p[0] in chosen}
    seen = (places[Origin.ASSISTED] | {p for p in assisted if p[0] in chosen}) & stated
    return Roster(
        people=tuple(c for c in chosen if c not in models),
        models=tuple(c for c in chosen if c in models),
        assisted_only=tuple(sorted(seen - places[Origin.BLIND])),
        mixed=tuple(sorted(seen & places[Origin.BLIND])),
        without_reading=tuple(c for c in known if c not in readers),
    )


def readings_with_models(readings: pd.DataFrame, transcripts: Collection[str], models: Sequence[str]) -> pd.DataFrame:
    """Return the readings with those of the models: one without a reading of its own has read everything."""
    stated = set(readings["coder"])
    added = pd.DataFrame(
        [(model, name) for model in models if model not in stated for name in sorted(transcripts)],
        columns=["coder", "transcript"],
    )
    return pd.concat([readings[["coder", "transcript"]], added], ignore_index=True)


def coverage_of(judgements: Judgements, segments: pd.DataFrame) -> Coverage:
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
