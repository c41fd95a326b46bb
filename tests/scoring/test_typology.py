"""Korczynski's three variations."""

from fractions import Fraction

import pandas as pd
import pytest

from subtheme.errors import InputError
from subtheme.scoring import TypologyRule, score, typology


def test_no_organisation_of_the_published_table_is_a_cob_in_the_absolute_form(published, people, coded_like, cob):
    sizes = {"MHO1": 4, "CO1": 4, "PDO1": 4, "HO1": 4}
    table = score(coded_like(published, sizes, "whole"), people(**sizes), cob)

    assert [c.variation for c in typology(table).cases] == ["some"] * 4
    loose = typology(table, rule=TypologyRule(all_from="4/5"))
    assert {c.total.id: c.variation for c in loose.cases} == {
        "MHO1": "all",
        "CO1": "all",
        "PDO1": "some",
        "HO1": "all",
    }
    assert loose.as_dict()["rule"] == (
        "all: at least 4/5 of the sub-themes present; none: not one present; some: anything between"
    )


def test_all_and_none_are_exact_by_default():
    rule = TypologyRule()

    assert [rule.variation(k, 15) for k in (0, 1, 14, 15)] == ["none", "some", "some", "all"]
    assert rule.variation(0, 0) is None


def test_shares_are_compared_as_fractions():
    assert TypologyRule(all_from="0.9").variation(9, 10) == "all"
    assert TypologyRule(none_up_to=Fraction(1, 3)).variation(1, 3) == "none"


def test_open_cells_leave_the_variation_open(small, people, coded):
    nobody = pd.DataFrame({"participant": pd.Series([], dtype="str")})
    table = score(coded("A-1 wages"), people(A=1, B=1), small, readings=nobody)

    a, b = typology(table).cases

    assert (a.variation, a.possible) == (None, ("some", "all"))
    assert (b.variation, b.possible) == (None, ("none", "some", "all"))
    assert a.as_dict()["wording"].startswith("not settled")


@pytest.mark.parametrize(("low", "high"), [(1, 1), ("0.5", "0.4"), (-1, 1), (0, 2), ("a", 1)])
def test_thresholds_without_room_are_refused(low, high):
    with pytest.raises(InputError, match=r"typology thresholds none_up_to = .*; expected 0 <= none_up_to < all_from"):
        TypologyRule(none_up_to=low, all_from=high)
