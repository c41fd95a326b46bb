"""Examining a store: whether texts, logs, triggers and what stands are as they were written."""

import sqlite3
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from subtheme.errors import Problem, StudyError
from subtheme.files import schema
from subtheme.files.chain import DECISION_CONTENT, MARK_CONTENT, Anchor, ChainState, walk
from subtheme.files.engine import sqlite_faults
from subtheme.files.standing import is_true
from subtheme.files.store import Store
from subtheme.files.trigger import missing_triggers

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
    decisions, marks : ChainState
    database : str
        Its kind and version.
    faults : tuple of str
        Known faults of that version.
    """

    problems: tuple[Problem, ...]
    transcripts: int
    decisions: ChainState
    marks: ChainState
    database: str
    faults: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the findings as plain values."""
        return {
            "whole": not self.problems,
            "transcripts": self.transcripts,
            "decisions": self.decisions.length,
            "marks": self.marks.length,
            "chain_head": self.decisions.head,
            "anchor": str(self.decisions.anchor),
            "database": self.database,
            "faults": list(self.faults),
            "problems": [p.as_dict() for p in self.problems],
        }


def examine(store: Store, *, anchor: Anchor | None = None) -> Examination:
    """Check every text, both chains, the triggers, and what stands against the log; find all faults in one go.

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
        decisions = _chain(connection, schema.decisions, DECISION_CONTENT, anchor=anchor)
        marks = _chain(connection, schema.marks, MARK_CONTENT)
        problems += [
            Problem(what=f"trigger '{name}' is missing", remedy=_RESTORE) for name in missing_triggers(connection)
        ]
        if not is_true(connection):
            problems.append(Problem(what="what stands is not what the log of decisions comes to", remedy=_RESTORE))
        database, faults = _database(connection)
    for name, chain in (("log of decisions", decisions), ("log of marks", marks)):
        if chain.broken_at is not None:
            problems.append(Problem(what=f"the {name} was changed at number {chain.broken_at}", remedy=_RESTORE))
    if not decisions.holds_anchor:
        problems.append(
            Problem(
                what="the log of decisions does not contain the anchor",
                expected=f"a log that goes on from decision {anchor.length if anchor else 0}",
                remedy="Decisions were cut off or replaced, or the anchor is of another study. " + _RESTORE,
            )
        )
    return Examination(
        problems=tuple(problems),
        transcripts=transcripts,
        decisions=decisions,
        marks=marks,
        database=database,
        faults=faults,
    )


def chain_of(store: Store, *, anchor: Anchor | None = None) -> ChainState:
    """Walk along the chain of the log of decisions, and look for `anchor` in it."""
    with store.engine.connect() as connection:
        return _chain(connection, schema.decisions, DECISION_CONTENT, anchor=anchor)


def _chain(
    connection: sa.Connection, table: sa.Table, content: tuple[str, ...], *, anchor: Anchor | None = None
) -> ChainState:
    rows = connection.execute(sa.select(table).order_by(table.c.seq)).mappings()
    return walk((dict(row) for row in rows), content=content, anchor=anchor)


def _database(connection: sa.Connection) -> tuple[str, tuple[str, ...]]:
    if connection.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}", sqlite_faults()
    version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
    return f"PostgreSQL {version}", ()
