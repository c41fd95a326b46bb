"""What a database refused, in words that say what to do."""

import sqlite3

import sqlalchemy as sa

from subtheme.errors import Problem

_ROOM = "Make room and give the command again: what was to be stored together is stored whole or not at all"
_RIGHTS = "Give yourself the right to write there, or work on a copy in a folder of your own"
_OF_SQLITE: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: ("another program is writing to this study", "Wait until it has finished"),
    sqlite3.SQLITE_LOCKED: ("another program is writing to this study", "Wait until it has finished"),
    sqlite3.SQLITE_FULL: ("the disk is full", _ROOM),
    sqlite3.SQLITE_READONLY: ("the study may not be written to", _RIGHTS),
    sqlite3.SQLITE_PERM: ("the study may not be written to", _RIGHTS),
    sqlite3.SQLITE_CANTOPEN: ("the database cannot be opened", _RIGHTS),
    sqlite3.SQLITE_IOERR: ("the disk did not read or write", "Look whether it is full, or was taken away"),
}
_OF_DAMAGE = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
"""A table that is missing, and what is no database."""


def is_of_the_system(error: BaseException | None) -> bool:
    """Whether the disk, the rights to it, or another program that writes are at fault, and not what is in the store."""
    return _kind(error) in _OF_SQLITE


def database_problem(error: BaseException | None, *, where: str, is_file: bool) -> Problem:
    """Return the problem behind an error of the store, without any value that it may quote.

    Parameters
    ----------
    error : BaseException or None
        As the driver raised it.
    where : str
        Name of the file, or of the setting with the address.
    is_file : bool
        Whether the store is a file of SQLite; else it is a PostgreSQL database.
    """
    if not is_file:
        return Problem(
            what="the store cannot be reached or read",
            where=where,
            expected="a PostgreSQL database",
            remedy="Check the address, the account and that the server runs",
        )
    code = _kind(error)
    if code in _OF_SQLITE:
        what, remedy = _OF_SQLITE[code]
        return Problem(what=what, where=where, remedy=remedy)
    return Problem(
        what="not a store of subtheme, or damaged",
        where=where,
        expected="an SQLite database made by 'subtheme new'",
        remedy="Go back to a backup with 'subtheme doctor --restore BACKUP'; a plain copy of a database in use may be "
        "incomplete",
    )


def unexpected_problem(error: Exception) -> Problem | None:
    """Return the problem behind an error of the database that nobody expected; None for any other error."""
    original = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    if isinstance(original, sqlite3.Error) and _kind(original) in {*_OF_SQLITE, *_OF_DAMAGE}:
        return database_problem(original, where="study.sqlite", is_file=True)
    if isinstance(error, sa.exc.DBAPIError) and not isinstance(original, sqlite3.Error):
        return database_problem(original, where="store.url", is_file=False)
    return None


def _kind(error: BaseException | None) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF  # the upper bits say more of the same kind
