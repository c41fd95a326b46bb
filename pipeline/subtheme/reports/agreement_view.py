"""Agreement: what a report says of how far coders agree, read from ``AgreementReport.as_dict()``.

Nothing here holds a word of an interview: of a disagreement only its place, its code and who said what.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from subtheme.reports.agreement_level import AgreementLevel, LevelStyle, agreement_level
from subtheme.reports.cell_comparison import CellComparison, cell_comparison
from subtheme.reports.estimate import Estimate
from subtheme.reports.model_table import ModelTable, ReferenceLine, model_table, reference_line

_MOST_REPLACEMENTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderMatrix:
    """Every coder against every other: alpha above the diagonal, units both judged below it."""

    id: str
    coders: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A code that stood where another coder had a different one."""

    first: str
    second: str
    segments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementGroup:
    """One group of coders: people among each other, or a model and a person.

    Attributes
    ----------
    title : str
    is_automatic : bool
        Whether one of them is a model: then nothing of it is reliability.
    coders : tuple of str
    levels : tuple of AgreementLevel
    sets : Estimate
        Alpha over the sets of codes of each segment.
    matrix : CoderMatrix or None
    replacements : tuple of Replacement
        The most frequent ones.
    cells : tuple of CellComparison
    """

    title: str
    is_automatic: bool
    coders: tuple[str, ...]
    levels: tuple[AgreementLevel, ...]
    sets: Estimate
    matrix: CoderMatrix | None
    replacements: tuple[Replacement, ...]
    cells: tuple[CellComparison, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A segment and a code on which coders disagree.

    Attributes
    ----------
    segment, code : str
    said : tuple of str
        What each coder of the part says: ``present``, ``absent`` or nothing.
    """

    segment: str
    code: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPartView:
    """Blind codings, or those of which some were made with suggestions in view.

    Attributes
    ----------
    id, heading, reason : str
    groups : tuple of AgreementGroup
    models : tuple of ModelTable
    reference : tuple of ReferenceLine
    disagreeing : tuple of str
        Coders that `disagreements` has a column for.
    disagreements : tuple of Disagreement
    """

    id: str
    heading: str
    reason: str
    groups: tuple[AgreementGroup, ...]
    models: tuple[ModelTable, ...]
    reference: tuple[ReferenceLine, ...]
    disagreeing: tuple[str, ...]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideRow:
    """Blind and assisted agreement on one code."""

    name: str
    blind_units: int
    blind: Estimate
    assisted_units: int
    assisted: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementView:
    """The agreement as a report prints it.

    Attributes
    ----------
    words : str
        Who coded what.
    parts : tuple of AgreementPartView
    beside : tuple of BesideRow
        Blind and assisted side by side; empty where only blind codings count.
    note : str
        How it was computed.
    references : tuple of str
    """

    words: str
    parts: tuple[AgreementPartView, ...]
    beside: tuple[BesideRow, ...]
    note: str
    references: tuple[str, ...]


def agreement_view(
    agreement: Mapping[str, Any] | None, *, headings: tuple[str, ...], with_landis_koch: bool = False
) -> AgreementView | None:
    """Return the agreement as a report prints it, or None where there is none.

    Parameters
    ----------
    agreement : mapping or None
        ``AgreementReport.as_dict()``.
    headings : tuple of str
        What must stand over every picture.
    with_landis_koch : bool
        Whether to add the words of Landis & Koch (1977) to kappa.
    """
    if agreement is None:
        return None
    note, _, references = str(agreement.get("method_note", "")).partition("\n\n")
    parts = [agreement[kind] for kind in ("blind", "assisted") if agreement.get(kind)]
    return AgreementView(
        words=str(agreement.get("paragraph", "")),
        parts=tuple(_part(part, LevelStyle(headings=headings, with_landis_koch=with_landis_koch)) for part in parts),
        beside=tuple(_beside(row) for row in agreement.get("beside", ())),
        note=note,
        references=tuple(references.splitlines()),
    )


def _part(part: Mapping[str, Any], style: LevelStyle) -> AgreementPartView:
    kind = str(part["kind"])
    listed = part["disagreements"]
    columns = [k for k in (listed[0] if listed else {}) if k.startswith("coded_by_")]
    return AgreementPartView(
        id=f"agreement-{kind}",
        heading=str(part["heading"]),
        reason=str(part["reason"]),
        groups=tuple(
            _group(group, f"agreement-{kind}-{i}", style) for i, group in enumerate(part["comparisons"], start=1)
        ),
        models=tuple(
            model_table(row, name=f"agreement-{kind}-model-{i}") for i, row in enumerate(part["models"], start=1)
        ),
        reference=tuple(reference_line(row) for row in part["reference"]),
        disagreeing=tuple(k.removeprefix("coded_by_") for k in columns),
        disagreements=tuple(
            Disagreement(segment=str(r["segment"]), code=str(r["code"]), said=tuple(str(r[k]) for k in columns))
            for r in listed
        ),
    )


def _group(group: Mapping[str, Any], name: str, style: LevelStyle) -> AgreementGroup:
    coders = tuple(map(str, group["coders"]))
    listed = group["replacements"][:_MOST_REPLACEMENTS]
    return AgreementGroup(
        title=str(group["title"]),
        is_automatic=group["kind"] == "automatic",
        coders=coders,
        levels=tuple(
            agreement_level(level, name=f"{name}-{i}", style=style) for i, level in enumerate(group["levels"], start=1)
        ),
        sets=Estimate.read(group["sets"]),
        matrix=_matrix(group["matrix"], coders, f"{name}-matrix") if len(coders) > 2 else None,
        replacements=tuple(
            Replacement(first=str(r["first_name"]), second=str(r["second_name"]), segments=int(r["segments"]))
            for r in listed
        ),
        cells=tuple(cell_comparison(part, name=f"{name}-cells-{i}") for i, part in enumerate(group["cells"], start=1)),
    )


def _matrix(pairs: Sequence[Mapping[str, Any]], coders: tuple[str, ...], name: str) -> CoderMatrix:
    cells = [["–"] * len(coders) for _ in coders]
    for pair in pairs:
        i, j = coders.index(pair["first"]), coders.index(pair["second"])
        alpha = Estimate.read(pair["alpha"], interval=pair, reason=str(pair["reason"]))
        cells[i][j], cells[j][i] = str(alpha), str(pair["units"])
    return CoderMatrix(id=name, coders=coders, cells=tuple(map(tuple, cells)))


def _beside(row: Mapping[str, Any]) -> BesideRow:
    found = {
        kind: Estimate.read(row[f"{kind}_alpha"], interval=(row[f"{kind}_low"], row[f"{kind}_high"]))
        for kind in ("blind", "assisted")
    }
    return BesideRow(
        name=str(row["name"]),
        blind_units=int(row["blind_n"]),
        blind=found["blind"],
        assisted_units=int(row["assisted_n"]),
        assisted=found["assisted"],
    )
