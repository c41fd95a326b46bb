"""The log of events in the database: appending, each row linked to the one before it, and reading in order."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from subtheme.files.chain import GENESIS, chained
from subtheme.files.schema import contents, events
from subtheme.nouns import Event, EventKind, code_set, content_id

_MANY = 500
"""Values asked for in one query; SQLite binds 32,766 at most."""

_FIELDS = tuple(f.name for f in fields(Event))


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """An event and where it was first written.

    Attributes
    ----------
    event : Event
    replica : str
        Name of the store that it was first written in.
    number : int
        Its place in the log of that store, from 1.
    """

    event: Event
    replica: str
    number: int


def append(connection: sa.Connection, new: Iterable[Event], *, replica: str) -> int:
    """Append events inside the transaction of `connection`; one whose `uid` is stored already is skipped.

    Its cost does not grow with the log.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    new : iterable of Event
    replica : str
        Name of this store.

    Returns
    -------
    int
        How many were new.
    """
    given = {e.uid: e for e in new}
    known = _known(connection, events.c.uid, list(given))
    last = connection.execute(sa.select(sa.func.max(events.c.number)).where(events.c.replica == replica)).scalar() or 0
    fresh = [e for uid, e in given.items() if uid not in known]
    return _write(connection, [Logged(event=e, replica=replica, number=last + i) for i, e in enumerate(fresh, start=1)])


def append_foreign(connection: sa.Connection, logged: Iterable[Logged]) -> int:
    """Append events of other stores as they were written there; what is here already is skipped.

    The same event of two stores is kept twice, so that the log of each stays whole; it counts once.
    """
    given = {(e.replica, e.number): e for e in logged}
    replicas = sorted({replica for replica, _ in given})
    known: set[tuple[str, int]] = set()
    for replica in replicas:
        query = sa.select(events.c.number).where(events.c.replica == replica)
        known |= {(replica, int(n)) for n in connection.execute(query).scalars()}
    return _write(connection, [e for key, e in sorted(given.items()) if key not in known])


def log_of(connection: sa.Connection) -> list[Logged]:
    """Return the whole log in the order in which events count, every uid once.

    Order is by time, then by store, then by the order in the store's own log, which also holds where its clock went
    backwards.
    """
    words = {row.digest: row.text for row in connection.execute(sa.select(contents))}
    rows = connection.execute(sa.select(events).order_by(events.c.replica, events.c.number)).mappings()
    found: list[tuple[int, str, int, Logged]] = []
    latest: dict[str, int] = {}
    for row in rows:
        time = latest[row["replica"]] = max(latest.get(row["replica"], 0), row["at_us"])
        found.append((time, row["replica"], row["number"], _logged(row, words)))
    found.sort(key=lambda entry: entry[:3])
    once: dict[str, Logged] = {}
    for *_, logged in found:
        once.setdefault(logged.event.uid, logged)
    return list(once.values())


def _write(connection: sa.Connection, logged: list[Logged]) -> int:
    texts: dict[str, str] = {}
    rows = [_row(entry, texts) for entry in logged]
    there = _known(connection, contents.c.digest, list(texts))
    if missing := [{"digest": d, "text": t} for d, t in texts.items() if d not in there]:
        connection.execute(sa.insert(contents), missing)
    end = connection.execute(sa.select(events.c.seq, events.c.hash).order_by(events.c.seq.desc()).limit(1))
    seq, head = next(((row.seq, row.hash) for row in end), (0, GENESIS))
    if linked := list(chained(rows, seq=seq, head=head)):
        connection.execute(sa.insert(events), linked)
    return len(rows)


def _row(logged: Logged, texts: dict[str, str]) -> dict[str, Any]:
    event = logged.event
    row: dict[str, Any] = {name: getattr(event, name) for name in _FIELDS}
    for name, text in (("memo", event.memo), ("codes", code_set(event.codes) if event.codes else "")):
        row[name] = _digest(text)
        if text:
            texts[row[name]] = text
    return {**row, "kind": event.kind.value, "replica": logged.replica, "number": logged.number}


def _logged(row: Mapping[Any, Any], words: Mapping[str, str]) -> Logged:
    values = {name: row[name] for name in _FIELDS}
    codes = words.get(values["codes"], "")
    values |= {
        "kind": EventKind(values["kind"]),
        "memo": words.get(values["memo"], ""),
        "codes": json.loads(codes) if codes else {},
    }
    return Logged(event=Event(**values), replica=row["replica"], number=row["number"])


def _digest(text: str) -> str:
    return content_id("content", text) if text else ""


def _known(connection: sa.Connection, column: "sa.Column[str]", values: list[str]) -> set[str]:
    """Return those of `values` that the column holds."""
    known: set[str] = set()
    for start in range(0, len(values), _MANY):
        some = values[start : start + _MANY]
        known |= set(connection.execute(sa.select(column).where(column.in_(some))).scalars())
    return known
