"""Cells that would be run as formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtheme.tablefiles.cell import harmless, is_formula, restored


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "- yes, mornings", "@SUM(A1)", "\t1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠A1"]
)
def test_a_formula_gets_an_apostrophe(text):
    assert is_formula(text)
    assert harmless(text) == "'" + text


@pytest.mark.parametrize("text", ["", "yes", "it's", "'tis", "a=b", " -x", "’pace’ –", "a; -x", "a\n- b", ";'tis"])
def test_other_text_stays(text):
    assert not is_formula(text)
    assert harmless(text) == restored(text) == text


@pytest.mark.parametrize(
    ("text", "guarded"),
    [
        ("a;=1", "a;'=1"),
        ("=1;+2;x", "'=1;'+2;x"),
        ("a\t@b", "a\t'@b"),
        ("a;'=1", "a;''=1"),
        ("a;＝1", "a;'＝1"),
        ("\t=1", "'\t'=1"),
    ],
)
def test_what_begins_a_cell_where_semicolons_or_tabs_part_them(text, guarded):
    assert harmless(text) == guarded
    assert restored(guarded) == text


@given(st.text(alphabet="'=+-@＝＠\t\r\n;a ", max_size=8))
def test_nothing_changes_on_the_way_there_and_back(text):
    there = harmless(text)
    assert restored(there) == text
    assert not is_formula(there)
    assert not any(cell[:1] in set("=+-@＝＠") for part in there.split(";") for cell in part.split("\t"))
