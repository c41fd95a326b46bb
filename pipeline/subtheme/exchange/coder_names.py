"""Coders have an identity: who is meant by a name that comes in and is here already."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from subtheme.errors import InputError, Problem, suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderWays:
    """What a person said of coders who come in.

    Attributes
    ----------
    same : frozenset of str
        Names that mean one person, here and there.
    renamed : mapping of str to str
        From the name there to the name that it gets here.
    """

    same: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, same: Iterable[str] = (), renamed: Iterable[str] = ()) -> "CoderWays":
        """Read the ways from words such as ``anna`` and ``coder=ben``.

        Raises
        ------
        InputError
            If one cannot be read.
        """
        pairs = {}
        problems = []
        for word in renamed:
            old, found, new = word.partition("=")
            if not (found and old.strip() and new.strip()):
                problems.append(
                    Problem(what=f"cannot read --coder-as '{word}'", expected="the name there, '=', and the name here")
                )
            pairs[old.strip()] = new.strip()
        if problems:
            raise InputError(problems)
        return cls(same=frozenset(same), renamed=pairs)

    def names(
        self,
        incoming: Collection[str],
        *,
        here: Collection[str],
        known: Mapping[str, str],
        differing: Mapping[str, int],
        where: str,
    ) -> dict[str, str]:
        """Return the name here of everybody who comes in.

        Parameters
        ----------
        incoming : collection of str
            Names there.
        here : collection of str
            Names of everybody who did something here.
        known : mapping of str to str
            Who is known to be who: the name there, and the name here.
        differing : mapping of str to int
            On how many segments and codes the two of one name hold different things.
        where : str
            Name of the file.

        Raises
        ------
        InputError
            If a name is that of a coder here of whom nobody knows whether they are the same; or a way names nobody.
        """
        problems = [
            Problem(
                what=f"no coder '{name}' is in the file",
                where=where,
                expected=f"one of {', '.join(sorted(incoming)) or 'nobody'}",
                remedy=suggestion(name, incoming),
            )
            for name in sorted({*self.same, *self.renamed})
            if name not in incoming
        ]
        found: dict[str, str] = {}
        for name in sorted(incoming):
            new = self.renamed.get(name, known.get(name, name))
            found[name] = new
            if name in known and known[name] == new:
                continue
            if new in here and new not in self.same and name not in self.same:
                problems.append(_clash(name, new, differing=differing.get(name, 0), where=where))
        twice = sorted(n for n in set(found.values()) if sum(m == n for m in found.values()) > 1 and n not in self.same)
        problems += [
            Problem(
                what=f"two coders of the file would both be '{name}'",
                where=where,
                expected="a name each",
                remedy=f"Give another name with --coder-as, or say that they are one with --same-coder {name}",
            )
            for name in twice
        ]
        if problems:
            raise InputError(problems)
        return found


def _clash(name: str, new: str, *, differing: int, where: str) -> Problem:
    held = f", and the two hold different things on {differing} segments and codes" if differing else ""
    return Problem(
        what=f"'{new}' is a coder here already, and nobody said whether '{name}' of the file is the same person{held}",
        where=where,
        expected="one way of the two",
        remedy=f"If they are one: --same-coder {name}. If they are two: --coder-as {name}=ANOTHER-NAME. "
        "Nothing was changed",
    )
