"""Where people decide: the local page, sheets of proposals, and blind sheets for double coding."""

from subtheme.review.question_sheet import audit_sheet, question_sheet
from subtheme.review.server import serve
from subtheme.review.sheet import (
    BLIND_SHEET,
    DECISION_WORDS,
    PROPOSAL_SHEET,
    SheetDecisions,
    blind_sheet,
    decisions_of_blind,
    decisions_of_proposals,
    proposal_sheet,
)

__all__ = [
    "BLIND_SHEET",
    "DECISION_WORDS",
    "PROPOSAL_SHEET",
    "SheetDecisions",
    "audit_sheet",
    "blind_sheet",
    "decisions_of_blind",
    "decisions_of_proposals",
    "proposal_sheet",
    "question_sheet",
    "serve",
]
