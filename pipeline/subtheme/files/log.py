"""Appending to the log of decisions: each new row is linked to the one before it."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from subtheme.files.chain import GENESIS, link
from subtheme.files.schema import decisions

_MANY = 500
"""Uids asked for in one query; SQLite binds 32,766 values at most."""


def append(connection: sa.Connection, records: Iterable[Mapping[Any, Any]], *, batch: str) -> int:
    """Append decisions inside the transaction of `connection`; one whose `uid` is stored already is skipped.

    Its cost does not grow with the log.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    records : iterable of mapping
        The columns of `subtheme.study.DECISIONS`.
    batch : str
        What was done in one go, so that it can be undone in one go.

    Returns
    -------
    int
        How many were new.
    """
    given = {str(r["uid"]): r for r in records}
    known = known_uids(connection, decisions, list(given))
    last = connection.execute(sa.select(decisions.c.seq, decisions.c.hash).order_by(decisions.c.seq.desc()).limit(1))
    seq, head = next(((row.seq, row.hash) for row in last), (0, GENESIS))
    rows: list[dict[str, Any]] = []
    for record in (r for uid, r in given.items() if uid not in known):
        seq += 1
        row: dict[str, Any] = {**record, "batch": batch, "seq": seq, "prev_hash": head}
        row["hash"] = head = link(head, row)
        rows.append(row)
    if rows:
        connection.execute(sa.insert(decisions), rows)
    return len(rows)


def known_uids(connection: sa.Connection, table: sa.Table, uids: list[str]) -> set[str]:
    """Return those of `uids` that `table` holds."""
    known: set[str] = set()
    for start in range(0, len(uids), _MANY):
        some = uids[start : start + _MANY]
        known |= set(connection.execute(sa.select(table.c.uid).where(table.c.uid.in_(some))).scalars())
    return known
