"""Rows of a bundle: what must stand in them, so that nothing that reads a study stumbles over a stranger's."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from subtheme.errors import InputError, Problem, shown
from subtheme.files import schema
from subtheme.files.log import digest_of_content
from subtheme.nouns import Basis, Direction, EventKind, Role, Verdict

_MOST_NAMED = 5
_MOST_INT = 1 << 62
_UNFIT = re.compile("[\x00\ud800-\udfff]")
_REMEDY = "The file is damaged: have it written again with 'subtheme export'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table of a bundle.

    Attributes
    ----------
    table : sqlalchemy.Table
        Where its rows stand in a store.
    beside : tuple of str
        Columns that stand elsewhere in the bundle.
    """

    table: sa.Table
    beside: tuple[str, ...] = ()

    @property
    def member(self) -> str:
        """Name of the member, with one JSON object per line."""
        return f"{self.table.name}.jsonl"

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that stand in it, in order."""
        return tuple(c.name for c in self.table.columns if c.name not in self.beside)


PARTS = (
    Part(table=schema.events),
    Part(table=schema.contents),
    Part(table=schema.participants),
    Part(table=schema.transcripts, beside=("text",)),
    Part(table=schema.turns),
    Part(table=schema.segments),
    Part(table=schema.proposals),
)

_ORIGINS = (*(b.word for b in Basis), "")
_VALUES: dict[str, tuple[str, ...]] = {
    EventKind.CODED: tuple(d.value for d in Direction),
    EventKind.ANSWERED: tuple(v.value for v in Verdict if v is not Verdict.RETRACT),
}


def checked_rows(data: bytes, part: Part, *, where: str) -> list[dict[str, Any]]:
    """Return the rows of a member, each with the columns of its table and nothing else.

    Raises
    ------
    InputError
        If a line is no JSON object, lacks a column, has one too many, or a value is of another type.
    """
    rows = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line:
            continue
        place = f"{where} ({part.member}, line {number})"
        try:
            row = json.loads(line.decode("utf-8"))
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict) or set(row) != set(part.columns):
            raise InputError(_damaged("a line that is no row of its table", place))
        for name in part.columns:
            column = part.table.columns[name]
            if not _fits(row[name], column):
                raise InputError(_damaged(f"'{name}' cannot be read", place))
        rows.append(row)
    key = [c.name for c in part.table.primary_key.columns]
    if len({tuple(row[k] for k in key) for row in rows}) < len(rows):
        raise InputError(_damaged(f"a row twice ({', '.join(key)})", f"{where} ({part.member})"))
    return rows


def wrong_events(tables: Mapping[str, Sequence[Mapping[str, Any]]], *, where: str) -> list[Problem]:
    """Return what is wrong with the log of a bundle: words that no event has, and places that the bundle lacks."""
    lengths = {row["transcript"]: len(row["text"]) for row in tables["transcripts"]}
    owner = {row["segment"]: row["transcript"] for row in tables["segments"]}
    texts = {row["digest"]: row["text"] for row in tables["contents"]}
    problems = [_damaged(what, where) for what in _wrong_tables(tables, lengths)][:_MOST_NAMED]
    seen: set[tuple[str, object]] = set()
    for row in tables["events"]:
        place = f"{where} (event {row['seq']})"
        twice = {(row["replica"], row["number"]), (row["replica"], row["uid"])} & seen
        seen |= {(row["replica"], row["number"]), (row["replica"], row["uid"])}
        if twice or not row["uid"] or not row["replica"]:
            problems.append(_damaged("an event that stands twice, or without a name", place))
        elif row["kind"] not in set(EventKind):
            problems.append(
                Problem(
                    what=f"an event of the kind {shown(row['kind'])}, which is not known here",
                    where=place,
                    expected=f"one of {', '.join(EventKind)}",
                    remedy="A later subtheme may have written it: update subtheme here",
                )
            )
        elif (what := wrong_words(row, texts)) or (what := _wrong_place(row, lengths, owner)):
            problems.append(Problem(what=what, where=place, expected=_EXPECTED, remedy=_REMEDY))
        if len(problems) >= _MOST_NAMED:
            break
    return problems


_EXPECTED = "an event about what the bundle holds"


def _wrong_tables(tables: Mapping[str, Sequence[Mapping[str, Any]]], lengths: Mapping[str, int]) -> Iterator[str]:
    """Iterate over what cannot be in tables that a study wrote."""
    for row in tables["contents"]:
        if digest_of_content(row["text"]) != row["digest"]:
            yield "a memo, or a set of codes, that has not the digest it is named by"
    people = {row["participant"] for row in tables["participants"]}
    for row in tables["turns"]:
        if row["role"] not in set(Role) or not _lies_in(row, lengths, least=0):
            yield f"turn {row['turn']} of transcript '{row['transcript']}' cannot be read"
    orders = set()
    for row in tables["segments"]:
        if (
            not _lies_in(row, lengths)
            or row["participant"] not in people
            or (row["transcript"], row["order"]) in orders
        ):
            yield f"segment '{row['segment']}' cannot be placed"
        orders.add((row["transcript"], row["order"]))
    segments = {row["segment"] for row in tables["segments"]}
    for row in tables["proposals"]:
        if row["segment"] not in segments:
            yield f"a proposal for the segment '{row['segment']}', which is not there"


def _lies_in(row: Mapping[str, Any], lengths: Mapping[str, int], *, least: int = 1) -> bool:
    start, end = row["start_char"], row["end_char"]
    return bool(0 <= start <= end - least and end <= lengths.get(row["transcript"], -1))


def wrong_words(row: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """Return what of an event no projection could read; empty where all is well."""
    kind, values = row["kind"], _VALUES.get(row["kind"])
    if row["origin"] not in _ORIGINS or (values and not row["origin"]):
        return "an unknown origin of a judgement"
    if values and row["value"] not in values:
        return f"an unknown value for {'a coding' if kind == EventKind.CODED else 'an answer'}"
    if values and not (row["coder"] and row["code"]):
        return "a judgement by nobody, or of no code"
    try:
        seen, codes = json.loads(row["shown"]), json.loads(texts.get(row["codes"], "{}"))
        is_read = isinstance(seen, dict) and all(isinstance(meant, str) for meant in codes.values())
    except (ValueError, RecursionError, AttributeError):
        is_read = False
    return "" if is_read else "what was shown, or the codes of a reading, cannot be read"


def _wrong_place(row: Mapping[str, Any], lengths: Mapping[str, int], owner: Mapping[str, str]) -> str:
    """Return what an event is about that the bundle does not hold; empty where it holds it."""
    if row["segment"] and row["segment"] not in owner:
        return "a judgement on a segment that the study does not have"
    if row["transcript"] and row["transcript"] not in lengths:
        return "an event about a transcript that the study does not have"
    transcript = row["transcript"] or owner.get(row["segment"], "")
    if (row["start_char"], row["end_char"]) != (-1, -1) and not _lies_in({**row, "transcript": transcript}, lengths):
        return "a span that lies in no text"
    return ""


def _fits(value: object, column: "sa.Column[Any]") -> bool:
    if value is None:
        return bool(column.nullable)
    if isinstance(column.type, sa.Float):
        return isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(value)
    if isinstance(column.type, sa.Integer):
        return type(value) is int and -_MOST_INT < value < _MOST_INT
    return isinstance(value, str) and _UNFIT.search(value) is None


def _damaged(what: str, where: str) -> Problem:
    return Problem(what=what, where=where, expected="a study as 'subtheme export' writes it", remedy=_REMEDY)
