"""Sheets: proposals out to a spreadsheet in reading order, decisions back in, all or nothing."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.judgements import SETTLED
from subtheme.nouns import (
    DECISIONS,
    Basis,
    Codebook,
    Column,
    Event,
    EventKind,
    Judgements,
    TableContract,
    Verdict,
    content_id,
    rows_of,
)
from subtheme.proposals import ANSWERS_ENOUGH

_CONTEXT_CHARS = 300

PROPOSAL_SHEET = TableContract(
    name="row",
    columns=(
        Column(name="study", kind=str, filled=True),
        Column(name="segment", kind=str, filled=True),
        Column(name="participant", kind=str, default=""),
        Column(name="question", kind=str, default=""),
        Column(name="before", kind=str, default=""),
        Column(name="text", kind=str, default=""),
        Column(name="after", kind=str, default=""),
        Column(name="code", kind=str, filled=True),
        Column(name="code_name", kind=str, default=""),
        Column(name="probability", kind=str, default=""),
        Column(name="model", kind=str, default=""),
        Column(name="decision", kind=str, default=""),
        Column(name="other_code", kind=str, default=""),
        Column(name="memo", kind=str, default=""),
        Column(name="order", kind=str, default=""),
        Column(name="reason", kind=str, default=""),
        Column(name="look", kind=str, default=""),
        Column(name="forecast", kind=str, default=""),
    ),
)
"""One row per proposal; the coder fills `decision`, and `other_code` where another code fits."""

BLIND_SHEET = TableContract(
    name="row",
    columns=(
        Column(name="study", kind=str, filled=True),
        Column(name="segment", kind=str, filled=True),
        Column(name="participant", kind=str, default=""),
        Column(name="question", kind=str, default=""),
        Column(name="text", kind=str, default=""),
        Column(name="codes", kind=str, default=""),
        Column(name="counter_codes", kind=str, default=""),
        Column(name="memo", kind=str, default=""),
        Column(name="order", kind=str, default=""),
    ),
)
"""One row per segment and no suggestion; codes are separated by semicolons, ``none`` says that no code fits."""

NONE = "none"

DECISION_WORDS: dict[str, Verdict | None] = {
    "accept": Verdict.ACCEPT,
    "a": Verdict.ACCEPT,
    "yes": Verdict.ACCEPT,
    "reject": Verdict.REJECT,
    "x": Verdict.REJECT,
    "no": Verdict.REJECT,
    "unsure": Verdict.UNSURE,
    "u": Verdict.UNSURE,
    "counter-example": Verdict.COUNTER,
    "counter": Verdict.COUNTER,
    "o": Verdict.COUNTER,
    "other": None,
    "other code": None,
}
"""What may stand in the column `decision`; None stands for "another code": reject this one, add that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDecisions:
    """Decisions that were read from a sheet.

    Attributes
    ----------
    decisions : pandas.DataFrame
        Checked by `subtheme.nouns.DECISIONS`.
    undecided : int
        Rows that were left empty; they stay open.
    transcripts : tuple of str
        Transcripts that the coder has read whole (blind sheets only): what is not coded there is absent.
    read : tuple of Event
        Readings of those transcripts, and of single segments that were answered on a blind sheet: for the codes that
        were asked for.
    """

    decisions: pd.DataFrame
    undecided: int
    transcripts: tuple[str, ...] = ()
    read: tuple[Event, ...] = ()


def proposal_sheet(
    proposals: pd.DataFrame,
    segments: pd.DataFrame,
    judgements: Judgements,
    *,
    codebook: Codebook,
    study_id: str,
    coder: str,
) -> pd.DataFrame:
    """Return the proposals above their thresholds that `coder` has not judged, in reading order, with context.

    Parameters
    ----------
    proposals, segments : pandas.DataFrame
        Checked by `subtheme.nouns.PROPOSALS` and `SEGMENTS`.
    judgements : Judgements
    codebook : Codebook
    study_id : str
        Written into every row, so that the sheet of another study is refused.
    coder : str
    """
    judged = judgements.of_coders([coder]).frame
    done = set(zip(judged["segment"], judged["code"], strict=True))
    context = in_context(segments)
    over = proposals[proposals["probability"] >= proposals["threshold"]]
    joined = over.merge(context, on="segment").sort_values(["place", "probability"], ascending=[True, False])
    is_open = pd.Series([(r.segment, r.code) not in done for r in rows_of(joined)], index=joined.index, dtype=bool)
    return sheet_of(joined[is_open], codebook=codebook, study_id=study_id, source="proposals")


def sheet_of(asked: pd.DataFrame, *, codebook: Codebook, study_id: str, source: str) -> pd.DataFrame:
    """Return what is asked as the rows of a sheet, with an empty column for the decision.

    Parameters
    ----------
    asked : pandas.DataFrame
        In order: the columns of `in_context`, `code`, `probability` (NaN where the model says nothing), `model`, and
        where there are any `order` and `reason`.
    codebook : Codebook
    study_id : str
    source : str
        Where the rows come from, for errors.
    """
    rows = asked.assign(
        study=study_id,
        code_name=[codebook.by_id[c].name if c in codebook else c for c in asked["code"]],
        probability=["" if pd.isna(p) else f"{p:.2f}" for p in asked["probability"]],
    )
    return PROPOSAL_SHEET.check(rows, source=source)


