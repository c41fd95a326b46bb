"""Settlement: what coders agreed on, as the decisions of one more coder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.agreement.coded_units import CodedUnits
from subtheme.judgements import SETTLED
from subtheme.nouns import DECISIONS, READINGS, Basis, Verdict, content_id

_VERDICTS = {"present": Verdict.ACCEPT.value, "absent": Verdict.REJECT.value}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settlement:
    """What was agreed, and what is left to agree on.

    Attributes
    ----------
    decisions : DataFrame
        `DECISIONS`: on what was settled, and on what all coders had found in transcripts that are settled whole.
    readings : DataFrame
        `READINGS` of the transcripts that are settled whole, for the codes that were compared in all of them.
    still_open : int
        Disagreements without a decision.
    """

    decisions: pd.DataFrame = field(repr=False)
    readings: pd.DataFrame = field(repr=False)
    still_open: int


def settlement(
    settled: pd.DataFrame,
    judgements: CodedUnits,
    segments: pd.DataFrame,
    *,
    coder: str,
    batch: str,
    at_us: int,
    standing: Mapping[tuple[str, str], str] | None = None,
) -> Settlement:
    """Return what was agreed as decisions of `coder`.

    Parameters
    ----------
    settled : DataFrame
        From `read_decisions`.
    judgements : CodedUnits
        Of the coders who disagreed.
    segments : DataFrame
        `SEGMENTS`.
    coder : str
        Name under which the agreed coding is kept.
    batch : str
        Digest of the list: the same list taken in twice gives the same decisions.
    at_us : int
        Time in microseconds since 1970-01-01 UTC.
    standing : mapping of (segment, code) to value, optional
        What `coder` holds from before; the same again is not decided twice.
    """
    before = dict(standing or {})
    rows = [
        (s, c, _VERDICTS[word], memo)
        for s, c, word, memo in settled[["segment", "code", "decision", "memo"]].itertuples(index=False, name=None)
        if before.get((s, c)) != word
    ]
    decided = set(before) | {(s, c) for s, c, _, _ in rows}
    transcript_of = dict(zip(segments["segment"].tolist(), segments["transcript"].tolist(), strict=True))
    disputed = _pairs(judgements, judgements.found.any(axis=0) & (judgements.present == 0).any(axis=0))
    left = [pair for pair in disputed if pair not in decided]
    unfinished = {transcript_of[s] for s, _ in left}
    whole = {transcript_of[str(s)] for s in judgements.units[judgements.compared]} - unfinished
    # Beside what was disputed stands what nobody disputed; without it the agreed coding would have holes.
    undisputed = _pairs(judgements, (judgements.present != 0).all(axis=0) & judgements.compared_for)
    rows += [
        (s, c, Verdict.ACCEPT.value, "") for s, c in undisputed if transcript_of[s] in whole and (s, c) not in decided
    ]
    decisions = pd.DataFrame(rows, columns=["segment", "code", "verdict", "memo"]).assign(
        uid=[content_id("decision", batch, coder, s, c, verdict) for s, c, verdict, _ in rows],
        coder=coder,
        shown=json.dumps({"arm": SETTLED, "by": "settle"}, sort_keys=True),
        at_us=at_us,
    )
    held = {transcript_of[s] for s, _ in decided} | {transcript_of[row[0]] for row in rows}
    read = {name: codes for name, codes in _compared_codes(judgements, transcript_of).items() if name in whole & held}
    readings = pd.DataFrame(
        [(coder, name, Basis.AGREED.word, ";".join(codes)) for name, codes in sorted(read.items())],
        columns=list(READINGS.names),
    )
    return Settlement(
        decisions=DECISIONS.check(decisions, source="settled disagreements"),
        readings=READINGS.check(readings, source="settled transcripts"),
        still_open=len(left),
    )


def _compared_codes(judgements: CodedUnits, transcript_of: Mapping[str, str]) -> dict[str, list[str]]:
    """Return for every transcript the codes that were compared on all of its segments, if there are any."""
    places = [transcript_of[str(s)] for s in judgements.units]
    compared = pd.DataFrame(judgements.compared_for.T, columns=list(judgements.codes)).groupby(places).all()
    found = {str(name): [str(code) for code in row.index[row]] for name, row in compared.iterrows()}
    return {name: codes for name, codes in found.items() if codes}


def _pairs(judgements: CodedUnits, chosen: npt.NDArray[np.bool_]) -> list[tuple[str, str]]:
    """Return the (segment, code) pairs where `chosen`, of shape (codes, units), is true."""
    unit, code = np.nonzero(chosen.T)
    return [(str(judgements.units[u]), judgements.codes[c]) for u, c in zip(unit, code, strict=True)]
