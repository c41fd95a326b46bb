"""Firmness: everything that tells how firm a table is, gathered beside it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from subtheme.nouns import Codebook
from subtheme.scoring.evidence import CellEvidence, MissRate, audit_bound, cell_evidence, counter_examples
from subtheme.scoring.expectation import ExpectedTable, expected_table
from subtheme.scoring.levels import LevelTable, by_level
from subtheme.scoring.sensitivity import Stability, Variant, sensitivity, stability
from subtheme.scoring.table import ResultTable, table_of
from subtheme.scoring.typology import Typology, TypologyRule, typology


@dataclass(frozen=True, kw_only=True, eq=False)
class Firmness:
    """How firm a table is.

    Attributes
    ----------
    table : ResultTable
    sensitivity : tuple of Variant
        The table under other rules; first those over all participants, then those over the ones read.
    stability : Stability
    levels : LevelTable
    typology : Typology
    counter_examples : pandas.DataFrame
        As `counter_examples` gives them.
    evidence : mapping of (case, sub-theme) to CellEvidence
    chances : pandas.DataFrame or None
        `case`, `sub_theme`, `chance`, `expected_looks`; None where no model has made proposals.
    expected : ExpectedTable or None
    audit : mapping of str to MissRate
        By sub-theme; only those of which segments were drawn at random.
    """

    table: ResultTable
    sensitivity: tuple[Variant, ...]
    stability: Stability
    levels: LevelTable
    typology: Typology
    counter_examples: pd.DataFrame
    evidence: Mapping[tuple[str, str], CellEvidence]
    chances: pd.DataFrame | None
    expected: ExpectedTable | None
    audit: Mapping[str, MissRate]

    def as_dict(self) -> dict[str, Any]:
        """Return the table with its firmness as plain values, in the shape of ``score --json``."""
        facts = self.table.as_dict()
        looks = {}
        if self.chances is not None:
            looks = {(c, s): (p, n) for c, s, p, n in self.chances.itertuples(index=False)}
        for cell in facts["cells"]:
            place = cell["case"], cell["sub_theme"]
            behind = self.evidence[place].as_dict()
            cell["evidence"] = {k: v for k, v in behind.items() if k not in {"case", "sub_theme"}}
            if place in looks:
                cell["chance"], cell["expected_looks"] = (round(float(x), 4) for x in looks[place])
        return {
            **facts,
            "expected": None if self.expected is None else self.expected.as_dict(),
            "sensitivity": [v.as_dict() for v in self.sensitivity],
            "stability": self.stability.as_dict(),
            "levels": self.levels.as_dict(),
            "typology": self.typology.as_dict(),
            "counter_examples": self.counter_examples.to_dict("records"),
            "audit": {row: rate.as_dict() for row, rate in self.audit.items()},
        }


def firmness(
    table: ResultTable,
    codings: pd.DataFrame,
    codebook: Codebook,
    *,
    read: frozenset[tuple[str, str]] | None = None,
    sizes: Mapping[str, int] | None = None,
    chances: pd.DataFrame | None = None,
    draws: pd.DataFrame | None = None,
    candidates: pd.DataFrame | None = None,
    trail: pd.DataFrame | None = None,
    audit: Iterable[tuple[str, int, int, int]] = (),
    typology_rule: TypologyRule | None = None,
) -> Firmness:
    """Return how firm `table` is.

    Parameters
    ----------
    table : ResultTable
    codings : pandas.DataFrame
        The checked codings that it was made from.
    codebook : Codebook
    read : frozenset of (participant, sub-theme), optional
        Pairs that have been read; None for all.
    sizes, candidates, trail
        As in `cell_evidence`.
    chances : pandas.DataFrame, optional
        `case`, `sub_theme`, `chance` of a majority and `expected_looks` until review is enough, of every cell.
    draws : pandas.DataFrame, optional
        As in `expected_table`.
    audit : iterable of (sub-theme, drawn, found, passed over)
        Counts of the random draws; sub-themes of which nothing was drawn are left out.
    typology_rule : TypologyRule, optional
    """
    tables = [table]
    if read is not None:
        tables.append(table_of(table.presence, codebook, read=read, denominator="read", synthetic=table.synthetic))
    return Firmness(
        table=table,
        sensitivity=sensitivity(*tables),
        stability=stability(table),
        levels=by_level(table, read=read),
        typology=typology(table, rule=typology_rule),
        counter_examples=counter_examples(codings, table, codebook),
        evidence={
            (c.case, c.sub_theme): cell_evidence(
                table, c.case, c.sub_theme, read=read, candidates=candidates, trail=trail, sizes=sizes
            )
            for c in table.cells
        },
        chances=chances,
        expected=None if chances is None else expected_table(table, chances, draws=draws),
        audit={row: audit_bound(drawn=drawn, found=found, left=left) for row, drawn, found, left in audit if drawn > 0},
    )
