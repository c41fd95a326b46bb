"""Paragraphs and tables of a word processor's file, and the turns in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from subtheme.nouns import Doubt, Role, canonical_text
from subtheme.transcripts.columns import Columns, columns_by_look, first_line, words_column
from subtheme.transcripts.draft import Draft, Source, Span, plural
from subtheme.transcripts.lines import LineMarks
from subtheme.transcripts.plain_text import found_draft, turns_of_text
from subtheme.transcripts.stamps import is_stamp, times_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph.

    Attributes
    ----------
    text : str
        May hold line ends where the paragraph holds line breaks.
    looks : frozenset of str
        How all of its words look: ``bold``, ``italic``, ``coloured``, ``highlighted``, ``indented``, ``listed``.
    is_heading : bool
        Whether it is in a heading or title style.
    """

    text: str = field(repr=False)
    looks: frozenset[str] = frozenset()
    is_heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table: rows of cells' texts."""

    rows: tuple[tuple[str, ...], ...] = field(repr=False)


def draft_of_blocks(blocks: Sequence[Paragraph | Table], *, source: Source, notes: Sequence[str] = ()) -> Draft:
    """Return the draft of a word processor's file.

    If a table holds turns, the text is rendered from all blocks in order and only the tables' rows
    are turns. Otherwise the paragraphs, one a line, are read like plain text.

    Parameters
    ----------
    blocks : sequence of Paragraph or Table
    source : Source
    notes : sequence of str
        What the reader of the package has to say.
    """
    found = {id(b): columns for b in blocks if isinstance(b, Table) and (columns := columns_by_look(b.rows))}
    if found:
        return _draft_of_tables(blocks, found, source=source, notes=notes)
    lines: list[str] = []
    looks: dict[str, set[int]] = {"bold": set()}
    headings: set[int] = set()
    soft: set[int] = set()
    doubts: list[Doubt] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            parts = canonical_text(block.text, where=source.name).split("\n")
            own = range(len(lines), len(lines) + len(parts))
            soft |= {i for i in own[1:] if parts[i - own.start - 1].strip()}
            if block.is_heading:
                headings |= set(own)
            else:
                for look in block.looks:
                    looks.setdefault(look, set()).update(i for i in own if parts[i - own.start].strip())
            lines += parts
        else:
            rows, found_doubts = _rows_of_words(block, source)
            doubts += found_doubts
            for row in rows:
                lines += canonical_text(row, where=source.name).split("\n")
    text = "\n".join(lines)
    marks = LineMarks(
        bold=frozenset(looks.pop("bold")),
        headings=frozenset(headings),
        soft=frozenset(soft),
        others={look: frozenset(found) for look, found in sorted(looks.items())},
    )
    turns = turns_of_text(text, source=source, marks=marks)
    turns = replace(turns, doubts=(*turns.doubts, *doubts))
    return found_draft(text, turns, source=source, encoding="binary", notes=notes)


def _rows_of_words(table: Table, source: Source) -> tuple[list[str], list[Doubt]]:
    """Return the rows of a table without speakers: its one column of words, or all cells with tabs between them."""
    columns = words_column(table.rows)
    if columns is None:
        return ["\t".join(row) for row in table.rows], []
    rows = [row[columns.text] for row in table.rows[columns.has_header :] if columns.text < len(row)]
    return rows, _doubts_on(columns, source)


def _doubts_on(columns: Columns, source: Source) -> list[Doubt]:
    if not columns.doubtful:
        return []
    which = ", ".join(str(i + 1) for i in columns.doubtful)
    return [
        Doubt(
            what=f"column {which} of a table is left out: it may hold speech, or the coder's codes and notes",
            where=source.name,
            remedy=f"Column {columns.text + 1} is taken for the words. Head the others (Codes, Notes), or delete them",
        )
    ]


def _draft_of_tables(
    blocks: Sequence[Paragraph | Table], found: dict[int, Columns], *, source: Source, notes: Sequence[str]
) -> Draft:
    parts: list[str] = []
    spans: list[Span] = []
    at = 0
    outside = 0
    doubts: list[Doubt] = []
    for block in blocks:
        columns = found.get(id(block))
        if isinstance(block, Table) and columns is not None:
            doubts += _doubts_on(columns, source)
            for row in block.rows[columns.has_header :]:
                for speaker, role, words, start_s, end_s in _cells(row, columns, source.name):
                    if not words:
                        continue
                    lead = f"{speaker}: " if speaker else ""
                    spans.append(
                        Span(
                            speaker=speaker,
                            start_char=at + len(lead),
                            end_char=at + len(lead) + len(words),
                            start_s=start_s,
                            end_s=end_s,
                            role=role,
                        )
                    )
                    parts.append(f"{lead}{words}\n\n")
                    at += len(parts[-1])
            continue
        lines = [block.text] if isinstance(block, Paragraph) else ["\t".join(row) for row in block.rows]
        for line in lines:
            if line.strip():
                outside += 1
                parts.append(canonical_text(line, where=source.name).strip() + "\n\n")
                at += len(parts[-1])
    if outside:
        notes = (
            *notes,
            f"{plural(outside, 'paragraph')} outside the table of turns left out of the turns (kept in the text)",
        )
    kind = source.suffix.removeprefix(".")
    return Draft(
        text="".join(parts),
        spans=tuple(spans),
        grammar=f"{kind}/table",
        encoding="binary",
        notes=tuple(notes),
        doubts=tuple(doubts),
    )


def _cells(
    row: Sequence[str], columns: Columns, where: str
) -> Iterator[tuple[str, Role | None, str, float | None, float | None]]:
    """Yield speaker, role, words and times of a row: one turn, or a question and its answer."""

    def cell(i: int | None) -> str:
        return canonical_text(row[i], where=where).strip() if i is not None and i < len(row) else ""

    named = cell(columns.speaker)
    speaker = " ".join(first_line(named).rstrip(":：").split())
    stamp = cell(columns.start) or next((line for line in named.split("\n") if is_stamp(line)), "")
    start_s, end_s = times_of(stamp) if stamp else (None, None)
    if columns.end is not None and cell(columns.end):
        end_s = times_of(cell(columns.end))[0]
    if columns.question is not None:
        yield speaker, Role.INTERVIEWER, cell(columns.question), start_s, None
        yield speaker, Role.PARTICIPANT, cell(columns.text), None, end_s
    else:
        yield speaker, None, cell(columns.text), start_s, end_s
