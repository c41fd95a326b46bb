"""What answers say about the number of true segments."""

from itertools import product
from math import comb, log

import numpy as np
import pytest

from subtheme.proposals import answers as module
from subtheme.proposals.answers import Answers, outlook_after
from subtheme.proposals.coder_error import CoderError
from subtheme.proposals.outlook import Outlook, rates_of


def given(probability, answer, *, case=None, found=None, absent=None, base=0.05):
    answer = np.array(answer)
    pairs = len(answer)
    return Answers(
        probability=np.array(probability, dtype=float),
        confirmations=(answer == 1).astype(np.int64),
        denials=(answer == -1).astype(np.int64),
        found=(answer == 1).any(1) if found is None else np.array(found),
        absent=(answer == -1).all(1) if absent is None else np.array(absent),
        base=np.full(pairs, base),
        totals=(~np.isnan(np.array(probability, dtype=float))).sum(1),
        row=np.zeros(pairs, dtype=np.int64),
        case=np.full(pairs, "0") if case is None else np.array(case).astype(str),
    )


def by_enumeration(answers, outlook):
    """Log chance of the answers given the scores, from every possible set of true segments of every pair."""
    error, now, first = outlook.error, [], []
    for p, yes, no in zip(answers.probability, answers.confirmations, answers.denials, strict=True):
        odds = p / (1 - p) * (1 - answers.base[0]) / answers.base[0]
        counts = outlook.counts[: len(p)] / outlook.counts[: len(p)].sum()
        weights = {"now": 0.0, "first": 0.0}
        for truth in product([0, 1], repeat=len(p)):
            n, t = sum(truth), np.array(truth)
            if n == 0:
                continue
            chance = counts[n - 1] / comb(len(p), n)
            weight = chance * ((1 - outlook.blind) * np.prod(odds**t) + outlook.blind)
            said = np.where(
                t, (1 - error.missed) ** yes * error.missed**no, error.invented**yes * (1 - error.invented) ** no
            )
            weights["first"] += weight
            weights["now"] += weight * np.prod(said)
        now.append((weights["now"], np.prod(error.invented**yes * (1 - error.invented) ** no)))
        first.append((weights["first"], 1.0))
    rates = rates_of(outlook.prior, slices=module._RATES)
    numerator, denominator = (np.prod([rates * a + (1 - rates) * c for a, c in x], axis=0).sum() for x in (now, first))
    return log(numerator) - log(denominator)


ERRING = CoderError(missed=0.1, invented=0.03)


def test_the_chance_of_answers_is_that_of_every_possible_truth():
    said = [[-1, 1, 0], [-1, 0, 0], [1, 1, -1]]
    probability = [[0.6, 0.3, 0.1], [0.5, 0.2, 0.02], [0.2, 0.1, 0.1]]
    answers = given(probability, said, found=[False] * 3, absent=[False] * 3)
    outlook = Outlook(blind=0.03, error=ERRING)

    _, found = module._log_chances(answers, outlook)

    truth = [
        by_enumeration(answers, Outlook(blind=0.03, error=ERRING, true_segments=float(number)))
        for number in module._NUMBERS
    ]
    away = found[0, :, 0] - np.array(truth)
    assert away == pytest.approx(np.full(len(truth), away[0]), abs=1e-9)  # what all numbers have in common is left out


def test_without_an_answer_the_outlook_stays():
    outlook = Outlook(true_segments=1.9)

    assert outlook_after(given([[0.6, 0.3]], [[0, 0]]), outlook) == outlook


@pytest.mark.parametrize(("said", "more"), [([1, 1, 1, 1, 1, 1], True), ([1, -1, -1, -1, -1, -1], False)])
def test_many_true_segments_raise_the_number_and_few_lower_it(said, more):
    probability = np.full((40, 6), 0.1)

    found = outlook_after(given(probability, [said] * 40, case=np.arange(40) // 10), Outlook(true_segments=2.5))

    assert (found.true_segments > 2.5) is more


def test_participants_and_segments_may_come_in_any_order():
    rng = np.random.default_rng(3)
    probability = rng.uniform(0.01, 0.6, (12, 7))
    answer = rng.choice([-1, 0, 1], (12, 7), p=[0.3, 0.6, 0.1])
    case = np.repeat([0, 1, 2], 4)
    people = rng.permutation(12)
    mixed = np.array([rng.permutation(7) for _ in range(12)])

    here = outlook_after(given(probability, answer, case=case), Outlook())
    there = outlook_after(
        given(
            np.take_along_axis(probability, mixed, 1)[people],
            np.take_along_axis(answer, mixed, 1)[people],
            case=case[people],
        ),
        Outlook(),
    )

    assert here == there


def test_pairs_known_otherwise_tell_nothing_of_the_number():
    probability = [[0.6, 0.3, 0.1], [0.6, 0.3, 0.1]]
    one = given(probability[:1], [[-1, 1, 0]])
    two = given(probability, [[-1, 1, 0], [0, 0, 0]], case=[0, 1], found=[True, False], absent=[False, False])

    assert outlook_after(one, Outlook()).true_segments == outlook_after(two, Outlook()).true_segments


def played(confidence, *, people=40, segments=15, seed=4):
    """Answers to the best three questions about everybody of two cases; in the second, scores promise too much."""
    rng = np.random.default_rng(seed)
    case = np.repeat([0, 1], people)
    truth = np.zeros((2 * people, segments), dtype=bool)
    for pair in np.flatnonzero(rng.random(2 * people) < 0.5):
        truth[pair, rng.choice(segments, 1 + rng.poisson(1), replace=False)] = True
    score = rng.normal(0, 1, truth.shape) + 2 * truth
    log_odds = np.log(0.07) + 2 * score - 2
    log_odds[case == 1] = np.log(0.07) + confidence * (2 * rng.normal(0, 1, (people, segments)) - 2)
    probability = 1 / (1 + np.exp(-log_odds))
    rank = np.argsort(np.argsort(-probability, axis=1), axis=1)
    return given(probability, np.where(rank < 3, np.where(truth, 1, -1), 0), case=case, base=0.065)


def test_scores_that_tell_nothing_in_a_case_are_trusted_less_there_alone():
    found = outlook_after(played(1.0), Outlook(true_segments=2.0))

    assert found.trust.get("1", 1.0) < found.trust.get("0", 1.0)
    assert found.trust.get("1", 1.0) <= 0.7
