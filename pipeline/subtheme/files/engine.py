"""The connection to a store: durable, checked, and a writer that takes its lock at the start.

SQLite is the default, one file in the study's folder. PostgreSQL, by a URL, is for several coders at several machines.
"""

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from subtheme.errors import MissingExtraError, Problem, StudyError
from subtheme.files.fault import database_problem, is_of_the_system

WRITER_LOCK = 0x5375_6274_6865_6D65
"""Number of the advisory lock that a writer to PostgreSQL holds until its transaction ends."""

_SQLITE_FAULTS: tuple[tuple[tuple[int, int, int], tuple[int, int, int], str], ...] = (
    (
        (3, 7, 0),
        (3, 51, 2),
        "several connections that write can damage a database in WAL mode; this program has one writer at a time",
    ),
)
_MENDED_BACK = {(3, 44): 6, (3, 50): 7}
"""Older lines of SQLite in which the fault was mended, from which patch on."""


def engine_of(place: Path | str) -> sa.Engine:
    """Return an engine whose errors carry no values; writers are begun with the option ``writes=True``.

    Using the engine of a file raises StudyError where the disk is full, may not be written, or another program writes.

    Parameters
    ----------
    place : pathlib.Path or str
        The file of a SQLite database, or the URL of a PostgreSQL one.

    Raises
    ------
    MissingExtraError
        If the URL is of PostgreSQL and its driver is not installed.
    StudyError
        If the URL is of another database.
    """
    if isinstance(place, Path):
        engine = sa.create_engine(f"sqlite:///{place}", hide_parameters=True)
        sa.event.listen(engine, "connect", _set_up_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
        sa.event.listen(engine, "handle_error", _tell_what_the_system_refused)
        return engine
    engine = _postgres(place)
    sa.event.listen(engine, "begin", _begin_postgres)
    sa.event.listen(engine, "handle_error", _strip_values)
    return engine


def sqlite_faults(version: tuple[int, int, int] = sqlite3.sqlite_version_info[:3]) -> tuple[str, ...]:
    """Return the known faults of a version of SQLite that touch on this program.

    >>> sqlite_faults((3, 51, 3)), sqlite_faults((3, 44, 6)), len(sqlite_faults((3, 40, 1)))
    ((), (), 1)
    """
    mended = _MENDED_BACK.get(version[:2])
    if mended is not None and version[2] >= mended:
        return ()
    return tuple(words for first, last, words in _SQLITE_FAULTS if first <= version <= last)


def _postgres(url: str) -> sa.Engine:
    try:
        made = sa.make_url(url)
    except sa.exc.ArgumentError:
        made = None
    if made is None or made.get_backend_name() != "postgresql":
        raise StudyError(  # the URL may hold a password: it is not repeated
            Problem(
                what="the store's address cannot be used",
                where="study.toml, store.url",
                expected="postgresql://NAME@HOST:PORT/DATABASE, or nothing for a file in the study's folder",
            )
        )
    try:
        return sa.create_engine(made.set(drivername="postgresql+psycopg"), hide_parameters=True, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise MissingExtraError(
            Problem(what="the driver of PostgreSQL is not installed", remedy="pip install 'subtheme[postgres]'")
        ) from None


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not open or end transactions behind SQLAlchemy's back
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(
        "PRAGMA fullfsync = ON"
    )  # where the system knows it (macOS), FULL alone stops at the drive's cache


def _begin_sqlite(connection: sa.Connection) -> None:
    # A writer takes its lock at the start: a read that turns into a write could not wait for another writer.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _tell_what_the_system_refused(context: sa.engine.ExceptionContext) -> None:
    """Raise an error of ours where what surrounds the store is at fault: the store itself is not damaged."""
    if context.engine is not None and is_of_the_system(context.original_exception):
        where = Path(context.engine.url.database or "").name
        raise StudyError(database_problem(context.original_exception, where=where, is_file=True))


def _begin_postgres(connection: sa.Connection) -> None:
    # The chain has one end: whoever appends to it waits for whoever is appending.
    if connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITER_LOCK})")


def _strip_values(context: sa.engine.ExceptionContext) -> None:
    """Take everything out of a driver's error but its kind: PostgreSQL quotes the values of the row."""
    original: Any = context.original_exception
    kind = f"{type(original).__name__} {getattr(original, 'sqlstate', None) or ''}".strip()
    original.args = (kind,)
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (kind,)
