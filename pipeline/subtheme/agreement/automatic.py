"""Automatic against manual codings: precision, recall, F1, MCC and average precision per code."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.agreement.coefficient import number_or_none
from subtheme.agreement.ratings import FloatArray
from subtheme.errors import InputError, Problem

_COLUMNS = ("manual", "automatic", "both", "precision", "recall", "f1", "mcc", "average_precision", "reason")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AutomaticAgreement:
    """How well automatic codings meet manual ones on the same segments.

    Attributes
    ----------
    table : DataFrame
        One row per code: counts of segments, ``precision``, ``recall``, ``f1``, ``mcc``,
        ``average_precision`` (NaN where not defined) and the ``reason`` for what is not.
    micro, macro : dict
        The shares over all decisions, and their mean over the codes where they are defined.
    macro_codes : dict
        Over how many codes each mean of `macro` goes.
    segments : int
    all_codes_right : float
        Share of segments with exactly the manual codes.
    decisions_wrong : float
        Share of (segment, code) decisions that differ.
    """

    table: pd.DataFrame = field(repr=False)
    micro: dict[str, float]
    macro: dict[str, float]
    macro_codes: dict[str, int]
    segments: int
    all_codes_right: float
    decisions_wrong: float

    def as_dict(self) -> dict[str, object]:
        """Return the figures for ``--json``; what is not defined is null."""
        rows = [
            {"code": str(code)} | {k: number_or_none(v) if isinstance(v, float) else v for k, v in row.items()}
            for code, row in zip(self.table.index, self.table.to_dict("records"), strict=True)
        ]
        return {
            "codes": rows,
            "micro": {k: number_or_none(v) for k, v in self.micro.items()},
            "macro": {k: number_or_none(v) for k, v in self.macro.items()},
            "macro_codes": dict(self.macro_codes),
            "segments": self.segments,
            "all_codes_right": number_or_none(self.all_codes_right),
            "decisions_wrong": number_or_none(self.decisions_wrong),
        }


def automatic_agreement(
    manual: npt.ArrayLike,
    automatic: npt.ArrayLike,
    *,
    codes: Sequence[str],
    probability: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
) -> AutomaticAgreement:
    """Return precision, recall, F1, MCC and average precision of automatic codings.

    Computed by scikit-learn, with what it silently sets to 0 left undefined.

    Parameters
    ----------
    manual, automatic : array of bool, shape (segments, codes)
        Only segments that a person has read, of transcripts that the model was not trained on.
    codes : sequence of str
    probability : array of float, shape (segments, codes), optional
        For the average precision; NaN throughout a column where a code has none.
    weights : array of shape (segments,), optional
        Sampling weights: where only a sample was coded by hand, recall is wrong without them.

    Raises
    ------
    InputError
        If the shapes do not fit.
    """
    truth, found = np.asarray(manual, dtype=bool), np.asarray(automatic, dtype=bool)
    score = None if probability is None else np.asarray(probability, dtype=np.float64)
    mass = np.ones(len(truth)) if weights is None else np.asarray(weights, dtype=np.float64)
    shape = (len(truth), len(codes))
    if truth.shape != shape or found.shape != shape or (score is not None and score.shape != shape):
        raise InputError(
            Problem(
                what=f"tables of {truth.shape} and {found.shape}",
                where="automatic and manual codings",
                expected=f"one row per segment and {len(codes)} columns, one per code",
            )
        )
    if mass.shape != (len(truth),) or not np.isfinite(mass).all() or (mass < 0).any():
        raise InputError(
            Problem(
                what="weights that cannot be used",
                where="automatic and manual codings",
                expected=f"{len(truth)} numbers from 0",
            )
        )
    rows = [_row(truth[:, i], found[:, i], None if score is None else score[:, i], mass) for i in range(len(codes))]
    table = pd.DataFrame(rows, columns=list(_COLUMNS), index=pd.Index(list(codes), name="code"))
    shares = ("precision", "recall", "f1", "mcc", "average_precision")
    pooled = _row(truth.ravel(), found.ravel(), None if score is None else score.ravel(), np.repeat(mass, len(codes)))
    total = float(mass.sum())
    return AutomaticAgreement(
        table=table,
        micro={name: float(str(pooled[name])) for name in shares},
        macro={name: _mean(table[name].to_numpy(dtype=np.float64)) for name in shares},
        macro_codes={name: int(table[name].notna().sum()) for name in shares},
        segments=len(truth),
        all_codes_right=float(mass @ (truth == found).all(axis=1)) / total if total else math.nan,
        decisions_wrong=float(mass @ (truth != found).sum(axis=1)) / (total * len(codes)) if total else math.nan,
    )


def _row(
    truth: npt.NDArray[np.bool_], found: npt.NDArray[np.bool_], score: FloatArray | None, mass: FloatArray
) -> dict[str, object]:
    from sklearn.metrics import average_precision_score, matthews_corrcoef, precision_recall_fscore_support

    row: dict[str, object] = {
        "manual": int(truth.sum()),
        "automatic": int(found.sum()),
        "both": int((truth & found).sum()),
    }
    row |= dict.fromkeys(("precision", "recall", "f1", "mcc", "average_precision"), math.nan)
    reasons = []
    if truth.any() or found.any():
        # zero_division marks what cannot be divided; F1 without any agreement is a true 0.
        precision, recall, _, _ = precision_recall_fscore_support(
            truth, found, average="binary", sample_weight=mass, zero_division=np.nan
        )
        hits = float(mass @ (truth & found))
        row |= {
            "precision": float(precision),
            "recall": float(recall),
            "f1": 2 * hits / float(mass @ truth + mass @ found),
        }
    if not truth.any():
        reasons.append("no manual coding")
    if not found.any():
        reasons.append("no automatic coding")
    if truth.any() and found.any() and not truth.all() and not found.all():
        row["mcc"] = float(matthews_corrcoef(truth, found, sample_weight=mass))
    elif truth.any() and found.any():
        reasons.append("every segment has this code")
    if score is not None and truth.any() and np.isfinite(score).all():
        row["average_precision"] = float(average_precision_score(truth, score, sample_weight=mass))
    return row | {"reason": ", ".join(reasons)}


def _mean(values: FloatArray) -> float:
    defined = values[~np.isnan(values)]
    return float(defined.mean()) if len(defined) else math.nan
