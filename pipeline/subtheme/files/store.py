"""The store: everything of a study that must not be lost, through SQLAlchemy Core."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd
import sqlalchemy as sa

from subtheme.errors import Problem, StudyError
from subtheme.files import schema
from subtheme.files.engine import engine_of
from subtheme.files.fault import database_problem
from subtheme.files.hold import Hold
from subtheme.files.log import append
from subtheme.files.mark import Mark, append_marks, mark_of
from subtheme.files.migration import is_newest, migrate
from subtheme.nouns import (
    CODING_KEY,
    CODINGS,
    DECISIONS,
    PARTICIPANTS,
    PROPOSALS,
    READINGS,
    SEGMENTS,
    TURNS,
    Decision,
    Role,
    TableContract,
    Transcript,
    Turn,
    rows_of,
    sha256_of_text,
)


class Store:
    """The database of one study; one writer at a time.

    Writing happens inside `writing`, in one transaction that is on the disk when it ends (SQLite: WAL with
    ``synchronous=FULL``) or has changed nothing. Text goes in once and is cut out by offsets.

    Parameters
    ----------
    path : pathlib.Path
        The file ``study.sqlite``; made, with its schema, where it does not exist.
    url : str
        Of a PostgreSQL database that is used instead of the file; empty for the file.

    Raises
    ------
    StudyError
        If the file is not a study's store, is damaged, was written by a later version, or cannot be used now.
    """

    def __init__(self, path: Path, *, url: str = "") -> None:
        self.path = path
        self.is_file = not url
        self._writer: sa.Connection | None = None
        self.engine = engine_of(url or path)
        self._hold = Hold(self.engine, path)
        try:
            self._migrate()
        except StudyError:
            self.close()
            raise
        except sa.exc.DBAPIError as error:
            self.close()
            where = path.name if self.is_file else "store.url"
            raise StudyError(database_problem(error.orig, where=where, is_file=self.is_file)) from None

    def __enter__(self) -> Self:
        """Return the store."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every connection."""
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the write lock and one transaction: all of the block is stored, or nothing.

        Raises
        ------
        StudyError
            If another program is writing to this study.
        """
        with self._hold.taken(), self.engine.execution_options(writes=True).begin() as connection:
            self._writer = connection
            try:
                yield
            finally:
                self._writer = None

    @contextmanager
    def holding(self, coder: str = "") -> Iterator[None]:
        """Hold the write lock for long, as the review page does; each `writing` inside is its own transaction.

        On PostgreSQL others may write meanwhile, but nobody else may hold for the same coder.

        Raises
        ------
        StudyError
            If another program is writing to this study.
        """
        with self._hold.kept(coder):
            yield

    @property
    def study_id(self) -> str:
        """Random id of the study, so that a sheet of another study is recognised."""
        return str(self._rows(sa.select(schema.facts.c.value).where(schema.facts.c.key == "study_id"))[0]["value"])

    # -- texts ------------------------------------------------------------------------------------

    def add_transcript(self, transcript: Transcript, *, turns: pd.DataFrame, segments: pd.DataFrame) -> None:
        """Store a transcript with its turns (`TURNS`) and segments (`SEGMENTS`); its id must be new."""
        self._insert(
            schema.transcripts,
            [
                {
                    "transcript": transcript.id,
                    "text": transcript.text,
                    "sha256": transcript.sha256,
                    "source": transcript.source,
                    "grammar": transcript.grammar,
                    "encoding": transcript.encoding,
                    "notes": json.dumps(list(transcript.notes), ensure_ascii=False),
                }
            ],
        )
        self._insert(schema.turns, _records(turns, schema.turns))
        self._insert(schema.segments, _records(segments, schema.segments))

    def transcripts(self) -> list[Transcript]:
        """Return every transcript with its turns, by id.

        Raises
        ------
        StudyError
            If a text does not have the digest that was stored with it.
        """
        turns = {str(name): list(rows_of(own)) for name, own in self.turns().groupby("transcript", sort=False)}
        found = []
        for row in self._rows(sa.select(schema.transcripts).order_by(schema.transcripts.c.transcript)):
            if sha256_of_text(row["text"]) != row["sha256"]:
                raise StudyError(
                    Problem(
                        what=f"the text of transcript '{row['transcript']}' was changed from outside",
                        where=self.path.name,
                        remedy="Restore a backup: offsets no longer fit",
                    )
                )
            found.append(
                Transcript(
                    id=row["transcript"],
                    text=row["text"],
                    turns=tuple(_turn(t) for t in turns.get(row["transcript"], ())),
                    source=row["source"],
                    grammar=row["grammar"],
                    encoding=row["encoding"],
                    notes=tuple(json.loads(row["notes"])),
                )
            )
        return found

    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of every transcript's text, by transcript."""
        query = sa.select(schema.transcripts.c.transcript, schema.transcripts.c.sha256)
        return {row["transcript"]: row["sha256"] for row in self._rows(query)}

    def turns(self) -> pd.DataFrame:
        """Return the turns of all transcripts, checked by `TURNS`."""
        return self._table(schema.turns, TURNS)

    def segments(self) -> pd.DataFrame:
        """Return the segments of all transcripts with their words and questions, checked by `SEGMENTS`."""
        places = self._rows(sa.select(schema.segments))
        texts = {t.id: t for t in self.transcripts()}
        questions = {name: _questions(t) for name, t in texts.items()}
        for row in places:
            row["text"] = texts[row["transcript"]].text[row["start_char"] : row["end_char"]]
            row["question"] = questions[row["transcript"]].get(row["turn"], "")
        return SEGMENTS.check(pd.DataFrame(places, columns=list(SEGMENTS.names)), source=self.path.name)

    # -- people -----------------------------------------------------------------------------------

    def add_participants(self, participants: pd.DataFrame) -> None:
        """Store participants (`PARTICIPANTS`) that are new; known ones must agree with what is stored."""
        known = {p.participant: p for p in rows_of(self.participants())}
        fresh, problems = [], []
        for row in rows_of(participants):
            old = known.get(row.participant)
            if old is None:
                fresh.append({"participant": row.participant, "case": row.case, "level": row.level})
            elif (old.case, old.level) != (row.case, row.level):
                problems.append(
                    Problem(
                        what=f"participant '{row.participant}' is in case '{row.case}' here",
                        expected=f"case '{old.case}', level '{old.level}' as stored before",
                        remedy="A participant belongs to one case: correct the file",
                    )
                )
        if problems:
            raise StudyError(problems)
        self._insert(schema.participants, fresh)

    def participants(self) -> pd.DataFrame:
        """Return the participants, checked by `PARTICIPANTS`."""
        return self._table(schema.participants, PARTICIPANTS)

    # -- codings ----------------------------------------------------------------------------------

    def add_codings(self, codings: pd.DataFrame, *, batch: str) -> int:
        """Store manual codings (`CODINGS`) under the name of their batch; return how many were new.

        A coding that is stored already (all of `CODING_KEY`) is left as it is.

        Raises
        ------
        StudyError
            If the batch is stored already.
        """
        if batch in self.coding_batches():
            where = batch.partition(":")[0]
            raise StudyError(
                Problem(what="this file is in the study already", where=where, remedy="Nothing was changed")
            )
        texts = {t.id: t.text for t in self.transcripts()}
        key = list(CODING_KEY)
        known = set(self.codings()[key].itertuples(index=False, name=None))
        fresh = codings.drop_duplicates(key).to_dict("records")
        rows = [row for row in fresh if tuple(row[name] for name in CODING_KEY) not in known]
        for row in rows:
            has_place = row["start_char"] >= 0
            quote = texts[row["transcript"]][row["start_char"] : row["end_char"]] if has_place else ""
            row["quote_sha256"] = sha256_of_text(quote) if has_place else ""
            row["batch"] = batch
        self._insert(schema.codings, rows)
        return len(rows)

    def codings(self) -> pd.DataFrame:
        """Return the manual codings, checked by `CODINGS`."""
        return self._table(schema.codings, CODINGS)

    def coding_batches(self) -> set[str]:
        """Return the names of the batches of codings that are stored."""
        return {row["batch"] for row in self._rows(sa.select(schema.codings.c.batch).distinct())}

    def remove_codings(self, *, batch: str) -> int:
        """Remove a batch of manual codings; return how many rows went."""
        return self._write(sa.delete(schema.codings).where(schema.codings.c.batch == batch))

    def add_readings(self, readings: pd.DataFrame) -> None:
        """Store who read which transcript (`READINGS`); what is known already is left as it is."""
        known = {(r.coder, r.transcript) for r in rows_of(self.readings())}
        rows = [r for r in readings.to_dict("records") if (r["coder"], r["transcript"]) not in known]
        self._insert(schema.readings, rows)

    def remove_reading(self, *, coder: str, transcript: str) -> int:
        """Remove one reading; return how many rows went."""
        table = schema.readings
        return self._write(sa.delete(table).where(table.c.coder == coder, table.c.transcript == transcript))

    def readings(self) -> pd.DataFrame:
        """Return who read which transcript, checked by `READINGS`."""
        return self._table(schema.readings, READINGS)

    # -- proposals and decisions ------------------------------------------------------------------

    def replace_proposals(self, proposals: pd.DataFrame) -> None:
        """Store proposals (`PROPOSALS`) in place of all earlier ones; decisions keep what they were shown."""
        self._write(sa.delete(schema.proposals))
        self._insert(schema.proposals, proposals.to_dict("records"))

    def proposals(self) -> pd.DataFrame:
        """Return the proposals, checked by `PROPOSALS`."""
        return self._table(schema.proposals, PROPOSALS)

    def append_decisions(self, decisions: pd.DataFrame, *, batch: str = "") -> int:
        """Append decisions (`DECISIONS`) to the log; one whose `uid` is stored already is skipped.

        Returns
        -------
        int
            How many were new.
        """
        return append(self._writer_connection(), decisions.to_dict("records"), batch=batch)

    def append_events(self, events: Sequence[Decision], *, batch: str = "") -> int:
        """Append decisions as `append_decisions` does, without the cost of a table: for one key press."""
        records = [{**asdict(e), "verdict": e.verdict.value} for e in events]
        return append(self._writer_connection(), records, batch=batch)

    def decisions(self) -> pd.DataFrame:
        """Return the log of decisions in its order: `DECISIONS`, and the `batch` of each."""
        rows = self._rows(sa.select(schema.decisions).order_by(schema.decisions.c.seq))
        table = DECISIONS.check(pd.DataFrame(rows, columns=list(DECISIONS.names)), source=self.path.name)
        return table.assign(batch=[row["batch"] for row in rows])

    def lengths(self) -> tuple[int, int]:
        """Return how many decisions and how many marks there are."""
        logs = (schema.decisions, schema.marks)
        first, second = (int(self._rows(sa.select(sa.func.max(t.c.seq).label("last")))[0]["last"] or 0) for t in logs)
        return first, second

    def append_marks(self, new: Sequence[Mark]) -> int:
        """Append marks; one whose `uid` is stored already is skipped. Return how many were new."""
        return append_marks(self._writer_connection(), list(new))

    def marks(self) -> list[Mark]:
        """Return all marks in their order."""
        columns = [c for c in schema.marks.c if c.name not in {"seq", "prev_hash", "hash"}]
        return [mark_of(row) for row in self._rows(sa.select(*columns).order_by(schema.marks.c.seq))]

    # -- the database -----------------------------------------------------------------------------

    def _migrate(self) -> None:
        with self.engine.connect() as connection:  # who only reads need not wait for a writer
            if is_newest(connection):
                return
        with self.engine.execution_options(writes=True).begin() as connection:
            changed = migrate(connection, where=self.path.name if self.is_file else "store.url")
        if changed and self.is_file:
            self.path.chmod(0o600)

    def _insert(self, table: sa.Table, rows: Sequence[dict[Any, Any]]) -> None:
        if rows:
            self._writer_connection().execute(sa.insert(table), rows)

    def _write(self, statement: sa.Delete) -> int:
        return self._writer_connection().execute(statement).rowcount

    def _writer_connection(self) -> sa.Connection:
        if self._writer is None:
            raise StudyError("nothing may be stored outside 'with store.writing()'")
        return self._writer

    def _rows(self, query: sa.Select[Any] | sa.TextClause) -> list[dict[str, Any]]:
        if self._writer is not None:
            return [dict(row) for row in self._writer.execute(query).mappings()]
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _table(self, table: sa.Table, contract: TableContract) -> pd.DataFrame:
        columns = [table.c[name] for name in contract.names]
        rows = self._rows(sa.select(*columns))
        return contract.check(pd.DataFrame(rows, columns=list(contract.names)), source=self.path.name)


def _records(frame: pd.DataFrame, table: sa.Table) -> list[dict[Any, Any]]:
    names = [c.name for c in table.columns if c.name in frame.columns]
    wanted = frame[names].astype(object)
    return wanted.where(wanted.notna(), None).to_dict("records")


def _turn(row: Any) -> Turn:
    return Turn(
        number=row.turn,
        speaker=row.speaker,
        role=Role(row.role),
        start_char=row.start_char,
        end_char=row.end_char,
        start_s=None if pd.isna(row.start_s) else row.start_s,
        end_s=None if pd.isna(row.end_s) else row.end_s,
    )


def _questions(transcript: Transcript) -> dict[int, str]:
    """Return, for each turn's number, the words of the last turn before it that no participant spoke."""
    questions: dict[int, str] = {}
    last = ""
    for turn in transcript.turns:
        questions[turn.number] = last
        if turn.role is not Role.PARTICIPANT:
            last = transcript.words(turn)
    return questions
