"""The expected table: what review is likely to find, before it is complete. An expectation, never a result."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from subtheme.errors import InputError, Problem
from subtheme.nouns import is_majority
from subtheme.scoring.presence import Presence
from subtheme.scoring.table import ResultTable

HEADING = "EXPECTATION, NOT A RESULT: from calibrated probabilities of segments that nobody has read"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedTotal:
    """How many cells of a group are expected to be present.

    Attributes
    ----------
    id : str
    of : int
    mean : float
        Expected number of present cells.
    low, high : int
        Interval that holds the number with at least the asked probability, equal tails: cells are independent given an
        outlook, and the outlooks differ from draw to draw.
    """

    id: str
    of: int
    mean: float
    low: int
    high: int

    def as_dict(self) -> dict[str, Any]:
        """Return the total as plain values, the mean with two decimals."""
        return {"id": self.id, "of": self.of, "mean": round(self.mean, 2), "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExpectedTable:
    """Chance of presence of every cell, and expected totals.

    Attributes
    ----------
    cells : pandas.DataFrame
        `case`, `sub_theme`, `probability` that the cell is present.
    overall : ExpectedTotal
    cases, themes : tuple of ExpectedTotal
    level : float
        Probability that the intervals are made for.
    """

    cells: pd.DataFrame
    overall: ExpectedTotal
    cases: tuple[ExpectedTotal, ...]
    themes: tuple[ExpectedTotal, ...]
    level: float

    @property
    def heading(self) -> str:
        """What must stand above every copy of this table."""
        return HEADING

    def probability(self, case: str, sub_theme: str) -> float:
        """Return the probability that the cell is present."""
        row = self.cells[(self.cells["case"] == case) & (self.cells["sub_theme"] == sub_theme)]
        return float(row["probability"].iloc[0])

    def as_text(self) -> str:
        """Return the totals as plain text under the heading."""
        return "\n".join(
            [
                HEADING,
                *(
                    f"  {t.id}: {t.mean:.1f} of {t.of} cells expected to be present, {t.low} to {t.high} "
                    f"at {100 * self.level:.0f} %"
                    for t in (*self.cases, self.overall)
                ),
            ]
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the table as plain values under its heading."""
        return {
            "heading": HEADING,
            "level": self.level,
            "overall": self.overall.as_dict(),
            "cases": [t.as_dict() for t in self.cases],
            "themes": [t.as_dict() for t in self.themes],
            "cells": [
                {"case": c, "sub_theme": s, "probability": round(float(p), 4)}
                for c, s, p in self.cells[["case", "sub_theme", "probability"]].itertuples(index=False)
            ],
        }


def number_present(chances: Floats) -> Floats:
    """Return the distribution of the number of successes of independent trials (Poisson-binomial).

    >>> number_present(np.array([0.5, 0.5])).tolist()
    [0.25, 0.5, 0.25]
    """
    numbers = np.zeros(len(chances) + 1)
    numbers[0] = 1.0
    for chance in chances:
        one_more = numbers[:-1] * chance
        numbers *= 1 - chance
        numbers[1:] += one_more
    return numbers


def cell_chances(
    presence: Presence, chances: pd.DataFrame, *, read: frozenset[tuple[str, str]] = frozenset()
) -> pd.DataFrame:
    """Return the probability of a majority in every cell, participants taken for independent.

    Parameters
    ----------
    presence : Presence
        What is confirmed; these participants describe the sub-theme for certain.
    chances : pandas.DataFrame
        `participant`, `sub_theme`, `probability` that the participant describes it; any pair that is neither confirmed
        nor read must be there.
    read : frozenset of (participant, sub-theme), optional
        Pairs that have been read: what is not confirmed there is absent for certain.

    Raises
    ------
    InputError
        If an undecided pair has no probability, or one outside [0, 1].
    """
    known = dict(
        zip(zip(chances["participant"], chances["sub_theme"], strict=True), chances["probability"], strict=True)
    )
    rows, problems = [], []
    for case in presence.cases:
        members = presence.members(case)
        for row in (r.id for r in presence.rows):
            values = []
            for person in members:
                pair = (person, row)
                value = 1.0 if pair in presence.pairs else 0.0 if pair in read else float(known.get(pair, np.nan))
                if not 0 <= value <= 1:
                    problems.append(_no_chance(person, row))
                values.append(value)
            numbers = number_present(np.array(values))
            majority = [is_majority(k, len(members)) for k in range(len(numbers))]
            rows.append({"case": case, "sub_theme": row, "probability": min(1.0, float(numbers[majority].sum()))})
    if problems:
        raise InputError(problems)
    return pd.DataFrame(rows)


