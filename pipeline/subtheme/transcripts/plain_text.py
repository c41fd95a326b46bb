"""Turns in running text: finds the grammar of its labels and the span of every speaker's words."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from subtheme.study import Role
from subtheme.transcripts.draft import Draft, Source, Span, plural, span_within
from subtheme.transcripts.labels import (
    ALONE,
    BRACKETED,
    COLON,
    TABBED,
    TIMED,
    TIMED_FIRST,
    Heading,
    accepted,
    is_sound,
    is_speaker_shaped,
    label_of,
)
from subtheme.transcripts.roles import role_of_label
from subtheme.transcripts.stamps import STAMP, times_of

_LONGEST_WRAPPED_LINE = 100
_TRAILING_STAMP = re.compile(rf"\s*(?P<stamp>{STAMP})\s*\Z")
_LEADING_STAMP = re.compile(rf"\s*(?P<stamp>{STAMP})\s*")
_INNER_STAMP = re.compile(r"\#[\d:.,-]+\#|\[\d{1,3}:\d{2}[\d:.,]*\]")
_WIDE_GAP = re.compile(r"[ \u00a0]{2,}\S+\s*$|\t\S+\s*$")
_FOOT = re.compile(r"Transcribed by https?://otter\.ai\s*|.{1,60} (?:started|stopped) transcription\s*")
_MARKDOWN_HEADING = re.compile(r"#{1,6}[ \t]+\S|-{3,}[ \t]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMarks:
    """What the source knows of its lines beyond their characters.

    Attributes
    ----------
    bold : frozenset of int
        Lines that are bold from end to end.
    headings : frozenset of int
        Lines in a heading style.
    """

    bold: frozenset[int] = frozenset()
    headings: frozenset[int] = frozenset()


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


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    is_blank: bool


def draft_of_text(text: str, *, source: Source, encoding: str) -> Draft:
    """Return the draft of running text that is its own canonical text."""
    headings = frozenset(i for i, line in enumerate(text.split("\n")) if _MARKDOWN_HEADING.match(line))
    marks = LineMarks(headings=headings if source.suffix == ".md" else frozenset())
    found = turns_of_text(text, marks=marks)
    kind = source.suffix.removeprefix(".")
    return Draft(text=text, spans=found.spans, grammar=f"{kind}/{found.grammar}", encoding=encoding, notes=found.notes)


def turns_of_text(text: str, *, marks: LineMarks = LineMarks()) -> Found:
    """Return the turns of `text`, by the grammar that recognises most lines.

    Tried are ``Label: words`` (with stamps before, between, after or at the end), a line of name and
    time, ``[id] words``, a label alone on its line, and label, tab, words. Where only interviewers
    are labelled, each unlabelled paragraph is a turn of the participant. Text without labels becomes
    turns by paragraph, and bold paragraphs questions if that is the pattern.

    Parameters
    ----------
    text : str
        Canonical text.
    marks : LineMarks
    """
    lines = _lines_of(text)
    filled = [i for i, line in enumerate(lines) if not line.is_blank]
    paragraphs = _paragraphs(lines, marks)
    grammars: list[tuple[str, list[Heading]]] = [
        ("label-colon", _colon(lines, marks, paragraphs)),
        ("timed-heading", _timed(lines, paragraphs)),
        ("bracket-id", _bracketed(lines, paragraphs)),
        ("label-line", _alone(lines, marks, paragraphs)),
        ("label-tab", _tabbed(lines, filled)),
    ]
    grammar, headings = max(grammars, key=lambda g: len(g[1]))
    if not headings:
        return _unlabelled(text, lines, paragraphs, marks)
    if grammar == "label-colon" and _labels_only_questions(headings, lines):
        return _mixed(text, lines, paragraphs, headings, marks)
    return _labelled(text, lines, headings, marks, grammar)


def _lines_of(text: str) -> list[_Line]:
    lines = []
    at = 0
    for line in text.split("\n"):
        lines.append(_Line(at, at + len(line), line, not line.strip()))
        at += len(line) + 1
    return lines


def _paragraphs(lines: Sequence[_Line], marks: LineMarks) -> list[tuple[int, int]]:
    """Return first and last line of every paragraph: blocks between blank lines, or single lines.

    Blank lines part paragraphs if there is one to every four lines, or if lines are wrapped.
    """
    filled = [i for i, line in enumerate(lines) if not line.is_blank]
    if not filled:
        return []
    blanks = sum(line.is_blank for line in lines[filled[0] : filled[-1]])
    longest = max(line.end - line.start for line in lines)
    if marks.bold or not blanks or (4 * blanks < len(filled) and longest > _LONGEST_WRAPPED_LINE):
        return [(i, i) for i in filled]
    blocks: list[tuple[int, int]] = []
    for i in filled:
        if blocks and blocks[-1][1] == i - 1 and i not in marks.headings:
            blocks[-1] = (blocks[-1][0], i)
        else:
            blocks.append((i, i))
    return blocks


def _heading(i: int, line: _Line, match: re.Match[str], *, opens: bool) -> Heading:
    groups = match.groupdict()
    stamp = groups.get("before") or groups.get("mid") or groups.get("after") or ""
    start_s, end_s = times_of(stamp) if stamp else (None, None)
    return Heading(
        line=i,
        label=label_of(groups["label"]),
        words_at=line.start + match.end(),
        start_s=start_s,
        end_s=end_s,
        opens_block=opens,
        has_stamp=bool(stamp),
    )


def _candidates(lines: Sequence[_Line], pattern: re.Pattern[str], opening: Iterable[int]) -> list[Heading]:
    opens = set(opening)
    return [
        _heading(i, line, match, opens=i in opens)
        for i, line in enumerate(lines)
        if not line.is_blank and (match := pattern.match(line.text))
    ]


def _colon(lines: Sequence[_Line], marks: LineMarks, paragraphs: Sequence[tuple[int, int]]) -> list[Heading]:
    found = _candidates(lines, COLON, (first for first, _ in paragraphs))
    terse = {
        h.line
        for h in found
        if len(lines[h.line].text[h.words_at - lines[h.line].start :].split()) <= 6
        and not lines[h.line].text.rstrip().endswith((".", "?", "!", "…"))
    }
    return accepted(found, paragraphs=len(paragraphs), head_lines=terse | marks.headings)


def _timed(lines: Sequence[_Line], paragraphs: Sequence[tuple[int, int]]) -> list[Heading]:
    firsts = [first for first, _ in paragraphs]
    found = [h for h in _candidates(lines, TIMED, firsts) if is_speaker_shaped(h.label)]
    # Two blanks before the time are how programs write it; with one blank, a name must come again.
    if len(found) >= 2 and (_recurring(found) or all(_WIDE_GAP.search(lines[h.line].text) for h in found)):
        return found
    return _recurring([h for h in _candidates(lines, TIMED_FIRST, firsts) if is_speaker_shaped(h.label)])


def _bracketed(lines: Sequence[_Line], paragraphs: Sequence[tuple[int, int]]) -> list[Heading]:
    firsts = {first for first, _ in paragraphs}
    found = [
        h
        for h in _candidates(lines, BRACKETED, firsts)
        if h.line in firsts and not is_sound(h.label) and times_of(h.label)[0] is None and is_speaker_shaped(h.label)
    ]
    return found if _recurring(found) and 3 * len(found) >= 2 * len(paragraphs) else []


def _tabbed(lines: Sequence[_Line], filled: Sequence[int]) -> list[Heading]:
    found = [h for h in _candidates(lines, TABBED, filled) if is_speaker_shaped(h.label)]
    return found if _recurring(found) and 3 * len(found) >= 2 * len(filled) else []


def _alone(lines: Sequence[_Line], marks: LineMarks, paragraphs: Sequence[tuple[int, int]]) -> list[Heading]:
    """Return labels that have a line to themselves: at the start of a block, or bold, or a heading."""
    marked = marks.bold | marks.headings
    found = []
    for h in _candidates(lines, ALONE, (first for first, _ in paragraphs)):
        is_first = h.line == 0 or lines[h.line - 1].is_blank
        has_words = h.line + 1 < len(lines) and not lines[h.line + 1].is_blank and h.line + 1 not in marked
        if (is_first or h.line in marked) and has_words and is_speaker_shaped(h.label) and h.label[-1] not in ".,":
            found.append(h)
    kept = _recurring(found, or_role=True)
    are_two = len({h.label.casefold() for h in kept}) > 1
    blocks = sum(not line.is_blank and (i == 0 or lines[i - 1].is_blank) for i, line in enumerate(lines))
    return kept if are_two and (marked or 2 * len(kept) >= blocks) else []


def _recurring(headings: Sequence[Heading], *, or_role: bool = False) -> list[Heading]:
    counts = Counter(h.label.casefold() for h in headings)
    return [h for h in headings if counts[h.label.casefold()] > 1 or (or_role and role_of_label(h.label) is not None)]


def _labels_only_questions(headings: Sequence[Heading], lines: Sequence[_Line]) -> bool:
    """Return whether only interviewers are labelled, or a single name at questions."""
    roles = {role_of_label(h.label) for h in headings}
    if roles <= {Role.INTERVIEWER, Role.OTHER}:
        return Role.INTERVIEWER in roles
    asking = sum(lines[h.line].text.rstrip().endswith("?") for h in headings)
    return roles == {None} and len({h.label.casefold() for h in headings}) == 1 and 2 * asking >= len(headings)


def _labelled(text: str, lines: Sequence[_Line], headings: Sequence[Heading], marks: LineMarks, grammar: str) -> Found:
    starts = {h.line for h in headings}
    closing = sorted(
        {i for i in marks.headings if i not in starts}
        | {i for i, line in enumerate(lines) if i not in starts and _FOOT.fullmatch(line.text.strip())}
    )
    spans = []
    lost = 0
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        end_line = following.line if following else len(lines)
        closed_by = next((i for i in closing if heading.line < i < end_line), end_line)
        lost += sum(not lines[i].is_blank for i in range(closed_by, end_line) if i not in closing)
        end = lines[closed_by - 1].end
        span = _stamped(text, heading, end)
        if span:
            spans.append(span)
    before = sum(not line.is_blank for line in lines[: headings[0].line])
    notes = []
    if before:
        notes.append(f"{plural(before, 'line')} before the first speaker left out of the turns (kept in the text)")
    if lost:
        notes.append(
            f"{plural(lost, 'line')} between a heading and the next speaker left out of the turns (kept in the text)"
        )
    inner = sum(len(_INNER_STAMP.findall(text, s.start_char, s.end_char)) for s in spans)
    if inner:
        notes.append(f"{plural(inner, 'time stamp')} inside turns stay among the words")
    has_stamps = any(s.start_s is not None or s.end_s is not None for s in spans)
    suffix = "+stamps" if has_stamps and grammar == "label-colon" else ""
    return Found(spans=tuple(spans), grammar=grammar + suffix, notes=tuple(notes))


def _stamped(text: str, heading: Heading, end: int) -> Span | None:
    """Return the span of a heading's words, with stamps at either end taken off and kept as times."""
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
        return None
    return Span(speaker=heading.label, start_char=start, end_char=end, start_s=start_s, end_s=end_s)


