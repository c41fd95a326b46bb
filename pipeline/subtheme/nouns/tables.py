"""The tables that cross from stage to stage: columns, types, key and order, each written once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.nouns.coding import Direction, Origin, Verdict
from subtheme.nouns.transcript import Role

_MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
    kind : type
        ``str``, ``int``, ``float`` or ``bool``.
    default : str, int, float, bool or None
        Value to fill in where the column is absent; None makes the column required.
    allowed : tuple of str
        The words that may stand in it; empty for any.
    filled : bool
        Whether an empty string is refused.
    """

    name: str
    kind: type
    default: str | int | float | bool | None = None
    allowed: tuple[str, ...] = ()
    filled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContract:
    """What a table must look like when it crosses from one stage to the next.

    Attributes
    ----------
    name : str
        What a row is called in messages, such as ``coding``.
    columns : tuple of Column
    key : tuple of str
        Columns that no two rows share together; empty where rows may repeat.
    order : tuple of str
        Columns that the checked table is sorted by.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(c.name for c in self.columns)

    def empty(self) -> pd.DataFrame:
        """Return a table of this kind without rows."""
        return self.check(pd.DataFrame({c.name: pd.Series(dtype=object) for c in self.columns}), source=self.name)

    def check(self, frame: pd.DataFrame, *, source: str, first_row: int = 1, sort: bool = True) -> pd.DataFrame:
        """Return `frame` with the columns, types and order of the contract, or refuse it.

        Parameters
        ----------
        frame : pandas.DataFrame
            Rows in any order; columns beyond the contract are dropped.
        source : str
            File or stage that the table comes from.
        first_row : int
            Number that the first row has in that source (2 under a header line).
        sort : bool
            Whether to bring the rows into the order of the contract; False keeps them as they came.

        Raises
        ------
        InputError
            With every problem of the table: missing column, wrong type or word, empty cell,
            repeated key; each with its row.
        """
        problems = self._missing_columns(frame, source)
        if problems:
            raise InputError(problems)
        numbers = range(first_row, first_row + len(frame))
        checked: dict[str, pd.Series] = {}
        for column in self.columns:
            if column.name not in frame.columns:
                checked[column.name] = pd.Series([column.default] * len(frame), dtype=_DTYPES[column.kind])
                continue
            values, wrong = _convert(frame[column.name], column)
            checked[column.name] = values
            problems += [
                Problem(
                    what=f"column '{column.name}' has {what}", where=f"{source}, row {numbers[i]}", expected=expected
                )
                for i, what, expected in wrong
            ]
        table = pd.DataFrame(checked, columns=list(self.names))
        problems += self._repeated_keys(table, source, numbers)
        if problems:
            rest = len(problems) - _MOST_PROBLEMS
            more = [Problem(what=f"{rest} more problems like these", where=source)] if rest > 0 else []
            raise InputError([*problems[:_MOST_PROBLEMS], *more])
        if sort and self.order:
            table = table.sort_values(list(self.order), kind="stable")
        return table.reset_index(drop=True)

    def checked(self, frame: pd.DataFrame, *, source: str) -> pd.DataFrame:
        """Return `frame` as it is where it meets the contract; otherwise what `check` says of it.

        The slow check that names every row runs only where something is amiss.
        """
        fits = set(self.names) <= set(frame.columns) and not frame.duplicated(list(self.key)).any()
        for column in self.columns if fits else ():
            values = frame[column.name]
            fits = fits and not (column.kind is not float and values.isna().any())
            fits = fits and not (column.filled and (values == "").any())
            fits = fits and not (column.allowed and not values.isin(column.allowed).all())
        return frame if fits else self.check(frame, source=source)

    def _missing_columns(self, frame: pd.DataFrame, source: str) -> list[Problem]:
        found = [str(c) for c in frame.columns]
        return [
            Problem(
                what=f"column '{c.name}' is missing",
                where=source,
                expected=f"the columns {', '.join(x.name for x in self.columns if x.default is None)}",
                remedy=suggestion(c.name, found) or f"Found: {', '.join(map(shown, found)) or 'none'}",
            )
            for c in self.columns
            if c.default is None and c.name not in frame.columns
        ]

    def _repeated_keys(self, table: pd.DataFrame, source: str, numbers: range) -> list[Problem]:
        if not self.key:
            return []
        repeated = np.flatnonzero(table.duplicated(list(self.key), keep="first").to_numpy())
        return [
            Problem(
                what=f"the same {self.name} again ({', '.join(self.key)})",
                where=f"{source}, row {numbers[i]}",
                expected=f"each {self.name} once",
            )
            for i in repeated
        ]


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """Iterate over the rows of a checked table, with the columns as attributes.

    The contract has settled the types; the type checker cannot know them.
    """
    return iter(frame.itertuples(index=False))


_DTYPES: dict[type, str] = {str: "str", int: "int64", float: "float64", bool: "bool"}
_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def _to_text(value: object) -> str:
    return value.value if isinstance(value, Origin | Direction | Verdict | Role) else str(value).strip()


def _to_int(value: object) -> int:
    number = float(str(value))
    if number != int(number):
        raise ValueError
    return int(number)


def _to_bool(value: object) -> bool:
    return _TRUTH[str(value).strip().lower()]


_READERS: dict[type, tuple[Callable[[object], object], str]] = {
    str: (_to_text, "text"),
    int: (_to_int, "a whole number"),
    float: (lambda v: float(str(v)), "a number"),
    bool: (_to_bool, "true or false"),
}


def _convert(series: pd.Series, column: Column) -> tuple[pd.Series, list[tuple[int, str, str]]]:
    """Convert one column; return it with the (position, finding, expectation) of each bad cell."""
    if column.kind is int and series.dtype == np.int64 and not column.allowed:
        return series.reset_index(drop=True), []
    values: list[object] = []
    wrong: list[tuple[int, str, str]] = []
    read: dict[tuple[type, object], tuple[object, tuple[str, str] | None]] = {}  # most columns repeat few values
    for position, cell in enumerate(series.tolist()):
        key = (type(cell), cell)
        try:
            found = read.get(key)
        except TypeError:  # a cell that is a list, say
            found = _read_cell(cell, column)
        else:
            if found is None:
                found = read[key] = _read_cell(cell, column)
        value, problem = found
        values.append(value)
        if problem is not None:
            wrong.append((position, *problem))
    return pd.Series(values, dtype=_DTYPES[column.kind]), wrong


def _read_cell(cell: object, column: Column) -> tuple[object, tuple[str, str] | None]:
    """Return the value of one cell, and what was found and expected where that is bad."""
    read, expected = _READERS[column.kind]
    if cell is None or cell is pd.NA or (isinstance(cell, float) and np.isnan(cell)) or cell == "":
        if column.default is not None:
            return column.default, None
        must_be_filled = column.kind is not float and (column.kind is not str or column.filled)
        return _BLANK[column.kind], ("an empty cell", expected) if must_be_filled else None
    try:
        value = read(cell)
    except (ValueError, KeyError, OverflowError):
        return _BLANK[column.kind], ("a value that cannot be read", expected)
    if column.allowed and value not in column.allowed:
        return value, ("a word that is not allowed", f"one of {', '.join(column.allowed)}")
    return value, None


_BLANK: dict[type, object] = {str: "", int: 0, float: np.nan, bool: False}

PARTICIPANTS = TableContract(
    name="participant",
    columns=(
        Column(name="participant", kind=str, filled=True),
        Column(name="case", kind=str, filled=True),
        Column(name="level", kind=str, default=""),
    ),
    key=("participant",),
    order=("case", "participant"),
)
"""Who was interviewed, and in which case."""

CODINGS = TableContract(
    name="coding",
    columns=(
        Column(name="participant", kind=str, filled=True),
        Column(name="code", kind=str, filled=True),
        Column(name="coder", kind=str, default="coder"),
        Column(name="origin", kind=str, default=Origin.BLIND.value, allowed=tuple(o.value for o in Origin)),
        Column(name="direction", kind=str, default=Direction.SUPPORTS.value, allowed=tuple(d.value for d in Direction)),
        Column(name="transcript", kind=str, default=""),
        Column(name="start_char", kind=int, default=-1),
        Column(name="end_char", kind=int, default=-1),
        Column(name="memo", kind=str, default=""),
    ),
    order=("participant", "transcript", "start_char", "end_char", "code", "coder", "direction", "origin"),
)
"""Who applied which code where. A span of -1 means that the place is not known."""

CODING_KEY = ("participant", "transcript", "start_char", "end_char", "code", "coder", "direction", "origin")
"""What makes two codings the same one; a memo does not."""

TURNS = TableContract(
    name="turn",
    columns=(
        Column(name="transcript", kind=str, filled=True),
        Column(name="turn", kind=int),
        Column(name="speaker", kind=str, default=""),
        Column(name="role", kind=str, allowed=tuple(r.value for r in Role)),
        Column(name="participant", kind=str, default=""),
        Column(name="start_char", kind=int),
        Column(name="end_char", kind=int),
        Column(name="start_s", kind=float),
        Column(name="end_s", kind=float),
    ),
    key=("transcript", "turn"),
    order=("transcript", "turn"),
)
"""The turns of every transcript; `participant` is empty where somebody else speaks."""

SEGMENTS = TableContract(
    name="segment",
    columns=(
        Column(name="segment", kind=str, filled=True),
        Column(name="transcript", kind=str, filled=True),
        Column(name="participant", kind=str, filled=True),
        Column(name="turn", kind=int),
        Column(name="order", kind=int),
        Column(name="start_char", kind=int),
        Column(name="end_char", kind=int),
        Column(name="text", kind=str, filled=True),
        Column(name="question", kind=str, default=""),
    ),
    key=("segment",),
    order=("transcript", "order"),
)
"""Meaning units of participants' speech, with the question before each as context."""

