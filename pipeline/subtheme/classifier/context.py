"""What stands around a segment: the segments before and after, the answer it belongs to, the questions, its place.

An answer is a run of segments of one transcript after the same question.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

_NEAR = {1: 0.7, 2: 0.3}
_AROUND = 5
_PLACES, _PLACE_WIDTH = 12, 0.08
_STEPS, _STEP_WIDTH, _MOST_STEPS = 6, 0.4, 3.0
PLACE_COLUMNS = _PLACES + 2 * _STEPS
"""Columns that are of no encoder: where a segment stands."""


def context_blocks(own: Matrix, question: Matrix, *, transcript: Rows, asked: Rows) -> Mapping[str, Matrix]:
    """Return the blocks of context of all segments, each of shape (segments, columns).

    ``before`` and ``after`` are weighted means of two neighbours, ``around`` the mean of five on either side,
    ``answer`` the mean of the others of the same answer, ``question_before`` the question before that of the
    answer, ``question_after`` that of the next segment, ``place`` where in the transcript and ``step`` where in
    the answer the segment stands. What would lie outside the transcript is zero.

    Parameters
    ----------
    own, question : numpy.ndarray
        Vectors of the segments and of the questions before them, in the order of the transcripts.
    transcript, asked : numpy.ndarray
        Number of the transcript and of the text of the question of every segment.
    """
    names = ("before", "after", "around", "answer", "question_before", "question_after")
    blocks = {name: np.zeros_like(own) for name in names}
    blocks |= {"place": np.zeros((len(own), _PLACES)), "step": np.zeros((len(own), 2 * _STEPS))}
    order = np.argsort(transcript, kind="stable")
    ends = np.flatnonzero(np.diff(transcript[order])) + 1
    for rows in np.split(order, ends) if len(order) else []:
        inside = _Transcript(own=own[rows], question=question[rows], asked=asked[rows])
        for name, block in blocks.items():
            block[rows] = getattr(inside, name)()
    return blocks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Transcript:
    """Vectors of one transcript in its order, and the numbers of its questions."""

    own: Matrix
    question: Matrix
    asked: Rows

    def before(self) -> Matrix:
        return self._shifted(_NEAR)

    def after(self) -> Matrix:
        return self._shifted({-step: weight for step, weight in _NEAR.items()})

    def around(self) -> Matrix:
        return self._shifted({s: 1 / (2 * _AROUND) for s in range(-_AROUND, _AROUND + 1) if s})

    def answer(self) -> Matrix:
        starts, number = self._answers()
        sizes = np.diff(np.append(starts, len(self.own)))[number][:, None]
        others: Matrix = np.add.reduceat(self.own, starts)[number] - self.own
        return np.where(sizes > 1, others / np.maximum(sizes - 1, 1), 0.0)

    def question_before(self) -> Matrix:
        starts, number = self._answers()
        earlier = np.concatenate([np.zeros((1, self.question.shape[1])), self.question[starts[:-1]]])
        found: Matrix = earlier[number]
        return found

    def question_after(self) -> Matrix:
        return np.concatenate([self.question[1:], np.zeros((1, self.question.shape[1]))])

    def place(self) -> Matrix:
        """As overlapping bumps: guides have an order."""
        count = len(self.own)
        at = np.linspace(0.0, 1.0, count) if count > 1 else np.array([0.5])
        return _bumps(at, np.linspace(0.0, 1.0, _PLACES), width=_PLACE_WIDTH)

    def step(self) -> Matrix:
        """How many segments of the answer came before, and how many come after, by their logarithms."""
        starts, number = self._answers()
        ends = np.append(starts[1:], len(self.own))
        here, centres = np.arange(len(self.own)), np.linspace(0.0, _MOST_STEPS, _STEPS)
        sides = (here - starts[number], ends[number] - 1 - here)
        return np.concatenate([_bumps(np.log1p(n), centres, width=_STEP_WIDTH) for n in sides], axis=1)

    def _answers(self) -> tuple[Rows, Rows]:
        """Return the first row of every answer, and the number of the answer of every row."""
        starts = np.append(0, np.flatnonzero(np.diff(self.asked)) + 1)
        return starts, np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(self.asked))))

    def _shifted(self, weights: Mapping[int, float]) -> Matrix:
        """Return the weighted sum of the segments so many steps before (after where negative)."""
        total = np.zeros_like(self.own)
        for step, weight in weights.items():
            if 0 < step < len(self.own):
                total[step:] += weight * self.own[:-step]
            elif 0 < -step < len(self.own):
                total[:step] += weight * self.own[-step:]
        return total


def _bumps(values: Matrix, centres: Matrix, *, width: float) -> Matrix:
    bumps: Matrix = np.exp(-(((values[:, None] - centres) / width) ** 2) / 2)
    return bumps
