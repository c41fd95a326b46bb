"""Promises and rankings: queue depth, stopping, missed codes, what to code next."""

import numpy as np
import pandas as pd
import pytest

from subtheme.classifier.missed import possibly_missed
from subtheme.classifier.next_coding import SHARES, Uncoded, next_segments, next_transcripts
from subtheme.classifier.queue_depth import queue_depth
from subtheme.errors import InputError
from subtheme.proposals.screening import ranked_screening, sampled_screening


def _people(rng, count):
    """Draw participants who differ: some describe what they describe where the model sees it, others do not."""
    found = []
    for _ in range(count):
        ease = rng.beta(1.2, 1.2)
        found.append([int(rng.geometric(0.1 + 0.8 * ease)) for _ in range(int(rng.integers(1, 9)))])
    return found


def _missed(people, depth):
    depths = np.concatenate(people)
    shares = np.repeat([1 / (len(people) * len(own)) for own in people], [len(own) for own in people])
    return float(shares[depths > depth].sum())


@pytest.mark.parametrize("promised", [0.1, 0.2])
def test_the_depth_keeps_its_promise_for_new_participants(promised):
    rng = np.random.default_rng(7)
    new = _people(rng, 1500)
    misses = []
    for _ in range(200):
        depth = queue_depth(_people(rng, 20), promised=promised).depth
        misses.append(_missed(new, depth))
    assert np.mean(misses) <= promised
    assert np.mean(misses) > promised / 3  # and it does not simply read everything


def test_a_depth_by_pairs_breaks_the_promise():
    """The same rule over (participant, code) pairs lands above the promise more often: people, not pairs, are the unit."""
    rng = np.random.default_rng(8)
    new = _people(rng, 1500)
    by_people, by_pairs = [], []
    for _ in range(120):
        people = _people(rng, 12)
        by_people.append(_missed(new, queue_depth(people).depth) > 0.2)
        by_pairs.append(_missed(new, queue_depth([[d] for depths in people for d in depths]).depth) > 0.2)
    assert np.mean(by_people) < np.mean(by_pairs)


def test_too_few_participants_are_promised_nothing():
    found = queue_depth([[1], [2], [1]])
    assert found.depth is None
    assert "at least 4" in found.reason
    assert "No promise" in found.in_words()
    assert queue_depth([[1], [1], [], [2], [1]]).depth is not None


def test_depth_falls_with_the_promise_and_is_the_smallest():
    people = [[1, 3], [2], [5, 1], [1], [9], [2, 2], [1], [1], [4], [1], [1], [2]]
    depths = [queue_depth(people, promised=p).depth for p in (0.1, 0.2, 0.4)]
    assert depths == sorted(depths, reverse=True)
    n, k = len(people), depths[1]
    assert n / (n + 1) * _missed(people, k) + 1 / (n + 1) <= 0.2
    assert n / (n + 1) * _missed(people, k - 1) + 1 / (n + 1) > 0.2


def test_reading_stops_with_the_wanted_recall_far_more_often_than_by_a_run_of_negatives():
    rng = np.random.default_rng(3)
    total, wanted = 600, 0.8
    reached, by_run = [], []
    for _ in range(40):
        hits = rng.random(total) < 0.3 * np.exp(-np.arange(total) / 120)
        recall = np.cumsum(hits) / max(hits.sum(), 1)
        stop = next(
            (n for n in range(20, total, 20) if ranked_screening(hits[:n], total, target=wanted).suffices()), total
        )
        reached.append(recall[stop - 1] >= wanted)
        run = next((n for n in range(20, total) if not hits[n - 20 : n].any()), total)
        by_run.append(recall[run - 1] >= wanted)
    assert np.mean(reached) >= 0.9
    assert np.mean(by_run) < np.mean(reached)


