"""The blind arm: a keyed hash decides which segments a coder reads without any suggestion.

Shown suggestions change what people decide, so a model can only be judged, and its effect on the coder only
be measured, on segments where the coder saw none. The hash makes the choice random as to content, the same
after a restart, and different for every coder.
"""

import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum

from subtheme.judgements import ADJUDICATION as ADJUDICATED

SHARE = 0.15
"""Share of the segments that are blind, unless the study is small."""

LEAST = 200
"""Segments that the blind arm should hold: about 220 decisions show a shift of 10 points four times in five."""

MOST = 0.5
"""Share that a small study's blind arm never exceeds."""


class Arm(StrEnum):
    """What a coder sees beside a segment."""

    ASSISTED = "assisted"
    """The model's proposals."""
    BLIND = "blind"
    """The codebook and no proposal."""
    FIRST = "first"
    """The codebook, and the proposals only after the coder's own answer."""
    ADJUDICATION = ADJUDICATED
    """Two coders' answers under neutral names, and no proposal."""

    @property
    def shows_suggestions(self) -> bool:
        """Whether the coder sees what the model says."""
        return self is Arm.ASSISTED


def blind_share(segments: int, *, share: float = SHARE, least: int = LEAST) -> float:
    """Return the share of `segments` that are read blind.

    It is `share`, or what brings `least` segments together where that is more, but at most a half.
    With a share of 0 there is no blind arm.

    >>> blind_share(6000), blind_share(800), blind_share(100), blind_share(100, share=0)
    (0.15, 0.25, 0.5, 0.0)
    """
    if share <= 0 or segments <= 0:
        return 0.0
    return max(share, min(MOST, least / segments))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What decides about the arm of a segment that nobody has answered yet.

    Attributes
    ----------
    key : str
        Random id of the study.
    coder : str
    share : float
        Share of the segments that are read blind, in [0, 1].
    overlap : float
        Share of the segments that every coder reads, blind, in [0, 1].
    decides_first : bool
        Whether suggestions show only after the coder's own answer.
    """

    key: str
    coder: str
    share: float
    overlap: float = 0.0
    decides_first: bool = False

    def is_overlap(self, segment: str) -> bool:
        """Whether every coder codes `segment`: the draw does not depend on who codes."""
        return is_drawn("overlap", segment, coder="", key=self.key, share=self.overlap)

    def arm(self, segment: str) -> Arm:
        """Return the arm in which `segment` is first shown."""
        if self.is_overlap(segment):
            return Arm.BLIND
        arm = arm_of(segment, coder=self.coder, key=self.key, share=self.share)
        return Arm.FIRST if arm is Arm.ASSISTED and self.decides_first else arm


def arm_of(segment: str, *, coder: str, key: str, share: float) -> Arm:
    """Return the arm of `segment` for `coder`: blind where the keyed hash falls below `share`.

    Parameters
    ----------
    segment, coder : str
    key : str
        Random id of the study.
    share : float
        In [0, 1].
    """
    return Arm.BLIND if is_drawn("arm", segment, coder=coder, key=key, share=share) else Arm.ASSISTED


def is_drawn(purpose: str, segment: str, *, coder: str, key: str, share: float) -> bool:
    """Whether `segment` belongs to the `share` of segments that are drawn for `purpose`; purposes are independent."""
    message = "\x1f".join((purpose, coder, segment)).encode("utf-8")
    drawn = int.from_bytes(hmac.digest(key.encode("utf-8"), message, hashlib.sha256)[:8], "big")
    return drawn < int(share * 2**64)
