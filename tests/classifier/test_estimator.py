"""`ThemeClassifier` held against scikit-learn's own checks of an estimator."""

import numpy as np
import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from subtheme.classifier.features import dense_only
from subtheme.classifier.learner import ThemeClassifier
from subtheme.errors import InputError

# What needs `fit` without groups, a sparse X, or sample weights is not offered.
NOT_OFFERED = {
    "check_sample_weights_pandas_series",
    "check_classifiers_one_label_sample_weights",
}


class EveryRowAlone(ThemeClassifier):
    """The classifier with every row as its own participant, since the checks know no groups."""

    def fit(self, X, Y, *, groups=None, prior=None, only_teaches=None):
        rows = 0 if Y is None else len(np.asarray(Y))
        return super().fit(X, Y, groups=np.arange(rows) if groups is None else groups)


CHECKS = list(estimator_checks_generator(EveryRowAlone(C=(1.0,), n_folds=3)))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("check", [check for _, check in CHECKS], ids=lambda c: getattr(c, "func", c).__name__)
def test_it_is_an_estimator(check):
    name = getattr(check, "func", check).__name__
    if name in NOT_OFFERED:
        pytest.skip("not offered")
    check(EveryRowAlone(C=(1.0,), n_folds=3))


def test_groups_are_required():
    with pytest.raises(TypeError, match="groups"):
        ThemeClassifier().fit(np.zeros((4, 2)), np.array([0, 1, 0, 1]))


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
