"""The agreement report: everything a reader of the study asks about how it was coded."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pandas as pd

from subtheme.agreement.coded_units import coded_units
from subtheme.agreement.comparison import records
from subtheme.agreement.coverage import Roster, roster_of
from subtheme.agreement.levels import RARE_BELOW, CodeAgreement
from subtheme.agreement.method import method_note
from subtheme.agreement.part import AgreementPart, Kind, PartInputs, agreement_part
from subtheme.agreement.proposed import ProposedCodes, learned_codes
from subtheme.agreement.wording import paragraph
from subtheme.errors import InputError, Problem
from subtheme.nouns import PARTICIPANTS, PROPOSALS, SEGMENTS, Basis, Codebook, Judgements
from subtheme.nouns.markup import html_table

_BASES: dict[str, tuple[Basis, ...]] = {
    "blind": (Basis.BLIND,),
    "assisted": (Basis.BLIND, Basis.ASSISTED),
}


_BESIDE = ("n", "percent", "alpha", "low", "high")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgreementReport:
    """Agreement on three levels, blind and assisted apart.

    Attributes
    ----------
    blind : AgreementPart
    assisted : AgreementPart or None
        Only where it was asked for and there are readings with suggestions in view.
    assisted_asked : bool
    roster : Roster
    levels : tuple of str
        Levels of the codebook.
    confidence : float
    rare_below : int
    seed : int
        Of the bootstrap.
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
    assisted_asked: bool
    roster: Roster
    levels: tuple[str, ...]
    confidence: float
    rare_below: int
    seed: int
    trained_on: tuple[str, ...]
    units: str
    settled: str
    codebook_hash: str

    @property
    def parts(self) -> tuple[AgreementPart, ...]:
        """The blind part, and the assisted one where there is one."""
        return (self.blind,) if self.assisted is None else (self.blind, self.assisted)

    @property
    def beside(self) -> pd.DataFrame:
        """Blind and assisted agreement on segments side by side, one row per code; empty without an assisted part.

        ``code``, ``name``, and for ``blind_*`` and ``assisted_*`` the segments ``n``, ``percent``, ``alpha``, ``low``
        and ``high``; NaN where not defined.
        """
        columns = ["code", "name", *(f"{kind}_{k}" for kind in _BASES for k in _BESIDE)]
        if self.assisted is None or self.assisted.people is None:
            return pd.DataFrame(columns=columns)
        blind, after = (
            {} if part is None or part.people is None else {row.code: row for row in part.people.levels[0].rows}
            for part in (self.blind, self.assisted)
        )
        rows = [(row.code, row.name, *_figures(blind.get(code)), *_figures(row)) for code, row in after.items()]
        return pd.DataFrame(rows, columns=columns)

    @property
    def paragraph(self) -> str:
        """Who coded what, in words."""
        return paragraph(self)

    @property
    def method_note(self) -> str:
        """How it was computed, with citations, for a methods section."""
        return method_note(self)

    def __repr__(self) -> str:
        """Return who was compared, and no words of interviews."""
        return f"AgreementReport({', '.join(self.roster.people)}; {len(self.blind.comparisons)} comparisons)"

    def _repr_html_(self) -> str:
        """Return alpha of every code among people, blind, with its interval."""
        people = self.blind.people
        if people is None:
            return html_table(["", ""], [], caption=self.blind.heading, notes=[self.blind.reason, self.paragraph])
        rows = [
            [
                row.name,
                str(row.n),
                *("not defined" if math.isnan(v) else f"{v:.2f}" for v in (row.percent, row.alpha)),
                row.reason or row.interval.reason or f"{row.interval.low:.2f} to {row.interval.high:.2f}",
            ]
            for row in people.levels[0].rows
        ]
        head = ["", "segments", "agreement", "alpha", f"{round(100 * self.confidence)} % interval"]
        return html_table(head, rows, caption=self.blind.heading, notes=[self.paragraph])

    def as_dict(self, *, with_words: bool = False) -> dict[str, object]:
        """Return the report for ``--json``; the words of interviews only where asked for."""
        return {
            "format": "subtheme-agreement/1",
            "paragraph": self.paragraph,
            "levels": list(self.levels),
            "confidence": self.confidence,
            "rare_below": self.rare_below,
            "seed": self.seed,
            "trained_on": list(self.trained_on),
            "mixed_readings": [list(pair) for pair in self.roster.mixed],
            "assisted_readings": [list(pair) for pair in self.roster.assisted_only],
            "blind": self.blind.as_dict(with_words=with_words),
            "assisted": None if self.assisted is None else self.assisted.as_dict(with_words=with_words),
            "beside": records(self.beside),
            "without_reading": list(self.roster.without_reading),
            "codebook_hash": self.codebook_hash,
            "method_note": self.method_note,
        }


