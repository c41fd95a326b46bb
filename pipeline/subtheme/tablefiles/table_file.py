"""A table with headings, read as text cells with their row numbers."""

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """Headings and text cells of one table.

    Attributes
    ----------
    name : str
        File, and sheet where there are several, for messages.
    heading : int
        Row number of the headings in the file.
    headings : tuple of str
        White space around them left out.
    rows : tuple of tuple of str
        Cells below, as many per row as there are headings; empty rows left out.
    numbers : tuple of int
        Row number of each in the file.
    """

    name: str
    heading: int
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    numbers: tuple[int, ...]

    @property
    def first_row(self) -> int:
        """Number of the first row of `frame`."""
        return self.heading + 1

    def frame(self) -> pd.DataFrame:
        """Return the rows as a table of text; empty rows in between stay, so that rows can be counted."""
        frame = pd.DataFrame(list(self.rows), columns=list(self.headings), index=list(self.numbers), dtype="str")
        whole = range(self.first_row, (self.numbers[-1] if self.numbers else self.heading) + 1)
        return frame.reindex(whole, fill_value="").reset_index(drop=True)

    def where(self, number: int) -> str:
        """Return the place of row `number`, for messages."""
        return f"{self.name}, row {number}"
