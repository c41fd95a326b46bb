"""A model against a person, and beside how far people agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from subtheme.reports.estimate import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRow:
    """A model against a person on one code: counts, and shares that are NaN where not defined."""

    name: str
    counts: tuple[int, ...]
    shares: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTable:
    """A model against a person."""

    id: str
    model: str
    person: str
    segments: int
    rows: tuple[ModelRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceLine:
    """Agreement of a model and a person beside that of two people on the same segments."""

    model: str
    person: str
    other: str
    alpha: Estimate
    people: Estimate
    difference: Estimate


def model_table(part: Mapping[str, Any], *, name: str) -> ModelTable:
    """Return a model against a person, read from ``ModelFigures`` as JSON; `name` is its id on the page."""
    figures = part["figures"]
    shares = ("precision", "recall", "f1", "mcc", "average_precision")
    rows = [
        ModelRow(
            name=str(row["code"]),
            counts=tuple(int(row[k]) for k in ("manual", "automatic", "both")),
            shares=tuple(Estimate.read(row[k], reason=str(row["reason"])) for k in shares),
        )
        for row in figures["codes"]
    ]
    rows += [
        ModelRow(name=title, counts=(), shares=tuple(Estimate.read(figures[kind][k]) for k in shares))
        for kind, title in (("micro", "All decisions"), ("macro", "Mean of codes"))
    ]
    return ModelTable(
        id=name,
        model=str(part["model"]),
        person=str(part["person"]),
        segments=int(figures["segments"]),
        rows=tuple(rows),
    )


def reference_line(row: Mapping[str, Any]) -> ReferenceLine:
    """Return a model beside people, read from a row of the report's reference lines."""
    return ReferenceLine(
        model=str(row["model"]),
        person=str(row["person"]),
        other=str(row["other"]),
        alpha=Estimate.read(row["alpha"]),
        people=Estimate.read(row["people_alpha"]),
        difference=Estimate.read(row["difference"], interval=row, reason=str(row["reason"])),
    )
