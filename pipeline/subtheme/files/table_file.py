"""A table in a .csv, .tsv or .xlsx file, read as text cells with their row numbers."""

import csv
import io
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from subtheme.bytes.encodings import SAVE_TABLE, decoded
from subtheme.bytes.guards import DEFAULT_LIMITS, Archive, Limits, parse_xml, read_bytes
from subtheme.errors import InputError, Problem, suggestion
from subtheme.files.cell import restored

_DELIMITERS = (",", ";", "\t")
_STATED = re.compile(r'"?sep=([,;\t|])"?\r?\n')
_MOST_ROWS = 1_000_000
_MOST_COLUMNS = 5_000


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
        Of the first row that is not empty, white space around them left out.
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

    def frame(self) -> pd.DataFrame:
        """Return the rows as a table of text; empty rows in between stay, so that rows can be counted."""
        frame = pd.DataFrame(list(self.rows), columns=list(self.headings), index=list(self.numbers), dtype="str")
        whole = range(self.heading + 1, (self.numbers[-1] if self.numbers else self.heading) + 1)
        return frame.reindex(whole, fill_value="").reset_index(drop=True)

    def where(self, number: int) -> str:
        """Return the place of row `number`, for messages."""
        return f"{self.name}, row {number}"


def read_table_file(
    path: Path,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> TableFile:
    """Read a table from a .csv, .tsv, .txt or .xlsx file.

    Of a text file, the delimiter is the one of comma, semicolon and tab that cuts the heading into most
    cells (the first of them where they cut alike). Formulas are not run: the value that the program
    stored counts.

    Parameters
    ----------
    path : pathlib.Path
    sheet : str or None
        Name of the sheet of a workbook; its first one without a name.
    encoding : str or None
        Encoding of a text file that is not UTF-8 and has no byte order mark.
    limits : Limits

    Raises
    ------
    InputError
        If the file is missing, empty, of another kind, has no heading, two headings of one name, a row
        with more cells than headings, or is beyond the limits.
    """
    data = read_bytes(path, limits=limits)
    suffix = path.suffix.lower()
    if suffix in {".xlsx", ".xlsm"}:
        name, records = _workbook_records(data, path.name, sheet, limits)
    elif suffix in {".csv", ".tsv", ".tab", ".txt"}:
        text = decoded(data, where=path.name, encoding=encoding, remedy=SAVE_TABLE).text
        name, records = path.name, _text_records(text, path.name)
    else:
        raise InputError(
            Problem(
                what=f"a table with the ending '{path.suffix}' cannot be read",
                where=path.name,
                expected=".csv, .tsv or .xlsx",
                remedy="Save it as .xlsx or as CSV in UTF-8",
            )
        )
    return _table(name, records)


def read_table(path: Path, *, encoding: str | None = None) -> pd.DataFrame:
    """Read a table from a .csv, .tsv or .xlsx file as a frame of text; see `read_table_file`."""
    return read_table_file(path, encoding=encoding).frame()


def _table(name: str, records: list[list[str]]) -> TableFile:
    numbered = [(n, cells) for n, cells in enumerate(records, start=1) if any(c.strip() for c in cells)]
    if not numbered:
        raise InputError(Problem(what="the table is empty", where=name, expected="a row of headings and rows below it"))
    heading, first = numbered[0]
    headings = [h.strip().removeprefix("\ufeff") for h in first]
    while headings and not headings[-1]:
        headings.pop()
    problems = [
        Problem(what=f"two columns are headed '{h}'", where=name, expected="each heading once")
        for h in dict.fromkeys(h for h in headings if h and headings.count(h) > 1)
    ]
    rows = []
    for number, cells in numbered[1:]:
        if any(c.strip() for c in cells[len(headings) :]):
            problems.append(
                Problem(
                    what=f"{len(cells)} cells under {len(headings)} headings",
                    where=f"{name}, row {number}",
                    expected="as many cells as headings",
                    remedy="A cell that holds the delimiter needs quotation marks around it",
                )
            )
        rows.append((*cells[: len(headings)], *([""] * (len(headings) - len(cells)))))
    if problems:
        raise InputError(problems[:50])
    return TableFile(
        name=name,
        heading=heading,
        headings=tuple(headings),
        rows=tuple(rows),
        numbers=tuple(number for number, _ in numbered[1:]),
    )


def _text_records(text: str, where: str) -> list[list[str]]:
    stated = _STATED.match(text)  # Excel's own line: it names the delimiter, and is no heading
    if stated:
        text = text[stated.end() - 1 :]
    heading = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = stated[1] if stated else _delimiter_of(heading)
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            records.append([restored(cell) for cell in record])
            if len(records) > _MOST_ROWS or len(record) > _MOST_COLUMNS:
                raise InputError(_too_large(where))
    except csv.Error as error:
        raise InputError(
            Problem(
                what=f"not readable as CSV ({error})",
                where=f"{where}, line {reader.line_num}",
                expected="quotation marks in pairs, doubled inside a cell",
                remedy="Save it again as CSV in UTF-8, or as .xlsx",
            )
        ) from None
    return records


def _delimiter_of(heading: str) -> str:
    """Return the delimiter that cuts the heading into most cells, the first of them where they cut alike."""
    return max(_DELIMITERS, key=lambda d: (len(next(csv.reader([heading], delimiter=d))), -_DELIMITERS.index(d)))


def _workbook_records(data: bytes, where: str, sheet: str | None, limits: Limits) -> tuple[str, list[list[str]]]:
    archive = Archive(data, where=where, limits=limits)
    for member in archive.names:
        content = archive.read(member)
        if member.endswith((".xml", ".rels")):
            parse_xml(content, where=f"{where} ({member})")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations, which are not read
            names, records = _sheet_records(data, where, sheet)
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise on a damaged workbook
        raise InputError(
            Problem(
                what=f"the workbook cannot be read ({type(error).__name__})",
                where=where,
                expected="a workbook as Excel or LibreOffice writes it",
                remedy="Open it there and save it again as .xlsx",
            )
        ) from None
    return f"{where}, sheet '{sheet or names[0]}'" if len(names) > 1 else where, records


def _sheet_records(data: bytes, where: str, sheet: str | None) -> tuple[list[str], list[list[str]]]:
    """Return the names of all sheets, and the cells of one."""
    import openpyxl

    workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    names = workbook.sheetnames
    if sheet is not None and sheet not in names:
        raise InputError(
            Problem(
                what=f"no sheet '{sheet}'",
                where=where,
                expected=f"one of {', '.join(names)}",
                remedy=suggestion(sheet, names),
            )
        )
    worksheet = workbook[sheet or names[0]]
    worksheet.reset_dimensions()  # a program may state fewer rows than it wrote
    records = []
    for cells in worksheet.iter_rows(values_only=True):
        records.append([_cell_text(c) for c in cells])
        if len(records) > _MOST_ROWS or len(cells) > _MOST_COLUMNS:
            raise InputError(_too_large(where))
    workbook.close()
    return names, records


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _too_large(where: str) -> Problem:
    return Problem(
        what="the table is too large",
        where=where,
        expected=f"at most {_MOST_ROWS} rows and {_MOST_COLUMNS} columns",
    )
