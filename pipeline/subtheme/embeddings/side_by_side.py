"""Several encoders as one: their vectors side by side, each by one over the square root of their number.

The whole vector has length 1 again, and the cosine of two texts is the mean of the encoders' cosines.
"""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from subtheme.embeddings.encoder import Encoder, Progress, Vectors
from subtheme.embeddings.fingerprint import JOINT


class SideBySide:
    """Encodes with several encoders.

    Parameters
    ----------
    encoders : sequence of Encoder
        In the order of their columns; each once.
    is_choice : bool
        Whether the learner may choose among them; otherwise all are settled.
    """

    def __init__(self, encoders: Sequence[Encoder], *, is_choice: bool = False) -> None:
        self.encoders = tuple(encoders)
        self.is_choice = is_choice

    @property
    def fingerprint(self) -> str:
        """Those of the encoders, in their order."""
        return JOINT.join(encoder.fingerprint for encoder in self.encoders)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return sum(encoder.dimension for encoder in self.encoders)

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Return one vector of length 1 per text, float32, shape (len(texts), dimension)."""
        return joined([encoder.encode(texts, progress=progress) for encoder in self.encoders])


def joined(vectors: Sequence[Vectors]) -> Vectors:
    """Return vectors of several encoders as one, row by row."""
    scale = np.float32(len(vectors) ** -0.5)
    return np.concatenate([scale * part for part in vectors], axis=1)


def narrowed(vectors: npt.NDArray[np.floating], widths: Sequence[int], chosen: Sequence[int]) -> Vectors:
    """Return the vectors that some of the encoders alone give.

    Parameters
    ----------
    vectors : numpy.ndarray
        Of all encoders, as `joined` gives them.
    widths : sequence of int
        Dimensions of all.
    chosen : sequence of int
        Numbers of the encoders to keep.
    """
    columns = columns_of(widths, chosen)
    return np.asarray(vectors[:, columns] * scale_of(widths, chosen), dtype=np.float32)


def columns_of(widths: Sequence[int], chosen: Sequence[int]) -> npt.NDArray[np.int64]:
    """Return the columns of some of the encoders."""
    ends = list(accumulate(widths))
    return np.concatenate([np.arange(ends[i] - widths[i], ends[i]) for i in chosen])


def scale_of(widths: Sequence[int], chosen: Sequence[int]) -> float:
    """Return by what their columns are multiplied, so that they alone have length 1."""
    return float((len(widths) / len(chosen)) ** 0.5)
