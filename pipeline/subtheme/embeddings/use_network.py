"""The network of USE multilingual in numpy: a mean of n-gram features of the word pieces, and four layers above it.

Published as Universal Sentence Encoder, multilingual, version 3 (Yang and others 2020, arXiv:1907.04307, the smaller
one of the two). Its weights come in a package; how they are put together is written here anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from subtheme.embeddings.encoder import Vectors

_TABLES, _WIDTH, _CHANNELS = 17, 512, 256
# Length of an n-gram, and how many of its pieces lie before the one that it stands at.
_GRAMS = ((2, 0), (3, 1), (5, 2))

_GAP = 2
"""Rows of zeros between two texts: as far as an n-gram reaches."""

_TILE = 16

Array = npt.NDArray[np.float32]
Pieces = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Grams:
    """The two convolutions over n-grams of one length."""

    length: int
    before: int
    first: Array
    first_bias: Array
    second: Array
    second_bias: Array


class UseNetwork:
    """Turns the numbers of word pieces into vectors.

    Parameters
    ----------
    path : Path
        ``weights.npz`` of the package, verified.
    """

    width = _WIDTH

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as file:
            weights = {name: file[name] for name in file.files}
        rows = weights["q1"].shape[0]
        # Piece number n lies in table n modulo 17, as whole numbers with one scale and one least value a table.
        self._pieces = np.empty((_TABLES * rows, _WIDTH), dtype=np.uint8)
        for number in range(_TABLES):
            self._pieces[number::_TABLES] = weights.pop(f"q{number + 1}")
        self._scale, self._least = weights["scale"], weights["lo"]
        lengths = [length for length, _ in _GRAMS]
        self._projection = np.concatenate([weights[f"proj{n}"] for n in lengths], axis=1)
        self._projection_bias = np.concatenate([weights[f"proj_b{n}"] for n in lengths])
        self._gain = np.concatenate([weights[f"ln_g{n}"] for n in lengths])
        self._shift = np.concatenate([weights[f"ln_b{n}"] for n in lengths])
        self._grams = [
            _Grams(
                length=n,
                before=before,
                first=weights[f"w1_{n}"],
                first_bias=weights[f"b1_{n}"],
                second=weights[f"w2_{n}"],
                second_bias=weights[f"b2_{n}"],
            )
            for n, before in _GRAMS
        ]
        self._top = {
            name: weights[name] for name in ("ln_g", "ln_b", "cnn_W", "cnn_b", "d0", "d1", "d2", "d3", "p1", "p3")
        }
        self._epsilon = float(weights["eps"])

    def vectors(self, texts: Sequence[Pieces]) -> Vectors:
        """Return the vectors of a few texts, float32 of length 1, shape (len(texts), 512).

        The pieces of all texts stand below one another, with rows of zeros between them that n-grams see as ends.
        """
        rows = _Rows.of(texts)
        table = rows.pieces % _TABLES
        own = np.zeros((rows.count, _WIDTH), dtype=np.float32)
        own[rows.real] = self._pieces[rows.pieces] * self._scale[table, None] + self._least[table, None]
        projected = self._normalised(own @ self._projection + self._projection_bias, self._gain, self._shift)
        features = [own]
        for i, grams in enumerate(self._grams):
            features.append(_convolved(projected[:, i * _CHANNELS : (i + 1) * _CHANNELS], grams, rows))
        top = self._top
        every = self._normalised(np.concatenate(features, axis=1)[rows.real], top["ln_g"], top["ln_b"])
        # Rows of a multiple of sixteen: a product then takes the same way for every row, whatever else is encoded.
        sums = np.zeros((_filled(len(texts), _TILE), every.shape[1]), dtype=np.float32)
        sums[: len(texts)] = np.add.reduceat(every, rows.starts, axis=0)
        counts = np.ones((len(sums), 1), dtype=np.float32)
        counts[: len(texts), 0] = rows.lengths
        mean = (sums @ top["cnn_W"] + counts * top["cnn_b"]) / np.sqrt(counts)
        low = _positive(mean @ top["p1"] + _positive(mean @ top["d0"]) @ top["d1"])
        high = np.tanh(low @ top["p3"] + _positive(low @ top["d2"]) @ top["d3"])[: len(texts)]
        norms = np.sqrt(np.maximum((high**2).sum(axis=1, keepdims=True), np.float32(self._epsilon)))
        return np.asarray(high / norms, dtype=np.float32)

    def _normalised(self, values: Array, gain: Array, shift: Array) -> Array:
        values = values - values.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", values, values) / np.float32(values.shape[1]) + np.float32(self._epsilon)
        values /= np.sqrt(spread)[:, None]
        values *= gain
        values += shift
        return values


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rows:
    """Where the pieces of several texts stand in one matrix."""

    count: int
    pieces: Pieces
    real: Pieces
    starts: Pieces
    lengths: Pieces

    @classmethod
    def of(cls, texts: Sequence[Pieces]) -> Self:
        lengths = np.array([len(text) for text in texts], dtype=np.int64)
        starts = np.cumsum(lengths) - lengths
        gaps = np.repeat(_GAP * (np.arange(len(texts)) + 1), lengths)
        real = np.arange(int(lengths.sum())) + gaps
        count = _filled(int(lengths.sum()) + _GAP * (len(texts) + 1), _TILE)
        return cls(count=count, pieces=np.concatenate(texts), real=real, starts=starts, lengths=lengths)

    def kept(self, values: Array) -> Array:
        """Return the values of the pieces, and zeros between the texts."""
        kept = np.zeros_like(values)
        kept[self.real] = values[self.real]
        return kept


def _convolved(values: Array, grams: _Grams, rows: _Rows) -> Array:
    values = rows.kept(values)
    once = _positive(_windows(values, grams) @ grams.first + grams.first_bias) + values
    once = rows.kept(once)
    return _positive(_windows(once, grams) @ grams.second + grams.second_bias) + once


def _windows(values: Array, grams: _Grams) -> Array:
    """Return the n-gram around every piece, side by side."""
    count, width = values.shape
    wide = np.zeros((count, grams.length * width), dtype=np.float32)
    for i in range(grams.length):
        back, ahead = max(0, grams.before - i), max(0, i - grams.before)
        wide[back : count - ahead, i * width : (i + 1) * width] = values[ahead : count - back]
    return wide


def _positive(values: Array) -> Array:
    return np.maximum(values, np.float32(0))


def _filled(count: int, step: int) -> int:
    return -(-count // step) * step
