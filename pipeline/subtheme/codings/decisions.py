"""From the log of decisions to what stands now, and to codings."""

import json

import pandas as pd

from subtheme.nouns import CODINGS, DECISIONS, Direction, Origin, Verdict, rows_of

BULK = "bulk"
"""What `shown` says under ``by`` of a decision that was taken for a whole list at once."""

_UNSUGGESTED = {Origin.BLIND.value, "first"}
"""Arms in which the coder answered without having seen a suggestion."""

_DIRECTIONS = {
    Verdict.ACCEPT.value: Direction.SUPPORTS.value,
    Verdict.ADD.value: Direction.SUPPORTS.value,
    Verdict.COUNTER.value: Direction.COUNTERS.value,
}


def standing_decisions(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return what every coder's decisions come to: one row per (coder, segment, code).

    The last decision on a (coder, segment, code) stands; a retraction removes the decision that it names, so that
    the one before stands again. The result does not depend on decisions about anything else.

    Parameters
    ----------
    decisions : pandas.DataFrame
        Checked by `subtheme.nouns.DECISIONS`, in the order of the log.

    Returns
    -------
    pandas.DataFrame
        The same columns without retractions, in the order of the log.
    """
    retracted = set(decisions.loc[decisions["verdict"] == Verdict.RETRACT.value, "reply_to"])
    kept = decisions[(decisions["verdict"] != Verdict.RETRACT.value) & ~decisions["uid"].isin(retracted)]
    return kept.drop_duplicates(["coder", "segment", "code"], keep="last").reset_index(drop=True)


def batch_for(name: str, decisions: pd.DataFrame) -> str:
    """Return the name under which decisions that come with a file are stored: `name`, or a new one.

    What comes twice is stored once, which the name of the file and its content tell. After all of it was taken back it
    may come again, as something new.

    Parameters
    ----------
    name : str
    decisions : pandas.DataFrame
        The log, with the column ``batch``.
    """
    retracted = set(decisions.loc[decisions["verdict"] == Verdict.RETRACT.value, "reply_to"])
    batch, times = name, 1
    while not (own := decisions[decisions["batch"] == batch]).empty and own["uid"].isin(retracted).all():
        times += 1
        batch = f"{name}:{times}"
    return batch


def counted_decisions(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the standing decisions that count: all but those of bulk actions whose audit sample is not confirmed."""
    standing = standing_decisions(decisions)
    return standing[_is_confirmed(standing, decisions)].reset_index(drop=True)


def codings_of_decisions(decisions: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Return the codings that standing decisions amount to.

    Accepted and added codes support, counter-examples counter; rejected and unsure ones give no coding. The origin
    is ``blind`` where no suggestion was shown (in the arms ``blind`` and ``first``), ``assisted`` where `shown` names
    a model or another arm. Decisions made in bulk give codings once their audit sample is confirmed (`audited_bulks`).

    Parameters
    ----------
    decisions : pandas.DataFrame
        As in the log; `standing_decisions` is applied.
    segments : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENTS`.

    Returns
    -------
    pandas.DataFrame
        Checked by `subtheme.nouns.CODINGS`; spans are those of the segments, or where the coder moved their ends to.
    """
    log = DECISIONS.check(decisions, source="decisions")
    counted = counted_decisions(log)
    given = counted[counted["verdict"].isin(list(_DIRECTIONS))]
    places = segments[["segment", "participant", "transcript", "start_char", "end_char"]]
    placed = given.merge(places, on="segment", suffixes=("_moved", ""))
    is_moved = placed["start_char_moved"] >= 0
    frame = pd.DataFrame(
        {
            "participant": placed["participant"],
            "code": placed["code"],
            "coder": placed["coder"],
            "origin": [_origin(shown).value for shown in placed["shown"]],
            "direction": placed["verdict"].map(_DIRECTIONS),
            "transcript": placed["transcript"],
            "start_char": placed["start_char"].mask(is_moved, placed["start_char_moved"]),
            "end_char": placed["end_char"].mask(is_moved, placed["end_char_moved"]),
            "memo": placed["memo"],
        }
    )
    return CODINGS.check(frame, source="decisions")


def denials_of_decisions(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the codes that standing decisions reject; counter-examples are codings (`codings_of_decisions`).

    Parameters
    ----------
    decisions : pandas.DataFrame
        As in the log; `counted_decisions` is applied.

    Returns
    -------
    pandas.DataFrame
        `coder`, `segment`, `code`, and `origin` as a coding made in the same way would have it.
    """
    counted = counted_decisions(DECISIONS.check(decisions, source="decisions"))
    rejected = counted[counted["verdict"] == Verdict.REJECT.value]
    origins = [_origin(shown).value for shown in rejected["shown"]]
    return rejected[["coder", "segment", "code"]].assign(origin=origins).reset_index(drop=True)


def audited_bulks(decisions: pd.DataFrame) -> dict[str, bool]:
    """Return every bulk action that stands, and whether its audit sample is confirmed.

    A bulk action draws a random sample of its decisions. It is confirmed when the coder has answered every one of the
    sample singly and to the same effect; until then nobody has looked, and nothing of it counts. A bulk action whose
    sample was taken back whole stays unconfirmed.

    Parameters
    ----------
    decisions : pandas.DataFrame
        Checked by `subtheme.nouns.DECISIONS`, in the order of the log.
    """
    standing = standing_decisions(decisions)
    now = {(r.coder, r.segment, r.code): r for r in rows_of(standing)}
    retracted = set(decisions.loc[decisions["verdict"] == Verdict.RETRACT.value, "reply_to"])
    samples: dict[str, list[bool]] = {}
    for row in rows_of(decisions[~decisions["uid"].isin(retracted)]):
        seen = json.loads(row.shown or "{}")
        if seen.get("by") == BULK:
            answers = samples.setdefault(str(seen.get("bulk", "")), [])
            if seen.get("sample"):
                answer = now[row.coder, row.segment, row.code]
                answers.append(answer.uid != row.uid and _effect(answer.verdict) == _effect(row.verdict))
    return {name: bool(answers) and all(answers) for name, answers in samples.items()}


def _is_confirmed(standing: pd.DataFrame, log: pd.DataFrame) -> pd.Series:
    """Whether each decision was taken singly, or in a bulk action that is audited."""
    audited = audited_bulks(log)
    seen = (json.loads(shown or "{}") for shown in standing["shown"])
    counted = [s.get("by") != BULK or audited.get(str(s.get("bulk", "")), False) for s in seen]
    return pd.Series(counted, index=standing.index, dtype=bool)


def _effect(verdict: str) -> str:
    return _DIRECTIONS.get(verdict, verdict)


def assisted_readings(decisions: pd.DataFrame, segments: pd.DataFrame) -> frozenset[tuple[str, str]]:
    """Return in which transcripts each coder has seen a suggestion, whatever came of it.

    A suggestion that was rejected or taken back was seen all the same: what the coder left uncoded in such a
    transcript is no blind judgement.

    Parameters
    ----------
    decisions, segments : pandas.DataFrame
        Checked by `subtheme.nouns.DECISIONS` and `SEGMENTS`.

    Returns
    -------
    frozenset of (coder, transcript)
    """
    transcript_of = dict(zip(segments["segment"], segments["transcript"], strict=True))
    return frozenset(
        (row.coder, transcript_of[row.segment])
        for row in rows_of(decisions)
        if row.segment in transcript_of and _origin(row.shown) is Origin.ASSISTED
    )


def _origin(shown: str) -> Origin:
    seen = json.loads(shown or "{}")
    is_assisted = bool(seen.get("model")) or seen.get("arm", Origin.BLIND.value) not in _UNSUGGESTED
    return Origin.ASSISTED if is_assisted else Origin.BLIND
