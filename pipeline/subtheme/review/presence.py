"""Orders of presence review: the next question is the one that does most for the table."""

from collections.abc import Callable
from typing import get_args

from subtheme.proposals import Order as QueueOrder
from subtheme.review.arm import Arm
from subtheme.review.material import Material
from subtheme.review.order import BLIND_REASON, Order, Stop
from subtheme.study import Study

SETTLE = Order(id="settle", name="Settle the table", purpose="what settles most cells with the fewest looks")
CODE = Order(id="code", name="Code by code", purpose="one sub-theme after the other, best evidence first")

PRESENCE_ORDERS: tuple[Order, ...] = (SETTLE, CODE)
"""Orders that rest on where every participant and cell stands."""


def presence_stops(order: str, *, material: Material, study: Study, arm_of: Callable[[str], Arm]) -> list[Stop]:
    """Return the questions of one of `PRESENCE_ORDERS`, as everything stands now.

    In the blind arm the code that is asked about stays unsaid.

    Parameters
    ----------
    order : str
    material : Material
    study : Study
        As the coder may see it.
    arm_of : callable
        From a segment to its arm.
    """
    review = study.presence_review
    if order not in get_args(QueueOrder) or review is None:
        return []
    looks = review.queue(order=order).looks
    # What the coder has answered is asked again later and elsewhere: a sheet shows no answer of before.
    looks = looks[looks["answers"] == 0]
    stops = []
    for segment, code, reason in zip(looks["segment"], looks["sub_theme"], looks["reason"], strict=True):
        number = material.by_segment[segment].number
        if arm_of(segment) is Arm.BLIND:
            stops.append(Stop(number=number, reason=BLIND_REASON))
        else:
            why = reason.removeprefix(f"{code}: ")
            stops.append(Stop(number=number, code=code, reason=f"{material.code_name(code)}: {why}."))
    return stops
