"""What a report is made from, gathered by whoever asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from subtheme.nouns import Codebook
from subtheme.scoring import Firmness, ResultTable
from subtheme.scoring.table import SUGGESTION, SYNTHETIC


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
    expected_wrong : float or None
        Cells that are expected to be wrong if all stays as it is; None where no model has made proposals.
    looks_left : tuple of two int or None
        Range of the looks until review is enough; None likewise.
    to_be_read : int
        Open cells for which nothing is proposed, so that no look settles them.
    risk : float
        Expected number of wrong cells at which review stops.
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
    expected_wrong: float | None = None
    looks_left: tuple[int, int] | None = None
    to_be_read: int = 0
    risk: float = 0.0


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
        Checked by `subtheme.nouns.CODINGS`: manual and confirmed.
    segments : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENTS`.
    synthetic : bool
        True where the study is invented. A synthetic table or codebook makes the report synthetic whatever stands here.
    progress : Progress, optional
    firmness : Firmness, optional
        The table under other rules and without single participants, by level, what is to be expected of open
        cells, what was looked at, and the kind of every case.
    without_agreement : str
        Why there is no agreement, in words; empty where there is one.
    agreement : mapping, optional
        ``AgreementReport.as_dict()``.
    evaluation : mapping, optional
        ``Evaluation.as_dict()``.
    model : mapping, optional
        Manifest of the model that made the proposals.
    anchoring : mapping, optional
        ``Anchoring.as_dict()``, and under ``switching`` the fields of `subtheme.agreement.Switching`: what suggestions
        did to coders.
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
    firmness: Firmness | None = None
    agreement: Mapping[str, Any] | None = None
    without_agreement: str = ""
    evaluation: Mapping[str, Any] | None = None
    model: Mapping[str, Any] | None = None
    anchoring: Mapping[str, Any] | None = None
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
