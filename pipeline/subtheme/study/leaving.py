"""What of a study goes to other programs."""

from collections.abc import Mapping

import pandas as pd

from subtheme.exchange import HeldStudy
from subtheme.exchange.carried_events import by_another, carried
from subtheme.judgements import holding
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
    standing = set(study.every_coding["event"])
    held = holding(study.events).events
    renamed = {e.uid: by_another(e, (names or {}).get(e.coder, e.coder)) for e in held}
    carried_events = carried(
        renamed.values(),
        codebook=study.codebook,
        transcripts=study.transcripts,
        segments=study.segments,
        study_id=study.study_id,
        given=[renamed[uid].uid for uid in standing if uid in renamed],
    )
    readings = pd.DataFrame(study.judgements.readings, columns=["coder", "transcript"], dtype="str")
    return HeldStudy(
        codebook=study.codebook,
        transcripts=study.transcripts,
        participants=study.participants,
        codings=_renamed(codings, names).assign(
            event=[renamed[uid].uid if uid in renamed else "" for uid in codings["event"]]
        ),
        readings=_renamed(readings, names),
        segments=study.segments,
        proposals=study.proposals,
        decisions=_renamed(study.answers, names),
        judgements=_renamed(study.judgements.frame, names),
        carried=carried_events,
        synthetic=study.synthetic,
    )


def with_proposed(study: Study, codings: pd.DataFrame) -> pd.DataFrame:
    """Return `codings`, and every proposal over its threshold as one of origin ``auto``."""
    over = study.proposals[study.proposals["probability"] >= study.proposals["threshold"]]
    placed = over.merge(
        study.segments[["segment", "participant", "transcript", "start_char", "end_char"]], on="segment"
    )
    auto = placed.assign(coder=placed["model"], origin=Origin.AUTO.value, direction=Direction.SUPPORTS.value, memo="")
    both = pd.concat([codings, auto.assign(event="")], ignore_index=True)
    checked = CODINGS.check(both, source="the study", sort=False).assign(event=both.get("event", ""))
    return checked.sort_values(list(CODINGS.order), kind="stable").reset_index(drop=True)


def _renamed(table: pd.DataFrame, names: Mapping[str, str] | None) -> pd.DataFrame:
    return table.assign(coder=table["coder"].replace(dict(names))) if names else table
