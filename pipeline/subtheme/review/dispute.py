"""Disputes: what one coder gave a segment and another, who read it, did not; shown under neutral names."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from subtheme.codings import carry_to_segments, codings_of_decisions
from subtheme.nouns import CODINGS, Direction, rows_of
from subtheme.review.material import Material

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


def disputes_of(
    material: Material,
    decisions: pd.DataFrame,
    readings: pd.DataFrame,
    finished: Mapping[str, set[str]],
    *,
    without: str,
) -> dict[str, dict[str, Dispute]]:
    """Return the disputes of a study by segment and code.

    A coder has a say on a segment whose transcript they read whole, that they went on from, or that they coded.

    Parameters
    ----------
    material : Material
    decisions : pandas.DataFrame
        Everybody's, checked by `subtheme.nouns.DECISIONS`.
    readings : pandas.DataFrame
        Checked by `subtheme.nouns.READINGS`.
    finished : mapping of str to set of str
        By segment, the coders who went on from it.
    without : str
        Coder whose own answers are no view: the adjudicator.
    """
    confirmed = codings_of_decisions(decisions, material.segments)
    codings = CODINGS.check(pd.concat([material.manual, confirmed], ignore_index=True), source="codings")
    codes = carry_to_segments(codings, material.segments).codes
    codes = codes[(codes["direction"] == Direction.SUPPORTS.value) & (codes["coder"] != without)]
    readers: dict[str, set[str]] = {}
    for row in rows_of(readings):
        readers.setdefault(row.transcript, set()).add(row.coder)
    gave: dict[tuple[str, str], set[str]] = {}
    for row in rows_of(codes):
        code = material.codebook.roll_up(row.code, material.level) if row.code in material.codebook else None
        if code is not None:
            gave.setdefault((row.segment, code), set()).add(row.coder)
    found: dict[str, dict[str, Dispute]] = {}
    for (segment, code), yes in sorted(gave.items()):
        passage = material.by_segment[segment]
        heard = (readers.get(passage.transcript, set()) | finished.get(segment, set()) | yes) - {without}
        if heard - yes:
            found.setdefault(segment, {})[code] = _dispute(segment, code, yes, heard, key=material.study_id)
    return found


def _dispute(segment: str, code: str, yes: set[str], heard: set[str], *, key: str) -> Dispute:
    def drawn(coder: str) -> str:
        return hashlib.sha256("\x1f".join((key, segment, code, coder)).encode()).hexdigest()

    order = sorted(heard, key=drawn)
    views = (f"Coder {_NAMES[i % 26]} {'gave it' if c in yes else 'did not give it'}" for i, c in enumerate(order))
    said = "\x1f".join(f"{c}:{c in yes}" for c in sorted(heard))
    return Dispute(
        segment=segment, code=code, views=tuple(views), version=hashlib.sha256(said.encode()).hexdigest()[:16]
    )
