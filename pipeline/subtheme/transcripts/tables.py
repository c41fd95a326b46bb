"""Tables of turns: .csv and .xlsx with a column map, and tab-separated text as NVivo writes it."""

from collections.abc import Sequence

from subtheme.errors import InputError, Problem
from subtheme.nouns import folded
from subtheme.tablefiles import Sheet, book_of
from subtheme.transcripts.columns import USUAL_NAMES, Columns, columns_by_look, columns_by_name
from subtheme.transcripts.draft import Draft, Source, Span, Utterance, plural, span_within
from subtheme.transcripts.rendering import rendered
from subtheme.transcripts.stamps import times_of


def read_csv(source: Source) -> list[Draft]:
    """Read a .csv with a header; one transcript for each value of the transcript column.

    Raises
    ------
    InputError
        If the table or its header cannot be read.
    """
    book = book_of(source.data, name=source.name, encoding=source.encoding, remedy="")
    return _drafts(book.sheet(), source=source, encoding=book.encoding, grammar="csv/columns")


def read_xlsx(source: Source) -> list[Draft]:
    """Read the first sheet of an .xlsx; one transcript for each value of the transcript column.

    Raises
    ------
    InputError
        If the package is locked, damaged or hostile, or its header cannot be read.
    """
    book = book_of(source.data, name=source.name)
    others = len(book.names) - 1
    notes = [f"{plural(others, 'further sheet')} left out: only the first is read"] if others else []
    return _drafts(book.sheet(), source=source, encoding=book.encoding, grammar="xlsx/columns", notes=notes)


def draft_of_columns(text: str, *, source: Source, encoding: str) -> Draft | None:
    """Return the draft of tab-separated columns, or None where text has none.

    They need a header with two of the usual names, or three columns that look like time, speaker and words.

    The file's own text stays the canonical text; spans lie on the cells of words.

    Parameters
    ----------
    text : str
        Canonical text.
    source : Source
    encoding : str
    """
    lines = text.split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return None
    at = sum(len(line) + 1 for line in lines[:first])
    header = lines[first].split("\t")
    usual = {n for names in USUAL_NAMES.values() for n in names}
    if len(header) > 1 and sum(folded(h) in usual for h in header) > 1:
        columns = columns_by_name(header, columns=source.columns, where=f"{source.name}, line {first + 1}")
    elif len(header) in (3, 4) and (look := columns_by_look([line.split("\t") for line in lines if line.strip()])):
        columns = look
    else:
        return None
    spans: list[Span] = []
    odd = 0
    scale = 1000 if _are_milliseconds([line.split("\t") for line in lines[first + 1 :]], columns) else 1
    for i, line in enumerate(lines[first:]):
        cells = line.split("\t")
        if line.strip() and (i or not columns.has_header):
            if len(cells) == len(header):
                spans += _span_of_row(text, at, cells, columns, scale)
            else:
                odd += 1
        at += len(line) + 1
    notes = (
        (f"{plural(odd, 'row')} of another number of columns than the header left out of the turns (kept in the text)",)
        if odd
        else ()
    )
    kind = source.suffix.removeprefix(".")
    return Draft(text=text, spans=tuple(spans), grammar=f"{kind}/columns", encoding=encoding, notes=notes)


def _are_milliseconds(rows: Sequence[Sequence[str]], columns: Columns) -> bool:
    """Return whether start and end are whole numbers, most of them more than a minute of seconds apart.

    Whisper's .tsv counts milliseconds and does not say so; nobody speaks for more than a minute in half of all rows.
    """
    if columns.start is None or columns.end is None:
        return False
    pairs = [(_cell(r, columns.start), _cell(r, columns.end)) for r in rows]
    whole = [(int(a), int(b)) for a, b in pairs if a.isdecimal() and b.isdecimal()]
    return len(whole) == sum(bool(a or b) for a, b in pairs) and 2 * sum(b - a > 60 for a, b in whole) > len(whole)


def _span_of_row(text: str, at: int, cells: Sequence[str], columns: Columns, scale: int) -> list[Span]:
    start = at + sum(len(c) + 1 for c in cells[: columns.text])
    start, end = span_within(text, start, start + len(cells[columns.text]))
    if end - start > 1 and text[start] == '"' == text[end - 1]:
        start, end = span_within(text, start + 1, end - 1)
    if start == end:
        return []
    start_s, end_s = (None if t is None else t / scale for t in _times(cells, columns))
    return [Span(speaker=_cell(cells, columns.speaker), start_char=start, end_char=end, start_s=start_s, end_s=end_s)]


def _drafts(sheet: Sheet, *, source: Source, encoding: str, grammar: str, notes: Sequence[str] = ()) -> list[Draft]:
    number = sheet.heading([name for names in USUAL_NAMES.values() for name in names])
    header = sheet.rows[number - 1]
    numbered = [(n, row) for n, row in enumerate(sheet.rows, start=1) if n > number and any(c.strip() for c in row)]
    columns = columns_by_name(header, columns=source.columns, where=f"{source.name}, row {number}")
    by_participant = columns.transcript is None and columns.speaker is None and columns.participant is not None
    groups: dict[str, list[Utterance]] = {}
    nameless: list[int] = []
    for n, row in numbered:
        words = _cell(row, columns.text)
        if not words:
            continue
        key = _cell(row, columns.participant if by_participant else columns.transcript)
        if not key and (by_participant or columns.transcript is not None):
            nameless.append(n)
        start_s, end_s = _times(row, columns)
        speaker = _cell(row, columns.speaker) or (_cell(row, columns.participant) if columns.speaker is None else "")
        groups.setdefault(key, []).append(Utterance(speaker=speaker, words=words, start_s=start_s, end_s=end_s))
    if nameless:
        part = "participant" if by_participant else "transcript"
        raise InputError(
            [
                Problem(
                    what=f"an empty {part} cell beside words", where=f"{source.name}, row {n}", expected=f"a {part}"
                )
                for n in nameless[:20]
            ]
        )
    return [
        rendered(g, where=source.name, grammar=grammar, encoding=encoding, notes=notes, id=key)
        for key, g in groups.items()
    ]


def _cell(row: Sequence[str], i: int | None) -> str:
    return row[i].strip() if i is not None and i < len(row) else ""


def _times(row: Sequence[str], columns: Columns) -> tuple[float | None, float | None]:
    start, end = _cell(row, columns.start), _cell(row, columns.end)
    start_s, end_s = times_of(start) if start else (None, None)
    return start_s, times_of(end)[0] if end else end_s
