"""The table of a study, and how firm it is."""

from dataclasses import astuple, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.scoring import (
    Firmness,
    ResultTable,
    TypologyRule,
    firmness,
    judged_pairs,
    presence_of_judgements,
    table_of,
    without_transcript,
)
from subtheme.study.study import Study


def table_of_study(study: Study, *, include_auto: bool = False) -> ResultTable:
    """Return the table of a study by majority rule; what nobody has judged leaves cells open."""
    presence = presence_of_judgements(
        study.judgements,
        study.participants,
        study.codebook,
        level=study.level,
        suggested=_suggested(study) if include_auto else None,
    )
    missing = without_transcript(presence, set(study.segments["participant"]))
    presence = replace(presence, notes=(*presence.notes, *missing))
    table = table_of(presence, study.codebook, read=_judged(study), synthetic=study.synthetic)
    return replace(table, notes=(*table.notes, *study.notes))


def firmness_of_study(study: Study, *, include_auto: bool = False) -> Firmness:
    """Return the table of a study with everything that tells how firm it is.

    Where proposals are counted there is no expectation: it would take for certain what nobody has confirmed.
    """
    table = table_of_study(study, include_auto=include_auto)
    settings, review = study.folder.settings, study.presence_review
    sizes = {str(p): int(n) for p, n in study.segments["participant"].value_counts().items()}
    rule = TypologyRule(all_from=settings.typology_all, none_up_to=settings.typology_none)
    if review is None:
        return firmness(table, study.codings, study.codebook, read=_judged(study), sizes=sizes, typology_rule=rule)
    return firmness(
        table,
        study.codings,
        study.codebook,
        read=_judged(study),
        sizes=sizes,
        chances=None if include_auto else review.chances(table.as_frame()),
        draws=None if include_auto else review.plausible,
        candidates=review.now.looks,
        trail=review.trails,
        audit=[astuple(count) for count in review.audit],
        typology_rule=rule,
    )


def _judged(study: Study) -> frozenset[tuple[str, str]]:
    rows = tuple(c.id for c in study.codebook.at_level(study.level))
    return judged_pairs(study.judgements, study.participants, rows)


def _suggested(study: Study) -> npt.NDArray[np.bool_]:
    """Return where a proposal reaches its threshold, shape (segments, codes)."""
    judged = study.judgements
    over = study.proposals[study.proposals["probability"] >= study.proposals["threshold"]]
    row = pd.Index(judged.segments["segment"]).get_indexer(pd.Index(over["segment"]))
    column = pd.Index(list(judged.codes)).get_indexer(pd.Index(over["code"]))
    found = np.zeros(judged.value.shape[1:], dtype=bool)
    found[row[row >= 0], column[row >= 0]] = True
    for code, higher in reversed(list(enumerate(_parents(study)))):
        if higher >= 0:
            found[:, higher] |= found[:, code]
    return found


def _parents(study: Study) -> list[int]:
    place = {c: i for i, c in enumerate(study.judgements.codes)}
    return [place.get(study.codebook.by_id[c].parent, -1) for c in study.judgements.codes]
