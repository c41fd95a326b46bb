"""Agreement on the codes of one level, with a picture of alpha and its intervals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from subtheme.agreement.intervals import THRESHOLDS
from subtheme.agreement.wording import landis_koch
from subtheme.reports.drawing import Drawing
from subtheme.reports.estimate import Estimate
from subtheme.reports.whisker import Whisker, whiskers


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
    kappa_word : str
        The word of Landis & Koch (1977) for kappa; empty unless asked for.
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
    kappa_word: str
    flags: tuple[str, ...]
    is_rare: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelStyle:
    """How a level is printed: what must stand over its picture, and whether kappa gets words."""

    headings: tuple[str, ...]
    with_landis_koch: bool = False


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
    verdicts, remarks : tuple of str
        What alpha allows to conclude, and why kappa is low where it is.
    drawing : Drawing or None
        Alpha with its interval for every row that is not rare.
    """

    id: str
    title: str
    coders: tuple[str, ...]
    units: int
    rows: tuple[AgreementRow, ...]
    overall: tuple[tuple[str, Estimate], ...]
    verdicts: tuple[str, ...]
    remarks: tuple[str, ...]
    drawing: Drawing | None

    @property
    def with_words(self) -> bool:
        """Whether kappa has words beside it."""
        return any(row.kappa_word for row in self.rows)


def agreement_level(part: Mapping[str, Any], *, name: str, style: LevelStyle) -> AgreementLevel:
    """Return one level, read from ``LevelAgreement`` as JSON; `name` is its id on the page."""
    rows = tuple(_row(row, style) for row in part["codes"])
    title = f"{part['level']}s on {part['unit']}s"
    drawn = [
        Whisker(name=r.name, value=r.alpha.value, low=r.alpha.low, high=r.alpha.high, remark=str(r.alpha))
        for r in rows
        if not r.is_rare
    ]
    return AgreementLevel(
        id=name,
        title=title[:1].upper() + title[1:],
        coders=tuple(map(str, part["coders"])),
        units=int(part["units"]),
        rows=rows,
        overall=tuple((str(part[k]["name"]), Estimate.read(part[k])) for k in ("macro", "pooled")),
        verdicts=tuple(part["verdicts"]),
        remarks=tuple(part["remarks"]),
        drawing=whiskers(
            drawn,
            name=f"{name}-alpha",
            measure="Krippendorff’s alpha with its interval over transcripts",
            limits=THRESHOLDS,
            headings=style.headings,
        )
        if drawn
        else None,
    )


def _row(row: Mapping[str, Any], style: LevelStyle) -> AgreementRow:
    kappa = Estimate.read(row["kappa"])
    return AgreementRow(
        name=str(row["name"]),
        theme=str(row["theme"]),
        used=tuple(map(int, row["used"])),
        used_by_all=int(row["used_by_all"]),
        alpha=Estimate.read(row["alpha"], interval=row["interval"], reason=str(row["reason"])),
        flags=tuple(map(str, row["flags"])),
        is_rare=bool(row["is_rare"]),
        kappa_word=landis_koch(kappa.value) if style.with_landis_koch and kappa.is_defined else "",
        kappa=kappa,
        **{k: Estimate.read(row[k]) for k in ("prevalence", "percent", "positive", "ac1")},
    )
