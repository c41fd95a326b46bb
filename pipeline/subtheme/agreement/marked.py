"""Spans as coders marked them: agreement on characters and on spans, code by code, for every two coders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import pandas as pd

from subtheme.agreement.alpha import krippendorff_alpha
from subtheme.agreement.comparison import records
from subtheme.agreement.intervals import cluster_interval
from subtheme.agreement.kappa import cohen_kappa
from subtheme.agreement.spans import Continuum, Span, character_ratings, span_match
from subtheme.errors import InputError, Problem
from subtheme.nouns import Codebook, Direction, Origin, rows_of

_COLUMNS = (
    "first", "second", "code", "name", "transcripts", "spans_of_first", "spans_of_second", "first_found",
    "second_found", "f1", "kappa", "alpha", "low", "high", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarkedAgreement:
    """Agreement on spans as they were marked, from blind codings.

    Attributes
    ----------
    table : DataFrame
        One row per pair of coders and code: transcripts that both read; ``spans_of_*``; ``*_found``, the share of a
        coder's spans that have a partner, and their ``f1``; ``kappa`` and ``alpha`` over characters, with ``low`` and
        ``high`` over transcripts; NaN with a ``reason`` where not defined.
    overlap : float
        Share of the characters in either that two spans must have in common to be partners.
    without_place : int
        Codings whose place is not known, left out.
    """

    table: pd.DataFrame = field(repr=False)
    overlap: float
    without_place: int

    def as_dict(self) -> dict[str, object]:
        """Return the agreement for ``--json``."""
        return {
            "versions": {
                "match": f"spans matched at an overlap of {self.overlap:g}, no chance term",
                "kappa": "Cohen's kappa over characters, as NVivo counts",
                "alpha": "Krippendorff's alpha (nominal) over characters",
            },
            "without_place": self.without_place,
            "rows": records(self.table),
        }


def marked_agreement(
    codings: pd.DataFrame,
    readings: pd.DataFrame,
    lengths: Mapping[str, int],
    codebook: Codebook,
    *,
    level: str,
    coders: Sequence[str] = (),
    overlap: float = 0.5,
) -> MarkedAgreement:
    """Return the agreement of every two coders on the spans that they marked.

    Kappa and alpha go over all characters of the transcripts that both have read, other people's words included.
    Characters are no independent observations: only the interval, over transcripts, says how firm they are.

    Parameters
    ----------
    codings : DataFrame
        `CODINGS`; blind ones that support count.
    readings : DataFrame
        `READINGS`.
    lengths : mapping of str to int
        Code points of every transcript.
    codebook : Codebook
    level : str
        Level of the codebook; codes below it count as the code that they belong to.
    coders : sequence of str
        Whom to compare; by default everybody with a reading.
    overlap : float
        See `MarkedAgreement`.

    Raises
    ------
    InputError
        If no two coders have read a transcript in common.
    """
    chosen = list(coders) or sorted(set(readings["coder"]))
    counted = codings[
        codings["coder"].isin(chosen)
        & (codings["origin"] == Origin.BLIND.value)
        & (codings["direction"] == Direction.SUPPORTS.value)
    ]
    placed = counted[counted["start_char"] >= 0]
    continua = _continua(placed, readings[readings["coder"].isin(chosen)], lengths, codebook, level)
    rows = []
    for first, second in combinations(chosen, 2):
        both = [one for one in continua if {first, second} <= set(one.coders)]
        if both:
            rows += [_row(both, first, second, (c.id, c.name), overlap) for c in codebook.at_level(level)]
    if not rows:
        raise InputError(
            Problem(
                what="no two coders have read a transcript in common",
                where="readings",
                expected="two coders who have read the same transcripts",
            )
        )
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    return MarkedAgreement(table=table, overlap=overlap, without_place=len(counted) - len(placed))


def marked_text(marked: MarkedAgreement) -> str:
    """Return the agreement as plain text: a block per pair of coders, without the codes that neither used."""
    lines = [
        f"Spans as marked: share with a partner (overlap of at least {marked.overlap:g}); Cohen's kappa over "
        "characters, as NVivo counts; Krippendorff's alpha over characters with its interval over transcripts"
    ]
    for (first, second), rows in marked.table.groupby(["first", "second"], sort=False):
        lines.append(f"{first} and {second}, {rows['transcripts'].iloc[0]} transcripts")
        for r in rows[(rows["spans_of_first"] + rows["spans_of_second"]) > 0].to_dict("records"):
            shares = [f"{_percent(r[f'{k}_found'])} of {r[f'spans_of_{k}']}" for k in ("first", "second")]
            ends = "" if pd.isna(r["low"]) else f" ({r['low']:.2f} to {r['high']:.2f})"
            figures = f"kappa {_number(r['kappa'])}, alpha {_number(r['alpha'])}{ends}"
            lines.append(f"  {r['name']}: {', '.join(shares)}; {figures}")
    if marked.without_place:
        lines.append(f"{marked.without_place} codings without a known place are left out.")
    return "\n".join(lines)


def _continua(
    placed: pd.DataFrame, readings: pd.DataFrame, lengths: Mapping[str, int], codebook: Codebook, level: str
) -> list[Continuum]:
    readers: dict[str, list[str]] = {}
    for reading in rows_of(readings):
        readers.setdefault(reading.transcript, []).append(reading.coder)
    spans: dict[str, list[Span]] = {}
    for row in rows_of(placed):
        code = codebook.roll_up(row.code, level)
        if code is not None and row.coder in readers.get(row.transcript, ()):
            span = Span(coder=row.coder, code=code, start_char=int(row.start_char), end_char=int(row.end_char))
            spans.setdefault(row.transcript, []).append(span)
    return [
        Continuum.of(spans.get(name, ()), name=name, end_char=lengths[name], coders=readers[name])
        for name in sorted(readers)
    ]


def _row(
    continua: list[Continuum], first: str, second: str, code: tuple[str, str], overlap: float
) -> tuple[object, ...]:
    pair = [one.of_coders([first, second]) for one in continua]
    match = span_match(pair, first=first, second=second, code=code[0], overlap=overlap)
    characters = character_ratings(pair, code=code[0])
    alpha, kappa = krippendorff_alpha(characters.ratings), cohen_kappa(characters.ratings)
    interval = cluster_interval(characters.ratings, characters.cluster.tolist())
    reason = alpha.reason and "neither coder marked this code"
    return (
        first, second, *code, len(pair), match.spans_of_first, match.spans_of_second, match.first_found,
        match.second_found, match.f1, kappa.value, alpha.value, interval.low, interval.high,
        reason or match.reason or interval.reason,
    )  # fmt: skip


def _number(value: float) -> str:
    return "-" if pd.isna(value) else f"{value:.2f}"


def _percent(value: float) -> str:
    return "none" if pd.isna(value) else f"{value:.0%}"
