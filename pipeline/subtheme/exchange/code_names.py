"""Finding the code that a foreign table means: by id, by name, or by the path from its theme."""

from collections import defaultdict
from collections.abc import Iterable

from subtheme.errors import Problem, suggestion
from subtheme.nouns import Codebook, folded


class CodeNames:
    """The names that the codes of a codebook go by.

    Parameters
    ----------
    codebook : Codebook
    path_separators : iterable of str
        What may join a code to the codes above it, such as ``" > "``.
    """

    def __init__(self, codebook: Codebook, *, path_separators: Iterable[str] = ()) -> None:
        self._codebook = codebook
        self._separators = tuple(path_separators)
        self._by_last: dict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
        for code in codebook.codes:
            lineage = codebook.lineage(code.id)[::-1]
            path = tuple(folded(codebook.by_id[i].name) for i in lineage)
            self._by_last[path[-1]].append((path, code.id))

    def find(self, name: str, *, where: str) -> str | Problem:
        """Return the id of the code that `name` means, or the problem that there is none, or several.

        An id counts first, then a name, then a path whose last parts are the names of a code and of the
        codes right above it. Letter case and runs of white space do not matter.
        """
        name = name.strip()
        if name in self._codebook:
            return name
        paths = [(name,), *(tuple(p for p in name.split(s) if p.strip()) for s in self._separators if s in name)]
        for path in paths:
            ids = self._at(tuple(folded(p) for p in path))
            if len(ids) == 1:
                return ids[0]
            if ids:
                return Problem(
                    what=f"code '{name}' stands {len(ids)} times in the codebook",
                    where=where,
                    expected=f"one of {', '.join(ids)}",
                    remedy="Write the id, or the path from its theme",
                )
        known = [*self._codebook.by_id, *(c.name for c in self._codebook.codes)]
        return Problem(
            what=f"unknown code '{name}'",
            where=where,
            expected="an id, a name or a path of the codebook",
            remedy=suggestion(paths[-1][-1].strip() if paths[-1] else name, known)
            or "Add it to the codebook, or correct the row",
        )

    def _at(self, path: tuple[str, ...]) -> list[str]:
        if not path:
            return []
        return [code for full, code in self._by_last.get(path[-1], []) if full[-len(path) :] == path]
