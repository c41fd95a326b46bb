"""Whether forecasts are held against answers, whatever is asked."""

import numpy as np
import pytest

from subtheme.proposals.coder_error import CoderError
from subtheme.proposals.foresight import SURPRISE, Foresight, forecast_of, foresight, foresight_of


def asked(rng, *, shift, questions=600):
    """Questions of which the likelier ones are asked, answered by people who describe more by `shift`."""
    odds, hit = np.exp(rng.normal(-1.5, 1, questions)), rng.uniform(0.2, 0.9, questions)
    chance = hit * odds * np.exp(shift) / (1 + odds * np.exp(shift))
    wanted = hit * odds / (1 + odds) > 0.1
    said = rng.random(questions) < chance
    return odds[wanted], hit[wanted], np.zeros(wanted.sum()), said[wanted]


def test_forecasts_that_hold_are_no_surprise_although_what_is_asked_is_no_fair_sample():
    found = [foresight(*asked(np.random.default_rng(seed), shift=0.0)).surprise for seed in range(40)]

    assert abs(np.mean(found)) < 0.5
    assert 0.7 < np.std(found) < 1.3


def test_people_who_describe_more_are_noticed_and_the_shift_is_found():
    found = foresight(*asked(np.random.default_rng(1), shift=1.5))

    assert found.is_broken
    assert found.surprise > SURPRISE
    assert found.shift == pytest.approx(1.5, abs=0.4)
    assert found.hits > found.expected


def test_the_shift_goes_upwards_alone():
    found = foresight(*asked(np.random.default_rng(2), shift=-1.5))

    assert found.shift == 0.0
    assert found.surprise < -SURPRISE
    assert not found.is_broken


def test_what_coders_invent_is_expected_of_them():
    rng = np.random.default_rng(3)
    odds, hit = np.full(2000, 0.01), np.full(2000, 0.5)
    said = rng.random(2000) < 0.05 + 0.005

    assert foresight(odds, hit, np.zeros(2000), said).is_broken
    assert not foresight(odds, hit, np.zeros(2000), said, error=CoderError(missed=0.05, invented=0.05)).is_broken


def test_a_forecast_that_is_kept_is_read_again_and_what_is_none_is_passed_over():
    kept = [(forecast_of(odds=3.0, hit=0.5, shift=0.0), True), ("", True), ("[1, 2]", True), ("[1, 7, 0]", False)]

    found = foresight_of(kept)

    assert (found.questions, found.hits) == (1, 1)
    assert found.expected == pytest.approx(0.375)
    assert foresight_of([]) == Foresight()
