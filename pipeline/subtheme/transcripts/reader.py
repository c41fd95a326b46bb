"""One file to its transcripts, and a folder to its files."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from subtheme.bytes.encodings import decoded
from subtheme.bytes.guards import read_bytes
from subtheme.errors import InputError, Problem, suggestion
from subtheme.nouns import Role, Transcript, Turn, canonical_text, composed
from subtheme.transcripts.casting import Casting, cast
from subtheme.transcripts.chat import read_chat
from subtheme.transcripts.cues import read_srt, read_vtt
from subtheme.transcripts.docx import read_docx
from subtheme.transcripts.doubts import doubts_of
from subtheme.transcripts.draft import ColumnMap, Draft, Source
from subtheme.transcripts.guidance import Guidance
from subtheme.transcripts.odt import read_odt
from subtheme.transcripts.pdf import read_pdf
from subtheme.transcripts.plain_text import draft_of_text
from subtheme.transcripts.roles import label_key, with_roles
from subtheme.transcripts.rtf import read_rtf
from subtheme.transcripts.tables import draft_of_columns, read_csv, read_xlsx
from subtheme.transcripts.talk import is_question
from subtheme.transcripts.tiers import read_eaf, read_exb, read_textgrid
from subtheme.transcripts.whisper import read_whisper


def _read_text(source: Source) -> Draft:
    content = decoded(source.data, where=source.name, encoding=source.encoding)
    text = canonical_text(content.text, where=source.name)
    columns = draft_of_columns(text, source=source, encoding=content.encoding)
    return columns or draft_of_text(text, source=source, encoding=content.encoding)


def _single(read: Callable[[Source], Draft]) -> Callable[[Source], list[Draft]]:
    return lambda source: [read(source)]


_READERS: dict[str, Callable[[Source], list[Draft]]] = {
    ".cha": _single(read_chat),
    ".csv": read_csv,
    ".docx": _single(read_docx),
    ".eaf": _single(read_eaf),
    ".exb": _single(read_exb),
    ".json": _single(read_whisper),
    ".md": _single(_read_text),
    ".odt": _single(read_odt),
    ".pdf": _single(read_pdf),
    ".rtf": _single(read_rtf),
    ".srt": _single(read_srt),
    ".textgrid": _single(read_textgrid),
    ".tsv": _single(_read_text),
    ".txt": _single(_read_text),
    ".vtt": _single(read_vtt),
    ".xlsx": read_xlsx,
}

_UNNAMED_WAYS = ("one-voice", "questions")

SUFFIXES = tuple(sorted(_READERS))
"""The endings that can be read, in lower case."""

_SAVE_AS = {
    ".doc": "Save it as .docx",
    ".xls": "Save it as .xlsx",
    ".pages": "Export it as .docx",
    ".html": "Save it as .docx or .txt",
    ".htm": "Save it as .docx or .txt",
    ".mp3": "Transcribe it first",
    ".wav": "Transcribe it first",
    ".m4a": "Transcribe it first",
    ".mp4": "Transcribe it first",
    ".qdpx": "Import it as a project, not as a transcript",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A file that is not read as a transcript.

    Attributes
    ----------
    path : Path
    reason : str
    """

    path: Path
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptFiles:
    """Files to read, and files that were left out.

    Attributes
    ----------
    files : tuple of Path
    left_out : tuple of LeftOut
        Hidden files and files of endings that cannot be read.
    """

    files: tuple[Path, ...]
    left_out: tuple[LeftOut, ...]


def transcript_files(places: Path | Iterable[Path], *, aside: Iterable[Path] = ()) -> TranscriptFiles:
    """Return the transcripts in folders (with the folders below them) and among files, sorted.

    Parameters
    ----------
    places : Path or iterable of Path
    aside : iterable of Path
        Files in the folders that are known to be something else, such as the table of participants.

    Raises
    ------
    InputError
        With every place that does not exist.
    """
    given = [places] if isinstance(places, Path) else list(places)
    missing = [p for p in given if not p.exists()]
    if missing:
        raise InputError(Problem(what="no such file or folder", where=str(p)) for p in missing)
    known = {p.resolve() for p in aside}
    files: set[Path] = set()
    left_out: dict[Path, str] = {}
    for place in given:
        found = [p for p in place.rglob("*") if p.is_file()] if place.is_dir() else [place]
        for path in found:
            inside = path.relative_to(place).parts if place.is_dir() else (path.name,)
            if any(part.startswith((".", "~$")) for part in inside):
                left_out[path] = "hidden or temporary"
            elif path.resolve() in known:
                left_out[path] = "named as a table, and no transcript"
            elif path.suffix.lower() not in _READERS:
                left_out[path] = f"the ending '{path.suffix}' is not one of {', '.join(SUFFIXES)}"
            else:
                files.add(path)
    return TranscriptFiles(
        files=tuple(sorted(files)),
        left_out=tuple(LeftOut(path=p, reason=left_out[p]) for p in sorted(left_out)),
    )


