"""Offsets as other programs count them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtheme.errors import InputError
from subtheme.exchange.offsets import ALL_OFFSETS, ByteOrderMark, End, LineEnds, Offsets, StoredText, Unit

stored_texts = st.lists(st.sampled_from(["a", "é", "’", "😀", "e\u0301", " ", "\n", "\r\n", "\r"]), max_size=12).map(
    "".join
)


def canonical(stored):
    return stored.replace("\r\n", "\n").replace("\r", "\n")


def foreign_length(stored, offsets, *, has_bom):
    """Return the length of the foreign text, by brute force."""
    text = stored if offsets.line_ends is LineEnds.AS_STORED else canonical(stored)
    if has_bom and offsets.bom is ByteOrderMark.COUNTED:
        text = "\ufeff" + text
    encoding = {Unit.CODE_POINT: "utf-32-le", Unit.UTF_16: "utf-16-le", Unit.UTF_8: "utf-8"}[offsets.unit]
    size = {Unit.CODE_POINT: 4, Unit.UTF_16: 2, Unit.UTF_8: 1}[offsets.unit]
    return sum(len(p.encode(encoding)) // size for p in text)


@given(stored=stored_texts, has_bom=st.booleans(), offsets=st.sampled_from(ALL_OFFSETS), data=st.data())
def test_every_way_to_count_comes_back_to_the_same_words(stored, has_bom, offsets, data):
    text = canonical(stored)
    known = StoredText(stored, text, has_bom=has_bom)
    if not text:
        assert known.place(0, 0, offsets) is None
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first, last = known.offset(start, offsets), known.offset(end, offsets)
    if offsets.end is End.INCLUSIVE:
        last -= 1
    placed = known.place(first, last, offsets)
    assert (placed.start_char, placed.end_char, placed.is_exact) == (start, end, True)


@given(stored=stored_texts, has_bom=st.booleans(), offsets=st.sampled_from(ALL_OFFSETS))
def test_boundaries_are_those_of_the_foreign_text(stored, has_bom, offsets):
    known = StoredText(stored, canonical(stored), has_bom=has_bom)
    assert int(known.boundaries(offsets)[-1]) == foreign_length(stored, offsets, has_bom=has_bom)
    assert len(known.boundaries(offsets)) == len(canonical(stored)) + 1


def test_an_offset_inside_a_character_covers_it():
    known = StoredText("a😀b\r\nc", "a😀b\nc", has_bom=False)
    utf_16 = Offsets(unit=Unit.UTF_16)
    placed = known.place(2, 4, utf_16)
    assert (placed.start_char, placed.end_char, placed.is_exact) == (1, 3, False)
    placed = known.place(0, 5, utf_16)
    assert (placed.start_char, placed.end_char, placed.is_exact) == (0, 4, False)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (2, 1), (0, 7), (10**11, 10**11 + 1)])
def test_a_span_that_is_none_has_no_place(start, end):
    assert StoredText("abcdef", "abcdef", has_bom=False).place(start, end, Offsets()) is None


def test_ways_to_count_are_read_and_written():
    assert Offsets.parse("") == Offsets()
    found = Offsets.parse("unit=utf-16, line-ends=as-one,bom=counted,end=inclusive")
    assert found.as_dict() == {"unit": "utf-16", "line_ends": "as-one", "bom": "counted", "end": "inclusive"}
    assert Offsets.parse(found.as_text()) == found
    with pytest.raises(InputError) as refused:
        Offsets.parse("units=utf-16,unit=utf16,end=")
    text = str(refused.value)
    assert "unknown key 'units'; expected one of unit, line_ends, bom, end" in text
    assert "'utf16' is not a value of unit" in text
    assert "Did you mean 'utf-16'?" in text
    assert "'' is not a value of end" in text


def test_the_standard_reading_comes_first():
    assert ALL_OFFSETS[0] == Offsets()
    assert len(set(ALL_OFFSETS)) == 24
