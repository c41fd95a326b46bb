"""Finding the code that a foreign table means: by id, by name, or by the path from its theme."""

from collections import defaultdict
from collections.abc import Iterable

from subtheme.errors import Problem, shown, suggestion
from subtheme.nouns import Codebook, folded

_ROOTS = frozenset(
    {"codes", "nodes", "code system", "codesystem", "codesystem neu", "list of codes", "knoten", "códigos", "codici"}
)
"""What programs write before the path of a code, for the tree itself."""


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
        self._by_id = {folded(code.id): code.id for code in codebook.codes}

    def is_known(self, name: str) -> bool:
        """Return whether `name` means exactly one code."""
        return isinstance(self.find(name, where=""), str)

    def find(self, name: str, *, where: str) -> str | Problem:
        """Return the id of the code that `name` means, or the problem that there is none, or several.

        An id counts first, then a name, then a path whose last parts are the names of a code and of the
        codes right above it. Letter case and runs of white space do not matter.
        """
        name = name.strip()
        if name in self._codebook:
            return name
        if folded(name) in self._by_id and len(self._by_last.get(folded(name), ())) < 2:
            return self._by_id[folded(name)]
        paths = [(name,), *(tuple(p for p in name.split(s) if p.strip()) for s in self._separators if s in name)]
        for path in paths:
            parts = tuple(folded(p) for p in path)
            ids = self._at(parts[1:] if len(parts) > 1 and parts[0] in _ROOTS else parts)
            if len(ids) == 1:
                return ids[0]
            if ids:
                return Problem(
                    what=f"code {shown(name)} stands {len(ids)} times in the codebook",
                    where=where,
                    expected=f"one of {', '.join(ids)}",
                    remedy="Write the id, or the path from its theme",
                )
        known = [*self._codebook.by_id, *(c.name for c in self._codebook.codes)]
        return Problem(
            what=f"unknown code {shown(name)}",
            where=where,
            expected="an id, a name or a path of the codebook",
            remedy=suggestion(paths[-1][-1].strip() if paths[-1] else name, known)
            or "Add it to the codebook, or correct the row",
        )

    def _at(self, path: tuple[str, ...]) -> list[str]:
        if not path:
            return []
        return [code for full, code in self._by_last.get(path[-1], []) if full[-len(path) :] == path]
