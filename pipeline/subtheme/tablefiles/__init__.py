"""One reader and one writer of .csv and .xlsx: delimiters, sheets, titles, merged cells, guards and limits."""

from subtheme.tablefiles.book import Book, book_of, read_book, read_table, read_table_file
from subtheme.tablefiles.cell import harmless, is_formula, restored
from subtheme.tablefiles.limits import DEFAULT_TABLE_LIMITS, TableLimits
from subtheme.tablefiles.sheet import Merged, Sheet
from subtheme.tablefiles.spreadsheet import csv_text, write_csv, write_table, write_xlsx, xlsx_bytes
from subtheme.tablefiles.table_file import TableFile

__all__ = [
    "DEFAULT_TABLE_LIMITS",
    "Book",
    "Merged",
    "Sheet",
    "TableFile",
    "TableLimits",
    "book_of",
    "csv_text",
    "harmless",
    "is_formula",
    "read_book",
    "read_table",
    "read_table_file",
    "restored",
    "write_csv",
    "write_table",
    "write_xlsx",
    "xlsx_bytes",
]
