"""Estimate: a number with its interval, read from plain values."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number as the report prints it.

    Attributes
    ----------
    value, low, high : float
        NaN where there is none.
    reason : str
        Why there is no value.
    indicative : bool
        Too few interviews to take the interval at its word.
    decimals : int
        Two, or three for errors that lie near zero.
    """

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    reason: str = ""
    indicative: bool = False
    decimals: int = 2

    @property
    def is_defined(self) -> bool:
        """Whether there is a value."""
        return not math.isnan(self.value)

    def __str__(self) -> str:
        """Return such as ``.71 (.58 to .84)``, or why there is no value."""
        return f"{self.number} ({self.interval})" if self.interval else self.number

    @property
    def number(self) -> str:
        """The value without its interval, or why there is none."""
        if not self.is_defined:
            return f"not defined ({self.reason})" if self.reason else "not defined"
        return rounded(self.value, decimals=self.decimals)

    @property
    def interval(self) -> str:
        """The interval, such as ``.58 to .84``; empty where there is none."""
        if not self.is_defined or math.isnan(self.low) or math.isnan(self.high):
            return ""
        low, high = (rounded(end, decimals=self.decimals) for end in (self.low, self.high))
        return f"{low} to {high}" + (", indicative" if self.indicative else "")

    @classmethod
    def read(cls, value: Any, *, interval: Any = None, reason: str = "", decimals: int = 2) -> "Estimate":
        """Return the estimate that `value` holds: a number, null, or a mapping with value and interval.

        The ends of the interval are looked for in `interval`, then under ``interval`` of the mapping, then beside its
        ``value``.
        """
        if isinstance(value, Mapping):
            ends = interval or value.get("interval") or value
            number = value.get("value")
            reason = str(value.get("reason") or reason)
        else:
            ends, number = interval or {}, value
        if not isinstance(ends, Mapping):
            ends = dict(zip(("low", "high"), ends, strict=True)) if len(ends) == 2 else {}
        return cls(
            value=_number(number),
            low=_number(ends.get("low")),
            high=_number(ends.get("high")),
            reason=reason,
            indicative=ends.get("indicative") is True,
            decimals=decimals,
        )


def two_decimals(value: float) -> str:
    """Return a number with two decimals and a true minus sign, a dash where there is none.

    >>> two_decimals(-0.456), two_decimals(-0.001), two_decimals(float("nan"))
    ('−0.46', '0.00', '–')
    """
    return rounded(value, decimals=2)


def rounded(value: float, *, decimals: int) -> str:
    """Return a number with so many decimals and a true minus sign, a dash where there is none."""
    if math.isnan(value):
        return "–"
    text = f"{value:.{decimals}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
