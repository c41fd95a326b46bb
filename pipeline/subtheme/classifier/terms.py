"""Terms: words, word pairs and character runs of a text, counted and weighted (TF-IDF).

Written here rather than taken from scikit-learn, so that a saved model opens without it, and so that a
term counts only when several *participants* use it: what one person says helps nobody else's transcript,
and stays out of the model file.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

Kind = Literal["words", "characters"]

_WORD = re.compile(r"\w\w+")
_SPACES = re.compile(r"\s+")
_RUN_LENGTHS = (3, 4, 5)


def terms_of(text: str, *, kind: Kind) -> list[str]:
    """Return the terms of `text`, repeats included.

    ``words`` gives words of two or more characters and pairs of neighbours; ``characters`` gives runs of
    three to five characters inside words, the edges of a word counting as a space.
    """
    lowered = text.lower()
    if kind == "words":
        words = _WORD.findall(lowered)
        return words + [f"{a} {b}" for a, b in pairwise(words)]
    runs: list[str] = []
    for word in _SPACES.split(lowered):
        padded = f" {word} "
        for length in _RUN_LENGTHS:
            if len(padded) <= length:
                runs.append(padded)
                break
            runs += [padded[i : i + length] for i in range(len(padded) - length + 1)]
    return runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The terms that a model knows, of one kind, in sorted order."""

    kind: Kind
    terms: tuple[str, ...]

    @classmethod
    def of(
        cls, texts: Sequence[str], participants: Sequence[str], *, kind: Kind, fewest_participants: int
    ) -> "Vocabulary":
        """Return the terms that at least `fewest_participants` participants use."""
        users: dict[str, set[str]] = {}
        for text, participant in zip(texts, participants, strict=True):
            for term in set(terms_of(text, kind=kind)):
                users.setdefault(term, set()).add(participant)
        return cls(kind=kind, terms=tuple(sorted(t for t, who in users.items() if len(who) >= fewest_participants)))

    def counts(self, texts: Iterable[str]) -> sparse.csr_array:
        """Return how often each term stands in each text, shape (texts, terms), float64."""
        column = {term: i for i, term in enumerate(self.terms)}
        pointers, indices, data = [0], [], []
        for text in texts:
            found = Counter(c for t in terms_of(text, kind=self.kind) if (c := column.get(t)) is not None)
            for index in sorted(found):
                indices.append(index)
                data.append(float(found[index]))
            pointers.append(len(indices))
        shape = (len(pointers) - 1, len(self.terms))
        parts = (
            np.array(data, dtype=np.float64),
            np.array(indices, dtype=np.int32),
            np.array(pointers, dtype=np.int32),
        )
        return sparse.csr_array(parts, shape=shape)


def inverse_frequencies(counts: sparse.csr_array, *, fewest_texts: int) -> npt.NDArray[np.float64]:
    """Return the weight of every term: ``1 + ln((1 + n) / (1 + df))``, and 0 below `fewest_texts` texts."""
    texts = counts.shape[0]
    df = np.bincount(counts.indices, minlength=counts.shape[1]).astype(np.float64)
    weights = 1.0 + np.log((1.0 + texts) / (1.0 + df))
    return np.where(df >= fewest_texts, weights, 0.0)


def weighted(counts: sparse.csr_array, inverse: npt.NDArray[np.float64]) -> sparse.csr_array:
    """Return the rows of TF-IDF: ``(1 + ln tf) * weight``, each row of Euclidean length 1 (or 0)."""
    values = (1.0 + np.log(counts.data)) * inverse[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    norms = np.sqrt(np.bincount(rows, weights=values**2, minlength=counts.shape[0]))
    values = values / np.where(norms > 0, norms, 1.0)[rows]
    return sparse.csr_array((values, counts.indices, counts.indptr), shape=counts.shape)