def _mixed(
    text: str,
    lines: Sequence[_Line],
    paragraphs: Sequence[tuple[int, int]],
    headings: Sequence[Heading],
    marks: LineMarks,
) -> Found:
    """Return turns where only interviewers are labelled: other paragraphs are the participant's."""
    by_line = {h.line: h for h in headings}
    names = {h.label for h in headings if h.label.isupper() and len(h.label) > 2}
    inline = re.compile(rf"(?<=\s)(?P<label>{'|'.join(map(re.escape, sorted(names)))}):(?=\s)") if names else None
    spans: list[Span] = []
    unlabelled = 0
    for first, last in paragraphs:
        if first in marks.headings:
            continue
        pieces = [Heading(line=first, label="", words_at=lines[first].start)]
        for i in range(first, last + 1):
            if i in by_line:
                pieces.append(by_line[i])
            from_char = by_line[i].words_at if i in by_line else lines[i].start
            if inline:
                pieces += [
                    Heading(line=i, label=m["label"], words_at=m.end())
                    for m in inline.finditer(text, from_char, lines[i].end)
                ]
        spans += _pieces(text, pieces, end=lines[last].end, lines=lines, by_line=by_line)
        unlabelled += len(pieces) == 1
    notes = (
        f"only the interviewer is labelled: {plural(unlabelled, 'unlabelled paragraph')} are taken as the "
        "participant's, one turn each",
    )
    return Found(spans=tuple(spans), grammar="label-colon-mixed", notes=notes)


