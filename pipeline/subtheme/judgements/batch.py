"""The name under which what came in one go is stored: the same file twice is one thing, until it was taken back."""

from collections.abc import Sequence

from subtheme.judgements.holding import holding
from subtheme.nouns import Event, EventKind


def batch_for(name: str, events: Sequence[Event]) -> str:
    """Return the name under which what comes with a file is stored: `name`, or a new one.

    What comes twice is stored once, which the name of the file and its content tell. After all of it was taken back it
    may come again, as something new.

    Parameters
    ----------
    name : str
    events : sequence of Event
        The whole log in its order.
    """
    held = holding(events)
    holds = {e.batch for e in (*held.events, *held.waiting)}
    known = {e.batch for e in events if e.kind is not EventKind.TAKEN_BACK}
    batch, times = name, 1
    while batch in known and batch not in holds:
        times += 1
        batch = f"{name}:{times}"
    return batch