def test_a_random_sample_gives_the_exact_test():
    from scipy.stats import hypergeom

    hits = [False] * 100
    found = sampled_screening(40, hits, 300, 800, target=0.9)
    # Below 90 % there would be at least 5 more among the 300: 40 / 45 < .9.
    assert found.p == pytest.approx(float(hypergeom.cdf(0, 300, 5, 100)))
    assert found.is_exact
    assert not sampled_screening(0, [False] * 3, 10, 20).suffices()
    with pytest.raises(InputError, match="no more read than there are"):
        sampled_screening(1, [True] * 11, 10, 20)
    with pytest.raises(InputError, match="a recall above 0"):
        ranked_screening([True], 5, target=0.0)


def test_what_was_coded_is_not_among_the_missed():
    table = pd.DataFrame(
        {
            "segment": ["a", "b", "c", "d"],
            "code": ["x"] * 4,
            "probability": [0.9, 0.8, 0.3, 0.8],
            "supports": [True, False, False, False],
        }
    )
    found = possibly_missed(table, most=2)
    assert list(found["segment"]) == ["b", "d"]
    assert list(found["rank"]) == [1, 2]
    assert list(possibly_missed(table, most=2, answered={("b", "x"), ("d", "y")})["segment"]) == ["d", "c"]


@pytest.fixture(scope="module")
def uncoded():
    rng = np.random.default_rng(4)
    count = 300
    vectors = rng.standard_normal((count, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    probabilities = np.stack([rng.beta(1, 4, count), rng.beta(0.3, 12, count)], axis=1)
    segments = pd.DataFrame(
        {
            "segment": [f"T{i // 30}:{i}" for i in range(count)],
            "transcript": [f"T{i // 30}" for i in range(count)],
            "participant": [f"P{i // 30}" for i in range(count)],
        }
    )
    return Uncoded(
        segments=segments,
        probabilities=probabilities,
        vectors=vectors,
        coded=vectors[:0],
        excerpts=np.array([60, 8]),
    )


def test_the_mixture_holds_its_shares_and_nothing_twice(uncoded):
    chosen = next_segments(uncoded, count=50, rng=np.random.default_rng(0))
    assert chosen["segment"].is_unique
    counts = chosen["reason"].value_counts()
    assert {k: counts[k] for k in SHARES} == {"rare": 20, "uncertain": 14, "unlike": 8, "random": 8}
    again = next_segments(uncoded, count=50, rng=np.random.default_rng(0))
    pd.testing.assert_frame_equal(chosen, again)
    assert len(next_segments(uncoded, count=1000, rng=np.random.default_rng(0))) == 300


@pytest.mark.parametrize("count", [1, 2, 8, 15, 40])
def test_the_random_share_is_drawn_out_of_all(uncoded, count):
    chosen = next_segments(uncoded, count=count, rng=np.random.default_rng(5))
    drawn = chosen.loc[chosen["reason"] == "random", "segment"]
    order = np.random.default_rng(5).permutation(len(uncoded.segments))[: len(drawn)]
    assert set(drawn) == set(uncoded.segments["segment"].iloc[order])
    assert len(drawn) >= 1
    assert len(chosen) == count


def test_in_replay_it_finds_more_of_the_rare_code_than_random_order(uncoded):
    ours, random = [], []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        truth = rng.random(uncoded.probabilities.shape) < uncoded.probabilities
        place = {s: i for i, s in enumerate(uncoded.segments["segment"])}
        rows = [place[s] for s in next_segments(uncoded, count=40, rng=rng)["segment"]]
        ours.append(truth[rows, 1].sum())
        random.append(truth[rng.permutation(300)[:40], 1].sum())
    assert np.mean(ours) > 1.5 * np.mean(random)


def test_transcripts_are_ordered_by_rare_codes_and_doubt(uncoded):
    from dataclasses import replace

    probabilities = np.full((300, 2), 0.001)
    probabilities[30:60] = [0.001, 0.4]
    found = next_transcripts(replace(uncoded, probabilities=probabilities), count=3)
    assert found["transcript"].iloc[0] == "T1"
    assert list(found["segments"]) == [30, 30, 30]
