"""Holding a REFI-QDA file against its schema: a warning on the way in, a promise on the way out."""

from functools import cache
from pathlib import Path
from typing import Literal

from lxml import etree

from subtheme.exchange.refi_xml import CODEBOOK_NAMESPACE, PROJECT_NAMESPACE

_MOST_STEPS = 200_000_000
_MOST_SHOWN = 80
Kind = Literal["Project", "Codebook"]
_NAMESPACES: dict[Kind, str] = {"Project": PROJECT_NAMESPACE, "Codebook": CODEBOOK_NAMESPACE}


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


def schema_warnings(root: etree._Element, kind: Kind) -> list[str]:
    """Return what to say of a file that is read leniently: departures from its schema, and other namespaces."""
    warnings = []
    if lines := schema_departures(root, kind):
        warnings.append(f"the file departs from the schema at {len(lines)} places, first at line {lines[0]}")
    spaces = dict.fromkeys(str(element.tag).rpartition("}")[0].removeprefix("{") for element in (root, *root))
    usual = _NAMESPACES[kind]
    return warnings + [f"the namespace '{s[:_MOST_SHOWN]}' was read as '{usual}'" for s in spaces if s != usual]


@cache
def _schema(kind: Kind) -> etree.XMLSchema:
    path = Path(__file__).parent / "schemas" / f"{kind}.xsd"
    return etree.XMLSchema(etree.parse(path))
