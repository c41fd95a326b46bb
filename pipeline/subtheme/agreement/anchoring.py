"""What suggestions do to coders: answers given with one on the screen against answers given without.

Segments are drawn for the blind arm by a keyed hash, so both arms come from the same interviews and, band by band, from
the same scores. What differs beyond chance is the work of the suggestion.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from subtheme.agreement.intervals import intervals_of_sums
from subtheme.agreement.ratings import FloatArray
from subtheme.nouns import CONFIRMING, rows_of

_EDGES = (0.0, 0.3, 0.5, 0.7, 1.0)
_LONGEST_S = 300.0
"""A longer look at one segment was a pause, and counts as this long."""
READING_LIMIT = 600
"""Words per minute that nobody reads faster than."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One band of scores.

    Attributes
    ----------
    low, high : float
        Calibrated probability, half-open.
    shown, accepted : int
        Proposals on segments that were finished with the suggestion on the screen, and those accepted.
    blind, applied : int
        Proposals on segments that were read without, and those whose code the coder gave unasked.
    """

    low: float
    high: float
    shown: int
    accepted: int
    blind: int
    applied: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast one arm was worked through.

    Attributes
    ----------
    arm : str
    segments, decisions : int
    minutes : float
    too_fast : int
        Segments left faster than their words can be read.
    """

    arm: str
    segments: int
    decisions: int
    minutes: float
    too_fast: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchoring:
    """The effect of suggestions in one study.

    Attributes
    ----------
    bands : tuple of Band
    effect : float
        Accept rate when shown minus applied rate when blind, band by band, weighted by the proposals of the band; NaN
        where no band has both.
    low, high : float
        Interval of 95 %, by resampling participants; NaN with fewer than six.
    reason : str
        Why the effect is not defined; empty where it is.
    paces : tuple of Pace
    audited, found : int
        Codes given on segments of the audit sample, and those among them that the model proposes: the recall.
    seed : int
    """

    bands: tuple[Band, ...]
    effect: float
    low: float
    high: float
    reason: str
    paces: tuple[Pace, ...]
    audited: int
    found: int
    seed: int

    @property
    def recall(self) -> float:
        """Share of the codes of the audit sample that the model proposes; NaN where nothing was given there."""
        return self.found / self.audited if self.audited else float("nan")

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return asdict(self) | {"recall": self.recall}


def anchoring(
    standing: pd.DataFrame,
    finished: pd.DataFrame,
    proposals: pd.DataFrame,
    segments: pd.DataFrame,
    *,
    revealed: pd.DataFrame | None = None,
    seed: int = 0,
) -> Anchoring:
    """Measure the effect of suggestions.

    Parameters
    ----------
    standing : pandas.DataFrame
        Decisions that stand (`subtheme.codings.standing_decisions`). Proposals that were decided elsewhere than at the
        page, one by one, count in neither arm.
    finished : pandas.DataFrame
        `coder`, `segment`, `shown`: segments that coders went on from at the page.
    proposals, segments : pandas.DataFrame
        Checked by `subtheme.nouns.PROPOSALS` and `SEGMENTS`.
    revealed : pandas.DataFrame, optional
        `coder`, `segment` where suggestions were shown after the coder's own answer. These answers count in neither
        arm: who had given a code already has nothing to accept (see `subtheme.agreement.switching`).
    seed : int
        Of the resampling.
    """
    over = proposals[proposals["probability"] >= proposals["threshold"]]
    answers = _answers(standing)
    later = set() if revealed is None else set(zip(revealed["coder"], revealed["segment"], strict=True))
    ended = finished.assign(seen=[json.loads(s or "{}") for s in finished["shown"]])
    own = ended[_where((r.coder, r.segment) not in later for r in rows_of(ended))]
    elsewhere = standing[~standing.index.isin(answers.index)]
    units = _units(
        answers,
        own,
        over,
        dict(zip(segments["segment"], segments["participant"], strict=True)),
        {(r.coder, r.segment, r.code) for r in rows_of(elsewhere)},
    )
    counts = _counts(units)
    effect = float(_effect(counts.sum(0, keepdims=True))[0])
    interval = intervals_of_sums(
        _effect, counts, active=np.ones(len(counts), dtype=bool), method="bootstrap", seed=seed
    )[0]
    reason = "" if not np.isnan(effect) else "no band of scores has answers both with and without a suggestion"
    audited, found = _recall(answers, ended, over)
    return Anchoring(
        bands=_bands(counts.sum(0)),
        effect=effect,
        low=interval.low,
        high=interval.high,
        reason=reason,
        paces=_paces(answers, ended, segments),
        audited=audited,
        found=found,
        seed=seed,
    )


def _answers(standing: pd.DataFrame) -> pd.DataFrame:
    seen = [json.loads(s or "{}") for s in standing["shown"]]
    frame = standing[["coder", "segment", "code", "verdict"]].assign(
        arm=[str(s.get("arm", "")) for s in seen],
        order=[str(s.get("order", "")) for s in seen],
        probability=[float(s.get("probability", "nan")) for s in seen],
        threshold=[float(s.get("threshold", "nan")) for s in seen],
    )
    return frame[_where(s.get("by") == "page" for s in seen)]


