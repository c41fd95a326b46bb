"""The bundle: a whole study but its models in one file, written out and read back."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from subtheme.bytes.guards import Archive, Limits
from subtheme.errors import InputError, Problem, StudyError
from subtheme.exchange.archive import zipped
from subtheme.exchange.bundle_rows import PARTS, checked_rows, wrong_events
from subtheme.exchange.loss import LossReport
from subtheme.files import Anchor, Settings, StudyFolder, chain_of
from subtheme.files.chain import walk
from subtheme.nouns import Codebook, sha256_of_text

FORMAT = "subtheme-bundle/1"
SUFFIX = ".subtheme"
LIMITS = Limits(file_bytes=1 << 30, members=100_000, member_bytes=1 << 30, total_bytes=2 << 30)

_HEAD, _CODEBOOK, _SETTINGS = "bundle.json", "codebook.toml", "settings.json"
_FACTS = ("older_anchor", "codes_of_then")
_STAYS = ("store_url", "coder", "encoder")
"""Settings of a machine or a person, which do not travel."""
_DAMAGED = "The file is damaged: have it written again with 'subtheme export'"

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A study that travels; it holds no models.

    Attributes
    ----------
    file : str
        Base name.
    study_id, name : str
    anchor : Anchor
        Length and head of its log.
    facts : mapping of str to str
        What else its store says of itself.
    settings : mapping of str to object
        Those that are not of a machine or a person.
    codebook_text : str
        In TOML.
    codebook : Codebook
    tables : mapping of str to list of dict
        Rows of the tables of the store by their name: `events` in the order of the chain, `contents`, `participants`,
        `transcripts` with their texts, `turns`, `segments`, `proposals`.
    """

    file: str
    study_id: str
    name: str
    anchor: Anchor
    facts: Mapping[str, str]
    settings: Mapping[str, object]
    codebook_text: str
    codebook: Codebook
    tables: Mapping[str, Rows]

    def __repr__(self) -> str:
        """Return name and size, and no word of an interview."""
        return f"Bundle({self.name!r}: {len(self.tables['transcripts'])} transcripts, {self.anchor.length} events)"

    @property
    def texts(self) -> dict[str, str]:
        """Memos and sets of codes by digest."""
        return {row["digest"]: row["text"] for row in self.tables["contents"]}


def is_bundle(path: Path) -> bool:
    """Return whether the file is read as a bundle."""
    return path.suffix.lower() == SUFFIX


def write_bundle(study: StudyFolder, path: Path) -> LossReport:
    """Write a study to a bundle: the log, the texts, participants, codebook, settings and proposals.

    Equal studies give equal bytes.

    Raises
    ------
    StudyError
        If the chain of the log is broken.
    """
    with study.store() as store:
        state = chain_of(store)
        if state.broken_at is not None:
            raise StudyError(
                Problem(
                    what=f"the log of events was changed at number {state.broken_at}",
                    where=study.path.name,
                    expected="a log that nobody wrote into",
                    remedy="See 'subtheme doctor', and restore a backup",
                )
            )
        tables = {part.table.name: store.rows(part.table) for part in PARTS}
        facts, study_id = store.facts(), store.study_id
    settings = {k: v for k, v in asdict(study.settings).items() if k not in _STAYS}
    head = {
        "format": FORMAT,
        "study": study_id,
        "name": study.name,
        "anchor": str(state.anchor),
        "facts": {key: facts[key] for key in _FACTS if facts.get(key)},
    }
    members = {
        _HEAD: _line(head),
        _CODEBOOK: (study.path / "codebook.toml").read_bytes(),
        _SETTINGS: _line(settings),
    }
    for part in PARTS:
        rows = tables[part.table.name]
        members[part.member] = b"".join(_line({name: row[name] for name in part.columns}) for row in rows)
    members |= {_text_member(row["sha256"]): row["text"].encode("utf-8") for row in tables["transcripts"]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zipped(members))
    counts = {name: len(tables[name]) for name in ("events", "transcripts", "participants", "proposals")}
    models = len(study.model_folders())
    warning = f"{models} models stay here; only what they proposed travels" if models else ""
    return LossReport(file=path.name, read=counts, kept=counts, warnings=(warning,) if warning else ())


