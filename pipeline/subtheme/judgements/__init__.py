"""From the log of events to what every coder holds of every code on every segment, and to codings as they were made."""

from subtheme.judgements.answers import answers_table, decision_of_event, standing_answers
from subtheme.judgements.batch import batch_for
from subtheme.judgements.bulk import BULK, confirmed_bulks
from subtheme.judgements.holding import Holding, holding
from subtheme.judgements.marked import marked_codings
from subtheme.judgements.of_tables import judgements_of_tables
from subtheme.judgements.origin import ADJUDICATION, SETTLED, origin_of
from subtheme.judgements.projection import judgements_of

__all__ = [
    "ADJUDICATION",
    "BULK",
    "SETTLED",
    "Holding",
    "answers_table",
    "batch_for",
    "confirmed_bulks",
    "decision_of_event",
    "holding",
    "judgements_of",
    "judgements_of_tables",
    "marked_codings",
    "origin_of",
    "standing_answers",
]
