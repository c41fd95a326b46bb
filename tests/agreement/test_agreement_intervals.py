"""Intervals over interviews."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtheme.agreement import Clusters, Ratings, cluster_interval, interview_clusters, krippendorff_alpha
from subtheme.agreement.coefficient import t_quantile
from subtheme.agreement.intervals import intervals_of_sums
from subtheme.errors import InputError


def coded(transcripts: int, *, segments: int = 30, seed: int = 1) -> tuple[np.ndarray, list[str]]:
    random = np.random.default_rng(seed)
    there = random.random(transcripts * segments) < 0.2
    rows = np.column_stack(
        [np.where(there, random.random(len(there)) < 0.8, random.random(len(there)) < 0.03) for _ in range(2)]
    )
    return rows, [f"T{i:02d}" for i in range(transcripts) for _ in range(segments)]


def test_the_default_is_the_jackknife_by_hand() -> None:
    rows, names = coded(14)
    found = cluster_interval(rows, names)
    transcript = np.array(names)
    values = [krippendorff_alpha(rows[transcript != t]).value for t in sorted(set(names))]
    z = np.arctanh(values)
    error = math.sqrt(13 / 14 * ((z - z.mean()) ** 2).sum())
    centre = math.atanh(krippendorff_alpha(rows).value)
    ends = np.tanh([centre - t_quantile(0.975, 13) * error, centre + t_quantile(0.975, 13) * error])
    assert (found.low, found.high) == (pytest.approx(ends[0]), pytest.approx(ends[1]))
    assert (found.method, found.clusters, found.seed, found.is_indicative) == ("jackknife", 14, None, False)


def test_the_bootstrap_draws_transcripts_and_records_its_seed() -> None:
    rows, names = coded(14)
    one = cluster_interval(rows, names, method="bootstrap", replicates=400, seed=5)
    assert one == cluster_interval(rows, names, method="bootstrap", replicates=400, seed=5)
    assert one != cluster_interval(rows, names, method="bootstrap", replicates=400, seed=6)
    assert (one.seed, one.replicates) == (5, 400)
    assert len(one.below) == 2
    assert one.below[0] <= one.below[1]
    random = np.random.default_rng(0)
    blocks = np.arange(len(rows)).reshape(14, -1)
    values = [krippendorff_alpha(rows[blocks[random.integers(0, 14, 14)].ravel()]).value for _ in range(400)]
    low, high = np.quantile(values, [0.025, 0.975])
    assert one.low == pytest.approx(low, abs=0.03)
    assert one.high == pytest.approx(high, abs=0.03)


@pytest.mark.parametrize(
    ("transcripts", "defined", "indicative"), [(5, False, False), (6, True, True), (11, True, True), (12, True, False)]
)
def test_few_transcripts_give_no_interval_or_an_indicative_one(
    transcripts: int, defined: bool, indicative: bool
) -> None:
    rows, names = coded(transcripts, segments=60)
    found = cluster_interval(rows, names)
    assert (found.is_defined, found.is_indicative) == (defined, indicative)
    assert str(found).endswith("(indicative)") == indicative
    if not defined:
        assert found.reason == "5 transcripts, fewer than 6"
        assert str(found) == "no interval (5 transcripts, fewer than 6)"
        assert found.as_dict()["low"] is None


def test_transcripts_of_one_coder_do_not_count() -> None:
    rows, names = coded(14)
    alone = rows.astype(float)
    alone[np.array(names) >= "T10", 1] = np.nan
    assert cluster_interval(alone, names).clusters == 10


def test_what_is_not_defined_has_no_interval() -> None:
    _, names = coded(8)
    nothing = np.zeros((len(names), 2), dtype=bool)
    assert cluster_interval(nothing, names).reason == "the coefficient is not defined"
    once = nothing.copy()
    once[0] = True
    assert cluster_interval(once, names).reason == "without some transcripts the coefficient is not defined"
    alike = np.tile([[True, True], [False, False]], (len(names) // 2, 1))
    expected = "all transcripts agree alike, so nothing tells how much they vary"
    assert cluster_interval(alike, names).reason == expected
    assert cluster_interval(alike, names, method="bootstrap", replicates=50).reason == expected


def test_a_replicate_of_exactly_one_stays_within_bounds() -> None:
    _, names = coded(8)
    rows = np.tile([[True, True], [False, False]], (len(names) // 2, 1))
    rows[0, 1] = False
    found = cluster_interval(rows, names)
    assert -1 <= found.low < krippendorff_alpha(rows).value < found.high <= 1


@pytest.mark.parametrize("measure", ["alpha", "kappa", "ac1", "percent", "positive", "negative"])
def test_every_measure_has_an_interval_that_holds_its_value(measure: str) -> None:
    rows, names = coded(14)
    found = cluster_interval(Ratings.of(rows), names, measure=measure)  # type: ignore[arg-type]
    assert found.low < found.high <= 1


def test_wider_confidence_is_a_wider_interval() -> None:
    rows, names = coded(14)
    ninety, ninety_nine = (cluster_interval(rows, names, confidence=c) for c in (0.9, 0.99))
    assert ninety_nine.low < ninety.low < ninety.high < ninety_nine.high


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(14)))
def test_names_and_order_of_transcripts_do_not_matter(order: list[int]) -> None:
    rows, names = coded(14)
    renamed = [f"X{order[int(n[1:])]:02d}" for n in names]
    one, two = cluster_interval(rows, names), cluster_interval(rows, renamed)
    assert (one.low, one.high) == (pytest.approx(two.low), pytest.approx(two.high))


def test_splitting_a_transcript_of_one_participant_changes_neither_value_nor_interval() -> None:
    rows, names = coded(14)
    whole = pd.DataFrame({"transcript": names, "participant": names})
    halves = whole.assign(transcript=[f"{n}{'ab'[i % 2]}" for i, n in enumerate(names)])
    one = cluster_interval(rows, interview_clusters(whole))
    two = cluster_interval(rows, interview_clusters(halves))
    assert (one.low, one.high, one.clusters) == (pytest.approx(two.low), pytest.approx(two.high), two.clusters)


def test_a_focus_group_is_one_cluster_and_so_are_all_it_is_joined_to() -> None:
    segments = pd.DataFrame(
        {"transcript": ["T3", "T3", "T1", "T2", "T4"], "participant": ["Pa", "Pb", "Pb", "Pc", "Pa"]}
    )
    found = interview_clusters(segments)
    assert found.names == ("T1 + T3 + T4", "T2")
    assert found.index.tolist() == [0, 0, 0, 1, 0]
    assert len(interview_clusters(segments.iloc[:0])) == 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"measure": "kapa"}, "no measure 'kapa' for these ratings; expected one of alpha, kappa, ac1, percent"),
        ({"method": "analytic"}, "method 'analytic' with confidence 0.95; expected jackknife or bootstrap"),
        (
            {"confidence": 1.0},
            "method 'jackknife' with confidence 1.0; expected jackknife or bootstrap, and a confidence",
        ),
    ],
)
def test_options_that_are_not_known_are_refused(options: dict, message: str) -> None:
    rows, names = coded(6)
    with pytest.raises(InputError) as refused:
        cluster_interval(rows, names, **options)
    assert message in str(refused.value)


def test_presence_measures_need_presence() -> None:
    with pytest.raises(InputError, match="no measure 'positive' for these ratings"):
        cluster_interval([["a", "b"]], ["T1"], measure="positive")


def test_every_unit_needs_its_transcript() -> None:
    with pytest.raises(InputError, match="interval: 1 transcripts for 2 units; expected the transcript of every unit"):
        cluster_interval([[1, 1], [2, 1]], ["T1"])
    assert cluster_interval([[1, 1], [2, 1]], Clusters.of(["T1", "T2"])).reason == "2 transcripts, fewer than 6"


def test_sampling_weights_stand_for_segments_that_were_not_drawn() -> None:
    rows, names = coded(14)
    weighted = cluster_interval(Ratings.of(rows, weights=[2.0] * len(rows)), names)
    plain = cluster_interval(rows, names)
    assert (weighted.low, weighted.high) == (pytest.approx(plain.low), pytest.approx(plain.high))


def test_several_values_come_from_the_same_resamples() -> None:
    sums = np.abs(np.random.default_rng(3).normal(10, 1, (12, 2)))
    found = intervals_of_sums(
        lambda s: np.stack([s[..., 0] / s.sum(axis=-1), s[..., 1] / s.sum(axis=-1)], axis=-1),
        sums,
        active=np.ones(12, dtype=bool),
        bounded=False,
    )
    assert found[0].low == pytest.approx(1 - found[1].high)
