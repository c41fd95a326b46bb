"""One sheet: its cells as texts, row by row as they stand in the file, and which of them are merged."""

from collections.abc import Collection
from dataclasses import dataclass, field

from subtheme.errors import InputError, Problem, shown
from subtheme.nouns import folded
from subtheme.tablefiles.table_file import TableFile

_MOST_TITLES = 30
"""Filled rows among which the headings are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Cells that a workbook shows as one; rows and columns count from 1, the last ones belong to it.

    Attributes
    ----------
    first_row, last_row, first_column, last_column : int
    """

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Cells of one sheet.

    Attributes
    ----------
    name : str
        File, and sheet where there are several, for messages.
    rows : tuple of tuple of str
        Every row of the file, empty ones too, so that the first is row 1; they may differ in length.
    merged : tuple of Merged
        In the order of the file; only a workbook has any.
    """

    name: str
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    merged: tuple[Merged, ...] = ()

    def heading(self, known: Collection[str] = ()) -> int:
        """Return the number of the row of headings.

        It is the one of the first rows that holds most of the `known` headings (the first of them where
        several hold as many), whatever the case of letters; rows above it are a title. Where no row holds
        two of them, it is the first row that is not empty.

        Raises
        ------
        InputError
            If no cell holds anything.
        """
        filled = [n for n, cells in enumerate(self.rows, start=1) if any(c.strip() for c in cells)]
        if not filled:
            raise InputError(
                Problem(what="the table is empty", where=self.name, expected="a row of headings and rows below it")
            )
        best = max(filled[:_MOST_TITLES], key=lambda n: self._known_in(n, known))
        return best if self._known_in(best, known) > 1 else filled[0]

    def holds(self, known: Collection[str]) -> int:
        """Return how many of the `known` headings the row of headings holds; 0 where the sheet is empty."""
        return self._known_in(self.heading(known), known) if any(map(any, self.rows)) else 0

    def _known_in(self, number: int, known: Collection[str]) -> int:
        return len({folded(k) for k in known} & {folded(c) for c in self.rows[number - 1]})

    def table(self, known: Collection[str] = ()) -> TableFile:
        """Return the rows below the headings, which `heading` finds.

        A cell that is merged over several rows stands in each of them.

        Raises
        ------
        InputError
            If the table is empty, two columns have one heading, or a row has more cells than there are headings.
        """
        heading = self.heading(known)
        headings = [h.strip() for h in self.rows[heading - 1]]
        while not headings[-1]:
            headings.pop()
        named = [folded(h) for h in headings]
        problems = [
            Problem(
                what=f"columns {first} and {again} are both headed {shown(headings[again - 1])}",
                where=self.name,
                expected="each heading once",
            )
            for again, name in enumerate(named, start=1)
            if name and (first := named.index(name) + 1) != again
        ]
        width = len(headings)
        below = self._below(heading)
        for number, cells in below.items():
            if any(c.strip() for c in cells[width:]):
                filled = max(n for n, c in enumerate(cells, start=1) if c.strip())
                problems.append(
                    Problem(
                        what=f"{filled} cells under {width} headings",
                        where=f"{self.name}, row {number}",
                        expected="as many cells as headings",
                        remedy="Give the column a heading; in a .csv, a cell that holds the delimiter needs "
                        "quotation marks around it",
                    )
                )
        if problems:
            raise InputError(problems[:50])
        return TableFile(
            name=self.name,
            heading=heading,
            headings=tuple(headings),
            rows=tuple((*cells[:width], *([""] * (width - len(cells)))) for cells in below.values()),
            numbers=tuple(below),
        )

    def _below(self, heading: int) -> dict[int, list[str]]:
        """Return the rows below the headings that are not empty, by their number, merged cells filled."""
        rows = {n: list(cells) for n, cells in enumerate(self.rows[heading:], start=heading + 1)}
        filled = {n for n, cells in rows.items() if any(c.strip() for c in cells)}
        for merged in self.merged:
            column = merged.first_column - 1
            first = rows.get(merged.first_row)
            if first is None or column >= len(first):
                continue
            for number in filled & set(range(merged.first_row + 1, merged.last_row + 1)):
                cells = rows[number]
                cells += [""] * (column + 1 - len(cells))
                cells[column] = cells[column] or first[column]
        return {n: rows[n] for n in sorted(filled)}
