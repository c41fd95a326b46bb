"""Agreement within a study: who is compared, on what, and what the model has learned from."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from subtheme.agreement import AgreementReport, agreement_report
from subtheme.nouns import Basis, Value
from subtheme.study.study import Study

if TYPE_CHECKING:
    from subtheme.agreement import MarkedAgreement

_UNITS = {
    "unit": "segments of about {words} words, cut at sentence ends within the turns of participants",
    "sentence": "single sentences of participants",
    "turn": "whole turns of participants",
}


def agreement_of_study(
    study: Study,
    coders: Collection[str] = (),
    *,
    include_assisted: bool = False,
    weights: "pd.Series[float] | None" = None,
) -> AgreementReport:
    """Return the agreement of the coders of a study, and of the model that proposed with each of them."""
    settings = study.folder.settings
    levels = list(dict.fromkeys([study.level, study.codebook.levels[0]]))
    return agreement_report(
        study.judgements.by_hand,
        study.segments,
        study.participants,
        study.codebook,
        levels=levels,
        coders=list(coders) or None,
        include_assisted=include_assisted,
        weights=weights,
        proposals=study.proposals,
        trained_on=learned_transcripts(study),
        units=f"{_UNITS[settings.strategy].format(words=settings.target_words)}, fixed before codings were compared",
        settled=_settled(study),
    )


def learned_transcripts(study: Study) -> set[str]:
    """Return the transcripts of the people that the proposing model was trained on.

    Where its file is gone or another model has its name now, everything that was read may have been learned.
    """
    from subtheme.classifier import manifest_of_version

    learned: set[str] = set()
    for version in sorted(set(study.proposals["model"])):
        manifest = manifest_of_version(study.folder.models, str(version))
        if manifest is not None and "trained_on" in manifest["facts"]:
            people = set(manifest["facts"]["trained_on"])
            learned |= set(study.segments.loc[study.segments["participant"].isin(people), "transcript"])
        else:
            learned |= set(study.read)
    return learned


def marked_of_study(study: Study, report: AgreementReport) -> "MarkedAgreement":
    """Return the agreement on spans as they were marked, in what coders read blind."""
    from subtheme.agreement import marked_agreement

    blind = study.judgements.of_basis(Basis.BLIND)
    return marked_agreement(
        study.codings,
        pd.DataFrame(blind.readings, columns=["coder", "transcript"], dtype="str"),
        {t.id: len(t.text) for t in study.transcripts},
        study.codebook,
        level=report.levels[0],
        coders=report.roster.people,
    )


def _settled(study: Study) -> str:
    """Return in words how many disagreements were settled, and under which name; empty where none was."""
    judged = study.judgements
    rows = [judged.number_of(c.id) for c in study.codebook.at_level(study.level)]
    is_settled = (judged.basis == Basis.AGREED) & (judged.value != Value.OPEN)
    counts = {c: int(n) for c, n in zip(judged.coders, is_settled[:, :, rows].sum(axis=(1, 2)), strict=True) if n}
    if not counts:
        return ""
    return f"{sum(counts.values())} codes on segments were agreed on together, kept as coder {', '.join(counts)}"
