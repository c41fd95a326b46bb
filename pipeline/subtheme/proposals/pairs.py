"""Pairs of participant and sub-theme: the unit of presence review, with its segments, looks and evidence."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.nouns import CONFIRMING, DENYING, PARTICIPANTS, Codebook, Verdict
from subtheme.proposals.answers import Answers
from subtheme.proposals.outlook import Evidence, Outlook, fit_outlook, pair_evidence
from subtheme.proposals.subsets import Floats

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """What is known of every participant and sub-theme.

    Attributes
    ----------
    participants : pandas.DataFrame
        participant, case, level; row i is participant i.
    rows : tuple of str
        Sub-themes that have scores; column j is sub-theme j.
    unscored : tuple of str
        Sub-themes without any score: nothing can be proposed for them.
    segments : pandas.DataFrame
        Segments of these participants, in the order of the transcripts, with `owner`, the row of their participant.
    probability : array of shape (segments, rows)
        Highest calibrated probability of the codes of that row; NaN where there is none.
    verdict : array of shape (segments, rows) of str
        Where a decision stands; empty where there is none.
    describes, ruled_out : arrays of shape (participants, rows) of bool
        Confirmed; and read, or looked at segment by segment, without finding it.
    is_known : array of shape (segments, rows) of bool, optional
        Judged otherwise than by an answer: coded, or in a transcript that was read for the row; none by default.
    """

    participants: pd.DataFrame
    rows: tuple[str, ...]
    unscored: tuple[str, ...]
    segments: pd.DataFrame
    probability: Floats
    verdict: NDArray[np.str_]
    describes: NDArray[np.bool_]
    ruled_out: NDArray[np.bool_]
    is_known: NDArray[np.bool_] | None = None

    def decided(self, *verdicts: str) -> NDArray[np.int64]:
        """Return how many segments of every pair carry one of `verdicts` (any, unless given)."""
        counts = np.zeros(self.describes.shape, dtype=np.int64)
        is_counted = np.isin(self.verdict, verdicts) if verdicts else self.verdict != ""
        np.add.at(counts, self.segments["owner"].to_numpy(), is_counted.astype(np.int64))
        return counts

    def remaining(self) -> list[list[Places]]:
        """Return the undecided segments of every participant and row, best evidence first."""
        owner = self.segments["owner"].to_numpy()
        by_owner = np.split(
            np.argsort(owner, kind="stable"), np.bincount(owner, minlength=len(self.participants)).cumsum()[:-1]
        )
        return [[self._best_first(owned, row) for row in range(len(self.rows))] for owned in by_owner]

    def _best_first(self, owned: Places, row: int) -> Places:
        is_open = (self.verdict[owned, row] == "") & ~np.isnan(self.probability[owned, row])
        if self.is_known is not None:
            is_open &= ~self.is_known[owned, row]
        free = owned[is_open]
        best: Places = free[np.argsort(-self.probability[free, row], kind="stable")]
        return best

    def evidence(self, remaining: list[list[Places]], outlook: Outlook, *, depth: int | None = None) -> Evidence:
        """Return the evidence of all pairs, participant by participant.

        Segments marked unsure come last, and those that no model has scored and nobody has read, which tell nothing:
        their likelihood ratio is 1. No look is taken at either.
        """
        owner = self.segments["owner"].to_numpy()
        sizes = np.bincount(owner, minlength=len(self.participants))
        table = np.full((len(remaining) * len(self.rows), int(sizes.max(initial=0))), np.nan)
        is_unscored = np.isnan(self.probability)
        probability = np.where(is_unscored, self.base, self.probability)
        is_unknown = np.ones(self.verdict.shape, dtype=bool) if self.is_known is None else ~self.is_known
        is_behind = (self.verdict == Verdict.UNSURE.value) | (is_unscored & is_unknown & (self.verdict == ""))
        is_behind &= ~(self.describes | self.ruled_out)[owner]
        behind: dict[tuple[int, int], list[int]] = {}
        for place, row in zip(*np.nonzero(is_behind), strict=True):
            behind.setdefault((int(owner[place]), int(row)), []).append(int(place))
        for person, per_row in enumerate(remaining):
            for row, places in enumerate(per_row):
                known = np.concatenate([places, np.array(behind.get((person, row), []), dtype=np.intp)])
                table[person * len(self.rows) + row, : len(known)] = probability[known, row]
        evidence = pair_evidence(
            table,
            np.tile(self.base, len(remaining)),
            np.repeat(sizes, len(self.rows)).astype(np.int64),
            outlook,
            depth=depth,
        )
        askable = np.array([len(places) for per_row in remaining for places in per_row], dtype=np.int64)
        evidence.hit[np.arange(evidence.hit.shape[1]) >= askable[:, None]] = 0.0
        return evidence

    def answers(self) -> Answers:
        """Return what has been answered, participant by participant; a segment marked unsure counts as unanswered."""
        owner = self.segments["owner"].to_numpy()
        sizes = np.bincount(owner, minlength=len(self.participants))
        shape = (len(self.participants), len(self.rows), int(sizes.max(initial=0)))
        probability, answer = np.full(shape, np.nan), np.zeros(shape, dtype=np.int8)
        said = np.isin(self.verdict, CONFIRMING).astype(np.int8) - np.isin(self.verdict, DENYING).astype(np.int8)
        for person, size in enumerate(sizes):
            mine = owner == person
            probability[person, :, :size] = self.probability[mine].T
            answer[person, :, :size] = said[mine].T
        flat = (shape[0] * shape[1], shape[2])
        case = np.unique(self.participants["case"], return_inverse=True)[1]
        return Answers(
            probability=probability.reshape(flat),
            answer=answer.reshape(flat),
            describes=self.describes.ravel(),
            ruled_out=self.ruled_out.ravel(),
            base=np.tile(self.base, len(self.participants)),
            totals=np.repeat(sizes, len(self.rows)).astype(np.int64),
            cell=(case[:, None] * len(self.rows) + np.arange(len(self.rows))).ravel().astype(np.int64),
        )

    @property
    def base(self) -> Floats:
        """Mean calibrated probability of every row: the share of segments that carry it, by the model."""
        there = ~np.isnan(self.probability)
        sums = np.where(there, self.probability, 0.0).sum(0)
        means: Floats = sums / np.maximum(there.sum(0), 1)
        return means


def review_pairs(
    scores: pd.DataFrame,
    segments: pd.DataFrame,
    participants: pd.DataFrame,
    codebook: Codebook,
    *,
    level: str = "sub-theme",
    decided: pd.DataFrame | None = None,
    described: pd.DataFrame | None = None,
    read: pd.DataFrame | None = None,
    known: pd.DataFrame | None = None,
) -> Pairs:
    """Arrange scores, segments and what is already known by participant and sub-theme.

    Parameters
    ----------
    scores : pandas.DataFrame
        `segment`, `code` and calibrated `probability` of every segment and code (not of proposals alone). Codes
        below `level` roll up, and the highest counts; codes above it are passed over.
    segments, participants : pandas.DataFrame
        Tables after the contracts of the study. Segments of nobody among the participants are passed over.
    codebook : Codebook
    level : str
    decided : pandas.DataFrame, optional
        Where decisions stand now: `segment`, `code`, `verdict`, one row each (retracted ones left out). Rejecting a
        code below the level rejects the row only when every scored code of that row is rejected there. A pair all of
        whose segments are rejected is ruled out.
    described : pandas.DataFrame, optional
        `participant` and `code` of confirmed codings made otherwise.
    read : pandas.DataFrame, optional
        `participant` (and optionally `code`) of interviews read in full: what is not coded there is absent.
    known : pandas.DataFrame, optional
        `segment` and `code` at the level, judged otherwise than by an answer: they are not looked at again.

    Raises
    ------
    InputError
        If scores, decisions or codings name unknown segments, codes or participants.
    """
    people = PARTICIPANTS.check(participants, source="participants")
    position = {p: i for i, p in enumerate(people["participant"])}
    wanted = segments[segments["participant"].isin(position)].sort_values(["transcript", "order"], kind="stable")
    wanted = wanted.reset_index(drop=True).assign(owner=lambda s: s["participant"].map(position).astype("int64"))
    problems = _unknown(scores, segments, codebook, "scores")
    if decided is not None:
        problems += _unknown(decided, segments, codebook, "decisions")
    for name, table in (("codings", described), ("readings", read)):
        problems += [] if table is None else _unknown_people(table, position, name)
    if problems:
        raise InputError(problems)
    level_rows = [c.id for c in codebook.at_level(level) if c.depth == codebook.levels.index(level)]
    row_of = {c.id: codebook.roll_up(c.id, level) for c in codebook.codes}
    scored = scores.assign(row=scores["code"].map(row_of))
    scored = scored[scored["row"].notna() & scored["segment"].isin(set(wanted["segment"]))]
    rows = tuple(r for r in level_rows if r in set(scored["row"]))
    place = {s: i for i, s in enumerate(wanted["segment"])}
    column = {r: j for j, r in enumerate(rows)}
    probability = np.full((len(wanted), len(rows)), np.nan)
    at = (scored["segment"].map(place).to_numpy(dtype=np.intp), scored["row"].map(column).to_numpy(dtype=np.intp))
    np.fmax.at(probability, at, scored["probability"].to_numpy(dtype=np.float64))
    codes_of = {row: set(scored.loc[scored["row"] == row, "code"]) for row in rows}
    verdict = np.full(probability.shape, "", dtype="<U16")
    if decided is not None:
        _place_verdicts(verdict, decided, place=place, column=column, row_of=row_of, codes_of=codes_of)
    describes = np.zeros((len(people), len(rows)), dtype=bool)
    np.logical_or.at(describes, wanted["owner"].to_numpy(), np.isin(verdict, CONFIRMING))
    if described is not None:
        for participant, code in zip(described["participant"], described["code"], strict=True):
            if row_of.get(code) in column:
                describes[position[participant], column[str(row_of[code])]] = True
    ruled_out = _ruled_out(read, describes, position, rows, codebook)
    ruled_out |= ~describes & _all_denied(verdict, wanted["owner"].to_numpy(), len(people))
    return Pairs(
        participants=people,
        rows=rows,
        unscored=tuple(r for r in level_rows if r not in column),
        segments=wanted,
        probability=probability,
        verdict=verdict,
        describes=describes,
        ruled_out=ruled_out,
        is_known=_places(known, place, column, probability.shape),
    )


def _place_verdicts(
    verdict: NDArray[np.str_],
    decided: pd.DataFrame,
    *,
    place: Mapping[str, int],
    column: Mapping[str, int],
    row_of: Mapping[str, str | None],
    codes_of: Mapping[str, set[str]],
) -> None:
    """Write every decision into its place; a confirming one outranks the others of its row."""
    denied: dict[tuple[int, int], set[str]] = {}
    for segment, code, word in zip(decided["segment"], decided["code"], decided["verdict"], strict=True):
        row = row_of[code]
        if row is None or segment not in place or row not in column:
            continue
        where = (place[segment], column[row])
        if word in CONFIRMING:
            verdict[where] = word
        elif word == Verdict.UNSURE.value:
            verdict[where] = verdict[where] or word
        elif word in DENYING:
            denied.setdefault(where, set()).add(code)
            is_whole = code == row or denied[where] >= codes_of[row]
            if is_whole and verdict[where] not in CONFIRMING:
                verdict[where] = word


def _places(
    known: pd.DataFrame | None, place: Mapping[str, int], column: Mapping[str, int], shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    found = np.zeros(shape, dtype=bool)
    if known is not None:
        for segment, code in zip(known["segment"], known["code"], strict=True):
            if segment in place and code in column:
                found[place[segment], column[code]] = True
    return found


def _ruled_out(
    read: pd.DataFrame | None,
    describes: NDArray[np.bool_],
    position: Mapping[str, int],
    rows: tuple[str, ...],
    codebook: Codebook,
) -> NDArray[np.bool_]:
    ruled_out = np.zeros_like(describes)
    if read is None:
        return ruled_out
    codes = read["code"].fillna("").tolist() if "code" in read.columns else [""] * len(read)
    for participant, code in zip(read["participant"], codes, strict=True):
        covered = [not code or code in codebook.lineage(r) for r in rows]
        ruled_out[position[participant]] |= np.array(covered, dtype=bool)
    return ruled_out & ~describes


def _all_denied(verdict: NDArray[np.str_], owner: Places, participants: int) -> NDArray[np.bool_]:
    """Return the pairs that have segments, every one of them denied."""
    denied = np.zeros((participants, verdict.shape[1]), dtype=np.int64)
    np.add.at(denied, owner, np.isin(verdict, DENYING).astype(np.int64))
    sizes = np.bincount(owner, minlength=participants)[:, None]
    all_denied: NDArray[np.bool_] = (denied == sizes) & (sizes > 0)
    return all_denied


def _unknown(table: pd.DataFrame, segments: pd.DataFrame, codebook: Codebook, name: str) -> list[Problem]:
    problems = [codebook.unknown(str(c), where=name) for c in table["code"].unique() if c not in codebook]
    strangers = table.loc[~table["segment"].isin(set(segments["segment"])), "segment"].unique()
    if len(strangers):
        problems.append(
            Problem(
                what=f"{len(strangers)} unknown segments, the first {shown(strangers[0])}",
                where=name,
                expected="segments of this study",
                remedy="Were the interviews cut again since? Then make the proposals anew",
            )
        )
    return problems


def _unknown_people(table: pd.DataFrame, position: Mapping[str, int], name: str) -> list[Problem]:
    return [
        Problem(
            what=f"unknown participant {shown(p)}",
            where=name,
            expected="a participant of the study",
            remedy=suggestion(str(p), position),
        )
        for p in table["participant"].unique()
        if p not in position
    ]


def outlook_of(coded: Pairs) -> Outlook:
    """Return the outlook that fits participants whose interviews are coded by hand.

    Parameters
    ----------
    coded : Pairs
        Of those participants alone, with the codings as `described` and scores from models that have not seen the
        participant (out of fold); other scores promise too much.
    """
    if not len(coded.segments):
        return Outlook()
    arranged = coded.answers()
    rate = (coded.describes.sum(0) + 1) / (len(coded.participants) + 2)
    return fit_outlook(
        arranged.probability,
        arranged.totals,
        arranged.base,
        arranged.describes,
        np.tile(rate, len(coded.participants)),
    )
