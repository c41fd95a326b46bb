"""Outlook: how likely a participant describes a sub-theme, given calibrated scores and the looks taken so far.

A participant who does not describe a sub-theme has no true segment; one who does has one or more, anywhere. With
likelihood ratios ``r_i = odds(p_i) / odds(base)`` of the N segments, and ``g(n)`` the chance of n true segments among
those who describe it, the weight of the evidence for presence is

    weight = Σ_n g(n) · e_n(r) / C(N, n)

where ``e_n`` is the n-th elementary symmetric polynomial over the segments. An answer multiplies the ratio of its
segment by what it is worth (`subtheme.proposals.coder_error`): by 0 for a denial where coders never err. This differs
from a "noisy or", which takes a participant's segments for independent and finds presence nearly everywhere.
Participants of a case share an unknown rate, so what is found in some says something about the others: the
count of a case is a Poisson-binomial, mixed over that rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from operator import itemgetter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from subtheme.nouns import is_majority
from subtheme.proposals.coder_error import CERTAIN, CoderError
from subtheme.proposals.subsets import MOST_TRUE, Floats, likelihood_ratios, odds, per_subset, sum_of_nothing

_RATES = 41
"""Points of the rate of a case that the mixture runs over."""
_LEVELS, _LEVEL_OFF = np.linspace(-2.0, 2.0, 17), 0.7
"""Levels of the odds that are tried on coded participants, and how far they may be off: a standard deviation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is assumed about participants and scores.

    Attributes
    ----------
    true_segments : float
        Mean number of true segments of a participant who describes a sub-theme, at least 1.
    likely : float
        The same as an estimate: `true_segments` is as low as coded participants leave room for, since a promise must
        not be broken; an expectation must lie on neither side. 0 where nobody has estimated it.
    level : float
        Log odds by which coded participants describe more than their scores alone would let expect, as an estimate
        beside `likely`: negative where the scores expect too many.
    blind : float
        Share of the pairs of participant and sub-theme for which the scores tell nothing at all, in [0, 1).
        It keeps confident scores from ruling somebody out unread.
    prior : tuple of two floats
        Beta prior of the share of a case's participants who describe a sub-theme.
    shares : mapping of str to float
        Share of the coded segments that carry each sub-theme: what the probabilities were calibrated by. Where people
        describe more than those the model learned from, their scores tell so only when held against this share.
    error : CoderError
        How answers go wrong. It belongs to coders and not to the model: a manifest does not keep it.
    shift : float
        Log odds by which participants describe more than scores say, found by the answers (`foresight`).
    surprise : float
        Hits beyond what was forecast, in standard deviations.
    trust : mapping of str to float
        How far the scores of a case are believed, where the answers show that they promise too much (`answers`).
    """

    true_segments: float = 2.5
    likely: float = 0.0
    level: float = 0.0
    blind: float = 0.01
    prior: tuple[float, float] = (1.0, 1.0)
    shares: Mapping[str, float] = field(default_factory=dict)
    error: CoderError = CERTAIN
    shift: float = 0.0
    surprise: float = 0.0
    trust: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, values: Mapping[str, Any] | None) -> Self:
        """Return the outlook that `as_dict` wrote; the defaults for None."""
        if values is None:
            return cls()
        first, second = values["prior"]
        return cls(
            true_segments=float(values["true_segments"]),
            likely=float(values.get("likely", 0.0)),
            level=float(values.get("level", 0.0)),
            blind=float(values["blind"]),
            prior=(float(first), float(second)),
            shares={str(row): float(share) for row, share in values.get("shares", {}).items()},
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the outlook as plain values, as a model's manifest keeps it."""
        prior = [round(x, 6) for x in self.prior]
        shares = {row: round(share, 8) for row, share in sorted(self.shares.items())}
        numbers = {"true_segments": self.true_segments, "likely": self.likely, "level": self.level}
        return {**numbers, "blind": self.blind, "prior": prior, "shares": shares}

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
    known: Floats,
    base: Floats,
    totals: NDArray[np.int64],
    outlook: Outlook,
    *,
    factor: Floats | None = None,
    depth: int | None = None,
) -> Evidence:
    """Return the evidence of every pair.

    Parameters
    ----------
    known : array of shape (pairs, most segments)
        Calibrated probabilities, in the order in which the segments will be looked at; after them those that are not
        looked at any more, then NaN. A segment that was denied for certain may be left out.
    base : array of shape (pairs,)
        Share of all segments that carry the sub-theme, by which the probabilities were calibrated.
    totals : array of shape (pairs,)
        Number of segments of the participant, those left out included. Somebody without any has said nothing for or
        against: the weight is 1.
    outlook : Outlook
    factor : array of the shape of `known`, optional
        What the answers so far multiply the odds of every segment by; 1 unless given.
    depth : int, optional
        Looks to plan ahead; by default to the last segment.
    """
    most = known.shape[1]
    depth = most if depth is None else min(depth, most)
    ratios, is_there = likelihood_ratios(known, base)
    if factor is not None:
        ratios, is_there = ratios * factor, is_there * factor
    chance = per_subset(outlook.counts, totals)
    scored = _looked(ratios, chance, outlook.error.denying, depth)
    unscored = _looked(is_there, chance, outlook.error.denying, depth)
    weight, hit = ((1 - outlook.blind) * x + outlook.blind * y for x, y in zip(scored, unscored, strict=True))
    given = weight[:, :-1] if depth else weight[:, :0]
    hit = np.divide(hit, given, out=np.zeros_like(hit), where=given > 0)
    weight *= np.exp(outlook.shift)
    weight[totals == 0] = 1.0
    return Evidence(weight=weight, hit=np.clip(hit, 0.0, 1.0))


