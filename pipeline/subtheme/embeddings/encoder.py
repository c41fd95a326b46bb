"""The encoder: what it must do."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with the number of texts done and the number of all texts."""

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
"""Name of the model that is installed with subtheme."""


class Encoder(Protocol):
    """Turns texts into vectors."""

    @property
    def fingerprint(self) -> str:
        """Name of exactly this model, its engine and its settings; equal only for interchangeable vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Return one vector of Euclidean length 1 per text, float32, shape (len(texts), dimension)."""
        ...
