"""Disputes: what one coder gave a segment and another, who read it, did not; shown under neutral names."""

import hashlib
from dataclasses import dataclass

import numpy as np

from subtheme.nouns import Value
from subtheme.study import Study

_NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """One segment and code on which coders differ.

    Attributes
    ----------
    segment, code : str
    views : tuple of str
        One line for each coder, in random order.
    version : str
        Digest of who says what.
    """

    segment: str
    code: str
    views: tuple[str, ...]
    version: str


def disputes_of(study: Study, *, without: str) -> dict[str, dict[str, Dispute]]:
    """Return the disputes of a study by segment and code, at the level that is scored.

    A coder has a say wherever they judged the code, whatever way that came in; a doubt is no say.

    Parameters
    ----------
    study : Study
    without : str
        Coder whose own answers are no view: the adjudicator.
    """
    own = study.judgements.by_hand.of_coders([c for c in study.coders if c != without])
    found: dict[str, dict[str, Dispute]] = {}
    names = own.segments["segment"]
    for row in (c.id for c in study.codebook.at_level(study.level)):
        value = own.value[:, :, own.number_of(row)]
        gives, denies = value == Value.PRESENT, np.isin(value, (int(Value.ABSENT), int(Value.COUNTER)))
        for segment in np.flatnonzero(gives.any(axis=0) & denies.any(axis=0)).tolist():
            yes = {c for c, given in zip(own.coders, gives[:, segment], strict=True) if given}
            no = {c for c, denied in zip(own.coders, denies[:, segment], strict=True) if denied}
            dispute = _dispute(str(names.iat[segment]), row, yes, yes | no, key=study.study_id)
            found.setdefault(dispute.segment, {})[row] = dispute
    return {segment: dict(sorted(by_code.items())) for segment, by_code in sorted(found.items())}


def _dispute(segment: str, code: str, yes: set[str], heard: set[str], *, key: str) -> Dispute:
    def drawn(coder: str) -> str:
        return hashlib.sha256("\x1f".join((key, segment, code, coder)).encode()).hexdigest()

    order = sorted(heard, key=drawn)
    views = (f"Coder {_NAMES[i % 26]} {'gave it' if c in yes else 'did not give it'}" for i, c in enumerate(order))
    said = "\x1f".join(f"{c}:{c in yes}" for c in sorted(heard))
    return Dispute(
        segment=segment, code=code, views=tuple(views), version=hashlib.sha256(said.encode()).hexdigest()[:16]
    )
