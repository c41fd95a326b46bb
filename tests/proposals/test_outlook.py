"""What scores and looks say about a participant and a cell."""

from itertools import product
from math import comb

import numpy as np
import pytest

from subtheme.proposals.outlook import Outlook, cell_outlook, fit_outlook, pair_evidence

SEEING = Outlook(true_segments=1.8, blind=0.0)


def by_enumeration(probabilities, base, total, outlook):
    """Weight and hit chance of the first segment, from every possible set of true segments."""
    odds = np.array(probabilities) / (1 - np.array(probabilities)) * (1 - base) / base
    counts = outlook.counts[:total] / outlook.counts[:total].sum()
    weight = first = 0.0
    for truth in product([0, 1], repeat=len(probabilities)):
        n = sum(truth)
        if n:
            chance = counts[n - 1] / comb(total, n) * np.prod(odds ** np.array(truth))
            weight += chance
            first += chance * truth[0]
    return weight, first / weight


def evidence(probabilities, base, total, outlook=SEEING):
    return pair_evidence(np.array([probabilities]), np.array([base]), np.array([total]), outlook)


def test_weight_and_hit_are_those_of_every_possible_truth():
    probabilities, base = [0.7, 0.3, 0.05, 0.01], 0.1

    found = evidence(probabilities, base, 4)

    for looks in range(3):
        weight, hit = by_enumeration(probabilities[looks:], base, 4, SEEING)
        assert found.weight[0, looks] == pytest.approx(weight)
        assert found.hit[0, looks] == pytest.approx(hit)


def test_nothing_left_means_nothing_there():
    found = evidence([0.7, 0.3], 0.1, 2)

    assert found.weight[0, 2] == 0
    assert found.hit[0, 1] == pytest.approx(1.0)


def test_fruitless_looks_lower_the_weight_and_padding_changes_nothing():
    rows = np.array([[0.9, 0.5, 0.1], [0.9, 0.5, np.nan]])

    found = pair_evidence(rows, np.array([0.1, 0.1]), np.array([3, 2]), Outlook())

    assert (np.diff(found.weight[0]) < 0).all()
    alone = evidence([0.9, 0.5], 0.1, 2, Outlook())
    assert found.weight[1, :3] == pytest.approx(alone.weight[0])


def test_planning_less_deep_gives_the_same_numbers():
    rows, base, totals = np.array([[0.9, 0.5, 0.2, 0.1]]), np.array([0.1]), np.array([6])

    deep, shallow = pair_evidence(rows, base, totals, Outlook()), pair_evidence(rows, base, totals, Outlook(), depth=2)

    assert shallow.weight == pytest.approx(deep.weight[:, :3])
    assert shallow.hit == pytest.approx(deep.hit[:, :2])


def test_scores_of_a_blind_model_rule_nobody_out():
    rows, base, totals = np.full((1, 50), 0.001), np.array([0.05]), np.array([50])

    seeing = pair_evidence(rows, base, totals, Outlook(blind=0.0)).weight[0, 0]
    blind = pair_evidence(rows, base, totals, Outlook(blind=0.2)).weight[0, 0]

    assert seeing < 0.01
    assert blind == pytest.approx(0.2 + 0.8 * seeing)


def test_somebody_without_segments_is_neither_here_nor_there():
    found = pair_evidence(np.full((1, 0), np.nan), np.array([0.1]), np.array([0]), Outlook())

    assert found.weight.tolist() == [[1.0]]


def test_a_cell_without_evidence_follows_its_prior():
    expected = cell_outlook(np.ones(4), found=0, absent=0, outlook=Outlook())

    # under a uniform rate every count is as likely as any other
    assert expected.counts == pytest.approx([0.2] * 5, abs=0.005)
    assert expected.chance == pytest.approx(0.4, abs=0.01)
    assert expected.pairs == pytest.approx([0.5] * 4)


def test_what_is_found_in_some_speaks_for_the_others():
    little = cell_outlook(np.ones(5), found=1, absent=0, outlook=Outlook())
    much = cell_outlook(np.ones(5), found=5, absent=0, outlook=Outlook())

    assert much.pairs[0] > little.pairs[0]
    assert cell_outlook(np.ones(5), found=0, absent=5, outlook=Outlook()).chance == 0.0
    assert cell_outlook(np.zeros(0), found=2, absent=1, outlook=Outlook()).chance == pytest.approx(1.0)


def test_the_outlook_is_found_again_in_data_made_with_it():
    rng = np.random.default_rng(5)
    pairs, segments, base = 1500, 30, 0.04
    describes = rng.random(pairs) < 0.5
    truth = np.zeros((pairs, segments), dtype=bool)
    for i in np.flatnonzero(describes):
        truth[i, rng.choice(segments, 1 + rng.poisson(2), replace=False)] = True
    score = rng.normal(0, 1, truth.shape) + 2.5 * truth
    odds = np.exp(2.5 * score - 2.5**2 / 2) * base / (1 - base)

    fitted = fit_outlook(
        odds / (1 + odds),
        np.full(pairs, segments),
        np.full(pairs, base),
        describes,
        np.full(pairs, 0.5),
    )

    assert fitted.true_segments in (2.5, 3.0, 4.0)
    assert fitted.blind <= 0.01
    assert sum(fitted.prior) == pytest.approx(2.0)


def test_nobody_coded_leaves_the_assumptions():
    nothing = np.zeros(0)

    assert fit_outlook(np.zeros((0, 3)), np.zeros(0, dtype=int), nothing, nothing.astype(bool), nothing) == Outlook()
