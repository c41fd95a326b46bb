"""The solver against scikit-learn's, and terms counted once against terms counted again."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from subtheme.classifier.column_descent import minimise_columns
from subtheme.classifier.design import Design
from subtheme.classifier.logistic import Factored
from subtheme.classifier.multinomial import log_odds
from subtheme.classifier.terms import TermTable, Vocabulary, terms_of


@pytest.fixture(scope="module")
def problem():
    rng = np.random.default_rng(1)
    X = rng.standard_normal((80, 150)) * np.linspace(2, 0.1, 150) + 0.5
    Y = (X[:, :3] + rng.standard_normal((80, 3)) > 0.8).astype(float)
    return X, Y


@pytest.mark.parametrize("terms", [0, 50])
@pytest.mark.parametrize("columns", [150, 60])
def test_the_solution_is_scikit_learns(problem, terms, columns):
    X, Y = problem
    X = X[:, :columns]
    split = columns - min(terms, columns - 10)
    factored = Factored(Design(dense=X[:, :split], terms=sparse.csr_array(X[:, split:])))
    solution = factored.carried_back(factored.solved(Y, C=2.0))
    for code in range(3):
        reference = LogisticRegression(C=2.0, tol=1e-6, max_iter=1000).fit(X, Y[:, code])
        expected = reference.decision_function(X)
        found = X @ solution.weights[:, code] + solution.intercepts[code]
        assert np.abs(found - expected).max() < 0.05 * np.abs(expected).max()
        assert np.corrcoef(found, expected)[0, 1] > 0.9999


def test_some_rows_of_a_factored_design_give_the_solution_of_those_rows(problem):
    X, Y = problem
    none = sparse.csr_array((80, 0))
    train, test = np.arange(60), np.arange(60, 80)
    whole = Factored(Design(dense=X, terms=none))
    found = whole.scores(whole.solved(Y[train], C=1.0, rows=train), test)
    alone = Factored(Design(dense=X[train], terms=none[train]))
    solution = alone.carried_back(alone.solved(Y[train], C=1.0))
    np.testing.assert_allclose(found, X[test] @ solution.weights + solution.intercepts, atol=0.03)


def test_a_pair_that_nobody_judged_changes_nothing(problem):
    X, Y = problem
    factored = Factored(Design(dense=X, terms=sparse.csr_array((80, 0))))
    unjudged = Y.copy()
    unjudged[5, 0] = np.nan
    others = np.delete(np.arange(80), 5)
    found = factored.solved(unjudged, C=1.0)
    without, whole = factored.solved(Y[others], C=1.0, rows=others), factored.solved(Y, C=1.0)
    np.testing.assert_allclose(found.weights[:, 0], without.weights[:, 0], atol=0.02)
    np.testing.assert_allclose(found.weights[:, 1:], whole.weights[:, 1:], atol=0.02)


@pytest.mark.parametrize(
    ("partly", "wholly"),
    [
        pytest.param([np.nan, np.nan, np.nan], None, id="nothing was said: as if the row were not there"),
        pytest.param([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], id="all denied: no code"),
        pytest.param([np.nan, 1.0, np.nan], [0.0, 1.0, 0.0], id="one confirmed: a row of that code"),
        pytest.param([0.0, 1.0, np.nan], [0.0, 1.0, 0.0], id="one confirmed, one denied: a row of that code"),
    ],
)
def test_codes_that_share_a_row_share_what_is_left_of_it(problem, partly, wholly):
    X, Y = problem
    factored = Factored(Design(dense=X, terms=sparse.csr_array((80, 0))))
    rows = np.arange(80) if wholly else np.delete(np.arange(80), 5)
    asked, judged = Y.copy(), Y.copy()
    asked[5], judged[5] = partly, wholly or 0.0
    found = factored.solved(asked, C=1.0, multinomial=True)
    expected = factored.solved(judged[rows], C=1.0, rows=rows, multinomial=True)
    np.testing.assert_allclose(found.weights, expected.weights, atol=0.02)


def test_a_denied_code_falls_and_what_is_left_shares_the_row(problem):
    X, Y = problem
    factored = Factored(Design(dense=X, terms=sparse.csr_array((80, 0))))
    open_, denied = Y.copy(), Y.copy()
    open_[:10], denied[:10] = np.nan, np.nan
    denied[:10, 0] = 0.0
    scores = [factored.scores(factored.solved(y, C=1.0, multinomial=True), np.arange(10)) for y in (open_, denied)]
    before, after = (log_odds(s) for s in scores)
    assert (after[:, 0] < before[:, 0]).all()
    assert after[:, 1:].mean() > before[:, 1:].mean()


def test_columns_are_minimised_each_on_its_own():
    curvature = np.array([[1.0, 100.0, 0.01], [50.0, 1.0, 3.0]])
    wanted = np.array([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])

    def objective(point, columns):
        distance = point - wanted[:, columns]
        return (curvature[:, columns] * distance**2).sum(axis=0) / 2, curvature[:, columns] * distance

    together = minimise_columns(objective, np.zeros((2, 3)), tolerance=1e-12)
    np.testing.assert_allclose(together, wanted, atol=1e-3)
    alone = minimise_columns(lambda p, _: objective(p, np.array([1])), np.zeros((2, 1)), tolerance=1e-12)
    np.testing.assert_allclose(together[:, [1]], alone, atol=1e-6)


@pytest.mark.parametrize("kind", ["words", "characters"])
def test_terms_counted_once_are_those_counted_for_the_fold(kind):
    texts = ["The rota, the ROTA again", "a rota of nights", "nights and pay", "pay pay pay", "", "the rota ends"]
    people = ["A", "B", "B", "C", "C", "D"]
    rows = np.array([0, 1, 2, 5])
    found = TermTable.of(texts, kind=kind).used_by_several(people, rows=rows, fewest=2)
    users = {}
    for row in rows:
        for term in terms_of(texts[row], kind=kind):
            users.setdefault(term, set()).add(people[row])
    expected = tuple(sorted(t for t, who in users.items() if len(who) >= 2))
    assert found.vocabulary.terms == expected
    assert len(expected) > 1
    again = Vocabulary(kind=kind, terms=expected).counts(texts)
    np.testing.assert_array_equal(found.counts.toarray(), again.toarray())
    brute = [[terms_of(t, kind=kind).count(term) for term in expected] for t in texts]
    np.testing.assert_array_equal(again.toarray(), brute)
