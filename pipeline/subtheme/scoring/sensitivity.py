"""Sensitivity and stability: what another rule, or one participant fewer, would make of the table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from subtheme.nouns import is_majority
from subtheme.scoring.cell import Total
from subtheme.scoring.table import ResultTable

Rule = Callable[[int, int], bool]

RULES: Mapping[str, Rule] = {
    "more than half": is_majority,
    "half or more": lambda k, n: n > 0 and 2 * k >= n,
    "two thirds or more": lambda k, n: n > 0 and 3 * k >= 2 * n,
    "anybody": lambda k, n: n > 0 and k >= 1,
}
"""Rules that make a cell present, in integers; none is met where nobody is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The table under one rule.

    Attributes
    ----------
    rule : str
    denominator : str
        ``all`` or ``read``.
    overall : Total
    cases, themes : tuple of Total
    changed : tuple of (case, sub-theme)
        Cells that differ from the first variant, which is the study's own rule.
    """

    rule: str
    denominator: str
    overall: Total
    cases: tuple[Total, ...]
    themes: tuple[Total, ...]
    changed: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the variant as plain values."""
        return {
            "rule": self.rule,
            "denominator": self.denominator,
            "overall": self.overall.as_dict(),
            "cases": [t.as_dict() for t in self.cases],
            "themes": [t.as_dict() for t in self.themes],
            "changed": [{"case": case, "sub_theme": row} for case, row in self.changed],
        }


def sensitivity(*tables: ResultTable, rules: Mapping[str, Rule] = RULES) -> tuple[Variant, ...]:
    """Return the totals under every rule and denominator.

    Parameters
    ----------
    *tables : ResultTable
        The table as reported, and where there are readings the one with the other denominator.
    rules : mapping of str to callable, optional
        Names and predicates of (describing, participants); the first is the study's own.
    """
    variants: list[Variant] = []
    reference: dict[tuple[str, str], bool] = {}
    for table in tables:
        for name, rule in rules.items():
            present = {(c.case, c.sub_theme): rule(c.describing, c.participants) for c in table.cells}
            reference = reference or present
            variants.append(
                Variant(
                    rule=name,
                    denominator=table.denominator,
                    overall=_total(table.overall, present.values()),
                    cases=tuple(_total(t, [p for (c, _), p in present.items() if c == t.id]) for t in table.cases),
                    themes=tuple(
                        _total(t, [p for (_, r), p in present.items() if table.theme_of[r] == t.id])
                        for t in table.themes
                    ),
                    changed=tuple(place for place, p in present.items() if p is not reference[place]),
                )
            )
    return tuple(variants)


def _total(like: Total, present: Any) -> Total:
    values = list(present)
    return Total(id=like.id, name=like.name, present=sum(values), of=len(values))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stability:
    """What leaving out one participant at a time does to the table.

    Attributes
    ----------
    cells : pandas.DataFrame
        One row per cell: `case`, `sub_theme`, `present`, `left_out` (participants tried), `flips` (how many of them
        change the cell), `participants_that_flip` (ids joined by a space). A case of one participant is not tried:
        `flips` is missing.
    totals : pandas.DataFrame
        One row per case and one for ``overall``: `id`, `present`, `lowest`, `highest` over all participants left out.
    """

    cells: pd.DataFrame
    totals: pd.DataFrame

    def flips(self, case: str, sub_theme: str) -> int | None:
        """Return how many participants change the cell when left out; None where that was not tried."""
        row = self.cells[(self.cells["case"] == case) & (self.cells["sub_theme"] == sub_theme)].iloc[0]
        return None if pd.isna(row["flips"]) else int(row["flips"])

    def as_dict(self) -> dict[str, Any]:
        """Return both tables as plain values."""
        cells = self.cells.astype({"flips": object}).where(self.cells["flips"].notna(), None)
        return {"cells": cells.to_dict("records"), "totals": self.totals.to_dict("records")}


def stability(table: ResultTable) -> Stability:
    """Return what every cell and total becomes when one participant is left out, among all participants of the case."""
    presence = table.presence
    frame = presence.frame
    rows = [r.id for r in presence.rows]
    described = frame["describes"].to_numpy().reshape(-1, len(rows))
    names = presence.participants["participant"].to_numpy()
    case_of = presence.participants["case"].to_numpy()
    cells, totals = [], []
    ranges: list[tuple[int, int, int]] = []
    for case in presence.cases:
        who = np.flatnonzero(case_of == case)
        counts, n = described[who].sum(0), len(who)
        now = np.array([is_majority(int(k), n) for k in counts])
        without = [np.array([is_majority(int(k), n - 1) for k in counts - described[p]]) for p in who] if n > 1 else []
        for column, row in enumerate(rows):
            changing = [str(names[p]) for p, then in zip(who, without, strict=False) if then[column] != now[column]]
            cells.append(
                {
                    "case": case,
                    "sub_theme": row,
                    "present": bool(now[column]),
                    "left_out": len(without),
                    "flips": len(changing) if without else None,
                    "participants_that_flip": " ".join(changing),
                }
            )
        sums = [int(then.sum()) for then in without] or [int(now.sum())]
        ranges.append((int(now.sum()), min(sums), max(sums)))
        totals.append({"id": case, "present": ranges[-1][0], "lowest": ranges[-1][1], "highest": ranges[-1][2]})
    whole = sum(r[0] for r in ranges)
    totals.append(
        {
            "id": "overall",
            "present": whole,
            "lowest": whole + min(low - now for now, low, _ in ranges),
            "highest": whole + max(high - now for now, _, high in ranges),
        }
    )
    frame_of_cells = pd.DataFrame(cells)
    frame_of_cells["flips"] = frame_of_cells["flips"].astype("Int64")
    return Stability(cells=frame_of_cells, totals=pd.DataFrame(totals))
