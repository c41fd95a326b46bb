"""Texts to vectors, through the cache."""

from collections.abc import Sequence

import numpy as np

from subtheme.embeddings.cache import VectorCache
from subtheme.embeddings.encoder import Encoder, Progress, Vectors
from subtheme.embeddings.side_by_side import SideBySide, joined
from subtheme.errors import ModelError, Problem

# Texts encoded between two writes to the cache: what an interruption can cost.
_TEXTS_PER_WRITE = 512


def embed(
    texts: Sequence[str], *, encoder: Encoder, cache: VectorCache | None = None, progress: Progress | None = None
) -> Vectors:
    """Return one vector per text, float32, shape (len(texts), encoder.dimension), each of length 1.

    Parameters
    ----------
    texts : sequence of str
        May hold duplicates, which are encoded once.
    encoder : Encoder
    cache : VectorCache, optional
        Where vectors are looked up and kept.
    progress : callable, optional
        Called with (texts done, distinct texts); cached texts are done from the start.

    Raises
    ------
    ModelError
        If the encoder returns vectors of the wrong shape, or values that are not finite.
    """
    if isinstance(encoder, SideBySide):
        # Each by itself: its vectors are found again, whatever else stands beside it another time.
        return joined([embed(texts, encoder=one, cache=cache, progress=progress) for one in encoder.encoders])
    distinct = list(dict.fromkeys(texts))
    known = cache.load(distinct, fingerprint=encoder.fingerprint, dimension=encoder.dimension) if cache else {}
    # Longest first would even out the time per write; shortest first keeps batches of equal length together.
    missing = sorted((t for t in distinct if t not in known), key=lambda t: (len(t), t))
    done = len(distinct) - len(missing)
    if progress is not None:
        progress(done, len(distinct))
    for start in range(0, len(missing), _TEXTS_PER_WRITE):
        chunk = missing[start : start + _TEXTS_PER_WRITE]
        inner = _shifted(progress, by=done + start, total=len(distinct))
        vectors = _checked(encoder.encode(chunk, progress=inner), encoder=encoder, count=len(chunk))
        known.update(zip(chunk, vectors, strict=True))
        if cache:
            cache.store(chunk, vectors, fingerprint=encoder.fingerprint)
    if not texts:
        return np.zeros((0, encoder.dimension), dtype=np.float32)
    return np.stack([known[t] for t in texts])


def _shifted(progress: Progress | None, *, by: int, total: int) -> Progress | None:
    return None if progress is None else lambda done, _: progress(by + done, total)


def _checked(vectors: Vectors, *, encoder: Encoder, count: int) -> Vectors:
    is_finite = bool(np.isfinite(vectors).all())
    if vectors.shape != (count, encoder.dimension) or not is_finite:
        raise ModelError(
            Problem(
                what=f"vectors of shape {vectors.shape}" + ("" if is_finite else " with missing values"),
                where=encoder.fingerprint,
                expected=f"{count} finite vectors of length {encoder.dimension}",
                remedy="The encoder is broken: choose another",
            )
        )
    return vectors.astype(np.float32, copy=False)
