"""Scoring: presence per participant, majority per case, totals, margins, and how firm they are.

The scorer takes confirmed codings and cannot see whether they were typed by hand or confirmed in review.
"""

from subtheme.scoring.cell import Cell, LevelCount, Margin, State, Total, percent
from subtheme.scoring.evidence import CellEvidence, MissRate, audit_bound, cell_evidence, counter_examples
from subtheme.scoring.expectation import ExpectedTable, ExpectedTotal, cell_chances, expected_table, number_present
from subtheme.scoring.firmness import Firmness, firmness
from subtheme.scoring.judged import judged_pairs, presence_of_judgements
from subtheme.scoring.levels import LevelTable, by_level
from subtheme.scoring.presence import Presence, presence_by_participant
from subtheme.scoring.reading import read_pairs
from subtheme.scoring.sensitivity import RULES, Stability, Variant, sensitivity, stability
from subtheme.scoring.table import ResultTable, score, table_of, without_transcript
from subtheme.scoring.typology import CaseType, Typology, TypologyRule, typology

__all__ = [
    "RULES",
    "CaseType",
    "Cell",
    "CellEvidence",
    "ExpectedTable",
    "ExpectedTotal",
    "Firmness",
    "LevelCount",
    "LevelTable",
    "Margin",
    "MissRate",
    "Presence",
    "ResultTable",
    "Stability",
    "State",
    "Total",
    "Typology",
    "TypologyRule",
    "Variant",
    "audit_bound",
    "by_level",
    "cell_chances",
    "cell_evidence",
    "counter_examples",
    "expected_table",
    "firmness",
    "judged_pairs",
    "number_present",
    "percent",
    "presence_by_participant",
    "presence_of_judgements",
    "read_pairs",
    "score",
    "sensitivity",
    "stability",
    "table_of",
    "typology",
    "without_transcript",
]
