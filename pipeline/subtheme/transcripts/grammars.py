"""The ways in which running text marks its speakers, and the one that a text follows."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from subtheme.transcripts.labels import (
    ALONE,
    BRACKETED,
    COLON,
    DASHED,
    TABBED,
    TIMED,
    TIMED_FIRST,
    Heading,
    accepted,
    is_sound,
    is_speaker_shaped,
    label_of,
)
from subtheme.transcripts.lines import Line, LineMarks, LineRange
from subtheme.transcripts.roles import role_of_label
from subtheme.transcripts.stamps import times_of

_WIDE_GAP = re.compile(r"[ \u00a0]{2,}\S+\s*$|\t\S+\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """How a text marks its speakers, and where.

    Attributes
    ----------
    name : str
    headings : tuple of Heading
        In the order of the text; empty where nobody is named.
    doubtful : tuple of int
        Lines after the first heading that begin like a speaker's but were not taken for one.
    """

    name: str
    headings: tuple[Heading, ...]
    doubtful: tuple[int, ...] = ()


def grammar_of(lines: Sequence[Line], *, paragraphs: Sequence[LineRange], marks: LineMarks) -> Grammar:
    """Return the grammar that recognises most lines; of equals, the one named first here.

    Tried are ``Label: words`` with stamps before, between, after or at the end; a line of name and
    time; ``[id] words``; a label alone on its line; label, tab, words; and label, dash, words.
    """
    found = {
        "label-colon": _colon(lines, paragraphs, marks),
        "timed-heading": _timed(lines, paragraphs),
        "bracket-id": _bracketed(lines, paragraphs),
        "label-line": _alone(lines, paragraphs, marks),
        "label-tab": _parted(lines, TABBED),
        "label-dash": _parted(lines, DASHED),
    }
    name = max(found, key=lambda n: len(found[n]))
    headings = found[name]
    doubtful: tuple[int, ...] = ()
    if headings and name == "label-colon":
        taken = {h.line for h in headings}
        doubtful = tuple(
            h.line
            for h in _candidates(lines, COLON, paragraphs)
            if h.opens_block and h.line > headings[0].line and h.line not in taken and is_speaker_shaped(h.label)
        )
    return Grammar(name=name, headings=tuple(headings), doubtful=doubtful)


def _candidates(lines: Sequence[Line], pattern: re.Pattern[str], paragraphs: Sequence[LineRange] = ()) -> list[Heading]:
    firsts = {p.first for p in paragraphs}
    return [
        _heading(i, line, match, opens=i in firsts)
        for i, line in enumerate(lines)
        if not line.is_blank and (match := pattern.match(line.text))
    ]


def _heading(i: int, line: Line, match: re.Match[str], *, opens: bool) -> Heading:
    groups = match.groupdict()
    stamp = groups.get("before") or groups.get("mid") or groups.get("after") or ""
    start_s, end_s = times_of(stamp) if stamp else (None, None)
    return Heading(
        line=i,
        label=label_of(groups["label"]),
        words_at=line.start_char + match.end(),
        start_s=start_s,
        end_s=end_s,
        opens_block=opens,
    )


def _colon(lines: Sequence[Line], paragraphs: Sequence[LineRange], marks: LineMarks) -> list[Heading]:
    found = _candidates(lines, COLON, paragraphs)
    terse = {
        h.line
        for h in found
        if len(lines[h.line].text[h.words_at - lines[h.line].start_char :].split()) <= 6
        and not lines[h.line].text.rstrip().endswith((".", "?", "!", "…"))
    }
    return accepted(found, paragraphs=len(paragraphs), head_lines=terse | marks.headings)


def _timed(lines: Sequence[Line], paragraphs: Sequence[LineRange]) -> list[Heading]:
    found = [h for h in _candidates(lines, TIMED, paragraphs) if is_speaker_shaped(h.label)]
    # Two blanks before the time are how programs write it; with one blank, a name must come again.
    if len(found) >= 2 and (_recurring(found) or all(_WIDE_GAP.search(lines[h.line].text) for h in found)):
        return found
    return _recurring([h for h in _candidates(lines, TIMED_FIRST, paragraphs) if is_speaker_shaped(h.label)])


def _bracketed(lines: Sequence[Line], paragraphs: Sequence[LineRange]) -> list[Heading]:
    found = [
        h
        for h in _candidates(lines, BRACKETED, paragraphs)
        if h.opens_block and not is_sound(h.label) and times_of(h.label)[0] is None and is_speaker_shaped(h.label)
    ]
    return found if _recurring(found) and 3 * len(found) >= 2 * len(paragraphs) else []


def _parted(lines: Sequence[Line], pattern: re.Pattern[str]) -> list[Heading]:
    """Return labels that a tab or dash parts from the words, where two thirds of the lines have one."""
    found = [h for h in _candidates(lines, pattern) if is_speaker_shaped(h.label)]
    filled = sum(not line.is_blank for line in lines)
    return found if _recurring(found) and 3 * len(found) >= 2 * filled else []


def _alone(lines: Sequence[Line], paragraphs: Sequence[LineRange], marks: LineMarks) -> list[Heading]:
    """Return labels that have a line to themselves: at the start of a block, or bold, or a heading."""
    marked = marks.bold | marks.headings
    following: dict[int, int] = {}  # line to the next line with words
    after = len(lines)
    for i in range(len(lines) - 1, -1, -1):
        following[i] = after
        after = after if lines[i].is_blank else i
    found = []
    for h in _candidates(lines, ALONE, paragraphs):
        is_marked = h.line in marked
        is_first = h.line == 0 or lines[h.line - 1].is_blank
        next_line = following[h.line]
        has_words = next_line < len(lines) and next_line not in marked and (is_marked or next_line == h.line + 1)
        if (is_first or is_marked) and has_words and is_speaker_shaped(h.label) and h.label[-1] not in ".,":
            found.append(h)
    kept = _recurring(found, or_role=True)
    are_two = len({h.label.casefold() for h in kept}) > 1
    blocks = sum(not line.is_blank and (i == 0 or lines[i - 1].is_blank) for i, line in enumerate(lines))
    return kept if are_two and (marked or 2 * len(kept) >= blocks) else []


def _recurring(headings: Sequence[Heading], *, or_role: bool = False) -> list[Heading]:
    counts = Counter(h.label.casefold() for h in headings)
    return [h for h in headings if counts[h.label.casefold()] > 1 or (or_role and role_of_label(h.label) is not None)]
