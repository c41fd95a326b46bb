"""Examining a store: whether texts, log, tables and triggers are as they were written."""

import sqlite3
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from subtheme.errors import Problem, StudyError
from subtheme.files import schema
from subtheme.files.chain import Anchor, ChainState, walk
from subtheme.files.engine import sqlite_faults
from subtheme.files.rows import digest_of_rows
from subtheme.files.store import Store
from subtheme.files.trigger import missing_triggers
from subtheme.nouns import EventKind

_RESTORE = "Restore a backup with 'subtheme doctor --restore'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was found.

    Attributes
    ----------
    problems : tuple of Problem
        Empty where the store is whole.
    transcripts : int
        Texts that have the digest that was stored with them.
    decisions : int
        Answers in the log, those among them that were taken back.
    log : ChainState
    database : str
        Its kind and version.
    faults : tuple of str
        Known faults of that version.
    """

    problems: tuple[Problem, ...]
    transcripts: int
    decisions: int
    log: ChainState
    database: str
    faults: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the findings as plain values."""
        return {
            "whole": not self.problems,
            "transcripts": self.transcripts,
            "events": self.log.length,
            "decisions": self.decisions,
            "chain_head": self.log.head,
            "anchor": str(self.log.anchor),
            "database": self.database,
            "faults": list(self.faults),
            "problems": [p.as_dict() for p in self.problems],
        }


def examine(store: Store, *, anchor: Anchor | None = None) -> Examination:
    """Check every text, the log, every table that the log names by a digest, and the triggers; find all faults.

    Parameters
    ----------
    store : Store
    anchor : Anchor, optional
        Written down earlier, elsewhere: the log must still contain it.
    """
    problems: list[Problem] = []
    try:
        transcripts = len(store.transcripts())
    except StudyError as error:
        transcripts, problems = 0, list(error.problems)
    with store.engine.connect() as connection:
        log = _chain(connection, anchor=anchor)
        problems += [
            Problem(what=f"trigger '{name}' is missing", remedy=_RESTORE) for name in missing_triggers(connection)
        ]
        database, faults = _database(connection)
    if log.broken_at is not None:
        problems.append(Problem(what=f"the log of events was changed at number {log.broken_at}", remedy=_RESTORE))
    else:
        problems += changed_tables(store)
    if not log.holds_anchor and not store.held_before(anchor):
        problems.append(
            Problem(
                what="the log of events does not contain the anchor",
                expected=f"a log that goes on from event {anchor.length if anchor else 0}",
                remedy="Events were cut off or replaced, or the anchor is of another study. " + _RESTORE,
            )
        )
    answers = sum(e.kind is EventKind.ANSWERED for e in store.events())
    return Examination(
        problems=tuple(problems),
        transcripts=transcripts,
        decisions=answers,
        log=log,
        database=database,
        faults=faults,
    )


def changed_tables(store: Store) -> list[Problem]:
    """Return what is in the tables and not as the log says that it was taken in."""
    told: dict[tuple[EventKind, str], str] = {}
    for event in store.events():
        if event.kind in {EventKind.TRANSCRIPT, EventKind.PARTICIPANT, EventKind.PROPOSED}:
            told[event.kind, event.transcript or event.participant] = event.value
    there = store.table_digests()
    problems = []
    for (kind, name), digest in sorted({**dict.fromkeys(told, ""), **there}.items()):
        expected = told.get((kind, name))
        if expected == digest or (expected is None and kind is EventKind.PROPOSED and digest == digest_of_rows([])):
            continue
        named = f"{_TABLES[kind]} '{name}'" if name else _TABLES[kind]
        what = "is gone" if not digest else "came in past the log" if expected is None else "was changed from outside"
        problems.append(Problem(what=f"{named} {what}", where=store.path.name, remedy=_RESTORE))
    return problems


_TABLES = {
    EventKind.TRANSCRIPT: "the text, the turns or the segments of transcript",
    EventKind.PARTICIPANT: "participant",
    EventKind.PROPOSED: "the table of proposals",
}


def chain_of(store: Store, *, anchor: Anchor | None = None) -> ChainState:
    """Walk along the chain of the log, and look for `anchor` in it."""
    with store.engine.connect() as connection:
        found = _chain(connection, anchor=anchor)
    return replace(found, holds_anchor=found.holds_anchor or store.held_before(anchor))


def _chain(connection: sa.Connection, *, anchor: Anchor | None = None) -> ChainState:
    rows = connection.execute(sa.select(schema.events).order_by(schema.events.c.seq)).mappings()
    return walk((dict(row) for row in rows), anchor=anchor)


def _database(connection: sa.Connection) -> tuple[str, tuple[str, ...]]:
    if connection.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}", sqlite_faults()
    version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
    return f"PostgreSQL {version}", ()
