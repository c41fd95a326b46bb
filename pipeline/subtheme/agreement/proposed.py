"""What a model proposed, read as the codings of one more coder."""

import numpy as np
import pandas as pd

from subtheme.nouns import SEGMENT_CODES, Direction, Origin


def codings_of_proposals(proposals: pd.DataFrame) -> pd.DataFrame:
    """Return every proposal that reaches its threshold as a coding of its model.

    Parameters
    ----------
    proposals : DataFrame
        `PROPOSALS`.

    Returns
    -------
    DataFrame
        `SEGMENT_CODES`, of origin ``auto``.
    """
    reached = proposals[(proposals["probability"] >= proposals["threshold"]).to_numpy()]
    return pd.DataFrame(
        {
            "segment": reached["segment"],
            "code": reached["code"],
            "coder": reached["model"],
            "direction": Direction.SUPPORTS.value,
            "origin": Origin.AUTO.value,
        },
        columns=list(SEGMENT_CODES.names),
    ).reset_index(drop=True)


def readings_of_proposals(proposals: pd.DataFrame, segments: pd.DataFrame) -> pd.DataFrame:
    """Return which transcripts each model looked at: those that it proposed anything for, however unlikely."""
    place = pd.Index(segments["segment"]).get_indexer(proposals["segment"])
    known = place >= 0
    pairs = pd.DataFrame(
        {
            "coder": proposals["model"].to_numpy()[known],
            "transcript": segments["transcript"].to_numpy()[place[known]],
        }
    )
    return pairs.drop_duplicates(ignore_index=True)


def learned_codes(proposals: pd.DataFrame) -> dict[str, frozenset[str]]:
    """Return the codes that each model proposes; of any other it says nothing, which is not "absent"."""
    return {str(model): frozenset(rows) for model, rows in proposals.groupby("model")["code"]}


def probabilities(
    proposals: pd.DataFrame,
    *,
    model: str,
    segments: "np.ndarray[tuple[int], np.dtype[np.str_]]",
    codes: tuple[str, ...],
) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Return the probabilities of a model, shape (segments, codes); NaN for a code that it has not learned.

    Pairs that were too unlikely to be kept count as 0: they rank behind all others.
    """
    rows = proposals[(proposals["model"] == model).to_numpy()]
    place = pd.Index(segments.astype(object)).get_indexer(pd.Index(rows["segment"]))
    code = pd.Index(list(codes)).get_indexer(pd.Index(rows["code"]))
    known = (place >= 0) & (code >= 0)
    table = np.full((len(segments), len(codes)), np.nan)
    table[:, np.unique(code[code >= 0])] = 0.0
    table[place[known], code[known]] = rows["probability"].to_numpy(dtype=np.float64)[known]
    return table
