"""Appending to the log of decisions: each new row is linked to the one before it."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from subtheme.files.chain import DECISION_CONTENT, GENESIS, rechained
from subtheme.files.schema import decisions
from subtheme.files.standing import take_in

_MANY = 500
"""Uids asked for in one query; SQLite binds 32,766 values at most."""


def append(connection: sa.Connection, records: Iterable[Mapping[Any, Any]], *, batch: str) -> int:
    """Append decisions inside the transaction of `connection`; one whose `uid` is stored already is skipped.

    Its cost does not grow with the log.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    records : iterable of mapping
        The columns of `subtheme.nouns.DECISIONS`.
    batch : str
        What was done in one go, so that it can be undone in one go.

    Returns
    -------
    int
        How many were new.
    """
    given = {str(r["uid"]): r for r in records}
    known = known_uids(connection, decisions, list(given))
    seq, head = end_of(connection, decisions)
    fresh = [{"start_char": -1, "end_char": -1, **r, "batch": batch} for uid, r in given.items() if uid not in known]
    rows = list(rechained(fresh, content=DECISION_CONTENT, seq=seq, head=head))
    if rows:
        connection.execute(sa.insert(decisions), rows)
        take_in(connection, rows)
    return len(rows)


def end_of(connection: sa.Connection, table: sa.Table) -> tuple[int, str]:
    """Return the number and the hash of the last row of a log."""
    last = connection.execute(sa.select(table.c.seq, table.c.hash).order_by(table.c.seq.desc()).limit(1))
    return next(((row.seq, row.hash) for row in last), (0, GENESIS))


def known_uids(connection: sa.Connection, table: sa.Table, uids: list[str]) -> set[str]:
    """Return those of `uids` that `table` holds."""
    known: set[str] = set()
    for start in range(0, len(uids), _MANY):
        some = uids[start : start + _MANY]
        known |= set(connection.execute(sa.select(table.c.uid).where(table.c.uid.in_(some))).scalars())
    return known
