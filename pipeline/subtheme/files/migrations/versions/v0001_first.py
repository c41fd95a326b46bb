"""The first schema: a study from transcripts to decisions."""

from alembic import op

from subtheme.files.migrations.older import OLDER_TRIGGERS, metadata
from subtheme.files.trigger import create_triggers

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_TABLES = (
    "facts",
    "participants",
    "transcripts",
    "turns",
    "segments",
    "codings",
    "readings",
    "proposals",
    "decisions",
)
_TRIGGERS = ("transcripts_text_frozen", "decisions_no_update", "decisions_no_delete")


def upgrade() -> None:
    """Create the tables and triggers that there were then."""
    metadata.create_all(op.get_bind(), tables=[metadata.tables[name] for name in _TABLES])
    create_triggers(op.get_bind(), _TRIGGERS, known=OLDER_TRIGGERS)


def downgrade() -> None:
    """Refuse: there is nothing before the first schema."""
    raise NotImplementedError("there is no schema before 0001")
