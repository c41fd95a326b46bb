"""Orders of presence review: the next question is the one that does most for the table."""

from collections.abc import Callable, Iterable
from typing import get_args

import pandas as pd

from subtheme.codings import carry_to_segments
from subtheme.nouns import CODINGS, READINGS, Decision
from subtheme.proposals import Order as QueueOrder
from subtheme.proposals import presence_review
from subtheme.review.arm import Arm
from subtheme.review.margins import codings_of_coder, frame_of
from subtheme.review.material import Material
from subtheme.review.order import BLIND_REASON, Order, Stop

SETTLE = Order(id="settle", name="Settle the table", purpose="what settles most cells with the fewest looks")
CODE = Order(id="code", name="Code by code", purpose="one sub-theme after the other, best evidence first")

PRESENCE_ORDERS: tuple[Order, ...] = (SETTLE, CODE)
"""Orders that rest on where every participant and cell stands."""


def presence_stops(
    order: str,
    *,
    material: Material,
    log: Iterable[Decision],
    readings: pd.DataFrame,
    arm_of: Callable[[str], Arm],
) -> list[Stop]:
    """Return the questions of one of `PRESENCE_ORDERS`, as everything stands now.

    Only the coder's own answers and the codings that were brought in are looked at. In the blind arm the code that is
    asked about stays unsaid.

    Parameters
    ----------
    order : str
    material : Material
    log : iterable of Decision
        The coder's, in order.
    readings : pandas.DataFrame
    arm_of : callable
        From a segment to its arm.
    """
    from subtheme.codings import standing_decisions

    if order not in get_args(QueueOrder) or material.proposals.empty:
        return []
    decisions = frame_of(log)
    codings = CODINGS.check(codings_of_coder(material, decisions), source="codings")
    carried = carry_to_segments(codings, material.segments)
    review = presence_review(
        material.proposals,
        material.segments,
        material.participants,
        material.codebook,
        level=material.level,
        standing=standing_decisions(decisions),
        segment_codes=carried.codes,
        codings=codings,
        readings=READINGS.check(readings, source="readings"),
        outlook=material.outlook,
        rule=material.rule,
    )
    looks = review.queue(order=order).looks
    stops = []
    for segment, code, reason in zip(looks["segment"], looks["sub_theme"], looks["reason"], strict=True):
        number = material.by_segment[segment].number
        if arm_of(segment) is Arm.BLIND:
            stops.append(Stop(number=number, reason=BLIND_REASON))
        else:
            why = reason.removeprefix(f"{code}: ")
            stops.append(Stop(number=number, code=code, reason=f"{material.code_name(code)}: {why}."))
    return stops
