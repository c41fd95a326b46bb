"""Evaluation: what the report says of how well the model does, read from plain values.

Read from ``Evaluation.as_dict()``; every key is optional, and what is missing is left out or said to be missing.
A number is a plain one, or a mapping of ``value``, ``low`` and ``high`` (or ``interval`` with both ends)::

    words            what was evaluated on what, in a sentence
    overall          [{name, value, low, high}]
    codes            [{code, excerpts, participants, average_precision, f1, precision, recall, recall_at_k, ...}]
    calibration      [{predicted, observed, count}]        ece  number
    learning_curve   [{participants, value, low, high}]    stop_hint  sentence
    confusion        [{code, taken_for, count}]
    by_attribute     [{attribute, value, participants, f1, presences, presences_missed, presences_invented}]
    left_out         [{case, macro_average_precision, codes}]

Words that moved a score, and texts of segments, are never taken over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from subtheme.nouns import Codebook
from subtheme.reports.curve import CalibrationPoint, LearningPoint, calibration_curve, learning_curve
from subtheme.reports.drawing import Drawing
from subtheme.reports.estimate import Estimate

_MEASURES = {
    "average_precision": "Average precision",
    "f1": "F1",
    "precision": "Precision",
    "recall": "Recall",
    "recall_at_k": "Recall at k",
    "ece": "Calibration error",
    "brier": "Brier score",
}
_NEAR_ZERO = ("ece", "brier", "Expected calibration error", "Brier score")
"""Measures of which two decimals would show nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """One sub-theme of the evaluation.

    Attributes
    ----------
    name : str
    excerpts, participants : int or None
    numbers : tuple of Estimate
        In the order of the view's measures.
    """

    name: str
    excerpts: int | None
    participants: int | None
    numbers: tuple[Estimate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakeRow:
    """Mistakes with the participants who share a value of an attribute.

    Attributes
    ----------
    attribute, value : str
    participants : int
    f1 : Estimate
        Of proposed segments, over all codes.
    presences, missed, invented : int
        Coded (participant, code) pairs; those nowhere proposed; pairs proposed and nowhere coded.
    """

    attribute: str
    value: str
    participants: int
    f1: Estimate
    presences: int
    missed: int
    invented: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationView:
    """The evaluation as the report prints it.

    Attributes
    ----------
    words, stop_hint : str
    overall : tuple of (str, Estimate)
    measures : tuple of str
        Headings of the numbers of every row.
    rows : tuple of CodeRow
    calibration : Drawing or None
    calibration_points : tuple of CalibrationPoint
    learning : Drawing or None
    learning_points : tuple of LearningPoint
    confusion : tuple of (str, str, int)
        Coded as, proposed as, how often.
    mistakes : tuple of MistakeRow
    left_out : tuple of (str, Estimate, int)
        Case, macro average precision of a model of the other cases, codes used there.
    """

    words: str
    stop_hint: str
    overall: tuple[tuple[str, Estimate], ...]
    measures: tuple[str, ...]
    rows: tuple[CodeRow, ...]
    calibration: Drawing | None
    calibration_points: tuple[CalibrationPoint, ...]
    learning: Drawing | None
    learning_points: tuple[LearningPoint, ...]
    confusion: tuple[tuple[str, str, int], ...]
    mistakes: tuple[MistakeRow, ...]
    left_out: tuple[tuple[str, Estimate, int], ...]


def evaluation_view(
    evaluation: Mapping[str, Any] | None, codebook: Codebook, *, headings: tuple[str, ...]
) -> EvaluationView | None:
    """Return the evaluation as the report prints it, or None where there is none."""
    if evaluation is None:
        return None
    codes = [row for row in evaluation.get("codes", ()) if isinstance(row, Mapping)]
    keys = [k for k in _MEASURES if any(row.get(k) is not None for row in codes)]
    calibration = tuple(
        CalibrationPoint(predicted=float(p["predicted"]), observed=float(p["observed"]), count=int(p["count"]))
        for p in evaluation.get("calibration", ())
    )
    learning = tuple(_learning(evaluation.get("learning_curve", ())))
    measure = str(evaluation.get("learning_measure", "macro average precision"))
    return EvaluationView(
        words=str(evaluation.get("words", "")),
        stop_hint=str(evaluation.get("stop_hint", "")),
        overall=tuple(
            (str(o["name"]), Estimate.read(o, decimals=_decimals(str(o["name"]))))
            for o in evaluation.get("overall", ())
        ),
        measures=tuple(_MEASURES[k] for k in keys),
        rows=tuple(
            CodeRow(
                name=_name(codebook, str(row["code"])),
                excerpts=row.get("excerpts"),
                participants=row.get("participants"),
                numbers=tuple(
                    Estimate.read(row.get(k), reason=str(row.get("reason", "")), decimals=_decimals(k)) for k in keys
                ),
            )
            for row in codes
        ),
        calibration=calibration_curve(calibration, headings=headings) if calibration else None,
        calibration_points=calibration,
        learning=learning_curve(learning, measure=measure, headings=headings) if len(learning) > 1 else None,
        learning_points=learning,
        confusion=tuple(
            (_name(codebook, str(c["code"])), _name(codebook, str(c["taken_for"])), int(c["count"]))
            for c in evaluation.get("confusion", ())
        ),
        mistakes=tuple(
            MistakeRow(
                attribute=str(m["attribute"]),
                value=str(m["value"]),
                participants=int(m["participants"]),
                f1=Estimate.read(m.get("f1")),
                presences=int(m["presences"]),
                missed=int(m["presences_missed"]),
                invented=int(m["presences_invented"]),
            )
            for m in evaluation.get("by_attribute", ())
        ),
        left_out=tuple(
            (str(c["case"]), Estimate.read(c.get("macro_average_precision")), int(c["codes"]))
            for c in evaluation.get("left_out", ())
        ),
    )


def _decimals(measure: str) -> int:
    return 3 if measure in _NEAR_ZERO else 2


def _learning(points: Sequence[Mapping[str, Any]]) -> list[LearningPoint]:
    found = []
    for point in points:
        number = Estimate.read(point)
        if number.is_defined:
            found.append(
                LearningPoint(
                    participants=int(point["participants"]), value=number.value, low=number.low, high=number.high
                )
            )
    return sorted(found, key=lambda p: p.participants)


def _name(codebook: Codebook, code: str) -> str:
    return codebook.by_id[code].name if code in codebook else code
