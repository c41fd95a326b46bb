"""The digest of rows of a table: what the log says of what was taken in, so that a change behind its back shows."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any


def digest_of_rows(rows: Iterable[Mapping[Any, Any]]) -> str:
    """Return the SHA-256 of rows, whatever order they or their columns come in.

    Numbers are written with nine digits, so that a database that stores them in its own way gives the same digest.
    """
    lines = sorted(json.dumps({str(k): _plain(v) for k, v in row.items()}, sort_keys=True) for row in rows)
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def _plain(value: Any) -> object:
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    return f"{value:.9g}" if isinstance(value, float) else str(value)
