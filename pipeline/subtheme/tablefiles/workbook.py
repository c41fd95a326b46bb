"""Workbooks to cells: every member held against the guards first, then read by openpyxl."""

import io
import posixpath
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from subtheme.bytes import Archive, Limits, parse_xml
from subtheme.errors import InputError, Problem
from subtheme.tablefiles.limits import TableLimits
from subtheme.tablefiles.sheet import Merged, Sheet

_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_ESCAPED = re.compile(r"_x00(0[9ABCD])_\n?")
"""Line ends and tabs as a workbook writes them where its XML would lose them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """An .xlsx whose sheets are read when they are asked for.

    Attributes
    ----------
    where : str
        Name of the file, for messages.
    names : tuple of str
        Of the sheets, visible ones first.
    """

    where: str
    names: tuple[str, ...]
    _data: bytes = field(repr=False)
    _merged: Mapping[str, tuple[Merged, ...]] = field(repr=False)
    _limits: TableLimits

    def sheet(self, name: str) -> Sheet:
        """Return the cells of one sheet as texts.

        Raises
        ------
        InputError
            If its cells cannot be read, or there are too many.
        """
        where = f"{self.where}, sheet '{name}'" if len(self.names) > 1 else self.where
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles and validations, which are not read
                rows = self._rows(name)
        except Exception as error:  # openpyxl raises whatever its parts raise on a damaged workbook
            raise _unreadable(error, self.where) from None
        if rows is None:
            raise InputError(self._limits.too_large(where))
        return Sheet(name=where, rows=tuple(rows), merged=self._merged.get(name, ()))

    def _rows(self, name: str) -> list[tuple[str, ...]] | None:
        """Return the rows; None where there are too many."""
        limits = self._limits
        rows: list[tuple[str, ...]] = []
        cells = 0
        workbook = _loaded(self._data)
        sheet = workbook[name]
        sheet.reset_dimensions()  # the size that a sheet states may be a lie
        for row in sheet.iter_rows(values_only=True):
            cells += len(row) + 1
            if len(rows) >= limits.rows or len(row) > limits.columns or cells > limits.cells:
                return None
            rows.append(tuple(_text(value) for value in row))
        workbook.close()
        return rows


def opened_workbook(data: bytes, *, where: str, limits: Limits, table_limits: TableLimits) -> Workbook:
    """Open the bytes of a workbook.

    Raises
    ------
    InputError
        If the package is locked, damaged or hostile, or is no workbook.
    """
    archive = Archive(data, where=where, limits=limits)
    roots: dict[str, etree._Element] = {}
    merged: dict[str, tuple[Merged, ...]] = {}
    for member in archive.names:
        content = archive.read(member)
        if member.lower().endswith((".xml", ".rels", ".vml")):
            root = parse_xml(content, where=f"{where} ({member})")
            if member in {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}:
                roots[member] = root
            elif found := _merged_of(root):
                merged[member] = found
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            workbook = _loaded(data)
            sheets = workbook.worksheets
            names = [s.title for s in sheets if s.sheet_state == "visible"]
            names += [s.title for s in sheets if s.sheet_state != "visible"]
            workbook.close()
    except Exception as error:  # as above
        raise _unreadable(error, where) from None
    if not names:
        raise InputError(Problem(what="the workbook has no sheet of cells", where=where, expected="a table"))
    members = _members_of_sheets(roots)
    by_name = {n: merged[m] for n in names if (m := members.get(n, "")) in merged}
    return Workbook(where=where, names=tuple(names), _data=data, _merged=by_name, _limits=table_limits)


def _loaded(data: bytes) -> Any:
    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)


def _members_of_sheets(roots: Mapping[str, etree._Element]) -> dict[str, str]:
    """Return the member of the package that holds each sheet, by the sheet's name."""
    book, relations = roots.get("xl/workbook.xml"), roots.get("xl/_rels/workbook.xml.rels")
    if book is None or relations is None:
        return {}
    targets = {str(r.get("Id")): posixpath.join("/xl", r.get("Target", "")).lstrip("/") for r in relations}
    found = {}
    for sheet in book.iter("{*}sheet"):
        relation = next((v for k, v in sheet.items() if etree.QName(k).localname == "id"), "")
        found[sheet.get("name", "")] = targets.get(relation, "")
    return found


def _merged_of(root: etree._Element) -> tuple[Merged, ...]:
    if etree.QName(root).localname != "worksheet":
        return ()
    found = [_RANGE.fullmatch(cell.get("ref", "")) for cell in root.iter("{*}mergeCell")]
    return tuple(
        Merged(
            first_row=int(match[2]),
            last_row=int(match[4]),
            first_column=_number_of(match[1]),
            last_column=_number_of(match[3]),
        )
        for match in found
        if match is not None
    )


def _number_of(letters: str) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value)
    if "_x00" in text:
        text = _ESCAPED.sub(lambda m: "\t" if m[1] == "09" else "\n", text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unreadable(error: Exception, where: str) -> InputError:
    return InputError(
        Problem(
            what=f"the workbook cannot be read ({type(error).__name__})",
            where=where,
            expected="a workbook as Excel or LibreOffice writes it",
            remedy="Open it there and save it again as .xlsx",
        )
    )
