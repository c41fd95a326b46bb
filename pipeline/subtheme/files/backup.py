"""Whole copies of a store, and the way back from one.

A plain copy of a database in use lacks what still lies in its write-ahead log, and says nothing of it; so a backup
goes through the database, and is examined before it is trusted.
"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from subtheme.errors import Problem, StudyError
from subtheme.files import schema
from subtheme.files.engine import engine_of
from subtheme.files.examination import Examination, examine
from subtheme.files.hold import Hold
from subtheme.files.store import Store
from subtheme.files.trigger import TRIGGERS, create_triggers, drop_triggers

_BESIDE = ("-wal", "-shm")


def back_up(store: Store, target: Path) -> Examination:
    """Write a whole copy of `store` to the file `target`, also while somebody writes, and examine the copy.

    Raises
    ------
    StudyError
        If the file exists, or the copy is not whole.
    """
    if target.exists():
        raise StudyError(
            Problem(what="the file of the backup exists", where=target.name, remedy="Name another; nothing was written")
        )
    if store.is_file:
        target.touch(mode=0o600)
        try:
            with closing(sqlite3.connect(store.path)) as source, closing(sqlite3.connect(target)) as copy:
                source.backup(copy)
        except BaseException:  # half a backup must not look like one
            target.unlink()
            raise
    else:
        with Store(target) as copied:
            _copy_rows(store, copied)
    found = _examined(target)
    if found.problems:
        raise StudyError(found.problems)
    return found


def restore(backup: Path, path: Path, *, url: str = "") -> Path | None:
    """Put a backup in the place of a store; return where the file that was there is kept, None where none was.

    A file is moved aside, not lost, and may be damaged or missing. A PostgreSQL database must hold no transcripts
    yet: the backup is copied in, which is also the way to move a study there.

    Parameters
    ----------
    backup : pathlib.Path
    path : pathlib.Path
        File of the store.
    url : str
        Of a PostgreSQL database that is used instead of the file; empty for the file.

    Raises
    ------
    StudyError
        If the backup is not whole, another program writes, or the database is not empty.
    """
    if not backup.is_file():
        raise StudyError(Problem(what="no such backup", where=backup.name))
    found = _examined(backup)
    if found.problems:
        raise StudyError([Problem(what="the backup is not whole; nothing was changed"), *found.problems])
    if url:
        with Store(path, url=url) as store, Store(backup) as source:
            if store.digests():
                raise StudyError(
                    Problem(what="the database holds a study", expected="an empty one", remedy="Make a new database")
                )
            _copy_rows(source, store)
        return None
    with Hold(engine_of(path), path).taken():
        fresh = path.with_suffix(".restoring")
        fresh.unlink(missing_ok=True)
        fresh.touch(mode=0o600)
        with closing(sqlite3.connect(backup)) as source_file, closing(sqlite3.connect(fresh)) as copy:
            source_file.backup(copy)
        kept = path.with_name(f"{path.stem}.before-restore-{time.time_ns() // 1_000_000}{path.suffix}")
        for end in ("", *_BESIDE):  # a log of the old database beside the new one would be mixed into it
            old = path.with_name(path.name + end)
            if old.exists():
                old.replace(kept.with_name(kept.name + end))
        fresh.replace(path)
    return kept if kept.exists() else None


def _examined(path: Path) -> Examination:
    with Store(path) as store:
        found = examine(store)
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return found


def _copy_rows(source: Store, target: Store) -> None:
    """Copy every row, in one transaction on either side."""
    reading = source.engine.connect().execution_options(
        isolation_level="REPEATABLE READ" if not source.is_file else "SERIALIZABLE"
    )
    with reading, target.engine.execution_options(writes=True).begin() as writing:
        drop_triggers(writing, TRIGGERS)
        for table in reversed(schema.metadata.sorted_tables):
            writing.execute(sa.delete(table))
        for table in schema.metadata.sorted_tables:
            rows = [dict(row) for row in reading.execute(sa.select(table)).mappings()]
            if rows:
                writing.execute(sa.insert(table), rows)
        create_triggers(writing, TRIGGERS)
