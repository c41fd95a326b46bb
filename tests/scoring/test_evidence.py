"""What stands behind a cell."""

import numpy as np
import pandas as pd
import pytest

from subtheme.errors import InputError
from subtheme.nouns import CODINGS
from subtheme.scoring import audit_bound, cell_evidence, counter_examples, score


@pytest.fixture
def table(small, people, coded):
    return score(coded("A-1 wages", "A-2 wages", "A-2 pay-freeze", "A-3 wages counters"), people(A=5), small)


def test_who_and_what_could_flip_a_cell(table):
    read = frozenset({("A-1", "wages"), ("A-2", "wages"), ("A-3", "wages")})
    candidates = pd.DataFrame(
        {
            "participant": ["A-4", "A-1", "A-5", "A-4"],
            "sub_theme": ["wages", "wages", "wages", "travel"],
            "segment": ["T4:0-9", "T1:0-9", "T5:0-9", "T4:0-9"],
            "probability": [0.3, 0.9, 0.6, 0.8],
        }
    )

    behind = cell_evidence(table, "A", "wages", read=read, candidates=candidates)

    assert behind.could_add == ("A-4", "A-5")
    assert behind.rests_on_one == ("A-1",)
    assert behind.segments["segment"].tolist() == ["T5:0-9", "T4:0-9"]
    assert (behind.looked_at, behind.highest_left, behind.missed) == (None, None, None)
    assert behind.as_dict()["segments"][0]["probability"] == 0.6


def test_what_was_looked_at_for_an_absence(table):
    trail = pd.DataFrame(
        {
            "participant": ["A-3", "A-4", "A-5", "A-1"],
            "sub_theme": ["wages"] * 4,
            "looks": [3, 5, 2, 9],
            "highest_left": [0.1, np.nan, 0.2, 0.9],
            "missed": [0.5, 0.0, 0.5, 1.0],
        }
    )

    behind = cell_evidence(table, "A", "wages", trail=trail)

    assert behind.looked_at == 10
    assert behind.highest_left == 0.2
    assert behind.missed == pytest.approx(0.75)


def test_a_chance_is_not_zero_where_nothing_tells_it(table):
    nothing = pd.DataFrame({"participant": [], "sub_theme": [], "looks": [], "highest_left": [], "missed": []})
    read = frozenset({("A-1", "travel"), ("A-2", "travel")})

    unscored = cell_evidence(table, "A", "travel", read=read, trail=nothing)
    whole = cell_evidence(table, "A", "travel", read=read | {(f"A-{i}", "travel") for i in (3, 4, 5)}, trail=nothing)

    assert unscored.could_add == ("A-3", "A-4", "A-5")
    assert unscored.missed is None
    assert whole.missed == 0


def test_an_unknown_cell_is_refused(table):
    with pytest.raises(InputError, match="no row 'wage' in the table"):
        cell_evidence(table, "A", "wage")


def test_counter_examples_stand_beside_their_cell(small, table, coded):
    codings = CODINGS.check(coded("A-3 pay-freeze counters", "A-1 wages", "A-2 terms counters"), source="codings")

    listed = counter_examples(codings, table, small)

    assert listed[["case", "sub_theme", "participant", "code"]].to_numpy().tolist() == [
        ["A", "wages", "A-3", "pay-freeze"]
    ]


def test_an_audit_bounds_what_was_missed():
    nothing_found = audit_bound(drawn=300, found=0, left=3000)
    everything_read = audit_bound(drawn=50, found=2, left=50)

    # the rule of three says about 3 in 300, that is 30 of 3,000
    assert 25 <= nothing_found.at_most <= 30
    assert everything_read.at_most == 2


def test_audit_bound_is_the_last_number_that_the_draw_does_not_refute():
    from scipy.stats import hypergeom

    bound = audit_bound(drawn=20, found=1, left=80, confidence=0.9).at_most

    assert hypergeom.cdf(1, 80, bound, 20) > 0.1
    assert hypergeom.cdf(1, 80, bound + 1, 20) <= 0.1


def test_an_audit_that_does_not_add_up_is_refused():
    with pytest.raises(InputError, match=r"an audit of 10 drawn, 11 found, 100 left at confidence 0\.95"):
        audit_bound(drawn=10, found=11, left=100)
