"""Firmness: what the report says of margins, other rules, single participants, levels, and what was looked at."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from subtheme.nouns import rows_of
from subtheme.reports.content import ReportContent
from subtheme.scoring import Cell, CellEvidence, ExpectedTotal, Firmness, State, Variant
from subtheme.scoring.levels import WORKERS_AND_MANAGERS


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedView:
    """The expected totals.

    Attributes
    ----------
    heading : str
        What must stand above them.
    percent : int
        Probability of the intervals, in percent.
    overall : ExpectedTotal
    cases : tuple of ExpectedTotal
    """

    heading: str
    percent: int
    overall: ExpectedTotal
    cases: tuple[ExpectedTotal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """What stands behind a cell that is not present.

    Attributes
    ----------
    cell : Cell
    name : str
        Of the sub-theme.
    evidence : CellEvidence
    chance, looks : float or None
        Probability of a majority, and looks that settling the cell is expected to take; None where not known.
    """

    cell: Cell
    name: str
    evidence: CellEvidence
    chance: float | None
    looks: float | None

    @property
    def segments(self) -> tuple[tuple[str, float], ...]:
        """Ids and probabilities of the segments that could flip the cell."""
        frame = self.evidence.segments
        return tuple((str(s), float(p)) for s, p in zip(frame["segment"], frame["probability"], strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRow:
    """A cell whose groups of participants answer differently.

    Attributes
    ----------
    case, name, whole : str
        The answer of the whole case in words.
    groups : tuple of str
        The answer of every group, in the order of `FirmnessView.groups`.
    """

    case: str
    name: str
    whole: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnstableCell:
    """A cell that changes when one participant is left out.

    Attributes
    ----------
    case, name : str
    present : bool
    participants : tuple of str
        Each of whom changes it when left out.
    """

    case: str
    name: str
    present: bool
    participants: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmnessView:
    """How firm the table is, beyond its margins.

    Attributes
    ----------
    expected : ExpectedView or None
        None where no cell is open, or nothing calibrated is known of the open ones.
    variants : tuple of Variant
    stability : tuple of (str, int, int, int)
        Total, cells present, fewest and most when one participant is left out.
    unstable : tuple of UnstableCell
    groups : tuple of str
    levels : tuple of LevelRow
        Only where the answers of a group and of its whole case are settled, and differ.
    open_groups : tuple of two int
        Answers of groups that reading can still change, and all answers of groups.
    looked_at : tuple of LookedAt
        Open cells first, the likeliest first; then absent ones.
    """

    expected: ExpectedView | None
    variants: tuple[Variant, ...]
    stability: tuple[tuple[str, int, int, int], ...]
    unstable: tuple[UnstableCell, ...]
    groups: tuple[str, ...]
    levels: tuple[LevelRow, ...]
    open_groups: tuple[int, int]
    looked_at: tuple[LookedAt, ...]


def firmness_view(content: ReportContent) -> FirmnessView | None:
    """Return how firm the table of `content` is, or None where that was not computed."""
    firm = content.firmness
    if firm is None:
        return None
    names = {t.id: t.name for t in content.table.sub_themes}
    cells = rows_of(firm.stability.cells)
    answers = firm.levels.frame["state"].dropna()
    return FirmnessView(
        expected=_expected(firm),
        variants=firm.sensitivity,
        stability=tuple(
            (str(r.id), int(r.present), int(r.lowest), int(r.highest)) for r in rows_of(firm.stability.totals)
        ),
        unstable=tuple(
            UnstableCell(
                case=r.case,
                name=names[r.sub_theme],
                present=bool(r.present),
                participants=tuple(r.participants_that_flip.split()),
            )
            for r in cells
            if r.participants_that_flip
        ),
        groups=tuple(WORKERS_AND_MANAGERS),
        levels=_levels(firm, names),
        open_groups=(int(answers.eq("open").sum()), len(answers)),
        looked_at=_looked_at(firm, names),
    )


def _expected(firm: Firmness) -> ExpectedView | None:
    if firm.expected is None or not firm.table.overall.open:
        return None
    return ExpectedView(
        heading=firm.expected.heading,
        percent=round(100 * firm.expected.level),
        overall=firm.expected.overall,
        cases=firm.expected.cases,
    )


def _levels(firm: Firmness, names: dict[str, str]) -> tuple[LevelRow, ...]:
    groups: dict[tuple[str, str], dict[str, str]] = {}
    for row in rows_of(firm.levels.frame):
        groups.setdefault((row.case, row.sub_theme), {})[row.group] = _group(row)
    differing = firm.levels.disagreements
    rows = []
    for case, row in dict.fromkeys(zip(differing["case"], differing["sub_theme"], strict=True)):
        cell = firm.table.cell(case, row)
        rows.append(
            LevelRow(
                case=case,
                name=names[row],
                whole=f"{cell.state.value}, {cell.describing} of {cell.participants}",
                groups=tuple(groups[case, row].get(g, "–") for g in WORKERS_AND_MANAGERS),
            )
        )
    return tuple(rows)


def _group(row: Any) -> str:
    if pd.isna(row.present):
        return "nobody of this group"
    counts = f"{row.participants_describing} of {row.participants}"
    if row.state == "open":
        return f"open, {counts}, {row.unread} not read"
    return f"{'majority' if row.present else 'no majority'}, {counts}"


def _looked_at(firm: Firmness, names: dict[str, str]) -> tuple[LookedAt, ...]:
    known = {}
    if firm.chances is not None:
        known = {(c, s): (p, n) for c, s, p, n in firm.chances.itertuples(index=False)}
    rows = []
    for cell in firm.table.cells:
        if cell.state is State.PRESENT:
            continue
        chance, looks = known.get((cell.case, cell.sub_theme), (None, None))
        rows.append(
            LookedAt(
                cell=cell,
                name=names[cell.sub_theme],
                evidence=firm.evidence[cell.case, cell.sub_theme],
                chance=chance,
                looks=None if looks is None or pd.isna(looks) else looks,
            )
        )
    return tuple(sorted(rows, key=lambda r: (r.cell.state is not State.OPEN, -(r.chance or 0.0))))
