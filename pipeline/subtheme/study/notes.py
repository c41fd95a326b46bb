"""Notes: what a reader of any table made from a study must know of it."""

import numpy as np

from subtheme.nouns import Basis, Value
from subtheme.study.study import Study


def notes_of(study: Study) -> tuple[str, ...]:
    """Return what a reader of any table made from the study must know of it, a sentence each."""
    return (
        *_retired(study),
        *_passed_over(study),
        *_set_aside(study),
        *_differing(study),
        *_stale(study),
        *_assumed(study),
    )


def _retired(study: Study) -> list[str]:
    counts = study.every_coding["code"].value_counts().sort_index()
    return [
        f"{n} {'coding' if n == 1 else 'codings'} with '{code}', which the codebook no longer has, "
        f"{'counts' if n == 1 else 'count'} in no row"
        for code, n in counts.items()
        if code not in study.codebook
    ]


def _passed_over(study: Study) -> list[str]:
    return [
        f"{n} {'proposal' if n == 1 else 'proposals'} of '{code}', which the codebook no longer has, "
        f"{'is' if n == 1 else 'are'} passed over; train and precode again"
        for code, n in study.not_in_codebook.items()
    ]


def _set_aside(study: Study) -> list[str]:
    """Return a note on codings that an agreed answer denies."""
    judged = study.judgements
    own = (judged.value == Value.PRESENT) & (judged.basis != Basis.AGREED)
    lost = own & np.isin(judged.together, (int(Value.ABSENT), int(Value.COUNTER)))[None]
    overruled = len({int(e) for e in judged.rests_on[lost]})
    if not overruled:
        return []
    return [
        f"{overruled} {'coding is' if overruled == 1 else 'codings are'} set aside: an adjudicated answer "
        "denies the code there"
    ]


def _differing(study: Study) -> list[str]:
    """Return a note on codes that count although another coder denies them."""
    own = study.judgements.by_hand
    rows = [study.judgements.number_of(c.id) for c in study.codebook.at_level(study.level)]
    present = (own.value[:, :, rows] == Value.PRESENT).any(axis=0)
    absent = np.isin(own.value[:, :, rows], (int(Value.ABSENT), int(Value.COUNTER))).any(axis=0)
    agreed = study.judgements.basis[:, :, rows] == Basis.AGREED
    is_agreed = (agreed & (study.judgements.value[:, :, rows] >= 0)).any(axis=0)
    count = int((present & absent & ~is_agreed).sum())
    if not count:
        return []
    return [f"{count} codes on segments count as present although another coder denies them"]


def _stale(study: Study) -> list[str]:
    stale = study.judgements.stale(study.codebook)
    if stale.empty:
        return []
    codes = ", ".join(sorted(set(stale["code"])))
    return [
        f"{int(stale['judgements'].sum())} judgements rest on an older definition ({codes}): they count; look again "
        "where the change matters"
    ]


def _assumed(study: Study) -> list[str]:
    if study.proposals.empty or study.outlook is not None:
        return []
    return [
        "chances rest on default assumptions: the model that proposed is gone, or was trained before they were "
        "fitted; train and precode again"
    ]
