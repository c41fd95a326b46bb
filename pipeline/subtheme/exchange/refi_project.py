"""Reading a REFI-QDA project (.qdpx or .qde) of any program into texts, codes, codings, coders and cases."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from lxml import etree

from subtheme.bytes.guards import Limits
from subtheme.errors import InputError, Problem
from subtheme.exchange.archive import PROJECT_LIMITS, ProjectArchive
from subtheme.exchange.loss import Dropped, LossReport
from subtheme.exchange.offset_choice import Habit, OffsetChoice, choose_offsets, habit_of
from subtheme.exchange.offsets import Offsets, Placed
from subtheme.exchange.project_description import SYNTHETIC_PREFIX, ProjectDescription
from subtheme.exchange.refi_cases import CaseReader
from subtheme.exchange.refi_codebook import CodebookImport, read_codes
from subtheme.exchange.refi_model import RefiCase, RefiNote, RefiProject, RefiSource
from subtheme.exchange.refi_people import participant_of
from subtheme.exchange.refi_source import SourceElement, plain_text, source_elements
from subtheme.exchange.refi_users import ASSISTED, Users
from subtheme.exchange.refi_xml import (
    attribute,
    child,
    children,
    grandchildren,
    guid_of,
    local_name,
    targets,
    text_of,
)
from subtheme.exchange.schema import schema_warnings
from subtheme.nouns import CODINGS, Direction, Origin

_FOREIGN = ("PictureSource", "PDFSource", "AudioSource", "VideoSource")
_SELECTION = ("PictureSelection", "PDFSelection", "AudioSelection", "VideoSelection")


def read_refi_project(
    path: Path,
    *,
    offsets: Offsets | None = None,
    encoding: str | None = None,
    separator: str = "",
    limits: Limits = PROJECT_LIMITS,
    progress: Callable[[int, int], None] | None = None,
) -> RefiProject:
    """Read a REFI-QDA project.

    Parameters
    ----------
    path : pathlib.Path
        A .qdpx package, or a bare .qde file (whose texts are then missing unless they stand in it).
    offsets : Offsets or None
        How its offsets count; decided per source without it (see `subtheme.exchange.offset_choice`).
    encoding : str or None
        Encoding of text files that are not UTF-8 and have no byte order mark.
    separator : str
        What joins a code to the codes above it in its name, such as ``::``; empty to leave names whole.
    limits : Limits
    progress : callable or None
        Called with the steps done and their number: each text is found, and then its codings are read.

    Raises
    ------
    InputError
        If the file is missing, damaged, dangerous, beyond the limits, or no REFI-QDA project. What a project
        merely lacks (texts, codes, places) is reported in its loss report instead.
    """
    with ProjectArchive(path, limits=limits) as archive:
        if local_name(archive.root) != "Project":
            raise InputError(
                Problem(
                    what="the file is not a REFI-QDA project",
                    where=path.name,
                    expected="a file (.qde) whose outermost element is Project",
                    remedy="A codebook alone (.qdc) is imported as such",
                )
            )
        return _Reader(archive, offsets, encoding, separator, progress or (lambda _done, _all: None)).project()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One coding before its participant is known."""

    source: str
    start_char: int
    end_char: int
    code: str
    coder: str
    origin: Origin
    direction: Direction
    memo: str


