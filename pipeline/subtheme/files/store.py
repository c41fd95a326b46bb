"""The store: everything of a study that must not be lost, through SQLAlchemy Core."""

import json
import time
from collections.abc import Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from subtheme.errors import Problem, StudyError, shown
from subtheme.files import schema
from subtheme.files.ledger import Ledger
from subtheme.files.rows import digest_of_rows
from subtheme.nouns import (
    PARTICIPANTS,
    PROPOSALS,
    SEGMENTS,
    TURNS,
    Event,
    EventKind,
    Role,
    Transcript,
    Turn,
    content_id,
    rows_of,
    sha256_of_text,
)


class Store(Ledger):
    """Everything of a study that must not be lost: texts, people, proposals, and the log (`Ledger`).

    Parameters
    ----------
    path, url, definitions
        As in `Database`.
    """

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
        turn_rows, segment_rows = _records(turns, schema.turns), _records(segments, schema.segments)
        self._insert(schema.turns, turn_rows)
        self._insert(schema.segments, segment_rows)
        digest = digest_of_rows([{"sha256": transcript.sha256}, *turn_rows, *segment_rows])
        uid = content_id("event", EventKind.TRANSCRIPT.value, transcript.id, digest)
        event = Event(
            uid=uid, kind=EventKind.TRANSCRIPT, transcript=transcript.id, value=digest, at_us=time.time_ns() // 1000
        )
        self.append([event])

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

    def turns(self) -> pd.DataFrame:
        """Return the turns of all transcripts, checked by `TURNS`."""
        return self._table(schema.turns, TURNS)

    def segments(self, transcripts: Sequence[Transcript] | None = None) -> pd.DataFrame:
        """Return the segments of all transcripts with their words and questions, checked by `SEGMENTS`.

        Who has the transcripts already gives them, and they are not read again.
        """
        places = self._rows(sa.select(schema.segments))
        texts = {t.id: t for t in (self.transcripts() if transcripts is None else transcripts)}
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
                        what=f"participant {shown(row.participant)} is in case {shown(row.case)} here",
                        expected=f"case {shown(old.case)}, level {shown(old.level)} as stored before",
                        remedy="A participant belongs to one case: correct the file",
                    )
                )
        if problems:
            raise StudyError(problems)
        self._insert(schema.participants, fresh)
        at_us = time.time_ns() // 1000
        self.append(
            Event(
                uid=content_id("event", EventKind.PARTICIPANT.value, row["participant"], digest),
                kind=EventKind.PARTICIPANT,
                participant=row["participant"],
                value=digest,
                at_us=at_us,
            )
            for row in fresh
            for digest in [digest_of_rows([row])]
        )

    def participants(self) -> pd.DataFrame:
        """Return the participants, checked by `PARTICIPANTS`."""
        return self._table(schema.participants, PARTICIPANTS)

    # -- proposals ----------------------------------------------------------------------------------

    def replace_proposals(self, proposals: pd.DataFrame) -> None:
        """Store proposals (`PROPOSALS`) in place of all earlier ones; decisions keep what they were shown."""
        self.put_proposals(proposals.to_dict("records"))
        digest = digest_of_rows(proposals.to_dict("records"))
        at_us = time.time_ns() // 1000
        uid = content_id("event", EventKind.PROPOSED.value, digest, str(at_us))
        self.append([Event(uid=uid, kind=EventKind.PROPOSED, value=digest, at_us=at_us)])

    def put_proposals(self, rows: Sequence[dict[Any, Any]]) -> None:
        """Store the proposals that an event of the log names already, in place of all others."""
        self._write(sa.delete(schema.proposals))
        self._insert(schema.proposals, rows)

    def table_digests(self) -> dict[tuple[EventKind, str], str]:
        """Return the digest of what the tables hold now of every transcript and participant, and of the proposals."""
        found: dict[tuple[EventKind, str], str] = {}
        own: dict[str, list[dict[str, Any]]] = {name: [{"sha256": d}] for name, d in self.digests().items()}
        for table in (schema.turns, schema.segments):
            for row in self._rows(sa.select(table)):
                own.setdefault(row["transcript"], []).append(row)
        found |= {(EventKind.TRANSCRIPT, name): digest_of_rows(rows) for name, rows in own.items()}
        people = self._rows(sa.select(schema.participants))
        found |= {(EventKind.PARTICIPANT, row["participant"]): digest_of_rows([row]) for row in people}
        found[EventKind.PROPOSED, ""] = digest_of_rows(self._rows(sa.select(schema.proposals)))
        return found

    def proposals(self) -> pd.DataFrame:
        """Return the proposals, checked by `PROPOSALS`."""
        return self._table(schema.proposals, PROPOSALS)


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
