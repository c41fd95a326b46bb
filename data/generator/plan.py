"""The plan before the words: who describes which influence, who denies it, and which fragments say so."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from banks import COUNTERS, SUPPORTS, Banks, Fragment

DESCRIBES, DENIES, NOT_RAISED = "describes", "denies", "not-raised"
_SHORT = {"front-line-worker": "FLW", "front-line-manager": "FLM", "senior-manager": "SM"}

Parameters = Mapping[str, Any]
"""What `parameters.toml` holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An invented participant."""

    id: str
    case: str
    org: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What was drawn for one participant and sub-theme, and what the banks could serve."""

    participant: str
    sub_theme: str
    drawn: str
    planned: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """People, draws, and the fragments that each person says.

    Attributes
    ----------
    people : tuple of Person
    draws : tuple of Draw
    fragments : dict of str to list of Fragment
        By participant: what they say on the sub-themes, traps included.
    off_topic : dict of str to list of Fragment
        By participant: what else they say.
    repeated : int
        Off-topic pieces that are used more than once; 0 unless long interviews were asked for.
    """

    people: tuple[Person, ...]
    draws: tuple[Draw, ...]
    fragments: dict[str, list[Fragment]]
    off_topic: dict[str, list[Fragment]]
    repeated: int


def people_of(parameters: Parameters) -> tuple[Person, ...]:
    """Return the participants of every case, level by level."""
    return tuple(
        Person(id=f"{case}-{_SHORT[level]}{number:02d}", case=case, org=entry["bank"], level=level)
        for case, entry in parameters["cases"].items()
        for level, count in entry["levels"].items()
        for number in range(1, count + 1)
    )


def make_plan(
    parameters: Parameters,
    banks: Banks,
    people: tuple[Person, ...],
    *,
    coded: Collection[str],
    seed: int,
    words: int | None = None,
) -> Plan:
    """Draw the plan.

    Parameters
    ----------
    parameters : mapping
    banks : Banks
    people : tuple of Person
    coded : collection of str
        Participants whose interviews coder-1 reads: the share of plain wording differs there.
    seed : int
    words : int or None
        Words that every interview shall reach, for load tests: off-topic talk is repeated where the bank is
        used up. None takes the target of the parameters and repeats nothing.
    """
    fragments: dict[str, list[Fragment]] = {p.id: [] for p in people}
    draws: list[Draw] = []
    for case in parameters["cases"]:
        members = [p for p in people if p.case == case]
        for sub_theme in parameters["sub_themes"]:
            random = Random(f"{seed}/plan/{case}/{sub_theme}")
            draws += _plan_cell(parameters, banks, members, sub_theme, fragments, random, coded=coded)
    _plan_traps(banks, people, fragments, Random(f"{seed}/traps"))
    off_topic, repeated = _plan_off_topic(parameters, banks, people, fragments, seed=seed, words=words)
    return Plan(people=people, draws=tuple(draws), fragments=fragments, off_topic=off_topic, repeated=repeated)


def _plan_cell(
    parameters: Parameters,
    banks: Banks,
    members: Sequence[Person],
    sub_theme: str,
    fragments: dict[str, list[Fragment]],
    random: Random,
    *,
    coded: Collection[str],
) -> list[Draw]:
    """Draw one case and sub-theme and give its fragments out; return the draws."""
    chance = parameters["sub_themes"][sub_theme]
    drawn: dict[str, str] = {}
    for person in members:
        effect = parameters["cases"][person.case]["effect"] + parameters["level_effects"][person.level]
        describes = min(max(chance["describes"] + effect, 0.02), 0.95)
        denies = min(chance["denies"], 1 - describes)
        value = random.random()
        drawn[person.id] = DESCRIBES if value < describes else DENIES if value < describes + denies else NOT_RAISED
    planned = dict.fromkeys(drawn, NOT_RAISED)
    for outcome, kind in ((DESCRIBES, SUPPORTS), (DENIES, COUNTERS)):
        speakers = [p for p in members if drawn[p.id] == outcome]
        random.shuffle(speakers)
        pool = list(banks.of(sub_theme, kind, members[0].org))
        random.shuffle(pool)
        served = speakers[: len(pool)]
        for person in served:
            planned[person.id] = outcome
        turns, returning = [*served], served
        for chance_again in parameters["talk"]["described_again"]:
            returning = [p for p in returning if random.random() < chance_again]
            turns += returning
        for person in sorted(turns[: len(pool)], key=lambda p: p.id not in coded):
            share = parameters["talk"]["plain_in_coded" if person.id in coded else "plain_in_new"]
            wording = "plain" if random.random() < share else "keyword"
            fragments[person.id].append(_take(pool, person, wording))
    return [Draw(participant=p.id, sub_theme=sub_theme, drawn=drawn[p.id], planned=planned[p.id]) for p in members]


def _take(pool: list[Fragment], person: Person, wording: str) -> Fragment:
    """Take the fragment of `pool` that fits the mouth of `person` and the wording best, the first of equals."""
    strange = "manager" if person.level == "front-line-worker" else "worker"
    fitting = max(range(len(pool)), key=lambda i: (pool[i].wording == wording, pool[i].sounds_like != strange, -i))
    return pool.pop(fitting)


def _plan_traps(banks: Banks, people: Sequence[Person], fragments: dict[str, list[Fragment]], random: Random) -> None:
    for org in sorted({p.org for p in people}):
        pool = list(banks.traps_of(org))
        random.shuffle(pool)
        members = [p for p in people if p.org == org]
        random.shuffle(members)
        for number, trap in enumerate(pool):
            fragments[members[number % len(members)].id].append(trap)


def _plan_off_topic(
    parameters: Parameters,
    banks: Banks,
    people: Sequence[Person],
    fragments: Mapping[str, Sequence[Fragment]],
    *,
    seed: int,
    words: int | None,
) -> tuple[dict[str, list[Fragment]], int]:
    """Give off-topic talk to whoever has said least, until every interview has its words or the bank is empty."""
    target = parameters["study"]["words"] if words is None else words
    given: dict[str, list[Fragment]] = {p.id: [] for p in people}
    repeated = 0
    for org in sorted({p.org for p in people}):
        random = Random(f"{seed}/off-topic/{org}")
        bank = list(banks.off_topic_of(org))
        random.shuffle(bank)
        pool = bank.copy()
        spoken = {p.id: sum(f.words for f in fragments[p.id]) for p in people if p.org == org}
        while (least := min(spoken, key=lambda p: (len(given[p]) >= 2, spoken[p], p))) and (
            spoken[least] < target or len(given[least]) < 2
        ):
            if not pool:
                if words is None:
                    break
                pool = bank.copy()
                random.shuffle(pool)
            piece = pool.pop()
            repeated += piece in given[least] or any(piece in g for g in given.values())
            given[least].append(piece)
            spoken[least] += piece.words
    return given, repeated
