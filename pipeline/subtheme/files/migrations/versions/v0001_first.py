"""The first schema: a study from transcripts to decisions."""

from alembic import op

from subtheme.files.schema import TRIGGERS, metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table and trigger."""
    metadata.create_all(op.get_bind())
    for statement in TRIGGERS.values():
        op.execute(statement)


def downgrade() -> None:
    """Refuse: there is nothing before the first schema."""
    raise NotImplementedError("there is no schema before 0001")
