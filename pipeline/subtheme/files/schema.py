"""The tables of a study's store, the same on SQLite and on PostgreSQL; `trigger` keeps some of them from changing."""

import sqlalchemy as sa

VERSION = "0004"
"""Newest revision of the schema; a store of a later one is refused."""

metadata = sa.MetaData()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


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

events = sa.Table(
    "events",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True),
    _text("uid"),
    _text("kind"),
    _text("coder"),
    _text("transcript"),
    _text("segment"),
    _text("participant"),
    _text("code"),
    _text("value"),
    _text("origin"),
    _integer("start_char"),
    _integer("end_char"),
    _text("definition"),
    _text("codes"),
    _text("reply_to"),
    _text("memo"),
    _text("shown"),
    _integer("at_us"),
    _text("batch"),
    _text("replica"),
    _integer("number"),
    _text("prev_hash"),
    _text("hash"),
    sa.UniqueConstraint("replica", "number"),
    sa.UniqueConstraint("uid", "replica"),
)
"""The log: everything that anybody did. Each row's hash covers its content and the hash before it.

`memo` and `codes` are digests of `contents`. `replica` names the store that an event was first written in, and `number`
its place in the log of that store.
"""

contents = sa.Table("contents", metadata, sa.Column("digest", sa.Text, primary_key=True), _text("text"))
"""Memos, and sets of codes with their definitions, by digest: words lie outside of the log, so that they can go."""
