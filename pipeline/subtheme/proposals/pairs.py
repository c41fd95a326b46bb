"""Pairs of participant and sub-theme: the unit of presence review, with its segments, looks and evidence."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from subtheme.nouns import CONFIRMING, DENYING, Verdict
from subtheme.proposals.answers import Answers
from subtheme.proposals.coder_error import CoderError, Counts, error_after, is_to_be_asked_again
from subtheme.proposals.outlook import Evidence, Outlook, fit_outlook, pair_evidence
from subtheme.proposals.subsets import Floats, odds
from subtheme.proposals.trust import tempered

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """What is known of every participant and sub-theme.

    Attributes
    ----------
    participants : pandas.DataFrame
        participant, case, level; row i is participant i.
    rows : tuple of str
        Sub-themes that have scores; column j is sub-theme j.
    unscored : tuple of str
        Sub-themes without any score: nothing can be proposed for them.
    segments : pandas.DataFrame
        Segments of these participants, in the order of the transcripts, with `owner`, the row of their participant.
    probability : array of shape (segments, rows)
        Highest calibrated probability of the codes of that row; NaN where there is none.
    verdict : array of shape (segments, rows) of str
        Where a decision stands; empty where there is none.
    describes, ruled_out : arrays of shape (participants, rows) of bool
        Confirmed; and read, or looked at segment by segment, without finding it.
    is_known : array of shape (segments, rows) of bool, optional
        Judged otherwise than by an answer: coded, or in a transcript that was read for the row; none by default.
    confirmations, denials : arrays of shape (segments, rows) of int, optional
        Answers of each kind, by whomever; by default one of the kind that the verdict is of.
    first : array of shape (segments, rows) of bool, optional
        Whether the first of the answers confirmed; by default wherever any did.
    certain : array of shape (participants, rows) of bool, optional
        Known otherwise than by answers to questions, such as codings made in reading: no error of answers touches it.
    """

    participants: pd.DataFrame
    rows: tuple[str, ...]
    unscored: tuple[str, ...]
    segments: pd.DataFrame
    probability: Floats
    verdict: NDArray[np.str_]
    describes: NDArray[np.bool_]
    ruled_out: NDArray[np.bool_]
    is_known: NDArray[np.bool_] | None = None
    confirmations: Counts | None = None
    denials: Counts | None = None
    first: NDArray[np.bool_] | None = None
    certain: NDArray[np.bool_] | None = None

    @property
    def told(self) -> tuple[Counts, Counts]:
        """Confirmations and denials of every segment and row."""
        yes = np.isin(self.verdict, CONFIRMING).astype(np.int64) if self.confirmations is None else self.confirmations
        no = np.isin(self.verdict, DENYING).astype(np.int64) if self.denials is None else self.denials
        return yes, no

    def is_found(self, error: CoderError) -> NDArray[np.bool_]:
        """Return the pairs that describe their row for certain: nothing that coders get wrong can change it."""
        certain = np.zeros_like(self.describes) if self.certain is None else self.certain
        is_answered = self._any(self.told[0] > 0)
        return self.describes & (certain | ~is_answered | (error.invented == 0))

    def is_absent(self, error: CoderError) -> NDArray[np.bool_]:
        """Return the pairs that do not describe their row for certain."""
        is_denied = all_denied(self.verdict, self.segments["owner"].to_numpy(), len(self.participants))
        return self.ruled_out & (~is_denied | (error.missed == 0))

    def _any(self, of_segments: NDArray[np.bool_]) -> NDArray[np.bool_]:
        found = np.zeros(self.describes.shape, dtype=bool)
        np.logical_or.at(found, self.segments["owner"].to_numpy(), of_segments)
        return found

    def decided(self, *verdicts: str) -> NDArray[np.int64]:
        """Return how many segments of every pair carry one of `verdicts` (any, unless given)."""
        counts = np.zeros(self.describes.shape, dtype=np.int64)
        is_counted = np.isin(self.verdict, verdicts) if verdicts else self.verdict != ""
        np.add.at(counts, self.segments["owner"].to_numpy(), is_counted.astype(np.int64))
        return counts

    def remaining(self, error: CoderError) -> list[list[Places]]:
        """Return the segments of every participant and row that may be asked about, best evidence first.

        Where coders miss things, a segment that was denied once may be asked about again, with what the answers left of
        its evidence; so may one that was confirmed first and then denied.
        """
        may_ask, odds_of = self._is_askable(error), self._odds(error)
        return [
            [self._best_first(owned[may_ask[owned, row]], odds_of[:, row]) for row in range(len(self.rows))]
            for owned in self._owned()
        ]

    def again(self) -> NDArray[np.intp]:
        """Return for every participant and row the segment whose confirmation is to be looked at again; -1 for none.

        None where some segment is verified already; of several the one with the best evidence.
        """
        confirmations, denials = self.told
        is_verified = (confirmations >= denials + 2) | ((confirmations >= 2) & (denials == 1))
        may_ask = is_to_be_asked_again(confirmations, denials)
        place = np.full(self.describes.shape, -1, dtype=np.intp)
        for person, owned in enumerate(self._owned()):
            for row in np.flatnonzero(may_ask[owned].any(0) & ~is_verified[owned].any(0)):
                of_row = owned[may_ask[owned, row]]
                place[person, row] = self._best_first(of_row, self.probability[:, row])[0]
        return place

    def _owned(self) -> list[Places]:
        owner = self.segments["owner"].to_numpy()
        sizes = np.bincount(owner, minlength=len(self.participants))
        return np.split(np.argsort(owner, kind="stable"), sizes.cumsum()[:-1])

    @staticmethod
    def _best_first(places: Places, evidence: Floats) -> Places:
        best: Places = places[np.argsort(-np.nan_to_num(evidence[places], nan=-1.0), kind="stable")]
        return best

    def _is_askable(self, error: CoderError) -> NDArray[np.bool_]:
        confirmations, denials = self.told
        is_free = self.verdict == ""
        if error.missed > 0:
            is_doubtful = (denials == 1) & (confirmations <= 1)
            is_free = is_free | (np.isin(self.verdict, DENYING) & is_doubtful)
        if self.is_known is not None:
            is_free = is_free & ~self.is_known
        askable: NDArray[np.bool_] = is_free & ~np.isnan(self.probability)
        return askable

    def _odds(self, error: CoderError) -> Floats:
        """Return what scores and answers together say of every segment, on a scale that puts them in order."""
        found: Floats = odds(self.probability) * error.factor(*self.told)
        return found

    def evidence(self, remaining: list[list[Places]], outlook: Outlook, *, depth: int | None = None) -> Evidence:
        """Return the evidence of all pairs, participant by participant.

        Segments that are not asked about come last: those that were answered, those marked unsure, and those that no
        model has scored and nobody has read, which tell nothing: their likelihood ratio is 1.
        """
        base = self.base_of(outlook)
        owned = self._owned()
        most = max((len(x) for x in owned), default=0)
        shape = (len(owned) * len(self.rows), most)
        known, factors = np.full(shape, np.nan), np.ones(shape)
        factor = outlook.error.factor(*self.told)
        is_unscored = np.isnan(self.probability)
        probability = np.where(is_unscored, base, self.believed(outlook))
        is_unknown = np.ones(self.verdict.shape, dtype=bool) if self.is_known is None else ~self.is_known
        is_empty = self.verdict == ""
        is_behind = (self.verdict == Verdict.UNSURE.value) | (is_unscored & is_unknown & is_empty)
        is_behind |= ~is_empty & (factor > 0)
        closed = self.is_found(outlook.error) | self.is_absent(outlook.error)
        for person, mine in enumerate(owned):
            for row in range(len(self.rows)):
                first = remaining[person][row]
                behind = mine[is_behind[mine, row]] if not closed[person, row] else mine[:0]
                if len(first) and len(behind):
                    behind = np.setdiff1d(behind, first)
                places, at = np.concatenate([first, behind]), person * len(self.rows) + row
                known[at, : len(places)] = probability[places, row]
                factors[at, : len(places)] = factor[places, row]
        sizes = np.array([len(x) for x in owned], dtype=np.int64)
        evidence = pair_evidence(
            known,
            np.tile(base, len(owned)),
            np.repeat(sizes, len(self.rows)),
            outlook,
            factor=factors,
            depth=depth,
        )
        askable = np.array([len(places) for per_row in remaining for places in per_row], dtype=np.int64)
        evidence.hit[np.arange(evidence.hit.shape[1]) >= askable[:, None]] = 0.0
        return evidence

    def answers(self, outlook: Outlook) -> Answers:
        """Return what has been answered, participant by participant; a segment marked unsure counts as unanswered."""
        owned = self._owned()
        rows, sizes = len(self.rows), np.array([len(x) for x in owned], dtype=np.int64)
        shape = (len(owned), rows, int(sizes.max(initial=0)))
        probability = np.full(shape, np.nan)
        told = np.zeros((2, *shape), dtype=np.int64)
        for person, mine in enumerate(owned):
            probability[person, :, : len(mine)] = self.probability[mine].T
            for kind, counts in zip(told, self.told, strict=True):
                kind[person, :, : len(mine)] = counts[mine].T
        flat = (shape[0] * shape[1], shape[2])
        return Answers(
            probability=probability.reshape(flat),
            confirmations=told[0].reshape(flat),
            denials=told[1].reshape(flat),
            found=self.is_found(outlook.error).ravel(),
            absent=self.is_absent(outlook.error).ravel(),
            base=np.tile(self.base_of(outlook), len(owned)),
            totals=np.repeat(sizes, rows),
            row=np.tile(np.arange(rows), len(owned)),
            case=np.repeat(self.participants["case"].to_numpy(dtype=str), rows),
        )

    def error(self, stated: CoderError) -> CoderError:
        """Return how answers go wrong, as far as questions that were asked twice tell."""
        confirmations, denials = self.told
        return error_after(
            stated,
            self.probability.ravel(),
            first=(confirmations > 0 if self.first is None else self.first).ravel(),
            confirmations=confirmations.ravel(),
            denials=denials.ravel(),
        )

    def base_of(self, outlook: Outlook) -> Floats:
        """Return the share of segments of every row that the probabilities were calibrated by.

        Where the outlook does not say, it is the mean probability here. That is the same only where people describe as
        much as those the model learned from: elsewhere it takes what is common here for what needs no explanation.
        """
        base = self.base
        known = [outlook.shares.get(row, share) for row, share in zip(self.rows, base.tolist(), strict=True)]
        return np.array(known, dtype=np.float64)

    def believed(self, outlook: Outlook) -> Floats:
        """Return the probabilities as far as the scores of every case are trusted."""
        found = self.probability
        if not outlook.trust:
            return found
        base, case = self.base_of(outlook), self.participants["case"].to_numpy(dtype=str)
        of_segment = case[self.segments["owner"].to_numpy()]
        found = found.copy()
        for name, trust in outlook.trust.items():
            less = tempered(self.probability.T, base, np.arange(len(self.rows)), trust=trust).T
            found[of_segment == name] = less[of_segment == name]
        return found

    @property
    def base(self) -> Floats:
        """Mean calibrated probability of every row: the share of segments that carry it, by the model."""
        there = ~np.isnan(self.probability)
        sums = np.where(there, self.probability, 0.0).sum(0)
        means: Floats = sums / np.maximum(there.sum(0), 1)
        return means


def all_denied(verdict: NDArray[np.str_], owner: Places, participants: int) -> NDArray[np.bool_]:
    """Return the pairs that have segments, every one of them denied."""
    denied = np.zeros((participants, verdict.shape[1]), dtype=np.int64)
    np.add.at(denied, owner, np.isin(verdict, DENYING).astype(np.int64))
    sizes = np.bincount(owner, minlength=participants)[:, None]
    all_denied: NDArray[np.bool_] = (denied == sizes) & (sizes > 0)
    return all_denied


def outlook_of(coded: Pairs) -> Outlook:
    """Return the outlook that fits participants whose interviews are coded by hand.

    Parameters
    ----------
    coded : Pairs
        Of those participants alone, with the codings as `described` and scores from models that have not seen the
        participant (out of fold); other scores promise too much.
    """
    if not len(coded.segments):
        return Outlook()
    arranged = coded.answers(Outlook())
    rate = (coded.describes.sum(0) + 1) / (len(coded.participants) + 2)
    fitted = fit_outlook(
        arranged.probability,
        arranged.totals,
        arranged.base,
        coded.describes.ravel(),
        np.tile(rate, len(coded.participants)),
    )
    return replace(fitted, shares=dict(zip(coded.rows, coded.base.tolist(), strict=True)))
