"""The database of a study: one writer at a time, all of a transaction or nothing."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd
import sqlalchemy as sa

from subtheme.errors import StudyError
from subtheme.files import schema
from subtheme.files.engine import engine_of
from subtheme.files.fault import database_problem
from subtheme.files.hold import Hold
from subtheme.files.log import Logged
from subtheme.files.migration import is_newest, migrate
from subtheme.nouns import (
    TableContract,
)
from subtheme.platforms import keep_to_owner


class Database:
    """The database of one study; one writer at a time.

    Writing happens inside `writing`, in one transaction that is on the disk when it ends (SQLite: WAL with
    ``synchronous=FULL``) or has changed nothing. Text goes in once and is cut out by offsets.

    Parameters
    ----------
    path : pathlib.Path
        The file ``study.sqlite``; made, with its schema, where it does not exist.
    url : str
        Of a PostgreSQL database that is used instead of the file; empty for the file.
    definitions : mapping of str to str, optional
        What the codes of the study's codebook mean today, by id: written beside what is judged from now on.

    Raises
    ------
    StudyError
        If the file is not a study's store, is damaged, was written by a later version, or cannot be used now.
    """

    def __init__(self, path: Path, *, url: str = "", definitions: Mapping[str, str] | None = None) -> None:
        self.path = path
        self.definitions = dict(definitions or {})
        self._kept: tuple[int, list[Logged]] | None = None
        self.is_file = not url
        self._writer: sa.Connection | None = None
        self.engine = engine_of(url or path)
        self._hold = Hold(self.engine, path)
        try:
            self._migrate()
        except StudyError:
            self.close()
            raise
        except sa.exc.DBAPIError as error:
            self.close()
            where = path.name if self.is_file else "store.url"
            raise StudyError(database_problem(error.orig, where=where, is_file=self.is_file)) from None

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock and one transaction: all of the block is stored, or nothing.

        Raises
        ------
        StudyError
            If another program is writing to this study.
        """
        with self._hold.taken(), self.engine.execution_options(writes=True).begin() as connection:
            self._writer = connection
            try:
                yield
            finally:
                self._writer, self._kept = None, None

    @contextmanager
    def holding(self, coder: str = "") -> Iterator[None]:
        """Hold the write lock for long, as the review page does; each `writing` inside is its own transaction.

        On PostgreSQL others may write meanwhile, but nobody else may hold for the same coder.

        Raises
        ------
        StudyError
            If another program is writing to this study.
        """
        with self._hold.kept(coder):
            yield

    def facts(self) -> dict[str, str]:
        """Return what the store says of itself."""
        return {row["key"]: row["value"] for row in self._rows(sa.select(schema.facts))}

    @property
    def study_id(self) -> str:
        """Random id of the study, so that a sheet of another study is recognised."""
        return self.facts()["study_id"]

    def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        """Return every row of a table of `subtheme.files.schema` as it is stored, in the order of its key."""
        return self._rows(sa.select(table).order_by(*table.primary_key.columns))

    def put_rows(self, table: sa.Table, rows: Sequence[dict[Any, Any]]) -> None:
        """Store rows that were written out of another store, as they were there; their event comes with them."""
        self._insert(table, rows)

    def put_facts(self, facts: Mapping[str, str]) -> None:
        """State facts of the store in the place of those of the same key."""
        self._write(sa.delete(schema.facts).where(schema.facts.c.key.in_(list(facts))))
        self._insert(schema.facts, [{"key": key, "value": value} for key, value in facts.items()])

    # -- the database -----------------------------------------------------------------------------

    def _migrate(self) -> None:
        with self.engine.connect() as connection:  # who only reads need not wait for a writer
            if is_newest(connection):
                return
        with self.engine.execution_options(writes=True).begin() as connection:
            changed = migrate(connection, where=self.path.name if self.is_file else "store.url")
        if changed and self.is_file:
            keep_to_owner(self.path)

    def _insert(self, table: sa.Table, rows: Sequence[dict[Any, Any]]) -> None:
        if rows:
            self._writer_connection().execute(sa.insert(table), rows)

    def _write(self, statement: sa.Delete) -> int:
        return self._writer_connection().execute(statement).rowcount

    def _writer_connection(self) -> sa.Connection:
        if self._writer is None:
            raise StudyError("nothing may be stored outside 'with store.writing()'")
        return self._writer

    def _rows(self, query: sa.Select[Any] | sa.TextClause) -> list[dict[str, Any]]:
        if self._writer is not None:
            return [dict(row) for row in self._writer.execute(query).mappings()]
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _table(self, table: sa.Table, contract: TableContract) -> pd.DataFrame:
        columns = [table.c[name] for name in contract.names]
        rows = self._rows(sa.select(*columns))
        return contract.check(pd.DataFrame(rows, columns=list(contract.names)), source=self.path.name)
