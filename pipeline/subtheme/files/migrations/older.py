"""The tables as they were up to revision 0003, for the migrations that made them."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

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

OLDER_TRIGGERS: dict[str, tuple[str, str, str]] = {
    "transcripts_text_frozen": (
        "transcripts",
        "UPDATE OF transcript, text, sha256",
        "the text of a transcript is frozen",
    ),
    "decisions_no_update": ("decisions", "UPDATE", "the log of decisions is append-only"),
    "decisions_no_delete": ("decisions", "DELETE", "the log of decisions is append-only"),
    "marks_no_update": ("marks", "UPDATE", "marks are append-only"),
    "marks_no_delete": ("marks", "DELETE", "marks are append-only"),
}

DECISION_CONTENT = ("uid", "coder", "segment", "code", "verdict", "reply_to", "memo", "shown", "at_us", "batch")
"""What a decision's hash covered; its place as well, where it has one of its own."""

MARK_CONTENT = ("uid", "coder", "segment", "kind", "code", "reply_to", "memo", "shown", "at_us")
"""What a mark's hash covered."""


def older_link(previous: str, row: Mapping[str, object], *, content: tuple[str, ...] = DECISION_CONTENT) -> str:
    """Return the hash of a row of an older log together with the hash before it."""
    covered = {name: row[name] for name in content}
    covered["memo"] = hashlib.sha256(str(row["memo"]).encode("utf-8")).hexdigest()
    if row.get("start_char", -1) != -1:
        covered["place"] = [row["start_char"], row["end_char"]]
    text = json.dumps([previous, covered], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def linked_marks(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield marks, numbered and each linked to the one before it."""
    head = "0" * 64
    for position, row in enumerate(rows, start=1):
        linked = {**row, "seq": position, "prev_hash": head}
        linked["hash"] = head = older_link(head, linked, content=MARK_CONTENT)
        yield linked


def older_anchor(connection: sa.Connection) -> str:
    """Return length and head of the log of decisions as one word; empty where there are none."""
    last = connection.execute(sa.select(decisions.c.seq, decisions.c.hash).order_by(decisions.c.seq.desc()).limit(1))
    return next((f"{row.seq}:{row.hash}" for row in last), "")
