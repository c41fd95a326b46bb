"""Answers: what they say about the outlook, and how far the scores are to be trusted in every case.

Coded participants tell the number of true segments of somebody who describes a sub-theme only roughly. Review itself
tells it better, since every fruitless look at somebody who turns out to describe the sub-theme, and every early hit,
was a little likelier under one number than under another. In the same way it shows where scores promise too much.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from subtheme.proposals.coder_error import Counts
from subtheme.proposals.outlook import Outlook, rates_of
from subtheme.proposals.subsets import Floats, likelihood_ratios, per_subset, sums_of_products
from subtheme.proposals.trust import FULL, TRUSTS, tempered

_NUMBERS = np.round(1 + np.geomspace(0.1, 11.0, 13), 3)
"""Mean numbers of true segments that are tried."""
_NUMBER_OFF = 0.8
"""Standard deviation, as a logarithm, by which the number found at training may be off."""
_TRUST_OFF, _TRUST_APART = 0.3, 0.2
"""Standard deviations, as logarithms, by which all scores may be less trusted than they say, and cases apart."""
_RATES = 21
"""Rates of a case that are told apart."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """What was answered, pair by pair of participant and sub-theme.

    Attributes
    ----------
    probability : array of shape (pairs, most segments)
        Calibrated, of all segments, answered or not, in any order; NaN where there is none.
    confirmations, denials : arrays of shape (pairs, most segments) of int
    found, absent : arrays of shape (pairs,) of bool
        What is known of the pair for certain, by answers or otherwise.
    base : array of shape (pairs,)
        As in `pair_evidence`.
    totals : array of shape (pairs,)
    row : array of shape (pairs,) of int
        Number of the pair's sub-theme.
    case : array of shape (pairs,) of str
    """

    probability: Floats
    confirmations: Counts
    denials: Counts
    found: NDArray[np.bool_]
    absent: NDArray[np.bool_]
    base: Floats
    totals: NDArray[np.int64]
    row: NDArray[np.int64]
    case: NDArray[np.str_]


def outlook_after(answers: Answers, outlook: Outlook) -> Outlook:
    """Return `outlook` with the number of true segments and the trust under which the answers were most to be expected.

    Both maximise the chance of the answers given the scores, participants of a cell sharing an unknown rate, less a
    penalty: for leaving the number that was fitted at training (normal on the scale of ``log(number - 1)``), for
    trusting all scores less than they say, and for trusting those of a case differently from the others (normal on the
    scale of the logarithm). The chance depends on what was answered and not on the order of the questions. Without an
    answer the outlook stays as it is.

    Parameters
    ----------
    answers : Answers
    outlook : Outlook
        As fitted at training.
    """
    if not ((answers.confirmations + answers.denials) > 0).any():
        return outlook
    cases, fits = _log_chances(answers, outlook)
    away = np.log((_NUMBERS - 1) / max(outlook.true_segments - 1, 0.05))
    number, trusts, most = 0, (FULL,) * len(cases), -np.inf
    for common in TRUSTS:
        here = fits - 0.5 * (np.log(np.array(TRUSTS) / common) / _TRUST_APART)[:, None, None] ** 2
        by_number = here.max(0).sum(1) - 0.5 * (away / _NUMBER_OFF) ** 2 - 0.5 * (np.log(common) / _TRUST_OFF) ** 2
        best = int(by_number.argmax())
        if by_number[best] > most:
            most, number = float(by_number[best]), best
            trusts = tuple(TRUSTS[at] for at in here[:, best].argmax(0))
    trust = {case: trust for case, trust in zip(cases, trusts, strict=True) if trust != FULL}
    return replace(outlook, true_segments=float(_NUMBERS[number]), trust=trust)


def _log_chances(answers: Answers, outlook: Outlook) -> tuple[list[str], Floats]:
    """Return the cases, and the log chance of the answers given the scores by trust, number and case."""
    cases = sorted(set(answers.case.tolist()))
    case = np.searchsorted(np.array(cases), answers.case)
    rows = int(answers.row.max()) + 1
    cell = case * rows + answers.row
    order = np.argsort(cell, kind="stable")
    starts = np.flatnonzero(np.diff(cell[order], prepend=-1))
    of_case = case[order][starts]
    factor = outlook.error.factor(answers.confirmations, answers.denials)
    there = likelihood_ratios(answers.probability, answers.base)[1]
    unscored = [sums_of_products(x)[:, 1:] for x in (there, there * factor)]
    sizes = [per_subset(replace(outlook, true_segments=float(n)).counts, answers.totals) for n in _NUMBERS]
    rates, blind = rates_of(outlook.prior, slices=_RATES), outlook.blind
    fits = np.zeros((len(TRUSTS), len(_NUMBERS), len(cases)))
    for by_trust, trust in zip(fits, TRUSTS, strict=True):
        probability = tempered(answers.probability, answers.base, answers.row, trust=trust)
        ratios = likelihood_ratios(probability, answers.base)[0]
        scored = [sums_of_products(x)[:, 1:] for x in (ratios, ratios * factor)]
        for fit, chance in zip(by_trust, sizes, strict=True):
            first, now = (
                np.where(answers.totals == 0, 1.0, (1 - blind) * (s * chance).sum(1) + blind * (u * chance).sum(1))
                for s, u in zip(scored, unscored, strict=True)
            )
            now = np.where(answers.absent, 0.0, now)
            chances = _by_cell(now, np.where(answers.found, 0.0, 1.0), rates, order, starts)
            chances -= _by_cell(first, np.ones_like(first), rates, order, starts)
            np.add.at(fit, of_case, chances)
    return cases, fits


def _by_cell(
    present: Floats, absent: Floats, rates: Floats, order: NDArray[np.intp], starts: NDArray[np.intp]
) -> Floats:
    """Return the log chance of the pairs of every cell, which share one rate of equally likely `rates`."""
    chance = rates[:, None] * present[order] + (1 - rates[:, None]) * absent[order]
    sums = np.add.reduceat(np.log(np.maximum(chance, 1e-300)), starts, axis=1)
    by_cell: Floats = np.logaddexp.reduce(sums, axis=0)
    return by_cell
