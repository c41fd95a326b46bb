"""Taking back: what was read by what is taken back counts as unread again, and nothing else does."""

import pandas as pd
import pytest

from subtheme.errors import StudyError
from subtheme.files import take_back_codings, take_back_decisions
from subtheme.nouns import CODINGS, DECISIONS, READINGS


@pytest.fixture
def store(small_study):
    with small_study.store() as opened, opened.writing():
        yield opened


def _answer(store, batch, *, uid="u1", coder="ann", code="wages"):
    segment = store.segments()["segment"].iloc[0]
    row = {"uid": uid, "coder": coder, "segment": segment, "code": code, "verdict": "accept"}
    store.append_decisions(DECISIONS.check(pd.DataFrame([row]), source="test"), batch=batch)


def _read(store, batch, *, transcript="A1", coder="ann"):
    reading = pd.DataFrame([{"coder": coder, "transcript": transcript}])
    return store.add_readings(READINGS.check(reading, source="test"), batch=batch)


def _code(store, batch, *, transcript="A1", coder="ann", start_char=45):
    row = {"participant": transcript, "code": "wages", "coder": coder, "transcript": transcript}
    codings = CODINGS.check(pd.DataFrame([{**row, "start_char": start_char, "end_char": 113}]), source="test")
    return store.add_codings(codings, batch=batch)


def _was_read(store):
    return set(store.readings()[["coder", "transcript"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(("batch", "left"), [("sheet:1", set()), ("", {("ann", "A1")}), ("page:2", {("ann", "A1")})])
def test_a_reading_goes_with_the_answers_that_it_came_with(store, batch, left):
    _answer(store, "sheet:1")
    _read(store, batch)
    gone = take_back_decisions(store, "ann", at_us=1)
    assert (gone.coders, gone.decisions, gone.readings) == (("ann",), 1, 1 - len(left))
    assert _was_read(store) == left


def test_only_the_last_goes_and_only_of_that_coder(store):
    _answer(store, "", uid="u1")
    _answer(store, "", uid="u2", code="hours")
    _answer(store, "", uid="u3", coder="ben")
    assert take_back_decisions(store, "ann", at_us=1).decisions == 1
    assert take_back_decisions(store, "ann", at_us=2).decisions == 1
    with pytest.raises(StudyError, match="no decision of 'ann' to undo"):
        take_back_decisions(store, "ann", at_us=3)
    verdicts = store.decisions()
    assert verdicts.loc[verdicts["verdict"] == "retract", "reply_to"].tolist() == ["u2", "u1"]


def test_the_codings_of_a_file_go_with_their_readings(store):
    _code(store, "one.csv:1")
    _read(store, "one.csv:1")
    _code(store, "two.csv:1", transcript="A2")
    _read(store, "two.csv:1", transcript="A2")
    gone = take_back_codings(store, "one.csv", at_us=1)
    assert (gone.coders, gone.codings, gone.readings) == (("ann",), 1, 1)
    assert (store.coding_batches(), _was_read(store)) == ({"two.csv:1"}, {("ann", "A2")})


def test_a_transcript_with_codings_from_elsewhere_stays_read(store):
    _code(store, "one.csv:1")
    _read(store, "one.csv:1")
    _code(store, "two.csv:1", start_char=46)
    assert take_back_codings(store, "one.csv", at_us=1).readings == 0
    assert _was_read(store) == {("ann", "A1")}


def test_what_was_taken_back_can_come_again_and_go_again(store):
    for at_us in (1, 2, 3):
        assert (_code(store, "one.csv:1"), _read(store, "one.csv:1")) == (1, 1)
        with pytest.raises(StudyError, match="this file is in the study already"):
            _code(store, "one.csv:1")
        assert take_back_codings(store, "one.csv", at_us=at_us).codings == 1
        assert (len(store.codings()), _was_read(store)) == (0, set())


def test_a_file_that_brought_nothing_is_named_with_those_that_did(store):
    _code(store, "one.csv:1")
    with pytest.raises(StudyError, match=r"no codings came with a file called 'onr.csv'.*one of one\.csv.*one\.csv"):
        take_back_codings(store, "onr.csv", at_us=1)
