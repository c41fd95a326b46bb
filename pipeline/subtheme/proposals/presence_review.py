"""Presence review of a study: everything that is known, arranged by participant and sub-theme, and what is left to ask.

One object feeds the sheets, the review page, the status and the report, so that all of them ask and say the same.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
import pandas as pd

from subtheme.nouns import CONFIRMING, Codebook, EventKind, Judgements, Value, Verdict
from subtheme.proposals.answers import outlook_after
from subtheme.proposals.arranging import review_pairs
from subtheme.proposals.audit import AuditCount, audit_counts, is_audit
from subtheme.proposals.board import board_of
from subtheme.proposals.coder_error import CoderError
from subtheme.proposals.foresight import Foresight, foresight_of
from subtheme.proposals.looks_left import LooksLeft, looks_left
from subtheme.proposals.outlook import Outlook, cell_outlook
from subtheme.proposals.pairs import Pairs
from subtheme.proposals.passed_over import with_passed_over
from subtheme.proposals.plausible import plausible_chances
from subtheme.proposals.queue import Order, ReviewQueue, review_queue
from subtheme.proposals.stopping import StopRule, trails


@dataclass(frozen=True, kw_only=True, eq=False)
class PresenceReview:
    """Presence review of one study at one moment; made by `presence_review`.

    Attributes
    ----------
    pairs : Pairs
    outlook : Outlook
        After the answers.
    estimate : Outlook
        The same on neither side: what is expected of the table rests on it, and not whether review may stop.
    rule : StopRule
    foresight : Foresight
        What was forecast of every question, held against what was answered.
    thresholds : dict of str to float
        Threshold of every sub-theme that is proposed.
    decided : pandas.DataFrame
        Standing decisions at the level of the rows, in the order of the log: `participant`, `sub_theme`, `segment`,
        `verdict`, `shown`.
    coded : pandas.DataFrame
        Supporting codes on segments at the level of the rows: `segment`, `code`, `coder`.
    """

    pairs: Pairs
    outlook: Outlook
    estimate: Outlook
    rule: StopRule
    foresight: Foresight
    thresholds: dict[str, float]
    decided: pd.DataFrame
    coded: pd.DataFrame

    def queue(self, *, order: str = "settle", seed: int = 0, limit: int | None = None) -> ReviewQueue:
        """Return what to ask next, in one of the orders of `review_queue`, which refuses an unknown one."""
        return review_queue(
            self.pairs,
            order=cast("Order", order),
            rule=self.rule,
            outlook=self.outlook,
            thresholds=self.thresholds,
            codings=self.coded,
            seed=seed,
            limit=limit,
        )

    @cached_property
    def now(self) -> ReviewQueue:
        """Where every pair and cell stands, with all questions that could still be asked, whatever the risk."""
        rule = replace(self.rule, risk=None)
        return review_queue(self.pairs, rule=rule, outlook=self.outlook, thresholds=self.thresholds)

    @cached_property
    def plausible(self) -> pd.DataFrame:
        """Chance of every cell under each of several outlooks that what is known leaves room for.

        `case`, `sub_theme`, and one column for every draw.
        """
        board = board_of(self.pairs, StopRule(), self.estimate)
        drawn = plausible_chances(board, self.estimate, rng=np.random.default_rng(0))
        places = pd.DataFrame(
            {"case": [c.case for c in board.cells], "sub_theme": [self.pairs.rows[c.row] for c in board.cells]}
        )
        return pd.concat([places, pd.DataFrame(drawn.T)], axis=1)

    @cached_property
    def looks_left(self) -> LooksLeft:
        """How many looks review is likely to take until it is enough."""
        board = board_of(self.pairs, StopRule(looks=self.rule.looks), self.outlook)
        risk = self.rule.risk or 0.0
        return looks_left(board, risk=risk, rng=np.random.default_rng(0))

    def is_enough(self, wrong: float) -> bool:
        """Return whether review may stop where `wrong` cells are expected to be wrong."""
        return self.rule.is_enough(wrong, surprise=self.foresight.surprise)

    @cached_property
    def second_looks(self) -> int:
        """Confirmations that present cells rest on, each worth a second answer."""
        looks = self.now.looks
        states = looks.merge(self.now.cells[["case", "sub_theme", "state"]], on=["case", "sub_theme"])
        return int(((states["state"] == "present") & (states["answers"] > 0)).sum())

    @cached_property
    def trails(self) -> pd.DataFrame:
        """What was looked at for every participant and sub-theme that nobody has confirmed, as in `trails`."""
        return trails(self.decided, self.now.pairs)

    @cached_property
    def audit(self) -> tuple[AuditCount, ...]:
        """What random draws found among the segments that were passed over, by sub-theme."""
        return audit_counts(self.pairs, self.decided, self.thresholds)

    @property
    def audit_segments(self) -> tuple[int, int]:
        """How many scored segments were drawn and answered, and in how many something passed over was found."""
        drawn = self.decided[is_audit(self.decided)]
        drawn = drawn.assign(
            probability=[self.probability(s, r) for s, r in zip(drawn["segment"], drawn["sub_theme"], strict=True)],
            threshold=[self.thresholds.get(r, 0.5) for r in drawn["sub_theme"]],
        ).dropna(subset="probability")
        found = drawn[drawn["verdict"].isin(CONFIRMING) & (drawn["probability"] < drawn["threshold"])]
        return drawn["segment"].nunique(), found["segment"].nunique()

    def probability(self, segment: str, sub_theme: str) -> float:
        """Return the calibrated probability of a segment and a sub-theme; NaN where there is none."""
        if sub_theme not in self.pairs.rows or segment not in self._place:
            return float("nan")
        return float(self.pairs.probability[self._place[segment], self.pairs.rows.index(sub_theme)])

    @cached_property
    def _place(self) -> dict[str, int]:
        return {s: i for i, s in enumerate(self.pairs.segments["segment"])}

    def expected_wrong(self, cells: pd.DataFrame) -> float:
        """Return the expected number of cells that are not what they count as, sub-themes without scores among them.

        Parameters
        ----------
        cells : pandas.DataFrame
            As in `chances`, with `state`.
        """
        chance, is_present = self.chances(cells)["chance"].to_numpy(), cells["state"].eq("present").to_numpy()
        return float(np.where(is_present, 1 - chance, chance).sum())

    def to_be_read(self, cells: pd.DataFrame) -> int:
        """Return how many open cells no look can settle, since nothing is proposed for their sub-theme.

        Parameters
        ----------
        cells : pandas.DataFrame
            As in `chances`, with `state`.
        """
        return int((cells["state"].eq("open") & cells["sub_theme"].isin(self.pairs.unscored)).sum())

    def chances(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Return the chance of a majority in every one of `cells`.

        Parameters
        ----------
        cells : pandas.DataFrame
            `case`, `sub_theme`, `participants_describing`, `participants`, `unread`: a table of results as a frame.

        Returns
        -------
        pandas.DataFrame
            `case`, `sub_theme`, `chance` and `expected_looks` until review is enough (NaN where nothing can be
            proposed: only reading settles the cell). A sub-theme without scores has the chance that its counts and
            the prior give.
        """
        places = ["case", "sub_theme"]
        known = self.now.cells.merge(self.looks_left.cells, on=places).set_index(places)[["chance", "expected_looks"]]
        rows: list[dict[str, Any]] = []
        for case, row, describing, participants, unread in cells[
            ["case", "sub_theme", "participants_describing", "participants", "unread"]
        ].itertuples(index=False):
            if (case, row) in known.index:
                chance, looks = known.loc[(case, row)]
            else:
                absent = participants - describing - unread
                chance = cell_outlook(np.ones(unread), found=describing, absent=absent, outlook=self.outlook).chance
                looks = np.nan if unread else 0.0
            rows.append({"case": case, "sub_theme": row, "chance": float(chance), "expected_looks": float(looks)})
        return pd.DataFrame(rows, columns=["case", "sub_theme", "chance", "expected_looks"])


