"""What stands, kept beside the log: a projection in the log's own transaction, which can always be rebuilt."""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from subtheme.files.schema import decisions, standing
from subtheme.nouns import Verdict

_COLUMNS = (decisions.c.uid, decisions.c.coder, decisions.c.segment, decisions.c.code, decisions.c.verdict)
_Key = tuple[str, str, str]


def take_in(connection: sa.Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Bring what stands up to date with `rows`, which were appended to the log in this transaction."""
    touched: dict[_Key, None] = {}
    for row in rows:
        touched[row["coder"], row["segment"], row["code"]] = None
    for key in touched:
        connection.execute(sa.delete(standing).where(*_is_at(standing, key)))
        log = connection.execute(
            sa.select(*_COLUMNS, decisions.c.reply_to).where(*_is_at(decisions, key)).order_by(decisions.c.seq)
        )
        found = projection(dict(row) for row in log.mappings())
        if found:
            connection.execute(sa.insert(standing), list(found.values()))


def rebuild(connection: sa.Connection) -> None:
    """Draw up what stands from the whole log."""
    connection.execute(sa.delete(standing))
    rows = list(_of_log(connection).values())
    if rows:
        connection.execute(sa.insert(standing), rows)


def is_true(connection: sa.Connection) -> bool:
    """Whether what is kept is what the log comes to."""
    kept = {
        (row["coder"], row["segment"], row["code"]): dict(row)
        for row in connection.execute(sa.select(standing)).mappings()
    }
    return kept == _of_log(connection)


def projection(log: Iterable[Mapping[str, Any]]) -> dict[_Key, dict[str, Any]]:
    """Return the last decision that was not taken back, for every coder, segment and code."""
    answers: dict[_Key, dict[str, Mapping[str, Any]]] = {}
    for row in log:
        at = answers.setdefault((row["coder"], row["segment"], row["code"]), {})
        if row["verdict"] == Verdict.RETRACT.value:
            at.pop(row["reply_to"], None)
        else:
            at[row["uid"]] = row
    names = [c.name for c in standing.c]
    return {key: {n: list(at.values())[-1][n] for n in names} for key, at in answers.items() if at}


def _of_log(connection: sa.Connection) -> dict[_Key, dict[str, Any]]:
    query = sa.select(*_COLUMNS, decisions.c.reply_to).order_by(decisions.c.seq)
    return projection(dict(row) for row in connection.execute(query).mappings())


def _is_at(table: sa.Table, key: _Key) -> tuple[sa.ColumnElement[bool], ...]:
    coder, segment, code = key
    return table.c.coder == coder, table.c.segment == segment, table.c.code == code
