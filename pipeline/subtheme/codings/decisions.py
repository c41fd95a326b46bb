"""From the log of decisions to what stands now, and to codings."""

import json

import pandas as pd

from subtheme.study import CODINGS, DECISIONS, Direction, Origin, Verdict

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
        Checked by `subtheme.study.DECISIONS`, in the order of the log.

    Returns
    -------
    pandas.DataFrame
        The same columns without retractions, in the order of the log.
    """
    retracted = set(decisions.loc[decisions["verdict"] == Verdict.RETRACT.value, "reply_to"])
    kept = decisions[(decisions["verdict"] != Verdict.RETRACT.value) & ~decisions["uid"].isin(retracted)]
    return kept.drop_duplicates(["coder", "segment", "code"], keep="last").reset_index(drop=True)


def codings_of_decisions(decisions: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Return the codings that standing decisions amount to.

    Accepted and added codes support, counter-examples counter; rejected and unsure ones give no coding. The origin
    is ``assisted`` where `shown` names a model or an arm other than ``blind``, and ``blind`` where not.

    Parameters
    ----------
    decisions : pandas.DataFrame
        As in the log; `standing_decisions` is applied.
    segments : pandas.DataFrame
        Checked by `subtheme.study.SEGMENTS`.

    Returns
    -------
    pandas.DataFrame
        Checked by `subtheme.study.CODINGS`; spans are those of the segments.
    """
    standing = standing_decisions(DECISIONS.check(decisions, source="decisions"))
    given = standing[standing["verdict"].isin(list(_DIRECTIONS))]
    placed = given.merge(segments[["segment", "participant", "transcript", "start_char", "end_char"]], on="segment")
    frame = pd.DataFrame(
        {
            "participant": placed["participant"],
            "code": placed["code"],
            "coder": placed["coder"],
            "origin": [_origin(shown).value for shown in placed["shown"]],
            "direction": placed["verdict"].map(_DIRECTIONS),
            "transcript": placed["transcript"],
            "start_char": placed["start_char"],
            "end_char": placed["end_char"],
            "memo": placed["memo"],
        }
    )
    return CODINGS.check(frame, source="decisions")


def _origin(shown: str) -> Origin:
    seen = json.loads(shown or "{}")
    is_assisted = bool(seen.get("model")) or seen.get("arm", Origin.BLIND.value) != Origin.BLIND.value
    return Origin.ASSISTED if is_assisted else Origin.BLIND
