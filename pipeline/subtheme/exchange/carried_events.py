"""Judgements as they were made, beside the codings that other programs understand: in a note of a project of our own.

A project has a place for what was coded, and none for what was looked for and not found, for doubts, for what was read,
or for how a coding came about. These stand in notes that other programs keep as notes and subtheme reads.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import pandas as pd

from subtheme.exchange.bundle_rows import wrong_words
from subtheme.exchange.refi_model import RefiNote
from subtheme.nouns import JUDGING, Codebook, Event, EventKind, Transcript, content_id, rows_of, sha256_of_text

NAME = "subtheme judgements"
FORMAT = "subtheme-judgements/1"
_MOST = 1_000_000
"""Characters of one note."""
_DEFAULTS = asdict(Event(uid="", kind=EventKind.CODED))
_TYPES = {f.name: type(_DEFAULTS[f.name]) for f in fields(Event)} | {"kind": str}


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedEvents:
    """Judging events as a study wrote them beside its codings.

    Attributes
    ----------
    study_id : str
        Of the study that wrote them.
    codes : mapping of str to str
        Names from the theme down to each code, joined by line ends, by the id it had there.
    digests : mapping of str to str
        SHA-256 of the text of every transcript.
    events : tuple of Event
        In their order there.
    places : mapping of str to (str, int, int)
        Transcript and span of every segment that an event is about.
    """

    study_id: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    places: Mapping[str, tuple[str, int, int]] = field(default_factory=dict)

    @property
    def coders(self) -> frozenset[str]:
        """Whose events they are."""
        return frozenset(e.coder for e in self.events)

    def transcript_of(self, event: Event) -> str:
        """Return the transcript that an event is about."""
        return event.transcript or self.places.get(event.segment, ("", 0, 0))[0]

    def span_of(self, event: Event) -> tuple[int, int]:
        """Return the span that an event gives a code to."""
        if event.start_char >= 0 or not event.segment:
            return event.start_char, event.end_char
        return self.places.get(event.segment, ("", -1, -1))[1:]


def carried(
    events: Iterable[Event],
    *,
    codebook: Codebook,
    transcripts: Sequence[Transcript],
    segments: pd.DataFrame,
    study_id: str,
    given: Iterable[str],
) -> CarriedEvents:
    """Return the judging events that go along with codings.

    Parameters
    ----------
    events : iterable of Event
        Those that hold.
    codebook, transcripts, segments, study_id
        Of the study.
    given : iterable of str
        Uids of the events that stand as codings in the file. Others that gave a code were overruled by their coder.
    """
    standing = set(given)
    kept = tuple(e for e in events if e.kind in JUDGING and (e.uid in standing or not gives(e)))
    named = {e.segment for e in kept}
    return CarriedEvents(
        study_id=study_id,
        codes={c.id: branch(codebook, c.id) for c in codebook.codes},
        digests={t.id: t.sha256 for t in transcripts},
        events=kept,
        places={r.segment: (r.transcript, r.start_char, r.end_char) for r in rows_of(segments) if r.segment in named},
    )


def gives(event: Event) -> bool:
    """Return whether an event gives a code to a span, as support or as a counter-example."""
    return event.kind is EventKind.CODED or (
        event.kind is EventKind.ANSWERED and event.value in {"accept", "add", "counter-example"}
    )


def branch(codebook: Codebook, code: str) -> str:
    """Return the names from the theme down to a code, joined by line ends."""
    return "\n".join(codebook.by_id[i].name for i in codebook.lineage(code))


def by_another(event: Event, coder: str) -> Event:
    """Return the event under another name of its coder; it is another event."""
    return (
        event if coder == event.coder else replace(event, uid=content_id("event", event.uid, "by", coder), coder=coder)
    )


def notes_of(found: CarriedEvents) -> list[RefiNote]:
    """Return the notes that carry events: JSON lines, the first one saying what they are."""
    head = {"format": FORMAT, "study": found.study_id, "codes": dict(found.codes), "texts": dict(found.digests)}
    lines = [_line(_compact(e, found.places.get(e.segment))) for e in found.events]
    texts, size = [[_line(head)]], 0
    for line in lines:
        if size + len(line) > _MOST:
            texts.append([_line({"format": FORMAT, "study": found.study_id})])
            size = 0
        texts[-1].append(line)
        size += len(line) + 1
    return [
        RefiNote(name=f"{NAME} {number}", text="\n".join(text), coder="", source="", start_char=-1, end_char=-1)
        for number, text in enumerate(texts, start=1)
    ]


def is_carrier(note: RefiNote) -> bool:
    """Return whether a note carries events of ours."""
    return note.name.startswith(NAME) and f'"{FORMAT}"' in note.text[:100]


def carried_by(notes: Iterable[RefiNote]) -> tuple[CarriedEvents | None, int]:
    """Return the events that notes carry, None where no note does, and how many lines could not be read."""
    head: dict[str, Any] = {}
    events: dict[str, Event] = {}
    places: dict[str, tuple[str, int, int]] = {}
    unread = 0
    found = [note for note in sorted(notes, key=lambda n: (len(n.name), n.name)) if is_carrier(note)]
    for note in found:
        first, *rest = note.text.strip().split("\n")
        head = {**_object(first), **head}
        for line in rest:
            read = _event(_object(line))
            if read is None:
                unread += bool(line.strip())
                continue
            event, place = read
            events[event.uid] = event
            if place is not None:
                places[event.segment] = place
    if not found:
        return None, 0
    carried_events = CarriedEvents(
        study_id=str(head.get("study", "")),
        codes=_texts(head.get("codes")),
        digests=_texts(head.get("texts")),
        events=tuple(events.values()),
        places=places,
    )
    return carried_events, unread


def event_line(event: Event, found: CarriedEvents) -> str:
    """Return one event as a line of JSON that stands by itself, with the digest of its text."""
    line = _compact(event, found.places.get(event.segment))
    return _line({**line, "text": found.digests.get(found.transcript_of(event), "")[:16]})


def read_event(line: str, texts: Mapping[str, str]) -> CarriedEvents | None:
    """Return the event of such a line; None where it cannot be read, or is about another text."""
    data = _object(line)
    digest = data.pop("text", "")
    read = _event(data)
    if read is None:
        return None
    event, place = read
    found = CarriedEvents(events=(event,), places={} if place is None else {event.segment: place})
    text = texts.get(found.transcript_of(event))
    return found if text is not None and sha256_of_text(text)[:16] == digest else None


def _compact(event: Event, place: tuple[str, int, int] | None) -> dict[str, Any]:
    values = {k: v for k, v in asdict(event).items() if k in {"uid", "kind"} or v != _DEFAULTS[k]}
    return {**values, "kind": event.kind.value, **({"place": list(place)} if place else {})}


def _event(data: dict[str, Any]) -> tuple[Event, tuple[str, int, int] | None] | None:
    """Return an event and the place of its segment; None where it cannot be read."""
    place = data.pop("place", None)
    if place is not None and not (
        isinstance(place, list) and len(place) == 3 and [type(p) for p in place] == [str, int, int]
    ):
        return None
    if not data.get("uid") or any(type(v) is not _TYPES.get(k) for k, v in data.items()):
        return None
    if data.get("kind") not in JUDGING:
        return None
    row = {**_DEFAULTS, **data, "codes": "codes"}
    if wrong_words(row, {"codes": json.dumps(data.get("codes", {}))}):
        return None
    event = Event(**{**data, "kind": EventKind(data["kind"])})
    return event, tuple(place) if place is not None else None


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> dict[str, str]:
    return {str(k): v for k, v in value.items() if isinstance(v, str)} if isinstance(value, dict) else {}


def _line(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