SEGMENT_CODES = TableContract(
    name="coded segment",
    columns=(
        Column(name="segment", kind=str, filled=True),
        Column(name="code", kind=str, filled=True),
        Column(name="coder", kind=str, filled=True),
        Column(name="direction", kind=str, allowed=tuple(d.value for d in Direction)),
        Column(name="origin", kind=str, allowed=tuple(o.value for o in Origin)),
    ),
    key=("segment", "code", "coder", "direction", "origin"),
    order=("segment", "code", "coder", "direction", "origin"),
)
"""Codings carried from their spans to segments."""

READINGS = TableContract(
    name="reading",
    columns=(
        Column(name="coder", kind=str, filled=True),
        Column(name="transcript", kind=str, filled=True),
        Column(name="origin", kind=str, default=Origin.BLIND.value, allowed=("blind", "assisted", "agreed")),
        Column(name="codes", kind=str, default=""),
    ),
    key=("coder", "transcript"),
    order=("coder", "transcript"),
)
"""Who read which transcript, for which codes (joined by semicolons; none for all of the codebook): there "not coded" is
the same as "absent"."""

PROPOSALS = TableContract(
    name="proposal",
    columns=(
        Column(name="segment", kind=str, filled=True),
        Column(name="code", kind=str, filled=True),
        Column(name="probability", kind=float),
        Column(name="threshold", kind=float),
        Column(name="model", kind=str, filled=True),
        Column(name="evidence", kind=str, default="{}"),
    ),
    key=("segment", "code", "model"),
    order=("segment", "code", "model"),
)
"""What a model proposes: calibrated probability, the code's threshold, evidence as JSON."""

DECISIONS = TableContract(
    name="decision",
    columns=(
        Column(name="uid", kind=str, filled=True),
        Column(name="coder", kind=str, filled=True),
        Column(name="segment", kind=str, filled=True),
        Column(name="code", kind=str, filled=True),
        Column(name="verdict", kind=str, allowed=tuple(v.value for v in Verdict)),
        Column(name="reply_to", kind=str, default=""),
        Column(name="memo", kind=str, default=""),
        Column(name="shown", kind=str, default="{}"),
        Column(name="at_us", kind=int, default=0),
        Column(name="start_char", kind=int, default=-1),
        Column(name="end_char", kind=int, default=-1),
    ),
    key=("uid",),
)
"""The log of decisions, in the order in which they were made."""
