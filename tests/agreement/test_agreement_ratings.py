"""Ratings that cannot be used, and coefficients that are not defined."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtheme.agreement import (
    Coefficient,
    Ratings,
    alpha_per_value,
    bangdiwala_b,
    brennan_prediger,
    cohen_kappa,
    conger_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    mean_pairwise_kappa,
    negative_agreement,
    percent_agreement,
    positive_agreement,
    prevalence_bias,
    scott_pi,
    set_alpha,
    set_distance,
    specific_agreement,
)
from subtheme.errors import InputError

CHANCE_CORRECTED = [
    krippendorff_alpha,
    cohen_kappa,
    scott_pi,
    gwet_ac1,
    brennan_prediger,
    fleiss_kappa,
    mean_pairwise_kappa,
    conger_kappa,
]


@pytest.mark.parametrize("measure", CHANCE_CORRECTED, ids=lambda f: f.__name__)
def test_units_all_alike_are_not_defined(measure: Callable[..., Coefficient]) -> None:
    found = measure([["a", "a"], ["a", "a"]])
    assert math.isnan(found.value)
    assert found.reason == "all ratings are in one category, so there is nothing to tell apart"
    assert found.observed == 1.0
    assert found.as_dict()["value"] is None
    assert str(found).startswith("not defined (all ratings")


@pytest.mark.parametrize("measure", [*CHANCE_CORRECTED, percent_agreement], ids=lambda f: f.__name__)
def test_coders_who_share_no_unit_are_not_defined(measure: Callable[..., Coefficient]) -> None:
    units = [["a", None], [None, "b"]]
    found = measure(units) if measure is not fleiss_kappa else measure(units, missing="gwet")
    assert math.isnan(found.value)
    assert found.reason == "no unit was rated by two coders"


@pytest.mark.parametrize(
    "measure", [f for f in CHANCE_CORRECTED if f not in (cohen_kappa, scott_pi)], ids=lambda f: f.__name__
)
def test_one_coder_is_not_defined(measure: Callable[..., Coefficient]) -> None:
    assert measure([["a"], ["b"]]).reason == "no unit was rated by two coders"


@pytest.mark.parametrize("measure", [*CHANCE_CORRECTED, percent_agreement], ids=lambda f: f.__name__)
@pytest.mark.parametrize("table", [[], pd.DataFrame({"A": [], "B": []})], ids=["no coders", "two coders"])
def test_no_units_at_all_are_not_defined(measure: Callable[..., Coefficient], table: object) -> None:
    if measure in (cohen_kappa, scott_pi) and isinstance(table, list):
        with pytest.raises(InputError, match="0 coders; expected two"):
            measure(table)
        return
    assert measure(table).reason == "no unit was rated by two coders"


def test_no_sets_at_all_are_not_defined() -> None:
    assert set_alpha([]).reason == "no unit was rated by two coders"


def test_nan_none_and_na_are_missing() -> None:
    expected = krippendorff_alpha([[1, 1], [2, None], [1, 2], [2, 2]]).value
    assert krippendorff_alpha(np.array([[1, 1], [2, np.nan], [1, 2], [2, 2]])).value == expected
    assert krippendorff_alpha(pd.DataFrame({"A": [1, 2, 1, 2], "B": [1, pd.NA, 2, 2]})).value == expected
    assert krippendorff_alpha([[1, 1], [2, math.nan], [1, 2], [2, 2]]).value == expected


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.one_of(st.none(), st.integers(-3, 3)), min_size=2, max_size=2), min_size=1, max_size=9))
def test_numbers_in_an_array_are_read_like_values_one_by_one(units: list[list[int | None]]) -> None:
    array = np.array([[math.nan if v is None else v for v in row] for row in units], dtype=np.float64)
    one, two = Ratings.of(array), Ratings.of(units)
    assert one.categories == two.categories
    assert (one.codes == two.codes).all()


@pytest.mark.parametrize(
    "array",
    [
        np.array([[math.inf, 1.0]]),
        np.array([[-math.inf, 1.0]]),
        np.array([[1.0, 1.5]]),
        np.array([[2.0**60, 2.0**60]]),
        np.array([[2**62, 2**62 + 3]]),
        np.array([[-(2**62), 5]]),
        np.array([[2**64 - 1, 2**64 - 3]], dtype=np.uint64),
        np.array([[0, 255]], dtype=np.uint8),
        np.array([[-128, 127]], dtype=np.int8),
        np.array([[-3.0, 2.0], [5.0, math.nan]]),
        np.array([[0.0, 4096.0], [math.nan, 7.0]]),
    ],
    ids=str,
)
def test_numbers_at_the_edges_of_their_kind_are_read_like_values_one_by_one(array: np.ndarray) -> None:
    one, two = Ratings.of(array), Ratings.of([[None if v != v else v for v in row] for row in array.tolist()])
    assert one.categories == two.categories
    assert (one.codes == two.codes).all()


def test_numbers_that_are_not_whole_or_far_apart_are_values_too() -> None:
    assert Ratings.of(np.array([[0.5, 1.25], [1.25, 0.5]])).categories == (0.5, 1.25)
    assert Ratings.of(np.array([[0.0, 1e12], [1e12, 0.0]])).categories == (0.0, 1e12)
    assert Ratings.of(np.array([[True, False]])).categories == (False, True)


def test_many_coders_with_many_values_do_not_need_a_table_of_all_patterns() -> None:
    random = np.random.default_rng(1)
    units = random.integers(0, 40, (60, 14))
    counts = np.stack([(units == v).sum(axis=1) for v in range(40)], axis=1)
    assert krippendorff_alpha(units).value == pytest.approx(krippendorff_alpha(Ratings.of_counts(counts)).value)


@pytest.mark.parametrize(
    ("units", "options", "message"),
    [
        ([["a", "b"], ["a"]], {}, "ratings: rows of unequal length; expected one value per coder in every row"),
        ([["a", ""]], {}, "ratings: an empty string as a rating. Use None for a unit not rated"),
        (
            [["yes", "noo"]],
            {"categories": ["yes", "no"]},
            "rating 'noo' is not on the scale; expected one of yes, no. Did",
        ),
        ([["a", "b"]], {"weights": [0.0]}, "weights that cannot be used; expected 1 positive numbers"),
        ([["a", "b"]], {"weights": [1.0, 2.0]}, "weights that cannot be used"),
        ([["a", "b"]], {"weights": [math.nan]}, "weights that cannot be used"),
        ([["a", "b"]], {"level": "rank"}, "unknown level 'rank'; expected one of nominal, ordinal, interval, ratio"),
        ([["a", "b"]], {"level": "interval"}, "categories that are no numbers; expected numbers. Use level nominal"),
        ([["a", "b"]], {"distance": [[0, 1], [2, 0]]}, "a distance that cannot be used; expected 2 rows and columns"),
        ([["a", "b"]], {"distance": lambda a, b: 1.0}, "a distance that cannot be used"),
    ],
)
def test_ratings_that_cannot_be_used_are_refused(units: list[list[str]], options: dict, message: str) -> None:
    with pytest.raises(InputError) as refused:
        krippendorff_alpha(units, **options)
    assert message in str(refused.value)


def test_all_problems_of_ratings_come_together() -> None:
    with pytest.raises(InputError) as refused:
        Ratings.of([["x", "y"], ["", "a"]], categories=["a"])
    assert len(refused.value.problems) == 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cohen_kappa([[1, 1, 1]]), "3 coders; expected two. Use Krippendorff's alpha, or the mean pairwise"),
        (lambda: scott_pi([[1, 1, 1]]), "Scott's pi: 3 coders; expected two. Use Fleiss' kappa"),
        (lambda: bangdiwala_b([[1, 1, 1]]), "3 coders; expected two"),
        (lambda: fleiss_kappa([[1, 1], [1, None]]), "1 of 2 units lack a rating; expected the same number of ratings"),
        (lambda: fleiss_kappa([[1, 1], [1, None]]), "Use Krippendorff's alpha, which is defined with missing ratings"),
        (
            lambda: cohen_kappa([[1, 2]], weighting="cubic"),
            "unknown weighting 'cubic'; expected one of identity, linear",
        ),  # type: ignore[arg-type]
        (
            lambda: cohen_kappa([[1, 2]], weighting=np.eye(3)),
            "weights that cannot be used; expected 2 rows and columns",
        ),
        (lambda: specific_agreement([["a", "b"]], "c"), "category 'c' is not on the scale; expected one of a, b"),
        (lambda: positive_agreement(Ratings.of([["a", "b"]])), "category 'a'; expected true (present) or false"),
        (lambda: positive_agreement([["a", "b"]]), "rating 'a' is not on the scale; expected one of False, True"),
        (lambda: set_alpha([[{"a"}], [{"a"}, {"b"}]]), "sets of codes: rows of unequal length; expected one set per"),
        (
            lambda: set_distance("a", "b", distance="dice"),
            "unknown distance 'dice'; expected one of jaccard, masi-2006",
        ),  # type: ignore[arg-type]
        (lambda: Ratings.of_table([[1, 2]]), "a table of shape (1, 2); expected as many rows as columns"),
        (lambda: Ratings.of_table([[1, 0.5], [0, 0]]), "contingency table: a cell that is no count; expected whole"),
        (lambda: Ratings.of_counts([[-1, 2]]), "counts of ratings: a cell that is no count"),
        (
            lambda: Ratings.of(Ratings.of([[1, 2]]), categories=[1]),
            "ratings that already have a scale were given another",
        ),
    ],
)
def test_what_a_measure_cannot_take_is_refused(call: Callable[[], object], message: str) -> None:
    with pytest.raises(InputError) as refused:
        call()
    assert message in str(refused.value)


def test_a_category_that_nobody_used_is_not_defined() -> None:
    assert positive_agreement([[False, False]]).reason == "no coder used this code"
    assert negative_agreement([[True, True]]).reason == "every coder used this code everywhere"
    table = Ratings.of([["a", "a"]], categories=["a", "b"])
    assert specific_agreement(table, "b").reason == "no coder used this category"
    assert bangdiwala_b([["a", None], [None, "b"]]).reason == "no unit was rated by two coders"
    assert bangdiwala_b([["a", "b"]]).reason == "the coders share no category"


def test_prevalence_and_bias_without_pairs_are_not_defined() -> None:
    found = prevalence_bias([[True, None], [None, False]])
    assert found.reason == "no unit was rated by two coders"
    assert found.as_dict()["prevalence_index"] is None


def test_prevalence_and_bias_are_named_for_what_they_are() -> None:
    found = prevalence_bias([[True, False]] * 3 + [[True, True]] + [[False, False]] * 6)
    assert (found.prevalence, found.bias_index) == (pytest.approx(0.25), pytest.approx(0.3))
    assert found.prevalence_index == pytest.approx(0.5)


def test_declared_categories_count_for_brennan_prediger() -> None:
    units = [["a", "a"], ["a", "b"], ["b", "b"]]
    assert brennan_prediger(units, categories="abc").value > brennan_prediger(units).value
    assert gwet_ac1(units, categories="abc").k == 3


def test_every_value_has_its_own_alpha() -> None:
    found = alpha_per_value([["a", "a"], ["b", "b"], ["c", "b"], ["c", "c"]])
    assert list(found) == ["a", "b", "c"]
    assert found["a"].value == 1.0
    assert found["b"].value < 1
    assert found["b"].name == "Krippendorff's alpha, 'b' against the rest"


def test_sampling_weights_stay_with_every_view_of_the_ratings() -> None:
    table = Ratings.of([["a", "a", "b"], ["b", "b", "b"]], weights=[1, 3])
    assert table.one_against_rest("a").weights is table.weights
    assert Ratings.of(table).weights is table.weights
    assert percent_agreement(table).value == pytest.approx((1 / 3 + 3 * 1) / 4)


def test_kappa_reports_its_errors_and_its_maximum() -> None:
    kappa = cohen_kappa(Ratings.of_table([[45, 15], [25, 15]]))
    low, high = kappa.independent_interval()
    assert low < kappa.value < high
    assert kappa.value < kappa.maximum < 1
    assert math.isnan(cohen_kappa([["a", "a"]]).standard_error)
    assert all(math.isnan(end) for end in krippendorff_alpha([["a", "b"], ["b", "b"]]).independent_interval())
