"""Evaluation: how a model does on participants that it has not seen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from subtheme.classifier.figures import CodeFigures, Figure, code_figures, overall_figures
from subtheme.classifier.folds import grouped_folds
from subtheme.classifier.known_features import CountedSet
from subtheme.classifier.learner import ThemeClassifier
from subtheme.classifier.metrics import expected_calibration_error
from subtheme.classifier.threads import mapped, processors
from subtheme.classifier.training_set import Evidence, TrainingSet
from subtheme.embeddings import SegmentVectors

Matrix = npt.NDArray[np.float64]
Progress = Callable[[int, int], None]

LOOKS = 5
"""Depth k of the recall at k: the looks at one (participant, code) that a person is asked for."""
_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLeftOut:
    """How a model of the other cases does on one case.

    Attributes
    ----------
    case : str
    macro_average_precision : float
        NaN where nothing is coded there.
    codes : int
        Codes that are used in the case.
    """

    case: str
    macro_average_precision: float
    codes: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unseen:
    """What a model makes of participants it has not seen: probabilities, shape (rows, codes), and its thresholds."""

    probabilities: Matrix
    thresholds: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationPoint:
    """Pairs (segment, code) of similar probability: mean probability, share coded, number."""

    predicted: float
    observed: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Figures on unseen participants.

    Attributes
    ----------
    overall : tuple of Figure
        Macro figures over the codes that were learned, with 95 % intervals over participants.
    codes : tuple of CodeFigures
    too_few : tuple of Evidence
        Codes that were not evaluated.
    calibration : tuple of CalibrationPoint
    expected_calibration_error : float
    cases_left_out : tuple of CaseLeftOut
        A new organisation is the hardest and the real use; empty where there is only one case.
    participants, segments, folds : int
    seed : int
        Of the resampling of participants.
    """

    overall: tuple[Figure, ...]
    codes: tuple[CodeFigures, ...]
    too_few: tuple[Evidence, ...]
    calibration: tuple[CalibrationPoint, ...]
    expected_calibration_error: float
    cases_left_out: tuple[CaseLeftOut, ...]
    participants: int
    segments: int
    folds: int
    seed: int

    @property
    def words(self) -> str:
        """What was evaluated on what, in a sentence."""
        return (
            f"{self.folds} folds that share no participant, over {self.segments} segments of {self.participants} "
            f"participants; intervals resample participants (seed {self.seed})"
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the figures for JSON and for the report."""
        return {
            "words": self.words,
            "overall": [f.as_dict() for f in self.overall],
            "macro_average_precision": self.overall[0].value,
            "ece": self.expected_calibration_error,
            "codes": [c.as_dict() for c in self.codes],
            "too_few": [e.as_dict() for e in self.too_few],
            "calibration": [
                {"predicted": p.predicted, "observed": p.observed, "count": p.count} for p in self.calibration
            ],
            "left_out": [
                {"case": c.case, "macro_average_precision": c.macro_average_precision, "codes": c.codes}
                for c in self.cases_left_out
            ],
            "participants": self.participants,
            "segments": self.segments,
            "seed": self.seed,
        }

    def as_text(self) -> str:
        """Return the figures as aligned plain text."""
        lines = [f"On unseen participants: {self.words}.", ""]
        lines += [f"  {f.name:<34} {f.in_words()}" for f in self.overall]
        lines += [f"  {'Expected calibration error':<34} {self.expected_calibration_error:.3f}", ""]
        width = max([len(c.code) for c in self.codes], default=4)
        lines.append(f"  {'code':<{width}}  coded  avg.prec  F1    prec. recall  recall at {LOOKS}")
        lines += [c.as_line(width) for c in self.codes]
        if self.cases_left_out:
            lines += ["", "Leaving one case out (a new organisation):"]
            lines += [
                f"  {c.case:<{width}}  macro average precision {c.macro_average_precision:.3f} over {c.codes} codes"
                for c in self.cases_left_out
            ]
        if self.too_few:
            lines += ["", f"Too few to learn: {', '.join(e.code for e in self.too_few)}."]
        return "\n".join(lines)


def evaluate(
    data: TrainingSet,
    vectors: SegmentVectors,
    *,
    case_of: dict[str, str],
    seed: int = 0,
    n_folds: int = 5,
    progress: Progress | None = None,
) -> Evaluation:
    """Evaluate the learner on `data`, fold by fold, each time trained without the fold's participants.

    Vocabulary, penalty, calibration and thresholds are settled inside the training part of every fold.

    Parameters
    ----------
    data : TrainingSet
    vectors : SegmentVectors
    case_of : dict of str to str
        Case of every participant, to leave one case out where there are several.
    seed : int
        Of the resampling of participants.
    n_folds : int
    progress : callable, optional
        Called with the number of models trained and of all.

    Raises
    ------
    InputError
        If there are fewer than two participants.
    """
    folds = grouped_folds(data.Y, data.groups, n_folds=n_folds)
    cases = np.array([case_of[p] for p in data.segments["participant"]], dtype=object)
    names = sorted(set(cases)) if len(set(cases)) > 1 else []
    held_out = [folds == number for number in range(int(folds.max()) + 1)] + [cases == name for name in names]
    counted = CountedSet.of(data.segments, vectors)
    probabilities, proposed = np.zeros_like(data.Y), np.zeros(data.Y.shape, dtype=bool)
    left_out: list[CaseLeftOut] = []
    tested = mapped(lambda test: _unseen(data, counted, test=np.flatnonzero(test)), held_out, workers=processors())
    for number, (test, unseen) in enumerate(zip(held_out, tested, strict=True)):
        if number <= folds.max():
            probabilities[test] = unseen.probabilities
            proposed[test] = unseen.probabilities >= unseen.thresholds
        else:
            left_out.append(_case_left_out(str(names[len(left_out)]), data.Y[test], unseen.probabilities))
        if progress:
            progress(number + 1, len(held_out))
    people = np.unique(data.segments["participant"].to_numpy(dtype=str), return_inverse=True)[1]
    rng = np.random.default_rng(seed)
    codes = code_figures(data.codes, data.Y, probabilities, proposed, people, k=LOOKS)
    return Evaluation(
        overall=overall_figures(data.Y, probabilities, proposed, people, k=LOOKS, rng=rng),
        codes=codes,
        too_few=data.too_few,
        calibration=_calibration(data.Y, probabilities),
        expected_calibration_error=expected_calibration_error(data.Y, probabilities),
        cases_left_out=tuple(left_out),
        participants=len(np.unique(people)),
        segments=len(data.Y),
        folds=int(folds.max()) + 1,
        seed=seed,
    )


def _unseen(data: TrainingSet, counted: CountedSet, *, test: npt.NDArray[np.int64]) -> Unseen:
    """Return what a model of the other rows makes of the test rows.

    A code that the training rows lack gets probability 0 and is not proposed.
    """
    rows = np.setdiff1d(np.arange(len(data.Y)), test)
    probabilities, thresholds = np.zeros((len(test), data.Y.shape[1])), np.full(data.Y.shape[1], np.inf)
    known = np.flatnonzero(data.Y[rows].sum(axis=0) > 0)
    if len(known) and len(set(data.groups[rows])) > 1:
        features = counted.known_to(rows).features
        learner = ThemeClassifier().fit(features.take(rows), data.Y[np.ix_(rows, known)], groups=data.groups[rows])
        probabilities[:, known] = learner.predict_proba(features.take(test))
        thresholds[known] = learner.weights_.thresholds
    return Unseen(probabilities=probabilities, thresholds=thresholds)


def _case_left_out(case: str, Y: Matrix, probabilities: Matrix) -> CaseLeftOut:
    from subtheme.classifier.learner import mean_average_precision

    used = np.flatnonzero(Y.sum(axis=0) > 0)
    value = mean_average_precision(probabilities[:, used], Y[:, used]) if len(used) else float("nan")
    return CaseLeftOut(case=case, macro_average_precision=value, codes=len(used))


def _calibration(Y: Matrix, probabilities: Matrix) -> tuple[CalibrationPoint, ...]:
    place = np.minimum((probabilities.ravel() * _BINS).astype(np.int64), _BINS - 1)
    points = []
    for number in np.unique(place):
        inside = place == number
        points.append(
            CalibrationPoint(
                predicted=float(probabilities.ravel()[inside].mean()),
                observed=float(Y.ravel()[inside].mean()),
                count=int(inside.sum()),
            )
        )
    return tuple(points)
