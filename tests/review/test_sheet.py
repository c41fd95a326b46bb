"""Sheets out and in."""

import json

import pandas as pd
import pytest
from small_study import small_book

from subtheme.errors import InputError
from subtheme.files.mark import event_of_decision
from subtheme.judgements import judgements_of, marked_codings
from subtheme.nouns import DECISIONS, PROPOSALS, SEGMENTS, Codebook, Decision, Verdict, rows_of
from subtheme.review import blind_sheet, decisions_of_blind, decisions_of_proposals, proposal_sheet

BOOK = Codebook.from_toml(small_book("T", "Wages", "Hours"), where="b")
SEGMENT_TABLE = SEGMENTS.check(
    pd.DataFrame(
        [
            {
                "segment": f"{t}:{i * 10}-{i * 10 + 9}",
                "transcript": t,
                "participant": t,
                "turn": i,
                "order": i,
                "start_char": i * 10,
                "end_char": i * 10 + 9,
                "text": f"words {t} {i}",
                "question": "Well?",
            }
            for t in ("A1", "B1")
            for i in range(3)
        ]
    ),
    source="s",
)
PROPOSAL_TABLE = PROPOSALS.check(
    pd.DataFrame(
        [
            {"segment": "B1:0-9", "code": "wages", "probability": 0.9, "threshold": 0.5, "model": "m1"},
            {"segment": "A1:10-19", "code": "hours", "probability": 0.4, "threshold": 0.3, "model": "m1"},
            {"segment": "A1:10-19", "code": "wages", "probability": 0.8, "threshold": 0.5, "model": "m1"},
            {"segment": "A1:0-9", "code": "wages", "probability": 0.2, "threshold": 0.5, "model": "m1"},
        ]
    ),
    source="p",
)


def _events(taken):
    """Return what a sheet that was taken in says, as events."""
    given = [
        Decision(**{name: getattr(row, name) for name in DECISIONS.names} | {"verdict": Verdict(row.verdict)})
        for row in rows_of(taken.decisions)
    ]
    return [*map(event_of_decision, given), *taken.read]


def _judged(taken):
    return judgements_of(_events(taken), SEGMENT_TABLE, BOOK)


def _codings(taken):
    return marked_codings(_events(taken), _judged(taken), SEGMENT_TABLE)


def _held(taken, *, transcript="A1"):
    """Return the value of every segment of a transcript, by sub-theme."""
    rows = _judged(taken).frame
    own = rows[rows["segment"].str.startswith(transcript) & (rows["code"] != "t")]
    return {(r.segment, r.code): r.value for r in own.itertuples()}


def _sheet(taken=None):
    judged = judgements_of([], SEGMENT_TABLE, BOOK) if taken is None else _judged(taken)
    return proposal_sheet(PROPOSAL_TABLE, SEGMENT_TABLE, judged, codebook=BOOK, study_id="S", coder="anna")


def _take(sheet, **kwargs):
    arguments = {"codebook": BOOK, "study_id": "S", "coder": "anna", "source": "d.csv", "at_us": 7, "batch": "b1"}
    return decisions_of_proposals(sheet, SEGMENT_TABLE, **{**arguments, **kwargs})


def test_proposals_come_in_reading_order_with_context_and_nothing_ticked():
    sheet = _sheet()
    assert list(zip(sheet["segment"], sheet["code"], strict=True)) == [
        ("A1:10-19", "wages"),
        ("A1:10-19", "hours"),
        ("B1:0-9", "wages"),
    ]
    assert list(sheet["before"]) == ["words A1 0", "words A1 0", ""]
    assert list(sheet["after"]) == ["words A1 2", "words A1 2", "words B1 1"]
    assert set(sheet["decision"]) == {""}


def test_what_is_decided_does_not_come_again():
    taken = _take(_sheet().assign(decision=["accept", "", "reject"]))
    assert taken.undecided == 1
    again = _sheet(taken)
    assert list(again["code"]) == ["hours"]


def test_every_kind_of_decision_is_understood():
    taken = _take(_sheet().assign(decision=["other", "Counter-Example", "unsure"], other_code=["hours", "", ""]))
    verdicts = list(zip(taken.decisions["code"], taken.decisions["verdict"], strict=True))
    assert verdicts == [
        ("wages", "reject"),
        ("hours", "add"),
        ("hours", "counter-example"),
        ("wages", "unsure"),
    ]
    codings = _codings(taken)
    assert set(codings["origin"]) == {"assisted"}
    assert json.loads(taken.decisions["shown"].iloc[0])["model"] == "m1"


