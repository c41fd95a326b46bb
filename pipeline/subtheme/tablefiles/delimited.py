"""Text to cells: which character parts the cells of a .csv, and its records."""

import csv
import io
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager

from subtheme.errors import InputError, Problem
from subtheme.tablefiles.cell import restored
from subtheme.tablefiles.limits import TableLimits

_DELIMITERS = (",", ";", "\t", "|")
_STATED = re.compile(r'"?sep=([,;\t|])"?\n')
_TRIED_CHARS, _TRIED_RECORDS = 100_000, 50


def records_of(text: str, *, where: str, limits: TableLimits) -> list[tuple[str, ...]]:
    """Return the records of a .csv, the guards of `subtheme.tablefiles.cell` taken off.

    Parameters
    ----------
    text : str
        With LF line ends. A first line as Excel writes it (``sep=;``) names the delimiter and becomes an
        empty record, so that rows can be counted.
    where : str
        Name of the file, for errors.
    limits : TableLimits

    Raises
    ------
    InputError
        If a quotation mark is out of place, or the table is beyond the limits.
    """
    stated = _STATED.match(text)
    if stated:
        text = text[stated.end() - 1 :]
    delimiter = stated[1] if stated else delimiter_of(text)
    records: list[tuple[str, ...]] = []
    cells = 0
    with _cells_up_to(limits.cell_chars):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        try:
            for record in reader:
                records.append(tuple(restored(cell) for cell in record))
                cells += len(record) + 1
                if len(records) > limits.rows or len(record) > limits.columns or cells > limits.cells:
                    raise InputError(limits.too_large(where))
        except csv.Error as error:
            if "field limit" in str(error):
                raise InputError(limits.too_large(where)) from None
            raise InputError(
                Problem(
                    what="not readable as CSV: a quotation mark is out of place",
                    where=f"{where}, line {reader.line_num}",
                    expected="quotation marks in pairs, doubled inside a cell",
                    remedy="Save it again as CSV in UTF-8, or as .xlsx",
                )
            ) from None
    return records


def delimiter_of(text: str) -> str:
    r"""Return the one of comma, semicolon, tab and bar that cuts most neighbouring records alike.

    Where two cut as many, it is the one that cuts them into more cells, then the first of them. A title
    above the headings, commas in cells and decimal commas do no harm.

    >>> delimiter_of("Interviews, second wave\ncode;quote\npay;too little, too late\n")
    ';'
    """
    return max(_DELIMITERS, key=lambda d: (*_alike(text, d), -_DELIMITERS.index(d)))


def _alike(text: str, delimiter: str) -> tuple[int, int]:
    """Return the length of the longest run of first records of one number of cells above one, and that number."""
    with _cells_up_to(_TRIED_CHARS):
        reader = csv.reader(io.StringIO(text[:_TRIED_CHARS], newline=""), delimiter=delimiter)
        widths = [len(record) for record in itertools.islice(filter(None, reader), _TRIED_RECORDS)]
    runs = [(len(list(run)), width) for width, run in itertools.groupby(widths) if width > 1]
    return max(runs, default=(0, 0))


@contextmanager
def _cells_up_to(most: int) -> Iterator[None]:
    """Let csv read cells of up to `most` characters, and put its limit back."""
    old = csv.field_size_limit(most)
    try:
        yield
    finally:
        csv.field_size_limit(old)
