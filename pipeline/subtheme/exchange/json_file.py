"""JSON of other programs: size and depth are bounded, and nothing but JSON is read."""

import json
from pathlib import Path
from typing import Any

from subtheme.bytes.encodings import decoded
from subtheme.bytes.guards import read_bytes
from subtheme.errors import InputError, Problem


def read_json(path: Path, *, encoding: str | None = None) -> Any:
    """Return the value of a JSON file.

    Raises
    ------
    InputError
        If the file is missing, too large, no text, or no JSON.
    """
    return _value(decoded(read_bytes(path), where=path.name, encoding=encoding).text, where=path.name)


def read_json_lines(path: Path, *, encoding: str | None = None) -> list[tuple[int, Any]]:
    """Return the values of a file with one JSON value per line, each with the number of its line from 1.

    Raises
    ------
    InputError
        If the file is missing, too large, no text, or a line is no JSON.
    """
    text = decoded(read_bytes(path), where=path.name, encoding=encoding).text
    return [
        (number, _value(line, where=f"{path.name}, line {number}"))
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]


def _value(text: str, *, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        place = f"{where}, line {line}" if line and line > 1 else where
        raise InputError(
            Problem(what="not readable as JSON", where=place, expected="a file as its program writes it")
        ) from None
