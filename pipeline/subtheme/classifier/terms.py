"""Terms: words, word pairs and character runs of a text, counted and weighted (TF-IDF).

Written here rather than taken from scikit-learn, so that a saved model opens without it, and so that a
term counts only when several *participants* use it: what one person says helps nobody else's transcript,
and stays out of the model file.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

Kind = Literal["words", "characters"]
IntArray = npt.NDArray[np.int64]

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
    return [run for word in _SPACES.split(lowered) for run in _runs_of(word)]


def _runs_of(word: str) -> list[str]:
    padded = f" {word} "
    runs: list[str] = []
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

    def counts(self, texts: Iterable[str]) -> sparse.csr_array:
        """Return how often each term stands in each text, shape (texts, terms), float64."""
        column = {term: i for i, term in enumerate(self.terms)}
        return _counted(texts, kind=self.kind, column_of=column.get, columns=lambda: len(column))


@dataclass(frozen=True, slots=True, kw_only=True)
class TermTable:
    """All terms of a set of texts, counted once; every fold takes the columns that it may know of.

    Attributes
    ----------
    vocabulary : Vocabulary
    counts : scipy.sparse.csr_array
        Shape (texts, terms).
    """

    vocabulary: Vocabulary
    counts: sparse.csr_array

    @classmethod
    def of(cls, texts: Iterable[str], *, kind: Kind) -> "TermTable":
        """Count every term of `texts`."""
        found: dict[str, int] = {}
        counts = _counted(
            texts, kind=kind, column_of=lambda term: found.setdefault(term, len(found)), columns=lambda: len(found)
        )
        terms = sorted(found)
        order = np.array([found[t] for t in terms], dtype=np.int64)
        return cls(vocabulary=Vocabulary(kind=kind, terms=tuple(terms)), counts=_columns(counts, order))

    def used_by_several(self, participants: Sequence[str], *, rows: IntArray, fewest: int) -> "TermTable":
        """Return the table of the terms that at least `fewest` of the participants of `rows` use; all texts stay.

        Parameters
        ----------
        participants : sequence of str
            Of every text.
        rows : numpy.ndarray
            Texts that may be known of.
        fewest : int
        """
        owner = np.unique(np.asarray(participants, dtype=str)[rows], return_inverse=True)[1]
        said = sparse.csr_array((np.ones(len(rows)), (owner, np.arange(len(rows)))))
        users = np.bincount((said @ self.counts[rows]).indices, minlength=len(self.vocabulary.terms))
        chosen = np.flatnonzero(users >= fewest)
        terms = tuple(self.vocabulary.terms[i] for i in chosen)
        return TermTable(
            vocabulary=Vocabulary(kind=self.vocabulary.kind, terms=terms), counts=_columns(self.counts, chosen)
        )


def _counted(
    texts: Iterable[str], *, kind: Kind, column_of: Callable[[str], int | None], columns: Callable[[], int]
) -> sparse.csr_array:
    """Count terms per text; `column_of` returns None for a term that is not counted."""
    seen: dict[str, list[int]] = {}

    def runs(word: str) -> list[int]:
        if word not in seen:
            seen[word] = _known(_runs_of(word), column_of)
        return seen[word]

    pointers, indices = [0], []
    for text in texts:
        if kind == "words":
            indices += _known(terms_of(text, kind=kind), column_of)
        else:
            for word in _SPACES.split(text.lower()):
                indices += runs(word)
        pointers.append(len(indices))
    shape = (len(pointers) - 1, columns())
    ones = np.ones(len(indices), dtype=np.float64)
    counts = sparse.csr_array(
        (ones, np.array(indices, dtype=np.int32), np.array(pointers, dtype=np.int32)), shape=shape
    )
    counts.sum_duplicates()
    return counts


def _known(terms: list[str], column_of: Callable[[str], int | None]) -> list[int]:
    return [c for c in map(column_of, terms) if c is not None]


def _columns(counts: sparse.csr_array, chosen: IntArray) -> sparse.csr_array:
    taken = sparse.csr_array(counts[:, chosen])
    taken.sort_indices()
    return taken


def inverse_frequencies(counts: sparse.csr_array, *, fewest_texts: int) -> npt.NDArray[np.float64]:
    """Return the weight of every term: ``1 + ln((1 + n) / (1 + df))``, and 0 below `fewest_texts` texts."""
    texts = counts.shape[0]
    df = np.bincount(counts.indices, minlength=counts.shape[1]).astype(np.float64)
    weights: npt.NDArray[Any] = 1.0 + np.log((1.0 + texts) / (1.0 + df))
    return np.where(df >= fewest_texts, weights, 0.0)


def weighted(counts: sparse.csr_array, inverse: npt.NDArray[np.float64]) -> sparse.csr_array:
    """Return the rows of TF-IDF: ``(1 + ln tf) * weight``, each row of Euclidean length 1 (or 0)."""
    values = (1.0 + np.log(counts.data)) * inverse[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    norms = np.sqrt(np.bincount(rows, weights=values**2, minlength=counts.shape[0]))
    values = values / np.where(norms > 0, norms, 1.0)[rows]
    return sparse.csr_array((values, counts.indices, counts.indptr), shape=counts.shape)
