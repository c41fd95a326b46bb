"""What an answer is worth where coders err, and what second answers say of their error."""

import numpy as np
import pytest

from subtheme.errors import InputError
from subtheme.proposals.coder_error import CERTAIN, CoderError, error_after, is_to_be_asked_again


def test_answers_multiply_the_odds_as_the_rule_of_bayes_has_it():
    error = CoderError(missed=0.1, invented=0.02)

    factor = error.factor(np.array([0, 1, 0, 2]), np.array([0, 0, 1, 1]))

    assert factor == pytest.approx([1, 0.9 / 0.02, 0.1 / 0.98, (0.9 / 0.02) ** 2 * 0.1 / 0.98])
    assert error.chance_to_confirm(np.array([0.0, 0.5, 1.0])) == pytest.approx([0.02, 0.46, 0.9])


def test_a_certain_denial_leaves_nothing():
    assert CERTAIN.factor(np.array([0]), np.array([1])).tolist() == [0.0]


def test_two_answers_alike_or_three_are_enough():
    confirmations, denials = np.array([0, 1, 1, 2, 1, 2]), np.array([1, 0, 1, 0, 2, 1])

    assert is_to_be_asked_again(confirmations, denials).tolist() == [False, True, True, False, False, False]


@pytest.mark.parametrize(
    ("given", "words"),
    [({"missed": 0.5}, "a chance of 0.5 that a coder misses what is there"), ({"invented": -0.1}, "finds what is not")],
)
def test_what_is_no_chance_of_an_error_is_refused(given, words):
    with pytest.raises(InputError, match=words):
        CoderError(**given)


def asked_twice(rng, error, questions=4000, base=0.1):
    """Return scores, first answers and counts of questions that were asked twice."""
    odds = base / (1 - base) * np.exp(rng.normal(0, 2, questions))
    p = odds / (1 + odds)
    truth = rng.random(questions) < p
    said = rng.random((2, questions)) < np.where(truth, 1 - error.missed, error.invented)
    return p, said[0], said.sum(0), 2 - said.sum(0)


@pytest.mark.parametrize("error", [CoderError(missed=0.12, invented=0.05), CoderError(missed=0.02, invented=0.01)])
def test_second_answers_tell_the_error(error):
    p, first, yes, no = asked_twice(np.random.default_rng(1), error)

    found = error_after(CoderError(missed=0.05, invented=0.02), p, first=first, confirmations=yes, denials=no)

    assert found.missed == pytest.approx(error.missed, rel=0.6)
    assert found.invented == pytest.approx(error.invented, rel=0.6)


def test_it_does_not_matter_which_first_answers_are_asked_about_again():
    error = CoderError(missed=0.05, invented=0.05)
    p, first, yes, no = asked_twice(np.random.default_rng(2), error)
    chosen = first & (p < 0.3)  # where a confirmation is doubtful

    found = error_after(
        CoderError(missed=0.05, invented=0.02),
        p[chosen],
        first=first[chosen],
        confirmations=yes[chosen],
        denials=no[chosen],
    )

    assert 0.03 <= found.invented <= 0.08


def test_without_second_answers_the_stated_error_holds():
    stated = CoderError(missed=0.04, invented=0.01)
    one = {"first": np.array([True]), "confirmations": np.array([1]), "denials": np.array([0])}

    assert error_after(stated, np.array([0.4]), **one) == stated
