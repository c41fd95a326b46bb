"""Plausible tables: the chance of every cell under each of several outlooks that what is known leaves room for.

One outlook gives one chance per cell, and cells drawn from these alone vary too little: whatever the outlook is wrong
about it is wrong about in every cell at once. And the outlook that review stops by is cautious on purpose, which an
expectation must not be.
"""

from dataclasses import replace

import numpy as np

from subtheme.proposals.board import Board
from subtheme.proposals.outlook import Outlook, cell_outlook
from subtheme.proposals.subsets import Floats

DRAWS = 24
_NUMBERS_OFF = np.exp(0.3 * np.array([-1.15, -0.32, 0.32, 1.15]))
"""Factors by which the further true segments may be off: middles of the quarters of a log-normal number."""
_LEVEL_OFF = 0.2
"""Standard deviation of the log odds by which participants may describe more, or less, than their scores say."""


def plausible_chances(board: Board, outlook: Outlook, *, rng: np.random.Generator, draws: int = DRAWS) -> Floats:
    """Return the chance of a majority in every cell of `board`, drawn so many times.

    Parameters
    ----------
    board : Board
    outlook : Outlook
        As an estimate: with the likely number of true segments.
    rng : numpy.random.Generator
    draws : int

    Returns
    -------
    array of shape (draws, cells)
    """
    further = max(outlook.true_segments - 1, 0.05)
    numbers = [replace(outlook, true_segments=float(1 + further * off)) for off in _NUMBERS_OFF]
    weights = [board.pairs.evidence(board.remaining, number, depth=0).weight[:, 0] for number in numbers]
    found = board.pairs.is_found(board.outlook.error)
    chances = np.zeros((draws, len(board.cells)))
    for draw in range(draws):
        weight = weights[draw % len(weights)] * np.exp(outlook.level + rng.normal(0.0, _LEVEL_OFF))
        for number, cell in enumerate(board.cells):
            sure = int(found[cell.who, cell.row].sum())
            chances[draw, number] = cell_outlook(
                weight[cell.unsure * len(board.pairs.rows) + cell.row],
                found=sure,
                absent=len(cell.who) - len(cell.unsure) - sure,
                outlook=outlook,
            ).chance
    return chances
