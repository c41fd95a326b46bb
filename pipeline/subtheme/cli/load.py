"""The tables of a study as the commands need them, loaded once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from subtheme.codings import (
    Adjudicated,
    CarriedCodings,
    carry_to_segments,
    codings_of_decisions,
    counted_decisions,
    denials_of_decisions,
)
from subtheme.errors import Problem, StudyError
from subtheme.files import Mark, StudyFolder, chain_of, open_study
from subtheme.nouns import CODINGS, READINGS, SEGMENT_CODES, Origin, Transcript

if TYPE_CHECKING:
    from subtheme.proposals import PresenceReview


@dataclass(frozen=True, kw_only=True)
class StudyTables:
    """Everything a study holds, as checked tables.

    Attributes
    ----------
    study : StudyFolder
    participants, segments, manual, readings, proposals, decisions : pandas.DataFrame
        As the store gives them; `manual` are the codings that were brought in.
    not_in_codebook : mapping of str to int
        Proposals that are passed over, by code: those of codes that the codebook no longer has.
    marks : tuple of Mark
        What coders did at the review page besides deciding.
    anchor : str
        Length and head of the log of decisions, to be written down in whatever leaves the study.
    """

    study: StudyFolder
    study_id: str
    transcripts: tuple[Transcript, ...]
    participants: pd.DataFrame
    segments: pd.DataFrame
    manual: pd.DataFrame
    stored_readings: pd.DataFrame
    proposals: pd.DataFrame
    decisions: pd.DataFrame
    not_in_codebook: Mapping[str, int] = field(default_factory=dict)
    marks: tuple[Mark, ...] = ()
    anchor: str = ""

    @cached_property
    def confirmed(self) -> pd.DataFrame:
        """Codings that standing decisions amount to."""
        return codings_of_decisions(self.decisions, self.segments)

    @cached_property
    def denials(self) -> pd.DataFrame:
        """Codes that standing decisions deny, as `denials_of_decisions` gives them."""
        return denials_of_decisions(self.decisions)

    @cached_property
    def every_coding(self) -> pd.DataFrame:
        """Manual and confirmed codings, those with retired codes among them."""
        return CODINGS.check(pd.concat([self.manual, self.confirmed], ignore_index=True), source="the study")

    @cached_property
    def codings(self) -> pd.DataFrame:
        """Manual codings and confirmed ones of every coder, each origin kept."""
        return self.every_coding[self._is_in_codebook].reset_index(drop=True)

    @cached_property
    def scored(self) -> pd.DataFrame:
        """The one table that is scored: the codings without those that an adjudicated answer overrules."""
        return self.codings[~self._is_overruled].reset_index(drop=True)

    @cached_property
    def _adjudicated(self) -> Adjudicated:
        return Adjudicated.of(self.decisions, self.study.codebook, level=self.study.settings.level)

    @cached_property
    def _is_overruled(self) -> pd.Series:
        return self._adjudicated.overruled_codings(self.codings, self.segments)

    @property
    def retired(self) -> pd.DataFrame:
        """Codings whose code the codebook no longer has: kept in the store, counted nowhere."""
        return self.every_coding[~self._is_in_codebook].reset_index(drop=True)

    @property
    def _is_in_codebook(self) -> pd.Series:
        return self.every_coding["code"].isin([c.id for c in self.study.codebook.codes])

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of any table made from the study must know of it."""
        counts = self.retired["code"].value_counts().sort_index()
        notes = [
            f"{n} {'coding' if n == 1 else 'codings'} with '{code}', which the codebook no longer has, "
            f"{'counts' if n == 1 else 'count'} in no row"
            for code, n in counts.items()
        ]
        notes += [
            f"{n} {'proposal' if n == 1 else 'proposals'} of '{code}', which the codebook no longer has, "
            f"{'is' if n == 1 else 'are'} passed over; train and precode again"
            for code, n in self.not_in_codebook.items()
        ]
        if overruled := int(self._is_overruled.sum()):
            notes.append(
                f"{overruled} {'coding is' if overruled == 1 else 'codings are'} set aside: an adjudicated answer "
                "denies the code there"
            )
        if not self.proposals.empty and self._outlook is None:
            notes.append(
                "chances rest on default assumptions: the model that proposed is gone, or was trained before they were "
                "fitted; train and precode again"
            )
        return tuple(notes)

    @property
    def _outlook(self) -> dict[str, Any] | None:
        """What presence review knows of the model that proposed."""
        outlook: dict[str, Any] | None = (self.model_manifest or {}).get("facts", {}).get("outlook")
        return outlook

    @cached_property
    def readings(self) -> pd.DataFrame:
        """Who read which transcript whole."""
        return READINGS.check(self.stored_readings, source="the study")

    @cached_property
    def carried(self) -> CarriedCodings:
        """Manual and confirmed codings, carried to segments.

        A decision names its segment; a manual coding's span finds it by overlap.
        """
        return carry_to_segments(self.codings, self.segments)

    @property
    def segment_codes(self) -> pd.DataFrame:
        """Codes on segments, checked by `SEGMENT_CODES`."""
        return SEGMENT_CODES.check(self.carried.codes, source="the study")

    @cached_property
    def scored_segment_codes(self) -> pd.DataFrame:
        """Codes on segments without those that an adjudicated answer overrules: what is scored and learned from."""
        return SEGMENT_CODES.check(carry_to_segments(self.scored, self.segments).codes, source="the study")

    @cached_property
    def model_manifest(self) -> dict[str, Any] | None:
        """Manifest of the model that made the proposals; None where it is gone or was trained anew."""
        from subtheme.classifier import manifest_of_version

        if self.proposals.empty:
            return None
        return manifest_of_version(self.study.models, str(self.proposals["model"].iloc[0]))

    @cached_property
    def presence_review(self) -> "PresenceReview | None":
        """Where presence review stands; None where no model has made proposals."""
        from subtheme.proposals import Outlook, StopRule, presence_review

        if self.proposals.empty:
            return None
        settings = self.study.settings
        standing = counted_decisions(self.decisions)
        return presence_review(
            self.proposals,
            self.segments,
            self.participants,
            self.study.codebook,
            level=settings.level,
            standing=standing[~self._adjudicated.overruled_decisions(standing)],
            segment_codes=self.scored_segment_codes,
            codings=self.scored,
            readings=self.readings,
            outlook=Outlook.read(self._outlook),
            rule=StopRule(looks=settings.looks or None, risk=settings.risk or None),
        )

    def with_proposals(self, codings: pd.DataFrame) -> pd.DataFrame:
        """Return `codings`, and every proposal over its threshold as one of origin ``auto``."""
        over = self.proposals[self.proposals["probability"] >= self.proposals["threshold"]]
        placed = over.merge(
            self.segments[["segment", "participant", "transcript", "start_char", "end_char"]], on="segment"
        )
        auto = placed.assign(coder=placed["model"], origin=Origin.AUTO.value)
        return CODINGS.check(
            pd.concat([codings, auto], ignore_index=True)[list(CODINGS.names)].fillna(
                {"direction": "supports", "memo": ""}
            ),
            source="the study",
        )


