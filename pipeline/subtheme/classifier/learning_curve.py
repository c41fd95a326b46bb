"""The learning curve: how figures on unseen participants grow with the number of participants learned from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from subtheme.classifier.figures import Draws, Figure, macro_average_precision
from subtheme.classifier.unseen import OutOfFold, Split

Matrix = npt.NDArray[np.float64]

SHARES = (0.25, 0.5, 0.75)
"""Shares of each fold's training participants that are learned from, besides all of them."""
FLAT = 0.01
"""A last quarter of the participants that adds less than this to the macro average precision is said to add little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningStep:
    """Macro average precision with so many participants to learn from (the mean over folds, rounded)."""

    participants: int
    figure: Figure

    def as_dict(self) -> dict[str, Any]:
        """Return the step for JSON and for the report."""
        figure = self.figure
        return {"participants": self.participants, "value": figure.value, "low": figure.low, "high": figure.high}


def reduced_splits(
    splits: Sequence[Split], groups: npt.NDArray[np.object_], *, share: float, rng: np.random.Generator
) -> list[Split]:
    """Return the splits with a random share of each one's training participants, at least two; tests stay whole."""
    reduced = []
    for split in splits:
        names = np.unique(groups[split.train].astype(str))
        count = max(2, round(share * len(names)))
        kept = set(rng.choice(names, size=min(count, len(names)), replace=False))
        chosen = np.array([str(groups[row]) in kept for row in split.train])
        reduced.append(Split(train=split.train[chosen], test=split.test))
    return reduced


def learning_step(
    splits: Sequence[Split],
    groups: npt.NDArray[np.object_],
    Y: Matrix,
    found: OutOfFold,
    draws: Draws,
) -> LearningStep:
    """Return the figure of models of these splits, with its interval over the test participants.

    Parameters
    ----------
    splits : sequence of Split
    groups : numpy.ndarray
        Participant of every row.
    Y : numpy.ndarray
        Shape (rows, codes).
    found : OutOfFold
    draws : Draws
    """
    learned = np.mean([len(set(groups[s.train])) for s in splits])
    figure = macro_average_precision(Y, found.probabilities, draws.rows)
    return LearningStep(participants=round(float(learned)), figure=figure)


def stop_hint(steps: Sequence[LearningStep]) -> str:
    """Return in a sentence whether coding more participants still pays; empty where nothing can be said."""
    if len(steps) < 2 or np.isnan(steps[-1].figure.value) or np.isnan(steps[-2].figure.value):
        return ""
    before, last = steps[-2], steps[-1]
    gain = last.figure.value - before.figure.value
    told = f"from {before.participants} to {last.participants} participants average precision changed by {gain:+.3f}"
    if gain < FLAT:
        return f"The curve is flat: {told}. More participants like these would add little."
    return f"The curve still rises: {told}. Coding more participants is likely to pay."
