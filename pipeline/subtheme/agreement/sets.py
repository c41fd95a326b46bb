"""Agreement on sets of codes: one unit may carry several codes, or none."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from subtheme.agreement.alpha import DistanceAlpha
from subtheme.agreement.coefficient import Coefficient
from subtheme.agreement.measure import coefficient
from subtheme.agreement.ratings import MISSING, FloatArray, Ratings
from subtheme.errors import InputError, Problem

SetDistance: TypeAlias = Literal["jaccard", "masi-2006", "passonneau-2004", "jaccard-times-passonneau-2004"]
CodeSet: TypeAlias = Iterable[str] | None


def set_distance(first: Iterable[str], second: Iterable[str], *, distance: SetDistance = "jaccard") -> float:
    """Return how far two sets of codes lie apart, from 0 (equal) to 1 (nothing in common).

    Two empty sets are equal: that neither coder coded a unit is a decision.

    Parameters
    ----------
    distance : {"jaccard", "masi-2006", "passonneau-2004", "jaccard-times-passonneau-2004"}
        ``jaccard``: 1 - J with J = shared / all. ``passonneau-2004``: 0 equal, 1/3 one within the
        other, 2/3 overlapping, 1 apart. ``masi-2006``: 1 - J x (1, 2/3, 1/3, 0) in the same four
        situations. The last is the product of the first two, which DKPro calls MASI.

    Raises
    ------
    InputError
        For an unknown distance.

    References
    ----------
    Passonneau, R. (2006). Measuring agreement on set-valued items (MASI), LREC.

    Examples
    --------
    >>> [round(set_distance("A", "AB", distance=d), 3) for d in ("jaccard", "masi-2006", "passonneau-2004")]
    [0.5, 0.667, 0.333]
    """
    one, two = set(first), set(second)
    names = sorted(one | two)
    members = np.array([[name in each for name in names] for each in (one, two)], dtype=bool)
    return float(distances(members.reshape(2, len(names)), distance=distance)[0, 1])


def set_alpha(
    units: Sequence[Sequence[CodeSet]],
    *,
    distance: SetDistance = "jaccard",
    weights: npt.ArrayLike | None = None,
) -> Coefficient:
    """Return Krippendorff's alpha over sets of codes.

    Parameters
    ----------
    units : sequence of rows
        One set of codes per coder; an empty set where the coder read the unit and coded nothing,
        None where the coder did not read it.
    distance : str
        See `set_distance`.
    weights : array of shape (units,), optional
        Sampling weights.

    Raises
    ------
    InputError
        For rows of unequal length or an unknown distance.

    Examples
    --------
    >>> round(set_alpha([["", ""], ["A", ""], ["A", "A"], ["A", "B"], ["AB", "A"], ["AB", "AC"], ["ABC", "ABC"],
    ...                  ["C", "AC"], ["C", "AC"]], distance="passonneau-2004").value, 3)
    0.186
    """
    position: dict[AbstractSet[str] | None, int] = {None: MISSING}
    rows: list[list[int]] = []
    for row in units:
        cells = [None if cell is None else frozenset(cell) for cell in row]
        rows.append([position.setdefault(cell, len(position) - 1) for cell in cells])
    if len({len(row) for row in rows}) > 1:
        raise InputError(
            Problem(what="rows of unequal length", where="sets of codes", expected="one set per coder in every row")
        )
    found = [cell for cell in position if cell is not None]
    codes = np.array(rows, dtype=np.int64).reshape(len(rows), len(rows[0]) if rows else 0)
    ratings = Ratings.of(Ratings(codes=codes, categories=tuple(map(_written, found))), weights=weights)
    names = sorted(frozenset().union(*found))
    members = np.array([[name in cell for name in names] for cell in found], dtype=bool).reshape(len(found), len(names))
    measure = DistanceAlpha(distance=distances(members, distance=distance), name=f"alpha over sets, {distance}")
    return coefficient(measure, ratings, reason="every coder gave every unit the same set of codes")


def distances(members: npt.NDArray[np.bool_], *, distance: SetDistance) -> FloatArray:
    """Return the distances between all rows of `members`, shape (sets, sets).

    Raises
    ------
    InputError
        For an unknown distance.
    """
    if distance not in get_args(SetDistance):
        raise InputError(
            Problem(
                what=f"unknown distance '{distance}'",
                where="sets of codes",
                expected=f"one of {', '.join(get_args(SetDistance))}",
            )
        )
    inside = members.astype(np.float64)
    size = inside.sum(axis=1)
    shared = inside @ inside.T
    union = size[:, None] + size[None, :] - shared
    jaccard = np.divide(shared, union, out=np.ones_like(shared), where=union > 0)
    if distance == "jaccard":
        return np.asarray(1.0 - jaccard)
    within = shared == np.minimum(size[:, None], size[None, :])
    equal = within & (size[:, None] == size[None, :])
    # The empty set is part of every other set.
    step = np.select([equal, within, shared == 0], [0.0, 1 / 3, 1.0], default=2 / 3)
    table = {
        "masi-2006": 1.0 - jaccard * (1.0 - step),
        "passonneau-2004": step,
        "jaccard-times-passonneau-2004": (1.0 - jaccard) * step,
    }
    return np.asarray(table[distance], dtype=np.float64)


def _written(cell: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(cell))
