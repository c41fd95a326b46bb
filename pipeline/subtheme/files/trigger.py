"""Triggers: texts stay frozen and the logs append-only, whoever opens the database.

A migration that recreates a table loses its triggers without a word: it must create them again from here.
"""

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

TRIGGERS: dict[str, tuple[str, str, str]] = {
    "transcripts_text_frozen": (
        "transcripts",
        "UPDATE OF transcript, text, sha256",
        "the text of a transcript is frozen",
    ),
    "events_no_update": ("events", "UPDATE", "the log of events is append-only"),
    "events_no_delete": ("events", "DELETE", "the log of events is append-only"),
    "contents_no_update": ("contents", "UPDATE", "what the log names by its digest is frozen"),
}
"""Every trigger by name: its table, what it forbids, and what it says."""

_FUNCTION = (
    "CREATE OR REPLACE FUNCTION subtheme_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '%%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
)


def create_triggers(
    connection: sa.Connection, names: Iterable[str], *, known: Mapping[str, tuple[str, str, str]] = TRIGGERS
) -> None:
    """Create the triggers of those names, out of those `known`."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.exec_driver_sql(_FUNCTION)
    for name in names:
        table, event, words = known[name]
        act = (
            f"BEGIN SELECT RAISE(ABORT, '{words}'); END"
            if is_sqlite
            else f"FOR EACH ROW EXECUTE FUNCTION subtheme_refuse('{words}')"
        )
        connection.exec_driver_sql(f"CREATE TRIGGER {name} BEFORE {event} ON {table} {act}")


def drop_triggers(
    connection: sa.Connection, names: Iterable[str], *, known: Mapping[str, tuple[str, str, str]] = TRIGGERS
) -> None:
    """Drop the triggers of those names, for as long as a migration must change rows."""
    for name in names:
        where = "" if connection.dialect.name == "sqlite" else f" ON {known[name][0]}"
        connection.exec_driver_sql(f"DROP TRIGGER {name}{where}")


def missing_triggers(connection: sa.Connection) -> list[str]:
    """Return the names of the triggers that should be there and are not, or are switched off."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
    )
    return sorted(set(TRIGGERS) - set(connection.execute(sa.text(query)).scalars()))
