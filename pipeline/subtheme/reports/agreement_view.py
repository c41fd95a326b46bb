"""Agreement: what the report says of how far coders agree, read from plain values.

Read from ``AgreementReport.as_dict()``. Texts of segments, such as those of the disagreement list, are
never taken over.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from subtheme.reports.drawing import Drawing
from subtheme.reports.estimate import Estimate
from subtheme.reports.whisker import Whisker, whiskers

THRESHOLDS = (0.667, 0.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """One code.

    Attributes
    ----------
    name, theme : str
    used : tuple of int
        In how many units each coder found it.
    used_by_all : int
    prevalence, percent, positive, kappa, ac1 : Estimate
    alpha : Estimate
        With its interval.
    flags : tuple of str
    is_rare : bool
        Too rare to judge: counts only.
    """

    name: str
    theme: str
    used: tuple[int, ...]
    used_by_all: int
    prevalence: Estimate
    percent: Estimate
    positive: Estimate
    kappa: Estimate
    ac1: Estimate
    alpha: Estimate
    flags: tuple[str, ...]
    is_rare: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementLevel:
    """Agreement on the codes of one level, on one kind of unit.

    Attributes
    ----------
    id, title : str
    coders : tuple of str
    units : int
    rows : tuple of AgreementRow
    overall : tuple of (str, Estimate)
    drawing : Drawing or None
        Alpha with its interval for every row that is not rare.
    """

    id: str
    title: str
    coders: tuple[str, ...]
    units: int
    rows: tuple[AgreementRow, ...]
    overall: tuple[tuple[str, Estimate], ...]
    drawing: Drawing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A cell that two coders decide differently.

    Attributes
    ----------
    case, name : str
    participants : int
        Whom both have read.
    first, second : int
        How many describe it by each coder.
    first_present, second_present : bool
    """

    case: str
    name: str
    participants: int
    first: int
    second: int
    first_present: bool
    second_present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CellComparison:
    """Two coders' tables of cells.

    Attributes
    ----------
    id, title, first, second : str
    cells, flipped, shift : int
        `shift` is signed: present cells of the second less those of the first.
    flips : tuple of Flip
    reason : str
        Why there is no comparison.
    """

    id: str
    title: str
    first: str
    second: str
    cells: int
    flipped: int
    shift: int
    flips: tuple[Flip, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementView:
    """The agreement as the report prints it.

    Attributes
    ----------
    words, note : str
        Who coded what, and how it was computed.
    levels : tuple of AgreementLevel
    cells : tuple of CellComparison
    """

    words: str
    note: str
    levels: tuple[AgreementLevel, ...]
    cells: tuple[CellComparison, ...]


def agreement_view(agreement: Mapping[str, Any] | None, *, headings: tuple[str, ...]) -> AgreementView | None:
    """Return the agreement as the report prints it, or None where there is none."""
    if agreement is None:
        return None
    levels: list[AgreementLevel] = []
    cells: list[CellComparison] = []
    for path, part in _parts(agreement):
        if "codes" in part and "unit" in part:
            levels.append(_level(part, len(levels) + 1, headings=headings, assisted=_is_assisted(path)))
        elif "flipped" in part and "first" in part and "table" in part:
            cells.append(_cells(part, len(cells) + 1, assisted=_is_assisted(path)))
    return AgreementView(
        words=_text(agreement, "paragraph", "words", "summary"),
        note=_text(agreement, "method_note", "method", "note"),
        levels=tuple(levels),
        cells=tuple(cells),
    )


def _parts(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Iterate over every mapping inside `value` with the keys that lead to it."""
    if isinstance(value, Mapping):
        yield path, value
        for key, inner in value.items():
            yield from _parts(inner, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _parts(inner, path)


def _is_assisted(path: tuple[str, ...]) -> bool:
    return any("assisted" in key for key in path)


def _text(source: Mapping[str, Any], *keys: str) -> str:
    """Return the first text that stands under one of `keys`."""
    return next((source[k] for k in keys if isinstance(source.get(k), str) and source[k]), "")


def _level(part: Mapping[str, Any], number: int, *, headings: tuple[str, ...], assisted: bool) -> AgreementLevel:
    rows = tuple(_row(row) for row in part["codes"])
    title = f"{part['level']}s on {part['unit']}s"
    if assisted:
        title += ", codings made after seeing suggestions"
    frequent = [r for r in rows if not r.is_rare]
    drawn = [
        Whisker(name=r.name, value=r.alpha.value, low=r.alpha.low, high=r.alpha.high, remark=str(r.alpha))
        for r in frequent
    ]
    return AgreementLevel(
        id=f"agreement-{number}",
        title=title[:1].upper() + title[1:],
        coders=tuple(map(str, part.get("coders", ()))),
        units=int(part.get("units", 0)),
        rows=rows,
        overall=tuple(
            (str(part[key]["name"]), Estimate.read(part[key]))
            for key in ("macro", "pooled")
            if isinstance(part.get(key), Mapping)
        ),
        drawing=whiskers(
            drawn,
            name=f"agreement-{number}-alpha",
            measure="Krippendorff’s alpha with its interval over transcripts",
            limits=THRESHOLDS,
            headings=headings,
        )
        if drawn
        else None,
    )


def _row(row: Mapping[str, Any]) -> AgreementRow:
    reason = str(row.get("reason", ""))
    return AgreementRow(
        name=str(row.get("name") or row["code"]),
        theme=str(row.get("theme", "")),
        used=tuple(int(u) for u in row.get("used", ())),
        used_by_all=int(row.get("used_by_all", 0)),
        alpha=Estimate.read(row.get("alpha"), interval=row.get("interval"), reason=reason),
        flags=tuple(map(str, row.get("flags", ()))),
        is_rare=row.get("is_rare") is True,
        **{k: Estimate.read(row.get(k)) for k in ("prevalence", "percent", "positive", "kappa", "ac1")},
    )


def _cells(part: Mapping[str, Any], number: int, *, assisted: bool) -> CellComparison:
    first, second = str(part["first"]), str(part["second"])
    return CellComparison(
        id=f"cells-{number}",
        title=f"Cells decided from {first} and from {second}"
        + (", codings made after seeing suggestions" if assisted else ""),
        first=first,
        second=second,
        cells=int(part.get("cells", 0)),
        flipped=int(part["flipped"]),
        shift=int(part.get("shift", 0)),
        flips=tuple(
            Flip(
                case=str(row["case"]),
                name=str(row.get("name") or row["code"]),
                participants=int(row["participants"]),
                first=int(row["described_first"]),
                second=int(row["described_second"]),
                first_present=bool(row["present_first"]),
                second_present=bool(row["present_second"]),
            )
            for row in part["table"]
            if row.get("flipped")
        ),
        reason=str(part.get("reason", "")),
    )
