"""An adjudicated answer wins in the score as long as it stands; the log and the coders' own codings stay as they are."""

import json

import pandas as pd
import pytest

from subtheme.codings import Adjudicated, codings_of_decisions, standing_decisions
from subtheme.nouns import CODINGS, DECISIONS, PARTICIPANTS, SEGMENTS, Codebook
from subtheme.scoring import score

BOOK = Codebook.from_toml(
    'format = "subtheme-codebook/1"\n[[code]]\nid = "time"\nname = "Time"\n[[code.code]]\nid = "hours"\nname = "Hours"\n'
    '[[code.code.code]]\nid = "late"\nname = "Late"\n[[code.code]]\nid = "wages"\nname = "Wages"\n',
    where="book",
)
SEGMENT_TABLE = SEGMENTS.check(
    pd.DataFrame(
        {
            "segment": ["T:0-5", "T:5-10"],
            "transcript": "T",
            "participant": "P",
            "turn": [0, 1],
            "order": [0, 1],
            "start_char": [0, 5],
            "end_char": [5, 10],
            "text": ["hello", "there"],
        }
    ),
    source="segments",
)
PEOPLE = PARTICIPANTS.check(pd.DataFrame([{"participant": "P", "case": "A"}]), source="people")


def log(*events):
    rows = [
        {"uid": str(n), "segment": "T:0-5", **e, "shown": json.dumps({"arm": e.get("arm", "blind")})}
        for n, e in enumerate(events)
    ]
    return DECISIONS.check(pd.DataFrame(rows, columns=list(DECISIONS.names)), source="log")


def coded(*rows):
    names = ("code", "start_char", "end_char", "coder")
    return CODINGS.check(
        pd.DataFrame([{"participant": "P", "transcript": "T", **dict(zip(names, r, strict=True))} for r in rows]),
        source="c",
    )


def present(decisions, manual=None):
    """Return the rows of the table that are present."""
    codings = codings_of_decisions(decisions, SEGMENT_TABLE)
    if manual is not None:
        codings = CODINGS.check(pd.concat([manual, codings], ignore_index=True), source="c")
    overruled = Adjudicated.of(decisions, BOOK, level="sub-theme").overruled_codings(codings, SEGMENT_TABLE)
    table = score(codings[~overruled], PEOPLE, BOOK, level="sub-theme")
    return {c.sub_theme for c in table.cells if c.state.value == "present"}


ANN = {"coder": "ann", "code": "hours", "verdict": "accept"}
JUDGE = {"coder": "judge", "code": "hours", "arm": "adjudication"}


@pytest.mark.parametrize("arm", ["adjudication", "settled"])
@pytest.mark.parametrize("verdict", ["reject", "counter-example"])
def test_what_is_denied_does_not_score_whoever_gave_it_and_whenever(arm, verdict):
    no = {**JUDGE, "verdict": verdict, "arm": arm}
    assert present(log(ANN)) == {"hours"}
    assert present(log(ANN, no)) == set()
    assert present(log(no, ANN)) == set()


def test_what_is_given_or_left_unsure_takes_nothing_away():
    assert present(log(ANN, {**JUDGE, "verdict": "add"})) == {"hours"}
    assert present(log(ANN, {**JUDGE, "verdict": "unsure"})) == {"hours"}
    assert present(log({**ANN, "verdict": "reject"}, {**JUDGE, "verdict": "add"})) == {"hours"}


def test_another_coders_rejection_is_no_adjudication():
    assert present(log(ANN, {"coder": "ben", "code": "hours", "verdict": "reject", "arm": "assisted"})) == {"hours"}


def test_the_last_adjudicated_answer_counts_and_one_taken_back_does_not():
    no, yes = {**JUDGE, "verdict": "reject"}, {**JUDGE, "coder": "other", "verdict": "accept"}
    assert present(log(ANN, no, yes)) == {"hours"}
    assert present(log({**ANN, "coder": "ann"}, {**yes, "verdict": "unsure"}, no)) == set()
    assert present(log(ANN, no, {**JUDGE, "verdict": "retract", "reply_to": "1"})) == {"hours"}


def test_codes_below_the_row_go_with_it_and_other_rows_stay():
    no = {**JUDGE, "verdict": "reject"}
    assert present(log({**ANN, "code": "late"}, no)) == set()
    assert present(log(ANN, {**ANN, "code": "wages"}, no)) == {"wages"}


def test_a_coding_on_further_segments_stands_for_those():
    no = log({**JUDGE, "verdict": "reject"})
    assert present(no, coded(("hours", 0, 5, "ann"))) == set()
    assert present(no, coded(("hours", 0, 10, "ann"))) == {"hours"}
    assert present(no, coded(("hours", -1, -1, "ann"))) == {"hours"}


def test_decisions_that_are_overruled_are_told_apart():
    decisions = standing_decisions(log(ANN, {**ANN, "code": "wages"}, {**JUDGE, "verdict": "reject"}))
    overruled = Adjudicated.of(decisions, BOOK, level="sub-theme").overruled_decisions(decisions)
    assert overruled.tolist() == [True, False, False]
