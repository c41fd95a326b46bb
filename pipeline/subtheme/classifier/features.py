"""Features of segments: their own vector, the question's, what stands around them, and their terms."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from subtheme.classifier.context import PLACE_COLUMNS, context_blocks
from subtheme.classifier.emphasis import PLAIN, Emphasis
from subtheme.classifier.terms import Vocabulary
from subtheme.embeddings import SegmentVectors
from subtheme.embeddings.side_by_side import columns_of, scale_of

Matrix = npt.NDArray[np.float64]

# How much each block of features counts in the similarity of two segments, found on inner folds of real
# coded interviews (docs/decisions/learning-tried.md). A block is multiplied by the square root of its weight.
BLOCK_WEIGHTS = {
    "text": 1.5,
    "before": 0.25,
    "after": 0.16,
    "around": 1.0,
    "answer": 0.7,
    "question": 0.5,
    "question_before": 0.2,
    "question_after": 0.3,
    "place": 0.1,
    "step": 0.05,
    "words": 1.5,
    "characters": 1.5,
}
_VECTOR_BLOCKS = 8
"""Blocks of a vector's length, before those of the place; see `dense_features`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Features of segments, row by row; rows can be taken like those of an array.

    Attributes
    ----------
    dense : numpy.ndarray
        Blocks of vectors side by side, float64, shape (n, columns).
    words, characters : scipy.sparse.csr_array
        Counts of terms; weighted when a model is fitted, so that no fold sees another's frequencies.
    emphasis : Emphasis
        By what the terms count more or less than their blocks do, when a model is learned.
    """

    dense: Matrix
    words: sparse.csr_array
    characters: sparse.csr_array
    emphasis: Emphasis = PLAIN

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.dense.shape[0])

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns over all blocks."""
        return len(self), int(self.dense.shape[1] + self.words.shape[1] + self.characters.shape[1])

    def take(self, rows: npt.NDArray[Any]) -> "Features":
        """Return the features of some rows."""
        return replace(self, dense=self.dense[rows], words=self.words[rows], characters=self.characters[rows])


def dense_only(X: Matrix) -> Features:
    """Return features of a plain matrix, without terms."""
    none = sparse.csr_array((X.shape[0], 0), dtype=np.float64)
    return Features(dense=np.asarray(X, dtype=np.float64), words=none, characters=none)


def segment_features(
    segments: pd.DataFrame, vectors: SegmentVectors, *, words: Vocabulary, characters: Vocabulary
) -> Features:
    """Return the features of all `segments` (contract `SEGMENTS`, in its order).

    Neighbours are the segments before and after in the same transcript, so a transcript must be given
    whole for its features to be right.
    """
    texts = segments["text"].tolist()
    return Features(
        dense=dense_features(segments, vectors), words=words.counts(texts), characters=characters.counts(texts)
    )


def dense_features(segments: pd.DataFrame, vectors: SegmentVectors) -> Matrix:
    """Return the blocks of vectors of all `segments` side by side; they know nothing of other transcripts."""
    rows = vectors.rows(segments["segment"])
    own = vectors.text[rows].astype(np.float64)
    question = vectors.question[rows].astype(np.float64)
    context = context_blocks(
        own,
        question,
        transcript=pd.factorize(segments["transcript"])[0],
        asked=pd.factorize(segments["question"])[0],
    )
    blocks = {"text": own, "question": question, **context}
    return np.concatenate([np.sqrt(BLOCK_WEIGHTS[name]) * block for name, block in blocks.items()], axis=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EncoderColumns:
    """The dense columns that some of several encoders give, and by what each is multiplied.

    Attributes
    ----------
    columns : numpy.ndarray
        Numbers of columns of `dense_features` of all encoders.
    scale : numpy.ndarray
        Factor of each, shape (columns,): the encoders that are left count as one whole.
    """

    columns: npt.NDArray[np.int64]
    scale: Matrix

    @classmethod
    def of(cls, widths: Sequence[int], chosen: Sequence[int]) -> Self:
        """Return the columns of the encoders whose numbers are `chosen`, of those that have `widths`."""
        every, own = sum(widths), columns_of(widths, chosen)
        blocks = [own + every * number for number in range(_VECTOR_BLOCKS)]
        places = every * _VECTOR_BLOCKS + np.arange(PLACE_COLUMNS)
        factors = np.full(len(own) * _VECTOR_BLOCKS, scale_of(widths, chosen))
        return cls(columns=np.concatenate([*blocks, places]), scale=np.concatenate([factors, np.ones(PLACE_COLUMNS)]))

    def taken(self, features: Features) -> Features:
        """Return features by these encoders alone."""
        return replace(features, dense=features.dense[:, self.columns] * self.scale)

    def prior(self, weights: Matrix | None) -> Matrix | None:
        """Return weights that are known beforehand for these encoders alone."""
        return None if weights is None else weights[self.columns] * self.scale[:, None]
