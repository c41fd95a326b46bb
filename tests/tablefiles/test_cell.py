"""Cells that would be run as formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtheme.tablefiles.cell import harmless, is_formula, restored


@pytest.mark.parametrize("text", ["=1+1", "+1", "- yes, mornings", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_gets_an_apostrophe(text):
    assert is_formula(text)
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["", "yes", "it's", "'tis", "a=b", " -x", "’pace’ –"])
def test_other_text_stays(text):
    assert not is_formula(text)
    assert harmless(text) == restored(text) == text


@given(st.text(alphabet="'=+-@\t\ra ", max_size=6))
def test_nothing_changes_on_the_way_there_and_back(text):
    assert restored(harmless(text)) == text
    assert not is_formula(harmless(text))
