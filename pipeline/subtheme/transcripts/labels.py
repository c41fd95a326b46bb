"""Speakers' labels in running text: what can name a speaker, and which labels of a text do."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from subtheme.transcripts import label_words
from subtheme.transcripts.label_words import bare
from subtheme.transcripts.role_words import role_in_full, role_of_label
from subtheme.transcripts.stamps import CLOCK

_MOST_WORDS = 5
_MOST_CHARS = 45
_ATTRIBUTE = re.compile(r"\s*(?:[(\[（][^()\[\]（）]{1,40}[)\]）])\s*$")
_PHONE = re.compile(r"\+?[\d*][\d* ()-]{1,18}[\d*]|#?\d{1,6}")
_NUMBERED_STEM = re.compile(r"(?P<stem>[^\W\d_]+)\.?\s?\d{1,3}")
_ASKED_AND_ANSWERED = frozenset(("q", "a", "question", "answer", "frage", "antwort", "pregunta", "respuesta", "f", "s"))


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
    starts_at : int or None
        Position where the words before it end; None for the start of the line.
    start_s, end_s : float or None
    opens_block : bool
        Whether a paragraph begins with it.
    """

    line: int
    label: str
    words_at: int
    starts_at: int | None = None
    start_s: float | None = None
    end_s: float | None = None
    opens_block: bool = False


def label_of(found: str) -> str:
    """Return a matched label without white space, stars and invisible characters."""
    seen = "".join(c for c in found if c not in label_words.INVISIBLE)
    return " ".join(seen.strip(" \t\u00a0\u202f*_").split())


def plain_label(label: str) -> str:
    """Return a label without its brackets and without what stands in brackets after the name.

    >>> plain_label("Chi Okafor (she/her)"), plain_label("[P1]"), plain_label("Baird, Euan [Northcare]")
    ('Chi Okafor', 'P1', 'Baird, Euan')
    """
    inner = label.strip("[]()<>【】（） ") if label[:1] in "[(<【（" else label
    return _ATTRIBUTE.sub("", inner) or inner


def is_sound(label: str) -> bool:
    """Return whether a bracketed word is a transcriber's remark such as ``[laughs]``."""
    return any(bare(w) in label_words.SOUNDS for w in re.findall(r"[^\W\d_]+", label))


def is_speaker_shaped(label: str) -> bool:
    """Return whether `label` can be a speaker's: short, and a name or a number rather than a phrase.

    >>> [is_speaker_shaped(x) for x in ("Dr Smith", "SPEAKER_00", "And he said", "https", "12:30", "van der Berg, A.")]
    [True, True, False, False, False, True]
    """
    inner = plain_label(label)
    words = inner.split()
    if not 1 <= len(words) <= _MOST_WORDS or len(inner) > _MOST_CHARS:
        return False
    if _PHONE.fullmatch(inner):
        return True
    if not any(c.isalpha() for c in inner) or re.match(rf"{CLOCK}|\d+[.)]", inner):
        return False
    if bare(words[0]).rstrip(".,") in label_words.NEVER or inner.endswith((",", "-", "…")):
        return False
    if len(words) == 1 or role_of_label(inner) is not None:
        return len(words) <= 3 or _is_capitalised(words)
    return _is_capitalised(words) or (len(words) == 2 and (words[1].isdigit() or _are_small(words)))


def is_weak(label: str) -> bool:
    """Return whether a label needs the help of the whole text: small letters only, or a bare number.

    >>> [is_weak(x) for x in ("euan", "euan baird", "1023", "Euan", "interviewer")]
    [True, True, True, False, False]
    """
    inner = plain_label(label)
    if role_in_full(inner) is not None or label[:1] in "[【":
        return False
    return _PHONE.fullmatch(inner) is not None or _are_small(inner.split())


