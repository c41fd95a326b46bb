"""The trail: every event of a study in words, by person and day, what came in one go together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from subtheme.judgements import holding
from subtheme.nouns import Event, EventKind
from subtheme.study.study import Study

_WORDS = {
    "accept": "accepted",
    "add": "added",
    "reject": "rejected",
    "unsure": "left unsure",
    "counter-example": "called a counter-example",
}
_TOLD = frozenset(
    {
        EventKind.CODED,
        EventKind.ANSWERED,
        EventKind.READ,
        EventKind.FINISHED,
        EventKind.NOTED,
        EventKind.TAKEN_BACK,
        EventKind.TRANSCRIPT,
        EventKind.PARTICIPANT,
        EventKind.PROPOSED,
        EventKind.UNITED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody did in one go.

    Attributes
    ----------
    at : datetime
        In UTC; the year 1970 where the time is not known.
    coder : str
        Empty for what the program did.
    words : str
    events : tuple of str
        Uids.
    holds : bool
        Whether any of it was not taken back.
    is_judging : bool
        Whether it judged anything, and so can be taken back by its coder.
    """

    at: datetime
    coder: str
    words: str
    events: tuple[str, ...]
    holds: bool
    is_judging: bool


def trail_of(study: Study) -> tuple[Deed, ...]:
    """Return everything that was done, the latest first."""
    held = holding(study.events)
    uids = {e.uid for e in (*held.events, *held.waiting)}
    groups: dict[tuple[str, str], list[Event]] = {}
    for event in study.events:
        if event.kind in _TOLD:
            groups.setdefault((event.coder, event.batch or _alone(event)), []).append(event)
    deeds = [_deed(study, own, uids) for own in groups.values()]
    return tuple(sorted(deeds, key=lambda d: d.at, reverse=True))


def _alone(event: Event) -> str:
    """Return the group of an event without a batch: what the program did at one time, else the event itself."""
    together = event.kind in {EventKind.TRANSCRIPT, EventKind.PARTICIPANT}
    return f"{event.kind.value}:{event.at_us // 60_000_000}" if together else event.uid


def _deed(study: Study, events: Sequence[Event], holding_uids: set[str]) -> Deed:
    judging = [e for e in events if e.kind in {EventKind.CODED, EventKind.ANSWERED, EventKind.READ, EventKind.FINISHED}]
    return Deed(
        at=datetime.fromtimestamp(events[-1].at_us / 1_000_000, tz=UTC),
        coder=events[0].coder,
        words=_in_words(study, events),
        events=tuple(e.uid for e in events),
        holds=any(e.uid in holding_uids for e in events),
        is_judging=bool(judging),
    )


def _in_words(study: Study, events: Sequence[Event]) -> str:
    kinds = Counter(e.kind for e in events)
    parts = []
    if n := kinds[EventKind.TRANSCRIPT]:
        parts.append(f"{_many(n, 'transcript')} taken in")
    if n := kinds[EventKind.PARTICIPANT]:
        parts.append(f"{_many(n, 'participant')} placed in a case")
    if kinds[EventKind.PROPOSED]:
        parts.append("a model's proposals stored")
    if kinds[EventKind.UNITED]:
        parts.append("another copy of the study brought in")
    if n := kinds[EventKind.CODED]:
        file = events[0].batch.partition(":")[0]
        parts.append(f"{_many(n, 'coding')} brought in" + (f" with {file}" if file else ""))
    parts += _answers(study, [e for e in events if e.kind is EventKind.ANSWERED])
    whole = [e for e in events if e.kind is EventKind.READ and not e.segment]
    if whole:
        parts.append(f"{_many(len(whole), 'transcript')} read whole")
    if n := kinds[EventKind.FINISHED] + kinds[EventKind.READ] - len(whole):
        parts.append(f"{_many(n, 'segment')} finished")
    if n := kinds[EventKind.NOTED]:
        parts.append(f"{_many(n, 'memo')} written")
    if n := kinds[EventKind.TAKEN_BACK]:
        parts.append(f"{_many(n, 'event')} taken back")
    return ", ".join(parts)


def _answers(study: Study, answers: Sequence[Event]) -> list[str]:
    if len(answers) == 1:
        code, segment = answers[0].code, answers[0].segment
        name = study.codebook.by_id[code].name if code in study.codebook else code
        return [f"{_WORDS[answers[0].value]} “{name}” on {segment.rpartition(':')[0] or segment}"]
    counts = Counter(e.value for e in answers)
    return [f"{_many(n, 'code')} {_WORDS[value]}" for value, n in sorted(counts.items())]


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
