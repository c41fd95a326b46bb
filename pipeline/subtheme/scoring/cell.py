"""Cell, margin and total: one organisation's answer on one sub-theme, and the sums of such answers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from subtheme.nouns import is_majority


class State(StrEnum):
    """Where a cell stands."""

    PRESENT = "present"
    ABSENT = "absent"
    OPEN = "open"
    """Participants whose interviews have not been read for the sub-theme could still change it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCount:
    """How many participants of one level of a case describe a sub-theme.

    Attributes
    ----------
    level : str
        Level of the participants; empty where unknown.
    describing, participants : int
    """

    level: str
    describing: int
    participants: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One sub-theme in one case.

    Attributes
    ----------
    sub_theme, case : str
    describing : int
        Participants who describe the sub-theme.
    participants : int
        Participants in the denominator.
    unread : int
        Participants whose interviews have not been read for it and who do not describe it yet.
    state : State
    counter_examples : int
        Codings that deny the influence; shown, never counted.
    levels : tuple of LevelCount
        The same counts by level of the participants, sorted by level.
    """

    sub_theme: str
    case: str
    describing: int
    participants: int
    unread: int
    state: State
    counter_examples: int
    levels: tuple[LevelCount, ...]

    @property
    def present(self) -> bool:
        """Whether, by what has been read, more than half of the participants describe the sub-theme."""
        return is_majority(self.describing, self.participants)

    @property
    def percent(self) -> float | None:
        """Participants who describe it in percent, with one decimal; None without participants."""
        return percent(self.describing, self.participants)

    @property
    def margin(self) -> "Margin":
        """How firm the answer is."""
        return Margin(describing=self.describing, participants=self.participants, unread=self.unread, state=self.state)

    def as_dict(self) -> dict[str, Any]:
        """Return the cell as plain values, as in ``score --json``."""
        return {
            "sub_theme": self.sub_theme,
            "case": self.case,
            "present": self.present,
            "state": self.state.value,
            "participants_describing": self.describing,
            "participants": self.participants,
            "percent": self.percent,
            "unread": self.unread,
            "margin": self.margin.as_dict(),
            "counter_examples": self.counter_examples,
            "levels": [
                {"level": x.level, "participants_describing": x.describing, "participants": x.participants}
                for x in self.levels
            ],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """How firm a cell is.

    Attributes
    ----------
    describing, participants, unread : int
    state : State
    """

    describing: int
    participants: int
    unread: int
    state: State

    @property
    def to_flip(self) -> int | None:
        """How many participants must change for the majority to change; None without participants."""
        if self.participants == 0:
            return None
        half = self.participants // 2
        if is_majority(self.describing, self.participants):
            return self.describing - half
        return half + 1 - self.describing

    def __str__(self) -> str:
        """Return the margin in words, such as ``8 of 14 participants, present, flips if 1 changes``."""
        text = f"{self.describing} of {self.participants} participants, {self.state.value}"
        if self.to_flip is None:
            return f"{text}, no participants to count"
        if self.state is State.OPEN:
            return f"{text}, {self.unread} not read for it"
        return f"{text}, flips if {self.to_flip} {'changes' if self.to_flip == 1 else 'change'}"

    def as_dict(self) -> dict[str, Any]:
        """Return the margin as plain values."""
        return {"to_flip": self.to_flip, "text": str(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """How many cells of a group (theme, sub-theme, case, or all) are present.

    Attributes
    ----------
    id, name : str
    present : int
        Cells that are present.
    of : int
        Cells of the group.
    open : int
        Cells of the group that reading can still change.
    """

    id: str
    name: str
    present: int
    of: int
    open: int = 0

    @property
    def percent(self) -> float | None:
        """Present cells in percent, with one decimal; None where there is no cell."""
        return percent(self.present, self.of)

    def as_dict(self) -> dict[str, Any]:
        """Return the total as plain values."""
        return {
            "id": self.id,
            "name": self.name,
            "present": self.present,
            "of": self.of,
            "percent": self.percent,
            "open": self.open,
        }


def percent(part: int, whole: int) -> float | None:
    """Return `part` of `whole` in percent with one decimal, a half rounded up in integers.

    >>> percent(13, 15), percent(1, 16), percent(0, 0)
    (86.7, 6.3, None)
    """
    if whole == 0:
        return None
    return ((2000 * part + whole) // (2 * whole)) / 10
