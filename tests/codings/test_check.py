"""Codings held against the study."""

import pandas as pd
import pytest

from subtheme.codings import checked_codings
from subtheme.errors import InputError
from subtheme.nouns import PARTICIPANTS, Codebook

BOOK = Codebook.from_toml(
    'format = "subtheme-codebook/1"\n[[code]]\nid = "pay"\nname = "Pay"\n[[code.code]]\nid = "wages"\nname = "Wages"',
    where="b",
)
PEOPLE = PARTICIPANTS.check(pd.DataFrame({"participant": ["PDO1-1", "PDO2-5"], "case": ["A", "B"]}), source="P")


def _check(**row):
    frame = pd.DataFrame(
        [{"participant": "PDO1-1", "code": "wages", "transcript": "T", "start_char": 0, "end_char": 4, **row}]
    )
    return checked_codings(frame, codebook=BOOK, participants=PEOPLE, lengths={"T": 10}, source="C.csv")


def test_a_good_row_passes():
    assert len(_check()) == 1
    assert len(_check(transcript="", start_char=-1, end_char=-1)) == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            {"participant": "PDO1-7"},
            "C.csv, row 2: unknown participant 'PDO1-7'; expected a participant of the study. Did you mean 'PDO1-1'?",
        ),
        (
            {"code": "wagse"},
            "C.csv, row 2: unknown code 'wagse'; expected a code of the codebook. Did you mean 'wages'?",
        ),
        ({"transcript": "U"}, "C.csv, row 2: unknown transcript 'U'"),
        ({"end_char": 11}, "the span 0-11 does not lie in transcript 'T'; expected 0 <= start_char < end_char <= 10"),
        ({"end_char": 0}, "the span 0-0 does not lie in transcript 'T'"),
    ],
)
def test_bad_rows_are_named(row, words):
    with pytest.raises(InputError) as caught:
        _check(**row)
    assert words in str(caught.value)


SPEAKING = {"T": [(0, 4, "PDO1-1"), (6, 9, "PDO2-5")], "U": [(0, 4, "PDO2-5")]}


def _among_speakers(**row):
    frame = pd.DataFrame([{"participant": "PDO1-1", "code": "wages", "transcript": "T", **row}])
    lengths = {"T": 10, "U": 10}
    return checked_codings(
        frame, codebook=BOOK, participants=PEOPLE, lengths=lengths, source="C.csv", speaking=SPEAKING, rows=[7]
    )


@pytest.mark.parametrize(
    "row",
    [
        {"start_char": 0, "end_char": 4},
        {"start_char": 3, "end_char": 8},
        {"start_char": 4, "end_char": 6},
        {},
        {"transcript": ""},
    ],
)
def test_who_speaks_there_or_whose_interview_it_is(row):
    assert len(_among_speakers(**row)) == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            {"start_char": 6, "end_char": 9},
            "C.csv, row 7: participant 'PDO1-1' does not speak at 6-9 of 'T'; expected 'PDO2-5'. Correct the participant",
        ),
        (
            {"transcript": "U"},
            "C.csv, row 7: participant 'PDO1-1' does not speak in transcript 'U'; expected 'PDO2-5'.",
        ),
        ({"transcript": "U", "start_char": 5, "end_char": 6}, "does not speak in transcript 'U'"),
    ],
)
def test_a_participant_who_does_not_speak_there_is_refused(row, words):
    with pytest.raises(InputError) as caught:
        _among_speakers(**row)
    assert words in str(caught.value)


def test_many_problems_of_a_kind_are_three_and_the_places_of_the_others():
    frame = pd.DataFrame({"participant": ["X"] * 5, "code": ["wages"] * 4 + ["pya"]})
    with pytest.raises(InputError) as caught:
        checked_codings(frame, codebook=BOOK, participants=PEOPLE, lengths={}, source="C.csv")
    assert [p.where for p in caught.value.problems] == [f"C.csv, row {n}" for n in (2, 3, 4)] + [
        "C.csv",
        "C.csv, row 6",
    ]
    assert "2 more of this kind: participant that the study does not have (row 5, row 6)" in str(caught.value)
