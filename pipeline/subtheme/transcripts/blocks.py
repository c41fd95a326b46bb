"""Paragraphs and tables of a word processor's file, and the turns in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from subtheme.nouns import canonical_text
from subtheme.transcripts.columns import Columns, columns_by_look
from subtheme.transcripts.draft import Draft, Source, Span, plural
from subtheme.transcripts.lines import LineMarks
from subtheme.transcripts.plain_text import found_draft, turns_of_text
from subtheme.transcripts.stamps import times_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph.

    Attributes
    ----------
    text : str
        May hold line ends where the paragraph holds line breaks.
    is_bold : bool
        Whether all of its words are bold.
    is_heading : bool
        Whether it is in a heading or title style.
    """

    text: str = field(repr=False)
    is_bold: bool = False
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
    bold: set[int] = set()
    headings: set[int] = set()
    for block in blocks:
        if isinstance(block, Paragraph):
            parts = canonical_text(block.text, where=source.name).split("\n")
            if block.is_heading:
                headings |= set(range(len(lines), len(lines) + len(parts)))
            elif block.is_bold:
                bold |= {len(lines) + i for i, part in enumerate(parts) if part.strip()}
            lines += parts
        else:
            for row in block.rows:
                lines += canonical_text("\t".join(row), where=source.name).split("\n")
    text = "\n".join(lines)
    turns = turns_of_text(text, source=source, marks=LineMarks(bold=frozenset(bold), headings=frozenset(headings)))
    return found_draft(text, turns, source=source, encoding="binary", notes=notes)


def _draft_of_tables(
    blocks: Sequence[Paragraph | Table], found: dict[int, Columns], *, source: Source, notes: Sequence[str]
) -> Draft:
    parts: list[str] = []
    spans: list[Span] = []
    at = 0
    outside = 0
    for block in blocks:
        columns = found.get(id(block))
        if isinstance(block, Table) and columns is not None:
            for row in block.rows[columns.has_header :]:
                speaker, words, start_s, end_s = _cells(row, columns, source.name)
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
        text="".join(parts), spans=tuple(spans), grammar=f"{kind}/table", encoding="binary", notes=tuple(notes)
    )


def _cells(row: Sequence[str], columns: Columns, where: str) -> tuple[str, str, float | None, float | None]:
    def cell(i: int | None) -> str:
        return canonical_text(row[i], where=where).strip() if i is not None and i < len(row) else ""

    speaker = " ".join(cell(columns.speaker).removesuffix(":").split())
    start_s, end_s = times_of(cell(columns.start)) if cell(columns.start) else (None, None)
    if columns.end is not None and cell(columns.end):
        end_s = times_of(cell(columns.end))[0]
    return speaker, cell(columns.text), start_s, end_s
