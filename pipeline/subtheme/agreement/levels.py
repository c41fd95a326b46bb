"""Agreement per code: on segments, or on whether a participant described it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.agreement.alpha import NominalAlpha
from subtheme.agreement.coded_units import CodedUnits
from subtheme.agreement.coefficient import number_or_none
from subtheme.agreement.gwet import PooledAgreement
from subtheme.agreement.intervals import Interval, intervals_of_sums
from subtheme.agreement.kappa import PairKappa
from subtheme.agreement.measure import Measure, ratio
from subtheme.agreement.ratings import FloatArray, IntArray
from subtheme.agreement.specific import NEGATIVE, POSITIVE

Unit: TypeAlias = Literal["segment", "participant"]

RARE_BELOW = 10
"""A code that coders used in fewer segments than this is too rare to judge."""

_ALPHA = NominalAlpha()
_SINGLE: dict[str, Measure] = {
    "percent": PooledAgreement(agreement=np.eye(2), chance="none", name="percent agreement"),
    "positive": POSITIVE,
    "negative": NEGATIVE,
    "alpha": _ALPHA,
    "ac1": PooledAgreement(agreement=np.eye(2), chance="gwet", name="Gwet's AC1"),
}
_KAPPA = PairKappa(agreement=np.eye(2))


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeAgreement:
    """Agreement on one code.

    Attributes
    ----------
    code, name, theme : str
        Id and name of the code, and the name of the theme above it.
    n : int
        Units that two coders or more have judged.
    used : tuple of int
        In how many of these units each coder found the code.
    used_by_any, used_by_all : int
        Units in which any, and all, of those who judged them found the code.
    prevalence : float
        Share of presence among all judgements.
    percent, positive, negative, alpha, kappa, ac1 : float
        NaN where not defined. Kappa is the mean over pairs of coders.
    interval : Interval
        Of alpha, over transcripts: the jackknife.
    resampled : Interval
        The same by the bootstrap, with the share of replicates below .667 and .800.
    prevalence_index, bias_index : float
        What may explain a low kappa.
    reason : str
        Why coefficients are not defined; empty where they are.
    is_rare : bool
        Whether the code is too rare to be judged: counts only.
    """

    code: str
    name: str
    theme: str
    n: int
    used: tuple[int, ...]
    used_by_any: int
    used_by_all: int
    prevalence: float
    percent: float
    positive: float
    negative: float
    alpha: float
    kappa: float
    ac1: float
    interval: Interval
    resampled: Interval
    prevalence_index: float
    bias_index: float
    reason: str
    is_rare: bool

    @property
    def flags(self) -> tuple[str, ...]:
        """What makes kappa and alpha low at high percent agreement: ``prevalence``, ``bias``, both or none."""
        flags: list[str] = []
        if self.prevalence_index > 0.6 and self.percent - self.kappa > 0.3:
            flags.append("prevalence")
        if self.bias_index > 0.1:
            flags.append("bias")
        return tuple(flags)

    def as_dict(self) -> dict[str, object]:
        """Return the row for ``--json``; what is not defined is null."""
        row: dict[str, object] = {"code": self.code, "name": self.name, "theme": self.theme, "n": self.n}
        row |= {"used": list(self.used), "used_by_any": self.used_by_any, "used_by_all": self.used_by_all}
        for name in ("prevalence", "percent", "positive", "negative", "alpha", "kappa", "ac1"):
            row[name] = number_or_none(getattr(self, name))
        row |= {"interval": self.interval.as_dict(), "resampled": self.resampled.as_dict(), "flags": list(self.flags)}
        row |= {"prevalence_index": number_or_none(self.prevalence_index)}
        row |= {"bias_index": number_or_none(self.bias_index), "reason": self.reason, "is_rare": self.is_rare}
        return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Overall:
    """One number over all codes.

    Attributes
    ----------
    name : str
    value : float
    interval : Interval
    codes : int
        Over how many codes it goes.
    of_codes : int
        Of how many.
    reason : str
    """

    name: str
    value: float
    interval: Interval
    codes: int
    of_codes: int
    reason: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return the number for ``--json``."""
        return {
            "name": self.name,
            "value": number_or_none(self.value),
            "interval": self.interval.as_dict(),
            "codes": self.codes,
            "of_codes": self.of_codes,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelAgreement:
    """Agreement on all codes of one level of the codebook.

    Attributes
    ----------
    level : str
        Such as ``sub-theme``.
    unit : {"segment", "participant"}
    coders : tuple of str
    units : int
        Units that two coders or more have judged.
    rows : tuple of CodeAgreement
    macro : Overall
        Unweighted mean of the codes' alphas.
    pooled : Overall
        Alpha over all (unit, code) judgements as one table.
    """

    level: str
    unit: Unit
    coders: tuple[str, ...]
    units: int
    rows: tuple[CodeAgreement, ...]
    macro: Overall
    pooled: Overall

    def row(self, code: str) -> CodeAgreement:
        """Return the row of a code.

        Raises
        ------
        KeyError
            If the code is not on this level.
        """
        for row in self.rows:
            if row.code == code:
                return row
        raise KeyError(code)

    @property
    def table(self) -> pd.DataFrame:
        """One row per code, as it goes to CSV."""
        return pd.DataFrame([_flat(row, self) for row in self.rows])

    def as_dict(self) -> dict[str, object]:
        """Return the level for ``--json``."""
        return {
            "level": self.level,
            "unit": self.unit,
            "coders": list(self.coders),
            "units": self.units,
            "codes": [row.as_dict() for row in self.rows],
            "macro": self.macro.as_dict(),
            "pooled": self.pooled.as_dict(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeName:
    """What to print of a code."""

    code: str
    name: str
    theme: str


def level_agreement(
    judgements: CodedUnits,
    names: Sequence[CodeName],
    *,
    level: str,
    unit: Unit,
    rare_below: int = RARE_BELOW,
    confidence: float = 0.95,
    seed: int = 0,
) -> LevelAgreement:
    """Return the agreement on every code of `judgements`.

    Parameters
    ----------
    judgements : CodedUnits
        At one level of the codebook, of segments or of participants.
    names : sequence of CodeName
        One per code of `judgements`, in the same order.
    level : str
    unit : {"segment", "participant"}
    rare_below : int
        A code used in fewer units than this is marked as too rare to judge.
    confidence : float
        Of the intervals.
    seed : int
        Of the bootstrap.
    """
    patterns = judgements.counted
    total = patterns.total
    values = {name: m.parts(total @ m.features(patterns)).value for name, m in _SINGLE.items()}
    uses = _uses(judgements)
    values |= _explained(judgements, uses)
    sums = patterns.mass @ _ALPHA.features(patterns)
    active = np.asarray(patterns.mass[:, :, patterns.raters >= 2].any(axis=(1, 2)))
    defined = ~np.isnan(values["alpha"])
    intervals = intervals_of_sums(lambda s: _alphas(s, defined), sums, active=active, confidence=confidence)
    resampled = intervals_of_sums(
        lambda s: _ALPHA.parts(s).value, sums, active=active, method="bootstrap", confidence=confidence, seed=seed
    )
    n = judgements.compared_for.sum(axis=1)
    rows = tuple(
        CodeAgreement(
            code=name.code,
            name=name.name,
            theme=name.theme,
            n=int(n[i]),
            used=tuple(int(u) for u in uses.by_coder[:, i]),
            used_by_any=int(uses.by_any[i]),
            used_by_all=int(uses.by_all[i]),
            interval=intervals[i],
            resampled=resampled[i],
            reason=""
            if defined[i]
            else _reason(int(n[i]), int(uses.by_any[i]), unit=unit, coders=len(judgements.coders)),
            is_rare=int(uses.by_any[i]) < rare_below,
            **{key: float(value[i]) for key, value in values.items()},
        )
        for i, name in enumerate(names)
    )
    nothing = "" if defined.any() else "alpha is not defined for any code"
    alphas = _alphas(sums.sum(axis=0, keepdims=True), defined)[0]
    of_codes = len(names)
    return LevelAgreement(
        level=level,
        unit=unit,
        coders=judgements.coders,
        units=int(judgements.compared.sum()),
        rows=rows,
        macro=Overall(
            name="mean alpha over codes",
            value=float(alphas[-2]),
            interval=intervals[-2],
            codes=int(defined.sum()),
            of_codes=of_codes,
            reason=nothing,
        ),
        pooled=Overall(
            name="alpha over all judgements",
            value=float(alphas[-1]),
            interval=intervals[-1],
            codes=of_codes,
            of_codes=of_codes,
            reason=nothing,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Uses:
    """Unweighted counts of compared units in which coders found each code."""

    by_coder: IntArray
    by_any: IntArray
    by_all: IntArray


def _uses(judgements: CodedUnits) -> _Uses:
    present = judgements.found & judgements.compared_for
    # Not judged is no dissent: all who judged the unit found the code.
    everyone = (judgements.present != 0).all(axis=0) & judgements.compared_for
    return _Uses(by_coder=present.sum(axis=2), by_any=present.any(axis=0).sum(axis=1), by_all=everyone.sum(axis=1))


def _explained(judgements: CodedUnits, uses: _Uses) -> dict[str, FloatArray]:
    """Return kappa (mean over pairs), prevalence and the indices that explain it, one value per code."""
    codes = len(judgements.codes)
    kappas = [_KAPPA.parts(p.total @ _KAPPA.features(p)).value for p in judgements.pairs.values()]
    table = np.array(kappas).reshape(-1, codes)
    known = ~np.isnan(table)
    counted = judgements.counted
    pairable = counted.total[:, counted.raters >= 2]
    counts = counted.counts[counted.raters >= 2]
    prevalence = ratio(pairable @ counts[:, 1], pairable @ counts.sum(axis=1))
    is_given = judgements.judged_for & judgements.compared_for
    given: FloatArray = is_given.sum(axis=2).astype(np.float64)
    found = uses.by_coder.astype(np.float64)
    if judgements.weights is not None:
        given, found = is_given @ judgements.weights, (judgements.found & is_given) @ judgements.weights
    highest = np.where(given > 0, ratio(found, given), -np.inf).max(axis=0, initial=-np.inf)
    lowest = np.where(given > 0, ratio(found, given), np.inf).min(axis=0, initial=np.inf)
    spread = np.where(np.isfinite(highest), highest - lowest, np.nan)
    return {
        "kappa": ratio(np.where(known, table, 0.0).sum(axis=0), known.sum(axis=0).astype(np.float64)),
        "prevalence": prevalence,
        "prevalence_index": np.abs(2 * prevalence - 1),
        "bias_index": spread,
    }


def _alphas(sums: FloatArray, defined: npt.NDArray[np.bool_]) -> FloatArray:
    """Return alpha of every code, their mean where defined on all data, and alpha of all pooled."""
    single = _ALPHA.parts(sums).value
    kept = ~np.isnan(single) & defined
    mean = ratio(np.where(kept, single, 0.0).sum(axis=-1), kept.sum(axis=-1).astype(np.float64))
    pooled = _ALPHA.parts(sums.sum(axis=-2)).value
    return np.concatenate([single, mean[..., None], pooled[..., None]], axis=-1)


def _reason(n: int, used: int, unit: Unit, coders: int) -> str:
    if not n:
        return f"no {unit} was judged by two coders"
    who = "neither coder" if coders == 2 else "no coder"
    return f"{who} used this code" if not used else f"every coder used this code in every {unit}"


def _flat(row: CodeAgreement, level: LevelAgreement) -> dict[str, object]:
    flat: dict[str, object] = {"level": level.level, "unit": level.unit, "code": row.code, "name": row.name}
    flat |= {"theme": row.theme, "n": row.n}
    flat |= {f"used_by_{coder}": used for coder, used in zip(level.coders, row.used, strict=True)}
    for name in ("used_by_any", "used_by_all", "prevalence", "percent", "positive", "negative", "alpha"):
        flat[name] = getattr(row, name)
    flat |= {"alpha_low": row.interval.low, "alpha_high": row.interval.high, "transcripts": row.interval.clusters}
    flat |= {"bootstrap_low": row.resampled.low, "bootstrap_high": row.resampled.high}
    flat |= dict(zip(("share_below_667", "share_below_800"), row.resampled.below or (np.nan, np.nan), strict=True))
    for name in ("kappa", "ac1", "prevalence_index", "bias_index"):
        flat[name] = getattr(row, name)
    note = row.reason or row.interval.reason
    return flat | {"flags": " ".join(row.flags), "is_rare": row.is_rare, "reason": note}
