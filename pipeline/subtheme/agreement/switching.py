"""How often coders who decide first change their own answer once they have seen what the model suggests."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from subtheme.agreement.intervals import intervals_of_sums
from subtheme.agreement.ratings import FloatArray
from subtheme.nouns import CONFIRMING, Verdict, rows_of

_FIRST = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switching:
    """Answers given before suggestions were shown, against what stands after.

    Attributes
    ----------
    answers : int
        Codes that the coder gave, or the model proposes, on segments whose suggestions were shown after the coder's own
        answer and which the coder then went on from.
    taken_over : int
        Codes that the coder had not given, and gave once they were proposed.
    withdrawn : int
        Codes that the coder had given and took back, whether the model proposes them or not.
    rate : float
        Share of the answers that were changed; NaN where nobody decided first.
    low, high : float
        Interval of 95 %, by resampling participants; NaN with fewer than six.
    seed : int
    """

    answers: int
    taken_over: int
    withdrawn: int
    rate: float
    low: float
    high: float
    seed: int


def switching(
    decisions: pd.DataFrame, seen: pd.DataFrame, proposals: pd.DataFrame, segments: pd.DataFrame, *, seed: int = 0
) -> Switching:
    """Count the answers that were changed after a suggestion was shown.

    Parameters
    ----------
    decisions : pandas.DataFrame
        Checked by `subtheme.nouns.DECISIONS`: the whole log in its order, what was taken back among it.
    seen : pandas.DataFrame
        `coder`, `segment` of the segments whose suggestions were shown after the coder's own answer, and from which the
        coder went on.
    proposals, segments : pandas.DataFrame
        Checked by `subtheme.nouns.PROPOSALS` and `SEGMENTS`.
    seed : int
        Of the resampling.
    """
    over = proposals[proposals["probability"] >= proposals["threshold"]]
    proposed: dict[str, set[str]] = {}
    for row in rows_of(over):
        proposed.setdefault(row.segment, set()).add(row.code)
    places = set(zip(seen["coder"], seen["segment"], strict=True))
    retracted = set(decisions.loc[decisions["verdict"] == Verdict.RETRACT.value, "reply_to"])
    before: dict[tuple[str, str], dict[str, bool]] = {place: {} for place in places}
    after: dict[tuple[str, str], dict[str, bool]] = {place: {} for place in places}
    for answer in rows_of(decisions[decisions["verdict"] != Verdict.RETRACT.value]):
        place = (answer.coder, answer.segment)
        if place in places and answer.uid not in retracted:
            gives = answer.verdict in CONFIRMING
            if json.loads(answer.shown or "{}").get("arm") == _FIRST:
                before[place][answer.code] = gives
            after[place][answer.code] = gives
    owner = dict(zip(segments["segment"], segments["participant"], strict=True))
    numbers = {p: n for n, p in enumerate(sorted({owner[segment] for _, segment in places}))}
    counts = np.zeros((len(numbers), 3))
    for place in places:
        own = {code for code, gives in before[place].items() if gives}
        now = {code for code, gives in after[place].items() if gives}
        suggested = proposed.get(place[1], set())
        counts[numbers[owner[place[1]]]] += (len(own | suggested), len((now - own) & suggested), len(own - now))
    interval = intervals_of_sums(
        _changed, counts, active=np.ones(len(counts), dtype=bool), method="bootstrap", seed=seed
    )[0]
    answers, taken_over, withdrawn = (int(n) for n in counts.sum(0))
    return Switching(
        answers=answers,
        taken_over=taken_over,
        withdrawn=withdrawn,
        rate=float(_changed(counts.sum(0, keepdims=True))[0]),
        low=interval.low,
        high=interval.high,
        seed=seed,
    )


def _changed(counts: FloatArray) -> FloatArray:
    """Return the share of changed answers of every row of (answers, taken over, withdrawn)."""
    answers = counts[:, 0]
    found: FloatArray = np.divide(counts[:, 1:].sum(1), answers, out=np.full(len(counts), np.nan), where=answers > 0)
    return found