def _pieces(
    text: str, pieces: Sequence[Heading], *, end: int, lines: Sequence[_Line], by_line: dict[int, Heading]
) -> list[Span]:
    spans = []
    for piece, following in zip(pieces, [*pieces[1:], None], strict=True):
        stop = end
        if following is not None:
            is_at_line = by_line.get(following.line) is following
            stop = lines[following.line].start if is_at_line else following.words_at - len(following.label) - 1
        span = _stamped(text, piece, max(stop, piece.words_at))
        if span:
            spans.append(span)
    return spans


def _unlabelled(text: str, lines: Sequence[_Line], paragraphs: Sequence[tuple[int, int]], marks: LineMarks) -> Found:
    bold = [p for p in paragraphs if p[0] in marks.bold and p[0] not in marks.headings]
    body = [p for p in paragraphs if p[0] not in marks.headings]
    asking = sum(lines[last].text.rstrip().endswith("?") for _, last in bold)
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
    for first, last in body or paragraphs:
        start, end = span_within(text, lines[first].start, lines[last].end)
        spans.append(Span(speaker="", start_char=start, end_char=end))
    return Found(spans=tuple(spans), grammar="paragraphs", notes=tuple(notes))


def _by_bold(text: str, lines: Sequence[_Line], body: Sequence[tuple[int, int]], bold: frozenset[int]) -> list[Span]:
    spans: list[Span] = []
    previous = -2
    for first, last in body:
        role = Role.INTERVIEWER if first in bold else Role.PARTICIPANT
        start, end = span_within(text, lines[first].start, lines[last].end)
        if spans and spans[-1].role is role and all(lines[i].is_blank for i in range(previous + 1, first)):
            start = spans.pop().start_char
        spans.append(Span(speaker="", start_char=start, end_char=end, role=role))
        previous = last
    return spans
