"""Question sheets: the queue of presence review as a spreadsheet, and segments drawn at random for the audit."""

import pandas as pd

from subtheme.nouns import Codebook
from subtheme.proposals import ReviewQueue
from subtheme.review.sheet import BLIND_SHEET, in_context, sheet_of

AUDIT = "audit"


def question_sheet(
    queue: ReviewQueue, segments: pd.DataFrame, *, codebook: Codebook, study_id: str, model: str
) -> pd.DataFrame:
    """Return the questions of a queue with context and an empty column for the decision.

    Questions about one segment stand together, at the place of the first, so that one reading answers them all.

    Parameters
    ----------
    queue : ReviewQueue
        In any order but ``audit``.
    segments : pandas.DataFrame
        Checked by `subtheme.nouns.SEGMENTS`.
    codebook : Codebook
    study_id : str
        Written into every row, so that the sheet of another study is refused.
    model : str
        Version of the model whose probabilities stand in the sheet.
    """
    looks = queue.looks.assign(place=queue.looks.groupby("segment", sort=False).ngroup())
    joined = looks.sort_values("place", kind="stable").merge(
        in_context(segments).drop(columns=["participant", "transcript", "place"]), on="segment", how="left"
    )
    asked = joined.rename(columns={"sub_theme": "code"}).assign(
        model=model, order=queue.order, look=[str(n + 1) if n else "" for n in joined["answers"]]
    )
    return sheet_of(asked, codebook=codebook, study_id=study_id, source="the queue")


def audit_sheet(queue: ReviewQueue, segments: pd.DataFrame, *, study_id: str) -> pd.DataFrame:
    """Return the segments that were drawn, one row each, without any suggestion and with empty columns for codes.

    Whoever reads a segment writes its codes, or ``none``: what is not written there is rejected, for every sub-theme.
    """
    drawn = queue.by_segment()[["segment"]]
    frame = drawn.merge(segments[["segment", "participant", "question", "text"]], on="segment", how="left")
    return BLIND_SHEET.check(frame.assign(study=study_id, order=AUDIT), source="the queue")
