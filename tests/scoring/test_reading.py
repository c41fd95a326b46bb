"""What has been read."""

import pandas as pd
import pytest

from subtheme.errors import InputError
from subtheme.scoring.reading import read_pairs

ROWS = ("wages", "travel", "unnamed")


def test_a_participant_is_read_when_all_transcripts_are(small, people):
    speaks = pd.DataFrame({"participant": ["A-1", "A-1", "A-2", "A-2"], "transcript": ["T1", "T2", "T2", "T2"]})
    readings = pd.DataFrame({"coder": ["anna", "ben"], "transcript": ["T2", "T2"]})

    assert read_pairs(readings, people(A=3), small, ROWS, transcripts=speaks) == {("A-2", r) for r in ROWS}


def test_a_reading_for_a_code_settles_what_lies_below_it(small, people):
    readings = pd.DataFrame({"participant": ["A-1", "A-2", "A-3"], "code": ["terms", "travel", "pay-freeze"]})

    pairs = read_pairs(readings, people(A=3), small, ROWS)

    assert pairs == {("A-1", "wages"), ("A-1", "travel"), ("A-2", "travel")}


def test_an_empty_code_means_every_code(small, people):
    readings = pd.DataFrame({"participant": ["A-1", "A-1"], "code": ["", None]})

    assert read_pairs(readings, people(A=1), small, ROWS) == {("A-1", r) for r in ROWS}


def test_transcripts_without_their_speakers_are_refused(small, people):
    readings = pd.DataFrame({"coder": ["anna"], "transcript": ["T1"]})

    with pytest.raises(InputError, match="the readings do not say whose interview was read"):
        read_pairs(readings, people(A=1), small, ROWS)


def test_unknown_names_are_told_together(small, people):
    readings = pd.DataFrame({"participant": ["A-1", "A-11"], "code": ["wagse", ""]})

    with pytest.raises(InputError) as caught:
        read_pairs(readings, people(A=1), small, ROWS)

    assert "readings, row 2: reading of unknown participant 'A-11'" in str(caught.value)
    assert "Did you mean 'A-1'?" in str(caught.value)
    assert "readings, row 1: unknown code 'wagse'" in str(caught.value)
