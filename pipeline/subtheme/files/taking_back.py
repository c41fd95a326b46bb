"""Taking back codings and decisions, and the readings that came with them."""

from collections.abc import Collection
from dataclasses import dataclass

from subtheme.errors import Problem, StudyError, shown, suggestion
from subtheme.files.store import Store
from subtheme.judgements import holding
from subtheme.nouns import Event, EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What was taken back.

    Attributes
    ----------
    coders : tuple of str
        Whose.
    codings, decisions, readings : int
        How many of each.
    """

    coders: tuple[str, ...]
    codings: int = 0
    decisions: int = 0
    readings: int = 0


def take_back_codings(store: Store, name: str, *, at_us: int) -> TakenBack:
    """Take back the codings of every file called `name`, and the readings that came with it; in `store.writing()`.

    A transcript in which the coder has codings from elsewhere stays read.

    Raises
    ------
    StudyError
        If no file of that name brought codings.
    """
    held = holding(store.events()).events
    files = {e.batch: e.batch.partition(":")[0] for e in held if e.kind is EventKind.CODED}
    batches = {batch for batch, file in files.items() if file == name}
    if not batches:
        known = sorted(set(files.values()))
        raise StudyError(
            Problem(
                what=f"no codings came with a file called {shown(name)}",
                expected=f"one of {', '.join(known)}" if known else "",
                remedy=suggestion(name, known),
            )
        )
    return _taken_back(store, held, batches, coder="", at_us=at_us)


def take_back_decisions(store: Store, coder: str, *, at_us: int) -> TakenBack:
    """Take back the last decision of a coder, or all that came with it in one go; inside `store.writing()`.

    What a blind sheet or a list of disagreements said was read counts as unread again with it.

    Raises
    ------
    StudyError
        If no decision of the coder stands.
    """
    holds = holding(store.events())
    uids = {e.uid for e in (*holds.events, *holds.waiting)}
    everything = [e for e in store.events() if e.uid in uids]
    last = next((e for e in reversed(everything) if e.coder == coder and e.kind is EventKind.ANSWERED), None)
    if last is None:
        raise StudyError(Problem(what=f"no decision of {shown(coder)} to undo", where=store.path.parent.name))
    if last.batch:
        return _taken_back(store, everything, {last.batch}, coder=coder, at_us=at_us)
    store.take_back([last], coder=coder, at_us=at_us, batch=f"undo:{at_us}")
    return TakenBack(coders=(coder,), decisions=1)


def _taken_back(
    store: Store, held: Collection[Event], batches: Collection[str], *, coder: str, at_us: int
) -> TakenBack:
    """Take back what came in some batches; of one coder, or of everybody."""
    own = [e for e in held if e.batch in batches and (not coder or e.coder == coder)]
    left = {(e.coder, e.transcript) for e in held if e.kind is EventKind.CODED and e.batch not in batches}
    gone = [e for e in own if e.kind is not EventKind.READ or (e.coder, e.transcript) not in left]
    store.take_back(gone, coder=coder, at_us=at_us, batch=f"undo:{at_us}")
    return TakenBack(
        coders=tuple(sorted({e.coder for e in gone})),
        codings=sum(e.kind is EventKind.CODED for e in gone),
        decisions=sum(e.kind is EventKind.ANSWERED for e in gone),
        readings=sum(e.kind is EventKind.READ for e in gone),
    )
