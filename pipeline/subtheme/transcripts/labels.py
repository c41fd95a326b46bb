"""Speakers' labels in running text: which words before a colon, or alone on a line, name a speaker."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from subtheme.transcripts import label_words
from subtheme.transcripts.roles import names_role_in_full, role_of_label
from subtheme.transcripts.stamps import CLOCK, STAMP

_MOST_WORDS = 5
_MOST_CHARS = 45
_PLAIN = r"[^\W_][^\n\t:：*\[\]#<>{}?!;\"“”]{0,44}?"
_LABEL = rf"(?P<label>\[[^\[\]\n:]{{1,40}}\]|{_PLAIN})"
_BOLD = r"(?:\*{1,3}|__?)?"
_GAP = "[ \t\u00a0\u202f]{0,16}"  # bounded, as is all that repeats here: time must stay linear in the line

COLON = re.compile(
    rf"{_GAP}(?:\d{{1,5}}[.)]?[\t ]{{1,8}}(?=\D))?(?P<before>{STAMP}|{CLOCK})?{_GAP}{_BOLD}{_LABEL}{_BOLD}{_GAP}"
    rf"(?P<mid>{STAMP})?{_GAP}{_BOLD}(?::{_BOLD}(?=\s|$|[^\s\d/:\\])|：{_BOLD})(?P<after>{_GAP}{STAMP})?"
)
"""``Label: words``, after a number of the paragraph, with a stamp before, between or after, and bold in Markdown."""

TIMED = re.compile(rf"{_GAP}{_BOLD}{_LABEL}{_BOLD}(?=[ \t\u00a0\u202f]){_GAP}(?P<after>{STAMP}|{CLOCK}){_GAP}$")
"""A line of a name and a time, as Otter and Teams write it."""

TIMED_FIRST = re.compile(rf"{_GAP}(?P<before>{STAMP}|{CLOCK})(?=[ \t\u00a0\u202f]){_GAP}{_BOLD}{_LABEL}{_BOLD}{_GAP}$")
"""A line of a time and a name."""

BRACKETED = re.compile(r"[ \t]*\[(?P<label>[^\[\]\n]{1,30})\][ \t]+(?=\S)")
"""``[id1] words``."""

TABBED = re.compile(rf"{_LABEL}\t+(?=\S)")
"""``Label``, a tab and the words."""

DASHED = re.compile(rf"{_GAP}{_BOLD}{_LABEL}{_BOLD}(?=[ \t\u00a0]){_GAP}[-–—][ \t\u00a0](?=\S|[ \t])")
"""``Label``, a dash between blanks and the words."""

ALONE = re.compile(rf"{_GAP}{_BOLD}{_LABEL}{_BOLD}{_GAP}$")
"""A label that has its line to itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A place where a speaker seems to begin.

    Attributes
    ----------
    line : int
        Index of the line.
    label : str
    words_at : int
        Position in the text after the label and its stamps.
    start_s, end_s : float or None
    opens_block : bool
        Whether a paragraph begins with it.
    """

    line: int
    label: str
    words_at: int
    start_s: float | None = None
    end_s: float | None = None
    opens_block: bool = False


def label_of(found: str) -> str:
    """Return a matched label without the white space and stars around it."""
    return " ".join(found.strip(" \t\u00a0\u202f*_").split())


def is_sound(label: str) -> bool:
    """Return whether a bracketed word is a transcriber's remark such as ``[laughs]``."""
    return any(w.casefold() in label_words.SOUNDS for w in re.findall(r"[^\W\d_]+", label))


def is_speaker_shaped(label: str) -> bool:
    """Return whether `label` can be a speaker's: short, with a letter, and a name rather than a phrase.

    >>> [is_speaker_shaped(x) for x in ("Dr Smith", "SPEAKER_00", "And he said", "https", "12:30")]
    [True, True, False, False, False]
    """
    inner = label.strip("[]() ")
    words = inner.split()
    if not 1 <= len(words) <= _MOST_WORDS or len(label) > _MOST_CHARS or not any(c.isalpha() for c in inner):
        return False
    if words[0].casefold().rstrip(".,") in label_words.NEVER or inner.endswith((",", "-", "…")):
        return False
    if re.match(rf"{CLOCK}|\d+[.)]", inner):
        return False
    if len(words) == 1 or role_of_label(label) is not None:
        return len(words) <= 3 or _is_capitalised(words)
    return _is_capitalised(words) or (len(words) == 2 and words[1].isdigit())


def accepted(headings: Sequence[Heading], *, paragraphs: int, head_lines: Collection[int] = ()) -> list[Heading]:
    """Return the headings whose labels are speakers.

    A text is *structured* if a third of its paragraphs begin with something shaped like a label. There
    a label must occur twice, or name a role, or look like a full name or a short id and open a
    block. In other text it must name a role, or occur twice and at a tenth of the paragraphs. Labels
    such as ``Date`` count only if they recur; ``Interviewer: Jane`` in the head of a text that has
    other labels throughout is no turn.

    Parameters
    ----------
    headings : sequence of Heading
    paragraphs : int
        Number of paragraphs of the text.
    head_lines : collection of int
        Lines whose words are few and end without a full stop, as the lines of a head do.
    """
    shaped = [h for h in headings if is_speaker_shaped(h.label)]
    counts = Counter(h.label.casefold() for h in shaped)
    is_structured = 3 * len(shaped) >= paragraphs
    kept = [h for h in shaped if _is_accepted(h, counts[h.label.casefold()], paragraphs, is_structured=is_structured)]
    recurring = [h for h in kept if counts[h.label.casefold()] > 1]
    if len({h.label.casefold() for h in recurring}) < 2:
        return kept
    first = recurring[0].line
    return [h for h in kept if h.line >= first or h.line not in head_lines]


def _is_accepted(heading: Heading, count: int, paragraphs: int, *, is_structured: bool) -> bool:
    label = heading.label
    if names_role_in_full(label) and not _is_head_matter(label):
        return True
    if count == 1:
        return (
            is_structured
            and heading.opens_block
            and not _is_head_matter(label)
            and (_is_full_name(label) or role_of_label(label) is not None)
        )
    if _is_head_matter(label):
        return is_structured
    is_weak = label.islower() and label.isalpha()
    return (is_structured and not is_weak) or 10 * count >= paragraphs


def _is_head_matter(label: str) -> bool:
    return not label.startswith("[") and label.split(maxsplit=1)[0].casefold().rstrip(".,") in label_words.HEAD_MATTER


def _is_full_name(label: str) -> bool:
    words = label.split()
    return (
        len(words) > 1
        or label.startswith("[")
        or any(c.isdigit() for c in label)
        or (label.isupper() and len(label) <= 4)
    )


def _is_capitalised(words: Sequence[str]) -> bool:
    plain = [w.strip("()[].,'’\"") for w in words]
    return not plain[0][:1].islower() and all(not w[:1].islower() or w in label_words.PARTICLES for w in plain if w)
