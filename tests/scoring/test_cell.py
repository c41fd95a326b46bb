"""Numbers of a cell."""

import pytest

from subtheme.scoring import Total, percent


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(14, 20, 70.0), (10, 12, 83.3), (24, 28, 85.7), (48, 60, 80.0), (13, 15, 86.7), (11, 15, 73.3), (1, 16, 6.3)],
)
def test_percent_is_printed_as_the_study_prints_it(part, whole, expected):
    assert percent(part, whole) == expected


def test_percent_of_nothing_is_not_defined():
    assert percent(0, 0) is None
    assert Total(id="x", name="X", present=0, of=0).as_dict()["percent"] is None
