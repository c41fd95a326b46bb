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
PEOPLE = PARTICIPANTS.check(pd.DataFrame({"participant": ["PDO1-1"], "case": ["A"]}), source="P")


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
