"""Holding a REFI-QDA file against its schema: a warning on the way in, a promise on the way out."""

from functools import cache
from pathlib import Path
from typing import Literal

from lxml import etree

Kind = Literal["Project", "Codebook"]


def schema_departures(root: etree._Element, kind: Kind) -> tuple[int, ...]:
    """Return the lines at which `root` departs from the schema; the messages would quote words of interviews."""
    schema = _schema(kind)
    if schema.validate(root):
        return ()
    return tuple(dict.fromkeys(int(error.line) for error in schema.error_log))


@cache
def _schema(kind: Kind) -> etree.XMLSchema:
    path = Path(__file__).parent / "schemas" / f"{kind}.xsd"
    return etree.XMLSchema(etree.parse(path))
