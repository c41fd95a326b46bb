"""Two models side by side, on participants that neither was trained on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from subtheme.classifier.figures import Draws, Figure, macro_average_precision_draws, macro_f1_draws
from subtheme.classifier.model import ThemeModel
from subtheme.classifier.training_set import TrainingSet
from subtheme.embeddings import SegmentVectors
from subtheme.errors import ModelError, Problem

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWithVectors:
    """A model, and the vectors of the segments by its own encoder."""

    model: ThemeModel
    vectors: SegmentVectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Figures of two models on the same segments.

    Attributes
    ----------
    first, second : str
        Names of the models.
    figures : tuple of (Figure, Figure, Figure)
        Of the first, of the second, and of the second less the first, paired by resample of participants.
    codes : tuple of str
        That both models learned and that are used by these participants.
    not_compared : tuple of str
        Codes that only one of them learned.
    participants, left_out : int
        Compared on, and left out since one of the models was trained on them.
    segments, seed : int
    """

    first: str
    second: str
    figures: tuple[tuple[Figure, Figure, Figure], ...]
    codes: tuple[str, ...]
    not_compared: tuple[str, ...]
    participants: int
    left_out: int
    segments: int
    seed: int

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON."""
        return {
            "first": self.first,
            "second": self.second,
            "figures": [
                {"name": a.name, "first": a.as_dict(), "second": b.as_dict(), "difference": d.as_dict()}
                for a, b, d in self.figures
            ],
            "codes": list(self.codes),
            "not_compared": list(self.not_compared),
            "participants": self.participants,
            "left_out": self.left_out,
            "segments": self.segments,
            "seed": self.seed,
        }

    def as_text(self) -> str:
        """Return the figures for a person."""
        lines = [
            f"{self.first} and {self.second} on {self.segments} segments of {self.participants} participants that "
            f"neither was trained on ({self.left_out} left out), over {len(self.codes)} codes; intervals resample "
            f"participants (seed {self.seed}).",
        ]
        for a, b, d in self.figures:
            lines += [
                a.name,
                f"  {self.first:<20} {a.in_words()}",
                f"  {self.second:<20} {b.in_words()}",
                f"  {'difference':<20} {d.in_words()}",
            ]
        if self.not_compared:
            lines.append(f"Learned by one of them only: {', '.join(self.not_compared)}.")
        return "\n".join(lines)


def compare(first: ModelWithVectors, second: ModelWithVectors, data: TrainingSet, *, seed: int = 0) -> Comparison:
    """Compare two models on the coded participants that neither was trained on.

    Parameters
    ----------
    first, second : ModelWithVectors
        With vectors of all segments of `data`.
    data : TrainingSet
    seed : int
        Of the resampling of participants.

    Raises
    ------
    ModelError
        If fewer than two participants are left, or the models share no code that these use.
    """
    a, b = first.model, second.model
    known = {str(p) for model in (a, b) for p in model.facts.get("trained_on", ())}
    participants = data.segments["participant"].to_numpy(dtype=str)
    rows = np.flatnonzero(~np.isin(participants, sorted(known)))
    everyone, left = len(set(participants)), len(set(participants[rows]))
    if left < 2:
        raise ModelError(
            Problem(
                what=f"the models were trained on {everyone - left} of the {everyone} coded participants",
                where=f"{a.name}, {b.name}",
                expected="at least two coded participants that neither has seen",
                remedy="Code transcripts of others, or train both models without some participants",
            )
        )
    used = [code for i, code in enumerate(data.codes) if data.Y[rows, i].any()]
    codes = tuple(code for code in used if code in a.codes and code in b.codes)
    if not codes:
        raise ModelError(
            Problem(
                what="no code that both models learned is used by these participants",
                where=f"{a.name}, {b.name}",
                expected="models of one codebook",
            )
        )
    Y = data.Y[rows][:, [data.codes.index(c) for c in codes]]
    people = np.unique(participants[rows], return_inverse=True)[1]
    draws = Draws.of(people, rng=np.random.default_rng(seed))
    values = []
    for side in (first, second):
        # Over all segments first: a segment's features look at its neighbours.
        columns = [side.model.codes.index(code) for code in codes]
        probabilities = side.model.probabilities(data.segments, side.vectors)[rows][:, columns]
        proposed = probabilities >= side.model.weights.thresholds[columns]
        values.append(
            (macro_average_precision_draws(Y, probabilities, draws.rows), macro_f1_draws(Y, proposed, draws.rows))
        )
    names = ("Macro average precision", "Macro F1 at the thresholds")
    return Comparison(
        first=a.name,
        second=b.name,
        figures=tuple(
            (Figure.of(name, x), Figure.of(name, y), Figure.of(name, y - x))
            for name, x, y in zip(names, values[0], values[1], strict=True)
        ),
        codes=codes,
        not_compared=tuple(sorted(set(a.codes) ^ set(b.codes))),
        participants=left,
        left_out=everyone - left,
        segments=len(rows),
        seed=seed,
    )
