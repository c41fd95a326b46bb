"""Who may write: one program at a time to a file, one page per coder to PostgreSQL."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout

from subtheme.errors import Problem, StudyError


class Hold:
    """The write lock of one store.

    Parameters
    ----------
    engine : sqlalchemy.Engine
    path : pathlib.Path
        File of the store; the lock lies beside it.
    """

    def __init__(self, engine: sa.Engine, path: Path) -> None:
        self._engine = engine
        self._path = path
        self._is_file = engine.dialect.name == "sqlite"
        self._is_kept = False

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the lock for one transaction; PostgreSQL's own lock is taken as the transaction begins.

        Raises
        ------
        StudyError
            If another program has it.
        """
        if self._is_kept or not self._is_file:
            yield
            return
        with self._file_lock():
            yield

    @contextmanager
    def kept(self, coder: str) -> Iterator[None]:
        """Hold the lock for long.

        Raises
        ------
        StudyError
            If another program has it; on PostgreSQL, if a page is open for the same coder.
        """
        with self._file_lock() if self._is_file else self._coder_lock(coder):
            self._is_kept = True
            try:
                yield
            finally:
                self._is_kept = False

    @contextmanager
    def _file_lock(self) -> Iterator[None]:
        try:
            lock = FileLock(self._path.with_suffix(".lock")).acquire(blocking=False)
        except Timeout:
            raise StudyError(
                Problem(
                    what="another program is writing to this study",
                    where=self._path.parent.name,
                    remedy="Wait until it has finished, or close the review page",
                )
            ) from None
        with lock:
            yield

    @contextmanager
    def _coder_lock(self, coder: str) -> Iterator[None]:
        number = int.from_bytes(hashlib.sha256(f"coder:{coder}".encode()).digest()[:8], "big", signed=True)
        with self._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            if not connection.execute(sa.select(sa.func.pg_try_advisory_lock(number))).scalar():
                raise StudyError(
                    Problem(
                        what=f"a review page is open for '{coder}' already",
                        where=self._path.parent.name,
                        remedy="Close it, or say with --coder who you are",
                    )
                )
            try:
                yield
            finally:  # the pool keeps the connection, and the connection its locks
                connection.execute(sa.select(sa.func.pg_advisory_unlock(number)))
