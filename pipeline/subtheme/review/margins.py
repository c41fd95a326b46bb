"""The live table beside the queue: how many participants of a case describe each sub-theme, and what would flip it."""

from collections.abc import Iterable
from dataclasses import asdict

import pandas as pd

from subtheme.codings import Adjudicated, codings_of_decisions
from subtheme.nouns import CODINGS, DECISIONS, READINGS, Decision
from subtheme.review.material import Material
from subtheme.scoring import ResultTable, score


def margins_of(material: Material, log: Iterable[Decision], readings: pd.DataFrame) -> ResultTable:
    """Score the codings that were brought in together with one coder's own standing answers.

    Other coders' answers are left out: what they decided must not show while somebody codes.

    Parameters
    ----------
    material : Material
    log : iterable of Decision
        One coder's, in order, those taken back left out.
    readings : pandas.DataFrame
        Checked by `subtheme.nouns.READINGS`.
    """
    return score(
        CODINGS.check(codings_of_coder(material, frame_of(log)), source="codings"),
        material.participants,
        material.codebook,
        level=material.level,
        readings=READINGS.check(readings, source="readings"),
        transcripts=material.segments[["participant", "transcript"]].drop_duplicates(),
        synthetic=material.synthetic,
    )


def frame_of(log: Iterable[Decision]) -> pd.DataFrame:
    """Return decisions as a table, checked by `subtheme.nouns.DECISIONS`."""
    rows = [{**asdict(d), "verdict": d.verdict.value} for d in log]
    return DECISIONS.check(pd.DataFrame(rows, columns=list(DECISIONS.names)), source="decisions", sort=False)


def codings_of_coder(material: Material, decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the codings that were brought in, and those that the coder's own decisions amount to.

    What an adjudicator denies of the codings that were brought in is left out.
    """
    own = codings_of_decisions(decisions, material.segments)
    adjudicated = Adjudicated.of(decisions, material.codebook, level=material.level)
    manual = material.manual[~adjudicated.overruled_codings(material.manual, material.segments)]
    return pd.concat([manual, own], ignore_index=True)
