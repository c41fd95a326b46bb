"""What must hold for every coefficient, and the proof that the checks can fail."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtheme.agreement import (
    Coefficient,
    Ratings,
    brennan_prediger,
    cluster_interval,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    gwet_ac2,
    krippendorff_alpha,
    mean_pairwise_kappa,
    negative_agreement,
    percent_agreement,
    positive_agreement,
    scott_pi,
    set_alpha,
)
from subtheme.agreement.alpha import Level, alpha_measure
from subtheme.agreement.gwet import Chance, PooledAgreement
from subtheme.agreement.kappa import CongerKappa, PairKappa, PairwiseKappa, agreement_weights
from subtheme.agreement.measure import Measure
from subtheme.agreement.specific import NEGATIVE, POSITIVE, PRESENCE

Units = list[list[Hashable]]


@dataclass(frozen=True)
class Measured:
    """A coefficient, what may be asked of it, and the measure that intervals sum per file for it."""

    name: str
    value: Callable[[Units], Coefficient]
    measure: Callable[[Ratings], Measure]
    coders: int = 3
    missing: bool = True
    nominal: bool = True
    chance: bool = True
    one_value_units: bool = True
    """Whether units with one value change nothing at all."""
    presence: bool = False
    """Whether it asks only where the value 1 is, which may be nowhere."""

    def over_files(self, files: list[Units]) -> float:
        """Return the value when the units come in several files, summed file by file."""
        units = [row for file in files for row in file]
        ratings = Ratings.of(as_presence(units), categories=PRESENCE) if self.presence else Ratings.of(units)
        index = np.repeat(np.arange(len(files)), [len(f) for f in files])
        patterns = ratings.patterns_by(index, clusters=len(files))
        measure = self.measure(ratings)
        return float(measure.parts((patterns.mass @ measure.features(patterns)).sum(axis=0)).value)


def as_sets(units: Units) -> Coefficient:
    return set_alpha([[None if v is None else {str(v)} for v in row] for row in units])


def as_presence(units: Units) -> Units:
    return [[None if v is None else v == 1 for v in row] for row in units]


def of_pool(chance: Chance, weighting: str = "identity") -> Callable[[Ratings], Measure]:
    return lambda r: PooledAgreement(
        agreement=agreement_weights(weighting, len(r.categories)), chance=chance, name=chance
    )


def of_pair(weighting: str = "identity") -> Callable[[Ratings], Measure]:
    return lambda r: PairKappa(agreement=agreement_weights(weighting, len(r.categories)))


def of_alpha(level: Level) -> Callable[[Ratings], Measure]:
    return lambda r: alpha_measure(r.categories, level=level)


MEASURED = [
    Measured("percent", percent_agreement, of_pool("none"), chance=False),
    Measured("cohen", cohen_kappa, of_pair(), coders=2),
    Measured(
        "cohen quadratic",
        lambda u: cohen_kappa(u, weighting="quadratic"),
        of_pair("quadratic"),
        coders=2,
        nominal=False,
    ),
    Measured("pi", scott_pi, of_pool("pooled"), coders=2, one_value_units=False),
    Measured("alpha", krippendorff_alpha, of_alpha("nominal")),
    *(
        Measured(f"alpha {x}", lambda u, x=x: krippendorff_alpha(u, level=x), of_alpha(x), nominal=False)  # type: ignore[misc]
        for x in ("ordinal", "interval", "ratio")
    ),
    Measured("alpha sets", as_sets, of_alpha("nominal")),
    Measured("ac1", gwet_ac1, of_pool("gwet"), one_value_units=False),
    Measured("ac2", gwet_ac2, of_pool("gwet", "quadratic"), one_value_units=False, nominal=False),
    Measured("brennan-prediger", brennan_prediger, of_pool("uniform")),
    Measured("fleiss", fleiss_kappa, of_pool("pooled"), missing=False),
    Measured("fleiss gwet", lambda u: fleiss_kappa(u, missing="gwet"), of_pool("pooled"), one_value_units=False),
    Measured(
        "mean pairwise",
        mean_pairwise_kappa,
        lambda r: PairwiseKappa(coders=r.coders, categories=len(r.categories)),
    ),
    Measured(
        "conger",
        conger_kappa,
        lambda r: CongerKappa(coders=r.coders, categories=len(r.categories)),
        one_value_units=False,
    ),
    Measured("positive", lambda u: positive_agreement(as_presence(u)), lambda _: POSITIVE, chance=False, presence=True),
    Measured("negative", lambda u: negative_agreement(as_presence(u)), lambda _: NEGATIVE, chance=False, presence=True),
]
BY_NAME = pytest.mark.parametrize("measured", MEASURED, ids=lambda m: m.name)
FEW = settings(max_examples=25, deadline=None)


def units_of(coders: int, *, missing: bool) -> st.SearchStrategy[Units]:
    value = st.one_of(st.none(), st.integers(1, 4)) if missing else st.integers(1, 4)
    return st.lists(st.lists(value, min_size=coders, max_size=coders), min_size=1, max_size=12)


def same(one: Coefficient, two: Coefficient) -> bool:
    return one.is_defined == two.is_defined and (not one.is_defined or abs(one.value - two.value) < 1e-9)


def symmetric_in_coders(measured: Measured, units: Units) -> bool:
    return same(measured.value(units), measured.value([row[::-1] for row in units]))


def blind_to_unit_order(measured: Measured, units: Units) -> bool:
    return same(measured.value(units), measured.value(units[::-1]))


def blind_to_names(measured: Measured, units: Units) -> bool:
    other = {1: "walking", 2: "resting", 3: "avoiding", 4: "zeal", None: None}
    return (
        not measured.nominal
        or measured.presence
        or same(measured.value(units), measured.value([[other[v] for v in u] for u in units]))
    )  # type: ignore[index]


def perfect_is_one(measured: Measured, units: Units) -> bool:
    alike = [[row[0] or 1] * len(row) for row in units]
    found = measured.value(alike)
    if measured.chance and len({row[0] for row in alike}) == 1:
        return not found.is_defined and found.reason != ""
    if measured.presence and not found.is_defined:
        return found.reason != ""
    return abs(found.value - 1) < 1e-12


def one_value_units_change_nothing(measured: Measured, units: Units) -> bool:
    if not (measured.missing and measured.one_value_units):
        return True
    lonely = [[1] + [None] * (measured.coders - 1)]
    known = {v for row in units for v in row} >= {1}
    return not known or same(measured.value(units), measured.value(units + lonely * 3))


def blind_to_the_files_that_units_come_in(measured: Measured, units: Units) -> bool:
    """Splitting a transcript in two files changes no value; what intervals sum per file adds up to it."""
    whole = measured.value(units)
    cut = len(units) // 2
    for files in ([units], [units[:cut], units[cut:]], [[row] for row in units]):
        value = measured.over_files(files)
        if np.isnan(value) == whole.is_defined or (whole.is_defined and abs(value - whole.value) > 1e-9):
            return False
    return True


def bounded_and_explained(measured: Measured, units: Units) -> bool:
    found = measured.value(units)
    if not found.is_defined:
        return found.reason != ""
    return found.reason == "" and found.value <= 1 + 1e-12


INVARIANTS = [
    symmetric_in_coders,
    blind_to_unit_order,
    blind_to_names,
    perfect_is_one,
    one_value_units_change_nothing,
    blind_to_the_files_that_units_come_in,
    bounded_and_explained,
]


@BY_NAME
@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda f: f.__name__)
def test_invariant(invariant: Callable[[Measured, Units], bool], measured: Measured) -> None:
    @FEW
    @given(units_of(measured.coders, missing=measured.missing))
    def holds(units: Units) -> None:
        assert invariant(measured, units)

    holds()


def broken_value(units: Units) -> Coefficient:
    """Give more for the first coder, the first unit and the letters of names, and 0.9 at most; never undefined."""
    first = units[0][0]
    level = sum(len(str(v)) for row in units for v in row) + 0.3 * (first if isinstance(first, int) else 7)
    return Coefficient(name="broken", value=2 - 0.01 * level)


class MeanOfFiles(Measured):
    """What no coefficient may be: the mean of its values in each file."""

    def over_files(self, files: list[Units]) -> float:
        return float(np.mean([self.value(units).value for units in files]))


BROKEN = MeanOfFiles("broken", broken_value, of_alpha("nominal"))


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda f: f.__name__)
def test_the_invariants_see_a_broken_coefficient(invariant: Callable[[Measured, Units], bool]) -> None:
    units: Units = [[1, 2, 2], [3, 3, 4], [2, 1, 4]]
    assert not invariant(BROKEN, units)


@pytest.mark.parametrize("broken", [0.0, 1.0])
def test_a_number_in_place_of_not_defined_is_seen(broken: float) -> None:
    wrong = Measured("0 or 1", lambda _: Coefficient(name="x", value=broken), of_alpha("nominal"))
    assert not perfect_is_one(wrong, [[2, 2, 2], [2, 2, 2]])


@FEW
@given(units_of(2, missing=False))
def test_alpha_is_pi_with_a_small_sample_term(units: Units) -> None:
    pi, alpha = scott_pi(units), krippendorff_alpha(units)
    assert pi.is_defined == alpha.is_defined
    if pi.is_defined:
        n = 2 * len(units)
        assert alpha.value == pytest.approx(1 - (1 - pi.value) * (n - 1) / n)


@FEW
@given(st.lists(st.integers(0, 30), min_size=4, max_size=4))
def test_prevalence_and_bias_explain_kappa(cells: list[int]) -> None:
    from subtheme.agreement import prevalence_bias

    table = Ratings.of_table([cells[:2], cells[2:]], categories=(False, True))
    kappa, pabak = cohen_kappa(table), brennan_prediger(table)
    if kappa.is_defined:
        explained = prevalence_bias(table)
        p2, b2 = explained.prevalence_index**2, explained.bias_index**2
        assert kappa.value == pytest.approx((pabak.value - p2 + b2) / (1 - p2 + b2))


@FEW
@given(units_of(2, missing=False))
def test_weights_that_tell_nothing_apart_are_no_weights(units: Units) -> None:
    scale = (1, 2, 3, 4)
    apart = 1 - np.eye(4)
    plain = cohen_kappa(units, categories=scale)
    assert same(plain, cohen_kappa(units, weighting=apart, kind="disagreement", categories=scale))
    assert same(krippendorff_alpha(units), krippendorff_alpha(units, distance=apart, categories=scale))


@FEW
@given(units_of(3, missing=True))
def test_the_family_for_many_coders_agrees_with_itself(units: Units) -> None:
    assert same(gwet_ac1(units), gwet_ac2(units, weighting="identity"))
    assert same(krippendorff_alpha(units), as_sets(units))


@FEW
@given(units_of(3, missing=True), st.lists(st.integers(1, 3), min_size=12, max_size=12))
def test_weighting_a_unit_is_not_repeating_it_but_gives_the_same_shares(units: Units, times: list[int]) -> None:
    weights = times[: len(units)]
    repeated = [row for row, count in zip(units, weights, strict=True) for _ in range(count)]
    assert same(percent_agreement(units, weights=weights), percent_agreement(repeated))
    assert same(gwet_ac1(units, weights=weights), gwet_ac1(repeated))
    assert same(positive_agreement(as_presence(units), weights=weights), positive_agreement(as_presence(repeated)))


@FEW
@given(units_of(3, missing=True))
def test_weights_of_one_change_nothing(units: Units) -> None:
    for measure in (percent_agreement, krippendorff_alpha, gwet_ac1, conger_kappa, mean_pairwise_kappa):
        assert same(measure(units), measure(units, weights=[1.0] * len(units)))


@FEW
@given(units_of(2, missing=False))
def test_positive_agreement_is_f1_of_one_coder_against_the_other(units: Units) -> None:
    from sklearn.metrics import f1_score

    rows = as_presence(units)
    one, two = ([bool(row[i]) for row in rows] for i in (0, 1))
    found = positive_agreement(rows)
    if found.is_defined:
        assert found.value == pytest.approx(f1_score(one, two, zero_division=0.0))
    flipped = [[not v for v in row] for row in rows]
    assert same(negative_agreement(rows), positive_agreement(flipped))


def test_random_coders_score_zero_within_the_interval() -> None:
    random = np.random.default_rng(11)
    ratings = random.random((40 * 60, 2)) < 0.5
    for measure in ("alpha", "kappa", "ac1"):
        interval = cluster_interval(ratings, np.repeat(np.arange(40), 60).tolist(), measure=measure)  # type: ignore[arg-type]
        assert interval.low < 0 < interval.high
