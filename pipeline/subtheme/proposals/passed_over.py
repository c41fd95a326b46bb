"""What a model passed over: segments too unlikely to be stored as proposals, so that they can still be looked at."""

import pandas as pd

from subtheme.proposals.proposing import FLOOR


def with_passed_over(proposals: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Return `segment`, `code`, `probability` of every segment of the proposed transcripts, for every proposed code.

    Only pairs (segment, code) that are not hopeless are stored as proposals. The others have a probability below
    `FLOOR` and below every stored one of their participant and code; half of that bound stands for them, so that
    they can still be looked at and an absence is not taken for proven by what was never stored.
    """
    stored = proposals.groupby(["segment", "code"])["probability"].max().unstack("code")
    places = segments.set_index("segment")[["transcript", "participant"]]
    proposed = set(places.loc[places.index.isin(stored.index), "transcript"])
    places = places[places["transcript"].isin(proposed)]
    wide = stored.reindex(places.index)
    bound = wide.groupby(places["participant"]).transform("min").fillna(FLOOR).clip(upper=FLOOR)
    full = wide.fillna(bound / 2).reset_index(names="segment")
    return full.melt(id_vars="segment", var_name="code", value_name="probability")
