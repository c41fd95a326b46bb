"""Quotations: the words behind a sub-theme, each with its source."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from subtheme.nouns import CODINGS, Direction, Origin, rows_of
from subtheme.reports.content import ReportContent


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Quotation:
    """Words of one participant that somebody coded.

    Attributes
    ----------
    sub_theme, code : str
        Row of the table, and the code that was applied (the same, or one below it).
    case, participant : str
    source : str
        Such as ``[MHO1, front-line worker, MHO1-FLW6]``.
    segments : tuple of str
        Ids of the segments that the words lie in.
    text : str
    coder, origin : str
    counters : bool
        The words deny the influence.
    """

    sub_theme: str
    code: str
    case: str
    participant: str
    source: str
    segments: tuple[str, ...]
    text: str
    coder: str
    origin: str
    counters: bool


class _Words:
    """The words of a span, from the segments that it lies on."""

    def __init__(self, segments: pd.DataFrame) -> None:
        self._of: dict[str, list[Any]] = {}
        for segment in rows_of(segments.sort_values(["transcript", "start_char"])):
            self._of.setdefault(segment.transcript, []).append(segment)
        self._ends = {name: [s.end_char for s in group] for name, group in self._of.items()}

    def at(self, transcript: str, start: int, end: int) -> tuple[tuple[str, ...], str]:
        """Return the ids of the segments under [start, end) and the words, with […] where speech is left out."""
        if start < 0 or transcript not in self._of:
            return (), ""
        ids: list[str] = []
        pieces: list[str] = []
        turn = None
        for segment in self._of[transcript][bisect_right(self._ends[transcript], start) :]:
            if segment.start_char >= end:
                break
            words = segment.text[max(start - segment.start_char, 0) : end - segment.start_char].strip()
            if words:
                ids.append(segment.segment)
                pieces += ["[…]", words] if turn not in {None, segment.turn} else [words]
                turn = segment.turn
        return tuple(ids), " ".join(pieces)


def all_quotations(content: ReportContent) -> tuple[Quotation, ...]:
    """Return every quotation that a person made or confirmed, by row of the table, case and participant.

    Codings of origin ``auto`` give none: nobody has confirmed them. Codings whose place is not known give none either.
    """
    table, book = content.table, content.codebook
    words = _Words(content.segments)
    case_of, level_of = content.case_of, content.level_of
    found: dict[tuple[str, str, str, bool], Quotation] = {}
    for coding in rows_of(CODINGS.check(content.codings, source="codings")):
        row = book.roll_up(coding.code, table.presence.level)
        if row not in table.theme_of or coding.origin == Origin.AUTO.value or coding.participant not in case_of:
            continue
        segments, text = words.at(coding.transcript, int(coding.start_char), int(coding.end_char))
        counters = coding.direction == Direction.COUNTERS.value
        if text:
            # Two coders who marked the same words quote them once.
            found.setdefault(
                (row, coding.participant, text, counters),
                Quotation(
                    sub_theme=row,
                    code=coding.code,
                    case=case_of[coding.participant],
                    participant=coding.participant,
                    source=source_of(coding.participant, case_of, level_of),
                    segments=segments,
                    text=text,
                    coder=coding.coder,
                    origin=coding.origin,
                    counters=counters,
                ),
            )
    rows = {t.id: i for i, t in enumerate(table.sub_themes)}
    cases = {t.id: i for i, t in enumerate(table.cases)}
    return tuple(sorted(found.values(), key=lambda q: (rows[q.sub_theme], cases[q.case], q.participant, q.segments)))


def source_of(participant: str, case_of: Mapping[str, str], level_of: Mapping[str, str]) -> str:
    """Return how `participant` is cited: case, level in words, id."""
    parts = (case_of[participant], level_of[participant], participant)
    return f"[{', '.join(p for p in parts if p)}]"


def chosen(quotations: tuple[Quotation, ...], *, per_case: int) -> tuple[Quotation, ...]:
    """Return the first quotation of each participant, of `per_case` participants in every case."""
    people: dict[str, set[str]] = {}
    picked = []
    for quotation in quotations:
        heard = people.setdefault(quotation.case, set())
        if quotation.participant not in heard and len(heard) < per_case:
            heard.add(quotation.participant)
            picked.append(quotation)
    return tuple(picked)