def accepted(
    headings: Sequence[Heading],
    *,
    paragraphs: int,
    head_lines: Collection[int] = (),
    known: Collection[str] = (),
) -> list[Heading]:
    """Return the headings whose labels are speakers.

    A text is *structured* if a third of its paragraphs begin with something shaped like a label. There
    a label must occur twice, or name a role, or look like a full name or a short id and open a
    block; where four fifths of the paragraphs begin so, one name is enough. In other text it must name a role,
    or occur twice and at a tenth of the paragraphs. Labels in small letters and bare numbers must do both. Labels
    such as ``Date`` count only if they recur; ``Interviewer: Jane`` in the head of a text that has
    other labels throughout is no turn.

    Parameters
    ----------
    headings : sequence of Heading
    paragraphs : int
        Number of paragraphs of the text.
    head_lines : collection of int
        Lines whose words are few and end without a full stop, as the lines of a head do.
    known : collection of str
        Labels that a person has named as speakers', as `bare` leaves them; they are believed.
    """
    shaped = [h for h in headings if bare(h.label) in known or is_speaker_shaped(h.label)]
    counts = Counter(bare(h.label) for h in shaped)
    opening = Counter(bare(h.label) for h in shaped if h.opens_block)
    structure = _Structure(
        is_loose=3 * len(shaped) >= paragraphs,
        is_strict=5 * sum(not is_weak(h.label) for h in shaped) >= 4 * paragraphs,
        paragraphs=paragraphs,
    )
    kept = [
        h
        for h in shaped
        if bare(h.label) in known or _is_accepted(h, counts[bare(h.label)], opening[bare(h.label)], structure)
    ]
    recurring = [h for h in kept if counts[bare(h.label)] > 1]
    if len({bare(h.label) for h in recurring}) < 2:
        return kept
    first = recurring[0].line
    return [h for h in kept if h.line >= first or h.line not in head_lines]


def numbered_apart(headings: Sequence[Heading]) -> list[Heading]:
    """Return the headings with ``Q1``, ``Q2``, … as one voice ``Q``: questions and answers are counted, not people.

    Only stems that stand for questions and answers are joined, and only where their numbers go up by the way.
    """
    numbers: dict[str, list[int]] = {}
    for h in headings:
        if match := _NUMBERED_STEM.fullmatch(h.label):
            numbers.setdefault(match["stem"], []).append(int(re.findall(r"\d+", h.label)[0]))
    joined = {
        stem
        for stem, found in numbers.items()
        if bare(stem) in _ASKED_AND_ANSWERED and len(found) > 1 and found == sorted(found) and len(set(found)) > 1
    }
    result = []
    for h in headings:
        match = _NUMBERED_STEM.fullmatch(h.label)
        label = match["stem"] if match and match["stem"] in joined else h.label
        result.append(replace(h, label=label))
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class _Structure:
    is_loose: bool
    is_strict: bool
    paragraphs: int


def _is_accepted(heading: Heading, count: int, opening: int, structure: _Structure) -> bool:
    label = heading.label
    if role_in_full(label) is not None and not is_head_matter(label):
        return True
    if count == 1:
        return (
            structure.is_loose
            and heading.opens_block
            and not is_head_matter(label)
            and not is_weak(label)
            and (structure.is_strict or _is_full_name(label) or role_of_label(label) is not None)
        )
    if is_head_matter(label):
        return structure.is_loose
    is_frequent = 10 * count >= structure.paragraphs
    if is_weak(label):
        return structure.is_loose and is_frequent and opening == count
    return structure.is_loose or is_frequent


def is_head_matter(label: str) -> bool:
    """Return whether a label such as ``Date`` belongs to the head of a transcript rather than to a speaker."""
    return not label.startswith("[") and bare(label.split(maxsplit=1)[0]).rstrip(".,") in label_words.HEAD_MATTER


def _is_full_name(label: str) -> bool:
    words = label.split()
    return (
        len(words) > 1
        or label.startswith("[")
        or any(c.isdigit() for c in label)
        or (label.isupper() and len(label) <= 4)
    )


def _are_small(words: Sequence[str]) -> bool:
    return all(w.islower() and w.replace("-", "").replace("'", "").isalpha() for w in words)


def _is_capitalised(words: Sequence[str]) -> bool:
    """Return whether words look like a name's: capitals, digits or letters without case, and particles between them."""
    plain = [p for w in words if (p := w.strip("()[].,'’\"“”&/+-"))]
    small = [w for w in plain if w.islower()]
    return len(small) < len(plain) and all(bare(w) in label_words.PARTICLES for w in small)
