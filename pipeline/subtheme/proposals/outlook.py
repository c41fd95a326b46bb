"""Outlook: how likely a participant describes a sub-theme, given calibrated scores and the looks taken so far.

A participant who does not describe a sub-theme has no true segment; one who does has one or more, anywhere. With
likelihood ratios ``r_i = odds(p_i) / odds(base)`` of the N segments, and ``g(n)`` the chance of n true segments among
those who describe it, the weight of the evidence for presence is

    weight = Σ_n g(n) · e_n(r) / C(N, n)

where ``e_n`` is the n-th elementary symmetric polynomial over the segments that nobody has rejected. This
differs from a "noisy or", which takes a participant's segments for independent and finds presence nearly everywhere.
Participants of a case share an unknown rate, so what is found in some says something about the others: the
count of a case is a Poisson-binomial, mixed over that rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from subtheme.nouns import is_majority
from subtheme.proposals.subsets import MOST_TRUE, Floats, likelihood_ratios, odds, per_subset, sum_of_nothing

_RATES = 41
"""Points of the rate of a case that the mixture runs over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is assumed about participants and scores.

    Attributes
    ----------
    true_segments : float
        Mean number of true segments of a participant who describes a sub-theme, at least 1.
    blind : float
        Share of the pairs of participant and sub-theme for which the scores tell nothing at all, in [0, 1).
        It keeps confident scores from ruling somebody out unread.
    prior : tuple of two floats
        Beta prior of the share of a case's participants who describe a sub-theme.
    """

    true_segments: float = 2.5
    blind: float = 0.01
    prior: tuple[float, float] = (1.0, 1.0)

    @classmethod
    def read(cls, values: Mapping[str, Any] | None) -> Self:
        """Return the outlook that `as_dict` wrote; the defaults for None."""
        if values is None:
            return cls()
        first, second = values["prior"]
        return cls(
            true_segments=float(values["true_segments"]),
            blind=float(values["blind"]),
            prior=(float(first), float(second)),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the outlook as plain values, as a model's manifest keeps it."""
        prior = [round(x, 6) for x in self.prior]
        return {"true_segments": self.true_segments, "blind": self.blind, "prior": prior}

    @property
    def counts(self) -> Floats:
        """Chance of 1, 2, … true segments, given that there is one: a geometric number."""
        further = max(self.true_segments - 1, 1e-9)
        powers = (further / (1 + further)) ** np.arange(MOST_TRUE, dtype=np.float64)
        chance: Floats = powers / powers.sum()
        return chance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """The evidence of pairs of participant and sub-theme after 0, 1, 2, … fruitless looks, best segment first.

    Attributes
    ----------
    weight : array of shape (pairs, depth + 1)
        Likelihood of the evidence when the participant describes the sub-theme, relative to when not.
    hit : array of shape (pairs, depth)
        Chance that the next look finds a true segment, given that the participant describes it.
    """

    weight: Floats
    hit: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellOutlook:
    """What to expect of one cell.

    Attributes
    ----------
    chance : float
        Probability that a majority of the case's participants describe the sub-theme.
    pairs : array
        Probability that each undecided participant describes it.
    counts : array of length participants + 1
        Probability of every number of participants describing it.
    """

    chance: float
    pairs: Floats
    counts: Floats


def pair_evidence(
    remaining: Floats, base: Floats, totals: NDArray[np.int64], outlook: Outlook, *, depth: int | None = None
) -> Evidence:
    """Return the evidence of every pair.

    Parameters
    ----------
    remaining : array of shape (pairs, most segments)
        Calibrated probabilities of the segments that nobody has rejected, in the order in which they will be looked at;
        NaN after the last one of a pair.
    base : array of shape (pairs,)
        Share of all segments that carry the sub-theme, by which the probabilities were calibrated.
    totals : array of shape (pairs,)
        Number of segments of the participant, rejected ones included. Somebody without any has said nothing for or
        against: the weight is 1.
    outlook : Outlook
    depth : int, optional
        Looks to plan ahead; by default to the last segment.
    """
    pairs, most = remaining.shape
    depth = most if depth is None else min(depth, most)
    ratios, is_there = likelihood_ratios(remaining, base)
    chance = per_subset(outlook.counts, totals)
    weight, hit = np.zeros((pairs, depth + 1)), np.zeros((pairs, depth))
    by_scores, by_chance = sum_of_nothing(pairs), sum_of_nothing(pairs)
    for look in range(most - 1, -1, -1):
        r, one = ratios[:, look : look + 1], is_there[:, look : look + 1]
        if look < depth:
            hit[:, look] = (1 - outlook.blind) * r[:, 0] * (by_scores[:, :-1] * chance).sum(1)
            hit[:, look] += outlook.blind * one[:, 0] * (by_chance[:, :-1] * chance).sum(1)
        by_scores[:, 1:] += r * by_scores[:, :-1]
        by_chance[:, 1:] += one * by_chance[:, :-1]
        if look <= depth:
            weight[:, look] = (1 - outlook.blind) * (by_scores[:, 1:] * chance).sum(1)
            weight[:, look] += outlook.blind * (by_chance[:, 1:] * chance).sum(1)
    weight[totals == 0] = 1.0
    given = weight[:, :-1] if depth else weight[:, :0]
    hit = np.divide(hit, given, out=np.zeros_like(hit), where=given > 0)
    return Evidence(weight=weight, hit=np.clip(hit, 0.0, 1.0))


