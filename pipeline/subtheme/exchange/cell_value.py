"""Values of foreign databases and JSON, which may be of any type, as text and whole numbers."""

import re

_UNFIT = re.compile("[\x00\ud800-\udfff]")
_LARGEST = 1 << 40


def text_of(value: object) -> str:
    """Return a value as text; an empty string for nothing, U+FFFD for what no store keeps."""
    return "" if value is None else _UNFIT.sub("\ufffd", str(value))


def number_of(value: object) -> int | None:
    """Return a whole number; None for anything else, or where it cannot be a place in a text."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124 - NaN
        return None
    return int(value) if abs(value) < _LARGEST and value == int(value) else None
