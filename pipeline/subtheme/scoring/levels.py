"""The table by level of the participants: front-line workers against managers, beside the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from subtheme.errors import InputError, Problem
from subtheme.nouns import Level, is_majority
from subtheme.scoring.cell import State, percent
from subtheme.scoring.table import ResultTable

WORKERS_AND_MANAGERS: Mapping[str, tuple[str, ...]] = {
    "front-line workers": (Level.FRONT_LINE_WORKER.value,),
    "managers": (Level.FRONT_LINE_MANAGER.value, Level.SENIOR_MANAGER.value),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LevelTable:
    """Cells counted within groups of levels.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row per sub-theme, case and group: `sub_theme`, `case`, `group`, `participants_describing`, `participants`,
        `unread` (of those who do not describe it), `percent`, `present` (by strict majority of the group, of what has
        been read), `state` (``present``, ``absent`` or ``open``, as of a cell) and `differs` (from the whole case).
        `present` and `state` are missing where the group is empty, `differs` also where group or case is open.
    notes : tuple of str
        Participants who are in no group.
    """

    frame: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def disagreements(self) -> pd.DataFrame:
        """The rows whose group answers otherwise than its whole case, both settled."""
        return self.frame[self.frame["differs"].fillna(value=False).astype(bool)].reset_index(drop=True)

    def as_dict(self) -> dict[str, Any]:
        """Return the rows as plain values; None where a group is empty."""
        frame = self.frame.astype(object)
        return {"rows": frame.where(frame.notna(), None).to_dict("records"), "notes": list(self.notes)}


def by_level(
    table: ResultTable,
    *,
    read: frozenset[tuple[str, str]] | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
) -> LevelTable:
    """Return every cell of `table` by groups of levels.

    Review stops asking once a cell is settled; the groups of that cell may be open all the same.

    Parameters
    ----------
    table : ResultTable
    read : frozenset of (participant, sub-theme), optional
        Pairs that have been read; None for all.
    groups : mapping of str to sequence of str, optional
        Levels of every group; by default front-line workers against managers of both kinds.

    Raises
    ------
    InputError
        If a level stands in two groups.
    """
    groups = WORKERS_AND_MANAGERS if groups is None else groups
    group_of: dict[str, str] = {}
    problems = []
    for group, levels in groups.items():
        for level in levels:
            if level in group_of:
                problems.append(
                    Problem(
                        what=f"level '{level}' stands in the groups '{group_of[level]}' and '{group}'",
                        expected="every level in one group",
                    )
                )
            group_of[level] = group
    if problems:
        raise InputError(problems)
    unread = _unread(table, read, group_of)
    rows = []
    for cell in table.cells:
        for group in groups:
            counts = [x for x in cell.levels if group_of.get(x.level) == group]
            describing, participants = sum(x.describing for x in counts), sum(x.participants for x in counts)
            present = is_majority(describing, participants) if participants else None
            left = unread.get((cell.case, cell.sub_theme, group), 0)
            is_open = not present and is_majority(describing + left, participants)
            state = None if present is None else "open" if is_open else "present" if present else "absent"
            is_settled = state in {"present", "absent"} and cell.state is not State.OPEN
            rows.append(
                {
                    "sub_theme": cell.sub_theme,
                    "case": cell.case,
                    "group": group,
                    "participants_describing": describing,
                    "participants": participants,
                    "unread": left,
                    "percent": percent(describing, participants),
                    "present": present,
                    "state": state,
                    "differs": present != cell.present if is_settled else None,
                }
            )
    frame = pd.DataFrame(rows).astype({"present": "boolean", "differs": "boolean", "percent": "Float64"})
    people = table.presence.participants
    outside = people[~people["level"].isin(group_of)]
    notes = () if outside.empty else (f"in no group: {', '.join(outside['participant'])}",)
    return LevelTable(frame=frame, notes=notes)


def _unread(
    table: ResultTable, read: frozenset[tuple[str, str]] | None, group_of: Mapping[str, str]
) -> dict[tuple[str, str, str], int]:
    """Return how many participants of a case and a group are not read for a sub-theme and do not describe it yet."""
    frame = table.presence.frame
    if read is None:
        return {}
    silent = frame[~frame["describes"]]
    left = silent[[pair not in read for pair in zip(silent["participant"], silent["sub_theme"], strict=True)]]
    grouped = left.assign(group=left["level"].map(group_of)).groupby(["case", "sub_theme", "group"]).size()
    return {(c, s, g): int(n) for c, s, g, n in grouped.reset_index(name="n").itertuples(index=False)}
