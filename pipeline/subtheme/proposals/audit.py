"""Audit: what segments that were drawn at random say of those that were passed over."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from subtheme.nouns import CONFIRMING
from subtheme.proposals.pairs import Pairs


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCount:
    """Counts of one sub-theme.

    Attributes
    ----------
    sub_theme : str
    drawn, found : int
        Segments drawn at random and decided although nothing was proposed, and those that carry the sub-theme.
    passed_over : int
        Segments without a proposal that nobody decided in another order, the drawn ones included.
    """

    sub_theme: str
    drawn: int
    found: int
    passed_over: int


def audit_counts(pairs: Pairs, decided: pd.DataFrame, thresholds: dict[str, float]) -> tuple[AuditCount, ...]:
    """Return the counts of every sub-theme with scores.

    A segment is passed over for a sub-theme when its probability is below the threshold and no decision made in another
    order stands; such a decision was not drawn at random, and says nothing of the others.

    Parameters
    ----------
    pairs : Pairs
    decided : pandas.DataFrame
        `sub_theme`, `segment`, `verdict`, and `shown`, whose `order` tells the draws.
    thresholds : dict of str to float
    """
    drawn = decided[is_audit(decided)]
    place = {s: i for i, s in enumerate(pairs.segments["segment"])}
    counts = []
    for column, row in enumerate(pairs.rows):
        own = set(drawn.loc[drawn["sub_theme"] == row, "segment"])
        is_drawn = np.zeros(len(place), dtype=bool)
        is_drawn[[place[s] for s in own if s in place]] = True
        verdict = pairs.verdict[:, column]
        # A comparison with NaN is false: what no model has scored was not passed over, it was never offered.
        is_low = pairs.probability[:, column] < thresholds.get(row, 0.5)
        in_audit = is_low & is_drawn & (verdict != "")
        found = in_audit & np.isin(verdict, CONFIRMING)
        counts.append(
            AuditCount(
                sub_theme=row,
                drawn=int(in_audit.sum()),
                found=int(found.sum()),
                passed_over=int((is_low & ((verdict == "") | in_audit)).sum()),
            )
        )
    return tuple(counts)


def is_audit(decided: pd.DataFrame) -> pd.Series:
    """Return which decisions were made on segments that were drawn at random, by what `shown` says of their order."""
    orders = [json.loads(s or "{}").get("order") for s in decided["shown"]]
    return pd.Series([order == "audit" for order in orders], index=decided.index, dtype=bool)
