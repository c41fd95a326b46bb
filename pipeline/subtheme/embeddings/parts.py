"""Texts as a model reads them: cut where they are too long, and batched by equal length.

A model reads a limited number of word pieces. A longer text is cut at white space as often as needed, and its
vector is the mean over the parts, weighted by their word pieces: nothing is dropped. Only parts of equal length
share a batch, so that no vector depends on what else is encoded.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from subtheme.embeddings.encoder import Vectors

Integers = npt.NDArray[np.int64]
Lengths = Callable[[Sequence[str]], Integers]
"""Gives the number of word pieces of every text, without special ones."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """Texts cut into parts that a model reads whole.

    Attributes
    ----------
    texts : tuple of str
        The parts, in the order of their texts.
    owners : numpy.ndarray
        Number of the text that each part belongs to, ascending, shape (parts,).
    lengths : numpy.ndarray
        Word pieces of each part, without special ones, shape (parts,).
    """

    texts: tuple[str, ...]
    owners: Integers
    lengths: Integers

    @property
    def closes(self) -> npt.NDArray[np.bool_]:
        """Whether each part is the last one of its text, shape (parts,)."""
        return np.append(self.owners[1:] != self.owners[:-1], True) if len(self.owners) else np.zeros(0, dtype=bool)

    def pooled(self, vectors: Vectors) -> Vectors:
        """Return the vectors of the texts, of length 1, from those of the parts."""
        count = int(self.owners[-1]) + 1 if len(self.owners) else 0
        sums = np.zeros((count, vectors.shape[1]), dtype=np.float64)
        np.add.at(sums, self.owners, vectors.astype(np.float64) * np.maximum(self.lengths, 1)[:, None])
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        return np.asarray(sums / np.where(norms > 0, norms, 1), dtype=np.float32)


def parts_of(texts: Sequence[str], *, lengths: Lengths, most: int) -> Parts:
    """Cut every text that has more than `most` word pieces at white space, and count the pieces of all parts."""
    parts: list[str] = []
    owners: list[int] = []
    for number, text in enumerate(texts):
        own = list(_cut(text, lengths=lengths, most=most))
        parts += own
        owners += [number] * len(own)
    return Parts(texts=tuple(parts), owners=np.array(owners, dtype=np.int64), lengths=lengths(parts))


def batches_of_equal_length(lengths: Integers, *, pieces_per_batch: int) -> list[Integers]:
    """Return rows in batches of one length each, of at most `pieces_per_batch` word pieces or one row."""
    batches: list[Integers] = []
    order = np.argsort(lengths, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(lengths[order])) + 1) if len(order) else []:
        size = max(1, pieces_per_batch // max(1, int(lengths[rows[0]])))
        batches += [rows[i : i + size] for i in range(0, len(rows), size)]
    return batches


def _cut(text: str, *, lengths: Lengths, most: int) -> Iterator[str]:
    # A word piece has at least one character, so that short texts need not be counted.
    if len(text) <= most:
        yield text
        return
    count = int(lengths([text])[0])
    if count <= most:
        yield text
        return
    words = [m.start() for m in re.finditer(r"\S+", text)]
    wanted = -(-count // most)
    if len(words) > 1:
        cuts = sorted({words[i * len(words) // wanted] for i in range(1, wanted)} - {words[0]})
        cuts = cuts or [words[len(words) // 2]]
    else:
        cuts = [len(text) // 2]
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        yield from _cut(text[start:end], lengths=lengths, most=most)
