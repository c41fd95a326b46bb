"""Answers: what coders said when they were asked, as tables for whoever studies how they answered."""

from collections.abc import Sequence
from dataclasses import asdict

import pandas as pd

from subtheme.judgements.holding import holding
from subtheme.nouns import DECISIONS, Decision, Event, EventKind, Verdict


def decision_of_event(event: Event) -> Decision:
    """Return the decision that an event is: an answer, or that one was taken back."""
    is_retraction = event.kind is EventKind.TAKEN_BACK
    return Decision(
        uid=event.uid,
        coder=event.coder,
        segment=event.segment,
        code=event.code,
        verdict=Verdict.RETRACT if is_retraction else Verdict(event.value),
        reply_to=event.reply_to,
        memo=event.memo,
        shown=event.shown,
        at_us=event.at_us,
        start_char=event.start_char,
        end_char=event.end_char,
    )


def answers_table(events: Sequence[Event]) -> pd.DataFrame:
    """Return every answer and every retraction of one in the order of the log: `DECISIONS`, and the `batch` of each."""
    asked: dict[str, Event] = {}
    rows = []
    for event in events:
        if event.kind is EventKind.ANSWERED:
            asked[event.uid] = event
        elif event.kind is not EventKind.TAKEN_BACK or event.reply_to not in asked:
            continue
        decision = asdict(decision_of_event(event))
        if event.kind is EventKind.TAKEN_BACK:  # a retraction names its event; the table says where that was
            target = asked[event.reply_to]
            decision |= {"segment": target.segment, "code": target.code, "coder": event.coder or target.coder}
        rows.append({**decision, "verdict": decision["verdict"].value, "batch": event.batch})
    table = DECISIONS.check(pd.DataFrame(rows, columns=list(DECISIONS.names)), source="the log", sort=False)
    return table.assign(batch=[row["batch"] for row in rows])


def standing_answers(events: Sequence[Event]) -> pd.DataFrame:
    """Return the answers that stand: the last of every coder on a segment and code that was not taken back.

    Answers of a list whose sample is not confirmed are among them: they were given, and do not count yet.
    """
    held = holding(events)
    uids = {e.uid for e in (*held.events, *held.waiting) if e.kind is EventKind.ANSWERED}
    table = answers_table(events)
    kept = table[table["uid"].isin(uids)]
    return kept.drop_duplicates(["coder", "segment", "code"], keep="last").reset_index(drop=True)
