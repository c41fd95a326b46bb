"""What a model makes of participants that it has not seen: the one way in which figures come about."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from subtheme.classifier.encoder_choice import encoder_choice
from subtheme.classifier.known_features import CountedSet
from subtheme.classifier.learner import ThemeClassifier
from subtheme.classifier.threads import mapped
from subtheme.embeddings.threads import available_threads

Matrix = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Rows that are learned from, rows that are tested, and rows that teach besides but that nothing is settled on."""

    train: Rows
    test: Rows
    besides: Rows = field(default_factory=lambda: np.arange(0))

    def taught_by(self, rows: Rows, groups: npt.NDArray[np.object_]) -> "Split":
        """Return the split with those of `rows` that teach besides: all that are not of participants of the test."""
        return replace(self, besides=rows[~np.isin(groups[rows].astype(str), groups[self.test].astype(str))])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unseen:
    """Probabilities of the test rows, shape (rows, codes), and the thresholds of the model, shape (codes,)."""

    probabilities: Matrix
    thresholds: Matrix

    @property
    def proposed(self) -> npt.NDArray[np.bool_]:
        """Which pairs reach their threshold."""
        return self.probabilities >= self.thresholds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutOfFold:
    """Of every row what the model made of it that had not seen its participant, each shape (rows, codes)."""

    probabilities: Matrix
    proposed: npt.NDArray[np.bool_]


def splits_of(folds: Rows) -> list[Split]:
    """Return one split per fold."""
    return [
        Split(train=np.flatnonzero(folds != number), test=np.flatnonzero(folds == number))
        for number in np.unique(folds)
    ]


def unseen(
    counted: CountedSet,
    Y: Matrix,
    groups: npt.NDArray[np.object_],
    splits: Sequence[Split],
    *,
    prior: Matrix | None = None,
    progress: Progress | None = None,
) -> list[Unseen]:
    """Train on each split's training rows and return what the model makes of its test rows.

    Vocabulary, frequencies, penalty, calibration and thresholds are settled on the training rows. A code
    that they lack gets probability 0 and is not proposed.

    Parameters
    ----------
    counted : CountedSet
    Y : numpy.ndarray
        1 for coded, 0 for not coded, NaN where nobody has said in rows that teach besides, shape (rows, codes).
    groups : numpy.ndarray
        Participant of every row; no split may have one on both sides.
    splits : sequence of Split
    prior : numpy.ndarray, optional
        Weights to begin from where that helps, shape (dense columns, codes); nothing of them was learned here.
    progress : callable, optional
        Called with the number of splits done and of all.
    """
    for split in splits:
        if {*groups[split.train], *groups[split.besides]} & set(groups[split.test]):
            raise ValueError("a participant stands on both sides of a split")
    found = []
    for done, result in enumerate(
        mapped(partial(_tested, counted, Y, groups, prior), splits, workers=available_threads()), start=1
    ):
        found.append(result)
        if progress:
            progress(done, len(splits))
    return found


def out_of_fold(Y: Matrix, splits: Sequence[Split], found: Sequence[Unseen]) -> OutOfFold:
    """Return the test rows of all splits put together."""
    probabilities, proposed = np.zeros_like(Y), np.zeros(Y.shape, dtype=bool)
    for split, result in zip(splits, found, strict=True):
        probabilities[split.test], proposed[split.test] = result.probabilities, result.proposed
    return OutOfFold(probabilities=probabilities, proposed=proposed)


def _tested(
    counted: CountedSet, Y: Matrix, groups: npt.NDArray[np.object_], prior: Matrix | None, split: Split
) -> Unseen:
    probabilities, thresholds = np.zeros((len(split.test), Y.shape[1])), np.full(Y.shape[1], np.inf)
    known = np.flatnonzero(Y[split.train].sum(axis=0) > 0)
    if len(known) and len(set(groups[split.train])) > 1:
        taught = np.concatenate([split.train, split.besides])
        features = counted.known_to(taught).features
        prior = None if prior is None else prior[:, known]
        lessons, tested = features.take(taught), features.take(split.test)
        targets, owners = Y[np.ix_(taught, known)], groups[taught]
        only_teaches = np.arange(len(taught)) >= len(split.train)
        if counted.parts:
            # Chosen anew for every split: nothing that is tested has chosen the encoders.
            choice = encoder_choice(lessons, targets, groups=owners, parts=counted.parts, only_teaches=only_teaches)
            columns = choice.columns(counted.parts)
            lessons, tested, prior = columns.taken(lessons), columns.taken(tested), columns.prior(prior)
        learner = ThemeClassifier().fit(lessons, targets, groups=owners, prior=prior, only_teaches=only_teaches)
        probabilities[:, known] = learner.predict_proba(tested)
        thresholds[known] = learner.weights_.thresholds
    return Unseen(probabilities=probabilities, thresholds=thresholds)
