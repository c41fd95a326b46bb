"""Databases of other programs, opened so that nothing in them is written, run, or read without bound."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from subtheme.errors import InputError, Problem

_MAGIC = b"SQLite format 3\x00"
_MOST_BYTES = 500 << 20
_LONGEST_VALUE = 64 << 20
_STEPS = 50_000_000
_STEPS_AT_ONCE = 100_000
_MOST_ROWS = 2_000_000
_PRAGMAS = ("query_only = 1", "trusted_schema = 0", "cell_size_check = 1")


class SqliteFile:
    """A database of another program, read table by table.

    Parameters
    ----------
    connection : sqlite3.Connection
    where : str
        Name of the file, for errors.
    """

    def __init__(self, connection: sqlite3.Connection, *, where: str) -> None:
        self._connection = connection
        self.where = where
        kinds: Any = sa.select(sa.column("name"), sa.column("type")).select_from(sa.table("sqlite_master"))
        self.tables = {name for name, kind in self._run(str(kinds)) if kind == "table"}

    def rows(self, table: str, columns: Sequence[str], *, order: str) -> list[dict[str, object]]:
        """Return rows of a table; a column that this version of the program does not have is None.

        Views are never read: what they compute has no bound.
        """
        if table not in self.tables:
            return []
        known = {str(row[0]) for row in self._run("SELECT name FROM pragma_table_info(?)", table)}
        there = [c for c in columns if c in known]
        query: Any = sa.select(*(sa.column(c) for c in there)).select_from(sa.table(table))
        if order in known:
            query = query.order_by(sa.column(order))
        blank = dict.fromkeys(columns)
        return [{**blank, **dict(zip(there, row, strict=True))} for row in self._run(str(query))] if there else []

    def _run(self, query: str, *values: str) -> list[tuple[object, ...]]:
        try:
            rows = self._connection.execute(query, values).fetchmany(_MOST_ROWS + 1)
        except (sqlite3.Error, UnicodeDecodeError, OverflowError, MemoryError):
            raise self._damaged() from None
        if len(rows) > _MOST_ROWS:
            raise InputError(Problem(what=f"more than {_MOST_ROWS} rows in one table", where=self.where))
        return rows

    def _damaged(self) -> InputError:
        return InputError(
            Problem(
                what="the database is damaged, or too large to read",
                where=self.where,
                expected="an SQLite database as its program leaves it",
                remedy="Close the program that uses it, and copy the file again",
            )
        )


@contextmanager
def opened(path: Path) -> Iterator[SqliteFile]:
    """Open a database of another program for reading.

    Raises
    ------
    InputError
        If it is missing, no SQLite database, too large, damaged, or another program has it open.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(len(_MAGIC))
        size = path.stat().st_size
    except OSError as error:
        reason = error.strerror or "unknown"
        raise InputError(Problem(what=f"the file cannot be read ({reason})", where=str(path))) from None
    if head != _MAGIC or size > _MOST_BYTES:
        raise InputError(
            Problem(
                what="no SQLite database" if head != _MAGIC else f"larger than {_MOST_BYTES >> 20} MB",
                where=path.name,
                expected="a database as its program leaves it",
            )
        )
    journal = path.with_name(f"{path.name}-wal")
    if journal.exists() and journal.stat().st_size:
        raise InputError(
            Problem(
                what="another program has the database open",
                where=path.name,
                expected="a database without a journal beside it",
                remedy="Close the program, and import again",
            )
        )
    connection = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
    try:
        left = [_STEPS // _STEPS_AT_ONCE]

        def is_used_up() -> int:
            left[0] -= 1
            return int(left[0] < 0)

        connection.set_progress_handler(is_used_up, _STEPS_AT_ONCE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        yield SqliteFile(connection, where=path.name)
    except sqlite3.Error:
        raise InputError(Problem(what="the database is damaged", where=path.name)) from None
    finally:
        connection.close()