def _where(is_wanted: Iterable[bool]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return a mask; an empty list would choose columns instead of rows."""
    return np.array(list(is_wanted), dtype=bool)


def _units(
    answers: pd.DataFrame,
    ended: pd.DataFrame,
    over: pd.DataFrame,
    participant: Mapping[str, str],
    passed_over: set[tuple[str, str, str]],
) -> pd.DataFrame:
    """Return one row per proposal on a finished segment and coder: participant, band, arm, whether the code was given.

    Both arms are counted alike. A proposal that was left open on a finished segment was not given: going on from it is
    the answer, as it is where none is shown.
    """
    given = {(r.coder, r.segment, r.code) for r in rows_of(answers) if r.verdict in CONFIRMING}
    by_segment: dict[str, list[Any]] = {}
    for row in rows_of(over):
        by_segment.setdefault(row.segment, []).append(row)
    arms = ended.assign(arm=[str(s.get("arm", "")) for s in ended["seen"]])
    arms = arms[arms["arm"].isin(["assisted", "blind"])]
    rows = [
        (end.segment, p.probability, end.arm == "blind", (end.coder, end.segment, p.code) in given)
        for end in rows_of(arms[["coder", "segment", "arm"]].drop_duplicates(["coder", "segment"], keep="last"))
        for p in by_segment.get(end.segment, ())
        if (end.coder, end.segment, p.code) not in passed_over
    ]
    frame = pd.DataFrame(rows, columns=["segment", "probability", "is_blind", "is_given"])
    band = np.clip(np.searchsorted(_EDGES, frame["probability"].astype(float), side="right") - 1, 0, len(_EDGES) - 2)
    return frame.assign(participant=[participant[s] for s in frame["segment"]], band=band)


def _bands(counts: FloatArray) -> tuple[Band, ...]:
    return tuple(
        Band(low=low, high=high, shown=int(c[0]), accepted=int(c[1]), blind=int(c[2]), applied=int(c[3]))
        for low, high, c in zip(_EDGES[:-1], _EDGES[1:], counts, strict=True)
    )


def _counts(units: pd.DataFrame) -> FloatArray:
    """Return counts by participant, band and (shown, accepted, blind, applied)."""
    names = {p: i for i, p in enumerate(sorted(set(units["participant"])))}
    counts = np.zeros((max(len(names), 1), len(_EDGES) - 1, 4))
    for row in rows_of(units):
        at = counts[names[row.participant], row.band]
        at[2 * row.is_blind] += 1
        at[2 * row.is_blind + 1] += row.is_given
    return counts


def _effect(counts: FloatArray) -> FloatArray:
    """Return the effect of counts by band, for every row of shape (bands, 4); NaN where no band has both arms."""
    shown, accepted, blind, applied = np.moveaxis(counts, -1, 0)
    both = (shown > 0) & (blind > 0)
    difference = accepted / np.where(both, shown, 1) - applied / np.where(both, blind, 1)
    weight = np.where(both, shown + blind, 0)
    total = weight.sum(1)
    found: FloatArray = np.divide(
        (weight * difference).sum(1), total, out=np.full(len(counts), np.nan), where=total > 0
    )
    return found


def _paces(answers: pd.DataFrame, ended: pd.DataFrame, segments: pd.DataFrame) -> tuple[Pace, ...]:
    words = {s: len(t.split()) for s, t in zip(segments["segment"], segments["text"], strict=True)}
    found = []
    for arm in ("assisted", "blind", "first"):
        own = ended[_where(s.get("arm") == arm and s.get("elapsed_ms", 0) > 0 for s in ended["seen"])]
        seconds = [s["elapsed_ms"] / 1000 for s in own["seen"]]
        places = set(zip(own["coder"], own["segment"], strict=True))
        decided = sum((r.coder, r.segment) in places for r in rows_of(answers))
        too_fast = sum(
            60 * words[name] > READING_LIMIT * took for name, took in zip(own["segment"], seconds, strict=True)
        )
        minutes = sum(min(took, _LONGEST_S) for took in seconds) / 60
        found.append(Pace(arm=arm, segments=len(own), decisions=decided, minutes=minutes, too_fast=too_fast))
    return tuple(p for p in found if p.segments)


def _recall(answers: pd.DataFrame, ended: pd.DataFrame, over: pd.DataFrame) -> tuple[int, int]:
    in_audit = _where(s.get("order") == "audit" and s.get("arm") == "blind" for s in ended["seen"])
    places = set(zip(ended.loc[in_audit, "coder"], ended.loc[in_audit, "segment"], strict=True))
    given = {
        (r.segment, r.code) for r in rows_of(answers) if r.verdict in CONFIRMING and (r.coder, r.segment) in places
    }
    proposed = set(zip(over["segment"], over["code"], strict=True))
    return len(given), len(given & proposed)
