"""Table contracts: what crosses from stage to stage is checked, and refused with row and remedy."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtheme.errors import InputError, Problem, SubthemeError, suggestion
from subtheme.nouns import CODINGS, PARTICIPANTS, PROPOSALS, TURNS, canonical_text, content_id, rows_of


def test_defaults_are_filled_in_and_rows_sorted():
    table = CODINGS.check(
        pd.DataFrame({"participant": ["P2", "P1"], "code": ["a", "b"], "extra": [1, 2]}), source="C.csv"
    )
    assert list(table.columns) == list(CODINGS.names)
    assert list(table["participant"]) == ["P1", "P2"]
    assert set(table["origin"]) == {"blind"}
    assert set(table["start_char"]) == {-1}


def test_unsorted_check_keeps_the_order_of_the_file():
    frame = pd.DataFrame({"participant": ["P2", "P1"], "code": ["a", "b"]})
    assert list(CODINGS.check(frame, source="C", sort=False)["participant"]) == ["P2", "P1"]


def test_missing_column_names_what_was_found():
    with pytest.raises(InputError) as caught:
        PARTICIPANTS.check(pd.DataFrame({"particpant": ["P1"], "case": ["A"]}), source="P.csv")
    text = str(caught.value)
    assert "P.csv: column 'participant' is missing" in text
    assert "Did you mean 'particpant'?" in text


def test_every_bad_cell_is_named_with_its_row():
    frame = pd.DataFrame(
        {
            "participant": ["P1", "", "P3"],
            "code": ["a", "b", "c"],
            "origin": ["blind", "blind", "guess"],
            "start_char": ["1", "2.5", "x"],
        }
    )
    with pytest.raises(InputError) as caught:
        CODINGS.check(frame, source="C.csv", first_row=2)
    text = str(caught.value)
    assert "C.csv, row 3: column 'participant' has an empty cell" in text
    assert "C.csv, row 4: column 'origin' has a word that is not allowed; expected one of blind, assisted, auto" in text
    assert "C.csv, row 3: column 'start_char' has a value that cannot be read; expected a whole number" in text
    assert len(caught.value.problems) == 4


def test_repeated_key_is_refused_with_its_row():
    frame = pd.DataFrame({"participant": ["P1", "P1"], "case": ["A", "B"]})
    with pytest.raises(InputError, match=r"P\.csv, row 3: the same participant again"):
        PARTICIPANTS.check(frame, source="P.csv", first_row=2)


def test_many_problems_are_cut_with_a_count():
    frame = pd.DataFrame({"participant": [""] * 80, "case": ["A"] * 80})
    with pytest.raises(InputError) as caught:
        PARTICIPANTS.check(frame, source="P.csv")
    assert len(caught.value.problems) == 51
    assert "more problems like these" in str(caught.value)


def test_times_may_be_absent_but_not_nonsense():
    row = {"transcript": "T", "turn": 0, "role": "participant", "start_char": 0, "end_char": 1, "end_s": None}
    table = TURNS.check(pd.DataFrame([{**row, "start_s": ""}]), source="turns")
    assert table["start_s"].isna().all()
    with pytest.raises(InputError, match="'start_s' has a value that cannot be read"):
        TURNS.check(pd.DataFrame([{**row, "start_s": "soon"}]), source="turns")


def test_error_text_holds_no_cell_content():
    secret = "I was off sick with my nerves"
    with pytest.raises(InputError) as caught:
        CODINGS.check(pd.DataFrame({"participant": ["P"], "code": ["c"], "direction": [secret]}), source="C")
    assert secret not in str(caught.value)


def test_empty_table_has_the_right_columns():
    assert list(PROPOSALS.empty().columns) == list(PROPOSALS.names)
    assert len(PROPOSALS.empty()) == 0


@given(
    st.lists(
        st.tuples(st.text(min_size=1).filter(str.strip), st.text(min_size=1).filter(str.strip)),
        unique_by=lambda t: t[0].strip(),
    )
)
def test_checking_twice_changes_nothing(rows):
    frame = pd.DataFrame(rows, columns=["participant", "case"])
    once = PARTICIPANTS.check(frame, source="P")
    pd.testing.assert_frame_equal(PARTICIPANTS.check(once, source="P"), once)
    assert [r.participant for r in rows_of(once)] == list(once["participant"])


@given(st.text())
def test_canonical_text_has_only_lf_and_is_stable(raw):
    try:
        text = canonical_text(raw, where="x")
    except InputError as error:
        assert "at character" in str(error)  # noqa: PT017 - both outcomes are asserted
        return
    assert "\r" not in text
    assert canonical_text(text, where="x").removeprefix("\ufeff") == text.removeprefix("\ufeff")


def test_nul_and_surrogates_are_refused_by_position():
    with pytest.raises(InputError, match="a NUL character at character 2"):
        canonical_text("ab\x00", where="T.txt")
    with pytest.raises(InputError, match="a lone surrogate at character 1"):
        canonical_text("a\ud800", where="T.txt")


def test_ids_of_equal_names_differ_by_kind():
    assert content_id("code", "training") != content_id("coder", "training")
    assert content_id("code", "ab", "c") != content_id("code", "a", "bc")


def test_problem_reads_as_one_line_and_as_dict():
    problem = Problem(what="a row is bad", where="C.csv, row 2", expected="a good one", remedy="Mend it")
    assert str(problem) == "C.csv, row 2: a row is bad; expected a good one. Mend it."
    assert problem.as_dict()["remedy"] == "Mend it"
    assert SubthemeError("plain").problems == (Problem(what="plain"),)
    assert suggestion("traning", ["training", "wages"]) == "Did you mean 'training'?"
    assert suggestion("zzz", ["training"]) == ""