def presence_review(
    proposals: pd.DataFrame,
    segments: pd.DataFrame,
    participants: pd.DataFrame,
    codebook: Codebook,
    *,
    level: str = "sub-theme",
    judgements: Judgements,
    outlook: Outlook | None = None,
    rule: StopRule | None = None,
) -> PresenceReview:
    """Return the presence review of a study.

    Parameters
    ----------
    proposals, segments, participants : pandas.DataFrame
        Checked by `subtheme.nouns.PROPOSALS`, `SEGMENTS` and `PARTICIPANTS`.
    codebook : Codebook
    level : str
        Level of the codebook that makes the rows.
    judgements : Judgements
        One coder's and what is everybody's to see, where others' answers must not show. What is judged is not asked
        about; whoever is judged on every segment is ruled out.
    outlook : Outlook, optional
        As fitted on coded participants when the model was trained, with the error of coders as it is stated; the
        answers given since correct both.
    rule : StopRule, optional
    """
    proposals = proposals[proposals["code"].isin(judgements.codes)]
    rows = [c.id for c in codebook.at_level(level) if c.depth == codebook.levels.index(level)]
    decided, known = _decided(judgements, rows)
    pairs = review_pairs(
        with_passed_over(proposals, segments),
        segments,
        participants,
        codebook,
        level=level,
        decided=decided[["segment", "code", "verdict"]],
        answers=_answers(judgements, rows),
        described=_described(judgements),
        read=_ruled_out(judgements, rows, set(participants["participant"])),
        known=known,
    )
    outlook = outlook or Outlook()
    outlook = replace(outlook, error=pairs.error(outlook.error))
    likely = replace(outlook, true_segments=outlook.likely or outlook.true_segments)
    told = _foreseen(judgements, set(proposals["model"]), error=outlook.error)
    outlook = replace(outlook_after(pairs.answers(outlook), outlook), shift=told.shift, surprise=told.surprise)
    row_of = {c.id: codebook.roll_up(c.id, level) for c in codebook.codes}
    owner = segments.set_index("segment")["participant"]
    decided = decided.assign(sub_theme=decided["code"], participant=decided["segment"].map(owner))
    thresholds = proposals.assign(row=proposals["code"].map(row_of)).groupby("row")["threshold"].min()
    return PresenceReview(
        pairs=pairs,
        outlook=outlook,
        estimate=replace(outlook_after(pairs.answers(likely), likely), shift=told.shift),
        rule=rule or StopRule(),
        foresight=told,
        thresholds={str(k): float(v) for k, v in thresholds.items()},
        decided=decided[["participant", "sub_theme", "segment", "verdict", "shown"]].reset_index(drop=True),
        coded=_coded(judgements, rows),
    )


