"""Whiskers: a value with its interval for every sub-theme, one under the other."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from subtheme.reports.drawing import ACCENT, LINE, SOFT, Drawing, drawing, plain, shortened, thin

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROW = 0.27
_HEADING = 0.19
_LOWEST = -0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisker:
    """A value and its interval.

    Attributes
    ----------
    name : str
    value, low, high : float
        NaN where there is none.
    remark : str
        What stands in place of a value that is not defined.
    """

    name: str
    value: float
    low: float = math.nan
    high: float = math.nan
    remark: str = "not defined"


def whiskers(
    rows: Sequence[Whisker],
    *,
    name: str,
    measure: str,
    limits: Sequence[float] = (),
    headings: tuple[str, ...] = (),
) -> Drawing:
    """Return a dot and whiskers for every row, with a dashed line at every limit."""
    top = 0.12 + _HEADING * len(headings)
    plot = _ROW * len(rows) + 0.1
    height = top + plot + 0.55
    defined = [r for r in rows if not math.isnan(r.value)]
    ends = [x for r in defined for x in (r.value, r.low) if not math.isnan(x)]
    left = 0.0 if not ends or min(ends) >= 0 else max(min(ends) - 0.05, _LOWEST)

    def draw(figure: "Figure") -> None:
        axes = figure.add_axes((0.36, 0.5 / height, 0.61, plot / height))
        thin(axes)
        axes.grid(visible=False, axis="y")
        for limit in limits:
            axes.axvline(limit, color=LINE, linestyle="--", linewidth=1)
            axes.annotate(f"{limit:.3f}".lstrip("0"), (limit, 1), xycoords=("data", "axes fraction"), fontsize=8,
                          color=SOFT, ha="center", va="bottom", annotation_clip=False)  # fmt: skip
        for y, row in enumerate(rows):
            if math.isnan(row.value):
                axes.text(left + 0.01, y, shortened(row.remark, 60), va="center", fontsize=8, color=SOFT)
                continue
            if not math.isnan(row.low):
                axes.hlines(y, max(row.low, left), row.high, color=ACCENT, linewidth=1.6)
                axes.plot([row.high], [y], marker="|", color=ACCENT, markersize=7)
                if row.low >= left:
                    axes.plot([row.low], [y], marker="|", color=ACCENT, markersize=7)
                else:
                    axes.plot([left], [y], marker="<", color=ACCENT, markersize=5, clip_on=False)
            axes.plot([max(row.value, left)], [y], marker="o", color=ACCENT, markersize=5)
        axes.set_yticks(range(len(rows)), [shortened(plain(r.name), 36) for r in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(left, 1.02)
        axes.set_xlabel(plain(measure))

    if defined:
        low, high = min(defined, key=lambda r: r.value), max(defined, key=lambda r: r.value)
        shown = f"from {low.value:.2f} ({low.name}) to {high.value:.2f} ({high.name})"
    else:
        shown = "no value is defined"
    return drawing(
        draw,
        name=name,
        title=f"{measure}, by row",
        description=f"A dot with whiskers for each of {len(rows)} rows: {shown}. The table below holds every number.",
        inches=(7.2, height),
        headings=headings,
    )
