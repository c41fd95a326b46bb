"""Holding a REFI-QDA file against its schema: a warning on the way in, a promise on the way out."""

from functools import cache
from itertools import islice
from pathlib import Path
from typing import Literal

from lxml import etree

_MOST_ELEMENTS = 300_000
Kind = Literal["Project", "Codebook"]


def schema_departures(root: etree._Element, kind: Kind) -> tuple[int, ...]:
    """Return the lines at which `root` departs from the schema; the messages would quote words of interviews.

    A file with more elements than a person could have made is not asked: every departure costs a message.
    """
    if sum(1 for _ in islice(root.iter(), _MOST_ELEMENTS)) == _MOST_ELEMENTS:
        return ()
    schema = _schema(kind)
    if schema.validate(root):
        return ()
    return tuple(dict.fromkeys(int(error.line) for error in schema.error_log))


@cache
def _schema(kind: Kind) -> etree.XMLSchema:
    path = Path(__file__).parent / "schemas" / f"{kind}.xsd"
    return etree.XMLSchema(etree.parse(path))
