"""What of a study goes to other programs."""

from collections.abc import Mapping

import pandas as pd

from subtheme.exchange import HeldStudy
from subtheme.nouns import CODINGS, Direction, Origin
from subtheme.study.study import Study


def held_study(study: Study, *, names: Mapping[str, str] | None = None, with_proposals: bool = False) -> HeldStudy:
    """Return everything of a study that other programs may take.

    Parameters
    ----------
    study : Study
    names : mapping of str to str, optional
        Other names for coders.
    with_proposals : bool
        Add what the model proposes as codings of origin ``auto``.
    """
    codings = with_proposed(study, study.every_coding) if with_proposals else study.every_coding
    readings = pd.DataFrame(study.judgements.readings, columns=["coder", "transcript"], dtype="str")
    return HeldStudy(
        codebook=study.codebook,
        transcripts=study.transcripts,
        participants=study.participants,
        codings=_renamed(codings, names),
        readings=_renamed(readings, names),
        segments=study.segments,
        proposals=study.proposals,
        decisions=_renamed(study.answers, names),
        judgements=_renamed(study.judgements.frame, names),
        synthetic=study.synthetic,
    )


def with_proposed(study: Study, codings: pd.DataFrame) -> pd.DataFrame:
    """Return `codings`, and every proposal over its threshold as one of origin ``auto``."""
    over = study.proposals[study.proposals["probability"] >= study.proposals["threshold"]]
    placed = over.merge(
        study.segments[["segment", "participant", "transcript", "start_char", "end_char"]], on="segment"
    )
    auto = placed.assign(coder=placed["model"], origin=Origin.AUTO.value, direction=Direction.SUPPORTS.value, memo="")
    return CODINGS.check(pd.concat([codings, auto], ignore_index=True)[list(CODINGS.names)], source="the study")


def _renamed(table: pd.DataFrame, names: Mapping[str, str] | None) -> pd.DataFrame:
    return table.assign(coder=table["coder"].replace(dict(names))) if names else table
