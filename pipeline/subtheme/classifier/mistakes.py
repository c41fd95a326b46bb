"""Mistakes: which code is taken for which, and with whom they happen, by segment and by presence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from subtheme.classifier.metrics import f1_of

Matrix = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Segments coded with `code` that were proposed `taken_for`, which they are not coded with, and not `code`."""

    code: str
    taken_for: str
    count: int

    def as_dict(self) -> dict[str, Any]:
        """Return the confusion for JSON and for the report."""
        return {"code": self.code, "taken_for": self.taken_for, "count": self.count}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMistakes:
    """Mistakes with the participants who share a value of an attribute.

    Attributes
    ----------
    attribute, value : str
        Such as ``case`` and ``HO1``.
    participants, segments : int
    precision, recall, f1 : float
        Of proposed segments, over all codes; NaN where not defined.
    presences : int
        (participant, code) pairs that are coded.
    presences_missed, presences_invented : int
        Pairs that are coded and nowhere proposed, and pairs that are proposed and nowhere coded: what
        proposals that nobody checks would do to the table.
    """

    attribute: str
    value: str
    participants: int
    segments: int
    precision: float
    recall: float
    f1: float
    presences: int
    presences_missed: int
    presences_invented: int

    def as_dict(self) -> dict[str, Any]:
        """Return the mistakes for JSON and for the report."""
        return {name: getattr(self, name) for name in self.__slots__}


def confusions(codes: tuple[str, ...], Y: Matrix, proposed: Flags, *, most: int = 10) -> tuple[Confusion, ...]:
    """Return the commonest confusions, the commonest first; ties in the order of the codes."""
    missed, invented = (Y > 0) & ~proposed, (Y == 0) & proposed
    counts = missed.T.astype(np.int64) @ invented.astype(np.int64)
    order = np.argsort(-counts, axis=None, kind="stable")[:most]
    pairs = [divmod(int(place), len(codes)) for place in order]
    return tuple(
        Confusion(code=codes[a], taken_for=codes[b], count=int(counts[a, b])) for a, b in pairs if counts[a, b] > 0
    )


def mistakes_by_attribute(
    Y: Matrix,
    proposed: Flags,
    participants: npt.NDArray[np.str_],
    attributes: Mapping[str, Mapping[str, str]],
) -> tuple[GroupMistakes, ...]:
    """Return the mistakes for every value of every attribute that has several.

    Parameters
    ----------
    Y : numpy.ndarray
        1 for coded, 0 for not coded, shape (rows, codes).
    proposed : numpy.ndarray
        Whether a pair was proposed, same shape.
    participants : numpy.ndarray
        Of every row.
    attributes : mapping
        Name of an attribute to the value of every participant; an empty value is left out.
    """
    found = []
    for attribute, value_of in attributes.items():
        values = np.array([value_of.get(p, "") for p in participants])
        names = sorted(set(values) - {""})
        if len(names) > 1:
            found += [
                _mistakes(attribute, name, Y[values == name], proposed[values == name], participants[values == name])
                for name in names
            ]
    return tuple(found)


def _mistakes(
    attribute: str, value: str, Y: Matrix, proposed: Flags, participants: npt.NDArray[np.str_]
) -> GroupMistakes:
    hits, said, coded = float((Y * proposed).sum()), float(proposed.sum()), float(Y.sum())
    people, place = np.unique(participants, return_inverse=True)
    described, claimed = (np.zeros((len(people), Y.shape[1])) for _ in range(2))
    np.maximum.at(described, place, Y)
    np.maximum.at(claimed, place, proposed.astype(np.float64))
    return GroupMistakes(
        attribute=attribute,
        value=value,
        participants=len(people),
        segments=len(Y),
        precision=hits / said if said else float("nan"),
        recall=hits / coded if coded else float("nan"),
        f1=float(f1_of(np.array([hits]), np.array([said]), np.array([coded]))[0]),
        presences=int(described.sum()),
        presences_missed=int(((described > 0) & (claimed == 0)).sum()),
        presences_invented=int(((described == 0) & (claimed > 0)).sum()),
    )