class _Reader:
    def __init__(
        self,
        archive: ProjectArchive,
        offsets: Offsets | None,
        encoding: str | None,
        separator: str,
        progress: Callable[[int, int], None],
    ) -> None:
        self._archive = archive
        self._root = archive.root
        self._override = offsets
        self._encoding = encoding
        self._separator = separator
        self._progress = progress
        self._dropped: list[Dropped] = []
        self._warnings: list[str] = []
        self._notes: list[RefiNote] = []
        self._note_owner: dict[str, dict[str, object]] = {}
        self._cases = CaseReader(archive.root)
        self._read = 0

    def project(self) -> RefiProject:
        root = self._root
        about = ProjectDescription.parse(text_of(root, "Description"))
        name = attribute(root, "name")
        if about.synthetic:
            name = name.removeprefix(SYNTHETIC_PREFIX)
        self._users = Users(grandchildren(root, "Users", "User"))
        book = child(root, "CodeBook")
        self._codes: CodebookImport = read_codes(
            etree.Element("CodeBook") if book is None else book,
            title=name,
            levels=about.levels,
            synthetic=about.synthetic,
            omit=self._cases.guids,
            separator=self._separator,
        )
        holder = child(root, "Sources")
        elements = [] if holder is None else self._elements(holder)
        choices = self._choices(elements)
        self._note_text = {guid_of(n): plain_text(n, self._archive) for n in grandchildren(root, "Notes", "Note")}
        rows: list[_Row] = []
        for done, source in enumerate(elements, start=1 + len(elements)):
            rows += self._rows(source, choices.get(source.name))
            self._progress(done, 2 * len(elements))
        if holder is not None:
            self._drop_foreign(holder, elements)
        sources = tuple(self._source(s, choices.get(s.name)) for s in elements)
        cases, values = self._cases.cases(elements)
        codings = self._codings(rows, cases)
        self._collect_notes()
        self._drop_rest()
        return RefiProject(
            name=name,
            origin=attribute(root, "origin"),
            codebook=replace(self._codes.codebook, note=about.note),
            sources=tuple(replace(s, values={**s.values, **values.get(s.name, {})}) for s in sources),
            codings=codings,
            coders=self._users.names,
            cases=cases,
            variables=self._cases.variables,
            sets=self._cases.sets(elements, self._codes.ids),
            notes=tuple(self._notes),
            loss=self._loss(sources, codings, cases),
        )

    def _elements(self, holder: etree._Element) -> list[SourceElement]:
        found = []
        for element in source_elements(holder, self._archive, encoding=self._encoding):
            found.append(element)
            self._progress(len(found), 2 * max(len(holder), len(found)))
        return found

    def _choices(self, elements: list[SourceElement]) -> dict[str, OffsetChoice]:
        with_text = [(s.name, s.stored, s.placeable) for s in elements if s.stored is not None]
        found = choose_offsets(
            [(stored, placeable) for _, stored, placeable in with_text],
            habit=self._habit(),
            override=self._override,
        )
        choices = {name: choice for (name, _, _), choice in zip(with_text, found, strict=True)}
        self._warnings += [f"{name}: {choice.warning}" for name, choice in choices.items() if choice.warning]
        return choices

    def _habit(self) -> Habit | None:
        """Return how the program counts; our own exports say it where it is not the standard way."""
        origin = attribute(self._root, "origin")
        stated = ProjectDescription.parse(text_of(self._root, "Description")).offsets
        if stated and origin.startswith("subtheme "):
            try:
                return Habit(offsets=Offsets.parse(stated), is_proven=True)
            except InputError:
                return None
        return habit_of(origin)

    def _source(self, source: SourceElement, choice: OffsetChoice | None) -> RefiSource:
        if source.stored is None:
            self._dropped.append(Dropped(what="text", where=source.name, reason=source.reason))
        return RefiSource(
            name=source.name,
            text=source.stored.text if source.stored else None,
            choice=choice,
            selections=len(source.selections),
            values=self._cases.values(source.holder),
            encoding=source.encoding,
        )

    def _rows(self, source: SourceElement, choice: OffsetChoice | None) -> list[_Row]:
        """Return the codings of one source, and note what else stands on it."""
        rows: list[_Row] = []
        self._own_notes(source.holder, source=source.name)
        inexact = 0
        places: Iterator[Placed | None] = iter(())
        if source.stored is not None and choice is not None:
            places = iter(source.stored.placed([(s.start, s.end) for s in source.placeable], choice.offsets))
        for element, selection in source.selections:
            place = None
            where = f"{source.name}, selection {guid_of(element) or '?'}"
            reason = ""
            if selection is None:
                reason = "its place cannot be read"
            elif source.stored is not None and choice is not None:
                place = next(places)
                if place is None:
                    is_empty = selection.start == selection.end
                    reason = "it has no length" if is_empty else "its place lies outside of the text"
                else:
                    inexact += not place.is_exact
            rows += self._codings_of(element, source.name, place, where, reason)
            if place is not None:
                self._cases.note_place(guid_of(element), source.name, place)
        if inexact:
            self._warnings.append(f"{source.name}: {inexact} selections began or ended inside a character and cover it")
        rows += self._codings_of(source.element, source.name, None, f"{source.name}, the whole text", "")
        if source.holder is not source.element:
            rows += self._codings_of(source.holder, source.name, None, f"{source.name}, the whole source", "")
        if source.stored is None and rows:
            self._warnings.append(f"{source.name}: {len(rows)} codings are kept without a place, since {source.reason}")
        return rows

    def _codings_of(
        self, element: etree._Element, source: str, place: Placed | None, where: str, reason: str
    ) -> list[_Row]:
        codings = list(children(element, "Coding"))
        is_selection = local_name(element).endswith("Selection")
        memo = text_of(element, "Description") if is_selection else ""
        if is_selection:
            self._own_notes(element, source=source, place=place)
            name = attribute(element, "name")
            if memo and (reason or not codings):
                coder = self._users.name(guid_of(element, "creatingUser"))
                self._add_note(name="annotation", text=memo, coder=coder, source=source, place=place)
            elif not codings and not name and child(element, "NoteRef") is None:
                self._dropped.append(Dropped(what="selection", where=where, reason="it has neither code nor note"))
        memo, is_assisted = (memo.removesuffix(ASSISTED).rstrip(), True) if memo.endswith(ASSISTED) else (memo, False)
        rows = []
        for coding in codings:
            self._read += 1
            target = next(iter(targets(coding, "CodeRef")), "")
            if target in self._cases.guids:
                self._cases.note_member(target, source, place)
                self._drop_coding(where, "its code is a case: the text was noted as belonging to it")
            elif reason:
                self._drop_coding(where, reason)
            elif target not in self._codes.ids and target not in self._codes.counters:
                self._drop_coding(where, "its code is not in the codebook")
            else:
                user = guid_of(coding, "creatingUser") or guid_of(element, "creatingUser")
                coder, origin = self._users.coder(user, is_assisted=is_assisted)
                rows.append(
                    _Row(
                        source=source,
                        start_char=place.start_char if place else -1,
                        end_char=place.end_char if place else -1,
                        code=self._codes.ids.get(target) or self._codes.counters[target],
                        coder=coder,
                        origin=origin,
                        direction=Direction.COUNTERS if target in self._codes.counters else Direction.SUPPORTS,
                        memo=memo,
                    )
                )
        return rows

    def _codings(self, rows: list[_Row], cases: tuple[RefiCase, ...]) -> pd.DataFrame:
        unique: dict[tuple[object, ...], _Row] = {}
        for row in rows:
            key = (row.source, row.start_char, row.end_char, row.code, row.coder, row.direction, row.origin)
            if key in unique:
                self._drop_coding(f"{row.source}, characters {row.start_char}-{row.end_char}", "the same coding again")
            else:
                unique[key] = row
        participant = participant_of(cases)
        frame = pd.DataFrame(
            [
                {
                    "participant": participant(row.source, row.start_char, row.end_char),
                    "code": row.code,
                    "coder": row.coder,
                    "origin": row.origin,
                    "direction": row.direction,
                    "transcript": row.source,
                    "start_char": row.start_char,
                    "end_char": row.end_char,
                    "memo": row.memo,
                }
                for row in unique.values()
            ],
            columns=list(CODINGS.names),
        )
        branches = {c.parent for c in self._codes.codebook.codes}
        on_branches = sum(row.code in branches for row in unique.values())
        if on_branches:
            self._warnings.append(f"{on_branches} codings stand on codes that have codes below them, and stay there")
        counters = sum(row.direction is Direction.COUNTERS for row in unique.values())
        if counters:
            self._warnings.append(f"{counters} codings to '(counter-example)' codes were read as counter-examples")
        return CODINGS.check(frame, source=self._archive.name)

    def _own_notes(self, element: etree._Element, *, source: str, place: Placed | None = None) -> None:
        for guid in targets(element, "NoteRef"):
            self._note_owner[guid] = {"source": source, "place": place}

    def _add_note(self, *, name: str, text: str, coder: str, source: str = "", place: Placed | None = None) -> None:
        start, end = (place.start_char, place.end_char) if place else (-1, -1)
        self._notes.append(RefiNote(name=name, text=text, coder=coder, source=source, start_char=start, end_char=end))

    def _collect_notes(self) -> None:
        for note in grandchildren(self._root, "Notes", "Note"):
            guid = guid_of(note)
            text = self._note_text.get(guid, "") or text_of(note, "Description")
            where = f"note {guid}"
            coder = self._users.name(guid_of(note, "creatingUser"))
            if text:
                owner = self._note_owner.get(guid, {})
                self._add_note(name=attribute(note, "name"), text=text, coder=coder, **owner)  # type: ignore[arg-type]
            else:
                self._dropped.append(Dropped(what="note", where=where, reason="it has no text in the package"))
            for coding in note.iter("{*}Coding"):
                self._read += 1
                self._drop_coding(f"{where}, coding {guid_of(coding)}", "it codes a note, not an interview")

    def _drop_coding(self, where: str, reason: str) -> None:
        self._dropped.append(Dropped(what="coding", where=where, reason=reason))

    def _drop_foreign(self, holder: etree._Element, elements: list[SourceElement]) -> None:
        """Report pictures, pages and recordings, and the codings on them."""
        with_text = {s.holder for s in elements}
        for source in children(holder, *_FOREIGN):
            name = attribute(source, "name") or guid_of(source)
            kind = local_name(source).removesuffix("Source").lower()
            if source not in with_text:
                self._dropped.append(Dropped(what=f"{kind} source", where=name, reason="it has no text"))
            parts = [source] if source not in with_text else []
            for part in (*parts, *children(source, *_SELECTION)):
                for _ in children(part, "Coding"):
                    self._read += 1
                    self._drop_coding(name, f"it codes a part of the {kind}, not words")

    def _drop_rest(self) -> None:
        for kind, parent in (("Link", "Links"), ("Graph", "Graphs")):
            self._dropped += [
                Dropped(
                    what=kind.lower(), where=attribute(e, "name") or guid_of(e), reason="subtheme has no such thing"
                )
                for e in grandchildren(self._root, parent, kind)
            ]

    def _loss(self, sources: tuple[RefiSource, ...], codings: pd.DataFrame, cases: tuple[RefiCase, ...]) -> LossReport:
        foreign = Counter(d.what for d in self._dropped)
        codes = len(self._codes.codebook.codes)
        notes = foreign["note"] + len(self._notes)
        others = sum(n for what, n in foreign.items() if what.endswith(" source"))
        return LossReport(
            file=self._archive.name,
            read={
                "sources": len(sources) + others,
                "codes": codes + len(self._codes.counters),
                "codings": self._read,
                "cases": self._cases.count,
                "notes": notes,
            },
            kept={
                "sources": sum(s.text is not None for s in sources),
                "codes": codes,
                "codings": len(codings),
                "cases": len(cases),
                "notes": len(self._notes),
            },
            dropped=tuple(self._dropped),
            warnings=(*self._warnings, *schema_warnings(self._root, "Project")),
        )
