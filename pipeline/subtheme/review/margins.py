"""The live table beside the queue: how many participants of a case describe each sub-theme, and what would flip it."""

from collections.abc import Iterable
from dataclasses import asdict

import pandas as pd

from subtheme.codings import codings_of_decisions
from subtheme.review.material import Material
from subtheme.scoring import ResultTable, score
from subtheme.study import CODINGS, DECISIONS, READINGS, Decision


def margins_of(material: Material, log: Iterable[Decision], readings: pd.DataFrame) -> ResultTable:
    """Score the codings that were brought in together with one coder's own standing answers.

    Other coders' answers are left out: what they decided must not show while somebody codes.

    Parameters
    ----------
    material : Material
    log : iterable of Decision
        One coder's, in order, those taken back left out.
    readings : pandas.DataFrame
        Checked by `subtheme.study.READINGS`.
    """
    rows = [{**asdict(d), "verdict": d.verdict.value} for d in log]
    decisions = DECISIONS.check(pd.DataFrame(rows, columns=list(DECISIONS.names)), source="decisions", sort=False)
    own = codings_of_decisions(decisions, material.segments)
    codings = CODINGS.check(pd.concat([material.manual, own], ignore_index=True), source="codings")
    return score(
        codings,
        material.participants,
        material.codebook,
        level=material.level,
        readings=READINGS.check(readings, source="readings"),
        transcripts=material.segments[["participant", "transcript"]].drop_duplicates(),
        synthetic=material.synthetic,
    )
