"""Training: from read segments and their codes to a model."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.classifier.code_map import prior_weights
from subtheme.classifier.described import SOURCE, described_weights
from subtheme.classifier.encoder_choice import encoder_choice
from subtheme.classifier.following import following_facts, following_in_words
from subtheme.classifier.known_features import CountedSet
from subtheme.classifier.learner import ThemeClassifier, mean_average_precision
from subtheme.classifier.metrics import expected_calibration_error
from subtheme.classifier.model import ThemeModel, code_hashes
from subtheme.classifier.older_model import OlderModel
from subtheme.classifier.queue_depth import depths_by_participant, queue_depth
from subtheme.classifier.terms import Vocabulary
from subtheme.classifier.training_set import Evidence, TrainingSet
from subtheme.embeddings import CodeVectors, SegmentVectors
from subtheme.embeddings.threads import available_threads
from subtheme.nouns import Codebook

Matrix = npt.NDArray[np.float64]


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
            rare = ", ".join(e.in_words() for e in self.too_few)
            lines.append(f"Too little evidence, named and not proposed: {rare}.")
        return "\n".join([*lines, *(f"Note: {note}." for note in self.notes)])


def train(
    data: TrainingSet,
    vectors: SegmentVectors,
    codebook: Codebook,
    *,
    level: str,
    name: str,
    older: OlderModel | None = None,
    descriptions: CodeVectors | None = None,
) -> TrainingResult:
    """Train a model on everything that was read, and on what else was answered.

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
    older : OlderModel, optional
        To go on from: its weights are followed as far as that helps on folds of `data`.
    descriptions : CodeVectors, optional
        What the codebook says of its codes, to begin from where there is no older model, as far as that helps.

    Raises
    ------
    ModelError
        If the older model, or the descriptions, are of another encoder, or the older model has seen a participant.
    """
    lessons = data.lessons
    counted = CountedSet.of(lessons.segments, vectors)
    prior = None
    if older is not None:
        older.refuse_other_encoder(vectors.fingerprint)
        older.refuse_same_people(set(data.segments["participant"]))
        prior = prior_weights(older.model, older.codes, data.codes)
    elif descriptions is not None:
        prior = described_weights(descriptions, vectors, data.codes, columns=counted.dense.shape[1])
    taught = np.concatenate([np.arange(len(data.segments)), lessons.answered])
    known = counted.known_to(taught)
    features, Y, groups = known.features.take(taught), lessons.Y[taught], lessons.groups[taught]
    only_teaches = np.arange(len(taught)) >= len(data.segments)
    choice = None
    if counted.parts:
        choice = encoder_choice(
            features, Y, groups=groups, parts=counted.parts, only_teaches=only_teaches, n_jobs=available_threads()
        )
        columns = choice.columns(counted.parts)
        features, prior = columns.taken(features), columns.prior(prior)
        vectors = vectors.of_encoders(choice.chosen)
    learner = ThemeClassifier(n_jobs=available_threads()).fit(
        features, Y, groups=groups, prior=prior, only_teaches=only_teaches
    )
    kept_words, kept_characters, weights = _without_unused(learner, known.words, known.characters)
    people = np.unique(data.segments["participant"].to_numpy(dtype=str), return_inverse=True)[1]
    promise = queue_depth(depths_by_participant(data.Y, learner.oof_probabilities_, people))
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
            "answers": 0 if data.answered is None else int((~np.isnan(data.answered.Y)).sum()),
            "trained_on": sorted({*lessons.segments["participant"].iloc[taught], *_taught(older)}),
            "evidence": [e.as_dict() for e in data.evidence],
            "penalty": float(learner.C_),
            "loss": "multinomial" if learner.multinomial_ else "one-vs-rest",
            "competition": float(learner.competition_),
            "average_precision_out_of_fold": round(mean_average_precision(learner.oof_probabilities_, data.Y), 4),
            "calibration_error_out_of_fold": _calibration_error(data, learner),
            "queue_depth": promise.as_dict(),
            **({} if choice is None else {"encoders": choice.as_dict()}),
            **_prior_facts(learner, older, prior),
        },
    )
    return TrainingResult(
        model=model,
        learned=tuple(e for e in data.evidence if e.suffices),
        too_few=data.too_few,
        notes=(
            *data.notes,
            promise.in_words(),
            *(() if choice is None else (choice.in_words(),)),
            *_prior_in_words(learner, older, prior),
        ),
        out_of_fold=_out_of_fold(data, learner.oof_probabilities_),
    )


def _prior_facts(learner: ThemeClassifier, older: OlderModel | None, prior: Matrix | None) -> dict[str, Any]:
    if older is not None:
        return older.facts(learner)
    return {} if prior is None else following_facts(learner)


def _prior_in_words(learner: ThemeClassifier, older: OlderModel | None, prior: Matrix | None) -> tuple[str, ...]:
    if older is not None:
        return older.in_words(learner)
    return () if prior is None else (following_in_words(SOURCE, learner),)


def _taught(older: OlderModel | None) -> list[str]:
    """Return whom an older model was trained on: whatever goes on from it has seen them too."""
    return [str(p) for p in older.model.facts.get("trained_on", ())] if older else []


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
