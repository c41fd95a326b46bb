"""OpenDocument text: a walk over content.xml; tracked deletions, notes and comments are no speech."""

from collections.abc import Iterator

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
    return draft_of_blocks(list(_blocks(body, _bold_styles(root))), source=source, notes=notes)


def _bold_styles(root: etree._Element) -> frozenset[str]:
    return frozenset(
        style.get(_STYLE + "name", "")
        for style in root.iter(_STYLE + "style")
        if any(p.get(_FO + "font-weight") == "bold" for p in style)
    )


def _blocks(parent: etree._Element, bold: frozenset[str]) -> Iterator[Paragraph | Table]:
    for element in parent:
        name = _name(element)
        if name in ("p", "h"):
            pieces = list(_pieces(element, bold, is_bold=element.get(_TEXT + "style-name") in bold))
            inked = [is_bold for text, is_bold in pieces if text.strip()]
            yield Paragraph(
                text="".join(text for text, _ in pieces), is_bold=bool(inked) and all(inked), is_heading=name == "h"
            )
        elif name == "table":
            yield Table(rows=tuple(_row(r, bold) for r in element.iter(_TABLE + "table-row")))
        elif name not in _LEFT_OUT:
            yield from _blocks(element, bold)


def _row(row: etree._Element, bold: frozenset[str]) -> tuple[str, ...]:
    cells = []
    for cell in row:
        if _name(cell) == "table-cell":
            parts = [b.text for b in _blocks(cell, bold) if isinstance(b, Paragraph)]
            cells.append("\n".join(parts).strip())
    return tuple(cells)


def _pieces(element: etree._Element, bold: frozenset[str], *, is_bold: bool) -> Iterator[tuple[str, bool]]:
    yield _squeezed(element.text), is_bold
    for child in element:
        name = _name(child)
        if name == "s":
            count = child.get(_TEXT + "c", "1")
            yield " " * min(int(count), _MOST_BLANKS) if count.isdecimal() and len(count) < 6 else " ", is_bold
        elif name == "tab":
            yield "\t", is_bold
        elif name == "line-break":
            yield "\n", is_bold
        elif name not in _LEFT_OUT:
            yield from _pieces(child, bold, is_bold=is_bold or child.get(_TEXT + "style-name") in bold)
        yield _squeezed(child.tail), is_bold


def _squeezed(text: str | None) -> str:
    """Return `text` with line ends of the XML as blanks, which they stand for in OpenDocument."""
    return (text or "").replace("\r", " ").replace("\n", " ").replace("\t", " ")


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
