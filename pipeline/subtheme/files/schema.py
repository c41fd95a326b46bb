"""The tables of a study's store, the same on SQLite and on PostgreSQL; `trigger` keeps some of them from changing."""

import sqlalchemy as sa

VERSION = "0003"
"""Newest revision of the schema; a store of a later one is refused."""

metadata = sa.MetaData()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _place(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, server_default="-1")


facts = sa.Table("facts", metadata, sa.Column("key", sa.Text, primary_key=True), _text("value"))
"""What the store says of itself: format, id of the study."""

participants = sa.Table(
    "participants",
    metadata,
    sa.Column("participant", sa.Text, primary_key=True),
    sa.Column("case", sa.Text, nullable=False),
    _text("level"),
)

transcripts = sa.Table(
    "transcripts",
    metadata,
    sa.Column("transcript", sa.Text, primary_key=True),
    _text("text"),
    _text("sha256"),
    _text("source"),
    _text("grammar"),
    _text("encoding"),
    _text("notes"),
)
"""Frozen canonical texts. `notes` is a JSON list."""

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("transcript", sa.Text, sa.ForeignKey("transcripts.transcript"), primary_key=True),
    sa.Column("turn", sa.Integer, primary_key=True),
    _text("speaker"),
    _text("role"),
    _text("participant"),
    _integer("start_char"),
    _integer("end_char"),
    sa.Column("start_s", sa.Float),
    sa.Column("end_s", sa.Float),
)

segments = sa.Table(
    "segments",
    metadata,
    sa.Column("segment", sa.Text, primary_key=True),
    sa.Column("transcript", sa.Text, sa.ForeignKey("transcripts.transcript"), nullable=False),
    sa.Column("participant", sa.Text, sa.ForeignKey("participants.participant"), nullable=False),
    _integer("turn"),
    _integer("order"),
    _integer("start_char"),
    _integer("end_char"),
    sa.UniqueConstraint("transcript", "order"),
)
"""Meaning units by place; their words and questions are cut from the frozen text."""

codings = sa.Table(
    "codings",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("participant", sa.Text, sa.ForeignKey("participants.participant"), nullable=False),
    _text("code"),
    _text("coder"),
    _text("origin"),
    _text("direction"),
    _text("transcript"),
    _integer("start_char"),
    _integer("end_char"),
    _text("memo"),
    _text("quote_sha256"),
    _text("batch"),
)
"""Manual codings as they were brought in; `batch` names the file and its digest."""

readings = sa.Table(
    "readings",
    metadata,
    sa.Column("coder", sa.Text, primary_key=True),
    sa.Column("transcript", sa.Text, sa.ForeignKey("transcripts.transcript"), primary_key=True),
)

proposals = sa.Table(
    "proposals",
    metadata,
    sa.Column("segment", sa.Text, sa.ForeignKey("segments.segment"), primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("probability", sa.Float, nullable=False),
    sa.Column("threshold", sa.Float, nullable=False),
    _text("evidence"),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("uid", sa.Text, nullable=False, unique=True),
    _text("coder"),
    sa.Column("segment", sa.Text, sa.ForeignKey("segments.segment"), nullable=False),
    _text("code"),
    _text("verdict"),
    _text("reply_to"),
    _text("memo"),
    _text("shown"),
    _integer("at_us"),
    _text("batch"),
    _text("prev_hash"),
    _text("hash"),
    _place("start_char"),
    _place("end_char"),
)
"""The log of decisions. Each row's hash covers its content and the hash before it. A place of -1 is the segment's."""

marks = sa.Table(
    "marks",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("uid", sa.Text, nullable=False, unique=True),
    _text("coder"),
    sa.Column("segment", sa.Text, sa.ForeignKey("segments.segment"), nullable=False),
    _text("kind"),
    _text("code"),
    _text("reply_to"),
    _text("memo"),
    _text("shown"),
    _integer("at_us"),
    sa.Column("prev_hash", sa.Text, nullable=False, server_default=""),
    sa.Column("hash", sa.Text, nullable=False, server_default=""),
)
"""What coders did at the review page besides deciding: turns finished, flags, memos. A chain of its own."""

standing = sa.Table(
    "standing",
    metadata,
    sa.Column("coder", sa.Text, primary_key=True),
    sa.Column("segment", sa.Text, sa.ForeignKey("segments.segment"), primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    _text("uid"),
    _text("verdict"),
)
"""What the log of decisions comes to: kept in the transaction that appends to the log, and rebuilt from it at will."""
