"""Agreement of the decision: which cells of the case by code table differ between two codings."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from subtheme.agreement.coded_units import CodedUnits
from subtheme.agreement.levels import CodeName
from subtheme.nouns import is_majority

CELL_COLUMNS = (
    "case",
    "code",
    "name",
    "theme",
    "participants",
    "of_case",
    "described_first",
    "described_second",
    "present_first",
    "present_second",
    "flipped",
    "votes_first",
    "votes_second",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellAgreement:
    """Two coders' tables of cases by codes, decided by majority of the participants both have judged.

    Attributes
    ----------
    first, second : str
        Coders.
    level : str
        Level of the codebook.
    table : DataFrame
        One row per cell: participants that both judged, ``of_case`` how many the case has, how many
        each coder found to describe the code, whether that is a majority, ``flipped``, and
        ``votes_*``: how many participants would have to change for the cell to change.
    totals : DataFrame
        Present cells by each coder and the signed ``shift`` (second less first), overall, per case,
        theme and code.
    not_compared : tuple of str
        Cases without a participant that both have judged.
    not_compared_for : tuple of (str, str)
        Case and name of the code, where nobody was judged by both for this one, such as a code that came later.
    without_case : tuple of str
        Participants that both have judged and that belong to no case.
    reason : str
        Why there is no table; empty where there is one.
    """

    first: str
    second: str
    level: str
    table: pd.DataFrame = field(repr=False)
    totals: pd.DataFrame = field(repr=False)
    not_compared: tuple[str, ...] = ()
    not_compared_for: tuple[tuple[str, str], ...] = ()
    without_case: tuple[str, ...] = ()
    reason: str = ""

    @property
    def cells(self) -> int:
        """Number of cells that are compared."""
        return len(self.table)

    @property
    def flipped(self) -> int:
        """Number of cells that differ."""
        return int(self.table["flipped"].sum())

    @property
    def shift(self) -> int:
        """Present cells of the second coder less those of the first."""
        return int(self.table["present_second"].sum()) - int(self.table["present_first"].sum())

    @property
    def remarks(self) -> tuple[str, ...]:
        """Who is not in the comparison, in sentences."""
        lines = []
        partial = self.table[self.table["participants"] < self.table["of_case"]]
        if len(partial):
            counts = [
                f"{case}: {_from_to(rows['participants'])} of {rows['of_case'].iloc[0]}"
                for case, rows in self.table[self.table["case"].isin(partial["case"])].groupby("case")
            ]
            lines.append(f"Not all participants were judged by both ({', '.join(counts)}).")
        if self.without_case:
            lines.append(f"Without a case, and left out: {', '.join(self.without_case)}.")
        if self.not_compared:
            lines.append(f"No participant was judged by both in {', '.join(self.not_compared)}.")
        for name in dict.fromkeys(name for _, name in self.not_compared_for):
            cases = ", ".join(case for case, other in self.not_compared_for if other == name)
            lines.append(f"No participant was judged by both for {name} in {cases}.")
        return tuple(lines)

    def name_of(self, total: str) -> str:
        """Return the name of a row of `totals`: of a code its name, of a case or theme itself."""
        names = dict(zip(self.table["code"].tolist(), self.table["name"].tolist(), strict=True))
        return str(names.get(total, total))

    def as_dict(self) -> dict[str, object]:
        """Return the cells for ``--json``."""
        return {
            "first": self.first,
            "second": self.second,
            "level": self.level,
            "cells": self.cells,
            "flipped": self.flipped,
            "shift": self.shift,
            "table": self.table.to_dict("records"),
            "totals": self.totals.to_dict("records"),
            "not_compared": list(self.not_compared),
            "not_compared_for": [list(pair) for pair in self.not_compared_for],
            "without_case": list(self.without_case),
            "remarks": list(self.remarks),
            "reason": self.reason,
        }


def votes_to_flip(present: int, participants: int) -> int:
    """Return how many participants would have to change for the majority to change.

    >>> votes_to_flip(8, 14), votes_to_flip(7, 14), votes_to_flip(0, 3)
    (1, 1, 2)
    """
    half = participants // 2
    return present - half if is_majority(present, participants) else half + 1 - present


def cell_agreement(
    judgements: CodedUnits,
    participants: pd.DataFrame,
    names: Sequence[CodeName],
    *,
    first: str,
    second: str,
    level: str,
) -> CellAgreement:
    """Return which cells of the case by code table differ between two coders.

    A cell is present when more than half of the participants describe the code, in integers. Both
    coders are counted over the same participants: those that both have judged in full.

    Parameters
    ----------
    judgements : CodedUnits
        Of participants (`CodedUnits.by_participant`), at one level of the codebook.
    participants : DataFrame
        `PARTICIPANTS`.
    names : sequence of CodeName
        One per code of `judgements`.
    first, second : str
        Coders.
    level : str
    """
    pair = judgements.of_coders([first, second])
    case_of = dict(zip(participants["participant"].tolist(), participants["case"].tolist(), strict=True))
    of_case = Counter(map(str, participants["case"]))
    cases = np.array([case_of.get(str(unit), "") for unit in pair.units], dtype=object)
    both = pair.judged_for.all(axis=0)
    rows = []
    skipped, without = [], []
    for case in sorted(of_case):
        inside = both & (cases == case)
        if not inside.any():
            skipped.append(case)
            continue
        described = (pair.found & inside).sum(axis=2)
        for i, name in enumerate(names):
            n = int(inside[i].sum())
            if not n:
                without.append((case, name.name))
                continue
            one, two = int(described[0, i]), int(described[1, i])
            here, there = is_majority(one, n), is_majority(two, n)
            found = (case, name.code, name.name, name.theme, n, of_case[case], one, two, here, there)
            rows.append((*found, here != there, votes_to_flip(one, n), votes_to_flip(two, n)))
    table = pd.DataFrame(rows, columns=list(CELL_COLUMNS))
    return CellAgreement(
        first=first,
        second=second,
        level=level,
        table=table,
        totals=_totals(rows),
        not_compared=tuple(skipped),
        not_compared_for=tuple(without),
        without_case=tuple(str(unit) for unit in pair.units[both.any(axis=0) & (cases == "")]),
        reason="" if rows else "no participant was judged in full by both",
    )


def _from_to(counts: "pd.Series[int]") -> str:
    """Return a count that may differ by code: ``3``, or ``1 to 3``."""
    low, high = int(counts.min()), int(counts.max())
    return str(low) if low == high else f"{low} to {high}"


def _totals(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    """Add up rows of `CELL_COLUMNS`: overall, then per case, theme and code."""
    sums: dict[tuple[str, str], list[int]] = {("overall", ""): [0, 0, 0, 0]}
    for kind, column in (("case", 0), ("theme", 3), ("code", 1)):
        sums |= {(kind, str(name)): [0, 0, 0, 0] for name in dict.fromkeys(row[column] for row in rows)}
    for case, code, _, theme, *_, here, there, flipped, _, _ in rows:
        for key in (("overall", ""), ("case", case), ("theme", theme), ("code", code)):
            for i, one in enumerate((1, here, there, flipped)):
                sums[key][i] += one
    totals = [(*key, cells, one, two, two - one, flipped) for key, (cells, one, two, flipped) in sums.items()]
    return pd.DataFrame(totals, columns=["total", "of", "cells", "first", "second", "shift", "flipped"])
