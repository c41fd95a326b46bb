"""Absence in the audit: what a coder did not give there was looked for and not found."""

from subtheme.files import Mark
from subtheme.nouns import Decision, Verdict, content_id
from subtheme.review.coder_log import CoderLog
from subtheme.review.material import Material, Passage


def absences(passage: Passage, finish: Mark, *, material: Material, log: CoderLog) -> list[Decision]:
    """Return a rejection of every code that was left open when `finish` was made; none for a repeated delivery."""
    if log.known(finish.uid) is not None:
        return []
    return [
        Decision(
            uid=content_id("decision", "absent", finish.uid, code),
            coder=finish.coder,
            segment=passage.segment,
            code=code,
            verdict=Verdict.REJECT,
            shown=finish.shown,
            at_us=finish.at_us,
        )
        for code in material.rows
        if log.standing(passage.segment, code) is None
    ]
