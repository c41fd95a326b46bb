"""Reading elements of REFI-QDA whatever their namespace, and writing them without what no parser accepts."""

import re
from collections.abc import Iterator

from lxml import etree

from subtheme.exchange.guid import plain_guid

PROJECT_NAMESPACE = "urn:QDA-XML:project:1.0"
CODEBOOK_NAMESPACE = "urn:QDA-XML:codebook:1.0"
_LONGEST_INTEGER = 12
_INTEGER = re.compile("[+-]?[0-9]+")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    tag = str(element.tag)
    return tag[tag.rfind("}") + 1 :]


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Iterate over the elements right below that have one of the names."""
    return element.iterchildren(*("{*}" + name for name in names))


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first element of that name right below, or None."""
    return next(children(element, name), None)


def grandchildren(element: etree._Element, parent: str, *names: str) -> Iterator[etree._Element]:
    """Iterate over the elements of those names inside the element `parent` right below."""
    holder = child(element, parent)
    return iter(()) if holder is None else children(holder, *names)


def text_of(element: etree._Element, name: str) -> str:
    """Return the text of the element `name` right below, stripped; empty where there is none."""
    found = child(element, name)
    return "" if found is None else str(found.text or "").strip()


def attribute(element: etree._Element, name: str) -> str:
    """Return an attribute, or an empty string."""
    return element.get(name) or ""


def guid_of(element: etree._Element, name: str = "guid") -> str:
    """Return a GUID attribute in its plain spelling, or an empty string."""
    return plain_guid(attribute(element, name))


def targets(element: etree._Element, name: str) -> list[str]:
    """Return the GUIDs that the elements `name` right below refer to."""
    return [guid_of(c, "targetGUID") or guid_of(c) for c in children(element, name)]


def integer(element: etree._Element, name: str) -> int | None:
    """Return an integer attribute; None where it is missing, no integer, or absurdly long."""
    text = attribute(element, name).strip()
    if not text or len(text) > _LONGEST_INTEGER or not _INTEGER.fullmatch(text):
        return None
    return int(text)


def writable(text: str) -> str:
    """Return `text` with every character that XML cannot hold as U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text)


def add(parent: etree._Element, tag: str, /, *, words: str | None = None, **attributes: str) -> etree._Element:
    """Append an element in the namespace of its parent, with attributes in the order given."""
    namespace = str(parent.tag).partition("}")[0]
    element: etree._Element = etree.SubElement(parent, f"{namespace}}}{tag}")
    for key, value in attributes.items():
        element.set(key, writable(value))
    if words is not None:
        element.text = writable(words)
    return element


def to_bytes(root: etree._Element) -> bytes:
    """Return the document as UTF-8 with declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
