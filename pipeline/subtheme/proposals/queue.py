"""The review queue: which segment to ask about next, so that the table of cases settles with the fewest looks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from subtheme.errors import InputError, Problem, suggestion
from subtheme.proposals.board import Board, NextLook, board_of
from subtheme.proposals.foresight import forecast_of
from subtheme.proposals.outlook import Outlook
from subtheme.proposals.pairs import Pairs
from subtheme.proposals.stopping import StopRule

Order = Literal["settle", "uncertain", "transcript", "code", "audit", "disagreements"]

_COLUMNS = [
    "participant",
    "case",
    "sub_theme",
    "transcript",
    "segment",
    "probability",
    "chance",
    "answers",
    "forecast",
    "reason",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReviewQueue:
    """What to ask, in which order, and where the table stands.

    Attributes
    ----------
    order : str
    looks : pandas.DataFrame
        One row per question: `participant`, `case`, `sub_theme`, `transcript`, `segment`, `probability`
        (calibrated), `chance` (that this look confirms, given all that is known), `answers` (how many the segment has
        had), `forecast` (what the answer is held against, as `forecast_of` writes it; empty where the segment has had
        one) and `reason` (ids and numbers only).
    pairs : pandas.DataFrame
        One row per participant and sub-theme: `participant`, `case`, `sub_theme`, `describes`, `ruled_out`, `looks`
        (decided segments), `left`, `highest_left`, `chance` (that the participant describes it).
    cells : pandas.DataFrame
        One row per case and sub-theme: `case`, `sub_theme`, `state`, `describing`, `participants` and `chance` (that a
        majority describes it).
    expected_wrong : float
        Expected number of cells that are not what they count as.
    stopped : bool
        True where the rule says that this is enough.
    notes : tuple of str
    seed : int or None
        Of the random draw, where there is one.
    """

    order: str
    looks: pd.DataFrame
    pairs: pd.DataFrame
    cells: pd.DataFrame
    expected_wrong: float
    stopped: bool
    notes: tuple[str, ...] = ()
    seed: int | None = None

    def by_segment(self) -> pd.DataFrame:
        """Return one row per segment, so that one reading answers several sub-themes.

        Segments keep the place of their first question. `sub_themes` and `probabilities` hold tuples of one length.
        """
        grouped = self.looks.groupby("segment", sort=False)
        rows = grouped.agg(
            participant=("participant", "first"),
            case=("case", "first"),
            transcript=("transcript", "first"),
            sub_themes=("sub_theme", tuple),
            probabilities=("probability", tuple),
        )
        return rows.reset_index()

    def as_dict(self) -> dict[str, Any]:
        """Return the queue as plain values."""
        return {
            "order": self.order,
            "seed": self.seed,
            "stopped": self.stopped,
            "expected_wrong_cells": round(self.expected_wrong, 4),
            "cells": self.cells.to_dict("records"),
            "looks": self.looks.to_dict("records"),
            "notes": list(self.notes),
        }


def review_queue(
    pairs: Pairs,
    *,
    order: Order = "settle",
    rule: StopRule | None = None,
    outlook: Outlook | None = None,
    thresholds: dict[str, float] | None = None,
    codings: pd.DataFrame | None = None,
    seed: int = 0,
    limit: int | None = None,
) -> ReviewQueue:
    """Return what to ask next.

    Parameters
    ----------
    pairs : Pairs
        Made by `review_pairs` from scores, segments, participants and all that is decided so far.
    order : {"settle", "uncertain", "transcript", "code", "audit", "disagreements"}
        ``settle``: the look that takes away most expected error per look needed to settle its cell. ``uncertain``:
        nearest to the threshold. ``transcript`` and ``code``: reading order, and code by code with the best
        evidence first. ``audit``: segments drawn at random among those that a model has scored, with or without
        proposals, each asked for every sub-theme. ``disagreements``: what some coders coded and others, who coded that
        interview, did not.
    rule : StopRule, optional
        By default one confirmed segment per participant, and nothing more in settled cells.
    outlook : Outlook, optional
        Assumptions about the scores; fit them with `fit_outlook`.
    thresholds : dict, optional
        Threshold of every sub-theme for ``uncertain``; 0.5 where it has none.
    codings : pandas.DataFrame, optional
        For ``disagreements``: `segment`, `code` (at the level of the rows) and `coder`.
    seed : int
        For ``audit``.
    limit : int, optional
        Most questions to return; for ``audit`` most segments (100 unless given).

    Raises
    ------
    InputError
        For an unknown order, or ``disagreements`` without codings.
    """
    if order not in get_args(Order):
        raise InputError(
            Problem(
                what=f"unknown order '{order}'",
                expected=f"one of {', '.join(get_args(Order))}",
                remedy=suggestion(order, get_args(Order)),
            )
        )
    if order == "disagreements" and codings is None:
        raise InputError(
            Problem(
                what="the order 'disagreements' without codings",
                expected="the segments that at least two coders coded",
                remedy="Let a second person code some interviews first",
            )
        )
    board = board_of(pairs, rule or StopRule(), outlook or Outlook())
    stopped = board.rule.is_enough(board.expected_wrong, surprise=board.outlook.surprise)
    drawn = 100 if limit is None else limit
    makers: dict[str, Callable[[], list[_Question]]] = {
        "settle": lambda: _with_drawn(board, _in_order(board, _settle), seed),
        "uncertain": lambda: _in_order(board, lambda look: _uncertain(look, board, thresholds or {})),
        "transcript": lambda: _in_order(board, lambda look: _transcript(look, board)),
        "code": lambda: _in_order(board, lambda look: _code(look, board)),
        "audit": lambda: _audit(pairs, np.random.default_rng(seed), drawn),
        "disagreements": lambda: _disagreements(pairs, pd.DataFrame() if codings is None else codings),
    }
    # An audit and a discussion serve other ends than the table.
    questions = [] if stopped and order not in {"audit", "disagreements"} else makers[order]()
    if limit is not None and order != "audit":
        questions = questions[:limit]
    return ReviewQueue(
        order=order,
        looks=_frame(pairs, questions),
        pairs=board.pairs_frame(),
        cells=board.cells_frame(),
        expected_wrong=board.expected_wrong,
        stopped=stopped,
        notes=_notes(board, stopped=stopped),
        seed=seed if order == "audit" else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """Ask about row `row` in segment number `place`."""

    place: int
    row: int
    chance: float
    reason: str
    answers: int = 0
    forecast: str = ""


_Key = tuple[float, ...]


def _with_drawn(board: Board, questions: list[_Question], seed: int) -> list[_Question]:
    """Put the first question of a pair that nobody was asked about in the place of every so many, drawn at random.

    How many answers there are already goes into the draw, so that one and the same moment always draws the same.
    """
    if not board.rule.random_share or not questions:
        return questions
    rng = np.random.default_rng([seed, int(board.pairs.decided().sum())])
    asked = board.pairs.decided() > 0
    owner = board.pairs.segments["owner"].to_numpy()
    never: dict[tuple[int, int], int] = {}
    for number, question in enumerate(questions):
        pair = (int(owner[question.place]), question.row)
        if not asked[pair]:
            never.setdefault(pair, number)
    waiting = [int(n) for n in rng.permutation(sorted(never.values()))]
    taken: set[int] = set()
    mixed: list[_Question] = []
    for number, question in enumerate(questions):
        while waiting and rng.random() < board.rule.random_share:
            drawn = waiting.pop()
            if drawn > number and drawn not in taken:
                taken.add(drawn)
                reason = f"drawn at random among those that nobody was asked about; {questions[drawn].reason}"
                mixed.append(replace(questions[drawn], reason=reason))
        if number not in taken:
            mixed.append(question)
    return mixed


def _in_order(board: Board, key_and_reason: Callable[[NextLook], tuple[_Key, str]]) -> list[_Question]:
    """Return all questions that the rule allows by their key; ties by place and row."""
    keyed = []
    for look in board.next_looks():
        key, reason = key_and_reason(look)
        told = forecast_of(odds=look.odds, hit=look.hit, shift=board.outlook.shift) if not look.answers else ""
        question = _Question(
            place=look.place,
            row=look.cell.row,
            chance=look.chance,
            reason=reason,
            answers=look.answers,
            forecast=told,
        )
        keyed.append(((*key, look.place, look.cell.row), question))
    return [question for _, question in sorted(keyed, key=itemgetter(0))]


def _settle(look: NextLook) -> tuple[_Key, str]:
    """Put the look first that takes away most expected error; a later look at a pair as if the first had failed."""
    plan = look.cell.plan
    if look.cell.plan.state == "present":
        reason = (
            f"{plan.describing} of {plan.participants} describe it in {look.cell.case}, one of them by this segment; "
            f"chance that the cell is wrong {plan.wrong:.2f}; answer {look.answers + 1} on the segment"
        )
        return (-look.worth,), reason
    reason = (
        f"{plan.describing} of {plan.participants} describe it in {look.cell.case}, {plan.needed} more settle it; "
        f"chance of a majority {plan.chance:.2f}; look {look.number + 1} at this participant"
    )
    return (-look.worth,), reason


def _uncertain(look: NextLook, board: Board, thresholds: dict[str, float]) -> tuple[_Key, str]:
    """Put the probability nearest to its threshold first."""
    threshold = thresholds.get(board.pairs.rows[look.cell.row], 0.5)
    probability = float(board.pairs.probability[look.place, look.cell.row])
    return (abs(probability - threshold),), f"probability {probability:.3f}, threshold {threshold:.3f}"


def _transcript(look: NextLook, board: Board) -> tuple[_Key, str]:
    """Put the questions in reading order."""
    transcript = board.pairs.segments["transcript"].iat[look.place]
    number = board.pairs.segments["order"].iat[look.place]
    return (), f"segment {number} of {transcript}; look {look.number + 1} at this participant"


def _code(look: NextLook, board: Board) -> tuple[_Key, str]:
    """Put the questions sub-theme by sub-theme, the highest probability first."""
    probability = float(board.pairs.probability[look.place, look.cell.row])
    return (look.cell.row, -probability), f"{board.pairs.rows[look.cell.row]}: probability {probability:.3f}"


def _audit(pairs: Pairs, rng: np.random.Generator, size: int) -> list[_Question]:
    """Draw segments at random, whatever their scores, stop rules or settled cells; none that no model has looked at."""
    is_open = (pairs.verdict == "") & ~np.isnan(pairs.probability)
    drawn = rng.permutation(np.flatnonzero(is_open.any(1)))[:size]
    return [
        _Question(
            place=int(place),
            row=row,
            chance=float(pairs.probability[place, row]),
            reason=f"drawn at random, {number} of {len(drawn)}",
        )
        for number, place in enumerate(drawn, start=1)
        for row in range(len(pairs.rows))
        if pairs.verdict[place, row] == ""
    ]


def _disagreements(pairs: Pairs, codings: pd.DataFrame) -> list[_Question]:
    """List what some coders of an interview coded and others did not, the most evenly split first."""
    place = {s: i for i, s in enumerate(pairs.segments["segment"])}
    column = {r: j for j, r in enumerate(pairs.rows)}
    known = codings[codings["segment"].isin(place)]
    known = known.assign(transcript=known["segment"].map(pairs.segments.set_index("segment")["transcript"]))
    coders_of: dict[str, set[str]] = {}
    coders_by: dict[tuple[str, str, str], set[str]] = {}
    for segment, code, transcript, coder in known[["segment", "code", "transcript", "coder"]].itertuples(index=False):
        coders_of.setdefault(transcript, set()).add(coder)
        coders_by.setdefault((segment, code, transcript), set()).add(coder)
    keyed = []
    for (segment, code, transcript), yes in coders_by.items():
        no = coders_of[transcript] - yes
        if not no or code not in column or pairs.verdict[place[segment], column[code]] not in ("", "unsure"):
            continue
        share = len(yes) / (len(yes) + len(no))
        reason = f"coded by {', '.join(sorted(yes))}, not by {', '.join(sorted(no))}"
        question = _Question(place=place[segment], row=column[code], chance=share, reason=reason)
        keyed.append(((abs(share - 0.5), question.place, question.row), question))
    return [question for _, question in sorted(keyed, key=itemgetter(0))]


def _frame(pairs: Pairs, questions: list[_Question]) -> pd.DataFrame:
    """Return questions as a table."""
    frame = pairs.segments.iloc[[q.place for q in questions]][["participant", "transcript", "segment"]]
    frame = frame.reset_index(drop=True)
    frame["case"] = frame["participant"].map(pairs.participants.set_index("participant")["case"])
    frame["sub_theme"] = pd.Series([pairs.rows[q.row] for q in questions], dtype="str")
    frame["probability"] = [float(pairs.probability[q.place, q.row]) for q in questions]
    frame["chance"] = [q.chance for q in questions]
    frame["answers"] = pd.Series([q.answers for q in questions], dtype="int64")
    frame["forecast"] = pd.Series([q.forecast for q in questions], dtype="str")
    frame["reason"] = pd.Series([q.reason for q in questions], dtype="str")
    return frame[_COLUMNS]


def _notes(board: Board, *, stopped: bool) -> tuple[str, ...]:
    notes = []
    if stopped:
        among = " of the sub-themes with proposals" if board.pairs.unscored else ""
        notes.append(
            f"{board.expected_wrong:.2f} cells{among} are expected to be wrong, within the bound of "
            f"{board.rule.risk:g}: enough"
        )
    if board.pairs.unscored:
        notes.append(
            f"nothing is proposed for {', '.join(board.pairs.unscored)}: no scores; read the interviews for it"
        )
    owners = set(board.pairs.segments["owner"])
    silent = [p for i, p in enumerate(board.pairs.participants["participant"]) if i not in owners]
    if silent:
        notes.append(f"no segments of {', '.join(silent)}: counted as participants, and never asked about")
    is_scored = ~np.isnan(board.pairs.probability).all(axis=1)
    seen = set(board.pairs.segments["owner"].to_numpy()[is_scored])
    closed = set(np.flatnonzero((board.pairs.describes | board.pairs.ruled_out).all(axis=1)))
    unseen = [p for i, p in enumerate(board.pairs.participants["participant"]) if i in owners - seen - closed]
    if unseen and board.pairs.rows:
        notes.append(f"no model has looked at the interviews of {', '.join(unseen)}: precode, or read them")
    return tuple(notes)