_VERDICTS = {
    Value.PRESENT: Verdict.ACCEPT.value,
    Value.ABSENT: Verdict.REJECT.value,
    Value.COUNTER: Verdict.COUNTER.value,
    Value.UNSURE: Verdict.UNSURE.value,
}


def _decided(judgements: Judgements, rows: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what was answered about single segments, in the order of the log, and all that is judged otherwise.

    Returns
    -------
    decided : pandas.DataFrame
        `segment`, `code`, `verdict`, `shown`.
    known : pandas.DataFrame
        `segment`, `code`: by a coding, or in a transcript that was read.
    """
    columns = np.array([judgements.number_of(row) for row in rows], dtype=np.int64)
    value, event = judgements.together[:, columns], judgements.together_rests_on[:, columns]
    segment, code = np.nonzero(value != Value.OPEN)
    at = event[segment, code]
    names = judgements.segments["segment"].to_numpy(dtype=object)
    frame = pd.DataFrame(
        {
            "segment": names[segment],
            "code": np.array(rows, dtype=object)[code] if len(rows) else [],
            "verdict": [_VERDICTS[Value(v)] for v in value[segment, code].tolist()],
            "shown": [judgements.events[i].shown if i >= 0 else "{}" for i in at.tolist()],
        },
        dtype="str",
    )
    was_asked = np.r_[judgements.was_asked, False][at]
    order = np.argsort(at[was_asked], kind="stable")
    return frame[was_asked].iloc[order].reset_index(drop=True), frame.loc[~was_asked, ["segment", "code"]]


def _answers(judgements: Judgements, rows: Sequence[str]) -> pd.DataFrame:
    """Return every answer about a single segment, of every coder, in the order of the log.

    Where a coder was asked again, the earlier answer counts beside the later one: `look` tells them apart.

    Returns
    -------
    pandas.DataFrame
        `segment`, `code`, `verdict`, `coder`, `look`.
    """
    columns = np.array([judgements.number_of(row) for row in rows], dtype=np.int64)
    value, event = judgements.value[:, :, columns], judgements.rests_on[:, :, columns]
    coder, segment, code = np.nonzero((value != Value.OPEN) & np.r_[judgements.was_asked, False][event])
    names = judgements.segments["segment"].to_numpy(dtype=object)
    at = event[coder, segment, code]
    now = pd.DataFrame(
        {
            "segment": names[segment],
            "code": np.array(rows, dtype=object)[code] if len(rows) else [],
            "verdict": [_VERDICTS[Value(v)] for v in value[coder, segment, code].tolist()],
            "coder": np.array(judgements.coders, dtype=object)[coder] if len(judgements.coders) else [],
            "look": "",
        },
        dtype="str",
    ).assign(at=at)
    before = _looks_before(judgements, rows)
    return pd.concat([now, before]).sort_values("at", kind="stable", ignore_index=True).drop(columns="at")


def _looks_before(judgements: Judgements, rows: Sequence[str]) -> pd.DataFrame:
    """Return the earlier answers of coders who were asked again: as `_answers`, and `at`, their place in the log."""
    given: dict[tuple[str, str, str], dict[int, tuple[int, str]]] = {}
    for at, event in enumerate(judgements.events):
        if event.kind is EventKind.ANSWERED and event.code in rows:
            look = int(json.loads(event.shown).get("look", 1)) if '"look"' in event.shown else 1
            given.setdefault((event.segment, event.code, event.coder), {})[look] = at, event.value
    kept = [(*place, str(look), *looks[look]) for place, looks in given.items() for look in sorted(looks)[:-1]]
    columns = ["segment", "code", "coder", "look", "at", "verdict"]
    return pd.DataFrame(kept, columns=columns).astype({"at": "int64"})


def _foreseen(judgements: Judgements, models: set[str], *, error: CoderError) -> Foresight:
    """Return how the forecasts of today's models stand against the answers."""
    kept = []
    for event in judgements.events:
        if event.kind is EventKind.ANSWERED and '"forecast"' in event.shown:
            shown = json.loads(event.shown)
            if shown.get("model") in models:
                kept.append((str(shown["forecast"]), event.value in CONFIRMING))
    return foresight_of(kept, error=error)


def _described(judgements: Judgements) -> pd.DataFrame:
    """Return who describes what by a coding, whatever the segment: `participant` and `code`."""
    asked = np.r_[judgements.was_asked, False][judgements.together_rests_on]
    segment, code = np.nonzero((judgements.together == Value.PRESENT) & ~asked)
    owner = judgements.segments["participant"].to_numpy(dtype=object)
    placed = judgements.unplaced
    described = pd.DataFrame(
        {
            "participant": [*owner[segment], *placed.loc[placed["value"] == Value.PRESENT, "participant"]],
            "code": [
                *(judgements.codes[c] for c in code.tolist()),
                *placed.loc[placed["value"] == Value.PRESENT, "code"],
            ],
        },
        dtype="str",
    )
    return described.drop_duplicates(ignore_index=True)


def _ruled_out(judgements: Judgements, rows: Sequence[str], known: set[str]) -> pd.DataFrame:
    """Return `participant` and `code` where every segment is judged: nothing more can be found there."""
    pairs = sorted(pair for pair in judgements.judged_pairs(rows) if pair[0] in known)
    return pd.DataFrame(pairs, columns=["participant", "code"], dtype="str")


def _coded(judgements: Judgements, rows: Sequence[str]) -> pd.DataFrame:
    """Return which coder finds which row on which segment: `segment`, `code`, `coder`."""
    columns = [judgements.number_of(row) for row in rows]
    coder, segment, code = np.nonzero(judgements.value[:, :, columns] == Value.PRESENT)
    names = judgements.segments["segment"].to_numpy(dtype=object)
    frame = pd.DataFrame(
        {
            "segment": names[segment],
            "code": [rows[c] for c in code.tolist()],
            "coder": [judgements.coders[c] for c in coder.tolist()],
        },
        dtype="str",
    )
    return frame.sort_values(["segment", "code", "coder"], ignore_index=True)
