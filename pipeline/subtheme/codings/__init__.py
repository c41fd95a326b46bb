"""Decisions and manual codings become the one table that is scored; spans are carried to segments."""

from subtheme.codings.adjudicated import ADJUDICATION, SETTLED, Adjudicated
from subtheme.codings.check import checked_codings
from subtheme.codings.decisions import (
    BULK,
    assisted_readings,
    audited_bulks,
    batch_for,
    codings_of_decisions,
    counted_decisions,
    denials_of_decisions,
    standing_decisions,
)
from subtheme.codings.spans import CarriedCodings, carry_to_segments

__all__ = [
    "ADJUDICATION",
    "BULK",
    "SETTLED",
    "Adjudicated",
    "CarriedCodings",
    "assisted_readings",
    "audited_bulks",
    "batch_for",
    "carry_to_segments",
    "checked_codings",
    "codings_of_decisions",
    "counted_decisions",
    "denials_of_decisions",
    "standing_decisions",
]
