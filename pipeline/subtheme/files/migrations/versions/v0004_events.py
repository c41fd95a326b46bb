"""One log of events in the place of codings, readings, decisions and marks."""

import heapq
import uuid
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from subtheme.files.ledger import THEN
from subtheme.files.log import append
from subtheme.files.migrations.older import codings, decisions, marks, older_anchor, readings
from subtheme.files.rows import digest_of_rows
from subtheme.files.schema import contents, events, metadata, participants, proposals, segments, transcripts, turns
from subtheme.files.trigger import create_triggers
from subtheme.judgements import origin_of
from subtheme.nouns import Basis, Event, EventKind, Verdict, content_id

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Write everything into the log in the order in which it was done, as far as that is known.

    Codings and readings had no time: they come first, so that answers given since have the last word, as they had in
    what was scored. A reading did not say for which codes; that is settled when the study is next opened with its
    codebook. The anchors of the older logs are kept, so that an older report can still be held against the study.
    """
    connection = op.get_bind()
    metadata.create_all(connection, tables=[events, contents])
    create_triggers(connection, ("events_no_update", "events_no_delete", "contents_no_update"))
    digests = dict(connection.execute(sa.select(transcripts.c.transcript, transcripts.c.sha256)).all())
    replica = uuid.uuid4().hex[:16]
    connection.execute(
        sa.text("INSERT INTO facts (key, value) VALUES ('replica', :name), ('home', ''), ('codes_of_then', '')"),
        {"name": replica},
    )
    head = older_anchor(connection)
    if head:
        connection.execute(sa.text("INSERT INTO facts (key, value) VALUES ('older_anchor', :a)"), {"a": head})
    new = [*_taken_in(connection), *_codings(connection, digests), *_readings(connection, digests), *_log(connection)]
    append(connection, new, replica=replica)
    for name in ("standing", "readings", "codings", "marks", "decisions"):
        op.drop_table(name)


def downgrade() -> None:
    """Refuse: the older tables cannot hold what the log holds."""
    raise NotImplementedError("there is no way back from the log of events")


def _rows(connection: sa.Connection, table: sa.Table) -> list[dict[str, Any]]:
    order = table.c.seq if "seq" in table.c else next(iter(table.primary_key))
    return [dict(row) for row in connection.execute(sa.select(table).order_by(order)).mappings()]


def _taken_in(connection: sa.Connection) -> Iterator[Event]:
    """Yield what says which texts, people and proposals there are."""
    parts = {name: _rows(connection, table) for name, table in (("turns", turns), ("segments", segments))}
    for row in _rows(connection, transcripts):
        own = [r for name in ("turns", "segments") for r in parts[name] if r["transcript"] == row["transcript"]]
        digest = digest_of_rows([{"sha256": row["sha256"]}, *own])
        uid = content_id("event", EventKind.TRANSCRIPT.value, row["transcript"], digest)
        yield Event(uid=uid, kind=EventKind.TRANSCRIPT, transcript=row["transcript"], value=digest)
    for row in _rows(connection, participants):
        digest = digest_of_rows([row])
        uid = content_id("event", EventKind.PARTICIPANT.value, row["participant"], digest)
        yield Event(uid=uid, kind=EventKind.PARTICIPANT, participant=row["participant"], value=digest)
    if proposed := [dict(row) for row in connection.execute(sa.select(proposals)).mappings()]:
        digest = digest_of_rows(proposed)
        uid = content_id("event", EventKind.PROPOSED.value, digest, "0")
        yield Event(uid=uid, kind=EventKind.PROPOSED, value=digest)


def _codings(connection: sa.Connection, digests: dict[str, str]) -> Iterator[Event]:
    rows = sorted(_rows(connection, codings), key=lambda r: (r["direction"], r["number"]))
    for row in rows:
        place = (digests.get(row["transcript"], row["transcript"]), str(row["start_char"]), str(row["end_char"]))
        said = (row["participant"], row["code"], row["direction"], row["origin"])
        yield Event(
            uid=content_id("event", "coded", row["coder"], *place, *said),
            kind=EventKind.CODED,
            coder=row["coder"],
            transcript=row["transcript"],
            participant=row["participant"],
            code=row["code"],
            value=row["direction"],
            origin=row["origin"],
            start_char=row["start_char"],
            end_char=row["end_char"],
            memo=row["memo"],
            batch=row["batch"],
        )


def _readings(connection: sa.Connection, digests: dict[str, str]) -> Iterator[Event]:
    query = sa.select(readings).order_by(readings.c.coder, readings.c.transcript)
    origins = _origins_of_readings(connection)
    for row in connection.execute(query).mappings():
        yield Event(
            uid=content_id("event", "read", row["coder"], digests[row["transcript"]], "older"),
            kind=EventKind.READ,
            coder=row["coder"],
            transcript=row["transcript"],
            origin=origins.get((row["coder"], row["transcript"]), Basis.BLIND).word,
            codes={THEN: ""},
        )


def _origins_of_readings(connection: sa.Connection) -> dict[tuple[str, str], Basis]:
    """Return how transcripts were read, by coder and transcript, where answers tell.

    Who brought codings of their own had read without suggestions. Of others a reading is ``agreed`` where they settled
    disagreements and nothing else, and ``assisted`` where a suggestion was in view.
    """
    transcript_of = dict(connection.execute(sa.select(segments.c.segment, segments.c.transcript)).all())
    own = sa.select(codings.c.coder, codings.c.transcript).where(codings.c.origin == Basis.BLIND.word)
    brought = {(coder, transcript) for coder, transcript in connection.execute(own)}
    seen: dict[tuple[str, str], set[Basis]] = {}
    for coder, segment, verdict, shown in connection.execute(
        sa.select(decisions.c.coder, decisions.c.segment, decisions.c.verdict, decisions.c.shown)
    ):
        if verdict != Verdict.RETRACT.value and (coder, transcript_of[segment]) not in brought:
            basis = next(b for b in Basis if b.word == origin_of(shown))
            seen.setdefault((coder, transcript_of[segment]), set()).add(basis)
    return {place: max(bases - {Basis.AGREED}, default=Basis.AGREED) for place, bases in seen.items()}


def _log(connection: sa.Connection) -> Iterator[Event]:
    """Yield decisions and marks, each in the order of its log, together by time."""
    yield from heapq.merge(
        (_answer(row) for row in _rows(connection, decisions)),
        (_mark(row) for row in _rows(connection, marks)),
        key=lambda event: event.at_us,
    )


def _answer(row: dict[str, Any]) -> Event:
    is_retraction = row["verdict"] == Verdict.RETRACT.value
    return Event(
        uid=row["uid"],
        kind=EventKind.TAKEN_BACK if is_retraction else EventKind.ANSWERED,
        coder=row["coder"],
        segment=row["segment"],
        code=row["code"],
        value="" if is_retraction else row["verdict"],
        origin="" if is_retraction else origin_of(row["shown"]),
        start_char=row["start_char"],
        end_char=row["end_char"],
        reply_to=row["reply_to"],
        memo=row["memo"],
        shown=row["shown"],
        at_us=row["at_us"],
        batch=row["batch"],
    )


def _mark(row: dict[str, Any]) -> Event:
    is_undo = row["kind"] == "undo"
    is_blind_end = row["kind"] == "finish" and not row["code"] and '"arm": "blind"' in row["shown"]
    return Event(
        uid=row["uid"],
        kind=EventKind.TAKEN_BACK if is_undo else EventKind(row["kind"]),
        coder=row["coder"],
        segment=row["segment"],
        code=row["code"],
        origin="blind" if is_blind_end else "",
        codes={THEN: ""} if is_blind_end else {},
        reply_to=row["reply_to"],
        memo=row["memo"],
        shown=row["shown"],
        at_us=row["at_us"],
    )
