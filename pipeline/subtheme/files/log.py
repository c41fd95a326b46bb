"""The log of events in the database: appending, each row linked to the one before it, and reading in order."""

import json
from collections.abc import Iterable, Mapping, Sequence
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


def append_foreign(connection: sa.Connection, rows: Iterable[Mapping[str, Any]], texts: Mapping[str, str]) -> int:
    """Append rows of the logs of other stores as they were written there, in the order given; known ones are skipped.

    Into an empty log that makes the very chain that they came from. The same event of two stores is kept twice, so
    that the log of each stays whole; it counts once.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    rows : iterable of mapping
        Rows of the table `events`.
    texts : mapping of str to str
        Memos and sets of codes by digest, at least those that the rows name.

    Returns
    -------
    int
        How many were new.
    """
    given = {(row["replica"], row["number"]): row for row in rows}
    known: set[tuple[str, int]] = set()
    for replica in sorted({replica for replica, _ in given}):
        query = sa.select(events.c.number).where(events.c.replica == replica)
        known |= {(replica, int(n)) for n in connection.execute(query).scalars()}
    fresh = [row for key, row in given.items() if key not in known]
    named = {row[name] for row in fresh for name in ("memo", "codes")}
    return _link(connection, fresh, {digest: text for digest, text in texts.items() if digest in named})


def log_of(connection: sa.Connection) -> list[Logged]:
    """Return the whole log in the order in which events count, every uid once; see `in_order`."""
    words = {row.digest: row.text for row in connection.execute(sa.select(contents))}
    rows = connection.execute(sa.select(events).order_by(events.c.replica, events.c.number)).mappings()
    return in_order(rows, words)


def in_order(rows: Iterable[Mapping[Any, Any]], words: Mapping[str, str]) -> list[Logged]:
    """Return rows of the log, store by store, as events in the order in which they count, every uid once.

    Order is by time, then by store, then by the order in the store's own log, which also holds where its clock went
    backwards.
    """
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
    return _link(connection, rows, texts)


def _link(connection: sa.Connection, rows: Sequence[Mapping[str, Any]], texts: Mapping[str, str]) -> int:
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
        row[name] = digest_of_content(text)
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


def digest_of_content(text: str) -> str:
    """Return the digest under which a memo, or a set of codes, is kept; empty for no text."""
    return content_id("content", text) if text else ""


def _known(connection: sa.Connection, column: "sa.Column[str]", values: list[str]) -> set[str]:
    """Return those of `values` that the column holds."""
    known: set[str] = set()
    for start in range(0, len(values), _MANY):
        some = values[start : start + _MANY]
        known |= set(connection.execute(sa.select(column).where(column.in_(some))).scalars())
    return known
