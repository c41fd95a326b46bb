"""Word files: a walk over the XML that keeps tracked insertions and leaves tracked deletions out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from subtheme.bytes.guards import Archive, parse_xml
from subtheme.transcripts.blocks import Paragraph, Table, draft_of_blocks
from subtheme.transcripts.draft import Draft, Source, plural

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_LEFT_OUT = frozenset(("del", "moveFrom", "rPr", "pPr", "rt", "Fallback", "instrText", "delText", "delInstrText"))
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad", "ptab": "\t"}
_OFF = frozenset(("0", "false", "off", "none"))


Look = frozenset[str]
"""How a run of letters looks: bold, italic, coloured, highlighted."""

_NO_LOOK: Look = frozenset()
_LOOKS = {"b": "bold", "i": "italic", "color": "coloured", "highlight": "highlighted"}
_PLAIN_COLOURS = _OFF | {"auto", "000000", "text1", ""}
_LEAST_INDENT = 200
"""Twentieths of a point from which a paragraph is indented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Styles:
    looks: Mapping[str, Look] = field(default_factory=dict)
    headings: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Walk:
    """What is gathered on the way; one object per file."""

    styles: _Styles
    deletions: int = 0
    insertions: int = 0
    symbols: int = 0
    boxes: int = 0
    hidden: int = 0
    comments: int = 0
    footnotes: int = 0
    pending: list[tuple[str, Look]] = field(default_factory=list)


def read_docx(source: Source) -> Draft:
    """Read a .docx: paragraphs and tables in order, as if every tracked change were accepted.

    Raises
    ------
    InputError
        If the package is locked, damaged, hostile or holds no Word text.
    """
    archive = Archive(source.data, where=source.name)
    root = parse_xml(archive.read(_main_part(archive, source.name)), where=source.name)
    walk = _Walk(styles=_styles(archive, source.name))
    body = next((e for e in root if _name(e) == "body"), root)
    blocks = list(_blocks(body, walk))
    notes = []
    if walk.deletions:
        notes.append(f"{plural(walk.deletions, 'tracked deletion')} left out")
    if walk.insertions:
        notes.append(f"{plural(walk.insertions, 'tracked insertion')} kept")
    if walk.symbols:
        notes.append(f"{plural(walk.symbols, 'symbol')} of a picture font left out")
    if walk.hidden:
        notes.append(f"{plural(walk.hidden, 'piece')} of hidden text left out")
    if walk.comments:
        notes.append(f"{plural(walk.comments, 'comment')} left out")
    if walk.footnotes:
        notes.append(f"{plural(walk.footnotes, 'footnote or endnote', 'footnotes or endnotes')} left out")
    if walk.boxes:
        notes.append(f"{plural(walk.boxes, 'text box', 'text boxes')} read after the paragraph that holds them")
    return draft_of_blocks(blocks, source=source, notes=notes)


def _main_part(archive: Archive, where: str) -> str:
    """Return the name of the part that holds the text; some programs number it (``word/document2.xml``)."""
    if "_rels/.rels" in archive:
        for relation in parse_xml(archive.read("_rels/.rels"), where=where):
            target = (relation.get("Target") or "").lstrip("/")
            if (relation.get("Type") or "").endswith("/officeDocument") and target in archive:
                return target
    return "word/document.xml"


def _styles(archive: Archive, where: str) -> _Styles:
    if "word/styles.xml" not in archive:
        return _Styles()
    looks: dict[str, Look] = {}
    headings, lists = set(), set()
    for style in parse_xml(archive.read("word/styles.xml"), where=where):
        if _name(style) != "style":
            continue
        key = _value(style, "styleId")
        title = next((_value(e, "val") for e in style if _name(e) == "name"), "").casefold()
        if title.startswith(("heading", "title", "subtitle")):
            headings.add(key)
        if title.startswith("list"):
            lists.add(key)
        looks[key] = frozenset().union(*(_look_of(r, _NO_LOOK) for r in style if _name(r) == "rPr"))
    return _Styles(looks=looks, headings=frozenset(headings), lists=frozenset(lists))


def _blocks(parent: etree._Element, walk: _Walk) -> Iterator[Paragraph | Table]:
    for element in parent:
        name = _name(element)
        if name == "p":
            yield from _paragraph(element, walk)
        elif name == "tbl":
            yield Table(rows=tuple(_rows(element, walk)))
        elif name in ("del", "moveFrom"):
            walk.deletions += 1
        elif name not in _LEFT_OUT:
            yield from _blocks(element, walk)


