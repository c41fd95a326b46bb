"""Presence: which participants describe which code."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.nouns import CODINGS, PARTICIPANTS, Code, Codebook, Direction, Origin


@dataclass(frozen=True, kw_only=True, eq=False)
class Presence:
    """Which participants describe which code, rolled up to one level of the codebook.

    Attributes
    ----------
    level : str
        Level of the codebook that makes the rows.
    rows : tuple of Code
        The codes of that level, in reading order.
    cases : tuple of str
    participants : pandas.DataFrame
        Checked table of participants: participant, case, level.
    frame : pandas.DataFrame
        One row per participant and code: `participant`, `case`, `level`, `sub_theme`, `describes` (bool),
        `supports` and `counters` (numbers of codings of each direction).
    notes : tuple of str
        What a reader must know: codings above the level, several coders, participants without codings.
    suggestion : bool
        True where codings that nobody confirmed are counted.
    """

    level: str
    rows: tuple[Code, ...]
    cases: tuple[str, ...]
    participants: pd.DataFrame
    frame: pd.DataFrame
    notes: tuple[str, ...] = ()
    suggestion: bool = False

    @cached_property
    def pairs(self) -> frozenset[tuple[str, str]]:
        """The pairs (participant, sub-theme) that are described."""
        described = self.frame[self.frame["describes"]]
        return frozenset(zip(described["participant"], described["sub_theme"], strict=True))

    def describes(self, participant: str, sub_theme: str) -> bool:
        """Return whether `participant` describes `sub_theme`."""
        return (participant, sub_theme) in self.pairs

    def members(self, case: str) -> tuple[str, ...]:
        """Return the participants of `case`."""
        return tuple(self.participants.loc[self.participants["case"] == case, "participant"])

    def as_frame(self) -> pd.DataFrame:
        """Return a copy of the table."""
        return self.frame.copy()

    def as_dict(self) -> dict[str, Any]:
        """Return the described pairs and the notes as plain values."""
        return {
            "level": self.level,
            "suggestion": self.suggestion,
            "notes": list(self.notes),
            "described": [{"participant": p, "sub_theme": s} for p, s in sorted(self.pairs)],
        }


def presence_by_participant(
    codings: pd.DataFrame,
    participants: pd.DataFrame,
    codebook: Codebook,
    *,
    level: str = "sub-theme",
    include_auto: bool = False,
    cases: Sequence[str] | None = None,
    source: str = "codings",
    first_row: int = 1,
) -> Presence:
    """Return which participants describe which code of `level`.

    A participant describes a code when at least one coding of any coder applies it, or a code below it,
    with the direction ``supports``. Counter-examples are counted apart and never make presence. A coding with a code
    above `level` is not pushed down to any row: it is reported in the notes.

    Parameters
    ----------
    codings, participants : pandas.DataFrame
        Tables after the contracts of the study. Participants without any coding stay in the table: they
        describe nothing.
    codebook : Codebook
    level : str
        Name of the level that makes the rows. Placeholder codes are rows like any other.
    include_auto : bool
        Count codings that a model made and nobody confirmed; the result is then a suggestion.
    cases : sequence of str, optional
        The cases in the order to print; by default those of the participants, sorted.
    source : str
        What errors call the table of codings.
    first_row : int
        Number of its first row in that source (2 under a header line).

    Raises
    ------
    InputError
        For an unknown level, participant, code or case, a case without participants, and codings of
        origin ``auto`` without `include_auto`; every problem with its row and the nearest known name.
    """
    rows = rows_of(codebook, level)
    people = PARTICIPANTS.check(participants, source="participants")
    checked = CODINGS.check(codings, source=source, first_row=first_row)
    case_ids, problems = _cases(people, cases)
    problems += _unknown(codings, people, codebook, source, first_row)
    is_auto = checked["origin"] == Origin.AUTO.value
    if is_auto.any() and not include_auto:
        problems.append(
            Problem(
                what=f"{int(is_auto.sum())} of {len(checked)} codings have the origin 'auto': nobody confirmed them",
                where=source,
                expected="codings made or confirmed by a person",
                remedy="Confirm them first, or ask for automatic codings to be included: "
                "the table is then a suggestion",
            )
        )
    if problems:
        raise InputError(problems)
    rolled = {c: codebook.roll_up(c, level) for c in checked["code"].unique()}
    checked["sub_theme"] = checked["code"].map(rolled).astype(object)
    return Presence(
        level=level,
        rows=rows,
        cases=case_ids,
        participants=people,
        frame=_frame(checked, people, [r.id for r in rows]),
        notes=_notes(checked, people, codebook, level),
        suggestion=bool(is_auto.any()),
    )


def rows_of(codebook: Codebook, level: str) -> tuple[Code, ...]:
    """Return the codes that make the rows at `level`: those whose depth is exactly that of the level.

    Raises
    ------
    InputError
        If the codebook has no such level, or no code on it.
    """
    depth = {name: i for i, name in reversed(list(enumerate(codebook.levels)))}
    rows = tuple(c for c in codebook.at_level(level) if c.depth == depth[level])
    if not rows:
        raise InputError(
            Problem(
                what=f"no code stands on the level '{level}'",
                where="codebook",
                expected="at least one: the codes of that level make the rows of the table",
                remedy="Name another level",
            )
        )
    return rows


def _cases(people: pd.DataFrame, cases: Sequence[str] | None) -> tuple[tuple[str, ...], list[Problem]]:
    found = sorted(people["case"].unique())
    if cases is None:
        if found:
            return tuple(found), []
        return (), [Problem(what="no participants", where="participants", expected="at least one participant")]
    problems = [
        Problem(
            what=f"case {shown(c)} has no participants",
            where="participants",
            expected="at least one participant in every case",
            remedy=suggestion(c, found) or "Add its participants, or leave the case out",
        )
        for c in dict.fromkeys(cases)
        if c not in found
    ]
    problems += [
        Problem(
            what=f"participants of the case {shown(c)}, which is not among the cases",
            where="participants",
            expected=f"one of {', '.join(cases)}",
            remedy=suggestion(c, cases),
        )
        for c in found
        if c not in cases
    ]
    return tuple(dict.fromkeys(cases)), problems


def _unknown(
    codings: pd.DataFrame, people: pd.DataFrame, codebook: Codebook, source: str, first_row: int
) -> list[Problem]:
    known = set(people["participant"])
    problems: list[Problem] = []
    rows = zip(codings["participant"].astype(str).str.strip(), codings["code"].astype(str).str.strip(), strict=True)
    for number, (participant, code) in enumerate(rows, start=first_row):
        where = f"{source}, row {number}"
        if participant not in known:
            problems.append(
                Problem(
                    what=f"unknown participant {shown(participant)}",
                    where=where,
                    expected="a participant of the study",
                    remedy=suggestion(participant, known) or "Add the participant with a case, or correct the row",
                )
            )
        if code not in codebook:
            problems.append(codebook.unknown(code, where=where))
    return problems


def _frame(codings: pd.DataFrame, people: pd.DataFrame, rows: list[str]) -> pd.DataFrame:
    index = pd.MultiIndex.from_product([people["participant"], rows], names=["participant", "sub_theme"])
    frame = pd.DataFrame(index=index)
    for direction in Direction:
        of_direction = codings[(codings["direction"] == direction.value) & codings["sub_theme"].notna()]
        counts = of_direction.groupby(["participant", "sub_theme"]).size()
        frame[direction.value] = counts.reindex(index, fill_value=0).astype("int64")
    frame = frame.reset_index().merge(people, on="participant", how="left", validate="many_to_one")
    frame["describes"] = frame[Direction.SUPPORTS.value] > 0
    return frame[["participant", "case", "level", "sub_theme", "describes", "supports", "counters"]]


def silent_note(people: pd.DataFrame, heard: Collection[str]) -> str:
    """Return a note that names the participants of whom nothing was coded; empty where there is none."""
    silent = sorted(set(people["participant"]) - set(heard))
    if not silent:
        return ""
    named = f"{', '.join(silent[:20])}{' …' if len(silent) > 20 else ''}"
    return f"{len(silent)} of {len(people)} participants have no coding: {named}"


def ordered_cases(people: pd.DataFrame) -> tuple[str, ...]:
    """Return the cases of the participants, sorted.

    Raises
    ------
    InputError
        If there are no participants.
    """
    found, problems = _cases(people, None)
    if problems:
        raise InputError(problems)
    return found


def _notes(codings: pd.DataFrame, people: pd.DataFrame, codebook: Codebook, level: str) -> tuple[str, ...]:
    above = codings.loc[codings["sub_theme"].isna(), "code"].value_counts()
    notes = [
        f"{above[c.id]} codings with '{c.id}' ({codebook.level_of(c.id)}) stand above the level '{level}' "
        "and count in no row"
        for c in codebook.codes
        if c.id in above.index
    ]
    if note := silent_note(people, set(codings["participant"])):
        notes.append(note)
    coders = codings["coder"].nunique()
    if coders > 1:
        notes.append(f"codings of {coders} coders are taken together: one supporting coding of any of them is enough")
    return tuple(notes)
