"""The encoder: what it must do, and how one is named and loaded."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from subtheme.errors import ModelError, Problem, suggestion

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


def load_encoder(name: str = DEFAULT_ENCODER, *, threads: int | None = None) -> Encoder:
    """Load an encoder by name.

    Parameters
    ----------
    name : str
        `DEFAULT_ENCODER` for the packaged model, a folder that holds a sentence-transformers model, or
        the name of a model on the Hugging Face hub (which needs the network once).
    threads : int, optional
        Batches worked on at the same time; by default one per available processor, at most four.
        The vectors do not depend on it.

    Raises
    ------
    ModelError
        If the model is missing, damaged, or not the one that the name promises.
    """
    from subtheme.embeddings.model_folder import packaged_model, verified_folder
    from subtheme.embeddings.sentence_transformer import SentenceTransformerEncoder

    if name == DEFAULT_ENCODER:
        folder, identity = verified_folder(packaged_model())
        return SentenceTransformerEncoder(str(folder), identity=identity, threads=threads)
    if Path(name).is_dir():
        return SentenceTransformerEncoder(name, threads=threads)
    if "/" not in name:
        raise ModelError(
            Problem(
                what=f"no encoder '{name}'",
                expected=f"{DEFAULT_ENCODER}, a folder, or a name on the hub such as organisation/model",
                remedy=suggestion(name, [DEFAULT_ENCODER]) or "Correct embeddings.encoder in study.toml",
            )
        )
    return SentenceTransformerEncoder(name, is_hub_name=True, threads=threads)
