"""Pre-coding: from segments to proposals, the one way for a study and for thousands of transcripts."""

import pandas as pd

from subtheme.classifier import ThemeModel
from subtheme.embeddings import Encoder, Progress, VectorCache, embed_segments
from subtheme.proposals.proposing import CodedExcerpts, propose


def precode(
    segments: pd.DataFrame,
    *,
    model: ThemeModel,
    version: str,
    encoder: Encoder,
    coded: CodedExcerpts,
    cache: VectorCache | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Return the proposals of `model` for `segments`, embedding what is not in the cache.

    Parameters
    ----------
    segments : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENTS`; whole transcripts.
    model : ThemeModel
    version : str
        Name and hash of the model, kept with every proposal.
    encoder : Encoder
        The one that the model was trained with.
    coded : CodedExcerpts
        What proposals are compared with; its vectors need to hold no more than the coded segments.
    cache : VectorCache, optional
    progress : callable, optional
        Called with (texts done, distinct texts).

    Returns
    -------
    pandas.DataFrame
        Checked by `subtheme.nouns.PROPOSALS`.

    Raises
    ------
    ModelError
        If the encoder is another than the model's.
    """
    vectors = embed_segments(segments, encoder=encoder, cache=cache, progress=progress)
    return propose(model, segments, vectors, coded=coded, version=version)
