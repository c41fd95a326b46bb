"""A trained model: what it knows, where it comes from, and the probabilities it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.classifier.features import Features, segment_features
from subtheme.classifier.linear import LinearWeights
from subtheme.classifier.terms import Vocabulary, weighted
from subtheme.embeddings import SegmentVectors
from subtheme.errors import ModelError, Problem
from subtheme.nouns import Codebook, content_id

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class ThemeModel:
    """Weights for the codes of one codebook on the vectors of one encoder.

    Attributes
    ----------
    name : str
    codes : tuple of str
        What was learned, in the order of the weights.
    weights : LinearWeights
    words, characters : Vocabulary
        Terms that at least three participants use; what one person says is in no model.
    level : str
        Level of the codebook that was learned.
    codebook_hash : str
        Content hash of the codebook.
    code_hashes : mapping of str to str
        Hash of every code's meaning, to name what differs.
    encoder : str
        Fingerprint of the encoder.
    facts : mapping
        Counts, participants, coders, figures: what the model card says.
    """

    name: str
    codes: tuple[str, ...]
    weights: LinearWeights
    words: Vocabulary
    characters: Vocabulary
    level: str
    codebook_hash: str
    code_hashes: Mapping[str, str]
    encoder: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def thresholds(self) -> dict[str, float]:
        """Threshold of every code, from which on it is proposed."""
        return {code: float(t) for code, t in zip(self.codes, self.weights.thresholds, strict=True)}

    def features(self, segments: pd.DataFrame, vectors: SegmentVectors) -> Features:
        """Return the features of `segments` (contract `SEGMENTS`, transcripts whole).

        Raises
        ------
        ModelError
            If the vectors are of another encoder.
        """
        if vectors.fingerprint != self.encoder:
            raise ModelError(
                Problem(
                    what=f"vectors of another encoder than model '{self.name}' was trained on",
                    expected=self.encoder,
                    remedy="Use the encoder of the model, or train again",
                )
            )
        return segment_features(segments, vectors, words=self.words, characters=self.characters)

    def probabilities(self, segments: pd.DataFrame, vectors: SegmentVectors) -> Matrix:
        """Return the calibrated probability of every code for every segment, shape (segments, codes)."""
        return self.weights.probabilities(self.features(segments, vectors))

    def moving_words(self, features: Features, *, row: int, code: str, most: int = 3) -> tuple[str, ...]:
        """Return the words of a segment that raised the score of `code` most, the strongest first."""
        values = weighted(features.words[[row]], self.weights.words_inverse)
        shares = values.data * self.weights.words[values.indices, self.codes.index(code)]
        order = np.argsort(-shares, kind="stable")[:most]
        return tuple(self.words.terms[values.indices[i]] for i in order if shares[i] > 0)

    def check_codebook(self, codebook: Codebook) -> None:
        """Refuse a codebook that the model was not trained on.

        Raises
        ------
        ModelError
            Naming the codes that were added, removed or changed.
        """
        if codebook.content_hash == self.codebook_hash:
            return
        now = code_hashes(codebook)
        known = self.code_hashes
        parts = {
            "added": sorted(set(now) - set(known)),
            "removed": sorted(set(known) - set(now)),
            "changed": sorted(c for c in set(now) & set(known) if now[c] != known[c]),
        }
        told = (
            "; ".join(f"{kind}: {', '.join(codes)}" for kind, codes in parts.items() if codes) or "order of the codes"
        )
        raise ModelError(
            Problem(
                what=f"model '{self.name}' was trained on another codebook ({told})",
                expected="the codebook that its codings were made with",
                remedy="Train again with 'subtheme train'",
            )
        )


def code_hashes(codebook: Codebook) -> dict[str, str]:
    """Return a hash of the meaning of every code: name, place and all that the coder is told."""
    return {
        c.id: content_id(
            "code", c.id, c.name, c.parent, c.definition, c.when_to_use, c.when_not, *c.examples, str(c.placeholder)
        )
        for c in codebook.codes
    }
