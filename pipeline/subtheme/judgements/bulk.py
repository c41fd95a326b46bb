"""Answers that were given for a whole list at once: they count once a random sample of them is confirmed."""

import json
from collections.abc import Sequence

from subtheme.nouns import CONFIRMING, Event, EventKind

BULK = "bulk"
"""What `shown` says under ``by`` of an answer that was given for a whole list at once."""


def confirmed_bulks(events: Sequence[Event]) -> dict[str, bool]:
    """Return every bulk action, and whether its audit sample is confirmed.

    A bulk action draws a random sample of its answers. It is confirmed when the coder has answered every one of the
    sample singly and to the same effect; until then nobody has looked, and nothing of it counts. A bulk action whose
    sample was taken back whole stays unconfirmed.

    Parameters
    ----------
    events : sequence of Event
        Those that were not taken back, in order.
    """
    now: dict[tuple[str, str, str], Event] = {}
    bulk: dict[str, tuple[str, bool]] = {}
    for event in events:
        if event.kind is EventKind.ANSWERED:
            now[event.coder, event.segment, event.code] = event
            if f'"{BULK}"' in event.shown:
                seen = json.loads(event.shown)
                if seen.get("by") == BULK:
                    bulk[event.uid] = (str(seen.get("bulk", "")), bool(seen.get("sample")))
    samples: dict[str, list[bool]] = {}
    for event in events:
        if event.uid in bulk:
            name, is_drawn = bulk[event.uid]
            answers = samples.setdefault(name, [])
            if is_drawn:
                last = now[event.coder, event.segment, event.code]
                answers.append(last.uid != event.uid and _effect(last) == _effect(event))
    return {name: bool(answers) and all(answers) for name, answers in samples.items()}


def bulk_of(event: Event) -> str:
    """Return the name of the bulk action that an answer belongs to; empty for one that was given singly."""
    if f'"{BULK}"' not in event.shown:
        return ""
    seen = json.loads(event.shown)
    return str(seen.get("bulk", "")) if seen.get("by") == BULK else ""


def _effect(event: Event) -> str:
    return "gives" if event.value in CONFIRMING else event.value
