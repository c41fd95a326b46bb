"""Writing a REFI-QDA project (.qdpx) that other programs read right; equal studies give equal bytes.

The profile is the one that every reader tried agrees on: text files with LF and without a byte order mark,
offsets in code points, end exclusive, the quotation as the name of its selection, one selection per place
and coder. No paths, dates or names of people leave that are not in the study.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import pandas as pd
from lxml import etree

from subtheme import __version__
from subtheme.exchange.archive import zipped
from subtheme.exchange.guid import stable_guid
from subtheme.exchange.loss import Dropped, LossReport
from subtheme.exchange.offsets import LineEnds, Offsets, StoredText, Unit
from subtheme.exchange.project_description import SYNTHETIC_PREFIX, described_project
from subtheme.exchange.refi_codebook import add_codes, code_guid
from subtheme.exchange.refi_model import RefiNote
from subtheme.exchange.refi_users import ASSISTED, AUTO_PREFIX
from subtheme.exchange.refi_xml import PROJECT_NAMESPACE, add, to_bytes
from subtheme.nouns import CODINGS, PARTICIPANTS, Codebook, Direction, Origin, rows_of

ORGANISATION = "organisation"
LEVEL = "level"


class Variant(StrEnum):
    """For which program an export is made."""

    STANDARD = "standard"
    NVIVO = "nvivo"
    ATLASTI = "atlasti"
    MAXQDA = "maxqda"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Profile:
    offsets: Offsets
    folder: str = "sources"
    line_end: str = "\n"
    mark: bytes = b""


_PROFILES = {
    Variant.STANDARD: _Profile(offsets=Offsets()),
    Variant.NVIVO: _Profile(offsets=Offsets(unit=Unit.UTF_16), folder="Sources", line_end="\r\n", mark=b"\xef\xbb\xbf"),
    Variant.ATLASTI: _Profile(offsets=Offsets(line_ends=LineEnds.AS_ONE), line_end="\r\n"),
    Variant.MAXQDA: _Profile(offsets=Offsets(line_ends=LineEnds.AS_ONE), line_end="\r\n"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefiExport:
    """A project, ready to be written.

    Attributes
    ----------
    data : bytes
        The package.
    loss : LossReport
    """

    data: bytes = field(repr=False)
    loss: LossReport

    def write(self, path: Path) -> None:
        """Write the package."""
        path.write_bytes(self.data)


def refi_project(
    *,
    codebook: Codebook,
    texts: Mapping[str, str],
    codings: pd.DataFrame,
    participants: pd.DataFrame | None = None,
    speakers: Mapping[str, Sequence[str]] | None = None,
    notes: Iterable[RefiNote] = (),
    coders: Iterable[str] = (),
    coder_names: Mapping[str, str] | None = None,
    variant: Variant = Variant.STANDARD,
    flatten: str = "",
    synthetic: bool = False,
    file: str = "project.qdpx",
) -> RefiExport:
    """Return a REFI-QDA project.

    Parameters
    ----------
    codebook : Codebook
    texts : mapping of str to str
        Canonical text of every transcript by its id.
    codings : pandas.DataFrame
        Columns of `subtheme.nouns.CODINGS`. Those with origin ``auto`` stand under a user ``auto: <coder>``;
        counter-examples under a code of their own, so that no program counts them as support; those without a
        place as codings of the whole text.
    participants : pandas.DataFrame or None
        Columns of `subtheme.nouns.PARTICIPANTS`. Each becomes a case with its organisation and level.
    speakers : mapping of str to sequence of str or None
        Participants of each transcript. Without it, those that its codings name.
    notes : iterable of RefiNote
    coders : iterable of str
        Coders to name beside those of the codings.
    coder_names : mapping of str to str or None
        Pseudonyms: another name for each coder that is in it.
    variant : Variant
        Other than standard: offsets and line ends as that program is known to take them. None was tested
        with the program itself; the report says so.
    flatten : str
        Write codes as one flat list, names joined along their path by this; empty to keep the tree.
    synthetic : bool
        The interviews are invented: say so in the name and the description. Never switched off by a codebook
        that is not.
    file : str
        Name for the report.
    """
    writer = _Writer(
        codebook=codebook,
        texts=dict(texts),
        codings=CODINGS.check(codings, source="codings"),
        participants=PARTICIPANTS.empty() if participants is None else participants,
        speakers=speakers,
        notes=tuple(notes),
        coders=tuple(coders),
        coder_names=dict(coder_names or {}),
        variant=variant,
        flatten=flatten,
        synthetic=synthetic or codebook.synthetic,
        file=file,
    )
    return writer.export()


@dataclass(slots=True, kw_only=True)
class _Writer:
    codebook: Codebook
    texts: dict[str, str]
    codings: pd.DataFrame
    participants: pd.DataFrame
    speakers: Mapping[str, Sequence[str]] | None
    notes: tuple[RefiNote, ...]
    coders: tuple[str, ...]
    coder_names: dict[str, str]
    variant: Variant
    flatten: str
    synthetic: bool
    file: str
    dropped: list[Dropped] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    spoken: dict[str, list[str]] = field(default_factory=dict)
    own_selections: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    users: dict[str, str] = field(default_factory=dict)
    members: dict[str, bytes] = field(default_factory=dict)

    def export(self) -> RefiExport:
        rows = self._kept()
        self.spoken = self._speakers(rows)
        self._note_users(rows)
        root = etree.Element(f"{{{PROJECT_NAMESPACE}}}Project", nsmap={None: PROJECT_NAMESPACE})
        prefix = SYNTHETIC_PREFIX if self.synthetic else ""
        root.set("name", prefix + (self.codebook.title.removeprefix(SYNTHETIC_PREFIX) or "subtheme"))
        root.set("origin", f"subtheme {__version__}")
        self._add_users(root)
        self._add_codebook(root, rows)
        self._add_variables(root)
        place_of_cases = len(root)
        self._add_sources(root, rows)
        self._add_cases(root, place_of_cases)
        self._add_notes(root)
        self._add_sets(root)
        offsets = "" if self.variant is Variant.STANDARD else _PROFILES[self.variant].offsets.as_text()
        words = described_project(self.codebook, synthetic=self.synthetic, offsets=offsets)
        add(root, "Description", words=words)
        data = zipped({"project.qde": to_bytes(root), **self.members})
        return RefiExport(data=data, loss=self._loss(len(rows)))

    def _kept(self) -> list[Any]:
        """Return the codings that can be written, once each."""
        kept: dict[tuple[object, ...], Any] = {}
        for row in rows_of(self.codings):
            where = f"{row.transcript or row.participant}, characters {row.start_char}-{row.end_char}, {row.code}"
            text = self.texts.get(row.transcript)
            is_placed = row.start_char >= 0
            key = (row.transcript, row.start_char, row.end_char, row.code, row.coder, row.direction, row.origin)
            reason = ""
            if row.code not in self.codebook:
                reason = "its code is not in the codebook"
            elif text is None:
                reason = "its transcript is not exported" if row.transcript else "it names no transcript"
            elif is_placed and not row.start_char < row.end_char <= len(text):
                reason = "its place lies outside of the text"
            elif key in kept:
                reason = "the same coding again"
            if reason:
                self.dropped.append(Dropped(what="coding", where=where, reason=reason))
            else:
                kept[key] = row
        return list(kept.values())

    def _speakers(self, rows: list[Any]) -> dict[str, list[str]]:
        found: dict[str, dict[str, None]] = {t: {} for t in self.texts}
        for transcript, people in (self.speakers or {}).items():
            if transcript in found:
                found[transcript].update(dict.fromkeys(people))
        for row in rows:
            found[row.transcript][row.participant] = None
        return {t: list(people) for t, people in found.items()}

    def _user(self, coder: str, origin: str) -> str:
        name = self.coder_names.get(coder, coder)
        return AUTO_PREFIX + name if origin == Origin.AUTO else name

    def _note_users(self, rows: list[Any]) -> None:
        names = {self._user(r.coder, r.origin) for r in rows} | {self._user(c, "") for c in self.coders}
        names |= {self._user(n.coder, "") for n in self.notes if n.coder}
        self.users = {name: stable_guid("coder", name) for name in sorted(names)}

    def _add_users(self, root: etree._Element) -> None:
        if self.users:
            holder = add(root, "Users")
            for name, guid in self.users.items():
                add(holder, "User", guid=guid, name=name)

    def _add_codebook(self, root: etree._Element, rows: list[Any]) -> None:
        if self.codebook.codes:
            add_codes(
                add(root, "CodeBook"),
                self.codebook,
                coded={r.code for r in rows if r.direction == Direction.SUPPORTS},
                countered={r.code for r in rows if r.direction == Direction.COUNTERS},
                flatten=self.flatten,
            )

    def _add_variables(self, root: etree._Element) -> None:
        if len(self.participants):
            holder = add(root, "Variables")
            for name in (ORGANISATION, LEVEL):
                add(holder, "Variable", guid=stable_guid("variable", name), name=name, typeOfVariable="Text")

    def _add_sources(self, root: etree._Element, rows: list[Any]) -> None:
        by_transcript: dict[str, list[Any]] = defaultdict(list)
        for row in rows:
            by_transcript[row.transcript].append(row)
        organisation = dict(zip(self.participants["participant"], self.participants["case"], strict=True))
        holder = add(root, "Sources") if self.texts else root
        for transcript, text in sorted(self.texts.items()):
            guid = stable_guid("source", transcript)
            source = add(holder, "TextSource", guid=guid, name=transcript, plainTextPath=self._file(guid, text))
            self._add_selections(source, transcript, text, by_transcript[transcript])
            whole = [r for r in by_transcript[transcript] if r.start_char < 0]
            for row in whole:
                self._add_coding(source, row)
            if whole and len(self.spoken[transcript]) > 1:
                self.warnings.append(f"{transcript}: {len(whole)} codings of the whole text do not say who spoke")
            for number, note in enumerate(self.notes):
                if note.source == transcript and note.start_char < 0:
                    add(source, "NoteRef", targetGUID=self._note_guid(number))
            organisations = {organisation[p] for p in self.spoken[transcript] if p in organisation}
            if len(organisations) == 1:
                self._add_value(source, ORGANISATION, organisations.pop())

    def _add_selections(self, source: etree._Element, transcript: str, text: str, rows: list[Any]) -> None:
        """Add one selection per place and coder (and what was noted there), in the order of the text."""
        profile = _PROFILES[self.variant]
        stored = StoredText(text.replace("\n", profile.line_end), text, has_bom=bool(profile.mark))
        groups: dict[tuple[int, int, str, str, str], list[Any]] = defaultdict(list)
        for row in rows:
            if row.start_char >= 0:
                user = self._user(row.coder, row.origin)
                groups[row.start_char, row.end_char, user, row.origin, row.memo].append(row)
        for (start, end, user, origin, memo), group in sorted(groups.items(), key=lambda item: item[0]):
            guid = stable_guid("selection", transcript, str(start), str(end), user, origin, memo)
            selection = self._add_selection(source, guid, stored, start, end, creatingUser=self.users[user])
            description = "\n".join(filter(None, (memo, ASSISTED if origin == Origin.ASSISTED else "")))
            if description:
                add(selection, "Description", words=description)
            for row in group:
                self._add_coding(selection, row)
            for participant in dict.fromkeys(r.participant for r in group):
                self.own_selections[participant].append(guid)
        for number, note in enumerate(self.notes):
            if note.source == transcript and 0 <= note.start_char < note.end_char <= len(text):
                guid = stable_guid("annotation", transcript, str(number))
                selection = self._add_selection(source, guid, stored, note.start_char, note.end_char)
                add(selection, "NoteRef", targetGUID=self._note_guid(number))

    def _add_selection(
        self, source: etree._Element, guid: str, stored: StoredText, start: int, end: int, **attributes: str
    ) -> etree._Element:
        offsets = _PROFILES[self.variant].offsets
        return add(
            source,
            "PlainTextSelection",
            guid=guid,
            name=stored.text[start:end],
            startPosition=str(stored.offset(start, offsets)),
            endPosition=str(stored.offset(end, offsets)),
            **attributes,
        )

    def _add_coding(self, parent: etree._Element, row: Any) -> None:
        user = self._user(row.coder, row.origin)
        key = (row.transcript, str(row.start_char), str(row.end_char), user, row.origin, row.code, row.direction)
        coding = add(parent, "Coding", guid=stable_guid("coding", *key), creatingUser=self.users[user])
        add(coding, "CodeRef", targetGUID=code_guid(row.code, counter=row.direction == Direction.COUNTERS))

    def _add_cases(self, root: etree._Element, position: int) -> None:
        """Add the cases where the schema wants them: before the sources, whose selections they refer to."""
        if not len(self.participants):
            return
        holder = add(root, "Cases")
        root.remove(holder)
        root.insert(position, holder)
        for row in rows_of(self.participants):
            case = add(holder, "Case", guid=stable_guid("participant", row.participant), name=row.participant)
            for name, value in ((ORGANISATION, row.case), (LEVEL, row.level)):
                if value:
                    self._add_value(case, name, value)
            spoken = [t for t in sorted(self.texts) if row.participant in self.spoken[t]]
            for transcript in spoken:
                add(case, "SourceRef", targetGUID=stable_guid("source", transcript))
            if any(len(self.spoken[t]) > 1 for t in spoken):
                for guid in self.own_selections[row.participant]:
                    add(case, "SelectionRef", targetGUID=guid)

    def _add_value(self, parent: etree._Element, variable: str, value: str) -> None:
        element = add(parent, "VariableValue")
        add(element, "VariableRef", targetGUID=stable_guid("variable", variable))
        add(element, "TextValue", words=value)

    def _add_notes(self, root: etree._Element) -> None:
        if not self.notes:
            return
        holder = add(root, "Notes")
        for number, note in enumerate(self.notes):
            guid = self._note_guid(number)
            by = {"creatingUser": self.users[self._user(note.coder, "")]} if note.coder else {}
            add(holder, "Note", guid=guid, name=note.name, plainTextPath=self._file(guid, note.text), **by)

    def _add_sets(self, root: etree._Element) -> None:
        """Add one set of texts per organisation, for programs that lose the cases."""
        organisations: dict[str, list[str]] = defaultdict(list)
        case_of = dict(zip(self.participants["participant"], self.participants["case"], strict=True))
        for transcript in sorted(self.texts):
            for case in sorted({case_of[p] for p in self.spoken[transcript] if p in case_of}):
                organisations[case].append(transcript)
        if organisations:
            holder = add(root, "Sets")
            for case, transcripts in sorted(organisations.items()):
                group = add(holder, "Set", guid=stable_guid("case", case), name=case)
                for transcript in transcripts:
                    add(group, "MemberSource", targetGUID=stable_guid("source", transcript))

    def _note_guid(self, number: int) -> str:
        note = self.notes[number]
        return stable_guid("note", str(number), note.source, note.name, note.text)

    def _file(self, guid: str, text: str) -> str:
        """Put a text file into the package and return the path that leads to it."""
        profile = _PROFILES[self.variant]
        content = profile.mark + text.replace("\n", profile.line_end).encode("utf-8")
        self.members[f"{profile.folder}/{guid}.txt"] = content
        return f"internal://{guid}.txt"

    def _loss(self, codings: int) -> LossReport:
        warnings = list(self.warnings)
        if self.variant is not Variant.STANDARD:
            warnings.append(f"made for {self.variant}, as it is known to count; not tested with the program itself")
        known = set(self.participants["participant"])
        unknown = sorted({p for people in self.spoken.values() for p in people} - known)
        if unknown and known:
            warnings.append(f"{len(unknown)} speakers are no participants and become no cases")
        counts = {"texts": len(self.texts), "codes": len(self.codebook.codes), "participants": len(self.participants)}
        return LossReport(
            file=self.file,
            read={**counts, "codings": len(self.codings), "notes": len(self.notes)},
            kept={**counts, "codings": codings, "notes": len(self.notes)},
            dropped=tuple(self.dropped),
            warnings=tuple(warnings),
        )
