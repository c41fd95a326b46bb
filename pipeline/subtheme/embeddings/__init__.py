"""Embeddings: texts as vectors of length one, by an encoder behind one Protocol, cached by content.

The model comes in a package from PyPI and is verified by digest before it is used; nothing is
downloaded. Vectors of two encoders are never mixed: every encoder has a fingerprint, and the cache and
trained models are bound to it.
"""

from subtheme.embeddings.cache import VectorCache
from subtheme.embeddings.embedding import embed
from subtheme.embeddings.encoder import DEFAULT_ENCODER, Encoder, Progress
from subtheme.embeddings.fingerprint import current_fingerprint, precision_of
from subtheme.embeddings.loading import Engine, load_encoder
from subtheme.embeddings.precision import Precision
from subtheme.embeddings.study_vectors import CodeVectors, EncoderPart, SegmentVectors, embed_codebook, embed_segments

__all__ = [
    "DEFAULT_ENCODER",
    "CodeVectors",
    "Encoder",
    "EncoderPart",
    "Engine",
    "Precision",
    "Progress",
    "SegmentVectors",
    "VectorCache",
    "current_fingerprint",
    "embed",
    "embed_codebook",
    "embed_segments",
    "load_encoder",
    "precision_of",
]
