"""Evaluation: how a model does on participants that it has not seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from subtheme.classifier.described import described_weights
from subtheme.classifier.evaluation_text import evaluation_in_words
from subtheme.classifier.figures import (
    CodeFigures,
    Draws,
    Figure,
    code_figures,
    overall_figures,
)
from subtheme.classifier.folds import grouped_folds
from subtheme.classifier.known_features import CountedSet
from subtheme.classifier.learning_curve import SHARES, LearningStep, learning_step, reduced_splits, stop_hint
from subtheme.classifier.mistakes import Confusion, GroupMistakes, confusions, mistakes_by_attribute
from subtheme.classifier.training_set import Evidence, TrainingSet
from subtheme.classifier.unseen import Progress, Split, out_of_fold, splits_of, unseen
from subtheme.embeddings import CodeVectors, SegmentVectors
from subtheme.nouns.markup import html_table

Matrix = npt.NDArray[np.float64]

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
    cases_left_out : tuple of CaseLeftOut
        A new organisation is the hardest and the real use; empty where there is only one case.
    learning_curve : tuple of LearningStep
        By participants learned from, the last with all; empty where it was not asked for.
    confusions : tuple of Confusion
    mistakes : tuple of GroupMistakes
    participants, segments, folds : int
    seed : int
        Of the resampling of participants.
    notes : tuple of str
    """

    overall: tuple[Figure, ...]
    codes: tuple[CodeFigures, ...]
    too_few: tuple[Evidence, ...]
    calibration: tuple[CalibrationPoint, ...]
    cases_left_out: tuple[CaseLeftOut, ...]
    learning_curve: tuple[LearningStep, ...]
    confusions: tuple[Confusion, ...]
    mistakes: tuple[GroupMistakes, ...]
    participants: int
    segments: int
    folds: int
    seed: int
    notes: tuple[str, ...]

    @property
    def words(self) -> str:
        """What was evaluated on what, in a sentence."""
        return (
            f"{self.folds} folds that share no participant, over {self.segments} segments of {self.participants} "
            f"participants; intervals resample participants (seed {self.seed})"
        )

    @property
    def expected_calibration_error(self) -> float:
        """Over all pairs of segment and code."""
        return next(f.value for f in self.overall if f.name == "Expected calibration error")

    def __repr__(self) -> str:
        """Return the size, and no words of interviews."""
        return f"Evaluation({len(self.codes)} codes, {len(self.overall)} figures)"

    def _repr_html_(self) -> str:
        """Return the figures over all codes, with their intervals over participants."""
        rows = [[f.name, f.in_words()] for f in self.overall]
        return html_table(["", "on participants not seen"], rows, notes=self.notes)

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
            "learning_curve": [s.as_dict() for s in self.learning_curve],
            "stop_hint": stop_hint(self.learning_curve),
            "confusion": [c.as_dict() for c in self.confusions],
            "by_attribute": [m.as_dict() for m in self.mistakes],
            "participants": self.participants,
            "segments": self.segments,
            "seed": self.seed,
            "notes": list(self.notes),
        }

    def as_text(self) -> str:
        """Return the figures as aligned plain text."""
        return evaluation_in_words(self)


def evaluate(
    data: TrainingSet,
    vectors: SegmentVectors,
    *,
    case_of: Mapping[str, str],
    descriptions: CodeVectors | None = None,
    attributes: Mapping[str, Mapping[str, str]] | None = None,
    curve: bool = True,
    seed: int = 0,
    n_folds: int = 5,
    progress: Progress | None = None,
) -> Evaluation:
    """Evaluate the learner on the read segments of `data`, fold by fold, each time without the fold's participants.

    What was answered in other transcripts teaches in every fold, except about the participants of its test.
    Vocabulary, penalty, calibration and thresholds are settled inside the training part of every fold.

    Parameters
    ----------
    data : TrainingSet
    vectors : SegmentVectors
    case_of : mapping of str to str
        Case of every participant, to leave one case out where there are several.
    descriptions : CodeVectors, optional
        What the codebook says of its codes, to begin from where that helps.
    attributes : mapping, optional
        Name of an attribute to the value of every participant, besides the case: mistakes are told apart by it.
    curve : bool
        Also learn from fewer participants.
    seed : int
        Of the resampling of participants, and of the smaller sets of the curve.
    n_folds : int
    progress : callable, optional
        Called with the number of models trained and of all.

    Raises
    ------
    InputError
        If there are fewer than two participants.
    ModelError
        If the descriptions are of another encoder than the segments.
    """
    folds = grouped_folds(data.Y, data.groups, n_folds=n_folds)
    participants = data.segments["participant"].to_numpy(dtype=str)
    cases = np.array([case_of[p] for p in participants], dtype=object)
    names = sorted(set(cases)) if len(set(cases)) > 1 else []
    splits = splits_of(folds)
    left_out = [
        Split(train=np.flatnonzero(cases != name), test=np.flatnonzero(cases == name))
        for name in names
        if _can_be_left_out(data.groups[cases != name], data.groups[cases == name])
    ]
    kept_in = sorted(set(names) - {str(cases[split.test[0]]) for split in left_out})
    rng = np.random.default_rng(seed)
    smaller = [reduced_splits(splits, data.groups, share=share, rng=rng) for share in SHARES] if curve else []
    lessons = data.lessons
    asked = [
        split.taught_by(lessons.answered, lessons.groups)
        for split in (*splits, *left_out, *(split for step in smaller for split in step))
    ]
    counted = CountedSet.of(lessons.segments, vectors)
    prior = None
    if descriptions is not None:
        prior = described_weights(descriptions, vectors, data.codes, columns=counted.dense.shape[1])
    tested = iter(unseen(counted, lessons.Y, lessons.groups, asked, prior=prior, progress=progress))
    found = out_of_fold(data.Y, splits, [next(tested) for _ in splits])
    cases_left_out = tuple(
        _case_left_out(str(cases[split.test[0]]), data.Y[split.test], next(tested).probabilities) for split in left_out
    )
    draws = Draws.of(np.unique(participants, return_inverse=True)[1], rng=rng)
    steps = [
        learning_step(some, data.groups, data.Y, out_of_fold(data.Y, some, [next(tested) for _ in some]), draws)
        for some in smaller
    ]
    whole = [learning_step(splits, data.groups, data.Y, found, draws)] if curve else []
    return Evaluation(
        overall=overall_figures(data.Y, found.probabilities, found.proposed, draws, k=LOOKS),
        codes=code_figures(data.codes, data.Y, found.probabilities, found.proposed, draws, k=LOOKS),
        too_few=data.too_few,
        calibration=_calibration(data.Y, found.probabilities),
        cases_left_out=cases_left_out,
        learning_curve=(*steps, *whole),
        confusions=confusions(data.codes, data.Y, found.proposed),
        mistakes=mistakes_by_attribute(data.Y, found.proposed, participants, {"case": case_of, **(attributes or {})}),
        participants=len(set(participants)),
        segments=len(data.Y),
        folds=len(splits),
        seed=seed,
        notes=(*data.notes, *([f"cases that could not be left out: {', '.join(kept_in)}"] if kept_in else [])),
    )


def _can_be_left_out(others: npt.NDArray[np.object_], own: npt.NDArray[np.object_]) -> bool:
    """Whether no focus group stands on both sides, and at least two participants are left to learn from."""
    return not set(others) & set(own) and len(set(others)) > 1


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
