"""The agreement report: everything a reader of the study asks about how it was coded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.agreement.automatic import AutomaticAgreement, automatic_agreement
from subtheme.agreement.comparison import Comparison, compare, records
from subtheme.agreement.coverage import Coverage, Roster, coverage_of, readings_with_models, roster_of
from subtheme.agreement.disagreements import disagreement_list
from subtheme.agreement.judgements import Judgements, judgements_of_tables
from subtheme.agreement.levels import RARE_BELOW
from subtheme.agreement.reference import reference_lines
from subtheme.agreement.wording import method_note, paragraph
from subtheme.errors import InputError, Problem
from subtheme.study import PARTICIPANTS, READINGS, SEGMENT_CODES, SEGMENTS, Codebook, Origin, TableContract

Kind: TypeAlias = Literal["blind", "assisted"]

_ORIGINS: dict[str, tuple[Origin, ...]] = {
    "blind": (Origin.BLIND, Origin.AUTO),
    "assisted": (Origin.BLIND, Origin.ASSISTED, Origin.AUTO),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelFigures:
    """One model against one person."""

    model: str
    person: str
    figures: AutomaticAgreement

    def as_dict(self) -> dict[str, object]:
        """Return the figures for ``--json``."""
        return {"model": self.model, "person": self.person, "figures": self.figures.as_dict()}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgreementPart:
    """Agreement of blind codings, or of codings of which some were made with suggestions in view.

    Attributes
    ----------
    kind : {"blind", "assisted"}
        Only blind codings may be called reliability.
    coverage : Coverage
    comparisons : tuple of Comparison
        The people among each other (where there are two or more), then each model with each person.
    models : tuple of ModelFigures
    reference : DataFrame
        Agreement of model and person beside that of people on the same segments.
    disagreements : DataFrame
        See `disagreement_list`; holds words of the interviews.
    left_out : tuple of str
        Coders who share no transcript with another.
    reason : str
        Why people could not be compared; empty where they were.
    """

    kind: Kind
    coverage: Coverage
    comparisons: tuple[Comparison, ...]
    models: tuple[ModelFigures, ...]
    reference: pd.DataFrame = field(repr=False)
    disagreements: pd.DataFrame = field(repr=False)
    left_out: tuple[str, ...] = ()
    reason: str = ""

    @property
    def people(self) -> Comparison | None:
        """The comparison of people with each other, where there is one."""
        return next((c for c in self.comparisons if c.kind == "coders"), None)

    def as_dict(self, *, with_words: bool = False) -> dict[str, object]:
        """Return the part for ``--json``; the words of interviews only where asked for."""
        listed = self.disagreements
        if not with_words:
            listed = listed.drop(columns=["question", "before", "text", "after"], errors="ignore")
        return {
            "kind": self.kind,
            "coverage": self.coverage.as_dict(),
            "comparisons": [c.as_dict() for c in self.comparisons],
            "models": [m.as_dict() for m in self.models],
            "reference": records(self.reference),
            "disagreements": records(listed),
            "left_out": list(self.left_out),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgreementReport:
    """Agreement on three levels, blind and assisted apart.

    Attributes
    ----------
    blind : AgreementPart
    assisted : AgreementPart or None
        Only where it was asked for.
    roster : Roster
    levels : tuple of str
        Levels of the codebook.
    confidence : float
    rare_below : int
    trained_on : tuple of str
        Transcripts left out of the models' readings.
    units : str
        How segments were made, in words.
    settled : str
        How disagreements were settled, in words.
    codebook_hash : str
    """

    blind: AgreementPart
    assisted: AgreementPart | None
    roster: Roster
    levels: tuple[str, ...]
    confidence: float
    rare_below: int
    trained_on: tuple[str, ...]
    units: str
    settled: str
    codebook_hash: str

    @property
    def parts(self) -> tuple[AgreementPart, ...]:
        """The blind part, and the assisted one where there is one."""
        return (self.blind,) if self.assisted is None else (self.blind, self.assisted)

    @property
    def paragraph(self) -> str:
        """Who coded what, in words."""
        return paragraph(self)

    @property
    def method_note(self) -> str:
        """How it was computed, with citations, for a methods section."""
        return method_note(self)

    def as_dict(self, *, with_words: bool = False) -> dict[str, object]:
        """Return the report for ``--json``; the words of interviews only where asked for."""
        return {
            "format": "subtheme-agreement/1",
            "paragraph": self.paragraph,
            "levels": list(self.levels),
            "confidence": self.confidence,
            "rare_below": self.rare_below,
            "trained_on": list(self.trained_on),
            "mixed_readings": [list(pair) for pair in self.roster.mixed],
            "assisted_readings": [list(pair) for pair in self.roster.assisted_only],
            "blind": self.blind.as_dict(with_words=with_words),
            "assisted": None if self.assisted is None else self.assisted.as_dict(with_words=with_words),
            "codebook_hash": self.codebook_hash,
            "method_note": self.method_note,
        }


def agreement_report(
    segments: pd.DataFrame,
    coded: pd.DataFrame,
    readings: pd.DataFrame,
    participants: pd.DataFrame,
    codebook: Codebook,
    *,
    levels: Sequence[str] | None = None,
    coders: Sequence[str] | None = None,
    include_assisted: bool = False,
    weights: "pd.Series[float] | None" = None,
    trained_on: Collection[str] = (),
    proposals: pd.DataFrame | None = None,
    confidence: float = 0.95,
    rare_below: int = RARE_BELOW,
    units: str = "",
    settled: str = "",
) -> AgreementReport:
    """Return the agreement of all coders on segments, participants and cells.

    That neither coder coded a segment is a decision and counts; what a coder did not read is missing.

    Parameters
    ----------
    segments, coded, readings, participants : DataFrame
        `SEGMENTS`, `SEGMENT_CODES`, `READINGS` and `PARTICIPANTS`.
    codebook : Codebook
    levels : sequence of str, optional
        Levels of the codebook; by default the sub-themes (the second level), then the themes.
    coders : sequence of str, optional
        Whom to compare; by default everybody.
    include_assisted : bool
        Add a part that counts codings made with suggestions in view.
    weights : Series of float, optional
        Sampling weight by segment, where only a sample of segments was double-coded.
    trained_on : collection of str
        Transcripts that models were trained on: left out for models.
    proposals : DataFrame, optional
        `PROPOSALS` of the models, for the average precision.
    confidence : float
        Of the intervals.
    rare_below : int
        A code used in fewer segments than this gets counts only.
    units, settled : str
        How segments were made and how disagreements were settled, in words, for the report.

    Raises
    ------
    InputError
        With every problem of the tables; or if nobody can be compared with anybody: one coder only,
        or coders who share no transcript.
    """
    places = _ready(SEGMENTS, segments).sort_values(["transcript", "order"], kind="stable").reset_index(drop=True)
    codings, read, people = (
        _ready(SEGMENT_CODES, coded),
        _ready(READINGS, readings),
        _ready(PARTICIPANTS, participants),
    )
    roster = roster_of(places, codings, read, coders=coders)
    chosen = tuple(levels) if levels else codebook.levels[:2][::-1]
    for level in chosen:
        codebook.at_level(level)
    read = readings_with_models(read, set(places["transcript"]), roster.models)
    # On what it was trained on, a model says nothing of how it does on new transcripts.
    learned = {(model, name) for model in roster.models for name in trained_on}
    kinds: tuple[Kind, ...] = ("blind", "assisted") if include_assisted else ("blind",)
    parts = []
    study = _Study(
        segments=places,
        participants=people,
        codebook=codebook,
        levels=chosen,
        proposals=proposals,
        confidence=confidence,
        rare_below=rare_below,
    )
    for kind in kinds:
        judgements = judgements_of_tables(
            places,
            codings,
            read,
            codebook,
            coders=(*roster.people, *roster.models),
            origins=_ORIGINS[kind],
            weights=weights,
            not_judged=learned | set(roster.assisted_only) if kind == "blind" else learned,
        )
        parts.append(_part(kind, judgements, roster, study))
    if not any(part.comparisons for part in parts):
        raise InputError(_nobody(parts[-1], roster))
    return AgreementReport(
        blind=parts[0],
        assisted=parts[1] if include_assisted else None,
        roster=roster,
        levels=chosen,
        confidence=confidence,
        rare_below=rare_below,
        trained_on=tuple(sorted(trained_on)),
        units=units,
        settled=settled,
        codebook_hash=codebook.content_hash,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Study:
    """What every part is computed from beside the judgements."""

    segments: pd.DataFrame
    participants: pd.DataFrame
    codebook: Codebook
    levels: tuple[str, ...]
    proposals: pd.DataFrame | None
    confidence: float
    rare_below: int

    def compared(self, judgements: Judgements, kind: Literal["coders", "automatic"]) -> Comparison:
        return compare(
            judgements,
            self.segments,
            self.participants,
            self.codebook,
            levels=self.levels,
            kind=kind,
            rare_below=self.rare_below,
            confidence=self.confidence,
        )


def _part(kind: Kind, judgements: Judgements, roster: Roster, study: _Study) -> AgreementPart:
    meets = _sharing(judgements)
    people = [c for c in roster.people if any(meets[c, d] for d in roster.people if d != c)]
    groups: list[tuple[Literal["coders", "automatic"], tuple[str, ...]]] = []
    if people:
        groups.append(("coders", tuple(people)))
    pairs = [(p, m) for m in roster.models for p in roster.people if meets[p, m]]
    groups += [("automatic", pair) for pair in pairs]
    comparisons = tuple(study.compared(judgements.of_coders(group), which) for which, group in groups)
    top = judgements.rolled_up(study.codebook, study.levels[0])
    first = top.of_coders(groups[0][1] if groups else ())
    return AgreementPart(
        kind=kind,
        coverage=coverage_of(judgements.of_coders(roster.people), study.segments),
        comparisons=comparisons,
        models=tuple(
            ModelFigures(model=m, person=p, figures=_figures(top.of_coders((p, m)), study.proposals)) for p, m in pairs
        ),
        reference=reference_lines(top, roster.models, people, confidence=study.confidence),
        disagreements=disagreement_list(first, study.segments),
        left_out=tuple(c for c in roster.people if c not in people),
        reason="" if people else _no_people(roster, judgements),
    )


def _sharing(judgements: Judgements) -> dict[tuple[str, str], bool]:
    """Return which coders have judged at least one unit in common."""
    read = judgements.judged
    shared = {}
    for i, j in combinations(range(len(judgements.coders)), 2):
        meet = bool((read[i] & read[j]).any())
        shared[judgements.coders[i], judgements.coders[j]] = shared[judgements.coders[j], judgements.coders[i]] = meet
    return shared


def _figures(pair: Judgements, proposals: pd.DataFrame | None) -> AutomaticAgreement:
    """Return the figures of a model (second coder) against a person (first), on what both judged."""
    unit = np.flatnonzero(pair.compared)
    return automatic_agreement(
        pair.present[0][:, unit].T == 1,
        pair.present[1][:, unit].T == 1,
        codes=pair.codes,
        probability=None if proposals is None else _probabilities(proposals, pair, unit),
        weights=None if pair.weights is None else pair.weights[unit],
    )


def _probabilities(proposals: pd.DataFrame, pair: Judgements, unit: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    rows = proposals[(proposals["model"] == pair.coders[1]).to_numpy()]
    if rows.empty and proposals["model"].nunique() == 1:
        rows = proposals
    place = pd.Index(pair.units[unit].astype(object)).get_indexer(pd.Index(rows["segment"]))
    code = pd.Index(list(pair.codes)).get_indexer(pd.Index(rows["code"]))
    known = (place >= 0) & (code >= 0)
    table = np.full((len(unit), len(pair.codes)), np.nan)
    table[place[known], code[known]] = rows["probability"].to_numpy(dtype=np.float64)[known]
    return table


def _no_people(roster: Roster, judgements: Judgements) -> str:
    if len(roster.people) < 2:
        return f"{len(roster.people)} coder: agreement needs two"
    read = np.asarray(judgements.judged.any(axis=1))
    idle = [c for c in roster.people if not read[judgements.coders.index(c)]]
    if idle:
        return f"nothing that {' and '.join(idle)} read counts here"
    return f"{', '.join(roster.people)} have read no transcript in common"


def _nobody(part: AgreementPart, roster: Roster) -> Problem:
    read = ", ".join(
        f"{c}: {n} transcripts" for c, n in zip(part.coverage.coders, part.coverage.transcripts_read, strict=True)
    )
    remedy = "Let a second coder code some of the same transcripts without seeing the codings"
    if roster.assisted_only and part.kind == "blind":
        remedy += "; codings made with suggestions in view are counted only where assisted ones are included"
    return Problem(
        what=f"there is nobody to compare: {part.reason}",
        where=f"readings ({read})" if read else "readings",
        expected="two coders who have read the same transcripts",
        remedy=remedy,
    )


def _ready(contract: TableContract, frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` if it meets the contract; the slow check that names every row runs only if it does not."""
    fits = set(contract.names) <= set(frame.columns) and not frame.duplicated(list(contract.key)).any()
    if fits:
        for column in contract.columns:
            values = frame[column.name]
            fits = fits and not (column.kind is not float and values.isna().any())
            fits = fits and not (column.filled and (values == "").any())
            fits = fits and not (column.allowed and not values.isin(column.allowed).all())
    return frame if fits else contract.check(frame, source=f"{contract.name}s")
