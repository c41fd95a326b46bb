"""Who speaks, and for which organisation: cases, variables, sets or codes of a project, as the person chooses."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.exchange.refi_model import Membership, RefiCase, RefiProject
from subtheme.nouns import PARTICIPANTS, Code, Codebook, folded, rows_of

WAYS = ("source", "case", "variable:NAME", "set", "set:BEGINNING", "code:NAME")
_ALL = "all:"
_Group = Callable[[str, int, int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Participants of a project, and its codings under them.

    Attributes
    ----------
    participants : pandas.DataFrame
        Columns of `subtheme.nouns.PARTICIPANTS`.
    codings : pandas.DataFrame
        Columns of `subtheme.nouns.CODINGS`; without those that only said who speaks. The participant is empty
        where a text has several and the place does not tell which.
    codebook : Codebook
        Without the codes that only said who speaks.
    sources : dict of str to tuple of str
        Names of the sources of every participant.
    """

    participants: pd.DataFrame
    codings: pd.DataFrame
    codebook: Codebook
    sources: dict[str, tuple[str, ...]]


def people_of(project: RefiProject, *, participant: str, organisation: str, level: str = "") -> People:
    """Return who the participants of a project are, and which organisation each belongs to.

    Parameters
    ----------
    project : RefiProject
    participant, organisation : str
        ``source`` (each text is one), ``case``, ``variable:NAME`` (a variable of texts or of cases), ``set`` or
        ``set:BEGINNING`` (sets of texts whose name begins so) or ``code:NAME`` (the codes below that one).
        ``organisation`` may also be ``all:NAME``: all belong to one.
    level : str
        ``variable:NAME`` of the participants' level, or empty.

    Raises
    ------
    InputError
        If a way is not known, the project lacks what it names, or participants have no organisation, or several.
    """
    by_participant = _grouping(project, participant, "participant")
    sources: dict[str, dict[str, None]] = defaultdict(dict)
    if participant == "case":
        for case in project.cases:
            sources[case.name].update(dict.fromkeys(m.source for m in case.members))
    for source in project.sources:
        if name := by_participant(source.name, -1, -1):
            sources[name][source.name] = None
    people = [by_participant(r.transcript, r.start_char, r.end_char) for r in rows_of(project.codings)]
    for name, source in zip(people, project.codings["transcript"], strict=True):
        if name:
            sources[name][source] = None
    for name in sorted({s.name for s in project.sources}.difference(*sources.values())):
        sources[name][name] = None
    people = [
        name or (source if source in sources.get(source, ()) else "")
        for name, source in zip(people, project.codings["transcript"], strict=True)
    ]
    belongs = {name: tuple(found) for name, found in sources.items()}
    organisations_of = _naming(project, organisation, is_case=participant == "case")
    levels_of = _naming(project, level, is_case=participant == "case") if level else None
    rows, problems = [], []
    for name, found in belongs.items():
        organisations = organisations_of(name, found)
        if len(organisations) != 1:
            problems.append(_unclear(name, organisations, organisation, project))
        levels = levels_of(name, found) if levels_of else []
        rows.append({"participant": name, "case": "|".join(organisations), "level": levels[0] if levels else ""})
    if problems:
        raise InputError(problems)
    branches = {way.partition(":")[2] for way in (participant, organisation) if way.startswith("code:")}
    gone = {c.id for name in branches for c in _branch(project.codebook, name)}
    codings = project.codings.assign(participant=pd.Series(people, index=project.codings.index, dtype="str"))
    return People(
        participants=PARTICIPANTS.check(pd.DataFrame(rows, columns=list(PARTICIPANTS.names)), source=project.loss.file),
        codings=codings[~codings["code"].isin(gone)].reset_index(drop=True),
        codebook=replace(project.codebook, codes=tuple(c for c in project.codebook.codes if c.id not in gone)),
        sources=belongs,
    )


def participant_of(cases: Iterable[RefiCase]) -> _Group:
    """Return what gives the participant of a place: the case that holds most of it, or its text, or none other.

    A place that no case covers belongs to the one case that holds its whole text; where there is none, or
    several, to a participant with the name of the text.
    """
    by_case = _by_members({c.name: c.members for c in cases})
    return lambda source, start, end: by_case(source, start, end) or source


def _by_members(groups: dict[str, tuple[Membership, ...]]) -> _Group:
    whole: dict[str, list[str]] = defaultdict(list)
    parts: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for name, members in groups.items():
        for member in members:
            if member.is_whole:
                whole[member.source].append(name)
            else:
                parts[member.source].append((member.start_char, member.end_char, name))
    placed = {source: _Parts(found) for source, found in parts.items()}

    def group(source: str, start: int, end: int) -> str:
        names = placed[source].names_at(start, end) if source in placed else []
        if len(names) != 1:
            names = list(dict.fromkeys(whole.get(source, ())))
        if not names and start < 0 and source in placed:
            names = placed[source].names
        return names[0] if len(names) == 1 else ""

    return group


