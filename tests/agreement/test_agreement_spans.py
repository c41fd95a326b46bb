"""Freely marked spans: characters, matches and the two families of unitizing alpha."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from subtheme.agreement import (
    Continuum,
    Span,
    alpha_u_2004,
    character_ratings,
    cluster_interval,
    cohen_kappa,
    cu_alpha_2016,
    krippendorff_alpha,
    span_match,
    span_match_curve,
    u_alpha_2016,
    u_alpha_2016_binary,
)
from subtheme.errors import InputError

Place = tuple[str, str, int, int]


def continuum(*places: Place, end: int = 100, coders: tuple[str, ...] = ("Ann", "Ben"), name: str = "T1") -> Continuum:
    spans = [Span(coder=c, code=k, start_char=s, end_char=e) for c, k, s, e in places]
    return Continuum.of(spans, name=name, end_char=end, coders=coders)


def jittered(random: np.random.Generator, name: str, length: int = 3000) -> Continuum:
    places: list[Place] = []
    for start in range(100, length - 200, 400):
        for coder in ("Ann", "Ben"):
            if random.random() < 0.85:
                begin = start + int(random.integers(-20, 20))
                places.append((coder, "wages", begin, begin + 120 + int(random.integers(-20, 20))))
    return continuum(*places, end=length, name=name)


UNITIZING = [alpha_u_2004, u_alpha_2016, u_alpha_2016_binary, cu_alpha_2016]


@pytest.mark.parametrize("measure", UNITIZING, ids=lambda f: f.__name__)
def test_perfect_agreement_is_one(measure: Callable[[Continuum], object]) -> None:
    places: list[Place] = [
        (c, k, s, e) for c in ("Ann", "Ben") for k, s, e in (("a", 5, 20), ("b", 30, 60), ("a", 70, 80))
    ]
    assert measure(continuum(*places)).value == 1.0  # type: ignore[attr-defined]


@pytest.mark.parametrize("measure", UNITIZING, ids=lambda f: f.__name__)
def test_coders_can_be_swapped_and_every_result_names_its_version(measure: Callable[[Continuum], object]) -> None:
    random = np.random.default_rng(5)
    one = jittered(random, "T1")
    other = Continuum.of(
        [
            Span(coder={"Ann": "Ben", "Ben": "Ann"}[s.coder], code="x", start_char=s.start_char, end_char=s.end_char)
            for s in one.spans
        ],
        name="T1",
        end_char=3000,
        coders=["Ann", "Ben"],
    )
    found = measure(one)
    assert math.isclose(found.value, measure(other).value, abs_tol=1e-12) or measure is cu_alpha_2016  # type: ignore[attr-defined]
    assert "2004" in found.name or "2016" in found.name  # type: ignore[attr-defined]


def test_u_alpha_of_one_code_is_close_to_the_alpha_of_characters_and_alpha_u_is_not() -> None:
    random = np.random.default_rng(6)
    for _ in range(5):
        one = jittered(random, "T1")
        characters = krippendorff_alpha(character_ratings([one], code="wages").ratings).value
        assert u_alpha_2016(one).value == pytest.approx(characters, abs=0.01)
        assert abs(alpha_u_2004(one).value - characters) > 0.02


def test_cu_alpha_looks_at_text_that_both_have_marked() -> None:
    """Both ways 20 characters are a-a, 20 a-b and 20 b-b: a third is apart, against 1800 of 2900 by chance."""
    one = continuum(
        ("Ann", "a", 0, 20), ("Ben", "a", 0, 10), ("Ben", "b", 10, 20), ("Ann", "b", 50, 60), ("Ben", "b", 50, 60)
    )
    share = {"a": 30, "b": 30}
    own = {"a": 20**2 + 10**2, "b": 10**2 + 10**2 + 10**2}
    expected = 2 * share["a"] * share["b"] / (60**2 - sum(own.values()))
    assert cu_alpha_2016(one).value == pytest.approx(1 - (20 / 60) / expected)
    only_ann = continuum(("Ann", "a", 0, 20), ("Ben", "a", 30, 40))
    assert cu_alpha_2016(only_ann).reason == "no text was marked by both coders"


@pytest.mark.parametrize("measure", [alpha_u_2004, u_alpha_2016, u_alpha_2016_binary], ids=lambda f: f.__name__)
def test_nothing_marked_is_not_defined(measure: Callable[[Continuum], object]) -> None:
    found = measure(continuum())
    assert math.isnan(found.value)  # type: ignore[attr-defined]
    assert found.reason == "no coder marked a span"  # type: ignore[attr-defined]


def test_the_whole_text_marked_by_all_is_not_defined() -> None:
    one = continuum(("Ann", "a", 0, 100), ("Ben", "a", 0, 100))
    assert u_alpha_2016(one).reason == "every coder gave the whole text one value"
    assert u_alpha_2016_binary(one).reason == "every coder gave the whole text one value"


@pytest.mark.parametrize("measure", UNITIZING, ids=lambda f: f.__name__)
def test_overlapping_spans_of_one_coder_are_refused(measure: Callable[[Continuum], object]) -> None:
    one = continuum(("Ann", "a", 0, 20), ("Ann", "a", 15, 30), ("Ben", "a", 0, 20))
    with pytest.raises(InputError, match=r"T1: spans of coder 'Ann' overlap at character 15; expected .* Merge them"):
        measure(one)


def test_overlapping_spans_of_different_codes_pass_in_2004_and_count_once_in_characters() -> None:
    one = continuum(("Ann", "a", 0, 20), ("Ann", "b", 15, 30), ("Ben", "a", 0, 20), ("Ben", "b", 15, 30))
    assert alpha_u_2004(one).value == 1.0
    twice = continuum(("Ann", "a", 0, 20), ("Ann", "a", 15, 30), ("Ben", "a", 0, 30))
    assert cohen_kappa(character_ratings([twice], code="a").ratings).value == 1.0


def test_coders_are_counted_before_anything_is_computed() -> None:
    with pytest.raises(InputError, match=r"alpha_U 2004, T1: 1 coder; expected two or more"):
        alpha_u_2004(continuum(coders=("Ann",)))
    with pytest.raises(InputError, match=r"cu-alpha 2016, T1: 3 coders; expected two. Use u-alpha"):
        cu_alpha_2016(continuum(coders=("Ann", "Ben", "Cy")))


def test_all_problems_of_a_continuum_come_together() -> None:
    spans = [
        Span(coder="Cy", code="a", start_char=0, end_char=5),
        Span(coder="Ann", code="a", start_char=9, end_char=9),
        Span(coder="Ann", code="a", start_char=90, end_char=120),
    ]
    with pytest.raises(InputError) as refused:
        Continuum.of(spans, name="T1", end_char=100, coders=["Ann", "Ben"], sha256={"Ann": "1f", "Ben": "2f"})
    text = str(refused.value)
    assert len(refused.value.problems) == 4
    assert "T1: the text differs between coders Ann, Ben; expected one text for all coders" in text
    assert "T1, characters 0 to 5: a span of 'Cy', who has not read it" in text
    assert "T1, characters 9 to 9: an empty span; expected an end after its start" in text
    assert "T1, characters 90 to 120: a span outside of the text; expected within 0 to 100" in text


def test_one_text_for_all_coders_is_accepted() -> None:
    same = Continuum.of([], name="T1", end_char=10, coders=["Ann", "Ben"], sha256={"Ann": "1f", "Ben": "1f"})
    assert same.codes == ()


def test_a_transcript_that_a_coder_did_not_read_is_missing_there() -> None:
    read = continuum(("Ann", "a", 0, 20), ("Ben", "a", 0, 20), name="T1")
    alone = continuum(("Ann", "a", 0, 50), coders=("Ann",), name="T2")
    assert cohen_kappa(character_ratings([read, alone], code="a").ratings).n == 100
    assert character_ratings([], code="a").ratings.codes.shape == (0, 0)


def test_characters_have_intervals_over_transcripts() -> None:
    random = np.random.default_rng(7)
    found = character_ratings([jittered(random, f"T{i}") for i in range(12)], code="wages")
    interval = cluster_interval(found.ratings, found.cluster.tolist())
    alpha = krippendorff_alpha(found.ratings)
    assert interval.clusters == 12
    assert interval.low < alpha.value < interval.high
    assert alpha.n == 12 * 3000


def test_spans_match_by_their_overlap() -> None:
    one = continuum(
        ("Ann", "a", 0, 20), ("Ann", "a", 40, 60), ("Ann", "b", 0, 20), ("Ben", "a", 10, 25), ("Ben", "a", 90, 95)
    )
    half = span_match([one], first="Ann", second="Ben", code="a", overlap=0.4)
    assert (half.spans_of_first, half.spans_of_second) == (2, 2)
    assert (half.first_found, half.second_found, half.f1) == (0.5, 0.5, 0.5)
    strict = span_match([one], first="Ann", second="Ben", code="a")
    assert (strict.first_found, strict.f1) == (0.0, 0.0)
    curve = span_match_curve([one], first="Ann", second="Ben", code="a")
    assert [m.first_found for m in curve] == [0.5] * 4 + [0.0] * 6


def test_spans_of_a_coder_who_marked_none_are_not_defined() -> None:
    one = continuum(("Ann", "a", 0, 20))
    found = span_match([one], first="Ann", second="Ben", code="a")
    assert found.first_found == 0.0
    assert math.isnan(found.f1)
    assert found.as_dict()["second_found"] is None
    assert found.reason == "Ben did not use this code where both have read"
    unread = continuum(("Ann", "a", 0, 20), coders=("Ann",))
    assert span_match([unread], first="Ann", second="Ben", code="a").spans_of_first == 0


def test_an_overlap_outside_of_0_and_1_is_refused() -> None:
    with pytest.raises(InputError, match=r"span match: an overlap of 1.5; expected more than 0, at most 1"):
        span_match([], first="Ann", second="Ben", code="a", overlap=1.5)
