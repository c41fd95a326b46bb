"""Cells that two coders decide differently, and how far their totals shift."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A cell that two coders decide differently.

    Attributes
    ----------
    case, name : str
    participants : int
        Whom both have read.
    first, second : int
        How many describe it by each coder.
    first_present, second_present : bool
    votes : int
        How many participants would have to change for the two to decide alike.
    """

    case: str
    name: str
    participants: int
    first: int
    second: int
    first_present: bool
    second_present: bool
    votes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """How many cells each of two coders finds present, in one total."""

    kind: str
    name: str
    cells: int
    first: int
    second: int
    shift: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellComparison:
    """Two coders' tables of cells.

    Attributes
    ----------
    id, title, first, second : str
    cells, flipped, shift : int
        `shift` is signed: present cells of the second less those of the first.
    flips : tuple of Flip
    shifts : tuple of Shift
        Overall, then per case, theme and code.
    remarks : tuple of str
        Who is not in the comparison.
    reason : str
        Why there is no comparison.
    """

    id: str
    title: str
    first: str
    second: str
    cells: int
    flipped: int
    shift: int
    flips: tuple[Flip, ...]
    shifts: tuple[Shift, ...]
    remarks: tuple[str, ...]
    reason: str


def cell_comparison(part: Mapping[str, Any], *, name: str) -> CellComparison:
    """Return two coders' cells, read from ``CellAgreement`` as JSON; `name` is their id on the page."""
    first, second = str(part["first"]), str(part["second"])
    names = {str(row["code"]): str(row["name"]) for row in part["table"]}
    # A code that is a theme itself has its total among the themes already.
    themes = {str(row["code"]) for row in part["table"] if row["name"] == row["theme"]}
    return CellComparison(
        id=name,
        title=f"Cells of cases by {part['level']}s, decided from {first} and from {second}",
        first=first,
        second=second,
        cells=int(part["cells"]),
        flipped=int(part["flipped"]),
        shift=int(part["shift"]),
        flips=tuple(
            Flip(
                case=str(row["case"]),
                name=str(row["name"]),
                participants=int(row["participants"]),
                first=int(row["described_first"]),
                second=int(row["described_second"]),
                first_present=bool(row["present_first"]),
                second_present=bool(row["present_second"]),
                votes=min(int(row["votes_first"]), int(row["votes_second"])),
            )
            for row in part["table"]
            if row["flipped"]
        ),
        shifts=tuple(
            Shift(
                kind=str(row["total"]),
                name=names.get(str(row["of"]), str(row["of"])),
                cells=int(row["cells"]),
                first=int(row["first"]),
                second=int(row["second"]),
                shift=int(row["shift"]),
            )
            for row in part["totals"]
            if row["total"] != "code" or str(row["of"]) not in themes
        ),
        remarks=tuple(part["remarks"]),
        reason=str(part["reason"]),
    )
