"""Embeddings: texts as vectors of length one, by an encoder behind one Protocol, cached by content.

The model comes in a package from PyPI and is verified by digest before it is used; nothing is
downloaded. Vectors of two encoders are never mixed: every encoder has a fingerprint, and the cache and
trained models are bound to it.
"""

from subtheme.embeddings.cache import VectorCache
from subtheme.embeddings.embedding import embed
from subtheme.embeddings.encoder import DEFAULT_ENCODER, Encoder, Progress
from subtheme.embeddings.loading import load_encoder
from subtheme.embeddings.study_vectors import CodeVectors, SegmentVectors, embed_codebook, embed_segments

__all__ = [
    "DEFAULT_ENCODER",
    "CodeVectors",
    "Encoder",
    "Progress",
    "SegmentVectors",
    "VectorCache",
    "embed",
    "embed_codebook",
    "embed_segments",
    "load_encoder",
]
