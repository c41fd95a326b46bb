"""Turns from label to label, by the grammar that a text follows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from subtheme.nouns import Doubt, Role
from subtheme.transcripts.draft import Source, Span, plural, span_within
from subtheme.transcripts.grammars import Grammar
from subtheme.transcripts.label_patterns import TIME_ALONE
from subtheme.transcripts.label_words import bare
from subtheme.transcripts.labels import Heading
from subtheme.transcripts.lines import Line, Page
from subtheme.transcripts.role_words import role_of_label
from subtheme.transcripts.stamps import SPAN, STAMP, times_of
from subtheme.transcripts.talk import is_prompt

_TRAILING_STAMP = re.compile(rf"\s*(?P<stamp>{STAMP}|(?<=\n){SPAN})\s*\Z")
_LEADING_STAMP = re.compile(rf"\s*(?P<stamp>{STAMP}|{SPAN}(?=\s*\n))\s*")
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
    unnamed_is_voice : bool
        Whether what stands under no label is somebody's own.
    doubts : tuple of Doubt
        Of which the place is still to be named by whoever knows the file.
    """

    spans: tuple[Span, ...]
    grammar: str
    notes: tuple[str, ...] = ()
    unnamed_is_voice: bool = False
    doubts: tuple[Doubt, ...] = ()


def turns_by_labels(page: Page, grammar: Grammar, source: Source) -> Found:
    """Return the turns from label to label; where only one side is labelled, other paragraphs are the other's."""
    if grammar.name == "label-colon" and _labels_only_one_side(page, grammar):
        return _mixed(page, grammar, source)
    return _labelled(page, grammar, source)


def _labels_only_one_side(page: Page, grammar: Grammar) -> bool:
    """Return whether only interviewers are labelled, or one voice beside about as many paragraphs without a label."""
    roles = {role_of_label(h.label) for h in grammar.headings}
    if roles <= {Role.INTERVIEWER, Role.OTHER}:
        return Role.INTERVIEWER in roles
    if len(grammar.voices) > 1:
        return False
    if len(grammar.headings) < 2:
        return False
    opening = {h.line for h in grammar.headings}
    starts = [p.first in opening for p in page.paragraphs if p.first not in page.marks.headings]
    answered = sum(a and not b for a, b in pairwise(starts))
    bare_paragraphs = sum(p.first not in opening and p.first not in page.marks.headings for p in page.paragraphs)
    asking = sum(is_prompt(page.text[h.words_at : page.lines[h.line].end_char]) for h in grammar.headings)
    is_regular = 5 * answered >= 4 * len(opening)
    return 2 * bare_paragraphs >= len(opening) and (2 * asking >= len(opening) or is_regular)


def _doubt_of(grammar: Grammar, source: Source) -> tuple[Doubt, ...]:
    """Return the doubt on what looks like labels; lines are named by number, since their words are the interview's."""
    if not grammar.doubtful:
        return ()
    shown = ", ".join(str(i + 1) for i in grammar.doubtful[:_MOST_LINES_NAMED])
    more = " and others" if len(grammar.doubtful) > _MOST_LINES_NAMED else ""
    count = plural(len(grammar.doubtful), "paragraph")
    doubt = Doubt(
        what=f"{count} with a word and a colon in front not taken for a speaker's",
        where=f"{source.name}, line {shown}{more}",
        remedy="Name who speaks there, with --role LABEL=participant or in the column 'speaker' of the participants' "
        "table; or say that nobody does, with --accept-doubts",
    )
    return (doubt,)


def _labelled(page: Page, grammar: Grammar, source: Source) -> Found:
    """Return turns from label to label; a heading or foot inside parts a turn in two of one speaker."""
    text, lines, headings = page.text, page.lines, grammar.headings
    starts = {h.line for h in headings}
    closing = (
        _own_lines_of_programs(page, grammar)
        | {i for i, line in enumerate(lines) if i in page.marks.headings or _FOOT.fullmatch(line.text.strip())} - starts
    )
    spans: list[Span] = []
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        end_line = following.line if following else len(lines)
        end = following.starts_at if following and following.starts_at is not None else lines[end_line - 1].end_char
        piece = heading
        for i in range(heading.line + 1, end_line):
            if i in closing:
                spans += _stamped(text, piece, lines[i - 1].end_char)
                piece = Heading(line=i, label=heading.label, words_at=lines[i].end_char)
        spans += _stamped(text, piece, end)
    notes = []
    before = sum(not line.is_blank for line in lines[: headings[0].line])
    if before:
        notes.append(f"{plural(before, 'line')} before the first speaker left out of the turns (kept in the text)")
    inner = sum(len(_INNER_STAMP.findall(text, s.start_char, s.end_char)) for s in spans)
    if inner:
        notes.append(f"{plural(inner, 'time stamp')} inside turns stay among the words")
    has_stamps = any(s.start_s is not None or s.end_s is not None for s in spans)
    suffix = "+stamps" if has_stamps and grammar.name == "label-colon" else ""
    return Found(
        spans=tuple(spans), grammar=grammar.name + suffix, notes=tuple(notes), doubts=_doubt_of(grammar, source)
    )


def _own_lines_of_programs(page: Page, grammar: Grammar) -> set[int]:
    """Return the lines right before a heading of name and time that say the same again: initials, name, time.

    So the pane of Teams is copied; they belong to the heading and are nobody's words.
    """
    if grammar.name != "timed-heading":
        return set()
    own: set[int] = set()
    for heading in grammar.headings:
        name = bare(heading.label)
        initials = "".join(w[0] for w in name.split())
        i = heading.line - 1
        while i >= 0:
            line = page.lines[i]
            said = bare(line.text.strip())
            if not line.is_blank and said not in (name, initials) and not TIME_ALONE.match(line.text):
                break
            if not line.is_blank:
                own.add(i)
            i -= 1
    return own


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


def _mixed(page: Page, grammar: Grammar, source: Source) -> Found:
    """Return turns where only one side is labelled: other paragraphs are the other's."""
    text, lines = page.text, page.lines
    by_line = {h.line: h for h in grammar.headings}
    names = {h.label for h in grammar.headings if h.label.isupper() and len(h.label) > 2}
    inline = re.compile(rf"(?<=\s)(?P<label>{'|'.join(map(re.escape, sorted(names)))}):(?=\s)") if names else None
    spans: list[Span] = []
    unlabelled = 0
    for first, last in ((p.first, p.last) for p in page.paragraphs):
        if first in page.marks.headings:
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
        f"only one side is labelled: {plural(unlabelled, 'unlabelled paragraph')} are taken as the "
        "other's, one turn each",
    )
    return Found(
        spans=tuple(spans),
        grammar="label-colon-mixed",
        notes=notes,
        unnamed_is_voice=True,
        doubts=_doubt_of(grammar, source),
    )


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
