"""Precision: how an encoder multiplies, and what that promises."""

from enum import StrEnum


class Precision(StrEnum):
    """How the matrices of a model are multiplied; a choice of the study.

    ``EXACT`` is floating point of 32 bits: the same vectors to 2e-6 on every machine and engine. ``FAST`` is whole
    numbers of eight bits, on processors that have instructions for them: near the exact vectors, and not the same.
    """

    EXACT = "exact"
    FAST = "fast"

    @property
    def promise(self) -> str:
        """What it is and what it costs, in words for a card and a report."""
        if self is Precision.EXACT:
            return "exact (floating point; the same on every machine)"
        return "fast (whole numbers; vectors near the exact ones, only on processors that multiply them)"
