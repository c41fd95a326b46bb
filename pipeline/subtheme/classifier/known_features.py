"""Features of a training set, counted once, from which every fold takes what its participants say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.classifier.emphasis import PLAIN, Emphasis, emphasis_of
from subtheme.classifier.features import Features, Matrix, dense_features
from subtheme.classifier.terms import TermTable, Vocabulary
from subtheme.embeddings import EncoderPart, SegmentVectors

_WORD_PARTICIPANTS = 3
_CHARACTER_PARTICIPANTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFeatures:
    """Features whose terms several participants of the training rows use, and those terms.

    Attributes
    ----------
    features : Features
        Of all rows, training and test.
    words, characters : Vocabulary
    """

    features: Features
    words: Vocabulary
    characters: Vocabulary


@dataclass(frozen=True, kw_only=True, eq=False)
class CountedSet:
    """Segments with their vectors and all their terms, counted once.

    Attributes
    ----------
    dense : numpy.ndarray
    words, characters : TermTable
        Every term of every segment; nothing is learned from it before `known_to` has chosen.
    participants : sequence of str
        Of every segment.
    parts : tuple of EncoderPart
        Encoders that may be chosen among; none where they are settled.
    emphasis : Emphasis
        Of the language that most segments are in.
    """

    dense: Matrix
    words: TermTable
    characters: TermTable
    participants: Sequence[str]
    parts: tuple[EncoderPart, ...] = ()
    emphasis: Emphasis = PLAIN

    @classmethod
    def of(cls, segments: pd.DataFrame, vectors: SegmentVectors) -> "CountedSet":
        """Count the terms of `segments` (contract `SEGMENTS`, whole transcripts)."""
        texts = segments["text"].tolist()
        return cls(
            dense=dense_features(segments, vectors),
            words=TermTable.of(texts, kind="words"),
            characters=TermTable.of(texts, kind="characters"),
            participants=segments["participant"].tolist(),
            parts=vectors.parts,
            emphasis=emphasis_of(texts),
        )

    def known_to(self, rows: npt.NDArray[np.int64]) -> KnownFeatures:
        """Return the features of all segments by the terms that several participants of `rows` use."""
        words = self.words.used_by_several(self.participants, rows=rows, fewest=_WORD_PARTICIPANTS)
        characters = self.characters.used_by_several(self.participants, rows=rows, fewest=_CHARACTER_PARTICIPANTS)
        return KnownFeatures(
            features=Features(
                dense=self.dense, words=words.counts, characters=characters.counts, emphasis=self.emphasis
            ),
            words=words.vocabulary,
            characters=characters.vocabulary,
        )
