"""How deep a queue must be read so that few participants' sub-themes are missed: a promise, by conformal risk control.

For a participant who describes some codes, the loss at depth k is the share of those codes whose first
coded segment lies below the k best. It falls with k, so the smallest k with

    n / (n + 1) * mean loss + 1 / (n + 1) <= promised share

keeps the expected loss of a new participant under the promise (Angelopoulos et al. 2024, arXiv:2208.02814).
The unit is the participant: segments of one person are not exchangeable with those of another, and a bound
over segments breaks its promise for new participants.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from subtheme.classifier.metrics import first_hit_depths

PROMISED_MISSES = 0.2
"""Share of a participant's described codes that may be missed, on average over new participants."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDepth:
    """The depth of the queue of each (participant, code) that keeps a promise.

    Attributes
    ----------
    promised : float
        Share of misses.
    depth : int or None
        None where no promise is possible.
    participants : int
        Fully coded participants that it rests on.
    observed : float
        Mean share of misses of these participants at that depth; NaN where there is none.
    reason : str
        Why there is no promise; empty where there is one.
    """

    promised: float
    depth: int | None
    participants: int
    observed: float
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the depth for JSON and for the manifest of a model."""
        observed = None if math.isnan(self.observed) else round(self.observed, 4)
        return {
            "promised_misses": self.promised,
            "depth": self.depth,
            "participants": self.participants,
            "observed_misses": observed,
            "reason": self.reason,
        }

    def in_words(self) -> str:
        """Return the promise in a sentence."""
        if self.depth is None:
            return f"No promise on the depth of the queue: {self.reason}"
        return (
            f"Reading the {self.depth} best segments per participant and code misses at most {self.promised:.0%} of "
            f"what new participants like these {self.participants} describe, on average (here {self.observed:.0%})"
        )


def queue_depth(losses: Sequence[Sequence[int]], *, promised: float = PROMISED_MISSES) -> QueueDepth:
    """Return the smallest depth that keeps the promise.

    Parameters
    ----------
    losses : sequence of sequences of int
        For every participant the depths (from 1) of the first coded segment of each code they describe; who
        describes none says nothing and is left out.
    promised : float
        Between 0 and 1.
    """
    people = [np.asarray(depths) for depths in losses if len(depths)]
    count, fewest = len(people), math.ceil(1 / promised) - 1
    if count < fewest:
        return QueueDepth(
            promised=promised,
            depth=None,
            participants=count,
            observed=float("nan"),
            reason=f"{count} coded participants, at least {fewest} are needed to promise {promised:.0%}",
        )
    depths = np.concatenate(people)
    shares = np.repeat([1 / (count * len(own)) for own in people], [len(own) for own in people])
    for depth in (0, *np.unique(depths).tolist()):
        missed = float(shares[depths > depth].sum())
        if count / (count + 1) * missed + 1 / (count + 1) <= promised + 1e-12:
            break
    return QueueDepth(promised=promised, depth=max(depth, 1), participants=count, observed=missed)


def depths_by_participant(
    Y: npt.NDArray[np.float64], scores: npt.NDArray[np.float64], people: npt.NDArray[np.int64]
) -> list[list[int]]:
    """Return, per participant, the depth of the first coded segment of each code they describe."""
    found: list[list[int]] = [[] for _ in range(int(people.max()) + 1)]
    for code in range(Y.shape[1]):
        for person, depth in first_hit_depths(Y[:, code], scores[:, code], people):
            found[person].append(depth)
    return found
