"""What answers say about the number of true segments."""

from itertools import product
from math import comb, log

import numpy as np
import pytest

from subtheme.proposals import answers as module
from subtheme.proposals.answers import Answers, outlook_after
from subtheme.proposals.outlook import Outlook, rates_of


def given(probability, answer, *, cell=None, describes=None, ruled_out=None, base=0.05):
    answer = np.array(answer, dtype=np.int8)
    pairs = len(answer)
    return Answers(
        probability=np.array(probability, dtype=float),
        answer=answer,
        describes=(answer == 1).any(1) if describes is None else np.array(describes),
        ruled_out=(answer == -1).all(1) if ruled_out is None else np.array(ruled_out),
        base=np.full(pairs, base),
        totals=(~np.isnan(np.array(probability, dtype=float))).sum(1),
        cell=np.zeros(pairs, dtype=np.int64) if cell is None else np.array(cell),
    )


def by_enumeration(answers, outlook):
    """Log chance of the answers given the scores, from every possible set of true segments of every pair."""
    now, first = [], []
    for p, said in zip(answers.probability, answers.answer, strict=True):
        odds = p / (1 - p) * (1 - answers.base[0]) / answers.base[0]
        counts = outlook.counts[: len(p)] / outlook.counts[: len(p)].sum()
        weights = {"now": 0.0, "first": 0.0}
        for truth in product([0, 1], repeat=len(p)):
            n = sum(truth)
            if n == 0:
                continue
            scored, chance = np.prod(odds ** np.array(truth)), counts[n - 1] / comb(len(p), n)
            weight = chance * ((1 - outlook.blind) * scored + outlook.blind)
            weights["first"] += weight
            weights["now"] += weight * all(a == 0 or (a == 1) == bool(t) for a, t in zip(said, truth, strict=True))
        now.append((weights["now"], 0.0 if (said == 1).any() else 1.0))
        first.append((weights["first"], 1.0))
    rates = rates_of(outlook.prior)
    numerator, denominator = (np.prod([rates * a + (1 - rates) * c for a, c in x], axis=0).sum() for x in (now, first))
    return log(numerator) - log(denominator)


def test_the_chance_of_answers_is_that_of_every_possible_truth():
    answers = given([[0.6, 0.3, 0.1], [0.5, 0.2, 0.02], [0.2, 0.1, 0.1]], [[-1, 1, 0], [-1, 0, 0], [1, 1, -1]])
    outlook = Outlook(blind=0.03)

    found = module._log_chances(answers, outlook)

    for at in (0, 10, 24):
        number = float(module._NUMBERS[at])
        truth = by_enumeration(answers, Outlook(blind=0.03, true_segments=number))
        assert found[at] == pytest.approx(truth, abs=1e-9)


def test_without_an_answer_the_outlook_stays():
    outlook = Outlook(true_segments=1.9)

    assert outlook_after(given([[0.6, 0.3]], [[0, 0]]), outlook) == outlook


@pytest.mark.parametrize(("said", "more"), [([1, 1, 1, 1, 1, 1], True), ([1, -1, -1, -1, -1, -1], False)])
def test_many_true_segments_raise_the_number_and_few_lower_it(said, more):
    probability = np.full((40, 6), 0.1)

    found = outlook_after(given(probability, [said] * 40, cell=np.arange(40) // 10), Outlook(true_segments=2.5))

    assert (found.true_segments > 2.5) is more


def test_participants_and_segments_may_come_in_any_order():
    rng = np.random.default_rng(3)
    probability = rng.uniform(0.01, 0.6, (12, 7))
    answer = rng.choice([-1, 0, 1], (12, 7), p=[0.3, 0.6, 0.1])
    cell = np.repeat([0, 1, 2], 4)
    people = rng.permutation(12)
    mixed = np.array([rng.permutation(7) for _ in range(12)])

    here = outlook_after(given(probability, answer, cell=cell), Outlook())
    there = outlook_after(
        given(
            np.take_along_axis(probability, mixed, 1)[people],
            np.take_along_axis(answer, mixed, 1)[people],
            cell=cell[people],
        ),
        Outlook(),
    )

    assert here == there


def test_pairs_known_otherwise_tell_nothing_of_the_number():
    probability = [[0.6, 0.3, 0.1], [0.6, 0.3, 0.1]]
    one = given(probability[:1], [[-1, 1, 0]])
    two = given(probability, [[-1, 1, 0], [0, 0, 0]], cell=[0, 1], describes=[True, False], ruled_out=[False, False])

    assert outlook_after(one, Outlook()) == outlook_after(two, Outlook())
