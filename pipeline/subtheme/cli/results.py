"""What score, status and report share: the table of a study, and how firm it is."""

from dataclasses import astuple, replace

import pandas as pd

from subtheme.cli.load import StudyTables
from subtheme.scoring import Firmness, ResultTable, TypologyRule, firmness, read_pairs
from subtheme.scoring import score as score_of


def table_of_study(tables: StudyTables, *, include_auto: bool = False) -> ResultTable:
    """Return the results table of a study; what nobody has read leaves cells open."""
    table = score_of(
        tables.with_proposals(tables.scored) if include_auto else tables.scored,
        tables.participants,
        tables.study.codebook,
        level=tables.study.settings.level,
        readings=_readings(tables),
        transcripts=_speakers(tables),
        include_auto=include_auto,
        synthetic=tables.study.synthetic,
    )
    return replace(table, notes=(*table.notes, *tables.notes))


def firmness_of_study(tables: StudyTables, *, include_auto: bool = False) -> Firmness:
    """Return the table of a study with everything that tells how firm it is.

    Where proposals are counted there is no expectation: it would take for certain what nobody has confirmed.
    """
    table = table_of_study(tables, include_auto=include_auto)
    settings, review = tables.study.settings, tables.presence_review
    rows = tuple(t.id for t in table.sub_themes)
    read = read_pairs(
        _readings(tables), tables.participants, tables.study.codebook, rows, transcripts=_speakers(tables)
    )
    sizes = {str(p): int(n) for p, n in tables.segments["participant"].value_counts().items()}
    rule = TypologyRule(all_from=settings.typology_all, none_up_to=settings.typology_none)
    if review is None:
        return firmness(table, tables.scored, tables.study.codebook, read=read, sizes=sizes, typology_rule=rule)
    return firmness(
        table,
        tables.scored,
        tables.study.codebook,
        read=read,
        sizes=sizes,
        chances=None if include_auto else review.chances(table.as_frame()),
        candidates=review.now.looks,
        trail=review.trails,
        audit=[astuple(count) for count in review.audit],
        typology_rule=rule,
    )


def _speakers(tables: StudyTables) -> pd.DataFrame:
    return tables.segments[["participant", "transcript"]].drop_duplicates()


def _readings(tables: StudyTables) -> pd.DataFrame:
    """Return what has been read: whole transcripts, and pairs that review has looked through to the last segment."""
    speakers = _speakers(tables)
    whole = speakers["transcript"].isin(set(tables.readings["transcript"])).groupby(speakers["participant"]).all()
    readings = pd.DataFrame({"participant": whole[whole].index.astype(str), "code": ""})
    review = tables.presence_review
    return readings if review is None else pd.concat([readings, review.looked_through], ignore_index=True)
