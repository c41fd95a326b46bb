"""Columns of a table of turns: which one holds time, speaker and words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from subtheme.errors import InputError, Problem, suggestion
from subtheme.nouns import folded
from subtheme.transcripts.draft import ColumnMap
from subtheme.transcripts.labels import is_speaker_shaped
from subtheme.transcripts.stamps import is_stamp

_LONGEST_NAME = 30

USUAL_NAMES: dict[str, tuple[str, ...]] = {
    part: tuple(map(folded, names.split("|")))
    for part, names in {
        "transcript": "transcript|transcript_id|interview|interview_id|document|document name|file",
        "speaker": (
            "speaker|speaker name|speaker_name|name|who|speaker label|sprecher|sprecherin|person|"
            "sprecher/in|sprechende|hablante|locuteur|locutrice|intervenant|falante|locutor|orador|"
            "parlante|interlocutore|spreker|talare|taler|puhuja|mówca|говорящий|спикер|konuşmacı|"
            "发言人|说话人|話者|発言者|화자"
        ),
        "text": (
            "text|content|words|utterance|response|answer|comment|transcription|speech|dialog|"
            "dialogue|caption|body|sentence|äußerung|inhalt|redebeitrag|antwort|wortlaut|aussage|"
            "texto|contenido|respuesta|intervención|texte|contenu|réponse|parole|propos|fala|"
            "conteúdo|resposta|testo|contenuto|risposta|battuta|tekst|inhoud|antwoord|uiting|"
            "innehåll|yttrande|svar|innhold|ytring|teksti|puhe|wypowiedź|текст|реплика|metin|内容|"
            "文本|発言|본문|내용"
        ),
        "start": (
            "start|start_s|start time|begin|timespan|time|timestamp|start_time|in|timecode|zeit|"
            "beginn|zeitmarke|hora|tiempo|inicio|início|heure|temps|début|tempo|inizio|tijd|tid|"
            "aika|czas|время|時間|时间|시간"
        ),
        "end": "end|end_s|end time|end_time|out|ende|fin|fim|fine|einde|slut|slutt",
        "participant": "participant|participant_id|respondent|respondent_id",
    }.items()
}
"""The names that are tried, whatever the case, where a column map does not say."""

QUESTION_NAMES = (
    "question",
    "questions",
    "frage",
    "pregunta",
    "question posée",
    "pergunta",
    "domanda",
    "vraag",
    "fråga",
)
"""Headings of a column of questions beside one of answers."""

_ASIDE = (
    *("code", "codes", "initial codes", "theme", "themes", "sub-theme", "category", "kode", "kodierung", "código"),
    *("note", "notes", "memo", "memos", "notizen", "notas", "remarques", "comment", "comments", "remarks", "line"),
    *("no", "no.", "nr", "nr.", "#", "index", "id", "turn", "zeile", "row", "number", "marker name", "datum", "date"),
)
"""Headings of columns that hold no speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Positions of the columns in a row; None where a table has no such column.

    Attributes
    ----------
    text : int
    speaker, start, end, transcript, participant : int or None
    has_header : bool
        Whether the first row holds names and no speech.
    question : int or None
        What the interviewer asks, in a table with a question and its answer in each row.
    doubtful : tuple of int
        Columns that hold neither speech nor anything else that is known: codes, perhaps.
    """

    text: int
    question: int | None = None
    doubtful: tuple[int, ...] = ()
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
    if text is None and found["transcript"] is not None and columns.transcript is None:
        # Beside speakers, a column called "transcript" holds what they say.
        if found["speaker"] is None:
            found["speaker"], found["participant"] = found["participant"], None
        if found["speaker"] is not None:
            text, found["transcript"] = found["transcript"], None
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

    A header with usual names for text and speaker decides, or one of questions and answers. Otherwise one column must
    hold short names of which one comes again, and another words; of several with words, the longest. Columns of times
    and numbers may stand beside them; what else holds letters is doubtful.

    Parameters
    ----------
    rows : sequence of sequence of str
        Rows of one table, of equal or unequal length.
    """
    if not rows:
        return None
    try:
        named = columns_by_name(rows[0], columns=ColumnMap(), where="")
    except InputError:
        named = None
    if named is not None and named.speaker is not None and len(rows) > 1:
        return replace(named, doubtful=_unknown(rows, named))
    return _questions_and_answers(rows) or _by_cells(rows)


