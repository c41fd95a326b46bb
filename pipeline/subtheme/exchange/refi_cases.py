"""The cases, variables and sets of a REFI-QDA project, whatever each program uses them for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from lxml import etree

from subtheme.exchange.offsets import Placed
from subtheme.exchange.refi_model import Membership, RefiCase, RefiSet
from subtheme.exchange.refi_source import SourceElement
from subtheme.exchange.refi_xml import attribute, children, grandchildren, guid_of, local_name, targets


class CaseReader:
    """Reads cases, variables and sets, and collects which places belong to which case.

    NVivo writes each case a second time as a code with the same GUID: such codes are no codes, and what
    they code belongs to the case.

    Parameters
    ----------
    root : element
        The project.
    """

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._elements = list(grandchildren(root, "Cases", "Case"))
        self._variables = {
            guid_of(v): (attribute(v, "name"), attribute(v, "typeOfVariable"))
            for v in grandchildren(root, "Variables", "Variable")
        }
        self._members: dict[str, list[Membership]] = defaultdict(list)
        self._place_of: dict[str, tuple[str, Placed]] = {}
        self.guids = {guid_of(c) for c in self._elements} - {""}

    @property
    def count(self) -> int:
        """Number of cases in the file."""
        return len(self._elements)

    @property
    def variables(self) -> dict[str, str]:
        """Kind of each variable by its name."""
        return dict(self._variables.values())

    def values(self, element: etree._Element) -> dict[str, str]:
        """Return the values of the variables that stand in `element`, as text."""
        found = {}
        for value in children(element, "VariableValue"):
            name, _ = self._variables.get(next(iter(targets(value, "VariableRef")), ""), ("", ""))
            text = next((str(v.text or "").strip() for v in value if local_name(v).endswith("Value")), "")
            if name and text:
                found[name] = text
        return found

    def note_place(self, selection: str, source: str, place: Placed) -> None:
        """Remember where the selection of that GUID stands."""
        self._place_of[selection] = (source, place)

    def note_member(self, case: str, source: str, place: Placed | None) -> None:
        """Remember that a place, or a whole text, was coded as belonging to a case."""
        self._members[case].append(_membership(source, place))

    def cases(self, sources: Iterable[SourceElement]) -> tuple[tuple[RefiCase, ...], dict[str, dict[str, str]]]:
        """Return the named cases, and the variables that nameless cases carried for a source, by its name."""
        by_guid = {g: s.name for s in sources for g in s.guids}
        values: dict[str, dict[str, str]] = {}
        cases = []
        for element in self._elements:
            members = [Membership(source=by_guid[g]) for g in targets(element, "SourceRef") if g in by_guid]
            members += [
                _membership(*self._place_of[g]) for g in targets(element, "SelectionRef") if g in self._place_of
            ]
            members += self._members.get(guid_of(element), [])
            name = attribute(element, "name").strip()
            if name:
                cases.append(RefiCase(name=name, values=self.values(element), members=tuple(dict.fromkeys(members))))
                continue
            for member in members:
                values.setdefault(member.source, {}).update(self.values(element))
        return tuple(cases), values

    def sets(self, sources: Iterable[SourceElement], code_ids: Mapping[str, str]) -> tuple[RefiSet, ...]:
        """Return the sets, their codes by the ids that `code_ids` gives their GUIDs."""
        by_guid = {g: s.name for s in sources for g in s.guids}
        return tuple(
            RefiSet(
                name=attribute(s, "name"),
                sources=tuple(dict.fromkeys(by_guid[g] for g in targets(s, "MemberSource") if g in by_guid)),
                codes=tuple(code_ids[g] for g in targets(s, "MemberCode") if g in code_ids),
            )
            for s in grandchildren(self._root, "Sets", "Set")
        )


def _membership(source: str, place: Placed | None) -> Membership:
    if place is None:
        return Membership(source=source)
    return Membership(source=source, start_char=place.start_char, end_char=place.end_char)
