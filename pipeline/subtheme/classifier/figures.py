"""Figures of an evaluation: per code and overall, with intervals over participants."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from subtheme.classifier.metrics import average_precision, f1_of, first_hit_depths

Matrix = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

_RESAMPLES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number with its 95 % interval over participants.

    Attributes
    ----------
    name : str
    value, low, high : float
        NaN where not defined.
    """

    name: str
    value: float
    low: float
    high: float

    def in_words(self) -> str:
        """Return the number and its interval."""
        if np.isnan(self.value):
            return "not defined"
        return f"{self.value:.3f}, 95 % interval {self.low:.3f} to {self.high:.3f}"

    def as_dict(self) -> dict[str, Any]:
        """Return the figure for JSON."""
        return {"name": self.name, "value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFigures:
    """How one code is found.

    Attributes
    ----------
    code : str
    excerpts, participants : int
        Coded segments, and participants whose they are.
    average_precision, f1, precision, recall : float
        At the threshold of the fold, except average precision; NaN where not defined.
    recall_at_k : float
        Share of the participants who describe it with a coded segment among their k best.
    brier : float
        Mean squared distance of probability and coding.
    """

    code: str
    excerpts: int
    participants: int
    average_precision: float
    f1: float
    precision: float
    recall: float
    recall_at_k: float
    brier: float

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON."""
        return {name: getattr(self, name) for name in self.__slots__}

    def as_line(self, width: int) -> str:
        """Return the figures as one line of a table."""
        numbers = (self.average_precision, self.f1, self.precision, self.recall, self.recall_at_k)
        shown = "  ".join("  -  " if np.isnan(n) else f"{n:.3f}" for n in numbers)
        return f"  {self.code:<{width}}  {self.excerpts:>5}  {shown}"


def code_figures(
    codes: tuple[str, ...],
    Y: Matrix,
    probabilities: Matrix,
    proposed: npt.NDArray[np.bool_],
    people: IntArray,
    *,
    k: int,
) -> tuple[CodeFigures, ...]:
    """Return the figures of every code."""
    found = []
    for i, code in enumerate(codes):
        y, p, over = Y[:, i], probabilities[:, i], proposed[:, i]
        hits, said, coded = float((y * over).sum()), float(over.sum()), float(y.sum())
        depths = [depth for _, depth in first_hit_depths(y, p, people)]
        found.append(
            CodeFigures(
                code=code,
                excerpts=int(coded),
                participants=len(depths),
                average_precision=float(average_precision(y, p)[0]),
                f1=float(f1_of(np.array([hits]), np.array([said]), np.array([coded]))[0]),
                precision=hits / said if said else float("nan"),
                recall=hits / coded if coded else float("nan"),
                recall_at_k=float(np.mean([d <= k for d in depths])) if depths else float("nan"),
                brier=float(((p - y) ** 2).mean()),
            )
        )
    return tuple(found)


def overall_figures(
    Y: Matrix,
    probabilities: Matrix,
    proposed: npt.NDArray[np.bool_],
    people: IntArray,
    *,
    k: int,
    rng: np.random.Generator,
) -> tuple[Figure, ...]:
    """Return macro average precision, macro F1 and recall at k, with percentile intervals over participants.

    Whole participants are drawn with replacement; a code that a draw lacks is left out of that draw's mean.
    """
    count = int(people.max()) + 1
    draws = rng.multinomial(count, np.full(count, 1 / count), size=_RESAMPLES).astype(np.float64)
    weights = np.concatenate([np.ones((1, count)), draws])
    rows = weights[:, people]
    precision = np.stack([average_precision(Y[:, i], probabilities[:, i], weights=rows) for i in range(Y.shape[1])])
    hits, said, coded = rows @ (Y * proposed), rows @ proposed.astype(np.float64), rows @ Y
    f1 = f1_of(hits, said, coded)
    early, held = np.zeros(count), np.zeros(count)
    for i in range(Y.shape[1]):
        for person, depth in first_hit_depths(Y[:, i], probabilities[:, i], people):
            held[person] += 1
            early[person] += depth <= k
    with np.errstate(invalid="ignore", divide="ignore"):
        recall = (weights @ early) / (weights @ held)
    return (
        _figure("Macro average precision", _mean(precision.T)),
        _figure("Macro F1 at the thresholds", _mean(f1)),
        _figure(f"Recall at {k} per (participant, code)", recall),
    )


def _mean(values: Matrix) -> Matrix:
    """Return the mean over codes of every resample, codes that are not defined left out."""
    defined = np.isfinite(values)
    counts = defined.sum(axis=1)
    sums = np.where(defined, values, 0.0).sum(axis=1)
    result: Matrix = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return result


def _figure(name: str, values: Matrix) -> Figure:
    drawn = values[1:][np.isfinite(values[1:])]
    low, high = (float(x) for x in np.quantile(drawn, [0.025, 0.975])) if len(drawn) else (np.nan, np.nan)
    return Figure(name=name, value=float(values[0]), low=low, high=high)
