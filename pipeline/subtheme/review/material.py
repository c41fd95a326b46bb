"""What the page shows, loaded once: texts, places, suggestions. It does not change while the page is open."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from subtheme.errors import Problem, StudyError
from subtheme.files import Store, StudyFolder
from subtheme.nouns import Codebook, Transcript, rows_of
from subtheme.study import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One proposal of the model on one segment.

    Attributes
    ----------
    code, model : str
    probability, threshold : float
        Calibrated probability, and the code's threshold, in [0, 1].
    evidence : str
        JSON, as the proposal carries it.
    """

    code: str
    model: str
    probability: float
    threshold: float
    evidence: str

    @property
    def is_over(self) -> bool:
        """Whether the model proposes the code."""
        return self.probability >= self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A segment and its place.

    Attributes
    ----------
    number : int
        Position in the reading order of the whole study: the only name that a segment has in a URL, since the
        segment's id holds the name of a file.
    segment, transcript, participant, case : str
    transcript_number : int
        Position of the transcript, by id.
    turn : int
    place, of : int
        Position among the segments of the transcript, from 1, and how many there are.
    start_char, end_char : int
        Half-open span in the transcript's text, in code points.
    """

    number: int
    segment: str
    transcript: str
    transcript_number: int
    participant: str
    case: str
    turn: int
    place: int
    of: int
    start_char: int
    end_char: int


@dataclass(frozen=True, kw_only=True)
class Material:
    """Everything of a study that the page shows and nobody changes meanwhile.

    Attributes
    ----------
    passages : tuple of Passage
        In reading order.
    suggestions : mapping of str to tuple of Suggestion
        By segment, the most likely first.
    study : Study
        As it was when the page was opened.
    """

    study: Study
    passages: tuple[Passage, ...]
    suggestions: Mapping[str, tuple[Suggestion, ...]]

    @property
    def name(self) -> str:
        """Name of the study."""
        return self.study.name

    @property
    def study_id(self) -> str:
        """Random id of the study."""
        return self.study.study_id

    @property
    def level(self) -> str:
        """Level of the codebook that is scored."""
        return self.study.level

    @property
    def codebook(self) -> Codebook:
        """The codebook of today."""
        return self.study.codebook

    @property
    def transcripts(self) -> tuple[Transcript, ...]:
        """By id."""
        return self.study.transcripts

    @property
    def synthetic(self) -> bool:
        """Whether the study is invented."""
        return self.study.synthetic

    @cached_property
    def by_segment(self) -> Mapping[str, Passage]:
        """Every passage by the id of its segment."""
        return {p.segment: p for p in self.passages}

    @cached_property
    def by_transcript(self) -> Mapping[int, tuple[Passage, ...]]:
        """The passages of every transcript, by its number."""
        found: dict[int, list[Passage]] = {}
        for passage in self.passages:
            found.setdefault(passage.transcript_number, []).append(passage)
        return {number: tuple(passages) for number, passages in found.items()}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Ids of the codes that a coder may give: those at the study's level and below it."""
        return tuple(c.id for c in self.codebook.codes if self.codebook.roll_up(c.id, self.level) is not None)

    @cached_property
    def askable(self) -> frozenset[str]:
        """Ids of the codes that an answer may name: those of the codebook, and those that were proposed."""
        return frozenset(self.codes) | frozenset(self.study.proposals["code"]) | frozenset(self.study.not_in_codebook)

    @cached_property
    def offered(self) -> Mapping[str, str]:
        """What each of `codes` means, by id: what a turn without suggestions is read for."""
        return {code: self.codebook.definitions[code] for code in self.codes}

    @cached_property
    def coded(self) -> frozenset[str]:
        """Transcripts in which somebody had judged anything when the page was opened."""
        judged = np.asarray((self.study.judgements.value >= 0).any(axis=(0, 2)))
        return frozenset(self.study.judgements.segments["transcript"].to_numpy(dtype=object)[judged])

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """Ids of the codes at the study's level, in the order of the codebook."""
        return tuple(c.id for c in self.codebook.at_level(self.level))

    def words(self, passage: Passage) -> str:
        """Return the words of a segment."""
        return self.transcripts[passage.transcript_number].text[passage.start_char : passage.end_char]

    def code_name(self, code: str) -> str:
        """Return the name of a code, or its id where a proposal names one that the codebook no longer has."""
        return self.codebook.by_id[code].name if code in self.codebook else code

    def suggestion(self, segment: str, code: str) -> Suggestion | None:
        """Return what the model says of `code` on `segment`, or None."""
        return next((s for s in self.suggestions.get(segment, ()) if s.code == code), None)


def load_material(study: StudyFolder, store: Store) -> Material:
    """Read what the page shows.

    Raises
    ------
    StudyError
        If the study holds no transcripts, or a text was changed from outside.
    """
    held = Study.of(study, store)
    if held.segments.empty:
        raise StudyError(
            Problem(
                what="no transcripts in the study yet", where=study.path.name, remedy="Begin with 'subtheme import'"
            )
        )
    segments = held.segments.sort_values(["transcript", "order"], kind="stable").reset_index(drop=True)
    return Material(
        study=replace(held, segments=segments),
        passages=_passages(segments, held.participants, held.transcripts),
        suggestions=_suggestions(store.proposals()),
    )


def _passages(
    segments: pd.DataFrame, participants: pd.DataFrame, transcripts: tuple[Transcript, ...]
) -> tuple[Passage, ...]:
    case_of = dict(zip(participants["participant"], participants["case"], strict=True))
    number_of = {t.id: number for number, t in enumerate(transcripts)}
    how_many = segments["transcript"].value_counts().to_dict()
    place = segments.groupby("transcript").cumcount() + 1
    return tuple(
        Passage(
            number=number,
            segment=row.segment,
            transcript=row.transcript,
            transcript_number=number_of[row.transcript],
            participant=row.participant,
            case=case_of[row.participant],
            turn=row.turn,
            place=int(place.iloc[number]),
            of=how_many[row.transcript],
            start_char=row.start_char,
            end_char=row.end_char,
        )
        for number, row in enumerate(rows_of(segments))
    )


def _suggestions(proposals: pd.DataFrame) -> dict[str, tuple[Suggestion, ...]]:
    """Return the proposals by segment; where several models speak of one code, the surest one."""
    found: dict[str, dict[str, Suggestion]] = {}
    for row in rows_of(proposals.sort_values(["probability", "code"], ascending=[False, True], kind="stable")):
        found.setdefault(row.segment, {}).setdefault(
            row.code,
            Suggestion(
                code=row.code,
                model=row.model,
                probability=row.probability,
                threshold=row.threshold,
                evidence=row.evidence,
            ),
        )
    return {segment: tuple(by_code.values()) for segment, by_code in found.items()}
