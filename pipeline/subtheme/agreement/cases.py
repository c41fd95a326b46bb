"""Run published worked examples: ``python -m subtheme.agreement.cases FILE.json [--json]``.

The file lists cases with data, and for each the values that were printed for them. Every value
that differs is shown, then ``N of M values agree``; the command ends with 1 if any differs.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from subtheme.agreement.alpha import alpha_error, krippendorff_alpha
from subtheme.agreement.automatic import AutomaticAgreement, automatic_agreement
from subtheme.agreement.coefficient import Coefficient, number_or_none
from subtheme.agreement.gwet import (
    Chance,
    PooledAgreement,
    brennan_prediger,
    fleiss_deviate,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    percent_agreement,
    pooled_error,
    scott_pi,
)
from subtheme.agreement.kappa import (
    agreement_weights,
    bangdiwala_b,
    cohen_kappa,
    conger_error,
    conger_kappa,
    mean_pairwise_kappa,
)
from subtheme.agreement.linearised import Divisor
from subtheme.agreement.ratings import Ratings
from subtheme.agreement.sets import set_alpha, set_distance
from subtheme.agreement.spans import Continuum, Span
from subtheme.agreement.specific import prevalence_bias, specific_agreement
from subtheme.agreement.unitizing import alpha_u_2004, cu_alpha_2016, u_alpha_2016, u_alpha_2016_binary
from subtheme.errors import InputError, Problem

FORMAT = "agreement-cases/1"
Data: TypeAlias = Mapping[str, Any]
Params: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedValue:
    """One printed value beside ours.

    Attributes
    ----------
    case, metric : str
    params : str
        As JSON.
    expected, found : tuple of float
    tolerance : float
    outcome : str
        ``agrees``, ``differs``, ``not offered`` or ``unknown``.
    """

    case: str
    metric: str
    params: str
    expected: tuple[float, ...]
    found: tuple[float, ...]
    tolerance: float
    outcome: str

    def as_dict(self) -> dict[str, object]:
        """Return the value for ``--json``; what is not defined is null."""
        return asdict(self) | {"found": [number_or_none(v) for v in self.found]}

    def __str__(self) -> str:
        """Return the value as one line."""
        options = "" if self.params == "{}" else f" {self.params}"
        if self.outcome in ("not offered", "unknown"):
            return f"{self.outcome}: {self.case}, {self.metric}{options}"
        return (
            f"{self.outcome}: {self.case}, {self.metric}{options}: printed {_numbers(self.expected)}, "
            f"ours {_numbers(self.found)}, tolerance {self.tolerance:g}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCases:
    """All values of a file of cases."""

    values: tuple[CheckedValue, ...]

    @property
    def counted(self) -> tuple[CheckedValue, ...]:
        """The values of measures that are offered."""
        return tuple(v for v in self.values if v.outcome != "not offered")

    @property
    def differing(self) -> tuple[CheckedValue, ...]:
        """The values that differ, or whose measure is unknown."""
        return tuple(v for v in self.counted if v.outcome != "agrees")

    def as_dict(self) -> dict[str, object]:
        """Return the outcome for ``--json``."""
        return {
            "agree": len(self.counted) - len(self.differing),
            "values": len(self.counted),
            "differ": [v.as_dict() for v in self.differing],
            "not_offered": [v.as_dict() for v in self.values if v.outcome == "not offered"],
        }

    def __str__(self) -> str:
        """Return what differs, what is not offered, and the count."""
        lines = [str(v) for v in self.differing]
        lines += [str(v) for v in self.values if v.outcome == "not offered"]
        agree = len(self.counted) - len(self.differing)
        return "\n".join([*lines, f"{agree} of {len(self.counted)} values agree"])


def check_cases(content: Data, *, where: str) -> CheckedCases:
    """Return our value beside every printed one.

    Raises
    ------
    InputError
        If `content` is not in the format ``agreement-cases/1``.
    """
    if not isinstance(content, Mapping) or content.get("format") != FORMAT:
        raise InputError(Problem(what="not a file of agreement cases", where=where, expected=f'"format": "{FORMAT}"'))
    values = []
    for number, case in enumerate(content.get("cases", []), start=1):
        try:
            values += [_check(str(case["id"]), case["data"], expectation) for expectation in case["expect"]]
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise InputError(
                Problem(
                    what=f"the case cannot be read ({type(error).__name__}: {error})",
                    where=f"{where}, case {number}",
                    expected="id, data and expect as the format says",
                )
            ) from error
    return CheckedCases(values=tuple(values))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m subtheme.agreement.cases", description=__doc__)
    parser.add_argument("file", type=Path, help="cases in the format agreement-cases/1")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    options = parser.parse_args(arguments)
    try:
        checked = check_cases(_read(options.file), where=options.file.name)
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    text = json.dumps(checked.as_dict(), ensure_ascii=False, indent=1) if options.json else str(checked)
    sys.stdout.write(f"{text}\n")
    return 1 if checked.differing else 0


def _read(path: Path) -> Data:
    try:
        content: Data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(Problem(what=f"cannot be read ({error.strerror})", where=str(path))) from None
    except ValueError:
        raise InputError(Problem(what="not JSON", where=path.name, expected="a file of agreement cases")) from None
    return content


def _check(case: str, data: Data, expectation: Data) -> CheckedValue:
    metric, params = str(expectation["metric"]), expectation.get("params", {})
    expected = tuple(float(v) for v in np.atleast_1d(expectation["value"]))
    tolerance = float(expectation["tolerance"])
    found: tuple[float, ...] = ()
    if metric in _NOT_OFFERED:
        outcome = "not offered"
    elif metric not in _METRICS:
        outcome = "unknown"
    else:
        found = tuple(float(v) for v in np.atleast_1d(_METRICS[metric](data, params)))
        near = len(found) == len(expected) and np.allclose(found, expected, rtol=0, atol=tolerance)
        outcome = "agrees" if near else "differs"
    return CheckedValue(
        case=case,
        metric=metric,
        params=json.dumps(params, ensure_ascii=False, sort_keys=True),
        expected=expected,
        found=found,
        tolerance=tolerance,
        outcome=outcome,
    )


def _numbers(values: tuple[float, ...]) -> str:
    return ", ".join(f"{v:.8g}" for v in values)


def _ratings(data: Data) -> Ratings:
    if data["type"] == "table":
        return Ratings.of_table(data["counts"], categories=data["categories"])
    if data["type"] == "counts":
        return Ratings.of_counts(data["counts"], categories=data["categories"])
    if data["type"] == "table_note":
        return Ratings.of_table([[data["both"], data["one"]], [0, data["neither"]]])
    return Ratings.of(data["units"], categories=data.get("ordered_categories"))


def _kappa(data: Data, params: Params) -> Any:
    weighting = params.get("weights") or "identity"
    return cohen_kappa(_ratings(data), weighting=weighting, kind=params.get("weights_kind", "agreement"))


def _pooled_error(data: Data, params: Params, chance: Chance) -> float:
    table = _ratings(data)
    weights = params.get("weights", "identity")
    measure = PooledAgreement(agreement=agreement_weights(weights, len(table.categories)), chance=chance, name="")
    return pooled_error(measure, table, divisor=_divisor(params)).value


def _ac1_interval(data: Data, params: Params) -> tuple[float, float]:
    return replace(gwet_ac1(_ratings(data)), standard_error=_pooled_error(data, params, "gwet")).independent_interval()


def _divisor(params: Params) -> Divisor:
    return "n" if params.get("se_denominator") == "n" else "n - 1"


def _conger_error(data: Data, params: Params) -> float:
    table = _ratings(data)
    return conger_error(table, conger_kappa(table), divisor=_divisor(params)).value


def _alpha(data: Data, params: Params) -> Coefficient:
    level = params.get("level", "nominal")
    if level == "custom":
        return krippendorff_alpha(_ratings(data), distance=params["distance"])
    return krippendorff_alpha(_ratings(data), level=level)


def _category(data: Data, params: Params) -> Ratings:
    return _ratings(data).one_against_rest(params["category"])


_SET_DISTANCES: dict[str, Any] = {
    "jaccard": "jaccard",
    "masi2006": "masi-2006",
    "passonneau2004": "passonneau-2004",
    "jaccard_times_passonneau2004": "jaccard-times-passonneau-2004",
}


def _sets(data: Data, params: Params) -> Coefficient:
    return set_alpha(data["units"], distance=_SET_DISTANCES[params["distance"]])


def _distances(data: Data, params: Params) -> list[float]:
    return [set_distance(a, b, distance=_SET_DISTANCES[params["distance"]]) for a, b in data["pairs"]]


def _continuum(data: Data) -> Continuum:
    spans = [Span(coder=str(c), code=label, start_char=b, end_char=b + n) for c, b, n, label in data["spans"]]
    return Continuum.of(
        spans,
        name="case",
        start_char=data["begin"],
        end_char=data["begin"] + data["length"],
        coders=[str(c) for c in range(data["coders"])],
    )


def _unitized(data: Data, params: Params) -> Coefficient:
    return alpha_u_2004(_continuum(data), code=params.get("label"))


def _automatic(data: Data) -> AutomaticAgreement:
    if data["type"] == "truth_pred":
        columns = np.array(data["truth"])[:, None] > 0, np.array(data["pred"])[:, None] > 0
    else:
        columns = np.array(data["truth"], dtype=bool), np.array(data["pred"], dtype=bool)
    return automatic_agreement(*columns, codes=[str(i) for i in range(columns[0].shape[1])])


_NOT_OFFERED = ("gamma", "gamma_cat", "gamma_best_alignment_disorder")

_METRICS: dict[str, Callable[[Data, Params], Any]] = {
    "percent_agreement": lambda d, _: percent_agreement(_ratings(d)).value,
    "percent_agreement_se": lambda d, p: _pooled_error(d, p, "none"),
    "cohen_kappa": lambda d, p: _kappa(d, p).value,
    "cohen_expected_agreement": lambda d, p: _kappa(d, p).expected,
    "cohen_kappa_se": lambda d, p: _kappa(d, p).standard_error,
    "cohen_kappa_ci_low": lambda d, p: _kappa(d, p).independent_interval()[0],
    "cohen_kappa_ci_high": lambda d, p: _kappa(d, p).independent_interval()[1],
    "cohen_kappa_se_null": lambda d, p: _kappa(d, p).null_error,
    "cohen_kappa_max": lambda d, p: _kappa(d, p).maximum,
    "cohen_kappa_se_gwet": _conger_error,
    "scott_pi": lambda d, _: scott_pi(_ratings(d)).value,
    "scott_pi_se_gwet": lambda d, p: _pooled_error(d, p, "pooled"),
    "brennan_prediger": lambda d, _: brennan_prediger(_ratings(d)).value,
    "brennan_prediger_se": lambda d, p: _pooled_error(d, p, "uniform"),
    "pabak": lambda d, _: brennan_prediger(_ratings(d)).value,
    "randolph_kappa": lambda d, _: brennan_prediger(_ratings(d)).value,
    "bangdiwala_b": lambda d, _: bangdiwala_b(_ratings(d)).value,
    "hubert_kappa": lambda d, _: conger_kappa(_ratings(d)).value,
    "conger_kappa": lambda d, _: conger_kappa(_ratings(d)).value,
    "conger_kappa_se_gwet": _conger_error,
    "light_kappa": lambda d, _: mean_pairwise_kappa(_ratings(d)).value,
    "fleiss_kappa": lambda d, _: fleiss_kappa(_ratings(d), missing="gwet").value,
    "fleiss_kappa_category": lambda d, p: fleiss_kappa(_category(d, p), missing="gwet").value,
    "fleiss_kappa_z": lambda d, _: fleiss_deviate(_ratings(d)),
    "fleiss_kappa_se_gwet": lambda d, p: _pooled_error(d, p, "pooled"),
    "fleiss_kappa_ci_low_gwet": lambda d, _: fleiss_kappa(_ratings(d), missing="gwet").independent_interval()[0],
    "fleiss_expected_agreement": lambda d, _: fleiss_kappa(_ratings(d), missing="gwet").expected,
    "gwet_ac1": lambda d, _: gwet_ac1(_ratings(d)).value,
    "gwet_ac1_se": lambda d, p: _pooled_error(d, p, "gwet"),
    "gwet_ac1_ci_low": lambda d, p: _ac1_interval(d, p)[0],
    "gwet_ac1_ci_high": lambda d, p: _ac1_interval(d, p)[1],
    "gwet_ac2": lambda d, p: gwet_ac2(_ratings(d), weighting=p["weights"]).value,
    "gwet_ac2_se": lambda d, p: _pooled_error(d, p, "gwet"),
    "krippendorff_alpha": lambda d, p: _alpha(d, p).value,
    "alpha_value": lambda d, p: krippendorff_alpha(_category(d, p)).value,
    "alpha_observed_disagreement": lambda d, p: _alpha(d, p).observed_disagreement,
    "alpha_expected_disagreement": lambda d, p: _alpha(d, p).expected_disagreement,
    "alpha_expected_agreement": lambda d, p: _alpha(d, p).expected,
    "krippendorff_alpha_se_gwet": lambda d, _: alpha_error(_ratings(d)),
    "prevalence_index": lambda d, _: prevalence_bias(_presence(d)).prevalence_index,
    "bias_index": lambda d, _: prevalence_bias(_presence(d)).bias_index,
    "positive_agreement": lambda d, p: specific_agreement(_ratings(d), p["category"]).value,
    "alpha_sets": lambda d, p: _sets(d, p).value,
    "alpha_sets_observed": lambda d, p: _sets(d, p).observed_disagreement,
    "alpha_sets_expected": lambda d, p: _sets(d, p).expected_disagreement,
    "set_distance": _distances,
    "alpha_u_2004": lambda d, p: _unitized(d, p).value,
    "alpha_u_2004_observed": lambda d, p: _unitized(d, p).observed_disagreement,
    "alpha_u_2004_expected": lambda d, p: _unitized(d, p).expected_disagreement,
    "u_alpha_2016": lambda d, _: u_alpha_2016(_continuum(d)).value,
    "u_alpha_2016_binary": lambda d, _: u_alpha_2016_binary(_continuum(d)).value,
    "cu_alpha_2016": lambda d, _: cu_alpha_2016(_continuum(d)).value,
    "mcc": lambda d, _: _automatic(d).table["mcc"].to_list(),
    "f1_per_label": lambda d, _: _automatic(d).table["f1"].to_list(),
    "f1_micro": lambda d, _: _automatic(d).micro["f1"],
    "f1_macro": lambda d, _: _automatic(d).macro["f1"],
    "subset_accuracy": lambda d, _: _automatic(d).all_codes_right,
    "hamming_loss": lambda d, _: _automatic(d).decisions_wrong,
}


def _presence(data: Data) -> Ratings:
    return _ratings({**data, "categories": [True, False]})


if __name__ == "__main__":
    raise SystemExit(main())
