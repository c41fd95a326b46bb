"""A file of tables: the one table of a .csv, or the sheets of a workbook."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from subtheme.bytes import DEFAULT_LIMITS, SAVE_TABLE, Limits, decoded, read_bytes
from subtheme.errors import InputError, Problem, suggestion
from subtheme.nouns import canonical_text
from subtheme.tablefiles.delimited import records_of
from subtheme.tablefiles.limits import DEFAULT_TABLE_LIMITS, TableLimits
from subtheme.tablefiles.sheet import Sheet
from subtheme.tablefiles.table_file import TableFile
from subtheme.tablefiles.workbook import opened_workbook

TEXT_SUFFIXES = (".csv", ".tsv", ".tab", ".txt")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The tables of one file.

    Attributes
    ----------
    file : str
        Base name, for messages.
    encoding : str
        What a text was read with; ``binary`` of a workbook.
    names : tuple of str
        Names of the sheets, those first that a person sees; one empty name for a text.
    """

    file: str
    encoding: str
    names: tuple[str, ...]
    _read: Callable[[str], Sheet] = field(repr=False)

    def sheet(self, name: str | None = None) -> Sheet:
        """Return the sheet called `name`; the first one without a name.

        Raises
        ------
        InputError
            If there is no such sheet, its cells cannot be read, or it is beyond the limits.
        """
        if name is not None and name not in self.names:
            several = any(self.names)
            raise InputError(
                Problem(
                    what=f"no sheet '{name}'",
                    where=self.file,
                    expected=f"one of {', '.join(self.names)}" if several else "a workbook; a text has no sheets",
                    remedy=suggestion(name, self.names),
                )
            )
        return self._read(self.names[0] if name is None else name)

    def sheet_with(self, known: Collection[str], *, name: str | None = None, needed: int = 2) -> Sheet:
        """Return the sheet called `name`; without a name the first one, or the only one that has the headings.

        Parameters
        ----------
        known : collection of str
            Headings that the table may have.
        name : str or None
        needed : int
            How many of them make a table of the kind that is looked for.
        """
        first = self.sheet(name)
        if name is not None or len(self.names) < 2 or first.holds(known) >= needed:
            return first
        fitting = [s for n in self.names[1:] if (s := self.sheet(n)).holds(known) >= needed]
        return fitting[0] if len(fitting) == 1 else first


def read_book(
    path: Path, *, encoding: str | None = None, limits: Limits = DEFAULT_LIMITS, remedy: str = SAVE_TABLE
) -> Book:
    """Open a .csv, .tsv, .txt or .xlsx file; see `book_of`.

    Raises
    ------
    InputError
        As `book_of`, and if the file is missing or empty.
    """
    data = read_bytes(path, limits=limits)
    return book_of(data, name=path.name, encoding=encoding, limits=limits, remedy=remedy)


def book_of(
    data: bytes,
    *,
    name: str,
    encoding: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    table_limits: TableLimits = DEFAULT_TABLE_LIMITS,
    remedy: str = SAVE_TABLE,
) -> Book:
    """Open the bytes of a .csv, .tsv, .txt or .xlsx file. Formulas are not run: the value stored counts.

    Parameters
    ----------
    data : bytes
    name : str
        Base name of the file; its ending tells the kind.
    encoding : str or None
        Encoding of a text that is not UTF-8 and has no byte order mark.
    limits : Limits
    table_limits : TableLimits
    remedy : str
        What to do about a text of another encoding; empty to name the option ``--encoding``.

    Raises
    ------
    InputError
        If the ending is another, the text is in another encoding or a quotation mark is out of place, or the
        workbook is locked, damaged or hostile.
    """
    suffix = Path(name).suffix.lower()
    if suffix in WORKBOOK_SUFFIXES:
        workbook = opened_workbook(data, where=name, limits=limits, table_limits=table_limits)
        return Book(file=name, encoding="binary", names=workbook.names, _read=workbook.sheet)
    if suffix not in TEXT_SUFFIXES:
        raise InputError(
            Problem(
                what=f"a table with the ending '{suffix}' cannot be read",
                where=name,
                expected=".csv, .tsv or .xlsx",
                remedy="Save it as .xlsx or as CSV in UTF-8",
            )
        )
    content = decoded(data, where=name, encoding=encoding, remedy=remedy)
    text = canonical_text(content.text, where=name)
    sheet = Sheet(name=name, rows=tuple(records_of(text, where=name, limits=table_limits)))
    return Book(file=name, encoding=content.encoding, names=("",), _read=lambda _: sheet)


def read_table_file(
    path: Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    known: Collection[str] = (),
    remedy: str = SAVE_TABLE,
) -> TableFile:
    """Read a table from a .csv, .tsv, .txt or .xlsx file.

    Parameters
    ----------
    path : pathlib.Path
    sheet : str or None
        Name of the sheet of a workbook; without a name the first one, or the only one with known headings.
    encoding : str or None
        Encoding of a text file that is not UTF-8 and has no byte order mark.
    known : collection of str
        Headings that the table may have: by them the sheet, and the row of headings below a title, are found.
    remedy : str
        See `book_of`.

    Raises
    ------
    InputError
        If the file is missing, empty, of another kind, has no heading, two headings of one name, a row
        with more cells than headings, or is beyond the limits.
    """
    return read_book(path, encoding=encoding, remedy=remedy).sheet_with(known, name=sheet).table(known)


def read_table(path: Path, *, encoding: str | None = None) -> pd.DataFrame:
    """Read a table from a .csv, .tsv or .xlsx file as a frame of text; see `read_table_file`."""
    return read_table_file(path, encoding=encoding).frame()
