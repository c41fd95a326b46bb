"""Spreadsheets at the door: .csv and .xlsx in as text, tables out with harmless cells."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from subtheme.errors import InputError, Problem
from subtheme.transcripts.encodings import decoded
from subtheme.transcripts.guards import Archive, read_bytes

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_RISKY = ("=", "+", "-", "@", "\t", "\r")


def read_table(path: Path, *, encoding: str | None = None) -> pd.DataFrame:
    """Read a .csv or .xlsx with one header line; every cell becomes text, an empty one an empty string.

    The first row below the header is row 2 of the file.

    Parameters
    ----------
    path : pathlib.Path
    encoding : str or None
        For a .csv that is not UTF-8.

    Raises
    ------
    InputError
        Wrong ending, no header, a repeated column, or a row with more cells than the header.
    """
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".xlsx"}:
        raise InputError(
            Problem(what=f"cannot read '{suffix or 'no ending'}'", where=path.name, expected=".csv or .xlsx")
        )
    data = read_bytes(path)
    rows = _xlsx_rows(data, path.name) if suffix == ".xlsx" else _csv_rows(data, path.name, encoding)
    header = [name.strip() for name in rows[0]] if rows else []
    while header and not header[-1]:
        header.pop()
    if not header:
        raise InputError(Problem(what="no header line", where=path.name, expected="names of columns in the first line"))
    problems = [
        Problem(what=f"column '{name}' stands twice", where=f"{path.name}, row 1")
        for name in sorted({n for n in header if n and header.count(n) > 1})
    ]
    body = []
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row[len(header) :]):
            problems.append(Problem(what="more cells than the header has columns", where=f"{path.name}, row {number}"))
        body.append([*row[: len(header)], *[""] * (len(header) - len(row))])
    if problems:
        raise InputError(problems)
    while body and not any(cell.strip() for cell in body[-1]):
        body.pop()
    return pd.DataFrame(body, columns=header, dtype="str")


def _csv_rows(data: bytes, where: str, encoding: str | None) -> list[list[str]]:
    text = decoded(data, where=where, encoding=encoding).text
    first_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(Problem(what=f"not a readable .csv ({error})", where=where)) from None


def _xlsx_rows(data: bytes, where: str) -> list[list[str]]:
    from openpyxl import load_workbook

    package = Archive(data, where=where)
    for name in package.names:  # against the guard's limits, before openpyxl inflates anything
        package.read(name)
    try:
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
    except Exception as error:  # openpyxl raises whatever its parsers raise
        raise InputError(
            Problem(what=f"not a readable .xlsx ({type(error).__name__})", where=where, remedy="Save it again")
        ) from None
    return [["" if cell is None else _cell_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _cell_text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell)
    return text[1:] if text[:1] == "'" and text[1:2] in _RISKY else text


def harmless(value: object) -> object:
    """Return `value`, with an apostrophe before text that a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write `frame` as .csv or .xlsx, by the ending of `path`; no cell can run as a formula.

    Raises
    ------
    InputError
        If the ending is neither.
    """
    safe = frame.apply(lambda column: column.map(harmless))
    suffix = path.suffix.lower()
    if suffix == ".csv":
        safe.to_csv(path, index=False, lineterminator="\n")
    elif suffix == ".xlsx":
        _write_xlsx(safe, path)
    else:
        raise InputError(Problem(what=f"cannot write '{suffix}'", where=path.name, expected=".csv or .xlsx"))


def _write_xlsx(frame: pd.DataFrame, path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = cast("Worksheet", book.active)
    sheet.append([str(name) for name in frame.columns])
    for row in frame.itertuples(index=False, name=None):
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, (column, name) in enumerate(zip(sheet.columns, frame.columns, strict=True), start=1):
        longest = max([len(str(name)), *(len(str(cell.value or "")) for cell in column[1:])])
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest + 2, 8), 60)
        for cell in column[1:]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(cell.value, str):
                cell.data_type = "s"
    sheet.freeze_panes = "A2"
    book.save(path)
