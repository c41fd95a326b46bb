"""The chance of every cell under outlooks that what is known leaves room for."""

import numpy as np
import pandas as pd

from subtheme.proposals.board import board_of
from subtheme.proposals.outlook import Outlook
from subtheme.proposals.pairs import Pairs
from subtheme.proposals.plausible import plausible_chances
from subtheme.proposals.stopping import StopRule

OUTLOOK = Outlook(true_segments=2.0, blind=0.001)


def board(verdict=None, *, level=0.0):
    """Return two cases of six participants with eight segments each and one row."""
    rng = np.random.default_rng(0)
    owner = np.repeat(np.arange(12), 8)
    probability = rng.beta(0.3, 3, (len(owner), 1))
    said = np.full(probability.shape, "", dtype="<U16") if verdict is None else np.full(probability.shape, verdict)
    describes = np.zeros((12, 1), dtype=bool)
    np.logical_or.at(describes, owner, said == "accept")
    pairs = Pairs(
        participants=pd.DataFrame({"participant": np.arange(12).astype(str), "case": ["A"] * 6 + ["B"] * 6}),
        rows=("row",),
        unscored=(),
        segments=pd.DataFrame({"owner": owner}),
        probability=probability,
        verdict=said,
        describes=describes,
        ruled_out=np.zeros((12, 1), dtype=bool) if verdict is None else ~describes,
    )
    return board_of(pairs, StopRule(), OUTLOOK)


def test_outlooks_differ_and_the_same_seed_gives_the_same():
    first, again, other = (plausible_chances(board(), OUTLOOK, rng=np.random.default_rng(s)) for s in (0, 0, 1))

    assert first.shape == (24, 2)
    assert (first.std(0) > 0.02).all()
    assert (first == again).all()
    assert (first != other).any()


def test_cells_rise_and_fall_together():
    drawn = plausible_chances(board(), OUTLOOK, rng=np.random.default_rng(0), draws=60)

    assert np.corrcoef(drawn.T)[0, 1] > 0.3


def test_what_is_certain_does_not_vary():
    for verdict, chance in (("accept", 1.0), ("reject", 0.0)):
        drawn = plausible_chances(board(verdict), OUTLOOK, rng=np.random.default_rng(0))
        assert np.allclose(drawn, chance)


def test_the_level_of_training_moves_all_cells():
    from dataclasses import replace

    low, high = (
        plausible_chances(board(), replace(OUTLOOK, level=level), rng=np.random.default_rng(0)) for level in (-1.0, 1.0)
    )

    assert (low < high).all()
