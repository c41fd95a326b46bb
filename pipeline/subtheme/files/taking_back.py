"""Taking back codings and decisions, and that their coders have read what nothing of theirs is left in."""

from dataclasses import dataclass

import pandas as pd

from subtheme.codings import standing_decisions
from subtheme.errors import Problem, StudyError, suggestion
from subtheme.files.store import Store
from subtheme.nouns import DECISIONS, Verdict, content_id, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What was taken back.

    Attributes
    ----------
    coders : tuple of str
        Of codings, who has none left in some transcript of theirs; of decisions, whose they were.
    codings, decisions, readings : int
        How many rows.
    """

    coders: tuple[str, ...]
    codings: int = 0
    decisions: int = 0
    readings: int = 0


def take_back_codings(store: Store, name: str) -> TakenBack:
    """Remove the codings of every file called `name`; inside `store.writing()`.

    A coder has read a transcript because something was coded there. So a transcript of these codings in which the coder
    has no coding and no decision left counts as unread again; for a coder with none left anywhere, all do.

    Raises
    ------
    StudyError
        If no file of that name brought codings.
    """
    files = {batch: batch.partition(":")[0] for batch in store.coding_batches()}
    batches = [batch for batch, file in files.items() if file == name]
    if not batches:
        known = sorted(set(files.values()))
        raise StudyError(
            Problem(
                what=f"no codings came with a file called '{name}'",
                expected=f"one of {', '.join(known)}" if known else "",
                remedy=suggestion(name, known),
            )
        )
    before = _worked(store)
    codings = sum(store.remove_codings(batch=batch) for batch in batches)
    readings, coders = _unread(store, before)
    return TakenBack(codings=codings, readings=readings, coders=coders)


def take_back_decisions(store: Store, coder: str, *, at_us: int) -> TakenBack:
    """Retract the last decision of a coder, or all that came with it in one go; inside `store.writing()`.

    What a blind sheet or a list of disagreements said was read counts as unread again by the rule of
    `take_back_codings`; who answers about proposals has said nothing of reading.

    Parameters
    ----------
    store : Store
    coder : str
    at_us : int
        Time in microseconds since 1970-01-01 UTC.

    Raises
    ------
    StudyError
        If no decision of the coder stands.
    """
    standing = standing_decisions(store.decisions())
    own = standing[standing["coder"] == coder]
    if own.empty:
        raise StudyError(Problem(what=f"no decision of '{coder}' to undo", where=store.path.parent.name))
    batch = str(own.iloc[-1]["batch"])
    together = own[own["batch"] == batch] if batch else own.tail(1)
    before = _worked(store)
    rows = [
        {
            "uid": content_id("decision", "undo", row.uid),
            "coder": coder,
            "segment": row.segment,
            "code": row.code,
            "verdict": Verdict.RETRACT.value,
            "reply_to": row.uid,
            "at_us": at_us,
        }
        for row in rows_of(together)
    ]
    store.append_decisions(DECISIONS.check(pd.DataFrame(rows), source="undo", sort=False), batch=f"undo:{at_us}")
    is_read_whole = batch.startswith("settle:") or (batch.startswith("sheet:") and set(together["shown"]) == {"{}"})
    readings = _unread(store, before)[0] if is_read_whole else 0
    return TakenBack(decisions=len(rows), readings=readings, coders=(coder,))


def _unread(store: Store, before: set[tuple[str, str]]) -> tuple[int, tuple[str, ...]]:
    """Remove readings of coders who have nothing left in a transcript; return how many, and who they are.

    Parameters
    ----------
    store : Store
    before : set of (coder, transcript)
        Where a coder had codings or decisions. Of a coder who has none left in any transcript, every reading goes.
    """
    left = _worked(store)
    gone = before - left
    idle = {coder for coder, _ in gone} - {coder for coder, _ in left}
    rows = gone | {(r.coder, r.transcript) for r in rows_of(store.readings()) if r.coder in idle}
    count = sum(store.remove_reading(coder=coder, transcript=transcript) for coder, transcript in sorted(rows))
    return count, tuple(sorted({coder for coder, _ in gone}))


def _worked(store: Store) -> set[tuple[str, str]]:
    """Return who has codings, or decisions that stand, in which transcript."""
    transcript_of = {r.segment: r.transcript for r in rows_of(store.segments())}
    decided = rows_of(standing_decisions(store.decisions()))
    return {(r.coder, r.transcript) for r in rows_of(store.codings())} | {
        (r.coder, transcript_of.get(r.segment, "")) for r in decided
    }
