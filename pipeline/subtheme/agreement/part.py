"""One part of the report: blind codings, or those made with suggestions in view."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from subtheme.agreement.automatic import AutomaticAgreement, automatic_agreement
from subtheme.agreement.coded_units import CodedUnits
from subtheme.agreement.comparison import Comparison, compare, records
from subtheme.agreement.coverage import Coverage, Roster, coverage_of
from subtheme.agreement.disagreements import disagreement_list
from subtheme.agreement.proposed import probabilities
from subtheme.agreement.reference import reference_lines
from subtheme.nouns import Codebook

Kind: TypeAlias = Literal["blind", "assisted"]


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
    judgements : CodedUnits
        Of the first comparison's coders, on codes of the first level.
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
    judgements: CodedUnits = field(repr=False)
    disagreements: pd.DataFrame = field(repr=False)
    left_out: tuple[str, ...] = ()
    reason: str = ""

    @property
    def heading(self) -> str:
        """What stands above the part; only blind codings are called reliability."""
        if self.kind == "blind":
            return "Inter-coder reliability (blind codings)"
        return "Agreement with assisted codings included (suggestions were in view)"

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
            "heading": self.heading,
            "coverage": self.coverage.as_dict(),
            "comparisons": [c.as_dict() for c in self.comparisons],
            "models": [m.as_dict() for m in self.models],
            "reference": records(self.reference),
            "disagreements": records(listed),
            "left_out": list(self.left_out),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartInputs:
    """What every part is computed from beside the judgements.

    Attributes
    ----------
    segments, participants : DataFrame
        Segments in the order of the transcripts.
    codebook : Codebook
    levels : tuple of str
    proposals : DataFrame or None
    learned : mapping of str to set of str
        The codes that each model has learned, where that is known.
    confidence : float
    rare_below : int
    seed : int
    """

    segments: pd.DataFrame
    participants: pd.DataFrame
    codebook: Codebook
    levels: tuple[str, ...]
    proposals: pd.DataFrame | None
    learned: Mapping[str, frozenset[str]]
    confidence: float
    rare_below: int
    seed: int

    def known_to(self, judgements: CodedUnits, *models: str) -> CodedUnits:
        """Return the judgements on codes that every model among the coders (or `models`) has learned."""
        for model in models or judgements.coders:
            if model in self.learned:
                known = self.learned[model]
                codes = {c for c in judgements.codes if known & set(self.codebook.lineage(c))}
                judgements = judgements.of_codes(codes)
        return judgements

    def compared(self, judgements: CodedUnits, kind: Literal["coders", "automatic"]) -> Comparison:
        """Return the comparison of the coders of `judgements`."""
        return compare(
            judgements,
            self.segments,
            self.participants,
            self.codebook,
            levels=self.levels,
            kind=kind,
            rare_below=self.rare_below,
            confidence=self.confidence,
            seed=self.seed,
        )


def agreement_part(kind: Kind, judgements: CodedUnits, roster: Roster, study: PartInputs) -> AgreementPart:
    """Return the agreement of people with each other, and of each model with each person.

    Parameters
    ----------
    kind : {"blind", "assisted"}
        Which codings `judgements` holds.
    judgements : CodedUnits
        Of segments, by the people and models of `roster`.
    roster : Roster
    study : PartInputs
    """
    meets = _sharing(judgements)
    people = [c for c in roster.people if any(meets[c, d] for d in roster.people if d != c)]
    groups: list[tuple[Literal["coders", "automatic"], tuple[str, ...]]] = []
    if people:
        groups.append(("coders", tuple(people)))
    pairs = [(p, m) for m in roster.models for p in roster.people if meets[p, m]]
    groups += [("automatic", pair) for pair in pairs]
    comparisons = tuple(study.compared(study.known_to(judgements.of_coders(group)), which) for which, group in groups)
    top = judgements.rolled_up(study.codebook, study.levels[0])
    first = study.known_to(top.of_coders(groups[0][1] if groups else ()))
    lines = [
        reference_lines(study.known_to(top, model), [model], people, confidence=study.confidence)
        for model in dict.fromkeys(m for _, m in pairs)
    ]
    return AgreementPart(
        kind=kind,
        coverage=coverage_of(judgements.of_coders(roster.people), study.segments),
        comparisons=comparisons,
        models=tuple(
            ModelFigures(model=m, person=p, figures=_figures(study.known_to(top.of_coders((p, m))), study.proposals))
            for p, m in pairs
        ),
        reference=pd.concat(lines, ignore_index=True) if lines else reference_lines(top, (), ()),
        judgements=first,
        disagreements=disagreement_list(first, study.segments),
        left_out=tuple(c for c in roster.people if c not in people),
        reason="" if people else _no_people(roster, judgements),
    )


def _sharing(judgements: CodedUnits) -> dict[tuple[str, str], bool]:
    """Return which coders have judged at least one unit in common."""
    read = judgements.judged_for
    shared = {}
    for i, j in combinations(range(len(judgements.coders)), 2):
        meet = bool((read[i] & read[j]).any())
        shared[judgements.coders[i], judgements.coders[j]] = shared[judgements.coders[j], judgements.coders[i]] = meet
    return shared


def _figures(pair: CodedUnits, proposals: pd.DataFrame | None) -> AutomaticAgreement:
    """Return the figures of a model (second coder) against a person (first), on what both judged.

    A code that the person judged in fewer segments than others, such as one that came later, is left out.
    """
    most = pair.compared_for.sum(axis=1)
    pair = pair.of_codes([c for c, n in zip(pair.codes, most, strict=True) if n == most.max(initial=0)])
    unit = np.flatnonzero(pair.judged_for.all(axis=(0, 1)))
    score = None
    if proposals is not None:
        score = probabilities(proposals, model=pair.coders[1], segments=pair.units[unit], codes=pair.codes)
    return automatic_agreement(
        pair.present[0][:, unit].T == 1,
        pair.present[1][:, unit].T == 1,
        codes=pair.codes,
        probability=score,
        weights=None if pair.weights is None else pair.weights[unit],
    )


def _no_people(roster: Roster, judgements: CodedUnits) -> str:
    if len(roster.people) < 2:
        return f"{len(roster.people)} coder: agreement needs two"
    read = np.asarray(judgements.judged.any(axis=1))
    idle = [c for c in roster.people if not read[judgements.coders.index(c)]]
    if idle:
        return f"nothing that {' and '.join(idle)} read counts here"
    return f"{', '.join(roster.people)} have read no transcript in common"
