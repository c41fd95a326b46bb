"""When it is enough."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtheme.errors import InputError
from subtheme.proposals.stopping import StopRule, cell_state, trails


def test_the_default_stops_at_the_first_confirmed_segment():
    assert StopRule().leaves_alone(described=True, fruitless=0)
    assert not StopRule().leaves_alone(described=False, fruitless=1000)
    assert not StopRule(first_confirmed=False).leaves_alone(described=True, fruitless=0)


def test_a_number_of_looks_stops_at_that_number():
    rule = StopRule(looks=3)

    assert not rule.leaves_alone(described=False, fruitless=2)
    assert rule.leaves_alone(described=False, fruitless=3)


def test_risk_is_a_bound_on_expected_wrong_cells():
    assert not StopRule().is_enough(0.0)
    assert StopRule(risk=0.5).is_enough(0.5)
    assert not StopRule(risk=0.5).is_enough(0.51)


def test_rules_that_stop_nothing_are_refused_together():
    with pytest.raises(InputError) as caught:
        StopRule(looks=0, risk=-1)

    assert "0 looks per participant; expected at least 1, or none" in str(caught.value)
    assert "a risk of -1 cells; expected 0 or more expected wrong cells" in str(caught.value)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.lists(st.booleans(), max_size=12))
def test_a_settled_cell_stays_whatever_the_undecided_say(describing, absent, undecided, answers):
    participants = describing + absent + undecided
    state = cell_state(describing, undecided, participants)

    answers = answers[:undecided]
    later = cell_state(describing + sum(answers), undecided - len(answers), participants)

    assert state == "open" or later == state


def test_an_absence_keeps_its_looks_in_order():
    decided = pd.DataFrame(
        {
            "participant": ["A-1", "A-1", "A-2"],
            "sub_theme": ["wages"] * 3,
            "segment": ["T1:40-50", "T1:0-9", "T2:0-9"],
            "verdict": ["reject", "unsure", "accept"],
        }
    )
    pairs = pd.DataFrame(
        {
            "participant": ["A-1", "A-2", "A-3"],
            "case": "A",
            "sub_theme": "wages",
            "describes": [False, True, False],
            "ruled_out": False,
            "looks": [2, 1, 0],
            "left": [4, 0, 6],
            "highest_left": [0.2, float("nan"), 0.4],
            "chance": [0.1, 1.0, 0.3],
        }
    )

    trail = trails(decided, pairs)

    assert trail["participant"].tolist() == ["A-1", "A-3"]
    assert trail["segments"].tolist() == ["T1:40-50 T1:0-9", ""]
    assert trail["missed"].tolist() == [0.1, 0.3]
