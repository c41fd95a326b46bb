"""The report's tables, for spreadsheets beside it."""

import pandas as pd

from subtheme.reports.content import ReportContent
from subtheme.reports.quotation import all_quotations


def report_tables(content: ReportContent, *, quotations: bool = False) -> dict[str, pd.DataFrame]:
    """Return the tables of the report by name; every row repeats the headings that must not be lost.

    Parameters
    ----------
    content : ReportContent
    quotations : bool
        Add the table of quotations; without it no table holds a word of any interview.

    Returns
    -------
    dict of str to pandas.DataFrame
        ``cells``, ``totals``, ``levels``; where there is something to show also ``quotations``.
    """
    heading = "; ".join(content.headings)
    tables = {"cells": _cells(content), "totals": _totals(content), "levels": _levels(content)}
    if quotations:
        tables["quotations"] = _quotations(content)
    return {name: frame.assign(heading=heading) for name, frame in tables.items()}


def _cells(content: ReportContent) -> pd.DataFrame:
    table, book = content.table, content.codebook
    frame = table.as_frame()
    frame.insert(2, "sub_theme_name", [book.by_id[c.sub_theme].name for c in table.cells])
    frame.insert(1, "theme_name", [book.by_id[table.theme_of[c.sub_theme]].name for c in table.cells])
    frame["margin"] = [str(c.margin) for c in table.cells]
    return frame


def _totals(content: ReportContent) -> pd.DataFrame:
    table = content.table
    groups = (
        (table.presence.level, table.sub_themes),
        ("theme", table.themes),
        ("case", table.cases),
        ("overall", (table.overall,)),
    )
    return pd.DataFrame([{"of_a": kind, **total.as_dict()} for kind, totals in groups for total in totals])


def _levels(content: ReportContent) -> pd.DataFrame:
    columns = ["sub_theme", "case", "level", "participants_describing", "participants"]
    rows = [(c.sub_theme, c.case, x.level, x.describing, x.participants) for c in content.table.cells for x in c.levels]
    return pd.DataFrame(rows, columns=columns)


def _quotations(content: ReportContent) -> pd.DataFrame:
    columns = ["sub_theme", "code", "direction", "source", "case", "participant", "segments", "text", "coder", "origin"]
    rows = [
        (q.sub_theme, q.code, "counters" if q.counters else "supports", q.source, q.case, q.participant,
         "; ".join(q.segments), q.text, q.coder, q.origin)
        for q in all_quotations(content)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
