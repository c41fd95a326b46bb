"""Which of several encoders to learn with: chosen on folds of the training rows that share no participant."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from subtheme.classifier.features import EncoderColumns, Features
from subtheme.classifier.learner import ThemeClassifier
from subtheme.embeddings import EncoderPart

Matrix = npt.NDArray[np.float64]

_PENALTY = 3.0
"""Encoders are compared at one penalty, on three folds, and with each code on its own: that ranks them alike."""

_FOLDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderChoice:
    """The encoders that a learner takes, and what each set of them gave.

    Attributes
    ----------
    chosen : tuple of int
        Numbers of the encoders.
    names : tuple of str
        Of all encoders that there were to choose from.
    average_precision : tuple of float
        Macro average precision out of fold, for every set in the order of `sets_of`.
    """

    chosen: tuple[int, ...]
    names: tuple[str, ...]
    average_precision: tuple[float, ...]

    def columns(self, parts: Sequence[EncoderPart]) -> EncoderColumns:
        """Return the columns of the encoders that were chosen of `parts`."""
        return EncoderColumns.of([part.width for part in parts], self.chosen)

    def as_dict(self) -> dict[str, Any]:
        """Return the choice as facts of a model."""
        tried = zip(sets_of(len(self.names)), self.average_precision, strict=True)
        return {
            "chosen": self._named(self.chosen),
            "tried": {self._named(numbers): round(value, 4) for numbers, value in tried},
        }

    def in_words(self) -> str:
        """Return the choice for a person."""
        facts = self.as_dict()
        others = ", ".join(f"{name} {value:.3f}" for name, value in facts["tried"].items() if name != facts["chosen"])
        best = facts["tried"][facts["chosen"]]
        return (
            f"encoders chosen on folds of the training participants: {facts['chosen']} "
            f"(macro average precision {best:.3f}; {others})"
        )

    def _named(self, numbers: Sequence[int]) -> str:
        return " + ".join(self.names[i] for i in numbers)


def sets_of(count: int) -> list[tuple[int, ...]]:
    """Return the sets of encoders that are tried: the first alone, and every two.

    In experience two gain over one wherever they were tried, and another one in place of the first does not; three gain
    no more than two, and take more than three times as long to encode.
    """
    return [(0,), *combinations(range(count), 2)]


def encoder_choice(
    features: Features,
    Y: Matrix,
    *,
    groups: npt.NDArray[np.object_],
    parts: Sequence[EncoderPart],
    only_teaches: npt.NDArray[np.bool_] | None = None,
    n_jobs: int = 1,
) -> EncoderChoice:
    """Return the set of encoders that ranks best out of fold; a tie goes to the smaller one.

    Parameters
    ----------
    features : Features
        Of the training rows, with the columns of all encoders.
    Y : numpy.ndarray
        As for `ThemeClassifier.fit`, like `groups` and `only_teaches`.
    parts : sequence of EncoderPart
        The encoders, in the order of their columns.
    n_jobs : int
        Inner folds that are worked on at the same time.
    """
    widths = [part.width for part in parts]
    values = []
    for chosen in sets_of(len(parts)):
        learner = ThemeClassifier(
            C=(_PENALTY,), multinomial=(False,), competition=(0.0,), n_folds=_FOLDS, n_jobs=n_jobs
        )
        learner.fit(EncoderColumns.of(widths, chosen).taken(features), Y, groups=groups, only_teaches=only_teaches)
        values.append(max(learner.oof_average_precision_.values()))
    best = sets_of(len(parts))[int(np.argmax(values))]
    return EncoderChoice(chosen=best, names=tuple(part.name for part in parts), average_precision=tuple(values))
