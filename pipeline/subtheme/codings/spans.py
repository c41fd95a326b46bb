"""Carrying codings from the spans that people marked to the segments that the study works on.

The rule: a coding of a span belongs to a segment of the same transcript when their overlap is at least
half of the shorter of the two, counted in code points without white space at the ends. A coding that
meets no segment by that rule is given to the one it overlaps most; one that overlaps none is reported.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from subtheme.nouns import SEGMENT_CODES, rows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedCodings:
    """Codings on segments, and the codings that found no segment.

    Attributes
    ----------
    codes : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENT_CODES`; a code that reaches a segment by several spans
        of one coder stands once.
    unplaced : pandas.DataFrame
        Rows of the codings that lie in no segment (an interviewer's words, or no place known).
    """

    codes: pd.DataFrame
    unplaced: pd.DataFrame


def carry_to_segments(codings: pd.DataFrame, segments: pd.DataFrame) -> CarriedCodings:
    """Give every segment the codes of the spans that lie on it.

    Parameters
    ----------
    codings : pandas.DataFrame
        Checked by `subtheme.nouns.CODINGS`.
    segments : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENTS`; segments of one transcript do not overlap.
    """
    rows: list[tuple[str, str, str, str, str]] = []
    unplaced: list[int] = []
    for position, (coding, hits) in enumerate(
        zip(rows_of(codings), segments_of_codings(codings, segments), strict=True)
    ):
        if not hits:
            unplaced.append(position)
        rows += [(segment, coding.code, coding.coder, coding.direction, coding.origin) for segment in hits]
    frame = pd.DataFrame(rows, columns=list(SEGMENT_CODES.names)).drop_duplicates()
    return CarriedCodings(
        codes=SEGMENT_CODES.check(frame, source="codings carried to segments"),
        unplaced=codings.iloc[unplaced].reset_index(drop=True),
    )


def segments_of_codings(codings: pd.DataFrame, segments: pd.DataFrame) -> list[list[str]]:
    """Return the ids of the segments that each coding belongs to, by the rule above.

    Parameters
    ----------
    codings, segments : pandas.DataFrame
        As for `carry_to_segments`.
    """
    by_transcript = {
        str(name): (group["start_char"].to_numpy(), group["end_char"].to_numpy(), group["segment"].to_numpy())
        for name, group in segments.sort_values(["transcript", "start_char"]).groupby("transcript", sort=False)
    }
    return [_segments_of(by_transcript.get(c.transcript), int(c.start_char), int(c.end_char)) for c in rows_of(codings)]


def _segments_of(spans: tuple[np.ndarray, np.ndarray, np.ndarray] | None, start: int, end: int) -> list[str]:
    """Return the ids of the segments that the span [start, end) belongs to."""
    if spans is None or start < 0 or end <= start:
        return []
    starts, ends, ids = spans
    first, last = int(np.searchsorted(ends, start, side="right")), int(np.searchsorted(starts, end, side="left"))
    if first >= last:
        return []
    overlap = np.minimum(ends[first:last], end) - np.maximum(starts[first:last], start)
    shorter = np.minimum(ends[first:last] - starts[first:last], end - start)
    belongs = 2 * overlap >= shorter
    if not belongs.any():
        belongs = np.arange(len(overlap)) == int(np.argmax(overlap))
    return [str(s) for s in ids[first:last][belongs]]
