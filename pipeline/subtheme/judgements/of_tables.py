"""Judgements from tables, for people who have coded segments and no study with a log of events."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.errors import InputError, Problem, suggestion
from subtheme.judgements.layers import Layers, by_transcript, slices
from subtheme.nouns import (
    READINGS,
    SEGMENT_CODES,
    SEGMENTS,
    Basis,
    Codebook,
    Direction,
    Judgements,
    Origin,
    Value,
    above,
    rows_of,
)

_SAID = (
    (Origin.ASSISTED, Direction.COUNTERS, Basis.ASSISTED, Value.COUNTER),
    (Origin.ASSISTED, Direction.SUPPORTS, Basis.ASSISTED, Value.PRESENT),
    (Origin.BLIND, Direction.COUNTERS, Basis.BLIND, Value.COUNTER),
    (Origin.BLIND, Direction.SUPPORTS, Basis.BLIND, Value.PRESENT),
)
"""What rows say, the last word last: a table has no times, so blind stands before assisted, present before counter."""

_BASES = {basis.word: basis for basis in Basis if basis is not Basis.NONE}


def judgements_of_tables(
    segments: pd.DataFrame, coded: pd.DataFrame, readings: pd.DataFrame, codebook: Codebook
) -> Judgements:
    """Return what every coder holds of every code on every segment.

    A reading makes absent what its coder did not give in the transcript, among the codes that it was for. A coding in
    a transcript that its coder has not read is a judgement of that segment for that code, and the codes above it,
    alone. A reading in which the coder gave codes only with suggestions in view is assisted itself.

    Parameters
    ----------
    segments, coded, readings : pandas.DataFrame
        `SEGMENTS`, `SEGMENT_CODES` and `READINGS`. What models propose is no judgement, and is refused.
    codebook : Codebook

    Raises
    ------
    InputError
        With every problem: a table that breaks its contract, a code, segment or transcript that is not known, codings
        that nobody has confirmed.
    """
    segments = SEGMENTS.checked(segments, source="segments")
    coded = SEGMENT_CODES.checked(coded, source="coded segments")
    readings = READINGS.check(readings, source="readings")
    rows = by_transcript(segments)
    segment = pd.Index(rows["segment"]).get_indexer(pd.Index(coded["segment"]))
    if problems := [*_coded_problems(coded, segment, codebook), *_reading_problems(readings, rows, codebook)]:
        raise InputError(problems)
    coders = tuple(sorted({*coded["coder"].unique().tolist(), *readings["coder"].tolist()}))
    codes = tuple(c.id for c in codebook.codes)
    coder = pd.Index(coders).get_indexer(pd.Index(coded["coder"]))
    code = pd.Index(codes).get_indexer(pd.Index(coded["code"]))
    layers = Layers.open((len(coders), len(rows), len(codes)))
    only_assisted = _only_assisted(coded, rows["transcript"].to_numpy(dtype=object)[segment])
    place, where = {c: i for i, c in enumerate(codes)}, slices(rows["transcript"].tolist())
    for reading in rows_of(readings):
        is_assisted = (reading.coder, reading.transcript) in only_assisted
        named = _named(reading.codes)
        wanted: slice | list[int] = [place[c] for c in named] if named else slice(None)
        at = coders.index(reading.coder)
        layers.value[at, where[reading.transcript], wanted] = Value.ABSENT
        layers.basis[at, where[reading.transcript], wanted] = max(_BASES[reading.origin], Basis(int(is_assisted)))
    for origin, direction, basis, value in _SAID:
        is_said = ((coded["origin"] == origin.value) & (coded["direction"] == direction.value)).to_numpy()
        told = (coder[is_said], segment[is_said], code[is_said])
        layers.value[told], layers.basis[told] = value, basis
    for target, higher in reversed(list(enumerate(above(codebook, codes)))):
        if higher >= 0:
            found = (layers.value[:, :, target] == Value.PRESENT) & (layers.value[:, :, higher] != Value.PRESENT)
            layers.copy(found, source=target, target=int(higher))
    layers.follow_tree(codebook, was_denied=np.zeros(1, dtype=bool))
    return Judgements(
        coders=coders,
        codes=codes,
        segments=rows[["segment", "transcript", "participant"]],
        **layers._asdict(),
        events=(),
        definitions=(),
        unplaced=pd.DataFrame(columns=["participant", "code", "coder", "value", "basis", "event"]),
        retired={},
    )


def _only_assisted(coded: pd.DataFrame, transcript: npt.NDArray[np.object_]) -> set[tuple[str, str]]:
    """Return coder and transcript wherever somebody gave codes, and all of them with suggestions in view."""
    places = pd.DataFrame({"coder": coded["coder"].to_numpy(dtype=object), "transcript": transcript})
    is_assisted = (coded["origin"] == Origin.ASSISTED.value).to_numpy()
    seen, unseen = (
        set(places[kept].drop_duplicates().itertuples(index=False, name=None)) for kept in (is_assisted, ~is_assisted)
    )
    return seen - unseen


def _named(codes: str) -> list[str]:
    return [c for c in (part.strip() for part in codes.split(";")) if c]


def _coded_problems(coded: pd.DataFrame, segment: npt.NDArray[np.int64], codebook: Codebook) -> Iterable[Problem]:
    for code in sorted(set(coded["code"].unique()) - set(codebook.by_id)):
        yield codebook.unknown(code, where="coded segments")
    unknown = set(coded["segment"].to_numpy(dtype=object)[segment < 0])
    if unknown:
        yield Problem(
            what=f"{len(unknown)} unknown segments, the first is '{min(unknown)}'",
            where="coded segments",
            expected="segments of this study",
            remedy="Carry the codings to segments again",
        )
    proposed = coded[coded["origin"] == Origin.AUTO.value]
    for name in sorted(set(proposed["coder"])):
        yield Problem(
            what=f"codings of '{name}' that nobody has confirmed",
            where="coded segments",
            expected="codings by people",
            remedy="Give what a model proposes as proposals, beside the judgements",
        )


def _reading_problems(readings: pd.DataFrame, rows: pd.DataFrame, codebook: Codebook) -> Iterable[Problem]:
    transcripts = set(rows["transcript"].unique())
    for name in sorted(set(readings["transcript"]) - transcripts):
        yield Problem(
            what=f"unknown transcript '{name}'",
            where="readings",
            expected="a transcript with segments",
            remedy=suggestion(str(name), map(str, transcripts)),
        )
    for code in sorted({c for text in set(readings["codes"]) for c in _named(text)} - set(codebook.by_id)):
        yield codebook.unknown(code, where="readings")
