"""Turns in running text: the span of every speaker's words, by the grammar of its labels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from subtheme.nouns import Role
from subtheme.transcripts.draft import Draft, Source, Span, plural, span_within
from subtheme.transcripts.grammars import Grammar, grammar_of
from subtheme.transcripts.labels import Heading
from subtheme.transcripts.lines import NO_MARKS, Line, LineMarks, LineRange, lines_of, marks_of_markdown, paragraphs_of
from subtheme.transcripts.roles import role_of_label
from subtheme.transcripts.stamps import STAMP, times_of

_TRAILING_STAMP = re.compile(rf"\s*(?P<stamp>{STAMP})\s*\Z")
_LEADING_STAMP = re.compile(rf"\s*(?P<stamp>{STAMP})\s*")
_INNER_STAMP = re.compile(r"\#[\d:.,-]+\#|\[\d{1,3}:\d{2}[\d:.,]*\]")
_FOOT = re.compile(r"Transcribed by https?://otter\.ai\s*|.{1,60} (?:started|stopped) transcription\s*")
_MOST_LINES_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Turns of a text.

    Attributes
    ----------
    spans : tuple of Span
    grammar : str
    notes : tuple of str
    """

    spans: tuple[Span, ...]
    grammar: str
    notes: tuple[str, ...]


def draft_of_text(text: str, *, source: Source, encoding: str) -> Draft:
    """Return the draft of running text that is its own canonical text."""
    found = turns_of_text(text, marks=marks_of_markdown(text) if source.suffix == ".md" else NO_MARKS)
    kind = source.suffix.removeprefix(".")
    return Draft(text=text, spans=found.spans, grammar=f"{kind}/{found.grammar}", encoding=encoding, notes=found.notes)


def turns_of_text(text: str, *, marks: LineMarks = NO_MARKS) -> Found:
    """Return the turns of `text`.

    Where only interviewers are labelled, each unlabelled paragraph is a turn of the participant.
    Text without labels becomes turns by paragraph, and bold paragraphs questions if that is the
    pattern.

    Parameters
    ----------
    text : str
        Canonical text.
    marks : LineMarks
    """
    lines = lines_of(text)
    paragraphs = paragraphs_of(lines, marks=marks)
    grammar = grammar_of(lines, paragraphs=paragraphs, marks=marks)
    if not grammar.headings:
        return _unlabelled(text, lines, paragraphs, marks)
    if grammar.name == "label-colon" and _labels_only_questions(grammar.headings, lines):
        return _mixed(text, lines, paragraphs, grammar, marks)
    return _labelled(text, lines, grammar, marks)


def _labels_only_questions(headings: Sequence[Heading], lines: Sequence[Line]) -> bool:
    """Return whether only interviewers are labelled, or a single name at questions."""
    roles = {role_of_label(h.label) for h in headings}
    if roles <= {Role.INTERVIEWER, Role.OTHER}:
        return Role.INTERVIEWER in roles
    asking = sum(lines[h.line].text.rstrip().endswith("?") for h in headings)
    return roles == {None} and len({h.label.casefold() for h in headings}) == 1 and 2 * asking >= len(headings)


def _notes_on(grammar: Grammar) -> list[str]:
    """Return what to check of the labels; lines are named by number, since their words are the interview's."""
    if not grammar.doubtful:
        return []
    shown = ", ".join(str(i + 1) for i in grammar.doubtful[:_MOST_LINES_NAMED])
    more = " and others" if len(grammar.doubtful) > _MOST_LINES_NAMED else ""
    count = plural(len(grammar.doubtful), "paragraph")
    return [f"{count} with a word and a colon in front not taken for a speaker's (line {shown}{more})"]


def _labelled(text: str, lines: Sequence[Line], grammar: Grammar, marks: LineMarks) -> Found:
    """Return turns from label to label; a heading or foot inside parts a turn in two of one speaker."""
    headings = grammar.headings
    starts = {h.line for h in headings}
    closing = {i for i, line in enumerate(lines) if i in marks.headings or _FOOT.fullmatch(line.text.strip())} - starts
    spans: list[Span] = []
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        end_line = following.line if following else len(lines)
        piece = heading
        for i in range(heading.line + 1, end_line):
            if i in closing:
                spans += _stamped(text, piece, lines[i - 1].end_char)
                piece = Heading(line=i, label=heading.label, words_at=lines[i].end_char)
        spans += _stamped(text, piece, lines[end_line - 1].end_char)
    notes = _notes_on(grammar)
    before = sum(not line.is_blank for line in lines[: headings[0].line])
    if before:
        notes.append(f"{plural(before, 'line')} before the first speaker left out of the turns (kept in the text)")
    inner = sum(len(_INNER_STAMP.findall(text, s.start_char, s.end_char)) for s in spans)
    if inner:
        notes.append(f"{plural(inner, 'time stamp')} inside turns stay among the words")
    has_stamps = any(s.start_s is not None or s.end_s is not None for s in spans)
    suffix = "+stamps" if has_stamps and grammar.name == "label-colon" else ""
    return Found(spans=tuple(spans), grammar=grammar.name + suffix, notes=tuple(notes))


