"""Time stamps as transcription programs write them, and their seconds."""

import math
import re

_HALF = r"(?:[AaPp]\.?[Mm]\.?|Min\.|min|Uhr|h)(?![^\W_])"
CLOCK = rf"(?:\d{{1,3}}:\d{{1,2}}:\d{{1,2}}|\d{{1,3}}:\d{{2}})(?:[.,:-]\d{{1,3}}(?![\d:]))?(?:\s?{_HALF})?"
"""``0:12``, ``00:01:02``, ``00:01:02.345``, ``10:05:15 AM``, one-digit ``0:0:3``, and f4's tenths after a hyphen."""

_DOTTED = r"\d{1,2}\.\d{2}(?:\.\d{2})?"
_TO = r"(?:-->|->|→|[-–—/~])"

SPAN = rf"{CLOCK}(?:\s{{0,3}}{_TO}\s{{0,3}}{CLOCK})?"
"""One clock, or from one to another."""


STAMP = rf"(?:\#{CLOCK}\#|\[{SPAN}\]|\[{_DOTTED}\]|\({SPAN}\)|（{SPAN}）|【{SPAN}】|<{CLOCK}>|\{{{CLOCK}\}})"
"""A stamp in hashes, brackets, parentheses, angles or braces; a single one or from-to in brackets."""

SPOKEN = r"(?:\d{1,2} [HhSsOoUuTt][^\W\d_]{1,8} )?\d{1,3} [Mm]in[^\W\d_]{0,6} \d{1,2} [Ss]e[cgk][^\W\d_]{1,7}"
"""``0 minutes 10 seconds``, as the Teams pane is copied, in several languages."""

_CLOCKS = re.compile(rf"({CLOCK})(?:\s{{0,3}}{_TO}\s{{0,3}}({CLOCK}))?|\[({_DOTTED})\]")
_WHOLE = re.compile(rf"[\[(#<{{（]?\s*(?:{SPAN}|\d+:\d{{1,2}})\s*[\])#>}}）]?")
_HALF_DAY = re.compile(rf"\s*{_HALF}$")


def seconds(clock: str) -> float | None:
    """Return the seconds of one clock, or None where it is none.

    >>> seconds("1:02:03.5"), seconds("00:00:15-5"), seconds("2:05"), seconds("12.5")
    (3723.5, 15.5, 125.0, 12.5)
    """
    text = _HALF_DAY.sub("", clock.strip().strip("#[](){}<>（）【】").strip())
    match = re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,:-](\d{1,6}))?", text)
    if match is None:
        return number_of_seconds(text)
    hours, minutes, secs, fraction = match.groups()
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(secs)
    return whole + (int(fraction) / 10 ** len(fraction) if fraction else 0.0)


def number_of_seconds(value: object) -> float | None:
    """Return `value` as a time of zero or more seconds, or None where it is no such number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) and result >= 0 else None


def times_of(stamp: str) -> tuple[float | None, float | None]:
    """Return start and end of a stamp; the end is None for a single clock, both are None for no stamp."""
    match = _CLOCKS.search(stamp)
    if match is None and re.fullmatch(SPOKEN, stamp.strip()):
        parts = [int(n) for n in re.findall(r"\d+", stamp)]
        return float(sum(n * 60**i for i, n in enumerate(reversed(parts)))), None
    if match is None:
        return number_of_seconds(stamp), None
    first, second, dotted = match.groups()
    if dotted:
        return seconds(dotted.replace(".", ":")), None
    return seconds(first), seconds(second) if second else None


def is_stamp(cell: str) -> bool:
    """Return whether `cell` is nothing but a time or a span of time."""
    return _WHOLE.fullmatch(cell.strip()) is not None
