"""Marks: what a coder does at the review page besides deciding."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from subtheme.judgements import origin_of
from subtheme.nouns import Decision, Event, EventKind, Verdict


class MarkKind(StrEnum):
    """What a coder did."""

    FINISH = "finish"
    """Went on: the segment has been read. In the blind arm, a code that was not applied then does not apply."""
    FLAG = "flag"
    """Set the segment aside to come back to."""
    UNFLAG = "unflag"
    MEMO = "memo"
    """Wrote a memo on a code of the segment, or on the segment (an empty code)."""
    EVIDENCE = "evidence"
    """Opened the evidence of a proposal."""
    REVEAL = "reveal"
    """Had the proposals shown after an answer of one's own."""
    UNDO = "undo"
    """Took back the mark that `reply_to` names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark.

    Attributes
    ----------
    uid : str
        Made by whoever records it, so that a repeated delivery is stored once.
    coder, segment : str
    kind : MarkKind
    code : str
        Id of the code where the mark is about one; empty otherwise.
    reply_to : str
        `uid` of the mark that this one takes back; empty otherwise.
    memo : str
    shown : str
        JSON of what the coder had on the screen.
    at_us : int
        Time in microseconds since 1970-01-01 UTC.
    codes : mapping of str to str
        Of a blind turn that was finished: the codes that were offered, with what each meant.
    """

    uid: str
    coder: str
    segment: str
    kind: MarkKind
    code: str = ""
    reply_to: str = ""
    memo: str = ""
    shown: str = "{}"
    at_us: int = 0
    codes: Mapping[str, str] = field(default_factory=dict)


def event_of_mark(mark: Mark, *, batch: str = "") -> Event:
    """Return the mark as an event of the log."""
    kind = EventKind.TAKEN_BACK if mark.kind is MarkKind.UNDO else EventKind(mark.kind.value)
    return Event(
        uid=mark.uid,
        kind=kind,
        coder=mark.coder,
        segment=mark.segment,
        code=mark.code,
        origin=origin_of(mark.shown) if mark.codes else "",
        codes=mark.codes,
        reply_to=mark.reply_to,
        memo=mark.memo,
        shown=mark.shown,
        at_us=mark.at_us,
        batch=batch,
    )


def mark_of_event(event: Event) -> Mark:
    """Return the mark that an event is."""
    kind = MarkKind.UNDO if event.kind is EventKind.TAKEN_BACK else MarkKind(event.kind.value)
    return Mark(
        uid=event.uid,
        coder=event.coder,
        segment=event.segment,
        kind=kind,
        code=event.code,
        reply_to=event.reply_to,
        memo=event.memo,
        shown=event.shown,
        at_us=event.at_us,
        codes=event.codes,
    )


def event_of_decision(decision: Decision, *, batch: str = "", definition: str = "") -> Event:
    """Return the decision as an event of the log."""
    is_retraction = decision.verdict is Verdict.RETRACT
    return Event(
        uid=decision.uid,
        kind=EventKind.TAKEN_BACK if is_retraction else EventKind.ANSWERED,
        coder=decision.coder,
        segment=decision.segment,
        code=decision.code,
        value="" if is_retraction else decision.verdict.value,
        origin="" if is_retraction else origin_of(decision.shown),
        start_char=decision.start_char,
        end_char=decision.end_char,
        definition=definition,
        reply_to=decision.reply_to,
        memo=decision.memo,
        shown=decision.shown,
        at_us=decision.at_us,
        batch=batch,
    )