def in_context(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the segments in reading order with their `place` in it and the words `before` and `after` each."""
    reading_order = segments.sort_values(["transcript", "order"]).reset_index(drop=True)
    texts = reading_order.groupby("transcript")["text"]
    return reading_order.drop(columns="order").assign(
        place=reading_order.index,
        before=texts.shift(1).fillna("").str[-_CONTEXT_CHARS:],
        after=texts.shift(-1).fillna("").str[:_CONTEXT_CHARS],
    )


def blind_sheet(segments: pd.DataFrame, *, study_id: str, transcripts: Collection[str]) -> pd.DataFrame:
    """Return every segment of `transcripts` in reading order, with no suggestion and empty columns for codes."""
    wanted = segments[segments["transcript"].isin(list(transcripts))].sort_values(["transcript", "order"])
    frame = wanted[["segment", "participant", "question", "text"]].assign(study=study_id)
    return BLIND_SHEET.check(frame, source="segments")


def decisions_of_proposals(
    sheet: pd.DataFrame,
    segments: pd.DataFrame,
    *,
    codebook: Codebook,
    study_id: str,
    coder: str,
    source: str,
    at_us: int,
    batch: str,
) -> SheetDecisions:
    """Return the decisions that a person wrote into a proposal sheet.

    Parameters
    ----------
    sheet : pandas.DataFrame
        As read from the file; the first row is row 2.
    segments : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENTS`.
    codebook : Codebook
    study_id, coder : str
    source : str
        Name of the file, for errors.
    at_us : int
        Time of the reading, in microseconds since 1970-01-01 UTC.
    batch : str
        Digest of the sheet's file: the same sheet taken in twice gives the same decisions, stored once.

    Raises
    ------
    InputError
        With every bad row: another study, an unknown segment or code, a word that is no decision, a missing other code.
    """
    rows = PROPOSAL_SHEET.check(sheet, source=source, first_row=2)
    known = set(segments["segment"])
    problems: list[Problem] = []
    events: list[dict[str, object]] = []
    undecided = 0
    for number, row in enumerate(rows_of(rows), start=2):
        where = f"{source}, row {number}"
        wrong = [*_place_problems(row, known, study_id, where), *_decision_problems(row, codebook, where)]
        problems += wrong
        if wrong:
            continue
        if not row.decision:
            undecided += 1
            continue
        facts = {"model": row.model, "probability": row.probability, "by": "sheet", "order": row.order}
        look = int(row.look) if row.look.isdigit() else 1
        facts |= {"look": look if look > 1 else "", "forecast": row.forecast}
        facts |= {"arm": SETTLED} if look >= ANSWERS_ENOUGH else {}  # the third answer decides between two
        shown = json.dumps({k: v for k, v in facts.items() if v or k in {"model", "probability", "by"}}, sort_keys=True)
        events += _events(row, coder=coder, shown=shown, at_us=at_us, batch=batch)
    if problems:
        raise InputError(problems)
    return SheetDecisions(decisions=_table(events, source), undecided=undecided)


def decisions_of_blind(
    sheet: pd.DataFrame,
    segments: pd.DataFrame,
    *,
    codebook: Codebook,
    study_id: str,
    coder: str,
    source: str,
    at_us: int,
    batch: str,
    level: str = "sub-theme",
) -> SheetDecisions:
    """Return the codes that a person gave on a blind sheet, as decisions of origin blind.

    A transcript of which every segment stands on the sheet, and any was answered, counts as read by the coder: the rows
    left empty say that no code fits. One without any answer was not begun, and stays open. Of a sheet with single
    segments, such as an audit, a segment with any answer was read: for every code of the codebook at the level that is
    scored and below it.

    Parameters
    ----------
    level : str
        Level of the codebook whose codes a sheet asks for.

    Raises
    ------
    InputError
        With every bad row, as in `decisions_of_proposals`.
    """
    rows = BLIND_SHEET.check(sheet, source=source, first_row=2)
    transcript_of = dict(zip(segments["segment"], segments["transcript"], strict=True))
    problems: list[Problem] = []
    events: list[dict[str, object]] = []
    answered: set[str] = set()
    for number, row in enumerate(rows_of(rows), start=2):
        where = f"{source}, row {number}"
        named = _split(row.codes)
        given = [(code, Verdict.ADD) for code in named if code != NONE]
        given += [(code, Verdict.COUNTER) for code in _split(row.counter_codes)]
        wrong = _place_problems(row, transcript_of, study_id, where)
        wrong += [codebook.unknown(code, where=where) for code, _ in given if code not in codebook]
        if NONE in named and given:
            wrong.append(Problem(what="'none' beside a code", where=where, expected="codes, or none"))
        problems += wrong
        if wrong:
            continue
        if given or named:
            answered.add(row.segment)
        shown = json.dumps({"arm": "blind", "by": "sheet", "order": row.order}) if row.order else "{}"
        for code, verdict in given:
            events.append(
                _event(row.segment, code, verdict, row.memo, coder=coder, shown=shown, at_us=at_us, batch=batch)
            )
    if problems:
        raise InputError(problems)
    whole = _read_whole(segments, asked=set(rows.loc[rows["order"] == "", "segment"]), answered=answered)
    undecided = sum(s not in answered and transcript_of[s] not in whole for s in rows["segment"])
    offered = {c.id: c.definition_digest for c in codebook.codes if codebook.roll_up(c.id, level) is not None}
    orders = dict(zip(rows["segment"], rows["order"], strict=True))
    places = [(t, "") for t in whole] + [("", s) for s in sorted(answered) if transcript_of[s] not in whole]
    read = tuple(
        Event(
            uid=content_id("event", "read", batch, coder, transcript, segment),
            kind=EventKind.READ,
            coder=coder,
            transcript=transcript,
            segment=segment,
            origin=Basis.BLIND.word,
            codes=offered,
            shown=json.dumps({"arm": "blind", "by": "sheet", "order": orders.get(segment, "")}),
            at_us=at_us,
            batch=batch,
        )
        for transcript, segment in places
    )
    return SheetDecisions(decisions=_table(events, source), undecided=undecided, transcripts=whole, read=read)


def _read_whole(segments: pd.DataFrame, *, asked: set[str], answered: set[str]) -> tuple[str, ...]:
    """Return the transcripts of which every segment was asked about outside of an audit, and any was answered."""
    by_transcript = segments["segment"].groupby(segments["transcript"])
    return tuple(str(t) for t, own in by_transcript if asked.issuperset(own) and not answered.isdisjoint(own))


def _place_problems(row: Any, known: Collection[str], study_id: str, where: str) -> list[Problem]:
    if row.study != study_id:
        return [
            Problem(
                what="the row belongs to another study",
                where=where,
                expected="a sheet that 'subtheme sheet out' wrote for this study",
                remedy="Name the right study with --study",
            )
        ]
    if row.segment not in known:
        return [
            Problem(
                what=f"unknown segment {shown(row.segment)}",
                where=where,
                expected="a segment of this study",
                remedy="Write the sheet again; do not edit the column 'segment'",
            )
        ]
    return []


def _decision_problems(row: Any, codebook: Codebook, where: str) -> list[Problem]:
    word, code, other = row.decision.casefold(), row.code, row.other_code
    problems = [] if code in codebook else [codebook.unknown(code, where=where)]
    if word and word not in DECISION_WORDS:
        expected = f"one of {', '.join(DECISION_WORDS)}, or empty"
        remedy = suggestion(word, DECISION_WORDS)
        problems.append(Problem(what="the decision cannot be read", where=where, expected=expected, remedy=remedy))
    if word and DECISION_WORDS.get(word, Verdict.ACCEPT) is None and not other:
        problems.append(Problem(what="no other code", where=where, expected="a code in the column 'other_code'"))
    if other and not word:
        expected = "a decision beside 'other_code': 'other', or what holds of the code that was asked about"
        problems.append(Problem(what="another code without a decision", where=where, expected=expected))
    if other and other not in codebook:
        problems.append(codebook.unknown(other, where=where))
    return problems


def _events(row: Any, *, coder: str, shown: str, at_us: int, batch: str) -> Iterator[dict[str, object]]:
    segment, code, memo, other = row.segment, row.code, row.memo, row.other_code
    verdict = DECISION_WORDS[row.decision.casefold()] or Verdict.REJECT
    first = _event(segment, code, verdict, memo, coder=coder, shown=shown, at_us=at_us, batch=batch)
    yield first
    if other:
        added = _event(segment, other, Verdict.ADD, memo, coder=coder, shown=shown, at_us=at_us, batch=batch)
        yield {**added, "reply_to": first["uid"]}


def _event(
    segment: str, code: str, verdict: Verdict, memo: str, *, coder: str, shown: str, at_us: int, batch: str
) -> dict[str, object]:
    uid = content_id("decision", batch, coder, segment, code, verdict.value, shown)
    return {
        "uid": uid,
        "coder": coder,
        "segment": segment,
        "code": code,
        "verdict": verdict.value,
        "reply_to": "",
        "memo": memo,
        "shown": shown,
        "at_us": at_us,
    }


def _table(events: list[dict[str, object]], source: str) -> pd.DataFrame:
    return DECISIONS.check(pd.DataFrame(events, columns=list(DECISIONS.names)), source=source)


def _split(codes: str) -> list[str]:
    return [code for part in codes.split(";") if (code := part.strip())]
