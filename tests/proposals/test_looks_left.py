"""How many looks are foretold, and whether the queue then takes as many."""

import numpy as np
import pandas as pd
import pytest

from subtheme.proposals import looks_left as module
from subtheme.proposals.board import board_of
from subtheme.proposals.looks_left import looks_left
from subtheme.proposals.outlook import Outlook
from subtheme.proposals.pairs import Pairs
from subtheme.proposals.stopping import StopRule

OUTLOOK = Outlook(true_segments=1.5, blind=0.001)


def pairs_of(probability, *, owner, case, verdict=None):
    probability = np.asarray(probability, dtype=float)
    verdict = np.full(probability.shape, "", dtype="<U16") if verdict is None else verdict
    people, rows = len(case), probability.shape[1]
    describes, denied = np.zeros((people, rows), dtype=bool), np.zeros((people, rows), dtype=int)
    np.logical_or.at(describes, owner, verdict == "accept")
    np.add.at(denied, owner, (verdict == "reject").astype(int))
    return Pairs(
        participants=pd.DataFrame({"participant": np.arange(people).astype(str), "case": case, "level": ""}),
        rows=tuple(f"row-{r}" for r in range(rows)),
        unscored=(),
        segments=pd.DataFrame({"owner": owner}),
        probability=probability,
        verdict=verdict,
        describes=describes,
        ruled_out=~describes & (denied == np.bincount(owner, minlength=people)[:, None]),
    )


def study(rng, *, people=10, segments=12, rows=6):
    """Calibrated scores and truth of two cases, after the outlook itself."""
    owner, case = np.repeat(np.arange(people), segments), np.repeat(["A", "B"], people // 2)
    truth = np.zeros((people * segments, rows), dtype=bool)
    share = rng.beta(1, 1, (2, rows))
    for person in range(people):
        for row in np.flatnonzero(rng.random(rows) < share[int(case[person] == "B")]):
            n = min(segments, rng.geometric(1 / OUTLOOK.true_segments))
            truth[person * segments + rng.choice(segments, n, replace=False), row] = True
    score = rng.normal(0, 1, truth.shape) + 2.5 * truth
    base = 0.5 * OUTLOOK.true_segments / segments
    odds = base / (1 - base) * np.exp(2.5 * score - 2.5**2 / 2)
    return odds / (1 + odds), truth, owner, case


def taken(probability, truth, owner, case, *, risk):
    """Looks that the order of the board takes until the risk is within the bound."""
    verdict, looks = np.full(probability.shape, "", dtype="<U16"), 0
    while True:
        board = board_of(pairs_of(probability, owner=owner, case=case, verdict=verdict), StopRule(), OUTLOOK)
        if board.expected_wrong <= risk:
            return looks
        look = max(board.next_looks(), key=lambda x: x.worth)
        verdict[look.place, look.cell.row] = "accept" if truth[look.place, look.cell.row] else "reject"
        looks += 1


def test_on_average_review_takes_as_many_looks_as_foretold():
    rng = np.random.default_rng(1)
    foretold, found = [], []
    for _ in range(8):
        probability, truth, owner, case = study(rng)
        board = board_of(pairs_of(probability, owner=owner, case=case), StopRule(), OUTLOOK)
        foretold.append(looks_left(board, risk=0.5, rng=rng))
        found.append(taken(probability, truth, owner, case, risk=0.5))

    assert np.mean([told.expected for told in foretold]) == pytest.approx(np.mean(found), rel=0.25)
    assert np.mean([told.low <= looks <= told.high for told, looks in zip(foretold, found, strict=True)]) >= 5 / 6


@pytest.mark.parametrize(("describing", "is_heavy"), [([5] * 30, True), ([0, 10] * 15, False)])
def test_cases_that_are_alike_or_far_apart_show_in_the_rates_that_are_drawn(describing, is_heavy):
    found = np.arange(10)[None, :] < np.array(describing)[:, None]
    everybody = np.ones(found.shape, dtype=bool)
    nothing = np.zeros((*found.shape, 1))
    deal = module._Deal(
        weight=nothing,
        hit=nothing,
        present=found * 1.0,
        absent=~found * 1.0,
        member=everybody,
        counted=found,
        again=np.zeros(found.shape, dtype=int),
    )

    drawn = module._priors(deal, OUTLOOK, np.random.default_rng(0))

    weights = np.array([sum(prior) for prior in drawn])
    assert (weights > 2).all() if is_heavy else (weights < 2).all()


def test_nothing_is_left_within_the_bound_and_where_all_is_settled():
    probability, truth, owner, case = study(np.random.default_rng(2))
    board = board_of(pairs_of(probability, owner=owner, case=case), StopRule(), OUTLOOK)
    every = np.where(truth, "accept", "reject").astype("<U16")
    done = board_of(pairs_of(probability, owner=owner, case=case, verdict=every), StopRule(), OUTLOOK)

    lazy = looks_left(board, risk=len(board.cells), rng=np.random.default_rng(0))
    none = looks_left(done, risk=0.0, rng=np.random.default_rng(0))

    assert (lazy.expected, lazy.low, lazy.high) == (0, 0, 0)
    assert (none.expected, none.low, none.high) == (0, 0, 0)
    assert none.cells["case"].tolist() == [c.case for c in done.cells]


def test_a_stricter_bound_takes_more_looks_and_the_range_holds_the_mean():
    probability, _, owner, case = study(np.random.default_rng(4))
    board = board_of(pairs_of(probability, owner=owner, case=case), StopRule(), OUTLOOK)

    strict, lax = (looks_left(board, risk=risk, rng=np.random.default_rng(0)) for risk in (0.25, 2.0))

    assert strict.expected > lax.expected > 0
    assert strict.low <= strict.expected <= strict.high


def test_a_limit_of_looks_at_a_pair_limits_what_is_left():
    probability, _, owner, case = study(np.random.default_rng(5))
    pairs = pairs_of(probability, owner=owner, case=case)

    left = looks_left(board_of(pairs, StopRule(looks=1), OUTLOOK), risk=0.0, rng=np.random.default_rng(0))

    assert 0 < left.high <= pairs.describes.size
