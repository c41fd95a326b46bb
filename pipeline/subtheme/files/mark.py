"""Marks: what a coder does at the review page besides deciding. Appended like decisions, never changed."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from subtheme.files.chain import MARK_CONTENT, rechained
from subtheme.files.log import end_of, known_uids
from subtheme.files.schema import marks


class MarkKind(StrEnum):
    """What a coder did."""

    FINISH = "finish"
    """Went on: the segment has been read. In the blind arm, a code that was not applied then does not apply."""
    FLAG = "flag"
    """Set the segment aside to come back to."""
    UNFLAG = "unflag"
    MEMO = "memo"
    """Wrote a memo on a code of the segment, or on the segment (an empty code)."""
    EVIDENCE = "evidence"
    """Opened the evidence of a proposal."""
    REVEAL = "reveal"
    """Had the proposals shown after an answer of one's own."""
    UNDO = "undo"
    """Took back the mark that `reply_to` names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark.

    Attributes
    ----------
    uid : str
        Made by whoever records it, so that a repeated delivery is stored once.
    coder, segment : str
    kind : MarkKind
    code : str
        Id of the code where the mark is about one; empty otherwise.
    reply_to : str
        `uid` of the mark that this one takes back; empty otherwise.
    memo : str
    shown : str
        JSON of what the coder had on the screen.
    at_us : int
        Time in microseconds since 1970-01-01 UTC.
    """

    uid: str
    coder: str
    segment: str
    kind: MarkKind
    code: str = ""
    reply_to: str = ""
    memo: str = ""
    shown: str = "{}"
    at_us: int = 0


def append_marks(connection: sa.Connection, new: list[Mark]) -> int:
    """Append marks inside the transaction of `connection`; return how many were not stored before."""
    known = known_uids(connection, marks, [m.uid for m in new])
    fresh: list[dict[str, Any]] = [asdict(m) | {"kind": m.kind.value} for m in new if m.uid not in known]
    seq, head = end_of(connection, marks)
    rows = list(rechained(fresh, content=MARK_CONTENT, seq=seq, head=head))
    if rows:
        connection.execute(sa.insert(marks), rows)
    return len(rows)


def mark_of(row: dict[str, Any]) -> Mark:
    """Return the mark that a row of the table holds."""
    return Mark(**{**row, "kind": MarkKind(row["kind"])})
