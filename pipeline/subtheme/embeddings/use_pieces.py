"""The word pieces of USE multilingual: its SentencePiece model, cut by the library `tokenizers`.

The file names 128,000 pieces with their log-probabilities and a table of characters to normalise. The library cuts
texts as SentencePiece does, some twenty times faster than a tokenizer in Python.
"""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from subtheme.embeddings.protobuf import fields_of, messages_in

_PIECES, _TRAINER, _CHARSMAP = 1, 3, 2
_PIECE, _SCORE = 1, 2
UNKNOWN, BEGIN, END = 0, 1, 2
_SPACE = "\u2581"


class UsePieces:
    """Cuts texts into word pieces.

    Parameters
    ----------
    path : Path
        ``sp.model`` of the package, verified.
    """

    def __init__(self, path: Path) -> None:
        from tokenizers import Regex, Tokenizer, models, normalizers

        model = memoryview(path.read_bytes())
        tokenizer: Any = Tokenizer(models.Unigram(vocab=_scored(model), unk_id=UNKNOWN, byte_fallback=False))
        (charsmap,) = messages_in(model, _TRAINER, _CHARSMAP)
        tokenizer.normalizer = normalizers.Sequence(
            [
                normalizers.Precompiled(bytes(charsmap)),
                normalizers.Replace(Regex(r"^ +| +$"), ""),
                normalizers.Replace(Regex(" +"), _SPACE),
                normalizers.Replace(Regex("^(?=.)"), _SPACE),
            ]
        )
        self._tokenizer = tokenizer

    def of(self, texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
        """Return the numbers of the pieces of every text, with those of its begin and end."""
        found = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [np.array([BEGIN, *(e.ids or [UNKNOWN]), END], dtype=np.int64) for e in found]


def _scored(model: memoryview) -> list[tuple[str, float]]:
    """Return the pieces with their log-probabilities, in the order of their numbers."""
    scored = []
    for piece in messages_in(model, _PIECES):
        fields = dict(fields_of(piece))
        text, score = fields[_PIECE], fields.get(_SCORE)
        assert isinstance(text, memoryview)
        value = struct.unpack("<f", score)[0] if isinstance(score, memoryview) else 0.0
        scored.append((str(text, "utf-8"), value))
    return scored