def _rows(table: etree._Element, walk: _Walk) -> Iterator[tuple[str, ...]]:
    for element in table:
        name = _name(element)
        if name == "tr":
            if any(_name(e) == "del" for p in element if _name(p) == "trPr" for e in p):
                walk.deletions += 1
                continue
            yield tuple(_cells(element, walk))
        elif name not in _LEFT_OUT and len(element):
            yield from _rows(element, walk)


def _cells(row: etree._Element, walk: _Walk) -> Iterator[str]:
    for element in row:
        if _name(element) == "tc":
            yield "\n".join(_text_of(block) for block in _blocks(element, walk)).strip()
        elif _name(element) not in _LEFT_OUT and len(element):
            yield from _cells(element, walk)


def _text_of(block: Paragraph | Table) -> str:
    return block.text if isinstance(block, Paragraph) else "\n".join("\t".join(row) for row in block.rows)


def _paragraph(element: etree._Element, walk: _Walk) -> Iterator[Paragraph | Table]:
    """Yield a paragraph and the text boxes in it; one whose mark was deleted goes on in the next."""
    properties = next((e for e in element if _name(e) == "pPr"), None)
    style = ""
    is_heading = is_joined = False
    own: set[str] = set()
    for item in () if properties is None else properties:
        if _name(item) == "pStyle":
            style = _value(item, "val")
        elif _name(item) == "outlineLvl":
            is_heading = _value(item, "val") not in ("", "9")
        elif _name(item) == "numPr":
            own.add("listed")
        elif _name(item) == "ind" and _is_indented(item):
            own.add("indented")
        elif _name(item) == "rPr":
            is_joined = any(_name(e) in ("del", "moveFrom") for e in item)
    boxes: list[etree._Element] = []
    pieces = walk.pending + list(_pieces(element, walk, boxes, look=walk.styles.looks.get(style, _NO_LOOK)))
    walk.pending = pieces if is_joined else []
    if not is_joined:
        inked = [look for text, look in pieces if text.strip()]
        common = frozenset.intersection(*inked) if inked else _NO_LOOK
        if style in walk.styles.lists:
            own.add("listed")
        yield Paragraph(
            text="".join(text for text, _ in pieces),
            looks=common | own,
            is_heading=is_heading or style in walk.styles.headings,
        )
    for box in boxes:
        walk.boxes += 1
        yield from _blocks(box, walk)


def _pieces(
    parent: etree._Element,
    walk: _Walk,
    boxes: list[etree._Element],
    *,
    look: Look,
) -> Iterator[tuple[str, Look]]:
    for element in parent:
        name = _name(element)
        if name == "t":
            yield element.text or "", look
        elif name in _CHARACTERS:
            yield _CHARACTERS[name], look
        elif name == "r":
            if _is_hidden(element):
                walk.hidden += 1
                continue
            yield from _pieces(element, walk, boxes, look=_look_of_run(element, walk, look))
        elif name == "commentReference":
            walk.comments += 1
        elif name in ("footnoteReference", "endnoteReference"):
            walk.footnotes += 1
        elif name == "sym":
            walk.symbols += 1
        elif name == "txbxContent":
            boxes.append(element)
        elif name in ("del", "moveFrom"):
            walk.deletions += 1
        elif name not in _LEFT_OUT:
            walk.insertions += name in ("ins", "moveTo")
            yield from _pieces(element, walk, boxes, look=look)


def _look_of_run(run: etree._Element, walk: _Walk, look: Look) -> Look:
    for properties in run:
        if _name(properties) == "rPr":
            for item in properties:
                if _name(item) == "rStyle":
                    look |= walk.styles.looks.get(_value(item, "val"), _NO_LOOK)
            look = _look_of(properties, look)
    return look


def _look_of(properties: etree._Element, look: Look) -> Look:
    """Return the look that properties of a run leave of the one around it: they may also take one away."""
    for item in properties:
        named = _LOOKS.get(_name(item))
        if named is None:
            continue
        is_on = _value(item, "val").casefold() not in _PLAIN_COLOURS if named == "coloured" else _is_on(item)
        look = look | {named} if is_on else look - {named}
    return look


def _is_hidden(run: etree._Element) -> bool:
    return any(_is_on(i) for p in run if _name(p) == "rPr" for i in p if _name(i) == "vanish")


def _is_indented(item: etree._Element) -> bool:
    left = _value(item, "left") or _value(item, "start")
    return left.isdecimal() and int(left) >= _LEAST_INDENT


def _is_on(element: etree._Element) -> bool:
    return _value(element, "val").casefold() not in _OFF


def _name(element: etree._Element) -> str:
    """Return the local name; elements outside Word's own namespaces keep theirs too (mc:Fallback)."""
    return str(element.tag).rpartition("}")[2]


def _value(element: etree._Element, name: str) -> str:
    return element.get(_W + name) or element.get(_STRICT + name) or ""
