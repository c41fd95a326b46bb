"""Columns of a table of turns: which one holds time, speaker and words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from subtheme.errors import InputError, Problem, suggestion
from subtheme.nouns import folded
from subtheme.transcripts.draft import ColumnMap
from subtheme.transcripts.labels import is_speaker_shaped
from subtheme.transcripts.stamps import is_stamp

_LONGEST_NAME = 30

USUAL_NAMES: dict[str, tuple[str, ...]] = {
    "transcript": ("transcript", "transcript_id", "interview", "interview_id", "document", "document name", "file"),
    "speaker": ("speaker", "speaker name", "speaker_name", "name", "who"),
    "text": ("text", "content", "words", "utterance", "response", "answer", "comment", "transcription", "speech"),
    "start": ("start", "start_s", "start time", "begin", "timespan", "time", "timestamp", "start_time"),
    "end": ("end", "end_s", "end time", "end_time"),
    "participant": ("participant", "participant_id", "respondent", "respondent_id"),
}
"""The names that are tried, whatever the case, where a column map does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Positions of the columns in a row; None where a table has no such column.

    Attributes
    ----------
    text : int
    speaker, start, end, transcript, participant : int or None
    has_header : bool
        Whether the first row holds names and no speech.
    """

    text: int
    speaker: int | None = None
    start: int | None = None
    end: int | None = None
    transcript: int | None = None
    participant: int | None = None
    has_header: bool = True


def columns_by_name(header: Sequence[str], *, columns: ColumnMap, where: str) -> Columns:
    """Return the columns that `columns` or the usual names find in `header`.

    Raises
    ------
    InputError
        If a named column is missing, occurs twice, or there is no column of text.
    """
    headings = [folded(h) for h in header]
    found: dict[str, int | None] = {}
    problems: list[Problem] = []
    for part, usual in USUAL_NAMES.items():
        given: str | None = getattr(columns, part)
        names = [folded(given)] if given is not None else [n for n in usual if n in headings][:1]
        found[part] = None
        if not names:
            continue
        count = headings.count(names[0])
        if count == 1:
            found[part] = headings.index(names[0])
        else:
            what = f"column '{given or names[0]}' " + ("is missing" if count == 0 else "occurs twice")
            problems.append(Problem(what=what, where=where, remedy=_remedy(given or names[0], header)))
    text = found["text"]
    if text is None and not problems:
        problems.append(
            Problem(
                what="no column of text",
                where=where,
                expected=f"one called {', '.join(USUAL_NAMES['text'])}",
                remedy=f"Head it so, or leave the file out where it is no transcript. {_remedy('text', header)}",
            )
        )
    if problems or text is None:
        raise InputError(problems)
    return Columns(
        text=text,
        speaker=found["speaker"],
        start=found["start"],
        end=found["end"],
        transcript=found["transcript"],
        participant=found["participant"],
    )


def columns_by_look(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Return the columns of a table of turns, or None where it does not look like one.

    A header with usual names for text and speaker decides. Otherwise a table of two or three columns
    counts if one column is short names (each row, one of them at least twice), one is the words (the longest), and a
    third, where there is one, is times.

    Parameters
    ----------
    rows : sequence of sequence of str
        Rows of one table, of equal or unequal length.
    """
    if not rows:
        return None
    width = len(rows[0])
    try:
        named = columns_by_name(rows[0], columns=ColumnMap(), where="")
    except InputError:
        named = None
    if named is not None and named.speaker is not None and len(rows) > 1:
        return named
    if width not in (2, 3) or any(len(r) != width for r in rows) or len(rows) < 2:
        return None
    cells = list(zip(*rows, strict=True))
    times = [i for i, column in enumerate(cells) if all(is_stamp(c) for c in column if c.strip()) and any(column)]
    rest = [i for i in range(width) if i not in times]
    if len(rest) != 2 or len(times) != width - 2:
        return None
    speaker, text = sorted(rest, key=lambda i: sum(map(len, cells[i])))
    names = [c.strip().rstrip(":：").strip() for c in cells[speaker]]
    if not all(is_speaker_shaped(n) for n in names if n) or len({n.casefold() for n in names if n}) >= len(names):
        return None
    found = Columns(text=text, speaker=speaker, has_header=False)
    return replace(found, start=times[0]) if times else found


def _remedy(name: str, header: Sequence[str]) -> str:
    near = suggestion(name, header)
    if near:
        return near
    # A first row that is no header may hold words of the interview: show it only if all of it looks like names.
    if all(
        len(h) <= _LONGEST_NAME and len(h.split()) <= 3 and not h.rstrip().endswith((".", "?", "!")) for h in header
    ):
        return f"Found: {', '.join(h for h in header if h.strip())}"
    return f"Found: {len(header)} columns, not all of them named"
