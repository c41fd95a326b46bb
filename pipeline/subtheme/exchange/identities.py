"""Who of a project's coders is known in a study: those of the study itself, and those who were settled before."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from subtheme.exchange.carried_events import CarriedEvents
from subtheme.exchange.coder_names import CoderWays
from subtheme.files import Store
from subtheme.nouns import EventKind

_FACT = "coders_of_origins"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """What a study knows of the coders of a project.

    Attributes
    ----------
    here : frozenset of str
        Everybody who did something here.
    known : mapping of str to str
        Who is known to be who: the name there, and the name here.
    origin : str
        Id of the study that wrote the project; empty where another program did.
    settled : mapping of str to mapping
        The names of earlier projects of other studies, by the id of the study.
    is_empty : bool
        Whether nothing was done here yet: a study that is made of the project of another one is that study.
    """

    here: frozenset[str]
    known: Mapping[str, str]
    origin: str
    settled: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    is_empty: bool = False

    @classmethod
    def of(cls, store: Store, carried: CarriedEvents | None, *, batch: str) -> "Identities":
        """Return what a store knows of the coders of a project that is to come in under the name `batch`.

        The same file, which may bring more when the codebook has more codes, is by the same people.
        """
        events = store.events()
        settled = json.loads(store.facts().get(_FACT, "{}"))
        same_file = batch.rpartition(":")[0]
        known = {e.coder: e.coder for e in events if e.kind is EventKind.CODED and e.batch.startswith(f"{same_file}:")}
        origin = "" if carried is None else carried.study_id
        if carried is not None:
            known |= settled.get(origin, {})
            if origin == store.study_id:
                own = {(e.uid, e.coder) for e in events}
                known |= {e.coder: e.coder for e in carried.events if (e.uid, e.coder) in own}
        return cls(
            here=frozenset(e.coder for e in events if e.coder),
            known=known,
            origin=origin,
            settled=settled,
            is_empty=store.length() == 0,
        )

    def names(self, incoming: Collection[str], *, ways: CoderWays, where: str) -> dict[str, str]:
        """Return the name here of everybody who comes in; see `CoderWays.names`."""
        return ways.names(incoming, here=self.here, known=self.known, differing={}, where=where)

    def remember(self, store: Store, names: Mapping[str, str]) -> None:
        """Keep who is who of another study, so that nobody is asked twice; an empty study becomes that one."""
        if self.origin and self.is_empty:
            store.put_facts({"study_id": self.origin})
        elif self.origin and self.origin != store.study_id:
            told = {**self.settled, self.origin: {**self.settled.get(self.origin, {}), **names}}
            store.put_facts({_FACT: json.dumps(told, ensure_ascii=False, sort_keys=True)})