def cell_outlook(weights: Floats, *, found: int, absent: int, outlook: Outlook) -> CellOutlook:
    """Return what to expect of a cell.

    Parameters
    ----------
    weights : array
        Weight of the evidence of every undecided participant.
    found, absent : int
        Participants who are known to describe the sub-theme, and not to.
    outlook : Outlook

    Returns
    -------
    CellOutlook
        Among ``found + absent + len(weights)`` participants.
    """
    participants = found + absent + len(weights)
    rates = rates_of(outlook.prior)
    like = rates[:, None] * weights[None, :] + 1 - rates[:, None]
    log_post = found * np.log(rates) + absent * np.log1p(-rates) + np.log(like).sum(1)
    post = np.exp(log_post - log_post.max())
    post /= post.sum()
    chances = rates[:, None] * weights[None, :] / like
    counts = np.zeros((len(rates), participants + 1))
    counts[:, found] = 1.0
    for person in range(len(weights)):
        chance = chances[:, person : person + 1]
        one_more = counts[:, :-1] * chance
        counts *= 1 - chance
        counts[:, 1:] += one_more
    mixed = post @ counts
    is_present = [is_majority(k, participants) for k in range(participants + 1)]
    return CellOutlook(chance=float(min(1.0, mixed[is_present].sum())), pairs=post @ chances, counts=mixed)


def fit_outlook(
    probabilities: Floats, totals: NDArray[np.int64], base: Floats, describes: NDArray[np.bool_], rate: Floats
) -> Outlook:
    """Return the outlook under which the presence of already coded participants is likeliest.

    `true_segments` and `blind` are fitted on a grid. A penalty of one unit of log likelihood for each two percent of
    blind pairs stands for the belief that calibrated scores usually tell something. The prior of a case's rate gets the
    mean of all coded pairs, with the weight of two participants: a new case may differ. Among outlooks that fit
    nearly as well (half a unit of log likelihood) the one with the fewest true segments is taken: it expects more to be
    missed, and a promise of few wrong cells is broken more easily than kept.

    Parameters
    ----------
    probabilities : array of shape (pairs, most segments)
        Calibrated probabilities from a model that has not seen the participant; NaN after the last.
    totals, base : arrays of shape (pairs,)
        As in `pair_evidence`.
    describes : array of shape (pairs,)
        What manual coding says.
    rate : array of shape (pairs,)
        Share of the coded participants who describe the sub-theme, strictly between 0 and 1.
    """
    if len(describes) == 0:
        return Outlook()
    mean = (float(describes.sum()) + 1) / (len(describes) + 2)
    prior = (2 * mean, 2 - 2 * mean)
    prior_odds = np.log(odds(rate))
    fits: list[tuple[float, Outlook]] = []
    for true_segments in (1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 3.0, 4.0, 6.0, 8.0):
        seeing = Outlook(true_segments=true_segments, blind=0.0)
        weight = pair_evidence(probabilities, base, totals, seeing, depth=0).weight[:, 0]
        for blind in (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2):
            log_odds = np.log((1 - blind) * weight + blind) + prior_odds
            fit = -np.logaddexp(0.0, np.where(describes, -log_odds, log_odds)).sum() - blind / 0.02
            fits.append((float(fit), Outlook(true_segments=true_segments, blind=blind, prior=prior)))
    best = max(fit for fit, _ in fits)
    near = [(outlook.true_segments, -fit, outlook.blind, outlook) for fit, outlook in fits if fit >= best - 0.5]
    return min(near, key=lambda x: x[:3])[3]


@cache
def rates_of(prior: tuple[float, float], *, slices: int = _RATES) -> Floats:
    """Return the mid-points of equally likely slices of the prior of a case's rate."""
    from scipy.special import betaincinv

    middle = (np.arange(slices) + 0.5) / slices
    rates = np.clip(np.asarray(betaincinv(prior[0], prior[1], middle), dtype=np.float64), 1e-4, 1 - 1e-4)
    rates.setflags(write=False)
    return rates
