"""The learner: logistic regression on all codes, calibrated and thresholded on unseen participants."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from subtheme.classifier.calibration import platt
from subtheme.classifier.design import Solution
from subtheme.classifier.features import Features, dense_only
from subtheme.classifier.folds import grouped_folds
from subtheme.classifier.linear import LinearWeights, coupled_scores, design_of
from subtheme.classifier.logistic import Factored
from subtheme.classifier.metrics import average_precision
from subtheme.classifier.terms import inverse_frequencies
from subtheme.classifier.threads import mapped
from subtheme.classifier.thresholds import rate_matched
from subtheme.errors import InputError, Problem

Matrix = npt.NDArray[np.float64]

_MOST_CODES_OF_A_SEGMENT = 1.25
"""Mean number of codes of a coded segment up to which a multinomial is tried."""


class ThemeClassifier(ClassifierMixin, BaseEstimator):
    """Multi-label classifier for segments of few, unbalanced, grouped codings.

    Everything that is not a weight is settled on out-of-fold scores of folds that share no participant:
    the penalty, the loss, the strength of competition between codes, the calibration and the thresholds. Rows of which
    only some codes were judged can teach besides; nothing is settled on them.

    In scikit-learn's own tools the participants must reach both the splitter and `fit`: with
    ``sklearn.set_config(enable_metadata_routing=True)`` a splitter by groups and this classifier, alone or in a
    pipeline, take what is given as ``params={"groups": ...}`` or ``fit(X, Y, groups=...)``.

    Parameters
    ----------
    C : float or sequence of float
        Inverse strengths of the penalty to choose from.
    multinomial : bool or sequence of bool
        Losses to choose from: whether the codes of a segment share one unit of probability, or each is on its
        own. Where coded segments hold more than 1.25 codes on average, each is on its own.
    competition : float or sequence of float
        Strengths to choose from: what a segment's other codes take from the score of each, where each is on its own.
    prior_strengths : float or sequence of float
        How far to follow weights that are known beforehand, where there are any: 0 is not at all. Loss and
        penalty are chosen at the first.
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
        Calibrated out-of-fold probabilities of the rows that do not only teach, shape (rows, codes).
    folds_ : numpy.ndarray
        Inner fold of every training row; -1 where it only teaches, and its participant is in no fold.
    C_, competition_, prior_strength_ : float
    multinomial_ : bool
        What was chosen.
    oof_average_precision_ : mapping of float to float
        Best macro average precision out of fold by strength of the prior.
    """

    __metadata_request__fit: ClassVar[dict[str, bool]] = {"groups": True}

    def __init__(
        self,
        *,
        C: float | Sequence[float] = (3.0, 10.0),
        multinomial: bool | Sequence[bool] = (False, True),
        competition: float | Sequence[float] = (0.0, 0.1, 0.2, 0.4),
        prior_strengths: float | Sequence[float] = (0.0, 0.5, 1.0),
        n_folds: int = 5,
        n_jobs: int = 1,
    ) -> None:
        self.C = C
        self.multinomial = multinomial
        self.competition = competition
        self.prior_strengths = prior_strengths
        self.n_folds = n_folds
        self.n_jobs = n_jobs

    def fit(
        self,
        X: Features | Matrix,
        Y: npt.ArrayLike,
        *,
        groups: npt.ArrayLike | None = None,
        prior: Matrix | None = None,
        only_teaches: npt.NDArray[np.bool_] | None = None,
    ) -> Self:
        """Fit the weights, the calibration and the thresholds.

        Parameters
        ----------
        X : Features or array of shape (rows, columns)
        Y : array of shape (rows, codes) of 0 and 1, or (rows,) of classes
            A code is NaN where nobody has said, in rows that only teach.
        groups : array of shape (rows,), optional
            Participant of every row; folds never share one. Without it every row counts as a participant of its own,
            with a warning: where somebody gave several rows, penalty, calibration and thresholds then look better
            than they are.
        prior : array of shape (dense columns, codes), optional
            Weights that are known beforehand, of an older model or from descriptions. What is learned is added to them,
            and they are followed only if they help.
        only_teaches : array of shape (rows,) of bool, optional
            Rows that were not picked as the others were, as those a review asked about: they are learned from, never
            together with a test row of their participant, and nothing is chosen, calibrated or thresholded on them.

        Raises
        ------
        InputError
            If there are fewer than two participants, or a code without any coded row.
        """
        features = self._checked(X, Y, reset=True)
        targets = self._targets(Y, are_codes=isinstance(X, Features))
        owners = _each_alone(len(targets)) if groups is None else np.asarray(groups, dtype=object)
        tested = np.ones(len(targets), dtype=bool) if only_teaches is None else ~only_teaches
        _refuse_unfit(targets, owners, tested)
        self.folds_ = _folds(targets, owners, tested, n_folds=self.n_folds)
        judged = targets[tested]
        prepared = _Prepared(features, prior)
        losses = _choices(self.multinomial) if self._may_share(judged) else (False,)
        first, *further = (0.0,) if prior is None else _choices(self.prior_strengths)
        found: dict[_Path, dict[float, Matrix]] = {}

        def best_of(paths: list[_Path], *, penalties: Sequence[float]) -> _Choice:
            for path in paths:
                found[path] = self._out_of_fold(prepared, targets, tested, path=path, penalties=penalties)
            choices = [self._chosen(found[path], judged, path=path) for path in paths]
            return max(choices, key=lambda choice: choice.value)

        # A tie goes to the first: a shared unit, and a prior, must earn their place.
        plain = best_of([_Path(is_multinomial=m, strength=first) for m in losses], penalties=_choices(self.C))
        # Loss and penalty that win without the prior are taken with it: that spares most of the work.
        best = {first: plain} | {s: best_of([replace(plain.path, strength=s)], penalties=(plain.C,)) for s in further}
        self.oof_average_precision_ = {s: choice.value for s, choice in best.items()}
        choice = max(best.values(), key=lambda choice: choice.value)
        self.C_, self.competition_ = choice.C, choice.competition
        self.multinomial_, self.prior_strength_ = choice.path.is_multinomial, choice.path.strength
        raw = found[choice.path][choice.C]
        calibration = platt(choice.coupled(raw), judged)
        bare = prepared.weights(targets, C=choice.C, path=choice.path)
        self.weights_ = bare.finished(
            is_multinomial=self.multinomial_, competition=choice.competition, calibration=calibration
        )
        self.oof_probabilities_ = self.weights_.probabilities_of(raw)
        self.weights_ = self.weights_.with_thresholds(rate_matched(self.oof_probabilities_, judged))
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

    def _may_share(self, targets: Matrix) -> bool:
        """Whether it is worth trying that the codes of a segment share one unit of probability.

        Plain classes keep each its own weights, and where segments hold several codes each, sharing has only lost and
        more than doubles the work.
        """
        coded = targets.sum(axis=1)
        is_shared_by_few = bool(coded.sum() <= _MOST_CODES_OF_A_SEGMENT * (coded > 0).sum())
        return self._is_multilabel and targets.shape[1] > 1 and is_shared_by_few

    def _out_of_fold(
        self,
        prepared: "_Prepared",
        targets: Matrix,
        tested: npt.NDArray[np.bool_],
        *,
        path: "_Path",
        penalties: Sequence[float],
    ) -> dict[float, Matrix]:
        """Return, for every penalty, the scores of each tested row by the model that did not see its participant."""
        scores = {C: np.zeros_like(targets) for C in penalties}

        def work(fold: int) -> tuple[npt.NDArray[np.int64], list[Matrix]]:
            train, test = np.flatnonzero(self.folds_ != fold), np.flatnonzero(tested & (self.folds_ == fold))
            task = _Task(targets=targets[train], rows=train, path=path)
            return test, prepared.scores(task, penalties, test=test)

        for test, found in mapped(work, np.unique(self.folds_[tested]), workers=self.n_jobs):
            for C, values in zip(penalties, found, strict=True):
                scores[C][test] = values
        return {C: values[tested] for C, values in scores.items()}

    def _chosen(self, scores: dict[float, Matrix], targets: Matrix, *, path: "_Path") -> "_Choice":
        """Return penalty and competition of the highest mean average precision; ties go to the first."""
        # Competition is for codes of one segment; plain classes compete by their nature.
        strengths = _choices(self.competition) if targets.shape[1] > 1 and not path.is_multinomial else (0.0,)
        choices = []
        for C, raw in scores.items():
            for strength in strengths:
                bare = _Choice(C=C, path=path, competition=strength, value=0.0)
                value = mean_average_precision(bare.coupled(raw), targets)
                choices.append(replace(bare, value=value))
        return max(choices, key=lambda choice: choice.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Path:
    """A loss, and how far the prior is followed: what is solved for every penalty."""

    is_multinomial: bool
    strength: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """A loss, a penalty and a competition, and the macro average precision that they give out of fold."""

    C: float
    path: _Path
    competition: float
    value: float

    def coupled(self, scores: Matrix) -> Matrix:
        """Return linear scores after the codes of each segment have been held against one another."""
        return coupled_scores(scores, is_multinomial=self.path.is_multinomial, competition=self.competition)


def _choices(given: Any) -> tuple[Any, ...]:
    """Return what there is to choose from, as a tuple, also where a single value was given."""
    return tuple(np.atleast_1d(given).tolist())


def mean_average_precision(scores: Matrix, targets: Matrix) -> float:
    """Return the mean over codes of the average precision."""
    values = [average_precision(targets[:, code], scores[:, code])[0] for code in range(targets.shape[1])]
    return float(np.nanmean(values)) if np.isfinite(values).any() else 0.0


def _folds(
    targets: Matrix, owners: npt.NDArray[np.object_], tested: npt.NDArray[np.bool_], *, n_folds: int
) -> npt.NDArray[np.int64]:
    """Return the fold of every row; one that only teaches has that of its participant, or -1."""
    folds = np.full(len(targets), -1)
    folds[tested] = grouped_folds(targets[tested], owners[tested], n_folds=n_folds)
    of_participant = dict(zip(owners[tested], folds[tested], strict=True))
    folds[~tested] = [of_participant.get(owner, -1) for owner in owners[~tested]]
    return folds


def _each_alone(rows: int) -> npt.NDArray[np.object_]:
    """Return a participant per row, and warn that nobody was named."""
    warnings.warn(
        "no groups: every row counts as a participant of its own. Give the participant of every row as `groups`, "
        "unless nobody gave more than one",
        UserWarning,
        stacklevel=3,
    )
    return np.arange(rows).astype(object)


def _refuse_unfit(targets: Matrix, owners: npt.NDArray[np.object_], tested: npt.NDArray[np.bool_]) -> None:
    if len(owners) != len(targets):
        raise InputError(
            Problem(what=f"{len(owners)} groups for {len(targets)} rows", expected="the participant of every row")
        )
    empty = np.flatnonzero(targets[tested].sum(axis=0) == 0)
    if len(empty):
        raise InputError(
            Problem(
                what=f"no coded row for code number {', '.join(map(str, empty))}",
                expected="codes that somebody applied",
                remedy="Leave out the codes that were not used",
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Task:
    """What is learned from: rows and their targets, by which loss and prior."""

    targets: Matrix
    rows: npt.NDArray[np.int64]
    path: _Path


class _Prepared:
    """Features made ready for the solves of one fit.

    Frequencies of terms and the Gram matrix are of all its rows: the inner folds share them. They hold no
    coding, and whoever tests a fit keeps the participants of the test out of its rows.
    """

    def __init__(self, features: Features, prior: Matrix | None) -> None:
        self._features = features
        self._words = inverse_frequencies(features.words, fewest_texts=2)
        self._characters = inverse_frequencies(features.characters, fewest_texts=3)
        self._factored = Factored(
            design_of(features, words=self._words, characters=self._characters, emphasis=features.emphasis)
        )
        self._prior = prior
        self._known = None if prior is None else features.dense @ prior

    def scores(self, task: _Task, penalties: Sequence[float], *, test: npt.NDArray[np.int64]) -> list[Matrix]:
        """Return the scores of the test rows for every penalty, by what the rows of the task teach."""
        found: list[Matrix] = []
        solution: Solution | None = None
        for C in penalties:
            solution = self._solved(task, C=C, start=solution)
            scores = self._factored.scores(solution, test)
            found.append(scores if self._known is None else scores + task.path.strength * self._known[test])
        return found

    def weights(self, targets: Matrix, *, C: float, path: _Path) -> LinearWeights:
        """Return the weights that all rows teach, the prior added."""
        task = _Task(targets=targets, rows=np.arange(len(targets)), path=path)
        solution = self._factored.carried_back(self._solved(task, C=C, start=None))
        coefficients, dense = solution.weights.copy(), self._features.dense.shape[1]
        # A model multiplies plain features, so that the emphasis of learning goes into its coefficients.
        words, emphasis = dense + self._features.words.shape[1], self._features.emphasis
        coefficients[dense:words] *= np.sqrt(emphasis.words)
        coefficients[words:] *= np.sqrt(emphasis.characters)
        if self._prior is not None:
            coefficients[:dense] += path.strength * self._prior
        return LinearWeights.bare(
            coefficients,
            solution.intercepts,
            columns=(dense, self._features.words.shape[1]),
            words_inverse=self._words,
            characters_inverse=self._characters,
        )

    def _solved(self, task: _Task, *, C: float, start: Solution | None) -> Solution:
        offset = None if self._known is None else task.path.strength * self._known[task.rows]
        return self._factored.solved(
            task.targets,
            C=C,
            rows=task.rows,
            start=start,
            offset=offset,
            multinomial=task.path.is_multinomial,
        )
