"""Workers against managers."""

import pytest

from subtheme.errors import InputError
from subtheme.scoring import by_level, score


def test_groups_are_counted_within_themselves(small, people, coded):
    who = people(A=5).assign(
        level=["front-line-worker", "front-line-worker", "front-line-manager", "senior-manager", "volunteer"]
    )
    table = score(coded("A-1 wages", "A-2 wages", "A-3 wages", "A-4 travel", "A-3 travel"), who, small)

    levels = by_level(table)

    rows = levels.frame.set_index(["sub_theme", "group"])
    assert rows.loc[("wages", "front-line workers"), "participants_describing"] == 2
    assert rows.loc[("wages", "managers"), ["participants_describing", "participants"]].tolist() == [1, 2]
    assert not rows.loc[("wages", "managers"), "present"]
    assert set(levels.disagreements["sub_theme"] + " " + levels.disagreements["group"]) == {
        "wages managers",
        "travel managers",
    }
    assert levels.notes == ("in no group: A-5",)


def test_a_group_is_compared_once_reading_can_no_longer_change_it(small, people, coded):
    who = people(A=5).assign(level=["front-line-worker"] * 3 + ["senior-manager"] * 2)
    table = score(coded("A-1 wages", "A-2 wages", "A-3 wages"), who, small)
    read = frozenset({("A-1", "wages"), ("A-2", "wages"), ("A-3", "wages"), ("A-4", "wages")})

    partly = by_level(table, read=read)
    whole = by_level(table, read=read | {("A-5", "wages")})

    managers = partly.frame.set_index(["sub_theme", "group"]).loc[("wages", "managers")]
    assert (managers["unread"], managers["state"]) == (1, "absent")  # one of two is no majority
    assert partly.disagreements["group"].tolist() == ["managers"]
    nobody = by_level(table, read=frozenset())
    assert nobody.frame.set_index(["sub_theme", "group"]).loc[("wages", "managers"), "state"] == "open"
    assert nobody.disagreements.empty
    assert len(whole.disagreements) == 1


def test_an_empty_group_has_no_answer(small, people, coded):
    who = people(A=2).assign(level="front-line-worker")

    rows = by_level(score(coded(), who, small)).as_dict()["rows"]

    managers = next(r for r in rows if r["group"] == "managers")
    assert (managers["present"], managers["differs"], managers["percent"]) == (None, None, None)


def test_a_level_in_two_groups_is_refused(small, people, coded):
    table = score(coded(), people(A=1), small)

    with pytest.raises(InputError, match="level 'x' stands in the groups 'one' and 'two'; expected every level in one"):
        by_level(table, groups={"one": ["x"], "two": ["x", "y"]})
