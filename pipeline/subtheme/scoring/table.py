"""The results table: one row per sub-theme, one column per case, totals on every side."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from subtheme.errors import InputError, Problem, suggestion
from subtheme.nouns import Codebook, is_majority
from subtheme.nouns.markup import html_table
from subtheme.scoring.cell import Cell, LevelCount, Margin, State, Total
from subtheme.scoring.presence import Presence, presence_by_participant
from subtheme.scoring.reading import read_pairs

Denominator = Literal["all", "read"]

RULE = "present when more than half of the case's participants describe it; exactly half is not a majority"
SUGGESTION = "SUGGESTION, NOT CONFIRMED: counts codings that nobody has confirmed"
SYNTHETIC = "SYNTHETIC: made from an invented study"
_DENOMINATORS = {"all": "all participants of the case", "read": "participants whose interviews have been read"}
_MARKS = {State.PRESENT: "yes", State.ABSENT: "no", State.OPEN: "open"}


@dataclass(frozen=True, kw_only=True, eq=False)
class ResultTable:
    """The case × sub-theme table by majority rule.

    Attributes
    ----------
    cells : tuple of Cell
        Row by row, in the order of the codebook and then of the cases.
    sub_themes, themes, cases : tuple of Total
        Totals by row, by theme (the code at the top of the row's branch) and by case.
    overall : Total
    theme_of : dict of str to str
        Theme of every row.
    presence : Presence
        What the table was made from.
    denominator : {"all", "read"}
    synthetic : bool
        True where the study is invented.
    notes : tuple of str
    """

    cells: tuple[Cell, ...]
    sub_themes: tuple[Total, ...]
    themes: tuple[Total, ...]
    cases: tuple[Total, ...]
    overall: Total
    theme_of: dict[str, str]
    presence: Presence
    denominator: Denominator
    synthetic: bool
    notes: tuple[str, ...]

    @property
    def suggestion(self) -> bool:
        """Whether codings that nobody confirmed are counted."""
        return self.presence.suggestion

    @property
    def rule(self) -> str:
        """The rule in words, with its denominator."""
        return f"{RULE}; denominator: {_DENOMINATORS[self.denominator]}"

    @property
    def headings(self) -> tuple[str, ...]:
        """What must stand above every copy of the table."""
        return tuple(text for flag, text in ((self.synthetic, SYNTHETIC), (self.suggestion, SUGGESTION)) if flag)

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], Cell]:
        return {(c.case, c.sub_theme): c for c in self.cells}

    def cell(self, case: str, sub_theme: str) -> Cell:
        """Return the cell of `case` and `sub_theme`.

        Raises
        ------
        InputError
            If the table has no such case or row.
        """
        asked = (("case", case, [t.id for t in self.cases]), ("row", sub_theme, [t.id for t in self.sub_themes]))
        problems = [
            Problem(
                what=f"no {kind} '{name}' in the table",
                expected=f"one of {', '.join(known)}",
                remedy=suggestion(name, known),
            )
            for kind, name, known in asked
            if name not in known
        ]
        if problems:
            raise InputError(problems)
        return self._by_place[case, sub_theme]

    def margin(self, case: str, sub_theme: str) -> Margin:
        """Return how firm the cell of `case` and `sub_theme` is."""
        return self.cell(case, sub_theme).margin

    def as_dict(self) -> dict[str, Any]:
        """Return the table as plain values, in the shape of ``score --json``."""
        return {
            "synthetic": self.synthetic,
            "suggestion": self.suggestion,
            "rule": self.rule,
            "denominator": self.denominator,
            "level": self.presence.level,
            "overall": self.overall.as_dict(),
            "themes": [t.as_dict() for t in self.themes],
            "cases": [{**t.as_dict(), "participants": len(self.presence.members(t.id))} for t in self.cases],
            "sub_themes": [{**t.as_dict(), "theme": self.theme_of[t.id]} for t in self.sub_themes],
            "cells": [c.as_dict() for c in self.cells],
            "notes": list(self.notes),
        }

    def as_frame(self) -> pd.DataFrame:
        """Return one row per cell; `heading` repeats what must stand above every copy."""
        return pd.DataFrame(
            [
                {
                    "theme": self.theme_of[c.sub_theme],
                    "sub_theme": c.sub_theme,
                    "case": c.case,
                    "present": c.present,
                    "state": c.state.value,
                    "participants_describing": c.describing,
                    "participants": c.participants,
                    "percent": c.percent,
                    "unread": c.unread,
                    "to_flip": c.margin.to_flip,
                    "counter_examples": c.counter_examples,
                    "heading": "; ".join(self.headings),
                }
                for c in self.cells
            ]
        )

    def __repr__(self) -> str:
        """Return the counts, and no words."""
        return f"ResultTable({_of(self.overall)}; {len(self.sub_themes)} sub-themes, {len(self.cases)} cases)"

    def _repr_html_(self) -> str:
        """Return the table as a heat map: the share that describes, and what is open."""
        rows: list[list[str | tuple[str, str]]] = []
        for theme in self.themes:
            for row in (t for t in self.sub_themes if self.theme_of[t.id] == theme.id):
                cells = [self._by_place[case.id, row.id] for case in self.cases]
                rows.append([row.name, *((_in_words(c), _shade(c)) for c in cells), f"{row.present} of {row.of}"])
        rows.append(["All", *(_of(t) for t in self.cases), _of(self.overall)])
        head = ["", *(t.id for t in self.cases), "total"]
        return html_table(head, rows, caption="; ".join(self.headings), notes=[f"Rule: {self.rule}.", *self.notes])

    def as_text(self) -> str:
        """Return the table as aligned plain text, with headings, rule and notes."""
        names = {t.id: t.name for t in self.sub_themes}
        head = ["", *(t.id for t in self.cases), "total"]
        lines: list[list[str]] = []
        for theme in self.themes:
            lines.append([theme.name.upper(), *[""] * len(self.cases), _of(theme)])
            for row in (t for t in self.sub_themes if self.theme_of[t.id] == theme.id):
                cells = [self._by_place[case.id, row.id] for case in self.cases]
                lines.append([f"  {names[row.id]}", *(_in_words(c) for c in cells), f"{row.present} of {row.of}"])
        lines.append(["ALL", *(_of(t) for t in self.cases), _of(self.overall)])
        widths = [max(len(line[i]) for line in [head, *lines]) for i in range(len(head))]
        table = [
            "  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip() for line in [head, *lines]
        ]
        return "\n".join([*self.headings, *table, "", f"Rule: {self.rule}.", *(f"Note: {n}." for n in self.notes)])


def _shade(cell: Cell) -> str:
    """Return the background of a cell: deeper blue the more describe it, sand where it is open."""
    if cell.state is State.OPEN:
        return "#f3e3c0"
    share = cell.describing / cell.participants if cell.participants else 0.0
    return f"hsl(210 70% {97 - round(40 * share)}%)"


def _of(total: Total) -> str:
    text = f"{total.present} of {total.of}"
    if total.percent is not None:
        text += f" = {total.percent:.1f} %"
    return f"{text}, {total.open} open" if total.open else text


def _in_words(cell: Cell) -> str:
    return f"{_MARKS[cell.state]} ({cell.describing}/{cell.participants})"


def score(
    codings: pd.DataFrame,
    participants: pd.DataFrame,
    codebook: Codebook,
    *,
    level: str = "sub-theme",
    denominator: Denominator = "all",
    readings: pd.DataFrame | None = None,
    transcripts: pd.DataFrame | None = None,
    include_auto: bool = False,
    synthetic: bool = False,
    cases: Sequence[str] | None = None,
    source: str = "codings",
    first_row: int = 1,
) -> ResultTable:
    """Return the case × sub-theme table by strict majority.

    A sub-theme is present in a case when ``2 * describing > participants``. Whether the codings were
    made by hand or confirmed makes no difference.

    Parameters
    ----------
    codings, participants, codebook, level, include_auto, cases, source, first_row
        As in `presence_by_participant`.
    denominator : {"all", "read"}
        Who is counted: all participants of the case, or those whose interviews have been read for the row.
        With ``"read"``, what unread participants said counts on neither side of the fraction, and a note says so.
    readings : pandas.DataFrame, optional
        What has been read; columns as in `subtheme.scoring.reading.read_pairs`. Without it all is taken as read and
        no cell is open.
    transcripts : pandas.DataFrame, optional
        Who speaks in which transcript. Participants without one are named in the notes.
    synthetic : bool
        Head the table as made from an invented study; a synthetic codebook does so by itself.

    Returns
    -------
    ResultTable
        A cell is *open* while the answers of unread participants, whatever they are, could still make
        it the other one among all participants of the case.

    Raises
    ------
    InputError
        As in `presence_by_participant`; and for an unknown denominator, or ``"read"`` without readings.
    """
    _check_denominator(denominator, readings)
    presence = presence_by_participant(
        codings,
        participants,
        codebook,
        level=level,
        include_auto=include_auto,
        cases=cases,
        source=source,
        first_row=first_row,
    )
    rows = tuple(r.id for r in presence.rows)
    read = None
    if readings is not None:
        read = read_pairs(readings, presence.participants, codebook, rows, transcripts=transcripts)
    if transcripts is not None:
        presence = replace(
            presence, notes=(*presence.notes, *without_transcript(presence, set(transcripts["participant"])))
        )
    return table_of(presence, codebook, read=read, denominator=denominator, synthetic=synthetic)


def without_transcript(presence: Presence, there: Collection[str]) -> list[str]:
    """Name the participants who are counted although there is nothing to read of them, unless they are `there`."""
    return [
        f"no transcript of {', '.join(missing)} ({case}): counted among its participants, and open until there is one"
        for case in presence.cases
        if (missing := [p for p in presence.members(case) if p not in there])
    ]


def table_of(
    presence: Presence,
    codebook: Codebook,
    *,
    read: frozenset[tuple[str, str]] | None = None,
    denominator: Denominator = "all",
    synthetic: bool = False,
) -> ResultTable:
    """Return the table of `presence`; `read` holds the pairs (participant, row) that were read, None for all."""
    cells = _cells(presence, read, denominator)
    theme_of = {r.id: codebook.lineage(r.id)[-1] for r in presence.rows}
    themes = [t for t in codebook.children("") if t.id in theme_of.values()]
    notes = list(presence.notes)
    if denominator == "read" and read is not None:
        left_out = len({p for p, row in presence.pairs if (p, row) not in read})
        if left_out:
            notes.append(f"codings of {left_out} participants are left out where their interviews were not read")
    return ResultTable(
        cells=cells,
        sub_themes=tuple(_total(r.id, r.name, (c for c in cells if c.sub_theme == r.id)) for r in presence.rows),
        themes=tuple(_total(t.id, t.name, (c for c in cells if theme_of[c.sub_theme] == t.id)) for t in themes),
        cases=tuple(_total(case, case, (c for c in cells if c.case == case)) for case in presence.cases),
        overall=_total("overall", "Overall", cells),
        theme_of=theme_of,
        presence=presence,
        denominator=denominator,
        synthetic=synthetic or codebook.synthetic,
        notes=tuple(notes),
    )


def _check_denominator(denominator: str, readings: pd.DataFrame | None) -> None:
    if denominator not in _DENOMINATORS:
        raise InputError(
            Problem(
                what=f"unknown denominator '{denominator}'",
                expected=f"one of {', '.join(_DENOMINATORS)}",
                remedy=suggestion(denominator, _DENOMINATORS),
            )
        )
    if denominator == "read" and readings is None:
        raise InputError(
            Problem(
                what="the denominator 'read' without readings",
                expected="a table of what has been read",
                remedy="Give the readings, or count all participants",
            )
        )


def _cells(presence: Presence, read: frozenset[tuple[str, str]] | None, denominator: Denominator) -> tuple[Cell, ...]:
    people, rows = presence.participants, [r.id for r in presence.rows]
    shape = (len(people), len(rows))
    pairs = zip(presence.frame["participant"], presence.frame["sub_theme"], strict=True)
    is_read = np.array([read is None or pair in read for pair in pairs], dtype=bool).reshape(shape)
    is_counted = is_read if denominator == "read" else np.ones(shape, dtype=bool)
    is_hit = presence.frame["describes"].to_numpy(dtype=bool).reshape(shape) & is_counted
    counters = presence.frame["counters"].to_numpy().reshape(shape)
    case_of, level_of = people["case"].to_numpy(), people["level"].to_numpy()
    members = {case: np.flatnonzero(case_of == case) for case in presence.cases}
    cells = []
    for column, row in enumerate(rows):
        for case, who in members.items():
            hit, counted = is_hit[who, column], is_counted[who, column]
            unread = int((~is_read[who, column] & ~hit).sum())
            cells.append(
                Cell(
                    sub_theme=row,
                    case=case,
                    describing=int(hit.sum()),
                    participants=int(counted.sum()),
                    unread=unread,
                    state=_state(int(hit.sum()), unread, len(who)),
                    counter_examples=int(counters[who, column].sum()),
                    levels=tuple(
                        LevelCount(level=level, describing=int(hit[at].sum()), participants=int(counted[at].sum()))
                        for level in sorted(set(level_of[who]))
                        for at in [level_of[who] == level]
                    ),
                )
            )
    return tuple(cells)


def _state(describing: int, unread: int, everybody: int) -> State:
    """Return the state of a cell among all participants of its case, whatever the unread ones say."""
    if is_majority(describing, everybody):
        return State.PRESENT
    return State.OPEN if is_majority(describing + unread, everybody) else State.ABSENT


def _total(identifier: str, name: str, cells: Iterable[Cell]) -> Total:
    group = list(cells)
    return Total(
        id=identifier,
        name=name,
        present=sum(c.present for c in group),
        of=len(group),
        open=sum(c.state is State.OPEN for c in group),
    )
