"""How much a table may hold before it is refused."""

from dataclasses import dataclass

from subtheme.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLimits:
    """Sizes of one sheet.

    Attributes
    ----------
    rows, columns : int
    cells : int
        Of all rows together; each row counts as one cell more than it has.
    cell_chars : int
        Code points of one cell.
    """

    rows: int = 1_000_000
    columns: int = 5_000
    cells: int = 5_000_000
    cell_chars: int = 10_000_000

    def too_large(self, where: str) -> Problem:
        """Return what to say of a table beyond these sizes."""
        return Problem(
            what="the table is too large",
            where=where,
            expected=f"at most {self.rows} rows, {self.columns} columns, {self.cells} cells and {self.cell_chars} "
            "characters in one of them",
            remedy="Delete what is not needed, or split the table",
        )


DEFAULT_TABLE_LIMITS = TableLimits()
