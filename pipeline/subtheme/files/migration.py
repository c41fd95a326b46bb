"""Bringing a store to the newest schema, in one transaction: a failure leaves it as it was."""

import uuid
from pathlib import Path

import sqlalchemy as sa

from subtheme.errors import Problem, StudyError
from subtheme.files import schema


def is_newest(connection: sa.Connection) -> bool:
    """Return whether the store over `connection` has the newest schema, without waiting for a writer."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision() == schema.VERSION


def migrate(connection: sa.Connection, *, where: str) -> bool:
    """Create or upgrade the schema over `connection`; return whether anything was done.

    Raises
    ------
    StudyError
        If the store was written by a later version.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    current = MigrationContext.configure(connection).get_current_revision()
    if current == schema.VERSION:
        return False
    if current is not None and current not in {
        s.revision for s in ScriptDirectory.from_config(config).walk_revisions()
    }:
        raise StudyError(
            Problem(
                what=f"the study was written by a later version (schema {current})",
                where=where,
                expected=f"schema {schema.VERSION} or earlier",
                remedy="Install the newest subtheme",
            )
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if current is None:
        connection.execute(sa.insert(schema.facts), [{"key": "study_id", "value": uuid.uuid4().hex}])
    return True