def read_transcripts(
    path: Path,
    *,
    encoding: str | None = None,
    roles: Mapping[str, Role] | None = None,
    columns: ColumnMap | None = None,
    guidance: Guidance | None = None,
) -> list[Transcript]:
    """Read one file: one transcript, or several from a table with a transcript column.

    Parameters
    ----------
    path : Path
    encoding : str or None
        What to read text with that has no byte order mark and is not UTF-8.
    roles : mapping of str to Role or None
        Roles of speakers, whatever the case of letters; they override what is guessed.
    columns : ColumnMap or None
        Columns of a table.
    guidance : Guidance or None
        What else a person has said about who speaks.

    Returns
    -------
    list of Transcript
        In the order of the file.

    Raises
    ------
    InputError
        If the file cannot be read faithfully, or holds no words of anybody.
    MissingExtraError
        If the format needs an optional part.
    """
    suffix = path.suffix.lower()
    read = _READERS.get(suffix)
    if read is None:
        remedy = _SAVE_AS.get(suffix) or suggestion(suffix, SUFFIXES)
        raise InputError(
            Problem(
                what=f"the ending '{path.suffix}' is not one that can be read",
                where=path.name,
                expected=f"one of {', '.join(SUFFIXES)}",
                remedy=remedy,
            )
        )
    told = guidance or Guidance()
    if roles:
        told = replace(told, roles={**told.roles, "": {**told.roles.get("", {}), **roles}})
    source = Source(
        name=path.name,
        stem=path.stem,
        suffix=suffix,
        data=read_bytes(path),
        encoding=encoding,
        columns=columns or ColumnMap(),
        known=told.labels((path.stem,)) if _is_one_transcript(suffix) else told.labels(),
        read_as=told.read_as,
    )
    drafts = [d for d in read(source) if d.spans]
    if not drafts:
        raise InputError(
            Problem(what="no words of anybody", where=path.name, expected="a transcript with at least one turn")
        )
    return [_transcript(d, source, told) for d in drafts]


def transcript_of_text(text: str, *, name: str, source: str, encoding: str) -> Transcript:
    """Return the transcript of a canonical text that another file holds, such as a project.

    Parameters
    ----------
    text : str
        Canonical text; it stays as it is.
    name : str
        Id of the transcript.
    source : str
        Base name of the file.
    encoding : str
        Encoding that the text was read with.

    Raises
    ------
    InputError
        If the text holds no words of anybody.
    """
    given = Source(name=source, stem=name, suffix=".txt", data=b"")
    draft = draft_of_text(text, source=given, encoding=encoding)
    if not draft.spans:
        raise InputError(Problem(what="no words of anybody", where=name, expected="a text with at least one turn"))
    return _transcript(draft, given, Guidance())


def _is_one_transcript(suffix: str) -> bool:
    return suffix not in (".csv", ".xlsx")


def _transcript(draft: Draft, source: Source, told: Guidance) -> Transcript:
    draft = _as_chosen(draft, source)
    name = composed(draft.id or source.stem)
    speakers = list(dict.fromkeys(s.speaker for s in draft.spans))
    given = told.roles_in(name, speakers)
    own = told.participants_in(name, speakers)
    casting = cast(
        ((s.speaker, draft.text[s.start_char : s.end_char]) for s in draft.spans),
        unnamed_is_voice=draft.unnamed_is_voice,
        participants=own,
    )
    if own:
        given = {**_settled_by_roster(casting, own), **given}
    turns = tuple(
        Turn(
            number=number,
            speaker=span.speaker,
            role=span.role or draft.declared.get(span.speaker) or casting.guesses[span.speaker].role,
            start_char=span.start_char,
            end_char=span.end_char,
            start_s=span.start_s,
            end_s=span.end_s,
        )
        for number, span in enumerate(draft.spans)
    )
    transcript = Transcript(
        id=name,
        text=draft.text,
        turns=turns,
        source=source.name,
        grammar=draft.grammar,
        encoding=draft.encoding,
        notes=draft.notes,
        doubts=doubts_of(draft, casting, where=source.name, given=given),
    )
    return with_roles(transcript, given)


def _settled_by_roster(casting: Casting, own: frozenset[str]) -> dict[str, Role]:
    """Return the roles where a table names the participants of a transcript: nobody else's words are theirs."""
    others = [s for s in casting.guesses if s not in own]
    roles = {label_key(s): Role.PARTICIPANT for s in own}
    for speaker in others:
        asks = speaker in casting.interviewers or (len(others) == 1 and bool(speaker))
        roles[label_key(speaker)] = Role.INTERVIEWER if asks else Role.OTHER
    return roles


def _as_chosen(draft: Draft, source: Source) -> Draft:
    """Return a draft without speakers with the roles that a chosen way to read it gives its turns."""
    if not source.read_as or draft.is_chosen:
        return draft
    if any(s.speaker or s.role for s in draft.spans) or source.read_as not in _UNNAMED_WAYS:
        raise InputError(
            Problem(
                what=f"no way to read it as '{source.read_as}'",
                where=source.name,
                expected=f"a file without speakers, for {' or '.join(_UNNAMED_WAYS)}",
                remedy="'subtheme import --preview' shows how it is read",
            )
        )
    spans = draft.spans
    if source.read_as == "questions":
        spans = tuple(
            replace(
                s,
                role=Role.INTERVIEWER
                if is_question(draft.text[max(s.start_char, s.end_char - 2) : s.end_char])
                else Role.PARTICIPANT,
            )
            for s in spans
        )
    return replace(draft, spans=spans, is_chosen=True)
