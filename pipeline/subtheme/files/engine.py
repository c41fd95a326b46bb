"""The connection to ``study.sqlite``: durable, checked, and a writer that takes its lock at the start."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa


def engine_of(path: Path) -> sa.Engine:
    """Return an engine whose errors carry no values; writers are begun with the option ``writes=True``."""
    engine = sa.create_engine(f"sqlite:///{path}", hide_parameters=True)
    sa.event.listen(engine, "connect", _set_up)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver must not open or end transactions behind SQLAlchemy's back
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 5000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    # A writer takes its lock at the start: a read that turns into a write could not wait for another writer.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
