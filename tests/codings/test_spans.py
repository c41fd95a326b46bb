"""Spans carried to segments by the rule: an overlap of at least half of the shorter."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from subtheme.codings import carry_to_segments
from subtheme.nouns import CODINGS, SEGMENTS


def _segments(*spans, transcript="T"):
    rows = [
        {
            "segment": f"{transcript}:{a}-{b}",
            "transcript": transcript,
            "participant": "P",
            "turn": i,
            "order": i,
            "start_char": a,
            "end_char": b,
            "text": "x",
        }
        for i, (a, b) in enumerate(spans)
    ]
    return SEGMENTS.check(pd.DataFrame(rows), source="segments")


def _codings(*spans, transcript="T"):
    rows = [
        {"participant": "P", "code": "c", "coder": "A", "transcript": transcript, "start_char": a, "end_char": b}
        for a, b in spans
    ]
    return CODINGS.check(pd.DataFrame(rows), source="codings")


def test_a_span_over_two_paragraphs_reaches_both():
    carried = carry_to_segments(_codings((10, 90)), _segments((0, 50), (52, 100)))
    assert list(carried.codes["segment"]) == ["T:0-50", "T:52-100"]


def test_a_short_quote_inside_a_long_segment_belongs_to_it():
    assert len(carry_to_segments(_codings((10, 14)), _segments((0, 400))).codes) == 1


def test_a_neighbour_touched_by_a_few_letters_is_left_alone():
    carried = carry_to_segments(_codings((0, 56)), _segments((0, 50), (50, 100)))
    assert list(carried.codes["segment"]) == ["T:0-50"]


def test_exactly_half_belongs():
    assert len(carry_to_segments(_codings((25, 75)), _segments((0, 50), (50, 100))).codes) == 2


def test_a_span_under_half_of_everything_goes_to_the_largest_overlap():
    carried = carry_to_segments(_codings((40, 140)), _segments((0, 60), (60, 100), (100, 300)))
    assert "T:60-100" in set(carried.codes["segment"])
    carried = carry_to_segments(_codings((30, 130)), _segments((0, 100), (101, 160)))
    assert list(carried.codes["segment"]) == ["T:0-100"]


def test_a_span_on_the_interviewer_is_reported():
    carried = carry_to_segments(_codings((50, 60)), _segments((0, 50), (60, 100)))
    assert carried.codes.empty
    assert len(carried.unplaced) == 1


def test_a_coding_without_a_place_is_reported():
    assert len(carry_to_segments(_codings((-1, -1)), _segments((0, 50))).unplaced) == 1
    assert len(carry_to_segments(_codings((0, 50), transcript="U"), _segments((0, 50))).unplaced) == 1


@given(
    st.lists(st.integers(1, 40), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 120)), max_size=12),
)
def test_every_span_that_meets_a_segment_lands_and_no_other(lengths, spans):
    edges = [0]
    for length in lengths:
        edges.append(edges[-1] + length)
    pairs = list(zip(edges[:-1], edges[1:], strict=True))
    codings = [(a, a + n) for a, n in spans]
    carried = carry_to_segments(_codings(*codings), _segments(*pairs)) if codings else None
    if carried is None:
        return
    meets = [any(min(b, e) > max(a, s) for s, e in pairs) for a, b in sorted(codings)]
    assert len(carried.unplaced) == meets.count(False)
