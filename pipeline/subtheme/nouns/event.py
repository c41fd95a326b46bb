"""Event: one thing that somebody did to a study. The log of events is all that a study knows of what was judged."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from subtheme.nouns.text import content_id


class EventKind(StrEnum):
    """What was done."""

    CODED = "coded"
    """A span was given a code, by file, project or hand; `value` is the direction."""
    ANSWERED = "answered"
    """A question about a code on a segment was answered; `value` is the verdict."""
    READ = "read"
    """A transcript, or one segment, was read for the codes of `codes`: what was not given there is absent."""
    FINISHED = "finish"
    """A coder went on from a segment; with `codes`, having looked for them without a suggestion in view."""
    FLAGGED = "flag"
    UNFLAGGED = "unflag"
    NOTED = "memo"
    """A memo on a code of a segment, or on the segment."""
    LOOKED = "evidence"
    """The evidence of a proposal was opened."""
    REVEALED = "reveal"
    """Proposals were shown after an answer of the coder's own."""
    TAKEN_BACK = "taken-back"
    """The event that `reply_to` names no longer holds."""
    TRANSCRIPT = "transcript"
    """A transcript was taken in; `value` is the digest of its text, turns and segments."""
    PARTICIPANT = "participant"
    """Somebody was placed in a case; `value` is the digest of the row."""
    PROPOSED = "proposed"
    """A model's proposals took the place of all earlier ones; `value` is the digest of the table."""
    UNITED = "united"
    """Events of another store came in; `value` is the anchor of its log."""


JUDGING = frozenset({EventKind.CODED, EventKind.ANSWERED, EventKind.READ, EventKind.FINISHED})
"""Kinds that say something about a code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event. It holds references, and no words of an interview.

    Attributes
    ----------
    uid : str
        Depends on content and origin, so that the same event is stored once by whatever road it comes.
    kind : EventKind
    coder, transcript, segment, participant, code : str
        Ids; empty where the event is about none.
    value : str
        What was said, by the kind.
    origin : str
        ``blind``, ``assisted`` or ``agreed``; empty where nothing is judged.
    start_char, end_char : int
        Half-open span in the text of the transcript, in code points; -1 where there is none.
    definition : str
        Digest of what `code` meant then.
    codes : mapping of str to str
        The codes that were read for, each with the digest of what it meant then.
    reply_to : str
        `uid` of the event that this one takes back or follows.
    memo : str
    shown : str
        JSON of what the coder had on the screen.
    at_us : int
        Time in microseconds since 1970-01-01 UTC.
    batch : str
        What was done in one go, to be taken back in one go.
    """

    uid: str
    kind: EventKind
    coder: str = ""
    transcript: str = ""
    segment: str = ""
    participant: str = ""
    code: str = ""
    value: str = ""
    origin: str = ""
    start_char: int = -1
    end_char: int = -1
    definition: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    reply_to: str = ""
    memo: str = ""
    shown: str = "{}"
    at_us: int = 0
    batch: str = ""


def code_set(codes: Mapping[str, str]) -> str:
    """Return a set of codes with their definitions as the text that is stored under its digest."""
    return json.dumps(dict(sorted(codes.items())), ensure_ascii=False, separators=(",", ":"))


def taking_back(event: str, *, coder: str, at_us: int, batch: str = "") -> Event:
    """Return the event that takes back the one of the uid `event`."""
    uid = content_id("event", EventKind.TAKEN_BACK.value, event)
    return Event(uid=uid, kind=EventKind.TAKEN_BACK, coder=coder, reply_to=event, at_us=at_us, batch=batch)
