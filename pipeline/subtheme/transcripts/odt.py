"""OpenDocument text: a walk over content.xml; tracked deletions, notes and comments are no speech."""

from collections.abc import Callable, Iterator

from lxml import etree

from subtheme.bytes.guards import Archive, parse_xml
from subtheme.errors import InputError, Problem
from subtheme.transcripts.blocks import Paragraph, Table, draft_of_blocks
from subtheme.transcripts.draft import Draft, Source, plural

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_LEFT_OUT = frozenset(("tracked-changes", "note", "annotation", "sequence-decls", "ruby-text", "table-of-content"))
_MOST_BLANKS = 10_000

Looks = dict[str, frozenset[str]]
"""The name of a style to how its letters look."""


def _is_indented(properties: etree._Element) -> bool:
    margin = properties.get(_FO + "margin-left") or ""
    return any(c in "123456789" for c in margin) and not margin.startswith("-")


_SIGNS: dict[str, Callable[[etree._Element], bool]] = {
    "bold": lambda p: p.get(_FO + "font-weight") == "bold",
    "italic": lambda p: p.get(_FO + "font-style") == "italic",
    "coloured": lambda p: p.get(_FO + "color") not in (None, "#000000"),
    "highlighted": lambda p: p.get(_FO + "background-color") not in (None, "transparent", "#ffffff"),
    "indented": _is_indented,
}


def read_odt(source: Source) -> Draft:
    """Read an .odt: paragraphs and tables in order, as if every tracked change were accepted.

    Raises
    ------
    InputError
        If the package is locked, damaged, hostile or holds no text.
    """
    archive = Archive(source.data, where=source.name)
    manifest = "META-INF/manifest.xml"
    if manifest in archive and b"encryption-data" in archive.read(manifest):
        raise InputError(
            Problem(
                what="the file is locked with a password",
                where=source.name,
                expected="an unlocked .odt",
                remedy="Save it without a password and import that copy",
            )
        )
    root = parse_xml(archive.read("content.xml"), where=source.name)
    body = next((e for e in root.iter() if _name(e) == "text" and e.tag != _TEXT + "text"), root)
    notes = [
        f"{plural(count, one)} left out"
        for name, one in (("deletion", "tracked deletion"), ("note", "footnote or endnote"), ("annotation", "comment"))
        if (count := sum(1 for e in body.iter() if _name(e) == name))
    ]
    return draft_of_blocks(list(_blocks(body, _looks_of_styles(root))), source=source, notes=notes)


_NO_LOOK: frozenset[str] = frozenset()


def _looks_of_styles(root: etree._Element) -> Looks:
    """Return how each style looks: bold, italic, coloured, highlighted, indented."""
    return {
        style.get(_STYLE + "name", ""): frozenset(look for p in style for look, shows in _SIGNS.items() if shows(p))
        for style in root.iter(_STYLE + "style")
    }


def _blocks(parent: etree._Element, looks: Looks, *, listed: frozenset[str] = _NO_LOOK) -> Iterator[Paragraph | Table]:
    for element in parent:
        name = _name(element)
        if name in ("p", "h"):
            pieces = list(_pieces(element, looks, look=looks.get(element.get(_TEXT + "style-name") or "", _NO_LOOK)))
            inked = [look for text, look in pieces if text.strip()]
            yield Paragraph(
                text="".join(text for text, _ in pieces),
                looks=(frozenset.intersection(*inked) if inked else _NO_LOOK) | listed,
                is_heading=name == "h",
            )
        elif name == "table":
            yield Table(rows=tuple(_row(r, looks) for r in element.iter(_TABLE + "table-row")))
        elif name not in _LEFT_OUT:
            yield from _blocks(element, looks, listed=frozenset(("listed",)) if name == "list" else listed)


def _row(row: etree._Element, looks: Looks) -> tuple[str, ...]:
    cells = []
    for cell in row:
        if _name(cell) == "table-cell":
            parts = [b.text for b in _blocks(cell, looks) if isinstance(b, Paragraph)]
            cells.append("\n".join(parts).strip())
    return tuple(cells)


def _pieces(element: etree._Element, looks: Looks, *, look: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    yield _squeezed(element.text), look
    for child in element:
        name = _name(child)
        if name == "s":
            count = child.get(_TEXT + "c", "1")
            yield " " * min(int(count), _MOST_BLANKS) if count.isdecimal() and len(count) < 6 else " ", look
        elif name == "tab":
            yield "\t", look
        elif name == "line-break":
            yield "\n", look
        elif name not in _LEFT_OUT:
            yield from _pieces(child, looks, look=look | looks.get(child.get(_TEXT + "style-name") or "", _NO_LOOK))
        yield _squeezed(child.tail), look


def _squeezed(text: str | None) -> str:
    """Return `text` with line ends of the XML as blanks, which they stand for in OpenDocument."""
    return (text or "").replace("\r", " ").replace("\n", " ").replace("\t", " ")


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