def read_bundle(path: Path) -> Bundle:
    """Read a bundle, and hold its log against its chain and its texts against their digests.

    Raises
    ------
    InputError
        If the file is missing, damaged, cut off, dangerous, or of a later version; if its log is not whole; if an
        event is of an unknown kind, or is about a segment or transcript that the file does not hold.
    """
    if not path.is_file():
        raise InputError(Problem(what="no such file", where=str(path), expected=f"a study written as {SUFFIX}"))
    archive = Archive(path, where=path.name, limits=LIMITS)
    try:
        return _read(archive, path.name)
    finally:
        archive.close()


def _read(archive: Archive, where: str) -> Bundle:
    head = _head(archive, where)
    tables: dict[str, Rows] = {}
    for part in PARTS:
        tables[part.table.name] = checked_rows(archive.read(part.member), part, where=where)
    for row in tables["transcripts"]:
        row["text"] = _text(archive, row["sha256"], where=where)
    _hold_against_chain(tables["events"], head, where)
    if problems := wrong_events(tables, where=where):
        raise InputError(problems)
    try:
        codebook_text = archive.read(_CODEBOOK).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(_damaged("not UTF-8 text", f"{where} ({_CODEBOOK})")) from None
    return Bundle(
        file=where,
        study_id=head["study"],
        name=head["name"],
        anchor=Anchor.parse(head["anchor"]),
        facts={str(k): str(v) for k, v in head["facts"].items() if k in _FACTS},
        settings=_settings(archive, where),
        codebook_text=codebook_text,
        codebook=Codebook.from_toml(codebook_text, where=f"{where} ({_CODEBOOK})"),
        tables=tables,
    )


def _head(archive: Archive, where: str) -> dict[str, Any]:
    if _HEAD not in archive:
        raise InputError(
            Problem(
                what="no study is in this file",
                where=where,
                expected=f"a package with {_HEAD}, as 'subtheme export' writes it",
            )
        )
    head = _json(archive.read(_HEAD), f"{where} ({_HEAD})")
    written = str(head.get("format", ""))
    if written != FORMAT:
        is_later = written.startswith("subtheme-bundle/")
        raise InputError(
            Problem(
                what=f"written as {written or 'something else'}",
                where=where,
                expected=FORMAT,
                remedy="A later subtheme wrote it: update subtheme here" if is_later else "Export the study again",
            )
        )
    texts = [head.get(key) for key in ("study", "name", "anchor")]
    if not all(isinstance(t, str) and t for t in texts) or not isinstance(head.get("facts"), dict):
        raise InputError(_damaged("the head of the bundle cannot be read", f"{where} ({_HEAD})"))
    return head


def _hold_against_chain(events: Rows, head: Mapping[str, Any], where: str) -> None:
    anchor = Anchor.parse(head["anchor"])
    state = walk(events)
    if state.broken_at is not None:
        raise InputError(
            Problem(
                what=f"the log of events does not follow from itself at number {state.broken_at}",
                where=where,
                expected="the log as its study wrote it",
                remedy=f"An event was changed, added or left out. {_DAMAGED}",
            )
        )
    if state.anchor != anchor:
        raise InputError(
            Problem(
                what=f"the log ends after {state.length} events",
                where=where,
                expected=f"{anchor.length} events, as the anchor of the bundle says",
                remedy=_DAMAGED,
            )
        )


def _text(archive: Archive, digest: str, *, where: str) -> str:
    try:
        text = archive.read(_text_member(digest)).decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(_damaged("a text that is not UTF-8", where)) from None
    if sha256_of_text(text) != digest:
        raise InputError(_damaged("a text that has not the digest it is named by", where))
    return text


def _settings(archive: Archive, where: str) -> dict[str, object]:
    found = _json(archive.read(_SETTINGS), f"{where} ({_SETTINGS})")
    kinds = {f.name: type(f.default) for f in fields(Settings) if f.name not in _STAYS}
    wrong = [k for k, v in found.items() if type(v) is not kinds.get(k)]
    if wrong:
        raise InputError(_damaged(f"a setting '{wrong[0]}' that cannot be read", f"{where} ({_SETTINGS})"))
    return found


def _json(data: bytes, where: str) -> dict[str, Any]:
    try:
        value = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise InputError(_damaged("not a JSON object", where))
    return value


def _line(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n"


def _text_member(digest: str) -> str:
    return f"texts/{digest}.txt"


def _damaged(what: str, where: str) -> Problem:
    return Problem(what=what, where=where, expected="a study as 'subtheme export' writes it", remedy=_DAMAGED)
