"""Features of segments: their own vector, the question's, what stands around them, and their terms."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from subtheme.classifier.context import context_blocks
from subtheme.classifier.terms import Vocabulary
from subtheme.embeddings import SegmentVectors

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Features of segments, row by row; rows can be taken like those of an array.

    Attributes
    ----------
    dense : numpy.ndarray
        Blocks of vectors side by side, float64, shape (n, columns).
    words, characters : scipy.sparse.csr_array
        Counts of terms; weighted when a model is fitted, so that no fold sees another's frequencies.
    """

    dense: Matrix
    words: sparse.csr_array
    characters: sparse.csr_array

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.dense.shape[0])

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns over all blocks."""
        return len(self), int(self.dense.shape[1] + self.words.shape[1] + self.characters.shape[1])

    def take(self, rows: npt.NDArray[Any]) -> "Features":
        """Return the features of some rows."""
        return Features(dense=self.dense[rows], words=self.words[rows], characters=self.characters[rows])


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
