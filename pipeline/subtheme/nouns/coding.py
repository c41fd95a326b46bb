"""Coding, decision and reading: what people and models say of an excerpt."""

from dataclasses import dataclass
from enum import StrEnum


class Origin(StrEnum):
    """How a coding came about."""

    BLIND = "blind"
    """The coder had seen no suggestion."""
    ASSISTED = "assisted"
    """The coder had seen a suggestion."""
    AUTO = "auto"
    """A model proposed it and nobody has confirmed it."""


class Direction(StrEnum):
    """What an excerpt says of the influence that its code names."""

    SUPPORTS = "supports"
    COUNTERS = "counters"
    """The excerpt denies the influence; kept and shown, never counted towards presence."""


class Verdict(StrEnum):
    """What a person decided about a proposal."""

    ACCEPT = "accept"
    REJECT = "reject"
    UNSURE = "unsure"
    COUNTER = "counter-example"
    """The excerpt is about the code and denies the influence."""
    ADD = "add"
    """The person applied a code that was not proposed."""
    RETRACT = "retract"
    """Takes back the decision that `reply_to` names."""


CONFIRMING = (Verdict.ACCEPT.value, Verdict.ADD.value)
"""Answers by which a code holds on a segment."""
DENYING = (Verdict.REJECT.value, Verdict.COUNTER.value)
"""Answers by which it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """One code applied by one coder to one span of a transcript.

    Attributes
    ----------
    coder, code, participant, transcript : str
        Ids.
    start_char, end_char : int
        Half-open span in the canonical text, in Unicode code points; -1 where the place is unknown.
    origin : Origin
    direction : Direction
    memo : str
    quote_sha256 : str
        Digest of the words of the span, so that a changed text is noticed; empty where the place is unknown.
    """

    coder: str
    code: str
    participant: str
    transcript: str = ""
    start_char: int = -1
    end_char: int = -1
    origin: Origin = Origin.BLIND
    direction: Direction = Direction.SUPPORTS
    memo: str = ""
    quote_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One event of the append-only log of a person's decisions.

    Attributes
    ----------
    uid : str
        Made by whoever records it, so that a repeated delivery is stored once.
    coder, segment, code : str
        Who decided what about which segment.
    verdict : Verdict
    reply_to : str
        `uid` of the decision that this one retracts or replaces; empty otherwise.
    memo : str
    shown : str
        JSON of what the coder had on the screen (model, probability, threshold, order); ``{}`` where nothing.
    at_us : int
        Time in microseconds since 1970-01-01 UTC.
    start_char, end_char : int
        Half-open span in the transcript, in code points, where the coder moved its ends; -1 for the segment's own.
    """

    uid: str
    coder: str
    segment: str
    code: str
    verdict: Verdict
    reply_to: str = ""
    memo: str = ""
    shown: str = "{}"
    at_us: int = 0
    start_char: int = -1
    end_char: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A coder read a transcript for the codes of the codebook: what is not coded there is absent, not missing."""

    coder: str
    transcript: str