def words_column(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Return the one column that holds the words of a table without speakers, or None where that is not to be seen.

    It has more letters than all others together; beside it stand numbers, times, or short notes and codes.
    """
    width = max((len(r) for r in rows), default=0)
    if width < 2 or len(rows) < 2:
        return None
    sizes = [sum(len(_at(r, i)) for r in rows) for i in range(width)]
    text = max(range(width), key=lambda i: sizes[i])
    if 2 * sizes[text] <= sum(sizes) or sum(bool(_at(r, text)) for r in rows) * 3 < 2 * len(rows):
        return None
    has_header = _is_heading(rows[0], text, rows)
    found = Columns(text=text, has_header=has_header)
    return replace(found, doubtful=_unknown(rows, found))


def _questions_and_answers(rows: Sequence[Sequence[str]]) -> Columns | None:
    header = [folded(h) for h in rows[0]]
    asked = [i for i, h in enumerate(header) if h in QUESTION_NAMES]
    answers = [i for i, h in enumerate(header) if h in USUAL_NAMES["text"]]
    if len(asked) == 1 == len(answers) and len(rows) > 1:
        return Columns(text=answers[0], question=asked[0])
    return None


def _by_cells(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Return the columns by what their cells look like: times, numbers, a few names that come again, words."""
    width = max(len(r) for r in rows)
    if width < 2 or len(rows) < 2:
        return None
    body = list(rows)
    cells = {i: [_at(r, i) for r in body] for i in range(width)}
    times = [i for i in cells if _all(cells[i], is_stamp)]
    numbers = [i for i in cells if i not in times and _all(cells[i], str.isdecimal)]
    rest = [i for i in cells if i not in (*times, *numbers)]
    names = [i for i in rest if _are_names(cells[i])]
    words = [i for i in rest if i not in names]
    if len(names) != 1 or not words:
        return None
    text = max(words, key=lambda i: sum(map(len, cells[i])))
    found = Columns(text=text, speaker=names[0], start=times[0] if times else None, has_header=False)
    return replace(found, doubtful=_unknown(rows, found))


def _are_names(cells: Sequence[str]) -> bool:
    names = [first_line(c).rstrip(":：").strip() for c in cells]
    filled = [n for n in names if n]
    return bool(filled) and all(map(is_speaker_shaped, filled)) and len({n.casefold() for n in filled}) < len(names)


def first_line(cell: str) -> str:
    """Return the first line of a cell that is not a time: a time may stand under the speaker."""
    return next((line.strip() for line in cell.split("\n") if line.strip() and not is_stamp(line)), "")


def _unknown(rows: Sequence[Sequence[str]], columns: Columns) -> tuple[int, ...]:
    """Return the columns with letters in them that are neither used nor headed as something else than speech."""
    used = {columns.text, columns.speaker, columns.start, columns.end, columns.transcript, columns.participant}
    used.add(columns.question)
    width = max(len(r) for r in rows)
    return tuple(
        i
        for i in range(width)
        if i not in used
        and not (columns.has_header and folded(_at(rows[0], i)) in _ASIDE)
        and any(c.isalpha() for r in rows[columns.has_header :] for c in _at(r, i))
    )


def _is_heading(row: Sequence[str], text: int, rows: Sequence[Sequence[str]]) -> bool:
    usual = {n for names in USUAL_NAMES.values() for n in names} | set(_ASIDE)
    known = sum(folded(c) in usual for c in row if c.strip())
    return known > 0 and len(_at(row, text)) * len(rows) < sum(len(_at(r, text)) for r in rows)


def _all(cells: Sequence[str], is_so: Callable[[str], bool]) -> bool:
    filled = [c.strip() for c in cells if c.strip()]
    return bool(filled) and all(map(is_so, filled))


def _at(row: Sequence[str], i: int) -> str:
    return row[i] if i < len(row) else ""


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
