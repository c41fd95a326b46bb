"""Marks: what coders do at the review page besides deciding."""

from alembic import op

from subtheme.files.migrations.older import OLDER_TRIGGERS, marks, metadata
from subtheme.files.trigger import create_triggers

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of marks and its triggers."""
    metadata.create_all(op.get_bind(), tables=[marks])
    create_triggers(op.get_bind(), ("marks_no_update", "marks_no_delete"), known=OLDER_TRIGGERS)


def downgrade() -> None:
    """Drop the table of marks; its triggers go with it."""
    op.drop_table("marks")
