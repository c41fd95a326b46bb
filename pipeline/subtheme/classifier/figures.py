"""Figures of an evaluation: per code and overall, with intervals over participants."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from subtheme.classifier.metrics import average_precision, expected_calibration_error, f1_of, first_hit_depths

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

    @classmethod
    def of(cls, name: str, values: Matrix) -> "Figure":
        """Return the figure of a value and its resamples: the first of `values` and the rest."""
        drawn = values[1:][np.isfinite(values[1:])]
        low, high = (float(x) for x in np.quantile(drawn, [0.025, 0.975])) if len(drawn) else (np.nan, np.nan)
        return cls(name=name, value=float(values[0]), low=low, high=high)

    def in_words(self) -> str:
        """Return the number and its interval."""
        if np.isnan(self.value):
            return "not defined"
        return f"{self.value:.3f}, 95 % interval {self.low:.3f} to {self.high:.3f}"

    def as_dict(self) -> dict[str, Any]:
        """Return the figure for JSON."""
        return {"name": self.name, "value": self.value, "low": self.low, "high": self.high}


MEASURES = ("average_precision", "f1", "precision", "recall", "recall_at_k", "ece", "brier")
"""Names of the figures of a code, in the order of a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFigures:
    """How one code is found.

    Attributes
    ----------
    code : str
    excerpts, participants : int
        Coded segments, and participants whose they are.
    figures : tuple of Figure
        In the order of `MEASURES`: average precision; F1, precision and recall at the threshold of the fold;
        share of the participants who describe it with a coded segment among their k best; expected calibration
        error; mean squared distance of probability and coding (Brier).
    """

    code: str
    excerpts: int
    participants: int
    figures: tuple[Figure, ...]

    def value(self, measure: str) -> float:
        """Return one number by its name in `MEASURES`."""
        return self.figures[MEASURES.index(measure)].value

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON."""
        numbers = {f.name: {"value": f.value, "low": f.low, "high": f.high} for f in self.figures}
        return {"code": self.code, "excerpts": self.excerpts, "participants": self.participants, **numbers}

    def as_line(self, width: int) -> str:
        """Return the figures as one line of a table, average precision with its interval."""
        first = self.figures[0]
        shown = "  ".join("  -  " if np.isnan(f.value) else f"{f.value:.3f}" for f in self.figures[1:])
        interval = f"{first.value:.3f} ({first.low:.2f}-{first.high:.2f})"
        return f"  {self.code:<{width}}  {self.excerpts:>5}  {interval}  {shown}"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """Resamples of participants.

    Attributes
    ----------
    people : numpy.ndarray
        Number of the participant of every row.
    weights : numpy.ndarray
        How often each participant was drawn, shape (1 + resamples, participants); the first row is all ones.
    """

    people: IntArray
    weights: Matrix

    @classmethod
    def of(cls, people: IntArray, *, rng: np.random.Generator) -> "Draws":
        """Draw whole participants with replacement."""
        count = int(people.max()) + 1
        drawn = rng.multinomial(count, np.full(count, 1 / count), size=_RESAMPLES).astype(np.float64)
        return cls(people=people, weights=np.concatenate([np.ones((1, count)), drawn]))

    @property
    def rows(self) -> Matrix:
        """Weight of every row in every resample."""
        taken: Matrix = self.weights[:, self.people]
        return taken


def code_figures(
    codes: tuple[str, ...],
    Y: Matrix,
    probabilities: Matrix,
    proposed: npt.NDArray[np.bool_],
    draws: Draws,
    *,
    k: int,
) -> tuple[CodeFigures, ...]:
    """Return the figures of every code, with percentile intervals over participants."""
    found = []
    rows = draws.rows
    for i, code in enumerate(codes):
        y, p, over = Y[:, i], probabilities[:, i], proposed[:, i].astype(np.float64)
        hits, said, coded = rows @ (y * over), rows @ over, rows @ y
        held, early = _presences(y, p, draws.people, participants=draws.weights.shape[1], k=k)
        with np.errstate(invalid="ignore", divide="ignore"):
            values = (
                average_precision(y, p, weights=rows),
                f1_of(hits, said, coded),
                hits / said,
                hits / coded,
                (draws.weights @ early) / (draws.weights @ held),
                expected_calibration_error(y, p, weights=rows),
                rows @ (p - y) ** 2 / rows.sum(axis=1),
            )
        found.append(
            CodeFigures(
                code=code,
                excerpts=int(y.sum()),
                participants=int(held.sum()),
                figures=tuple(Figure.of(name, value) for name, value in zip(MEASURES, values, strict=True)),
            )
        )
    return tuple(found)


def macro_average_precision(Y: Matrix, probabilities: Matrix, rows: Matrix) -> Figure:
    """Return the mean over codes of the average precision; a code that a draw lacks is left out of its mean."""
    return Figure.of("Macro average precision", macro_average_precision_draws(Y, probabilities, rows))


def macro_average_precision_draws(Y: Matrix, probabilities: Matrix, rows: Matrix) -> Matrix:
    """Return the macro average precision in every resample."""
    values = [average_precision(Y[:, i], probabilities[:, i], weights=rows) for i in range(Y.shape[1])]
    return _mean(np.stack(values).T)


def macro_f1_draws(Y: Matrix, proposed: npt.NDArray[np.bool_], rows: Matrix) -> Matrix:
    """Return the macro F1 in every resample."""
    return _mean(f1_of(rows @ (Y * proposed), rows @ proposed.astype(np.float64), rows @ Y))


def macro_f1(Y: Matrix, proposed: npt.NDArray[np.bool_]) -> float:
    """Return the mean over the codes that are used of F1."""
    return float(np.nanmean(f1_of((Y * proposed).sum(axis=0), proposed.sum(axis=0).astype(np.float64), Y.sum(axis=0))))


def overall_figures(
    Y: Matrix, probabilities: Matrix, proposed: npt.NDArray[np.bool_], draws: Draws, *, k: int
) -> tuple[Figure, ...]:
    """Return macro average precision, macro F1, recall at k, calibration error and Brier score over all pairs."""
    rows, count = draws.rows, draws.weights.shape[1]
    early, held = np.zeros(count), np.zeros(count)
    for i in range(Y.shape[1]):
        has, soon = _presences(Y[:, i], probabilities[:, i], draws.people, participants=count, k=k)
        held += has
        early += soon
    with np.errstate(invalid="ignore", divide="ignore"):
        recall = (draws.weights @ early) / (draws.weights @ held)
    pairs = np.repeat(draws.people, Y.shape[1])
    error = expected_calibration_error(Y.ravel(), probabilities.ravel(), weights=draws.weights, owner=pairs)
    brier = rows @ ((probabilities - Y) ** 2).mean(axis=1) / rows.sum(axis=1)
    return (
        macro_average_precision(Y, probabilities, rows),
        Figure.of("Macro F1 at the thresholds", macro_f1_draws(Y, proposed, rows)),
        Figure.of(f"Recall at {k} per (participant, code)", recall),
        Figure.of("Expected calibration error", error),
        Figure.of("Brier score", brier),
    )


def _presences(y: Matrix, p: Matrix, people: IntArray, *, participants: int, k: int) -> tuple[Matrix, Matrix]:
    """Return who describes the code, and who of them does with a coded segment among their k best."""
    held, early = np.zeros(participants), np.zeros(participants)
    for person, depth in first_hit_depths(y, p, people):
        held[person] = 1
        early[person] = depth <= k
    return held, early


def _mean(values: Matrix) -> Matrix:
    """Return the mean over codes of every resample, codes that are not defined left out."""
    defined = np.isfinite(values)
    counts = defined.sum(axis=1)
    sums = np.where(defined, values, 0.0).sum(axis=1)
    result: Matrix = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return result
