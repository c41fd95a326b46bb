"""What the codebook says of its codes, as weights to begin from.

With few coded excerpts a name and a definition say more of a code than its excerpts do. So the learner may begin from
the similarity of a segment to the description of every code and learn only what must be added; how far it follows the
descriptions is chosen on its inner folds, and 0 is among the choices (docs/decisions/beginning-from-the-codebook.md).
Examples of the codebook stay outside: they may be words of a participant, and no model holds those.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from subtheme.classifier.features import BLOCK_WEIGHTS
from subtheme.embeddings import CodeVectors, SegmentVectors
from subtheme.errors import ModelError, Problem

SOURCE = "what the codebook says of its codes"
"""In notes, for what the learner began from."""

_SHARPNESS = 8.0
"""Log-odds per unit of cosine at strength 1."""


def described_weights(
    descriptions: CodeVectors, vectors: SegmentVectors, codes: Sequence[str], *, columns: int
) -> npt.NDArray[np.float64]:
    """Return weights by which a segment scores for a code as it resembles the code's description.

    What all descriptions share is taken away: it tells no code from another.

    Parameters
    ----------
    descriptions : CodeVectors
        Of at least `codes`; made without examples.
    vectors : SegmentVectors
        Of the segments that are learned from.
    codes : sequence of str
    columns : int
        Dense columns of the features; those of the segment's own vector come first.

    Returns
    -------
    numpy.ndarray
        Shape (columns, codes).

    Raises
    ------
    ModelError
        If descriptions and segments were embedded by different encoders.
    """
    if descriptions.fingerprint != vectors.fingerprint:
        raise ModelError(
            Problem(
                what="the codebook was embedded by another encoder than the segments",
                where=descriptions.fingerprint,
                expected=vectors.fingerprint,
                remedy="Embed both with one encoder",
            )
        )
    told = descriptions.description[[descriptions.codes.index(code) for code in codes]].astype(np.float64)
    weights = np.zeros((columns, len(codes)))
    weights[: told.shape[1]] = _SHARPNESS / np.sqrt(BLOCK_WEIGHTS["text"]) * (told - told.mean(axis=0)).T
    return weights
