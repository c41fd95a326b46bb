"""Holding a REFI-QDA file against its schema: a warning on the way in, a promise on the way out."""

from functools import cache
from pathlib import Path
from typing import Literal

from lxml import etree

_MOST_STEPS = 200_000_000
Kind = Literal["Project", "Codebook"]


def schema_departures(root: etree._Element, kind: Kind) -> tuple[int, ...]:
    """Return the lines at which `root` departs from the schema; the messages would quote words of interviews.

    Where one element holds more than some 14,000 others the schema is not asked: to say where a departure stands, all
    elements before it are counted, each time anew.
    """
    if sum(len(element) ** 2 for element in root.iter()) > _MOST_STEPS:
        return ()
    schema = _schema(kind)
    if schema.validate(root):
        return ()
    return tuple(dict.fromkeys(int(error.line) for error in schema.error_log))


@cache
def _schema(kind: Kind) -> etree.XMLSchema:
    path = Path(__file__).parent / "schemas" / f"{kind}.xsd"
    return etree.XMLSchema(etree.parse(path))
