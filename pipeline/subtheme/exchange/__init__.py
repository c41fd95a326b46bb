"""In and out of the tools that researchers already use: REFI-QDA, spreadsheets, other programs."""

from subtheme.exchange.coded_segments import CodingsImport, read_codings
from subtheme.exchange.columns import ColumnMap, shipped_column_maps
from subtheme.exchange.loss import Dropped, LossReport
from subtheme.exchange.spreadsheet import csv_text, write_csv, write_xlsx, xlsx_bytes
from subtheme.exchange.table_file import TableFile, read_table

__all__ = [
    "CodingsImport",
    "ColumnMap",
    "Dropped",
    "LossReport",
    "TableFile",
    "csv_text",
    "read_codings",
    "read_table",
    "shipped_column_maps",
    "write_csv",
    "write_xlsx",
    "xlsx_bytes",
]
