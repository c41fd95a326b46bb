"""What review is likely to find."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtheme.errors import InputError
from subtheme.scoring import cell_chances, expected_table, number_present, score

ROWS = ("wages", "travel", "unnamed")


def everyone(people, probability):
    return pd.DataFrame(
        [{"participant": p, "sub_theme": r, "probability": probability} for p in people["participant"] for r in ROWS]
    )


@pytest.fixture
def unread(small, people, coded):
    """Return a table of five participants of whom only A-1 has been read."""
    who = people(A=5)
    readings = pd.DataFrame({"participant": ["A-1"]})
    return score(coded("A-1 wages"), who, small, readings=readings), who


@given(st.lists(st.floats(0, 1), max_size=6))
def test_the_number_present_is_that_of_every_possible_outcome(chances):
    expected = np.zeros(len(chances) + 1)
    for outcome in product([0, 1], repeat=len(chances)):
        expected[sum(outcome)] += np.prod([c if o else 1 - c for c, o in zip(chances, outcome, strict=True)])

    assert number_present(np.array(chances)) == pytest.approx(expected)


def test_confirmed_participants_are_certain_and_read_ones_absent(unread):
    table, who = unread
    read = frozenset(("A-1", r) for r in ROWS)

    chances = cell_chances(table.presence, everyone(who, 0.5), read=read).set_index("sub_theme")["probability"]

    # wages: two more of four are needed; travel: three of four
    assert chances["wages"] == pytest.approx(11 / 16)
    assert chances["travel"] == pytest.approx(5 / 16)


def test_expected_totals_and_their_intervals(unread):
    table, who = unread
    chances = cell_chances(table.presence, everyone(who, 0.5), read=frozenset(("A-1", r) for r in ROWS))

    expected = expected_table(table, chances)

    assert expected.overall.mean == pytest.approx(11 / 16 + 2 * 5 / 16)
    assert (expected.overall.low, expected.overall.high) == (0, 3)
    assert expected.overall.of == 3
    assert expected.probability("A", "travel") == pytest.approx(5 / 16)
    assert [t.mean for t in expected.themes] == pytest.approx([1.0, 5 / 16])
    assert expected.as_dict()["heading"].startswith("EXPECTATION, NOT A RESULT")


def test_outlooks_that_differ_make_the_interval_wider_and_leave_the_mean(unread):
    table, who = unread
    chances = cell_chances(table.presence, everyone(who, 0.5), read=frozenset(("A-1", r) for r in ROWS))
    places = chances[["case", "sub_theme"]].assign(case=chances["case"])
    alike = pd.concat([places, pd.DataFrame({0: [0.5] * 3, 1: [0.5] * 3})], axis=1)
    apart = pd.concat([places, pd.DataFrame({0: [0.02] * 3, 1: [0.98] * 3})], axis=1)

    narrow, wide = (expected_table(table, chances, draws=draws, level=0.5).overall for draws in (alike, apart))

    assert narrow.mean == wide.mean == pytest.approx(1.5)
    assert (narrow.low, narrow.high) == (1, 2)
    assert (wide.low, wide.high) == (0, 3)


def test_settled_cells_are_certain_whatever_was_expected(small, people, coded):
    table = score(coded("A-1 wages"), people(A=1), small)

    expected = expected_table(table, pd.DataFrame({"case": [], "sub_theme": [], "probability": []}))

    assert (expected.overall.mean, expected.overall.low, expected.overall.high) == (1.0, 1, 1)


@given(st.lists(st.floats(0.01, 0.99), min_size=3, max_size=3), st.floats(0.5, 0.99))
def test_intervals_hold_what_they_promise(chances, level):
    numbers = number_present(np.array(chances))
    from subtheme.scoring.expectation import _expected

    total = _expected("x", np.array([chances]), level)

    assert numbers[total.low : total.high + 1].sum() >= level - 1e-9
    assert total.low <= total.mean + 1
    assert total.high >= total.mean - 1


def test_a_missing_probability_is_refused_by_name(unread):
    table, who = unread

    with pytest.raises(InputError, match=r"no probability in \[0, 1\] for 'A-2' and 'travel'"):
        cell_chances(table.presence, everyone(who, 0.5).query("sub_theme != 'travel'"))
    with pytest.raises(InputError, match=r"no probability in \[0, 1\] for 'A' and 'wages'"):
        expected_table(table, pd.DataFrame({"case": ["A"], "sub_theme": ["wages"], "chance": [1.5]}))


def test_an_interval_level_that_is_none_is_refused(unread):
    with pytest.raises(InputError, match="an interval level of 90; expected a number between 0 and 1"):
        expected_table(unread[0], pd.DataFrame(), level=90)
