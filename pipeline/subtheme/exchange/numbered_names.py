"""Names that must be unique: a number behind the second of a kind, in time that does not grow with their number."""


class NumberedNames:
    """Gives every name once.

    Parameters
    ----------
    form : str
        How a number is put behind a name.
    """

    def __init__(self, form: str = "{name} ({number})") -> None:
        self._form = form
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def take(self, name: str) -> None:
        """Keep others from getting `name`."""
        self._taken.add(name.casefold())

    def unique(self, name: str) -> str:
        """Return `name`, with a number where it was given before, whatever the case of its letters.

        >>> names = NumberedNames()
        >>> names.unique("A"), names.unique("a"), names.unique("A")
        ('A', 'a (2)', 'A (3)')
        """
        key = name.casefold()
        number = self._next.get(key, 1)
        found = name if number == 1 else self._form.format(name=name, number=number)
        while found.casefold() in self._taken:
            number += 1
            found = self._form.format(name=name, number=number)
        self._next[key] = number + 1
        self._taken.add(found.casefold())
        return found
