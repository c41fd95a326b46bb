"""The codes of one row of a table of codings: in a column, several in a cell, or in a column of their own each."""

from collections.abc import Sequence

from subtheme.errors import Problem, shown
from subtheme.exchange.code_names import CodeNames
from subtheme.exchange.columns import ColumnMap
from subtheme.nouns import folded

_APPLIED = frozenset(
    {
        "true",
        "1",
        "x",
        "yes",
        "y",
        "ja",
        "j",
        "sí",
        "si",
        "sim",
        "sì",
        "oui",
        "vrai",
        "wahr",
        "verdadero",
        "vero",
        "waar",
    }
    | {"✓", "✔", "☑", "☒", "●", "•"}
)
_NOT_APPLIED = frozenset(
    {"", "0", "false", "no", "n", "nein", "non", "não", "nee", "nej", "falsch", "faux", "falso", "-", "–"}
)


class RowCodes:
    """Which codes a row names.

    Parameters
    ----------
    columns : ColumnMap
    names : CodeNames
    headings : sequence of str
        Of the table.
    code : int or None
        Position of the column of codes.
    taken : collection of int
        Positions of columns that hold something else.
    """

    def __init__(
        self, *, columns: ColumnMap, names: CodeNames, headings: Sequence[str], code: int | None, taken: Sequence[int]
    ) -> None:
        self._columns = columns
        self._names = names
        self._code = code
        self._applied: dict[int, str] = {}
        if code is None:
            self._applied = columns.applied_columns(headings) or {
                n: h for n, h in enumerate(headings) if n not in taken and h and names.is_known(h)
            }
        self._values = {folded(v) for v in columns.applied_values} | _APPLIED

    @property
    def positions(self) -> tuple[int, ...]:
        """Positions of the columns that tell codes."""
        return tuple(self._applied) if self._code is None else (self._code,)

    def of(self, cells: Sequence[str], *, where: str) -> list[str] | list[Problem]:
        """Return the ids of the codes of a row (none where columns of codes say so), or what is wrong."""
        if self._code is not None:
            return self._of_cell(cells[self._code], where=where)
        found: list[str] = []
        problems: list[Problem] = []
        for position, name in self._applied.items():
            value = folded(cells[position])
            if value in self._values:
                code = self._names.find(name, where=where)
                found += [code] if isinstance(code, str) else []
                problems += [code] if isinstance(code, Problem) else []
            elif value not in _NOT_APPLIED:
                problems.append(
                    Problem(
                        what=f"column {shown(name)} holds {shown(cells[position])}",
                        where=where,
                        expected=f"one of {', '.join(self._columns.applied_values[:4])} where the code was applied, "
                        "or nothing",
                    )
                )
        return problems or found

    def _of_cell(self, cell: str, *, where: str) -> list[str] | list[Problem]:
        """Return the codes of a cell: the one of that name, or else those of the parts that it is split into."""
        if not cell.strip():
            return [Problem(what="no code", where=where, expected="the id, name or path of a code")]
        whole = self._names.find(cell, where=where)
        if isinstance(whole, str):
            return [whole]
        best: list[Problem] = [whole]
        for separator in self._columns.several:
            parts = [p for p in cell.split(separator) if p.strip()]
            if separator not in cell:
                continue
            if not parts:
                return [Problem(what="no code", where=where, expected="the id, name or path of a code")]
            found = [self._names.find(part, where=where) for part in parts]
            unknown = [f for f in found if isinstance(f, Problem)]
            if not unknown:
                return list(dict.fromkeys(f for f in found if isinstance(f, str)))
            if best == [whole] or len(unknown) < len(best):
                best = unknown
        return best
