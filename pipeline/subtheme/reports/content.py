"""What a report is made from, gathered by whoever asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from subtheme.scoring import ResultTable
from subtheme.scoring.table import SUGGESTION, SYNTHETIC
from subtheme.study import Codebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far reading and confirming have come.

    Attributes
    ----------
    transcripts, transcripts_read : int
        All of the study, and those that somebody read whole.
    segments, segments_decided : int
        All of the study, and those with a standing decision.
    proposals : int
        Proposals over their threshold.
    verdicts : mapping of str to int
        Standing decisions by verdict.
    retracted : int
        Decisions that were taken back.
    audit_segments, audit_found : int
        Segments drawn at random whatever was proposed, and those among them in which a person found a
        sub-theme that had not been proposed.
    """

    transcripts: int
    transcripts_read: int
    segments: int
    segments_decided: int
    proposals: int = 0
    verdicts: Mapping[str, int] = field(default_factory=dict)
    retracted: int = 0
    audit_segments: int = 0
    audit_found: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class ReportContent:
    """Everything that stands in a report; what is None is said to be missing.

    Attributes
    ----------
    study : str
        Name to print.
    table : ResultTable
    codebook : Codebook
    codings : pandas.DataFrame
        Checked by `subtheme.study.CODINGS`: manual and confirmed.
    segments : pandas.DataFrame
        Checked by `subtheme.study.SEGMENTS`.
    synthetic : bool
        True where the study is invented. A synthetic table or codebook makes the report synthetic whatever stands here.
    progress : Progress, optional
    sensitivity, stability, typology, expected : mapping, optional
        The table under other rules, under leaving participants out, the kind of case, and what is to be
        expected before review is complete; each as the scorer's ``as_dict()``.
    agreement : mapping, optional
        ``AgreementReport.as_dict()``.
    evaluation : mapping, optional
        ``Evaluation.as_dict()``.
    model : mapping, optional
        Manifest of the model that made the proposals.
    manifest : mapping
        Hashes of texts, codebook and settings, and versions: what is needed to make the report again.
    """

    study: str
    table: ResultTable
    codebook: Codebook
    codings: pd.DataFrame
    segments: pd.DataFrame
    synthetic: bool = False
    progress: Progress | None = None
    sensitivity: Mapping[str, Any] | None = None
    stability: Mapping[str, Any] | None = None
    typology: Mapping[str, Any] | None = None
    expected: Mapping[str, Any] | None = None
    agreement: Mapping[str, Any] | None = None
    evaluation: Mapping[str, Any] | None = None
    model: Mapping[str, Any] | None = None
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def headings(self) -> tuple[str, ...]:
        """What must stand above the report, each of its tables and each of its pictures."""
        synthetic = self.synthetic or self.table.synthetic or self.codebook.synthetic
        return tuple(text for flag, text in ((synthetic, SYNTHETIC), (self.table.suggestion, SUGGESTION)) if flag)

    @property
    def level_of(self) -> dict[str, str]:
        """Level of every participant in words, such as ``front-line worker``; empty where unknown."""
        people = self.table.presence.participants
        return {p: level_in_words(level) for p, level in zip(people["participant"], people["level"], strict=True)}

    @property
    def case_of(self) -> dict[str, str]:
        """Case of every participant."""
        people = self.table.presence.participants
        return dict(zip(people["participant"], people["case"], strict=True))


def level_in_words(level: str) -> str:
    """Return a level as one says it: the stored word with its last hyphen opened.

    >>> level_in_words("front-line-worker"), level_in_words("team leader")
    ('front-line worker', 'team leader')
    """
    head, hyphen, last = level.rpartition("-")
    return f"{head} {last}" if hyphen and " " not in level else level