class _Parts:
    """The places of one text that belong to cases."""

    def __init__(self, parts: list[tuple[int, int, str]]) -> None:
        self.names = list(dict.fromkeys(name for _, _, name in parts))
        numbers = {name: n for n, name in enumerate(self.names)}
        self._starts, self._ends, self._owners = np.array(
            [(start, end, numbers[name]) for start, end, name in parts], dtype=np.int64
        ).T
        self._exact: dict[tuple[int, int], dict[str, None]] = defaultdict(dict)
        for start, end, name in parts:
            self._exact[start, end][name] = None

    def names_at(self, start: int, end: int) -> list[str]:
        """Return the case whose place this is, or else those that cover most of it."""
        exact = list(self._exact.get((start, end), ()))
        if len(exact) == 1:
            return exact
        overlap = np.maximum(0, np.minimum(end, self._ends) - np.maximum(start, self._starts))
        shares = np.bincount(self._owners, weights=overlap)
        best = shares.max()
        return [self.names[n] for n in np.flatnonzero(shares == best)] if best > 0 else []


def _grouping(project: RefiProject, way: str, what: str) -> _Group:
    kind, _, name = way.partition(":")
    if way == "source":
        return lambda source, _start, _end: source
    if way == "case":
        if not project.cases:
            raise InputError(_lacks(what, "the project has no named cases", project))
        return _by_members({c.name: c.members for c in project.cases})
    if kind == "variable" and name:
        known = variables_of(project)
        if name not in known:
            raise InputError(_lacks(what, f"no variable '{name}' has a value", project, suggestion(name, known)))
        values = {s.name: {s.values.get(name, "")} - {""} for s in project.sources}
        for case in project.cases:
            for member in case.members:
                values[member.source] |= {case.values.get(name, "")} - {""}
        # A text of several cases with different values has none of its own.
        return lambda source, _start, _end: next(iter(found)) if len(found := values[source]) == 1 else ""
    if kind == "set":
        sets = {s.name: s.sources for s in project.sets if s.sources and s.name.startswith(name)}
        if not sets:
            raise InputError(_lacks(what, f"no set of texts has a name that begins '{name}'", project))
        return _by_members({n: tuple(Membership(source=s) for s in found) for n, found in sets.items()})
    if kind == "code" and name:
        return _by_members(_members_by_code(project, name, what))
    raise InputError(
        Problem(
            what=f"'{way}' is not a way to tell the {what}",
            expected=f"one of {', '.join(WAYS)}",
            remedy=suggestion(way, ("source", "case", "set")),
        )
    )


def _members_by_code(project: RefiProject, name: str, what: str) -> dict[str, tuple[Membership, ...]]:
    codes = {c.id: c.name for c in _branch(project.codebook, name) if folded(c.name) != folded(name)}
    if not codes:
        raise InputError(_lacks(what, f"no code '{name}' with codes below it", project))
    members: dict[str, list[Membership]] = defaultdict(list)
    for row in rows_of(project.codings):
        if row.code in codes:
            members[codes[row.code]].append(
                Membership(source=row.transcript, start_char=row.start_char, end_char=row.end_char)
            )
    return {n: tuple(found) for n, found in members.items()}


def _naming(project: RefiProject, way: str, *, is_case: bool) -> Callable[[str, Iterable[str]], list[str]]:
    """Return what gives the different organisations (or levels) of one participant with some texts."""
    if way.startswith(_ALL):
        return lambda _participant, _sources: [way.removeprefix(_ALL)]
    group = _grouping(project, way, "organisation")
    name = way.partition(":")[2]
    own: dict[str, set[str]] = defaultdict(set)
    if is_case and way.startswith("variable:") and any(name in c.values for c in project.cases):
        # A variable of cases: what a person in a focus group lacks is not taken from the others.
        for case in project.cases:
            own[case.name].add(case.values.get(name, ""))

    def names(participant: str, sources: Iterable[str]) -> list[str]:
        if participant in own:
            return sorted(own[participant] - {""})
        return list(dict.fromkeys(filter(None, (group(source, -1, -1) for source in sources))))

    return names


def _branch(codebook: Codebook, name: str) -> list[Code]:
    """Return the code of that name or id and all below it."""
    tops = {c.id for c in codebook.codes if name == c.id or folded(c.name) == folded(name)}
    return [c for c in codebook.codes if tops & set(codebook.lineage(c.id))]


def variables_of(project: RefiProject) -> list[str]:
    """Return the names of the variables of which a text or a case has a value."""
    found = [s.values for s in project.sources] + [c.values for c in project.cases]
    return list(dict.fromkeys(name for values in found for name in values))


def _lacks(what: str, reason: str, project: RefiProject, remedy: str = "") -> Problem:
    there = [
        f"cases: {len(project.cases)}",
        f"variables: {', '.join(variables_of(project)) or 'none'}",
        f"sets of texts: {sum(bool(s.sources) for s in project.sets)}",
    ]
    return Problem(
        what=f"the {what} cannot be told: {reason}",
        where=project.loss.file,
        expected=f"something that the project has ({'; '.join(there)})",
        remedy=remedy,
    )


def _unclear(name: str, found: list[str], way: str, project: RefiProject) -> Problem:
    return Problem(
        what=f"participant {shown(name)} belongs to {len(found)} organisations by {way}"
        if found
        else f"participant {shown(name)} has no single organisation by {way}",
        where=project.loss.file,
        expected="exactly one",
        remedy="Choose another way, or give the participants in a table",
    )
