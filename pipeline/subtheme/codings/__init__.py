"""Codings as they were marked: held against the study, and carried from their spans to segments."""

from subtheme.codings.check import checked_codings
from subtheme.codings.spans import CarriedCodings, carry_to_segments, segments_of_codings

__all__ = ["CarriedCodings", "carry_to_segments", "checked_codings", "segments_of_codings"]
