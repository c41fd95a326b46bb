"""The report's tables, for spreadsheets beside it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from subtheme.reports.content import ReportContent
from subtheme.reports.quotation import all_quotations
from subtheme.scoring import CellEvidence, Firmness, Variant


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
        ``cells``, ``totals``, ``levels`` and ``manifest``; where the firmness of the table is known also ``evidence``,
        ``sensitivity``, ``stability``, ``stability_totals``, ``groups``, ``typology``, ``counter_examples``,
        ``expected`` and ``audit``; and ``quotations`` if asked for.
    """
    heading = "; ".join(content.headings)
    tables = {"cells": _cells(content), "totals": _totals(content), "levels": _levels(content)}
    tables["manifest"] = pd.DataFrame(flat(content.manifest), columns=["what", "value"])
    if content.firmness is not None:
        tables |= _of_firmness(content.firmness)
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


def _of_firmness(firm: Firmness) -> dict[str, pd.DataFrame]:
    tables = {
        "evidence": pd.DataFrame([_behind(e) for e in firm.evidence.values()]),
        "sensitivity": pd.DataFrame([_variant(v) for v in firm.sensitivity]),
        "stability": firm.stability.cells,
        "stability_totals": firm.stability.totals,
        "groups": firm.levels.frame,
        "typology": pd.DataFrame(
            [
                {**facts, "possible": ", ".join(facts["possible"]), "rule": firm.typology.rule.in_words}
                for facts in (c.as_dict() for c in firm.typology.cases)
            ]
        ),
        "counter_examples": firm.counter_examples,
    }
    if firm.expected is not None:
        tables["expected"] = firm.expected.cells.assign(expectation=firm.expected.heading)
    if firm.audit:
        tables["audit"] = pd.DataFrame([{"sub_theme": row, **rate.as_dict()} for row, rate in firm.audit.items()])
    return tables


def _behind(evidence: CellEvidence) -> dict[str, object]:
    facts = evidence.as_dict()
    segments = "; ".join(f"{s['segment']} ({s['probability']:.3f})" for s in facts["segments"])
    return {
        **facts,
        "could_add": "; ".join(facts["could_add"]),
        "rests_on_one": "; ".join(facts["rests_on_one"]),
        "segments": segments,
    }


def _variant(variant: Variant) -> dict[str, object]:
    return {
        "rule": variant.rule,
        "denominator": variant.denominator,
        "present": variant.overall.present,
        "of": variant.overall.of,
        **{f"present_{t.id}": t.present for t in (*variant.cases, *variant.themes)},
        "cells_changed": len(variant.changed),
    }


def flat(manifest: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return a nested mapping as rows of (path, value), sorted."""
    rows: list[tuple[str, str]] = []
    for key in sorted(manifest, key=str):
        value = manifest[key]
        path = f"{prefix}{key}"
        if isinstance(value, Mapping):
            rows += flat(value, f"{path} › ")
        elif isinstance(value, list | tuple):
            rows.append((path, ", ".join(map(str, value))))
        else:
            rows.append((path, str(value)))
    return rows


def _quotations(content: ReportContent) -> pd.DataFrame:
    columns = ["sub_theme", "code", "direction", "source", "case", "participant", "segments", "text", "coder", "origin"]
    rows = [
        (q.sub_theme, q.code, "counters" if q.counters else "supports", q.source, q.case, q.participant,
         "; ".join(q.segments), q.text, q.coder, q.origin)
        for q in all_quotations(content)
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)
