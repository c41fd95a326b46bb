"""Tables out: CSV and XLSX that every spreadsheet program opens, byte-equal for equal tables."""

import io
import math
import re
import zipfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pandas as pd

from subtheme.errors import InputError, Problem, shown
from subtheme.tablefiles.cell import harmless, is_formula

_EPOCH = (1980, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms)")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_CELL = 32_767
_WIDEST_COLUMN = 60
_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write `table` as .csv or .xlsx, by the ending of `path`; no cell can run as a formula.

    Raises
    ------
    InputError
        If the ending is neither.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write_csv(table, path)
    elif suffix == ".xlsx":
        write_xlsx({path.stem: table}, path)
    else:
        raise InputError(Problem(what=f"cannot write '{suffix}'", where=path.name, expected=".csv or .xlsx"))


def csv_text(table: pd.DataFrame) -> str:
    """Return `table` as CSV: comma, LF, quotation marks where needed, UTF-8 when written.

    Text cells that a program would run as a formula get an apostrophe before them
    (see `subtheme.tablefiles.cell`). Undefined numbers are empty cells.
    """
    columns = [[_text(value) for value in table[name].tolist()] for name in table.columns]
    safe = pd.DataFrame(dict(enumerate(columns)), dtype=object)
    return safe.to_csv(index=False, header=[harmless(str(c)) for c in table.columns], lineterminator="\n")


def write_csv(table: pd.DataFrame, path: Path, *, byte_order_mark: bool = False) -> None:
    """Write `table` to `path` as CSV in UTF-8.

    Parameters
    ----------
    table : pandas.DataFrame
    path : pathlib.Path
    byte_order_mark : bool
        Put a mark first, without which Excel for Windows takes the file for Windows-1252.
    """
    text = csv_text(table)
    path.write_bytes(text.encode("utf-8-sig" if byte_order_mark else "utf-8"))


def xlsx_bytes(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Return a workbook with one sheet per table, headings bold and frozen, long text wrapped.

    Text stays text: a cell that begins with ``=``, ``+``, ``-`` or ``@`` is stored as a string and
    marked so. Control characters, which no workbook can hold, become U+FFFD.

    Raises
    ------
    InputError
        If there is no table, two names become one sheet name, or a cell has more than 32,767 characters.
    """
    import openpyxl
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    problems = _sheet_problems(tables)
    if problems:
        raise InputError(problems)
    bold, wrapped = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = "subtheme"
    workbook.properties.created = datetime(*_EPOCH)  # noqa: DTZ001 - a fixed stamp, not a time
    for name, table in tables.items():
        sheet = workbook.create_sheet(_sheet_name(name))
        sheet.freeze_panes = "A2"
        for column, heading in enumerate(table.columns, start=1):
            values = table[heading].tolist()
            _put(sheet, 1, column, str(heading))
            for row, value in enumerate(values, start=2):
                _put(sheet, row, column, value)
            longest = max(len(str(v)) for v in (heading, *values))
            for (cell,) in sheet.iter_rows(min_row=2, min_col=column, max_col=column):
                cell.alignment = wrapped
            sheet.cell(row=1, column=column).font = bold
            sheet.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, 8), _WIDEST_COLUMN)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return _without_times(buffer.getvalue())


def write_xlsx(tables: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write `tables`, by sheet name, to the workbook `path`; see `xlsx_bytes`."""
    path.write_bytes(xlsx_bytes(tables))


def _text(value: object) -> object:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, str):
        return harmless(value.replace("\x00", "\ufffd"))
    return value


def _put(sheet: object, row: int, column: int, value: object) -> None:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return
    cell = sheet.cell(row=row, column=column)  # type: ignore[attr-defined]
    if isinstance(value, str):
        cell.value = _ILLEGAL.sub("\ufffd", value)
        cell.data_type = "s"  # openpyxl takes "=..." for a formula
        if is_formula(value):
            cell.quotePrefix = True
    else:
        cell.value = value


def _sheet_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    if not tables:
        return [Problem(what="no table to write", expected="at least one sheet")]
    problems = []
    names = [_sheet_name(n).casefold() for n in tables]
    problems += [
        Problem(what=f"two sheets would be called '{n}'", expected="names that differ in their first 31 characters")
        for n in dict.fromkeys(names)
        if names.count(n) > 1
    ]
    for name, table in tables.items():
        for heading in table.columns:
            problems += [
                Problem(
                    what=f"a cell of column {shown(heading)} has {len(value)} characters",
                    where=f"sheet '{name}', row {row}",
                    expected=f"at most {_LONGEST_CELL} in a workbook",
                    remedy="Write CSV instead",
                )
                for row, value in enumerate(table[heading].tolist(), start=2)
                if isinstance(value, str) and len(value) > _LONGEST_CELL
            ]
    return problems


def _sheet_name(name: str) -> str:
    return _SHEET_NAME.sub(" ", name)[:31] or "table"


def _without_times(workbook: bytes) -> bytes:
    """Return the workbook with every time stamp of the package set to 1980-01-01."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\g<3>", content)
            member = zipfile.ZipInfo(name, date_time=_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return buffer.getvalue()
