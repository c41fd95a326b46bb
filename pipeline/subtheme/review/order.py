"""Orders: which segment is asked about next, and why; the reason stands on the screen."""

from collections.abc import Callable
from dataclasses import dataclass

from subtheme.nouns import sha256_of_text
from subtheme.review.arm import Arm
from subtheme.review.coder_log import CoderLog
from subtheme.review.item import likelihood_words
from subtheme.review.material import Material, Passage

BLIND_REASON = "Your own coding first: no proposal is shown here. Some of these segments have proposals, others none."
"""The one reason of every segment of the blind arm: it must say nothing of the model."""

_NEAR = 0.15
"""How far below its threshold a suggestion may lie to be asked about as uncertain."""

ArmOf = Callable[[str], Arm]
"""From a segment to its arm."""

Drawn = Callable[[str, str], bool]
"""Whether a segment is drawn for a purpose: ``unsuggested`` (of the blind arm, asked about although nothing is proposed
there) or ``overlap`` (coded by everybody)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One segment in an order.

    Attributes
    ----------
    number : int
        Of the passage.
    code : str
        Code that the order is after; empty where it is after none.
    reason : str
    needs_answer : bool
        Whether only an answer on the code finishes it; having gone on from the segment does not.
    """

    number: int
    code: str = ""
    reason: str = ""
    needs_answer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A way through the segments.

    Attributes
    ----------
    id, name, purpose : str
    """

    id: str
    name: str
    purpose: str


TRANSCRIPT = Order(id="transcript", name="Transcript order", purpose="proposals as they come while reading")
UNCERTAIN = Order(id="uncertain", name="Uncertain first", purpose="where an answer teaches the model most")
READING = Order(id="reading", name="Every segment", purpose="read it all, with or without proposals")
FLAGGED = Order(id="flagged", name="Flagged", purpose="what you set aside")

AUDIT = Order(id="audit", name="Audit sample", purpose="drawn at random, to learn what the proposals miss")
OVERLAP = Order(id="overlap", name="Double coding", purpose="the same segments for every coder, without proposals")
BULK = Order(id="bulk", name="Bulk audit", purpose="the random sample that a bulk answer waits for")

DISAGREEMENTS = Order(id="disagreements", name="Disagreements", purpose="where coders differ")
DISPUTE_REASON = "Coders differ here. Who they are is not said, and their order means nothing."

OWN_ORDERS: tuple[Order, ...] = (TRANSCRIPT, UNCERTAIN, READING, AUDIT, OVERLAP, BULK, FLAGGED)
"""Orders that need nothing but the proposals and the coder's own log."""


def own_stops(order: str, *, material: Material, log: CoderLog, arm_of: ArmOf, is_drawn: Drawn) -> list[Stop]:
    """Return the segments of one of `OWN_ORDERS`, in its order, finished ones among them.

    A study without any proposals has nothing to confirm: transcript order then goes through every segment.
    """
    if order == FLAGGED.id:
        flagged = log.flagged()
        return [Stop(number=p.number, reason="You set it aside.") for p in material.passages if p.segment in flagged]
    if order == BULK.id:
        return _bulk_sample(material, log)
    if order in {AUDIT.id, OVERLAP.id}:
        return _drawn(order, material, arm_of, is_drawn, coder=log.coder)
    if order == READING.id or not material.suggestions:
        return [_neutral(p, arm_of, "Every segment, in reading order.") for p in material.passages]
    if order == UNCERTAIN.id:
        return _uncertain(material, arm_of)
    candidates = [p for p in material.passages if _is_candidate(p, material, arm_of, is_drawn)]
    return [_neutral(p, arm_of, _count(p, material)) for p in candidates]


def _is_candidate(passage: Passage, material: Material, arm_of: ArmOf, is_drawn: Drawn) -> bool:
    if any(s.is_over for s in material.suggestions.get(passage.segment, ())):
        return True
    if passage.transcript in material.coded:  # a blind look is for what nobody has coded yet
        return False
    return arm_of(passage.segment) is Arm.BLIND and is_drawn("unsuggested", passage.segment)


def _neutral(passage: Passage, arm_of: ArmOf, reason: str) -> Stop:
    is_blind = arm_of(passage.segment) is Arm.BLIND
    return Stop(number=passage.number, reason=BLIND_REASON if is_blind else reason)


def _drawn(order: str, material: Material, arm_of: ArmOf, is_drawn: Drawn, *, coder: str) -> list[Stop]:
    """Return a random sample of all segments, those without proposals among them, in an order of the coder's own.

    The audit sample is the blind arm itself, which is drawn from all segments; the overlap is the same for all coders.
    """
    of_sample = [
        p
        for p in material.passages
        if (arm_of(p.segment) is Arm.BLIND if order == AUDIT.id else is_drawn("overlap", p.segment))
    ]
    chance = "drawn at random" if order == AUDIT.id else "drawn for everybody"
    shuffled = sorted(of_sample, key=lambda p: sha256_of_text("\x1f".join((material.study_id, coder, p.segment))))
    return [Stop(number=p.number, reason=f"{BLIND_REASON} {chance.capitalize()}.") for p in shuffled]


def _bulk_sample(material: Material, log: CoderLog) -> list[Stop]:
    """Return the sample of every bulk answer that waits for its audit."""
    return [
        Stop(
            number=material.by_segment[d.segment].number,
            code=d.code,
            reason=f"Bulk audit: {d.verdict.value} for all.",
            needs_answer=True,
        )
        for d in log.bulk_sample()
    ]


def _count(passage: Passage, material: Material) -> str:
    count = sum(s.is_over for s in material.suggestions.get(passage.segment, ()))
    return f"{count} proposal{'' if count == 1 else 's'}, in reading order."


def _uncertain(material: Material, arm_of: ArmOf) -> list[Stop]:
    """Sort by the distance of the suggestion that is nearest to its threshold, on either side of it."""
    keyed: list[tuple[float, Stop]] = []
    for passage in material.passages:
        own = material.suggestions.get(passage.segment, ())
        nearest = min(own, key=lambda s: (abs(s.probability - s.threshold), s.code), default=None)
        if nearest is None:
            continue
        distance = abs(nearest.probability - nearest.threshold)
        if distance > _NEAR and not any(s.is_over for s in own):
            continue
        if arm_of(passage.segment) is Arm.BLIND:
            keyed.append((distance, Stop(number=passage.number, reason=BLIND_REASON)))
            continue
        name = material.code_name(nearest.code)
        reason = f"The model is least sure here: {name}, {likelihood_words(nearest.probability)}."
        keyed.append((distance, Stop(number=passage.number, code=nearest.code, reason=reason)))
    return [stop for _, stop in sorted(keyed, key=lambda pair: (pair[0], pair[1].number))]
