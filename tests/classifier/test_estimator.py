"""`ThemeClassifier` held against scikit-learn's own checks of an estimator."""

import inspect
import os

import numpy as np
import pytest
from sklearn import config_context
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

from subtheme.classifier.features import dense_only
from subtheme.classifier.learner import ThemeClassifier
from subtheme.errors import InputError

CHECKS = [check for _, check in estimator_checks_generator(ThemeClassifier())]


def name_of(check):
    return getattr(check, "func", check).__name__


@pytest.fixture
def study():
    """Forty rows of ten participants; what a row is about stands in its first columns."""
    rng = np.random.default_rng(1)
    X = rng.standard_normal((40, 6))
    X[:, :3] += 3 * np.eye(3)[np.arange(40) % 3]
    return X, np.array(["hours", "pay", "rest"])[np.arange(40) % 3], np.repeat(list("abcdefghij"), 4)


@pytest.fixture
def routed():
    with config_context(enable_metadata_routing=True):
        yield


@pytest.fixture
def owners(monkeypatch):
    """The participants that each fit was given, in turn."""
    given = []
    fit = ThemeClassifier.fit

    def spied(self, X, Y, *, groups=None, **more):
        given.append(None if groups is None else set(groups))
        return fit(self, X, Y, groups=groups, **more)

    spied.__signature__ = inspect.signature(fit)
    monkeypatch.setattr(ThemeClassifier, "fit", spied)
    return given


@pytest.mark.filterwarnings("ignore:no groups")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.DataConversionWarning")
@pytest.mark.parametrize("check", CHECKS, ids=name_of)
def test_it_is_an_estimator(check):
    if name_of(check) == "check_array_api_input" and not os.environ.get("SCIPY_ARRAY_API"):
        pytest.skip("scikit-learn asks for SCIPY_ARRAY_API=1, which it needs from the start of the process")
    check(ThemeClassifier())


def test_without_groups_every_row_is_alone_and_a_warning_says_so(study):
    X, Y, _ = study
    with pytest.warns(UserWarning, match="every row counts as a participant of its own") as caught:
        alone = ThemeClassifier().fit(X, Y)
    assert caught[0].filename == __file__
    said = ThemeClassifier().fit(X, Y, groups=np.arange(len(Y)))
    np.testing.assert_array_equal(alone.folds_, said.folds_)
    np.testing.assert_array_equal(alone.predict_proba(X), said.predict_proba(X))


def test_with_groups_folds_share_no_participant(study):
    X, Y, groups = study
    folds = ThemeClassifier().fit(X, Y, groups=groups).folds_
    assert len(set(zip(groups, folds, strict=True))) == len(set(groups))


@pytest.mark.parametrize("is_routed", [False, True])
def test_cross_val_predict_hands_the_participants_on(study, owners, is_routed):
    X, Y, groups = study
    with config_context(enable_metadata_routing=is_routed):
        # Without routing, `params` reach `fit` alone: the splits must be made before.
        cv = GroupKFold(5) if is_routed else list(GroupKFold(5).split(X, Y, groups))
        found = cross_val_predict(
            ThemeClassifier(C=1.0), X, Y, cv=cv, params={"groups": groups}, method="predict_proba"
        )
    assert [len(o) for o in owners] == [8] * 5
    assert (np.array(["hours", "pay", "rest"])[found.argmax(axis=1)] == Y).mean() > 0.9
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_cross_val_predict_takes_a_matrix_of_codes(study, routed):
    X, Y, groups = study
    codes = np.stack([Y == "hours", Y != "rest"], axis=1).astype(int)
    found = cross_val_predict(
        ThemeClassifier(), X, codes, cv=GroupKFold(5), params={"groups": groups}, method="predict_proba"
    )
    assert found.shape == codes.shape
    assert ((found > 0.5) == codes).mean() > 0.85


def test_a_pipeline_hands_the_participants_on(study, routed, owners):
    X, Y, groups = study
    model = make_pipeline(StandardScaler(), ThemeClassifier()).fit(X, Y, groups=groups)
    assert owners == [set(groups)]
    assert model.score(X, Y) > 0.9


def test_a_pipeline_hands_the_participants_on_by_the_name_of_its_step(study, owners):
    X, Y, groups = study
    make_pipeline(StandardScaler(), ThemeClassifier()).fit(X, Y, themeclassifier__groups=groups)
    assert owners == [set(groups)]


def test_a_grid_search_hands_the_participants_on(study, routed, owners):
    X, Y, groups = study
    model = make_pipeline(StandardScaler(), ThemeClassifier())
    grid = {"themeclassifier__C": [1.0, (3.0, 10.0)], "themeclassifier__competition": [0.0]}
    search = GridSearchCV(model, grid, cv=GroupKFold(5)).fit(X, Y, groups=groups)
    assert [len(o) for o in owners] == [8] * 10 + [10]
    assert search.best_score_ > 0.9


def test_one_choice_is_as_good_as_a_list_of_one(study):
    X, Y, groups = study
    one, several = (
        ThemeClassifier(C=c, multinomial=m, competition=k, prior_strengths=p).fit(X, Y, groups=groups)
        for c, m, k, p in [(2.0, False, 0.1, 0.5), ([2.0], (False,), np.array([0.1]), [0.5])]
    )
    assert one.C_ == several.C_ == 2.0
    np.testing.assert_array_equal(one.predict_proba(X), several.predict_proba(X))


def test_groups_must_fit_the_rows():
    with pytest.raises(InputError, match="3 groups for 4 rows"):
        ThemeClassifier().fit(dense_only(np.eye(4)), np.eye(4), groups=["a", "b", "c"])


def test_a_code_without_a_row_is_named():
    Y = np.array([[1.0, 0], [0, 0], [1, 0], [0, 0]])
    with pytest.raises(InputError, match="no coded row for code number 1"):
        ThemeClassifier().fit(dense_only(np.eye(4)), Y, groups=list("abcd"))


def test_one_participant_cannot_be_tested_on():
    with pytest.raises(InputError, match="1 participant"):
        ThemeClassifier().fit(dense_only(np.eye(4)), np.eye(4), groups=["a"] * 4)


def test_missing_numbers_are_refused():
    X = np.eye(4)
    X[1, 1] = np.nan
    with pytest.raises(InputError, match="vectors with missing values"):
        ThemeClassifier().fit(dense_only(X), np.eye(4), groups=list("abcd"))


def test_probabilities_do_not_depend_on_the_number_of_threads():
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 12))
    Y = (X[:, :2] > 0.3).astype(float)
    groups = np.repeat(np.arange(12), 5)
    one, two = (ThemeClassifier(n_jobs=n).fit(dense_only(X), Y, groups=groups) for n in (1, 2))
    np.testing.assert_array_equal(one.predict_proba(dense_only(X)), two.predict_proba(dense_only(X)))
