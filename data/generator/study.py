"""The study as a whole: plan, talk, files read back, coders."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from banks import Banks
from coders import Coder, Mark
from expectation import Unit
from formats import file_bytes, file_name, forms_of
from places import Place, places_in, read_back
from plan import Parameters, Person, Plan, make_plan, people_of
from speech import PARTICIPANT, Interview, Turn

FIRST, SECOND, REVIEWER = "coder-1", "coder-2", "reviewer"


@dataclass(frozen=True, kw_only=True)
class Study:
    """Everything that is written down, by participant (whose id is the transcript's, too).

    Attributes
    ----------
    seed : int
    plan : Plan
    turns : dict of str to tuple of Turn
    forms : dict of str to str
        Form of every transcript.
    texts : dict of str to str
        Canonical texts.
    places : dict of str to list of Place
    coders : dict of str to Coder
    readings : dict of str to list of str
        By coder: transcripts in the order of the reading.
    marks : dict of str to list of Mark
        By coder.
    """

    seed: int
    plan: Plan
    turns: dict[str, tuple[Turn, ...]]
    forms: dict[str, str]
    texts: dict[str, str]
    places: dict[str, list[Place]]
    coders: dict[str, Coder]
    readings: dict[str, list[str]]
    marks: dict[str, list[Mark]]

    def words_of_participant(self, person: str) -> int:
        """Return how many words a participant says."""
        return sum(t.words for t in self.turns[person] if t.speaker == PARTICIPANT)

    def read_by_both(self) -> list[Unit]:
        """Return the pieces of talk that both coders read, in the order of the transcripts."""
        positions = [{t: i for i, t in enumerate(self.readings[c])} for c in (FIRST, SECOND)]
        strict = [self.coders[c].is_strict for c in (FIRST, SECOND)]
        units = []
        for person in self.plan.people:
            if all(person.id in p for p in positions):
                state = (strict[0](positions[0][person.id]), strict[1](positions[1][person.id]))
                whole = (p.fragment for p in self.places[person.id] if p.part == 0)
                units += [Unit(fragment=f, strict=state) for f in whole]
        return units


def make_study(
    parameters: Parameters, banks: Banks, *, seed: int, words: int | None, folder: Path, begin: Callable[[str], None]
) -> Study:
    """Draw the study and write its transcripts into `folder`, since their places are known from the files.

    Parameters
    ----------
    parameters : mapping
    banks : Banks
    seed : int
    words : int or None
        As in `plan.make_plan`.
    folder : pathlib.Path
        An existing, empty folder.
    begin : callable
        Told the id of every participant whose interview is begun.
    """
    people = people_of(parameters)
    coders = {
        name: Coder(id=name, parameters=entry, sub_themes=tuple(parameters["sub_themes"]))
        for name, entry in parameters["coders"].items()
    }
    readings = _readings(parameters, people, coders, seed=seed)
    plan = make_plan(parameters, banks, people, coded=readings[FIRST], seed=seed, words=words)
    forms = forms_of(people, parameters, Random(f"{seed}/forms"))
    turns: dict[str, tuple[Turn, ...]] = {}
    texts: dict[str, str] = {}
    places: dict[str, list[Place]] = {}
    for person in people:
        begin(person.id)
        interview = Interview(parameters, banks, Random(f"{seed}/talk/{person.id}"))
        turns[person.id] = interview.turns(plan.fragments[person.id], plan.off_topic[person.id])
        path = folder / file_name(person, forms[person.id])
        path.write_bytes(file_bytes(person, turns[person.id], forms[person.id]))
        transcript = read_back(path)
        texts[person.id] = transcript.text
        places[person.id] = places_in(transcript, turns[person.id], person)
    marks = {
        name: _marks(coder, readings[name], texts, places, Random(f"{seed}/marks/{name}"))
        for name, coder in coders.items()
    }
    return Study(
        seed=seed,
        plan=plan,
        turns=turns,
        forms=forms,
        texts=texts,
        places=places,
        coders=coders,
        readings=readings,
        marks=marks,
    )


def _readings(
    parameters: Parameters, people: tuple[Person, ...], coders: Mapping[str, Coder], *, seed: int
) -> dict[str, list[str]]:
    """Give interviews out by case; what coder-1 never read is left to the reviewer with the new ones."""
    random = Random(f"{seed}/readings")
    first = coders[FIRST].read_of(_chosen(parameters, people, "coded", random), random)
    read = tuple(p for p in people if p.id in first)
    second = coders[SECOND].read_of(_chosen(parameters, read, "coded_twice", random), random)
    return {FIRST: first, SECOND: second, REVIEWER: [p.id for p in people if p.id not in first]}


def _chosen(parameters: Parameters, people: tuple[Person, ...], how_many: str, random: Random) -> list[str]:
    return [
        chosen
        for case, entry in parameters["cases"].items()
        for chosen in random.sample([p.id for p in people if p.case == case], entry[how_many])
    ]


def _marks(
    coder: Coder, read: list[str], texts: Mapping[str, str], places: Mapping[str, list[Place]], random: Random
) -> list[Mark]:
    return [
        mark
        for position, transcript in enumerate(read)
        for mark in coder.marks(
            transcript, texts[transcript], places[transcript], strict=coder.is_strict(position), random=random
        )
    ]