def test_the_same_sheet_gives_the_same_decisions():
    sheet = _sheet().assign(decision="accept")
    assert list(_take(sheet).decisions["uid"]) == list(_take(sheet, at_us=99).decisions["uid"])
    assert len(set(_take(sheet).decisions["uid"])) == 3


def test_every_bad_row_is_reported_at_once():
    sheet = _sheet().assign(decision=["acept", "other", "accept"], code=["wages", "hours", "wagse"])
    with pytest.raises(InputError) as caught:
        _take(sheet)
    text = str(caught.value)
    assert "d.csv, row 2: the decision cannot be read" in text
    assert "Did you mean 'accept'?" in text
    assert "d.csv, row 3: no other code" in text
    assert "d.csv, row 4: unknown code 'wagse'" in text
    with pytest.raises(InputError, match=r"d\.csv, row 3: another code without a decision"):
        _take(_sheet().assign(decision=["accept", "", ""], other_code=["", "hours", ""]))


def test_a_sheet_of_another_study_is_refused():
    with pytest.raises(InputError, match=r"d\.csv, row 2: the row belongs to another study"):
        _take(_sheet().assign(decision="accept"), study_id="Z")
    with pytest.raises(InputError, match="unknown segment 'A1:1-2'"):
        _take(_sheet().assign(segment="A1:1-2"))


def test_a_sheet_without_its_columns_is_refused():
    with pytest.raises(InputError, match="column 'study' is missing"):
        _take(_sheet().drop(columns="study"))


def test_a_transcript_that_was_not_begun_is_not_read():
    """A sheet that comes back half done makes nothing absent in the transcripts that its coder never reached."""
    sheet = blind_sheet(SEGMENT_TABLE, study_id="S", transcripts=["A1", "B1"])
    given = {"codebook": BOOK, "study_id": "S", "coder": "anna", "source": "d.csv", "at_us": 7, "batch": "b"}
    begun = sheet.assign(codes=["", "none", "", "", "", ""])
    taken = decisions_of_blind(begun, SEGMENT_TABLE, **given)
    assert (taken.transcripts, taken.undecided) == (("A1",), 3)
    assert decisions_of_blind(sheet, SEGMENT_TABLE, **given).transcripts == ()
    assert decisions_of_blind(begun.iloc[1:], SEGMENT_TABLE, **given).transcripts == ()
    audit = decisions_of_blind(begun.assign(order="audit"), SEGMENT_TABLE, **given)
    assert audit.transcripts == ()
    assert _held(audit) == {("A1:10-19", "wages"): "absent", ("A1:10-19", "hours"): "absent"}


def test_blind_sheet_has_no_suggestion_and_gives_blind_codings():
    sheet = blind_sheet(SEGMENT_TABLE, study_id="S", transcripts=["A1"])
    assert set(sheet.columns).isdisjoint({"code", "probability", "model"})
    filled = sheet.assign(codes=["wages; hours", "", ""], counter_codes=["", "wages", ""])
    taken = decisions_of_blind(
        filled, SEGMENT_TABLE, codebook=BOOK, study_id="S", coder="anna", source="d.csv", at_us=7, batch="b"
    )
    assert (taken.transcripts, taken.undecided) == (("A1",), 0)
    codings = _codings(taken)
    assert set(codings["origin"]) == {"blind"}
    assert list(codings["direction"]) == ["supports", "supports", "counters"]
    assert _held(taken) == {
        ("A1:0-9", "wages"): "present",
        ("A1:0-9", "hours"): "present",
        ("A1:10-19", "wages"): "counter",
        ("A1:10-19", "hours"): "absent",
        ("A1:20-29", "wages"): "absent",
        ("A1:20-29", "hours"): "absent",
    }
    with pytest.raises(InputError, match=r"d\.csv, row 2: unknown code 'pay'"):
        decisions_of_blind(
            filled.assign(codes="pay"),
            SEGMENT_TABLE,
            codebook=BOOK,
            study_id="S",
            coder="a",
            source="d.csv",
            at_us=7,
            batch="b",
        )
