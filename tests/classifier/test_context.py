"""What stands around a segment, and codes that share one unit of probability."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from subtheme.classifier.context import context_blocks
from subtheme.classifier.design import Design
from subtheme.classifier.features import dense_only
from subtheme.classifier.learner import ThemeClassifier
from subtheme.classifier.logistic import Factored
from subtheme.classifier.multinomial import log_odds

TRANSCRIPT = np.array([0, 0, 0, 0, 1, 1])
ASKED = np.array([0, 0, 1, 1, 1, 2])
OWN = np.eye(6)
QUESTION = np.eye(3)[ASKED] @ np.array([[1.0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0], [0, 0, 1, 0, 0, 0]])


@pytest.fixture(scope="module")
def blocks():
    return context_blocks(OWN, QUESTION, transcript=TRANSCRIPT, asked=ASKED)


def test_the_answer_is_the_others_after_the_same_question_of_the_same_transcript(blocks):
    expected = np.zeros((6, 6))
    expected[[0, 1, 2, 3], [1, 0, 3, 2]] = 1.0
    np.testing.assert_array_equal(blocks["answer"], expected)


def test_the_questions_around_stay_inside_the_transcript(blocks):
    none = np.zeros(6)
    first, second, third = np.eye(6)[:3]
    np.testing.assert_array_equal(blocks["question_before"], [none, none, first, first, none, second])
    np.testing.assert_array_equal(blocks["question_after"], [first, second, second, none, third, none])


def test_neighbours_are_weighted_by_their_distance(blocks):
    np.testing.assert_allclose(blocks["before"][3], [0, 0.3, 0.7, 0, 0, 0])
    np.testing.assert_allclose(blocks["after"][2], [0, 0, 0, 0.7, 0, 0])
    np.testing.assert_allclose(blocks["around"][1], [0.1, 0, 0.1, 0.1, 0, 0])
    np.testing.assert_allclose(blocks["around"][4], [0, 0, 0, 0, 0, 0.1])


def test_place_and_step_tell_first_from_last(blocks):
    np.testing.assert_allclose(blocks["place"][0], blocks["place"][4])
    assert np.argmax(blocks["place"][3]) == blocks["place"].shape[1] - 1
    np.testing.assert_allclose(blocks["step"][0], blocks["step"][2])
    assert not np.allclose(blocks["step"][0], blocks["step"][1])


def test_context_does_not_depend_on_how_transcripts_lie_among_one_another(blocks):
    order = np.array([4, 0, 1, 5, 2, 3])
    mixed = context_blocks(OWN[order], QUESTION[order], transcript=TRANSCRIPT[order], asked=ASKED[order])
    for name, block in blocks.items():
        np.testing.assert_allclose(mixed[name], block[order])


@pytest.fixture(scope="module")
def exclusive():
    """Return rows of one code at most, and their codes."""
    rng = np.random.default_rng(4)
    X = rng.standard_normal((90, 40)) + 0.3
    winner = np.argmax(X[:, :3] + 0.7 * rng.standard_normal((90, 3)), axis=1)
    return X, winner, np.eye(3)[winner][:, :2]


@pytest.mark.parametrize("columns", [40, 120])
def test_the_multinomial_solution_is_scikit_learns(exclusive, columns):
    X, winner, Y = exclusive
    X = np.concatenate([X, np.random.default_rng(5).standard_normal((90, columns - 40))], axis=1)
    factored = Factored(Design(dense=X, terms=sparse.csr_array((90, 0))))
    solution = factored.carried_back(factored.solved(Y, C=1.0, multinomial=True))
    reference = LogisticRegression(C=1.0, tol=1e-7, max_iter=3000).fit(X, winner)
    logs = reference.predict_log_proba(X)
    np.testing.assert_allclose(X @ solution.weights + solution.intercepts, logs[:, :2] - logs[:, 2:], atol=0.05)
    expected = logs[:, :2] - np.log1p(-np.exp(logs[:, :2]))
    np.testing.assert_allclose(log_odds(logs[:, :2] - logs[:, 2:]), expected, atol=1e-9)


def test_a_start_from_another_penalty_leads_to_the_same_solution(exclusive):
    X, _, Y = exclusive
    factored = Factored(Design(dense=X, terms=sparse.csr_array((90, 0))))
    cold = factored.solved(Y, C=1.0, multinomial=True)
    warm = factored.solved(Y, C=1.0, multinomial=True, start=factored.solved(Y, C=10.0, multinomial=True))
    np.testing.assert_allclose(warm.weights, cold.weights, atol=0.02)


def test_the_loss_is_chosen_by_how_the_codes_lie():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((240, 24))
    groups = np.repeat(np.arange(24), 10)
    alone = np.eye(8)[np.argmax(X[:, :8] + 0.5 * rng.standard_normal((240, 8)), axis=1)]
    together = (X[:, :8] + 0.5 * rng.standard_normal((240, 8)) > 0).astype(float)
    chosen = [ThemeClassifier().fit(dense_only(X), Y, groups=groups).multinomial_ for Y in (alone, together)]
    assert chosen == [True, False]


def test_log_odds_stay_finite_beside_a_certain_code():
    found = log_odds(np.array([[800.0, -5.0], [-800.0, -900.0]]))
    assert np.isfinite(found).all()
    assert found[0, 0] > 20 > found[0, 1]
