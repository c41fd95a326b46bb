"""The ways in which running text marks its speakers, and the one that a text follows."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from subtheme.transcripts.label_patterns import (
    ALONE,
    BRACKETED,
    COLON,
    DASHED,
    INSIDE,
    POINTED,
    TABBED,
    TIME_ALONE,
    TIMED,
    TIMED_FIRST,
)
from subtheme.transcripts.label_words import bare
from subtheme.transcripts.labels import (
    Heading,
    accepted,
    is_head_matter,
    is_sound,
    is_speaker_shaped,
    is_weak,
    label_of,
    numbered_apart,
)
from subtheme.transcripts.lines import Line, LineRange, Page
from subtheme.transcripts.role_words import role_in_full, role_of_label
from subtheme.transcripts.stamps import times_of

_BRACKETS = ("square", "lens", "round", "angle")
_LONGEST_INSIDE = 60
_SENTENCE_END = re.compile(r"[.?!…。？！؟\"”»)\]]\s?(?=\S)")
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

    @property
    def voices(self) -> frozenset[str]:
        """The labels, whatever the case of their letters."""
        return frozenset(bare(h.label) for h in self.headings)


def grammars_of(page: Page, *, known: Collection[str] = ()) -> list[Grammar]:
    """Return every way in which the text may mark its speakers, the likeliest first; of equals, the first named here.

    Tried are ``Label: words`` with stamps before, between, after or at the end, and the same inside of lines; a line of
    name and time; ``[id] words`` in any brackets; a label alone on its line; label, tab, words; label, dash or arrow,
    words; and a short label with a point. They are ordered by `strength`.

    Parameters
    ----------
    page : Page
    known : collection of str
        Labels that a person has named as speakers', as `bare` leaves them.
    """
    lines, paragraphs = page.lines, page.paragraphs
    colon = _candidates(lines, COLON, paragraphs)
    taken = _colon(colon, page, known)
    found = {
        "label-colon": taken,
        "label-inside": _inside(lines, taken, colon),
        "timed-heading": _timed(lines, paragraphs),
        "bracket-id": _bracketed(lines, paragraphs),
        "label-line": _alone(page),
        "label-tab": _parted(lines, TABBED, paragraphs),
        "label-dash": _parted(lines, DASHED, paragraphs),
        "label-point": _pointed(lines, paragraphs),
    }
    grammars = []
    for name, headings in found.items():
        at = {h.line for h in headings}
        doubtful = tuple(
            h.line
            for h in (colon if headings and name == "label-colon" else ())
            if h.opens_block and h.line > headings[0].line and h.line not in at and is_speaker_shaped(h.label)
        )
        if headings:
            grammars.append(Grammar(name=name, headings=tuple(numbered_apart(headings)), doubtful=doubtful))
    return sorted(grammars, key=strength, reverse=True)


def strength(grammar: Grammar) -> float:
    """Return how strongly a text follows a grammar: its headings, up to threefold where labels recur and alternate."""
    labels = [bare(h.label) for h in grammar.headings]
    again = 1 - (len(set(labels)) - 1) / len(labels)
    turns = sum(a != b for a, b in pairwise(labels)) / max(len(labels) - 1, 1)
    return len(labels) * (1 + again + turns)


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
    label = groups.get("label") or next((v for k, v in groups.items() if k in _BRACKETS and v), "")
    return Heading(
        line=i,
        label=label_of(label),
        words_at=line.start_char + match.end(),
        start_s=start_s,
        end_s=end_s,
        opens_block=opens,
    )


def _colon(found: Sequence[Heading], page: Page, known: Collection[str]) -> list[Heading]:
    lines = page.lines
    terse = {
        h.line
        for h in found
        if len(lines[h.line].text[h.words_at - lines[h.line].start_char :].split()) <= 6
        and not lines[h.line].text.rstrip().endswith((".", "?", "!", "…"))
    }
    return accepted(found, paragraphs=len(page.paragraphs), head_lines=terse | page.marks.headings, known=known)


def _inside(lines: Sequence[Line], taken: Sequence[Heading], candidates: Sequence[Heading]) -> list[Heading]:
    """Return labels at the start of lines together with those inside, where those inside are speakers too.

    A label inside counts if it names a role in full, or begins a line elsewhere, or comes at least twice; and labels
    inside must be at least half as many as those at the start, or they are words that somebody quotes.
    """
    at_start = {bare(h.label): h for h in candidates if is_speaker_shaped(h.label) and not is_head_matter(h.label)}
    inside = [
        Heading(
            line=i,
            label=label_of(match["label"]),
            words_at=line.start_char + match.end(),
            starts_at=line.start_char + match.start("label"),
        )
        for i, line in enumerate(lines)
        if not line.is_blank
        for match in _inner_matches(line.text)
    ]
    heads = {(h.line, h.words_at) for h in candidates}
    inside = [
        h
        for h in inside
        if (h.line, h.words_at) not in heads
        and is_speaker_shaped(h.label)
        and not is_weak(h.label)
        and not is_head_matter(h.label)
    ]
    counts = Counter(bare(h.label) for h in inside)
    kept = [h for h in inside if role_in_full(h.label) or counts[bare(h.label)] > 1]
    starting = list(taken) or [h for h in at_start.values() if bare(h.label) in counts]
    if not starting or 2 * len(kept) < len(starting) or len({bare(h.label) for h in (*kept, *starting)}) < 2:
        return []
    return sorted((*starting, *kept), key=lambda h: h.words_at)


def _inner_matches(text: str) -> Iterator[re.Match[str]]:
    """Yield the shortest labels before each colon inside of a line, one a colon."""
    for colon in re.finditer(r"[:：](?=\s|$)", text):
        start = max(0, colon.start() - _LONGEST_INSIDE)
        sentence_ends = [m.end() for m in _SENTENCE_END.finditer(text, start, colon.start())]
        for at in reversed(sentence_ends or ([0] if not start else [])):
            if at and (match := INSIDE.match(text, at)) and match.end() == colon.end():
                yield match
                break


def _timed(lines: Sequence[Line], paragraphs: Sequence[LineRange]) -> list[Heading]:
    after = [h for h in _candidates(lines, TIMED, paragraphs) if is_speaker_shaped(h.label)]
    # Two blanks before the time are how programs write it; with one blank, a name must come again.
    if not (len(after) >= 2 and all(_WIDE_GAP.search(lines[h.line].text) for h in after)):
        after = _recurring(after)
    before = _recurring([h for h in _candidates(lines, TIMED_FIRST, paragraphs) if is_speaker_shaped(h.label)])
    return max(after, before, _on_two_lines(lines), key=len)


def _on_two_lines(lines: Sequence[Line]) -> list[Heading]:
    """Return labels with a line of their own next to a line of nothing but a time."""
    times = {i: m for i, line in enumerate(lines) if (m := TIME_ALONE.match(line.text))}
    above: list[Heading] = []
    below: list[Heading] = []
    for i, match in times.items():
        start_s, end_s = times_of(match["before"])
        for kept, at in ((above, i + 1), (below, i - 1)):
            last = max(i, at)
            if not 0 <= at < len(lines) or lines[at].is_blank or at in times:
                continue
            named = ALONE.match(lines[at].text.rstrip(" :："))
            has_words = last + 1 < len(lines) and not lines[last + 1].is_blank
            if named and has_words and is_speaker_shaped(label := label_of(named["label"])):
                kept.append(
                    Heading(
                        line=min(i, at),
                        label=label,
                        words_at=lines[last].end_char,
                        start_s=start_s,
                        end_s=end_s,
                        opens_block=True,
                    )
                )
    best = max(_recurring(above), _recurring(below), key=len)
    return best if 2 * len(best) >= len(times) else []


def _bracketed(lines: Sequence[Line], paragraphs: Sequence[LineRange]) -> list[Heading]:
    found = [
        h
        for h in _candidates(lines, BRACKETED, paragraphs)
        if h.opens_block and not is_sound(h.label) and times_of(h.label)[0] is None and is_speaker_shaped(h.label)
    ]
    return found if _recurring(found) and 3 * len(found) >= 2 * len(paragraphs) else []


def _parted(lines: Sequence[Line], pattern: re.Pattern[str], paragraphs: Sequence[LineRange]) -> list[Heading]:
    """Return labels that a tab, dash or arrow parts from the words, where two thirds of the lines have one."""
    found = [h for h in _candidates(lines, pattern, paragraphs) if is_speaker_shaped(h.label)]
    filled = sum(not line.is_blank for line in lines)
    return found if _recurring(found) and 3 * len(found) >= 2 * filled else []


def _pointed(lines: Sequence[Line], paragraphs: Sequence[LineRange]) -> list[Heading]:
    """Return short labels with a point, as in ``P1. Yes.`` or ``Q2. Why?``.

    Nine tenths of the paragraphs must begin with one, and each must be short, come often, or name a role.
    """
    found = numbered_apart([h for h in _candidates(lines, POINTED, paragraphs) if h.opens_block])
    counts = Counter(bare(h.label) for h in found)
    good = [
        h
        for h in found
        if (not h.label.isdigit() and len(h.label) < 5) or role_of_label(h.label) or counts[bare(h.label)] > 2
    ]
    return good if len(_recurring(good)) > 1 and len(counts) > 1 and 10 * len(good) >= 9 * len(paragraphs) else []


def _alone(page: Page) -> list[Heading]:
    """Return labels that have a line to themselves: at the start of a block, or bold, or a heading."""
    lines = page.lines
    marked = page.marks.bold | page.marks.headings
    following: dict[int, int] = {}  # line to the next line with words
    after = len(lines)
    for i in range(len(lines) - 1, -1, -1):
        following[i] = after
        after = after if lines[i].is_blank else i
    found = []
    for h in _candidates(lines, ALONE, page.paragraphs):
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
