"""The ways in which a project can tell who its participants are, and which of them fit this project."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from subtheme.errors import InputError, Problem
from subtheme.exchange.refi_model import RefiProject
from subtheme.exchange.refi_people import People, people_of, variables_of
from subtheme.nouns import folded

_KEYS = ("participant", "organisation", "level")
_PART = re.compile(rf"(?:^|,)\s*({'|'.join(_KEYS)})\s*=")
_ORGANISATION = ("organisation", "organization", "company", "employer", "institution", "site", "case")
_LEVEL = ("level", "role", "position")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleWays:
    """How a project tells its participants and what they belong to; see `people_of` for the words.

    Attributes
    ----------
    participant, organisation, level : str
    """

    participant: str
    organisation: str
    level: str = ""

    @classmethod
    def parse(cls, text: str) -> "PeopleWays":
        """Return the ways that are written as ``participant=case,organisation=variable:organisation``.

        Raises
        ------
        InputError
            If the text has not that form.

        Examples
        --------
        >>> PeopleWays.parse("participant=source,organisation=set").organisation
        'set'
        """
        pieces = _PART.split(text)
        found = dict(zip(pieces[1::2], (p.strip() for p in pieces[2::2]), strict=True))
        if pieces[0].strip() or not all(found.get(k) for k in _KEYS[:2]):
            raise InputError(
                Problem(
                    what=f"cannot read --participants '{text}'",
                    expected="a table (.csv, .xlsx), or participant=...,organisation=... and, if wanted, level=...",
                    remedy="'subtheme import --preview' lists what the project has",
                )
            )
        return cls(participant=found["participant"], organisation=found["organisation"], level=found.get("level", ""))

    def as_text(self) -> str:
        """Return the ways as `parse` reads them."""
        return ",".join(f"{key}={value}" for key in _KEYS if (value := getattr(self, key)))

    def people(self, project: RefiProject) -> People:
        """Return the participants that the ways give; see `people_of`."""
        return people_of(project, participant=self.participant, organisation=self.organisation, level=self.level)


def ways_that_fit(project: RefiProject) -> tuple[PeopleWays, ...]:
    """Return the ways by which every participant belongs to exactly one organisation, the likeliest first.

    One always fits: each text is a participant, and all belong to one organisation.
    """
    return tuple(ways for ways in dict.fromkeys(_candidates(project)) if _fits(ways, project))


def likeliest_ways(project: RefiProject) -> PeopleWays:
    """Return the first of `ways_that_fit`."""
    return next(ways for ways in _candidates(project) if _fits(ways, project))


def _candidates(project: RefiProject) -> Iterator[PeopleWays]:
    variables = variables_of(project)
    level = next((f"variable:{v}" for v in variables if folded(v) in _LEVEL), "")
    named = [f"variable:{v}" for v in sorted(variables, key=_rank) if _rank(v) < len(_ORGANISATION)]
    others = [w for v in variables if (w := f"variable:{v}") not in {*named, level}]
    organisations = [*named, *(["set"] if any(s.sources for s in project.sets) else [])]
    if project.cases and _cases_are_organisations(project):
        organisations.insert(0, "case")
    # A variable of another name is offered, but never taken before "all".
    organisations += [f"all:{project.name or project.loss.file}", *others]
    if project.cases and "case" not in organisations:
        yield from (PeopleWays(participant="case", organisation=o, level=level) for o in organisations)
        organisations.insert(0, "case")
    yield from (PeopleWays(participant="source", organisation=o, level=level) for o in organisations)


def _rank(variable: str) -> int:
    """Return how likely a variable names the organisation, 0 being the likeliest."""
    words = folded(variable)
    return next((n for n, word in enumerate(_ORGANISATION) if word in words), len(_ORGANISATION))


def _cases_are_organisations(project: RefiProject) -> bool:
    """Return whether cases hold several whole texts each, and no text stands in two."""
    texts = [m.source for c in project.cases for m in dict.fromkeys(c.members) if m.is_whole]
    is_shared = any(n > 1 for n in Counter(texts).values())
    carries_organisation = any(_rank(v) < len(_ORGANISATION) for c in project.cases for v in c.values)
    return not is_shared and not carries_organisation and len(texts) > len(project.cases)


def _fits(ways: PeopleWays, project: RefiProject) -> bool:
    try:
        ways.people(project)
    except InputError:
        return False
    return True
