"""Segments as the table that the later stages take."""

from collections.abc import Iterable
from dataclasses import asdict

import pandas as pd

from subtheme.nouns import SEGMENTS, Segment


def segments_table(segments: Iterable[Segment]) -> pd.DataFrame:
    """Return the segments of any number of transcripts as a table by the contract `SEGMENTS`.

    Raises
    ------
    InputError
        If two segments share an id.
    """
    rows = [asdict(s) for s in segments]
    if not rows:
        return SEGMENTS.empty()
    return SEGMENTS.check(pd.DataFrame(rows).rename(columns={"id": "segment"}), source="segments")