def study_tables(folder: Path, *, coder: str | None = None, needs_transcripts: bool = True) -> StudyTables:
    """Open the study in `folder` and load its tables.

    Parameters
    ----------
    folder : pathlib.Path
    coder : str or None
        Who codes or decides, if not whom the settings name.
    needs_transcripts : bool
        Refuse a study without any.

    Raises
    ------
    StudyError
        If it is no study, or holds no transcripts yet.
    """
    study = open_study(folder, given={"coder": coder})
    with study.store() as store:
        proposals = store.proposals()
        is_known = proposals["code"].isin([c.id for c in study.codebook.codes])
        tables = StudyTables(
            study=study,
            study_id=store.study_id,
            transcripts=tuple(store.transcripts()),
            participants=store.participants(),
            segments=store.segments(),
            manual=store.codings(),
            stored_readings=store.readings(),
            proposals=proposals[is_known].reset_index(drop=True),
            decisions=store.decisions(),
            not_in_codebook={str(c): int(n) for c, n in proposals.loc[~is_known, "code"].value_counts().items()},
            marks=tuple(store.marks()),
            anchor=str(chain_of(store).anchor),
        )
    if needs_transcripts and tables.segments.empty:
        raise StudyError(
            Problem(
                what="no transcripts in the study yet", where=study.path.name, remedy="Begin with 'subtheme import'"
            )
        )
    return tables
