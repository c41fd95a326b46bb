"""Clusters: what an interval must resample together."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from subtheme.agreement.ratings import IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clusters:
    """Which cluster each unit belongs to.

    Attributes
    ----------
    index : ndarray of int, shape (units,)
        From 0.
    names : tuple of str
        The transcripts of each cluster.
    """

    index: IntArray
    names: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of clusters."""
        return len(self.names)

    @classmethod
    def of(cls, values: Sequence[Hashable]) -> "Clusters":
        """Return clusters from one name per unit, in the order of the names."""
        index, names = pd.factorize(np.asarray(values, dtype=object), sort=True)
        return cls(index=index.astype(np.int64), names=tuple(str(n) for n in names))


def interview_clusters(segments: pd.DataFrame) -> Clusters:
    """Return one cluster per interview: a transcript, with all that share a participant with it.

    A focus group is one cluster although it has several participants, and a participant who was
    met twice is one cluster although the transcripts are two. So a transcript that is cut into two
    files changes no interval.

    Parameters
    ----------
    segments : DataFrame
        With the columns ``transcript`` and ``participant``.

    Examples
    --------
    >>> rows = pd.DataFrame({"transcript": ["T1a", "T1b", "T2"], "participant": ["P1", "P1", "P2"]})
    >>> interview_clusters(rows).names
    ('T1a + T1b', 'T2')
    """
    transcript, transcripts = pd.factorize(segments["transcript"], sort=True)
    participant, _ = pd.factorize(segments["participant"])
    root = np.arange(len(transcripts))
    first: dict[int, int] = {}
    pairs = np.unique(np.column_stack([transcript, participant]), axis=0) if len(transcript) else np.empty((0, 2), int)
    for here, who in pairs.tolist():
        one, two = _root(root, here), _root(root, first.setdefault(who, here))
        root[max(one, two)] = min(one, two)
    ends = np.array([_root(root, i) for i in range(len(root))], dtype=np.int64)
    kept, joined = np.unique(ends, return_inverse=True)
    names = [" + ".join(str(t) for t, end in zip(transcripts, ends, strict=True) if end == k) for k in kept]
    return Clusters(index=joined[transcript].astype(np.int64), names=tuple(names))


def _root(root: IntArray, node: int) -> int:
    while root[node] != node:
        node = int(root[node])
    return node