def agreement_report(
    judgements: Judgements,
    segments: pd.DataFrame,
    participants: pd.DataFrame,
    codebook: Codebook,
    *,
    levels: Sequence[str] | None = None,
    coders: Sequence[str] | None = None,
    include_assisted: bool = False,
    weights: "pd.Series[float] | None" = None,
    proposals: pd.DataFrame | None = None,
    trained_on: Collection[str] = (),
    confidence: float = 0.95,
    rare_below: int = RARE_BELOW,
    seed: int = 0,
    units: str = "",
    settled: str = "",
) -> AgreementReport:
    """Return the agreement of all coders on segments, participants and cells.

    That neither coder gave a segment the code is a decision and counts; what a coder did not judge is missing.

    Parameters
    ----------
    judgements : Judgements
        What was agreed over several coders is nobody's own and takes no part.
    segments, participants : DataFrame
        `SEGMENTS` and `PARTICIPANTS`.
    codebook : Codebook
    levels : sequence of str, optional
        Levels of the codebook; by default the sub-themes (the second level), then the themes.
    coders : sequence of str, optional
        Whom to compare; by default everybody.
    include_assisted : bool
        Add a part that counts judgements made with suggestions in view.
    weights : Series of float, optional
        Sampling weight by segment, where only a sample of segments was double-coded.
    proposals : DataFrame, optional
        `PROPOSALS`: each model is one more coder, of the codes and in the transcripts that it proposes for.
    trained_on : collection of str
        Transcripts that models were trained on: left out for models.
    confidence : float
        Of the intervals.
    rare_below : int
        A code used in fewer segments than this gets counts only.
    seed : int
        Of the bootstrap that stands beside the intervals.
    units, settled : str
        How segments were made and how disagreements were settled, in words, for the report.

    Raises
    ------
    InputError
        With every problem of the tables; or if nobody can be compared with anybody: one coder only,
        or coders who share no transcript.
    """
    places = (
        SEGMENTS.checked(segments, source="segments")
        .sort_values(["transcript", "order"], kind="stable")
        .reset_index(drop=True)
    )
    people = PARTICIPANTS.checked(participants, source="participants")
    own = judgements.by_hand
    offered = None if proposals is None or proposals.empty else PROPOSALS.checked(proposals, source="proposals")
    models = None if offered is None else _proposed(offered, places, codebook, frozenset(trained_on))
    roster = roster_of(own, models=models.names if models else (), coders=coders)
    chosen = _levels(codebook, levels)
    seen = include_assisted and bool((own.basis == Basis.ASSISTED).any())
    kinds: tuple[Kind, ...] = ("blind", "assisted") if seen else ("blind",)
    parts = []
    study = PartInputs(
        segments=places,
        participants=people,
        codebook=codebook,
        levels=chosen,
        proposals=offered,
        learned={} if offered is None else learned_codes(offered),
        confidence=confidence,
        rare_below=rare_below,
        seed=seed,
    )
    for kind in kinds:
        coded = coded_units(
            own,
            places,
            coders=(*roster.people, *roster.models),
            bases=_BASES[kind],
            weights=weights,
            models=models,
        )
        parts.append(agreement_part(kind, coded, roster, study))
    if not any(part.comparisons for part in parts):
        raise InputError(_nobody(parts[-1], roster))
    return AgreementReport(
        blind=parts[0],
        assisted=parts[1] if seen else None,
        assisted_asked=include_assisted,
        roster=roster,
        levels=chosen,
        confidence=confidence,
        rare_below=rare_below,
        seed=seed,
        trained_on=tuple(sorted(trained_on)),
        units=units,
        settled=settled,
        codebook_hash=codebook.content_hash,
    )


def _proposed(
    proposals: pd.DataFrame, segments: pd.DataFrame, codebook: Codebook, left_out: frozenset[str]
) -> ProposedCodes:
    return ProposedCodes(
        proposals=proposals,
        transcript=segments.set_index("segment")["transcript"],
        left_out=left_out,
        above={c.id: c.parent for c in codebook.codes},
    )


def _figures(row: CodeAgreement | None) -> tuple[float, ...]:
    if row is None:
        return (0, math.nan, math.nan, math.nan, math.nan)
    return (row.n, row.percent, row.alpha, row.interval.low, row.interval.high)


def _levels(codebook: Codebook, levels: Sequence[str] | None) -> tuple[str, ...]:
    if not levels:
        return tuple(level for level in codebook.levels[:2] if codebook.at_level(level))[::-1]
    empty = [level for level in levels if not codebook.at_level(level)]
    if empty:
        filled = [level for level in codebook.levels if codebook.at_level(level)]
        raise InputError(
            Problem(
                what=f"the codebook has no code at level '{empty[0]}'",
                where="levels",
                expected=f"one of {', '.join(filled)}",
            )
        )
    return tuple(levels)


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
