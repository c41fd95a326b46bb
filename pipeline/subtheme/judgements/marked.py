"""Codings as they were made: the spans that people marked or confirmed and still hold."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from subtheme.codings.spans import segments_of_codings
from subtheme.judgements.holding import holding
from subtheme.nouns import (
    CODINGS,
    CONFIRMING,
    Basis,
    Direction,
    Event,
    EventKind,
    Judgements,
    Origin,
    Value,
    Verdict,
    rows_of,
)

_GIVEN = {
    **dict.fromkeys(CONFIRMING, Direction.SUPPORTS.value),
    Verdict.COUNTER.value: Direction.COUNTERS.value,
}
_VALUES = {Direction.SUPPORTS.value: Value.PRESENT, Direction.COUNTERS.value: Value.COUNTER}


def marked_codings(events: Sequence[Event], judgements: Judgements, segments: pd.DataFrame) -> pd.DataFrame:
    """Return the codings that hold, one row for every span that somebody marked or confirmed.

    A span holds while its coder holds the same of its code on one of its segments, so what a coder rejected later is
    no coding any more; one on no segment holds until it is taken back. What was agreed on is ``assisted``: suggestions,
    or others' answers, were in view.

    Parameters
    ----------
    events : sequence of Event
        The whole log in its order.
    judgements : Judgements
        Of these events.
    segments : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENTS`.

    Returns
    -------
    pandas.DataFrame
        Checked by `subtheme.nouns.CODINGS`, with the column `event`. Codes that the codebook no longer has are kept.
    """
    given = [e for e in _latest(holding(events).events) if e.coder in judgements.coders]
    places = {r.segment: (r.participant, r.transcript, r.start_char, r.end_char) for r in rows_of(segments)}
    rows = []
    for event in given:
        if event.kind is EventKind.CODED:
            place = (event.participant, event.transcript, event.start_char, event.end_char)
            rows.append((event, event.value, place))
        elif event.segment in places:
            who, transcript, start, end = places[event.segment]
            span = (event.start_char, event.end_char) if event.start_char >= 0 else (start, end)
            rows.append((event, _GIVEN[event.value], (who, transcript, *span)))
    frame = pd.DataFrame(
        {
            "participant": [p[0] for _, _, p in rows],
            "code": [e.code for e, _, _ in rows],
            "coder": [e.coder for e, _, _ in rows],
            "origin": [
                Origin.BLIND.value if e.origin == Basis.BLIND.word else Origin.ASSISTED.value for e, _, _ in rows
            ],
            "direction": [d for _, d, _ in rows],
            "transcript": [p[1] for _, _, p in rows],
            "start_char": [p[2] for _, _, p in rows],
            "end_char": [p[3] for _, _, p in rows],
            "memo": [e.memo for e, _, _ in rows],
        },
        columns=list(CODINGS.names),
    )
    keeps = _still_held(frame, [e for e, _, _ in rows], judgements, segments)
    checked = CODINGS.check(frame[keeps], source="the study", sort=False)
    checked = checked.assign(event=[e.uid for (e, _, _), keep in zip(rows, keeps, strict=True) if keep])
    return checked.sort_values(list(CODINGS.order), kind="stable").reset_index(drop=True)


def _latest(events: Sequence[Event]) -> list[Event]:
    """Return the spans, and of the answers the last of each coder on a segment and code where it gives the code."""
    answers = {(e.coder, e.segment, e.code): e.uid for e in events if e.kind is EventKind.ANSWERED}
    last = set(answers.values())
    return [e for e in events if e.kind is EventKind.CODED or (e.uid in last and e.value in _GIVEN)]


def _still_held(
    codings: pd.DataFrame, events: Sequence[Event], judgements: Judgements, segments: pd.DataFrame
) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    place = {s: i for i, s in enumerate(judgements.segments["segment"])}
    code_at = {c: i for i, c in enumerate(judgements.codes)}
    coder_at = {c: i for i, c in enumerate(judgements.coders)}
    found = []
    for event, code, direction, hits in zip(
        events, codings["code"], codings["direction"], segments_of_codings(codings, segments), strict=True
    ):
        where = {*hits, event.segment} - {""}
        if code not in code_at or not where:
            found.append(True)
            continue
        own = judgements.value[coder_at[event.coder], [place[s] for s in where], code_at[code]]
        found.append(bool((own == _VALUES[direction]).any()))
    return np.array(found, dtype=bool)
