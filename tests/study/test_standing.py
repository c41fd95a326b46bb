"""What ``subtheme status`` says of cells and of what remains."""

import pytest

from subtheme.study.standing import looks_in_words, standing_text


def facts(*, looks, chance, enough):
    cell = {
        "case": "A",
        "sub_theme": "wages",
        "state": "open",
        "participants_describing": 1,
        "participants": 5,
        "chance": chance,
        "expected_looks": looks,
    }
    group = {"cells": 1, "settled": 0, "open": 1}
    return {
        "open": 1,
        "risk": 0.5,
        "to_be_read": int(looks is None),
        "expected_wrong_cells": chance,
        "expected_looks": looks,
        "expected_looks_range": [int(looks or 0), int(looks or 0) + 4],
        "enough": enough,
        "by_case": [{"id": "A", **group}],
        "by_sub_theme": [{"id": "wages", **group}],
        "cells": [cell],
        "notes": [],
    }


@pytest.mark.parametrize(
    ("looks", "chance", "words"),
    [
        (12.4, 0.6, "open 1/5, 12 looks"),
        (0.9, 0.6, "open 1/5, 1 look"),
        (0.2, 0.31, "open 1/5, chance 31 %"),
        (0.0, 0.001, "open 1/5, chance under 1 %"),
        (None, 0.6, "open 1/5, to be read"),
    ],
)
def test_an_open_cell_says_what_it_takes(looks, chance, words):
    assert words in standing_text(facts(looks=looks, chance=chance, enough=False))


def test_what_remains_is_a_range_until_it_is_enough():
    going_on = standing_text(facts(looks=12.0, chance=0.6, enough=False))
    done = standing_text(facts(looks=0.0, chance=0.02, enough=True))

    assert "until that is within the bound of 0.5, 12 to 16 looks more" in going_on
    assert "add up to 12" in going_on
    assert "chance" not in going_on
    assert "enough." in done
    assert "Where a chance of a majority stands, no look is expected to be spent" in done
    assert "more" not in done


def test_what_no_question_settles_is_said_to_be_left_to_reading():
    nothing = {"expected_looks": 0.0, "expected_looks_range": [0, 0]}
    unscored = standing_text(facts(looks=None, chance=0.6, enough=False) | nothing)

    assert "over the bound of 0.5, and no question would bring it there: only reading does" in unscored
    assert "Nothing is proposed for 1 of the open cells: they are settled by reading alone" in unscored


def test_a_range_of_one_number_is_that_number():
    assert [looks_in_words(1, 1), looks_in_words(3, 3), looks_in_words(3, 9)] == ["1 look", "3 looks", "3 to 9 looks"]
