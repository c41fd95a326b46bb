"""The text sources of a REFI-QDA project: their text, and the selections on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from subtheme.bytes.encodings import decoded
from subtheme.errors import InputError
from subtheme.exchange.archive import ProjectArchive
from subtheme.exchange.numbered_names import NumberedNames
from subtheme.exchange.offset_choice import Selection
from subtheme.exchange.offsets import StoredText
from subtheme.exchange.refi_xml import attribute, child, children, guid_of, integer, local_name
from subtheme.nouns import canonical_text

_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\ud800-\udfff]')
_RECORDINGS = ("AudioSource", "VideoSource")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class SourceElement:
    """One text in a project file.

    Attributes
    ----------
    guids : tuple of str
        Its own, and those of the picture, page or recording that it is the text of.
    name : str
        Unique in the project.
    element : element
        What holds the selections.
    holder : element
        What holds variables and codings of the whole: the source itself.
    stored : StoredText or None
        None where there is no text.
    reason : str
        Why there is no text.
    encoding : str
    selections : tuple of (element, Selection or None)
        None where the place cannot be read.
    """

    guids: tuple[str, ...]
    name: str
    element: etree._Element
    holder: etree._Element
    stored: StoredText | None
    reason: str
    encoding: str
    selections: tuple[tuple[etree._Element, Selection | None], ...]

    @property
    def placeable(self) -> tuple[Selection, ...]:
        """The selections with two numbers."""
        return tuple(s for _, s in self.selections if s is not None)


def source_elements(
    sources: etree._Element, archive: ProjectArchive, *, encoding: str | None
) -> Iterator[SourceElement]:
    """Iterate over the texts of a project: text sources, the texts of PDFs, transcripts of recordings."""
    names = NumberedNames()
    for holder in children(sources, "TextSource", "PDFSource", *_RECORDINGS):
        kind = local_name(holder)
        if kind == "TextSource":
            elements = [holder]
        elif kind == "PDFSource":
            elements = list(children(holder, "Representation"))
        else:
            elements = list(children(holder, "Transcript"))
        for element in elements:
            own = attribute(element, "name")
            given = attribute(holder, "name") if len(elements) == 1 else own
            name = names.unique(fit_name(given.strip() or _name_of_path(element) or _name_of_path(holder)))
            stored, reason, found = _stored(element, archive, name, encoding)
            guids = (guid_of(element), guid_of(holder)) if len(elements) == 1 else (guid_of(element),)
            yield SourceElement(
                guids=tuple(dict.fromkeys(g for g in guids if g)),
                name=name,
                element=element,
                holder=holder,
                stored=stored,
                reason=reason,
                encoding=found,
                selections=tuple(_selections(element)),
            )


def _name_of_path(element: etree._Element) -> str:
    """Return the name of the file of a text, without folder and ending; empty where it names none."""
    path = attribute(element, "plainTextPath") or attribute(element, "richTextPath") or attribute(element, "path")
    base = re.split(r"[/\\\\]", path)[-1]
    return base.rpartition(".")[0] or base


def plain_text(element: etree._Element, archive: ProjectArchive) -> str:
    """Return the text of a note, which is built like a source; empty where there is none."""
    stored, _, _ = _stored(element, archive, "a note", None)
    return stored.text.strip() if stored else ""


def _stored(
    element: etree._Element, archive: ProjectArchive, name: str, encoding: str | None
) -> tuple[StoredText | None, str, str]:
    """Return the text of a source, or why there is none, and the encoding it was read with."""
    inline = child(element, "PlainTextContent")
    path = attribute(element, "plainTextPath")
    try:
        if path:
            member = archive.member_of(path)
            if member is None:
                is_outside = "://" in path and not path.casefold().startswith("internal://")
                where = "outside of the package, where nothing is opened" if is_outside else "missing from the package"
                return None, f"its text file is {where}", ""
            data = archive.read(member)
            read = decoded(data, where=name, encoding=encoding)
            has_bom = data.startswith(_BOMS)
            stored, found = read.text.removeprefix("\ufeff"), read.encoding
        elif inline is not None:
            stored, found = inline.text or "", "inline"
            has_bom = stored.startswith("\ufeff")
            stored = stored.removeprefix("\ufeff")
        else:
            return None, "it has no plain text", ""
        if not archive.takes_text(stored):
            return None, "the text, or all texts of the project together, are too long", ""
        return StoredText(stored, canonical_text(stored, where=name), has_bom=has_bom), "", found
    except InputError as error:
        return None, f"its text cannot be read: {error.problems[0].what}", ""


def _selections(element: etree._Element) -> Iterator[tuple[etree._Element, Selection | None]]:
    points = {guid_of(p): integer(p, "position") for p in children(element, "SyncPoint")}
    for selection in children(element, "PlainTextSelection", "TranscriptSelection"):
        if local_name(selection) == "PlainTextSelection":
            start, end = integer(selection, "startPosition"), integer(selection, "endPosition")
        else:
            start, end = (points.get(guid_of(selection, key)) for key in ("fromSyncPoint", "toSyncPoint"))
        if start is None or end is None:
            yield selection, None
        else:
            yield selection, Selection(start=start, end=end, name=attribute(selection, "name"))


def fit_name(name: str) -> str:
    """Return `name` without what no file name may hold."""
    return " ".join(_UNFIT.sub("-", name).split()).lstrip(".")[:120].strip() or "source"
