"""Presence from judgements: who describes what, and who has been judged for it."""

from collections import defaultdict

import numpy as np
import numpy.typing as npt
import pandas as pd

from subtheme.nouns import PARTICIPANTS, Basis, Codebook, Judgements, Value
from subtheme.scoring.presence import Presence, ordered_cases, rows_of, silent_note

_Coding = tuple[int, int]
"""An event and -1; -1 and the number of a coding on no segment; or coder and segment, where there is no event."""


def presence_of_judgements(
    judgements: Judgements,
    participants: pd.DataFrame,
    codebook: Codebook,
    *,
    level: str = "sub-theme",
    suggested: npt.NDArray[np.bool_] | None = None,
) -> Presence:
    """Return which participants describe which code of `level`.

    A participant describes a code when it counts as present on a segment of theirs (`Judgements.together`), or in a
    coding of theirs that lies on no segment.

    Parameters
    ----------
    judgements : Judgements
    participants : pandas.DataFrame
        Checked by `subtheme.nouns.PARTICIPANTS`.
    codebook : Codebook
    level : str
        Name of the level that makes the rows.
    suggested : ndarray of bool, shape (segments, codes), optional
        What a model proposes: counts where nobody has judged, and makes the result a suggestion.
    """
    rows = rows_of(codebook, level)
    people = PARTICIPANTS.check(participants, source="participants")
    together = judgements.together
    present = together == Value.PRESENT
    if suggested is not None:
        present = present | (suggested & (together == Value.OPEN))
    support, counter = _codings(judgements, codebook, level=level)
    owner = judgements.segments["participant"].to_numpy(dtype=object)
    described: set[tuple[str, str]] = set()
    for row in rows:
        found = present[:, judgements.number_of(row.id)]
        described |= {(str(p), row.id) for p in owner[found]}
    placed = judgements.unplaced
    rolled = [codebook.roll_up(c, level) for c in placed["code"]]
    gives = placed["value"].to_numpy() == Value.PRESENT
    described |= {(str(p), r) for p, r, yes in zip(placed["participant"], rolled, gives, strict=True) if yes and r}
    frame = pd.MultiIndex.from_product(
        [people["participant"], [r.id for r in rows]], names=["participant", "sub_theme"]
    )
    table = frame.to_frame(index=False).merge(people, on="participant", how="left", validate="many_to_one")
    keys = list(zip(table["participant"], table["sub_theme"], strict=True))
    table["describes"] = [key in described for key in keys]
    table["supports"] = [max(len(support[key]), int(key in described)) for key in keys]
    table["counters"] = [len(counter[key]) for key in keys]
    return Presence(
        level=level,
        rows=rows,
        cases=ordered_cases(people),
        participants=people,
        frame=table[["participant", "case", "level", "sub_theme", "describes", "supports", "counters"]],
        notes=_notes(judgements, people, codebook, level, described),
        suggestion=suggested is not None and bool(suggested.any()),
    )


def judged_pairs(
    judgements: Judgements, participants: pd.DataFrame, rows: tuple[str, ...]
) -> frozenset[tuple[str, str]]:
    """Return the pairs (participant, row of the table) that have been judged: every segment of theirs, by whomever.

    An interview that is judged in part is not judged, nor is somebody of whom there is no segment.
    """
    known = set(participants["participant"])
    return frozenset((person, row) for person, row in judgements.judged_pairs(rows) if person in known)


def _codings(
    judgements: Judgements, codebook: Codebook, *, level: str
) -> tuple[dict[tuple[str, str], set[_Coding]], dict[tuple[str, str], set[_Coding]]]:
    """Return the codings that support and counter a row for a participant; what is overruled supports nothing."""
    row_of = [codebook.roll_up(c, level) for c in judgements.codes]
    owner = judgements.segments["participant"].to_numpy(dtype=object)
    row_at = {c: i for i, c in enumerate(judgements.codes)}
    counts = judgements.together == Value.PRESENT
    found: tuple[dict[tuple[str, str], set[_Coding]], dict[tuple[str, str], set[_Coding]]] = (
        defaultdict(set),
        defaultdict(set),
    )
    for kind, value in enumerate((Value.PRESENT, Value.COUNTER)):
        for coder, segment, code in zip(*np.nonzero(judgements.value == value), strict=True):
            row = row_of[code]
            if row is None or (value is Value.PRESENT and not counts[segment, row_at[row]]):
                continue
            event = int(judgements.rests_on[coder, segment, code])
            found[kind][str(owner[segment]), row].add((event, -1) if event >= 0 else (int(coder), int(segment)))
    for position, (participant, code, value) in enumerate(
        judgements.unplaced[["participant", "code", "value"]].itertuples(index=False)
    ):
        if (row := codebook.roll_up(code, level)) is not None:
            found[0 if value == Value.PRESENT else 1][str(participant), row].add((-1, position))
    return found


def _notes(
    judgements: Judgements, people: pd.DataFrame, codebook: Codebook, level: str, described: set[tuple[str, str]]
) -> tuple[str, ...]:
    notes = []
    is_own = judgements.basis != Basis.NONE
    for number, code in enumerate(judgements.codes):
        if codebook.roll_up(code, level) is None:
            below = [i for i, c in enumerate(judgements.codes) if i != number and code in codebook.lineage(c)]
            own = (judgements.value[:, :, number] == Value.PRESENT) & is_own[:, :, number]
            alone = own & ~(judgements.value[:, :, below] == Value.PRESENT).any(axis=2)
            if alone.any():
                notes.append(
                    f"{int(alone.sum())} codings with '{code}' ({codebook.level_of(code)}) stand above the level "
                    f"'{level}' and count in no row"
                )
    if note := silent_note(people, {p for p, _ in described}):
        notes.append(note)
    coders = len(judgements.by_hand.coders)
    if coders > 1:
        notes.append(f"codings of {coders} coders are taken together: one supporting coding of any of them is enough")
    return tuple(notes)
