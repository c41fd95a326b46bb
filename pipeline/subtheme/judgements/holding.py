"""Which events of a log hold: those that were not taken back, and no answer of a list that nobody has audited."""

from collections.abc import Sequence
from dataclasses import dataclass

from subtheme.judgements.bulk import bulk_of, confirmed_bulks
from subtheme.nouns import Event, EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Events that hold, in order.

    Attributes
    ----------
    events : tuple of Event
    waiting : tuple of Event
        Answers given for a whole list whose sample is not confirmed: they count nowhere yet.
    """

    events: tuple[Event, ...]
    waiting: tuple[Event, ...]


def holding(events: Sequence[Event]) -> Holding:
    """Return the events that hold.

    An event holds until another one takes it back. One that takes back can itself be taken back: then the first one
    holds again.

    Parameters
    ----------
    events : sequence of Event
        The whole log in its order, every uid once.
    """
    gone: set[str] = set()
    for event in reversed(events):  # who takes back comes later, so it is known first whether it holds
        if event.kind is EventKind.TAKEN_BACK and event.uid not in gone:
            gone.add(event.reply_to)
    kept = [e for e in events if e.uid not in gone and e.kind is not EventKind.TAKEN_BACK]
    audited = confirmed_bulks(kept)
    waiting = [e for e in kept if (name := bulk_of(e)) and not audited.get(name, False)]
    idle = {e.uid for e in waiting}
    return Holding(events=tuple(e for e in kept if e.uid not in idle), waiting=tuple(waiting))
