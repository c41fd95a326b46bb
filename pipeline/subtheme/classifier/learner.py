"""The learner: one-vs-rest logistic regression, calibrated and thresholded on unseen participants."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from subtheme.classifier.calibration import platt
from subtheme.classifier.features import Features, dense_only
from subtheme.classifier.folds import grouped_folds
from subtheme.classifier.linear import LinearWeights, competing, design_of
from subtheme.classifier.logistic import Factored, Solution
from subtheme.classifier.metrics import average_precision
from subtheme.classifier.terms import inverse_frequencies
from subtheme.classifier.threads import mapped
from subtheme.classifier.thresholds import rate_matched
from subtheme.errors import InputError, Problem

Matrix = npt.NDArray[np.float64]


class ThemeClassifier(ClassifierMixin, BaseEstimator):
    """Multi-label classifier for segments of few, unbalanced, grouped codings.

    Everything that is not a weight is settled on out-of-fold scores of folds that share no participant:
    the penalty, the strength of competition between codes, the calibration and the thresholds.

    Parameters
    ----------
    C : sequence of float
        Inverse strengths of the penalty to choose from.
    competition : sequence of float
        Strengths to choose from: what a segment's other codes take from the score of each.
    n_folds : int
        Inner folds.
    n_jobs : int
        Inner folds that are worked on at the same time; the result does not depend on it.

    Attributes
    ----------
    classes_ : numpy.ndarray
        Of a one-dimensional target its values; of a matrix of codes the numbers of its columns.
    weights_ : LinearWeights
        Coefficients, calibration and thresholds.
    oof_probabilities_ : numpy.ndarray
        Calibrated out-of-fold probabilities of the training rows, shape (rows, codes).
    folds_ : numpy.ndarray
        Inner fold of every training row.
    """

    def __init__(
        self,
        *,
        C: Sequence[float] = (3.0, 10.0),
        competition: Sequence[float] = (0.0, 0.2, 0.4),
        n_folds: int = 5,
        n_jobs: int = 1,
    ) -> None:
        self.C = C
        self.competition = competition
        self.n_folds = n_folds
        self.n_jobs = n_jobs

    def fit(
        self, X: Features | Matrix, Y: npt.ArrayLike, *, groups: npt.ArrayLike, pair_weights: Matrix | None = None
    ) -> Self:
        """Fit the weights, the calibration and the thresholds.

        Parameters
        ----------
        X : Features or array of shape (rows, columns)
        Y : array of shape (rows, codes) of 0 and 1, or (rows,) of classes
        groups : array of shape (rows,)
            Participant of every row; folds never share one.
        pair_weights : array of shape (rows, codes), optional
            Weight of every (row, code); 0 leaves a pair out.

        Raises
        ------
        InputError
            If there are fewer than two participants, or a code without any coded row.
        """
        features = self._checked(X, Y, reset=True)
        targets = self._targets(Y, are_codes=isinstance(X, Features))
        owners = np.asarray(groups, dtype=object)
        if len(owners) != len(targets):
            raise InputError(
                Problem(what=f"{len(owners)} groups for {len(targets)} rows", expected="the participant of every row")
            )
        empty = np.flatnonzero(targets.sum(axis=0) == 0)
        if len(empty):
            raise InputError(
                Problem(
                    what=f"no coded row for code number {', '.join(map(str, empty))}",
                    expected="codes that somebody applied",
                    remedy="Leave out the codes that were not used",
                )
            )
        self.folds_ = grouped_folds(targets, owners, n_folds=self.n_folds)
        prepared = _Prepared(features)
        scores = self._out_of_fold(prepared, targets, pair_weights)
        C, competition = self._chosen(scores, targets, pair_weights)
        self.C_, self.competition_ = C, competition
        chosen = competing(scores[C], strength=competition)
        calibration = platt(chosen, targets, weights=pair_weights)
        bare = prepared.weights(targets, C=C, pair_weights=pair_weights)
        self.weights_ = bare.finished(competition=competition, calibration=calibration)
        self.oof_probabilities_ = self.weights_.probabilities_of(scores[C])
        self.weights_ = self.weights_.with_thresholds(
            rate_matched(self.oof_probabilities_, targets, weights=pair_weights)
        )
        return self

    def decision_function(self, X: Features | Matrix) -> Matrix:
        """Return the log-odds of the probabilities, shape (rows, codes), or (rows,) for two classes."""
        probabilities = self.predict_proba(X)
        if self._is_multilabel:
            clipped = np.clip(probabilities, 1e-12, 1 - 1e-12)
            return np.asarray(np.log(clipped) - np.log1p(-clipped))
        scores = np.log(probabilities)
        return np.asarray(scores[:, 1] - scores[:, 0] if len(self.classes_) == 2 else scores)

    def predict_proba(self, X: Features | Matrix) -> Matrix:
        """Return a calibrated probability for every row and code; for plain classes they sum to 1."""
        check_is_fitted(self)
        probabilities = self.weights_.probabilities(self._checked(X, None, reset=False))
        if self._is_multilabel:
            return probabilities
        # One-vs-rest probabilities may all be near 0; the floor keeps their ratio defined.
        probabilities = np.maximum(probabilities, 1e-12)
        shares: Matrix = probabilities / probabilities.sum(axis=1, keepdims=True)
        return shares

    def predict(self, X: Features | Matrix) -> npt.NDArray[Any]:
        """Return 1 where the probability reaches the code's threshold; for plain classes the likeliest."""
        probabilities = self.predict_proba(X)
        if self._is_multilabel:
            return (probabilities >= self.weights_.thresholds).astype(np.int64)
        winners: npt.NDArray[Any] = self.classes_[np.argmax(probabilities, axis=1)]
        return winners

    def _checked(self, X: Features | Matrix, Y: npt.ArrayLike | None, *, reset: bool) -> Features:
        if isinstance(X, Features):
            if reset:
                self.n_features_in_ = X.shape[1]
            if not np.isfinite(X.dense).all():
                raise InputError(Problem(what="vectors with missing values", expected="finite numbers"))
            return X
        if Y is None:
            return dense_only(validate_data(self, X, reset=reset, dtype=np.float64))
        checked, _ = validate_data(self, X, Y, multi_output=True, reset=reset, dtype=np.float64)
        return dense_only(checked)

    def _targets(self, Y: npt.ArrayLike, *, are_codes: bool) -> Matrix:
        """Return one column of 0 and 1 per code or class; a single column of codes stays a matrix of codes."""
        given = np.asarray(Y)
        if not are_codes:
            check_classification_targets(Y)
        self._is_multilabel = are_codes or type_of_target(given) == "multilabel-indicator"
        if self._is_multilabel:
            self.classes_ = np.arange(given.shape[1])
            return given.astype(np.float64)
        self.classes_, index = np.unique(column_or_1d(given, warn=True), return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError("Classifier can't train when only one class is present.")
        return np.eye(len(self.classes_))[index]

    def _out_of_fold(self, prepared: "_Prepared", targets: Matrix, weights: Matrix | None) -> dict[float, Matrix]:
        """Return, for every penalty, the scores of each row by the model that did not see its participant."""
        scores = {C: np.zeros_like(targets) for C in self.C}

        def work(fold: int) -> tuple[npt.NDArray[np.int64], list[Matrix]]:
            train, test = np.flatnonzero(self.folds_ != fold), np.flatnonzero(self.folds_ == fold)
            kept = None if weights is None else weights[train]
            return test, prepared.scores(targets[train], self.C, train=train, test=test, pair_weights=kept)

        for test, found in mapped(work, np.unique(self.folds_), workers=self.n_jobs):
            for C, values in zip(self.C, found, strict=True):
                scores[C][test] = values
        return scores

    def _chosen(self, scores: dict[float, Matrix], targets: Matrix, weights: Matrix | None) -> tuple[float, float]:
        """Return penalty and competition of the highest mean average precision; ties go to the first."""
        # Competition is for codes of one segment; plain classes compete by their nature.
        strengths = self.competition if targets.shape[1] > 1 else (0.0,)
        best, choice = -1.0, (self.C[0], strengths[0])
        for C in self.C:
            for strength in strengths:
                value = mean_average_precision(competing(scores[C], strength=strength), targets, weights=weights)
                if value > best + 1e-12:
                    best, choice = value, (C, strength)
        return choice


def mean_average_precision(scores: Matrix, targets: Matrix, *, weights: Matrix | None = None) -> float:
    """Return the mean over codes of the average precision; pairs of weight 0 are left out."""
    values = []
    for code in range(targets.shape[1]):
        used = slice(None) if weights is None else np.flatnonzero(weights[:, code] > 0)
        values.append(average_precision(targets[used, code], scores[used, code])[0])
    return float(np.nanmean(values)) if np.isfinite(values).any() else 0.0


class _Prepared:
    """Features made ready for the solves of one fit.

    Frequencies of terms and the Gram matrix are of all its rows: the inner folds share them. They hold no
    coding, and whoever tests a fit keeps the participants of the test out of its rows.
    """

    def __init__(self, features: Features) -> None:
        self._features = features
        self._words = inverse_frequencies(features.words, fewest_texts=2)
        self._characters = inverse_frequencies(features.characters, fewest_texts=3)
        self._factored = Factored(design_of(features, words=self._words, characters=self._characters))

    def scores(
        self,
        targets: Matrix,
        penalties: Sequence[float],
        *,
        train: npt.NDArray[np.int64],
        test: npt.NDArray[np.int64],
        pair_weights: Matrix | None,
    ) -> list[Matrix]:
        """Return the scores of the test rows for every penalty, by what the training rows teach."""
        found: list[Matrix] = []
        solution: Solution | None = None
        for C in penalties:
            solution = self._factored.solved(targets, C=C, rows=train, weights=pair_weights, start=solution)
            found.append(self._factored.scores(solution, test))
        return found

    def weights(self, targets: Matrix, *, C: float, pair_weights: Matrix | None) -> LinearWeights:
        """Return the weights that all rows teach."""
        solution = self._factored.carried_back(self._factored.solved(targets, C=C, weights=pair_weights))
        return LinearWeights.bare(
            solution.weights,
            solution.intercepts,
            columns=(self._features.dense.shape[1], self._features.words.shape[1]),
            words_inverse=self._words,
            characters_inverse=self._characters,
        )
