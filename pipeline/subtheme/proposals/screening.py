"""When every excerpt of a code is looked for: whether enough has been read, by a hypergeometric test.

A run of negatives is no reason to stop: in replays, fifty in a row stopped at 56 % recall on average. The
test asks instead how likely the reading would have turned up so few, were the wanted recall not reached
(Callaghan and Müller-Hansen 2020, doi:10.1186/s13643-020-01521-4).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from subtheme.errors import InputError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningTest:
    """The test after some reading.

    Attributes
    ----------
    found, read, total : int
        Excerpts found, segments read, segments there are.
    target : float
        Wanted recall.
    p : float
        Chance of finding this little in the last part read, were the recall below the target; 1 where nothing
        can be said.
    is_exact : bool
        Whether the last part was a random sample; otherwise it is the end of a ranking, taken for one, and the
        test is a little too hopeful.
    """

    found: int
    read: int
    total: int
    target: float
    p: float
    is_exact: bool

    def suffices(self, *, confidence: float = 0.95) -> bool:
        """Return whether reading may stop."""
        return self.p <= 1 - confidence


def ranked_screening(hits: Sequence[bool], total: int, *, target: float = 0.9) -> ScreeningTest:
    """Test after reading down a ranking.

    Parameters
    ----------
    hits : sequence of bool
        Of every segment read, in the order of reading, whether it is an excerpt of the code.
    total : int
        Segments there are.
    target : float
        Wanted recall, in (0, 1].
    """
    marks = np.asarray(hits, dtype=bool)
    _refuse(len(marks), total, target)
    found = int(marks.sum())
    if not found:
        return ScreeningTest(found=0, read=len(marks), total=total, target=target, p=1.0, is_exact=False)
    drawn = np.arange(1, len(marks) + 1)
    in_tail = np.cumsum(marks[::-1])
    before = found - in_tail
    p = _p(in_tail, before=before, left=total - len(marks) + drawn, drawn=drawn, found=found, target=target)
    return ScreeningTest(
        found=found, read=len(marks), total=total, target=target, p=float(p.min(initial=1.0)), is_exact=False
    )


def sampled_screening(
    found_before: int, hits: Sequence[bool], left: int, total: int, *, target: float = 0.9
) -> ScreeningTest:
    """Test after a random sample of what had been left.

    Parameters
    ----------
    found_before : int
        Excerpts found before the sample.
    hits : sequence of bool
        Of every segment of the sample.
    left : int
        Segments that were left when the sample was drawn.
    total : int
        Segments there are.
    target : float
        Wanted recall, in (0, 1].
    """
    marks = np.asarray(hits, dtype=bool)
    _refuse(len(marks), left, target)
    drawn, in_sample = np.array([len(marks)]), np.array([int(marks.sum())])
    found = found_before + int(marks.sum())
    p = 1.0
    if found:
        p = float(
            _p(
                in_sample,
                before=np.array([found_before]),
                left=np.array([left]),
                drawn=drawn,
                found=found,
                target=target,
            )[0]
        )
    return ScreeningTest(found=found, read=total - left + len(marks), total=total, target=target, p=p, is_exact=True)


def _p(
    in_sample: np.ndarray, *, before: np.ndarray, left: np.ndarray, drawn: np.ndarray, found: int, target: float
) -> np.ndarray:
    """Return ``P(X <= in_sample)`` under the fewest excerpts with which the recall would be below the target."""
    from scipy.stats import hypergeom

    fewest = np.floor(found / target + 1e-9).astype(np.int64) + 1 - before
    possible = fewest <= left
    p: np.ndarray = np.where(possible, hypergeom.cdf(in_sample, left, np.minimum(fewest, left), drawn), 0.0)
    return p


def _refuse(read: int, total: int, target: float) -> None:
    if read > total or not 0 < target <= 1:
        raise InputError(
            Problem(
                what=f"{read} segments read of {total}, recall wanted {target}",
                expected="no more read than there are, and a recall above 0 and up to 1",
            )
        )
