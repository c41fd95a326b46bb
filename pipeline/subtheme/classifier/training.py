"""Training: from read segments and their codes to a model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.classifier.known_features import CountedSet
from subtheme.classifier.learner import ThemeClassifier
from subtheme.classifier.metrics import expected_calibration_error
from subtheme.classifier.model import ThemeModel, code_hashes
from subtheme.classifier.terms import Vocabulary
from subtheme.classifier.threads import processors
from subtheme.classifier.training_set import Evidence, TrainingSet
from subtheme.embeddings import SegmentVectors
from subtheme.study import Codebook


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingResult:
    """A model, and what to know of its making.

    Attributes
    ----------
    model : ThemeModel
    learned : tuple of Evidence
        Codes that the model proposes.
    too_few : tuple of Evidence
        Codes that are named and not learned.
    notes : tuple of str
    out_of_fold : pandas.DataFrame
        `segment`, `code`, calibrated `probability` by a learner that has not seen the participant, and `supports`, what
        coding says: for whoever must know what probabilities of new participants are worth.
    """

    model: ThemeModel
    learned: tuple[Evidence, ...]
    too_few: tuple[Evidence, ...]
    notes: tuple[str, ...]
    out_of_fold: pd.DataFrame

    def as_dict(self) -> dict[str, Any]:
        """Return the result for JSON."""
        return {
            "model": self.model.name,
            "level": self.model.level,
            "learned": [e.as_dict() for e in self.learned],
            "too_few": [e.as_dict() for e in self.too_few],
            "thresholds": self.model.thresholds,
            "facts": dict(self.model.facts),
            "notes": list(self.notes),
        }

    def as_text(self) -> str:
        """Return the result for a person."""
        facts = self.model.facts
        lines = [
            f"Trained '{self.model.name}' on {facts['segments']} segments of {facts['participants']} participants, "
            f"{facts['excerpts']} of them coded.",
            f"Learned {len(self.learned)} codes at level '{self.model.level}'.",
        ]
        if self.too_few:
            rare = ", ".join(f"{e.code} ({e.segments} segments of {e.participants} participants)" for e in self.too_few)
            lines.append(f"Too little evidence, named and not proposed: {rare}.")
        return "\n".join([*lines, *(f"Note: {note}." for note in self.notes)])


def train(data: TrainingSet, vectors: SegmentVectors, codebook: Codebook, *, level: str, name: str) -> TrainingResult:
    """Train a model on everything that was read.

    Parameters
    ----------
    data : TrainingSet
    vectors : SegmentVectors
        Of at least the segments of `data`.
    codebook : Codebook
    level : str
        Level of the codebook that `data` was gathered at.
    name : str
        Name of the model.
    """
    known = CountedSet.of(data.segments, vectors).known_to(np.arange(len(data.segments)))
    learner = ThemeClassifier(n_jobs=processors()).fit(known.features, data.Y, groups=data.groups)
    kept_words, kept_characters, weights = _without_unused(learner, known.words, known.characters)
    model = ThemeModel(
        name=name,
        codes=data.codes,
        weights=weights,
        words=kept_words,
        characters=kept_characters,
        level=level,
        codebook_hash=codebook.content_hash,
        code_hashes=code_hashes(codebook),
        encoder=vectors.fingerprint,
        facts={
            "synthetic": codebook.synthetic,
            "segments": len(data.segments),
            "participants": int(data.segments["participant"].nunique()),
            "excerpts": int((data.Y.sum(axis=1) > 0).sum()),
            "counter_examples": int(data.counters.sum()),
            "trained_on": sorted(set(data.segments["participant"])),
            "penalty": float(learner.C_),
            "competition": float(learner.competition_),
            "calibration_error_out_of_fold": _calibration_error(data, learner),
        },
    )
    return TrainingResult(
        model=model,
        learned=tuple(e for e in data.evidence if e.suffices),
        too_few=data.too_few,
        notes=data.notes,
        out_of_fold=_out_of_fold(data, learner.oof_probabilities_),
    )


def _calibration_error(data: TrainingSet, learner: ThemeClassifier) -> float:
    return round(float(expected_calibration_error(data.Y, learner.oof_probabilities_)[0]), 4)


def _out_of_fold(data: TrainingSet, probabilities: npt.NDArray[np.float64]) -> pd.DataFrame:
    count = len(data.codes)
    return pd.DataFrame(
        {
            "segment": data.segments["segment"].repeat(count).to_numpy(),
            "code": list(data.codes) * len(data.segments),
            "probability": probabilities.ravel(),
            "supports": data.Y.ravel() > 0,
        }
    )


def _without_unused(
    learner: ThemeClassifier, words: Vocabulary, characters: Vocabulary
) -> tuple[Vocabulary, Vocabulary, Any]:
    """Return vocabularies and weights without the terms that carry no weight."""
    from dataclasses import replace

    weights = learner.weights_
    used_words, used_characters = weights.words_inverse > 0, weights.characters_inverse > 0
    return (
        replace(words, terms=tuple(np.array(words.terms, dtype=object)[used_words])),
        replace(characters, terms=tuple(np.array(characters.terms, dtype=object)[used_characters])),
        replace(
            weights,
            words=weights.words[used_words],
            words_inverse=weights.words_inverse[used_words],
            characters=weights.characters[used_characters],
            characters_inverse=weights.characters_inverse[used_characters],
        ),
    )