def expected_table(
    table: ResultTable, chances: pd.DataFrame, *, draws: pd.DataFrame | None = None, level: float = 0.9
) -> ExpectedTable:
    """Return expected totals from the probability of every open cell.

    Parameters
    ----------
    table : ResultTable
        The table as it stands; its settled cells are certain.
    chances : pandas.DataFrame
        `case`, `sub_theme` and `probability` (or `chance`) of the open cells: from `cell_chances`, or the cells of
        a review queue, whose participants share an unknown rate.
    draws : pandas.DataFrame, optional
        `case`, `sub_theme` and one column of chances for every outlook that what is known leaves room for. Where a cell
        is among them, its probability is their mean; without them cells are taken for independent, and intervals are
        too narrow.
    level : float
        Probability of the intervals, in (0, 1).

    Raises
    ------
    InputError
        If an open cell has no probability, or `level` is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise InputError(
            Problem(what=f"an interval level of {level}", expected="a number between 0 and 1, such as 0.9")
        )
    column = "probability" if "probability" in chances.columns else "chance"
    known = dict(zip(zip(chances["case"], chances["sub_theme"], strict=True), chances[column], strict=True))
    drawn = {} if draws is None else {(row[0], row[1]): np.array(row[2:]) for row in draws.itertuples(index=False)}
    width = 1 if draws is None else len(draws.columns) - 2
    rows, problems = [], []
    values = np.zeros((width, len(table.cells)))
    for number, cell in enumerate(table.cells):
        certain = {"present": 1.0, "absent": 0.0}.get(cell.state.value)
        single = float(known.get((cell.case, cell.sub_theme), np.nan)) if certain is None else certain
        # A settled cell is certain only as far as nobody says otherwise: the draws know what answers are worth.
        values[:, number] = drawn.get((cell.case, cell.sub_theme), single)
        if not ((values[:, number] >= 0) & (values[:, number] <= 1)).all():
            problems.append(_no_chance(cell.case, cell.sub_theme))
        rows.append({"case": cell.case, "sub_theme": cell.sub_theme, "probability": float(values[:, number].mean())})
    if problems:
        raise InputError(problems)
    cells = pd.DataFrame(rows)
    theme = cells["sub_theme"].map(table.theme_of)

    def total(identifier: str, is_of: pd.Series | None = None) -> ExpectedTotal:
        return _expected(identifier, values if is_of is None else values[:, is_of.to_numpy()], level)

    return ExpectedTable(
        cells=cells,
        overall=total("overall"),
        cases=tuple(total(t.id, cells["case"] == t.id) for t in table.cases),
        themes=tuple(total(t.id, theme == t.id) for t in table.themes),
        level=level,
    )


def _expected(identifier: str, chances: Floats, level: float) -> ExpectedTotal:
    """Return the total of cells whose chances stand in columns, one row for every draw."""
    below = np.mean([number_present(row) for row in chances], axis=0).cumsum()
    tail = (1 - level) / 2
    return ExpectedTotal(
        id=identifier,
        of=chances.shape[1],
        mean=float(chances.sum(1).mean()),
        low=int(np.searchsorted(below, tail, side="right")),
        high=int(np.searchsorted(below, 1 - tail - 1e-12)),
    )


def _no_chance(who: str, sub_theme: str) -> Problem:
    return Problem(
        what=f"no probability in [0, 1] for '{who}' and '{sub_theme}'",
        where="expected table",
        expected="a probability for everything undecided",
        remedy="Make the proposals anew, or read the interviews",
    )
