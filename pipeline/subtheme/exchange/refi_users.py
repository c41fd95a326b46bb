"""The users of a REFI-QDA project: who coded, a person or a model, and with a suggestion in view or without."""

from collections.abc import Iterable

from lxml import etree

from subtheme.exchange.numbered_names import NumberedNames
from subtheme.exchange.refi_xml import attribute, guid_of
from subtheme.nouns import Origin

AUTO_PREFIX = "auto: "
"""Before the name of a model, which codes under a user of its own."""
ASSISTED = "[coded with a suggestion in view]"
"""Last line of the description of a selection that was coded so."""


class Users:
    """The users by GUID, each under a name that no other has.

    Parameters
    ----------
    elements : iterable of element
    """

    def __init__(self, elements: Iterable[etree._Element]) -> None:
        unique = NumberedNames()
        self._names: dict[str, str] = {}
        for user in elements:
            base = (attribute(user, "name") or attribute(user, "id")).strip() or "coder"
            self._names[guid_of(user)] = unique.unique(base)

    @property
    def names(self) -> tuple[str, ...]:
        """Names, those that no element states among them."""
        return tuple(dict.fromkeys(self._names.values()))

    def name(self, guid: str) -> str:
        """Return the name of the user of that GUID, empty where there is none."""
        return self._names.get(guid, "")

    def coder(self, guid: str, *, is_assisted: bool) -> tuple[str, Origin]:
        """Return who coded, and how; a user that the project does not list gets a name of the GUID."""
        if guid and guid not in self._names:
            self._names[guid] = f"user {guid[:8]}"
        name = self._names.get(guid, "coder")
        if name.startswith(AUTO_PREFIX):
            return name.removeprefix(AUTO_PREFIX), Origin.AUTO
        return name, Origin.ASSISTED if is_assisted else Origin.BLIND