def _looked(ratios: Floats, chance: Floats, denying: float, depth: int) -> tuple[Floats, Floats]:
    """Return the sum over sets of true segments after 0, 1, 2, … denials, and that over sets that hold the next one.

    Parameters
    ----------
    ratios : array of shape (pairs, segments)
    chance : array of shape (pairs, numbers)
        Of every set of 1, 2, … true segments.
    denying : float
        What a denial multiplies a ratio by.
    depth : int
    """
    pairs, most = ratios.shape
    after = [sum_of_nothing(pairs)]
    for look in range(most - 1, -1, -1):
        sums = after[-1].copy()
        sums[:, 1:] += ratios[:, look : look + 1] * after[-1][:, :-1]
        after.append(sums)
        if look > depth:
            after = after[-1:]
    weight, hit = np.zeros((pairs, depth + 1)), np.zeros((pairs, depth))
    before = sum_of_nothing(pairs)
    of_size = np.hstack([np.zeros((pairs, 1)), chance, np.zeros((pairs, chance.shape[1]))])
    sizes = np.arange(MOST_TRUE + 1)
    together = of_size[:, sizes[:, None] + sizes[None, :]] if denying else None
    for look in range(depth + 1):
        left = after.pop()
        # chance of a set that holds j of the segments before, by the number held of those after
        given = of_size[:, : len(sizes)] if together is None else np.einsum("pj,pji->pi", before, together)
        weight[:, look] = (left * given).sum(1)
        if look < depth:
            ratio = ratios[:, look]
            hit[:, look] = ratio * (after[-1][:, :-1] * given[:, 1:]).sum(1)
            if denying:
                before[:, 1:] += denying * ratio[:, None] * before[:, :-1]
    return weight, hit


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
    levels: list[tuple[float, float, float]] = []
    for true_segments in (1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 3.0, 4.0, 6.0, 8.0):
        seeing = Outlook(true_segments=true_segments, blind=0.0)
        weight = pair_evidence(probabilities, base, totals, seeing, depth=0).weight[:, 0]
        for blind in (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2):
            log_odds = np.log((1 - blind) * weight + blind) + prior_odds
            fit = -np.logaddexp(0.0, np.where(describes, -log_odds, log_odds)).sum() - blind / 0.02
            off = log_odds + _LEVELS[:, None]
            at_level = -np.logaddexp(0.0, np.where(describes, -off, off)).sum(1) - 0.5 * (_LEVELS / _LEVEL_OFF) ** 2
            at = int(at_level.argmax())
            levels.append((float(at_level[at] - blind / 0.02), true_segments, float(_LEVELS[at])))
            fits.append((float(fit), Outlook(true_segments=true_segments, blind=blind, prior=prior)))
    best = max(fit for fit, _ in fits)
    likely, level = max(levels, key=itemgetter(0))[1:]
    near = [(outlook.true_segments, -fit, outlook.blind, outlook) for fit, outlook in fits if fit >= best - 0.5]
    return replace(min(near, key=lambda x: x[:3])[3], likely=likely, level=level)


@cache
def rates_of(prior: tuple[float, float], *, slices: int = _RATES) -> Floats:
    """Return the mid-points of equally likely slices of the prior of a case's rate."""
    from scipy.special import betaincinv

    middle = (np.arange(slices) + 0.5) / slices
    rates = np.clip(np.asarray(betaincinv(prior[0], prior[1], middle), dtype=np.float64), 1e-4, 1 - 1e-4)
    rates.setflags(write=False)
    return rates
