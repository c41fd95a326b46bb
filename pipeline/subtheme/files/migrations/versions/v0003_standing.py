"""Places of decisions, a chain over marks, and what stands kept beside the log."""

import sqlalchemy as sa
from alembic import op

from subtheme.files.migrations.older import OLDER_TRIGGERS, decisions, linked_marks, marks, metadata, standing
from subtheme.files.trigger import create_triggers, drop_triggers

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ADDED = ((decisions, ("start_char", "end_char")), (marks, ("prev_hash", "hash")))
_FROZEN = ("marks_no_update", "marks_no_delete")


def upgrade() -> None:
    """Add what is new where an older store lacks it, and link the marks."""
    connection = op.get_bind()
    there = sa.inspect(connection)
    for table, names in _ADDED:
        known = {column["name"] for column in there.get_columns(table.name)}
        for name in names:
            if name not in known:
                column = table.c[name]
                op.add_column(
                    table.name,
                    sa.Column(name, column.type, nullable=False, server_default=column.server_default.arg),  # type: ignore[union-attr]
                )
    metadata.create_all(connection, tables=[standing])
    _link_marks(connection)


def downgrade() -> None:
    """Drop what was added; texts, decisions and marks stay."""
    op.drop_table("standing")
    for table, names in _ADDED:
        for name in names:
            op.drop_column(table.name, name)


def _link_marks(connection: sa.Connection) -> None:
    """Give the marks numbers without gaps and link each to the one before it."""
    rows = [dict(row) for row in connection.execute(sa.select(marks).order_by(marks.c.seq)).mappings()]
    if not rows:
        return
    drop_triggers(connection, _FROZEN, known=OLDER_TRIGGERS)
    connection.execute(sa.delete(marks))
    connection.execute(sa.insert(marks), list(linked_marks(rows)))
    create_triggers(connection, _FROZEN, known=OLDER_TRIGGERS)