def _stamped(text: str, heading: Heading, end: int) -> list[Span]:
    """Return the span of a heading's words, if any, with stamps at either end taken off and kept as times."""
    start, end = span_within(text, heading.words_at, end)
    start_s, end_s = heading.start_s, heading.end_s
    if start_s is None and (match := _LEADING_STAMP.match(text, start, end)) and match.end() < end:
        start_s, end_s = times_of(match["stamp"])
        start = match.end()
    while match := _TRAILING_STAMP.search(text, max(start, end - 40), end):
        if end_s is None:
            end_s = times_of(match["stamp"])[0]
        end = match.start()
    start, end = span_within(text, start, end)
    if start == end:
        return []
    return [Span(speaker=heading.label, start_char=start, end_char=end, start_s=start_s, end_s=end_s)]


def _mixed(
    text: str,
    lines: Sequence[Line],
    paragraphs: Sequence[LineRange],
    grammar: Grammar,
    marks: LineMarks,
) -> Found:
    """Return turns where only interviewers are labelled: other paragraphs are the participant's."""
    by_line = {h.line: h for h in grammar.headings}
    names = {h.label for h in grammar.headings if h.label.isupper() and len(h.label) > 2}
    inline = re.compile(rf"(?<=\s)(?P<label>{'|'.join(map(re.escape, sorted(names)))}):(?=\s)") if names else None
    spans: list[Span] = []
    unlabelled = 0
    for first, last in ((p.first, p.last) for p in paragraphs):
        if first in marks.headings:
            continue
        pieces = [Heading(line=first, label="", words_at=lines[first].start_char)]
        for i in range(first, last + 1):
            if i in by_line:
                pieces.append(by_line[i])
            from_char = by_line[i].words_at if i in by_line else lines[i].start_char
            if inline:
                pieces += [
                    Heading(line=i, label=m["label"], words_at=m.end())
                    for m in inline.finditer(text, from_char, lines[i].end_char)
                ]
        spans += _pieces(text, pieces, end=lines[last].end_char, lines=lines, by_line=by_line)
        unlabelled += len(pieces) == 1
    notes = (
        f"only the interviewer is labelled: {plural(unlabelled, 'unlabelled paragraph')} are taken as the "
        "participant's, one turn each",
        *_notes_on(grammar),
    )
    return Found(spans=tuple(spans), grammar="label-colon-mixed", notes=notes)


def _pieces(
    text: str, pieces: Sequence[Heading], *, end: int, lines: Sequence[Line], by_line: dict[int, Heading]
) -> list[Span]:
    spans: list[Span] = []
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        stop = end
        if following is not None:
            is_at_line = by_line.get(following.line) is following
            stop = lines[following.line].start_char if is_at_line else following.words_at - len(following.label) - 1
        spans += _stamped(text, piece, max(stop, piece.words_at))
    return spans


def _unlabelled(text: str, lines: Sequence[Line], paragraphs: Sequence[LineRange], marks: LineMarks) -> Found:
    bold = [p for p in paragraphs if p.first in marks.bold - marks.headings]
    body = [p for p in paragraphs if p.first not in marks.headings]
    asking = sum(lines[p.last].text.rstrip().endswith("?") for p in bold)
    notes = []
    if len(body) < len(paragraphs) and body:
        notes.append(f"{plural(len(paragraphs) - len(body), 'heading')} left out of the turns (kept in the text)")
    if len(bold) >= 2 and 10 * len(bold) <= 7 * len(body) and 2 * asking >= len(bold):
        notes.append(
            "no speakers are labelled: bold paragraphs are taken as the interviewer's, others as the participant's"
        )
        return Found(spans=tuple(_by_bold(text, lines, body, marks.bold)), grammar="bold-questions", notes=tuple(notes))
    notes.append("no speakers are labelled: every paragraph is a turn of the participant")
    spans = []
    for p in body or paragraphs:
        start, end = span_within(text, lines[p.first].start_char, lines[p.last].end_char)
        spans.append(Span(speaker="", start_char=start, end_char=end))
    return Found(spans=tuple(spans), grammar="paragraphs", notes=tuple(notes))


def _by_bold(text: str, lines: Sequence[Line], body: Sequence[LineRange], bold: frozenset[int]) -> list[Span]:
    spans: list[Span] = []
    previous = -2
    for p in body:
        role = Role.INTERVIEWER if p.first in bold else Role.PARTICIPANT
        start, end = span_within(text, lines[p.first].start_char, lines[p.last].end_char)
        if spans and spans[-1].role is role and all(lines[i].is_blank for i in range(previous + 1, p.first)):
            start = spans.pop().start_char
        spans.append(Span(speaker="", start_char=start, end_char=end, role=role))
        previous = p.last
    return spans
