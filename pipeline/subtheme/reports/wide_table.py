"""The table as it goes into a paper: sub-themes by cases, with totals for every theme, case and overall."""

import pandas as pd

from subtheme.scoring import Cell, ResultTable, State, Total

_MARKS = {State.PRESENT: "●", State.ABSENT: "○", State.OPEN: "?"}


def wide_table(table: ResultTable) -> pd.DataFrame:
    """Return one row for every sub-theme and one column for every case, as text.

    A filled circle says that the majority describes it, an empty one that it does not, a question mark that the cell is
    open; behind it stands how many of how many. A theme has a row of its own only where it is more than its one
    sub-theme.
    """
    cases = [case.id for case in table.cases]
    rows = []
    for theme in table.themes:
        own = [row for row in table.sub_themes if table.theme_of[row.id] == theme.id]
        if [row.id for row in own] != [theme.id] and len(table.themes) < len(table.sub_themes):
            rows.append([theme.name, *[""] * len(cases), _of(theme)])
        for row in own:
            cells = [_cell(table.cell(case, row.id)) for case in cases]
            rows.append([row.name, *cells, _of(row)])
    rows.append(["All", *(_of(case) for case in table.cases), _of(table.overall)])
    return pd.DataFrame(rows, columns=["Sub-theme", *cases, "Total"])


def _cell(cell: Cell) -> str:
    return f"{_MARKS[cell.state]} {cell.describing}/{cell.participants}"


def _of(total: Total) -> str:
    return f"{total.present} of {total.of}" + (f", {total.open} open" if total.open else "")
