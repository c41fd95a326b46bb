"""The report as tables, as they go to spreadsheets."""

from collections.abc import Callable

import pandas as pd

from subtheme.agreement.comparison import Comparison
from subtheme.agreement.report import AgreementReport

_TABLES: dict[str, Callable[[Comparison], pd.DataFrame]] = {
    "codes": lambda c: c.table,
    "pairs": lambda c: c.matrix,
    "replacements": lambda c: c.replacements,
    "cells": lambda c: c.cell_table,
    "totals": lambda c: c.total_table,
}


def report_tables(report: AgreementReport) -> dict[str, pd.DataFrame]:
    """Return the tables of the report by name; every row says which codings it goes by.

    Returns
    -------
    dict of str to DataFrame
        ``codes`` (all levels), ``pairs`` of coders, ``replacements`` of codes, ``cells`` and their ``totals``;
        ``beside`` where assisted codings were included; ``models`` where one is compared; and ``disagreements``, the
        only one with words of the interviews, with empty columns for the decision (see `read_decisions`).
    """
    tables = {}
    for name, table_of in _TABLES.items():
        rows = [
            table_of(comparison).assign(codings=part.kind, coders=", ".join(comparison.coders))
            for part in report.parts
            for comparison in part.comparisons
        ]
        tables[name] = _first(["codings", "coders"], pd.concat(rows, ignore_index=True))
    models = [
        model.figures.table.reset_index().assign(codings=part.kind, model=model.model, person=model.person)
        for part in report.parts
        for model in part.models
    ]
    if models:
        tables["models"] = _first(["codings", "model", "person"], pd.concat(models, ignore_index=True))
    if not report.beside.empty:
        tables["beside"] = report.beside
    # What is to be decided is one list: where assisted codings are included, theirs holds the blind ones too.
    tables["disagreements"] = report.parts[-1].disagreements
    return tables


def _first(columns: list[str], table: pd.DataFrame) -> pd.DataFrame:
    return table[[*columns, *(c for c in table.columns if c not in columns)]]
