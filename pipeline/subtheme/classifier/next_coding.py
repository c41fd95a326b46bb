"""What to code by hand next: a mixture that finds rare codes, asks where the model doubts, and stays honest.

Of the segments chosen, 40 % are the likeliest of the rarest codes, 28 % those that the model is least sure
of, 16 % unlike everything coded so far, and 16 % random. Only the random share may be used to estimate
rates, thresholds and agreement: the rest was chosen because of what the model thinks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Matrix = npt.NDArray[np.float64]

SHARES = {"rare": 0.40, "uncertain": 0.28, "unlike": 0.16, "random": 0.16}
_EXPLORED = 400


@dataclass(frozen=True, kw_only=True, eq=False)
class Uncoded:
    """Segments that nobody has read, as a model sees them.

    Attributes
    ----------
    segments : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENTS`.
    probabilities : numpy.ndarray
        Shape (segments, codes).
    vectors : numpy.ndarray
        Of the segments, each of length 1.
    coded : numpy.ndarray
        Vectors of the segments that were read.
    excerpts : numpy.ndarray
        Coded segments of every code so far, shape (codes,).
    """

    segments: pd.DataFrame
    probabilities: Matrix
    vectors: npt.NDArray[np.float32]
    coded: npt.NDArray[np.float32]
    excerpts: npt.NDArray[np.int64]

    def uncertainty(self) -> Matrix:
        """Return the entropy of every segment, summed over codes, in nats."""
        p = np.clip(self.probabilities, 1e-9, 1 - 1e-9)
        total: Matrix = -(p * np.log(p) + (1 - p) * np.log1p(-p)).sum(axis=1)
        return total


def next_segments(uncoded: Uncoded, *, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return the segments to code next.

    Parameters
    ----------
    uncoded : Uncoded
    count : int
    rng : numpy.random.Generator
        Draws the random share, and mixes the order so that the reason cannot be told from the place.

    Returns
    -------
    pandas.DataFrame
        Columns segment, transcript, participant, reason (a key of `SHARES`).
    """
    available = len(uncoded.segments)
    count = min(count, available)
    orders: dict[str, Callable[[], Iterator[int]]] = {
        "random": lambda: iter(rng.permutation(available)),
        "rare": lambda: _likeliest_of_the_rarest(uncoded),
        "uncertain": lambda: iter(np.argsort(-uncoded.uncertainty(), kind="stable")),
        "unlike": lambda: _unlike(uncoded),
    }
    wanted = {name: round(SHARES[name] * count) for name in orders if name != "random"}
    # The random share is drawn first, out of all: what the others leave would be no random sample.
    quotas = [("random", max(1, count - sum(wanted.values()))), *wanted.items(), ("uncertain", count)]
    reason: dict[int, str] = {}
    for name, quota in quotas:
        fresh = (int(row) for row in orders[name]() if int(row) not in reason)
        for _, row in zip(range(min(quota, count - len(reason))), fresh, strict=False):
            reason[row] = name
    rows = rng.permutation(sorted(reason))
    chosen = uncoded.segments.iloc[rows][["segment", "transcript", "participant"]].reset_index(drop=True)
    return chosen.assign(reason=[reason[int(row)] for row in rows])


def next_transcripts(uncoded: Uncoded, *, count: int) -> pd.DataFrame:
    """Return the transcripts to code whole next, those first whose codes are expected to teach most.

    The worth of a transcript is the mean over its segments of the probabilities, each code weighted by the
    inverse of its excerpts so far, plus the mean entropy: rare codes and doubt, whatever the length.

    Returns
    -------
    pandas.DataFrame
        Columns transcript, worth, segments.
    """
    rare = uncoded.probabilities @ (1.0 / (1.0 + uncoded.excerpts))
    parts = pd.DataFrame(
        {
            "transcript": uncoded.segments["transcript"].to_numpy(),
            "rare": rare / max(float(rare.mean()), 1e-12),
            "doubt": uncoded.uncertainty() / max(float(uncoded.uncertainty().mean()), 1e-12),
        }
    )
    means = parts.groupby("transcript", sort=True).agg(rare=("rare", "mean"), doubt=("doubt", "mean"))
    means["segments"] = parts.groupby("transcript", sort=True).size()
    means["worth"] = (means["rare"] + means["doubt"]) / 2
    best = means.sort_values("worth", ascending=False, kind="stable").head(count).reset_index()
    return best[["transcript", "worth", "segments"]]


def _likeliest_of_the_rarest(uncoded: Uncoded) -> Iterator[int]:
    """Yield segments in turn for the codes with fewest excerpts, each time the code's likeliest."""
    found = uncoded.excerpts.astype(np.float64).copy()
    orders = np.argsort(-uncoded.probabilities, axis=0, kind="stable")
    places = np.zeros(len(found), dtype=np.int64)
    while (places < len(orders)).any():
        code = int(np.argmin(np.where(places < len(orders), found, np.inf)))
        row = int(orders[places[code], code])
        places[code] += 1
        # An excerpt that is not certain counts for what it is expected to bring.
        found[code] += max(float(uncoded.probabilities[row, code]), 0.05)
        yield row


def _unlike(uncoded: Uncoded) -> Iterator[int]:
    """Yield segments that are far from what was read and from those yielded before."""
    nearest = (
        (uncoded.vectors @ uncoded.coded.T).max(axis=1)
        if len(uncoded.coded)
        else np.zeros(len(uncoded.vectors), dtype=np.float32)
    )
    nearest = nearest.copy()
    for _ in range(min(_EXPLORED, len(nearest))):
        row = int(np.argmin(nearest))
        nearest = np.maximum(nearest, uncoded.vectors @ uncoded.vectors[row])
        nearest[row] = np.inf
        yield row
