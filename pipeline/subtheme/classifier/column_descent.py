"""Many small convex problems at once: limited-memory BFGS in which every column keeps its own memory.

One problem per code shares the matrix of predictors with all others, so one product serves them all;
steps and curvature are each column's own. A joint solver would treat the codes as one problem and needs
about three times as many products. Nocedal and Wright (2006), algorithm 7.4, with backtracking.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Objective = Callable[[Matrix, npt.NDArray[np.int64]], tuple[Matrix, Matrix]]
"""Takes points, shape (rows, chosen columns), and the chosen columns; returns values and gradients."""

_MEMORY = 12
_MOST_ITERATIONS = 300
_MOST_HALVINGS = 30
_SUFFICIENT = 1e-4


def minimise_columns(objective: Objective, start: Matrix, *, tolerance: float = 1e-6) -> Matrix:
    """Return the minimising point of every column, shape of `start`.

    Parameters
    ----------
    objective : callable
        Convex and differentiable in every column.
    start : numpy.ndarray
        Shape (rows, columns).
    tolerance : float
        A column is done when a step lowers its value by less than this share of it.
    """
    point = start.copy()
    active = np.arange(start.shape[1])
    value, gradient = objective(point, active)
    steps: list[Matrix] = []
    changes: list[Matrix] = []
    for _ in range(_MOST_ITERATIONS):
        direction = _direction(gradient, steps, changes)
        here = _Place(point=point[:, active], value=value, gradient=gradient)
        there = _searched(objective, here, direction, columns=active)
        moved, new_value, new_gradient = there.point, there.value, there.gradient
        steps = [*steps[-_MEMORY + 1 :], moved - point[:, active]]
        changes = [*changes[-_MEMORY + 1 :], new_gradient - gradient]
        point[:, active] = moved
        open_ = value - new_value > tolerance * np.maximum(np.abs(new_value), 1.0)
        value, gradient = new_value[open_], new_gradient[:, open_]
        active = active[open_]
        if not len(active):
            break
        steps, changes = [s[:, open_] for s in steps], [c[:, open_] for c in changes]
    return point


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Place:
    """A point of every column with its value and gradient there."""

    point: Matrix
    value: Matrix
    gradient: Matrix


def _direction(gradient: Matrix, steps: list[Matrix], changes: list[Matrix]) -> Matrix:
    """Return the quasi-Newton direction of every column by the two-loop recursion."""
    if not steps:
        first: Matrix = -gradient / np.maximum(np.linalg.norm(gradient, axis=0), 1.0)
        return first
    curvatures = [(s * c).sum(axis=0) for s, c in zip(steps, changes, strict=True)]
    # A column that no longer moves has no curvature: its pair then counts for nothing.
    inverse = [np.where(k > 1e-12, 1.0 / np.where(k > 1e-12, k, 1.0), 0.0) for k in curvatures]
    rest: Matrix = gradient.copy()
    shares = []
    for s, c, r in zip(reversed(steps), reversed(changes), reversed(inverse), strict=True):
        share = r * (s * rest).sum(axis=0)
        rest -= share * c
        shares.append(share)
    length = (changes[-1] ** 2).sum(axis=0)
    rest *= np.where((curvatures[-1] > 1e-12) & (length > 0), curvatures[-1] / np.where(length > 0, length, 1.0), 1.0)
    for s, c, r, share in zip(steps, changes, inverse, reversed(shares), strict=True):
        rest += s * (share - r * (c * rest).sum(axis=0))
    downhill: Matrix = -rest
    return downhill


def _searched(objective: Objective, here: _Place, direction: Matrix, *, columns: npt.NDArray[np.int64]) -> _Place:
    """Halve the step of every column until it lowers the value enough; a column that cannot stays where it is."""
    slope = (direction * here.gradient).sum(axis=0)
    size = np.ones(len(columns))
    point = here.point + direction
    value, gradient = objective(point, columns)
    for _ in range(_MOST_HALVINGS):
        worse = np.flatnonzero(value > here.value + _SUFFICIENT * size * slope + 1e-12 * np.abs(here.value))
        if not len(worse):
            break
        size[worse] /= 2
        point[:, worse] = here.point[:, worse] + size[worse] * direction[:, worse]
        value[worse], gradient[:, worse] = objective(point[:, worse], columns[worse])
    stuck = np.flatnonzero(value > here.value)
    point[:, stuck], value[stuck], gradient[:, stuck] = (
        here.point[:, stuck],
        here.value[stuck],
        here.gradient[:, stuck],
    )
    return _Place(point=point, value=value, gradient=gradient)
