"""Curves: calibration, and learning by number of participants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from subtheme.reports.drawing import ACCENT, INK, LINE, SOFT, Drawing, drawing, thin

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_HEADING = 0.19


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationPoint:
    """Proposals of similar probability.

    Attributes
    ----------
    predicted, observed : float
        Mean calibrated probability, and the share that was coded; both in [0, 1].
    count : int
        Pairs (segment, code) in the group.
    """

    predicted: float
    observed: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningPoint:
    """What was reached with the codings of so many participants.

    Attributes
    ----------
    participants : int
    value : float
    low, high : float
        Ends of the interval; NaN where there is none.
    """

    participants: int
    value: float
    low: float
    high: float


def calibration_curve(points: Sequence[CalibrationPoint], *, headings: tuple[str, ...]) -> Drawing:
    """Return the observed share against the stated probability, beside the diagonal of perfect calibration."""
    height = 3.6 + _HEADING * len(headings)

    def draw(figure: "Figure") -> None:
        axes = figure.add_axes((0.11, 0.5 / height, 0.86, 3.0 / height))
        thin(axes)
        axes.plot([0, 1], [0, 1], color=LINE, linestyle="--", linewidth=1)
        axes.annotate("as often as stated", (0.9, 0.9), ha="right", fontsize=8, color=SOFT)
        axes.plot([p.predicted for p in points], [p.observed for p in points], color=ACCENT, marker="o", linewidth=1.5)
        for point in points:
            axes.annotate(
                str(point.count),
                (point.predicted, point.observed),
                textcoords="offset points",
                xytext=(5, -11),
                fontsize=8,
                color=INK,
            )
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.02, 1.05)
        axes.set_xlabel("stated probability")
        axes.set_ylabel("share that was coded")

    furthest = max(points, key=lambda p: abs(p.observed - p.predicted))
    return drawing(
        draw,
        name="calibration",
        title="Calibration: stated probability against the share that was coded",
        description=f"{len(points)} groups of proposals, each point with its count. The furthest from the diagonal "
        f"states {furthest.predicted:.2f} where {furthest.observed:.2f} were coded. The table below holds every point.",
        inches=(6.6, height),
        headings=headings,
    )


def learning_curve(points: Sequence[LearningPoint], *, measure: str, headings: tuple[str, ...]) -> Drawing:
    """Return `measure` against the number of participants whose interviews were coded, with intervals."""
    height = 3.6 + _HEADING * len(headings)

    def draw(figure: "Figure") -> None:
        axes = figure.add_axes((0.11, 0.5 / height, 0.86, 3.0 / height))
        thin(axes)
        x = [p.participants for p in points]
        axes.vlines(x, [p.low for p in points], [p.high for p in points], color=ACCENT, linewidth=1.2)
        axes.plot(x, [p.value for p in points], color=ACCENT, marker="o", linewidth=1.5)
        axes.set_ylim(0, 1)
        axes.set_xlim(0, max(x) * 1.06)
        axes.set_xlabel("participants whose interviews are coded")
        axes.set_ylabel(measure)

    first, last = points[0], points[-1]
    return drawing(
        draw,
        name="learning",
        title=f"Learning curve: {measure} by coded participants",
        description=f"From {first.value:.2f} with {first.participants} participants to {last.value:.2f} with "
        f"{last.participants}. The table below holds every point.",
        inches=(6.6, height),
        headings=headings,
    )
