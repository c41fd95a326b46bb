"""Scoring: presence per participant, majority per case, totals, margins.

The scorer takes confirmed codings and cannot see whether they were typed by hand or confirmed in review.
"""

from subtheme.scoring.cell import Cell, LevelCount, Margin, State, Total, percent
from subtheme.scoring.presence import Presence, presence_by_participant
from subtheme.scoring.table import ResultTable, score

__all__ = [
    "Cell",
    "LevelCount",
    "Margin",
    "Presence",
    "ResultTable",
    "State",
    "Total",
    "percent",
    "presence_by_participant",
    "score",
]
