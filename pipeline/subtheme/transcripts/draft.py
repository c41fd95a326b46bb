"""A source to be read, and the draft that a reader makes of it before speakers get their roles."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from subtheme.nouns import Doubt, Role
from subtheme.transcripts.label_words import EMPTY


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """Which column of a table holds what; None means the usual names are tried.

    Attributes
    ----------
    transcript : str or None
        Name of the transcript a row belongs to; a table may hold several.
    speaker : str or None
        Who speaks.
    text : str or None
        What is said. The one column that must be there.
    start, end : str or None
        Time in seconds or as a clock (``1:02:03.5``).
    participant : str or None
        Who answered, in a table with one answer a row and no column of speakers.
    """

    transcript: str | None = None
    speaker: str | None = None
    text: str | None = None
    start: str | None = None
    end: str | None = None
    participant: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The bytes of one file and how to read them.

    Attributes
    ----------
    name, stem, suffix : str
        Base name, the same without its ending, and the ending in lower case with its dot.
    data : bytes
    encoding : str or None
        What the person says about the encoding.
    columns : ColumnMap
    known : frozenset of str
        Labels that a person has named as speakers', as `bare` leaves them.
    read_as : str
        The way to read it that a person has chosen; empty for the likeliest.
    """

    name: str
    stem: str
    suffix: str
    data: bytes = field(repr=False)
    encoding: str | None = None
    columns: ColumnMap = ColumnMap()
    known: frozenset[str] = frozenset()
    read_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """Words of one speaker that have no place in a text yet.

    Attributes
    ----------
    speaker : str
    words : str
    start_s, end_s : float or None
    role : Role or None
        Where the source itself tells the role.
    """

    speaker: str
    words: str = field(repr=False)
    start_s: float | None = None
    end_s: float | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words of one speaker as a place in a text.

    Attributes
    ----------
    speaker : str
    start_char, end_char : int
    start_s, end_s : float or None
    role : Role or None
        Where the source itself tells the role.
    """

    speaker: str
    start_char: int
    end_char: int
    start_s: float | None = None
    end_s: float | None = None
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a reader found: text and spans, in order and without overlap.

    Attributes
    ----------
    text : str
    spans : tuple of Span
    grammar : str
    encoding : str
    notes : tuple of str
    id : str
        Name of the transcript where the source gives one; empty for the name of the file.
    declared : mapping of str to Role
        Roles that the source itself declares for its speakers.
    unnamed_is_voice : bool
        Whether speech without a speaker is somebody's own, as where only one side is labelled.
    doubts : tuple of Doubt
        What the reader is not sure of.
    is_chosen : bool
        Whether a person has chosen this way to read it.
    """

    text: str = field(repr=False)
    spans: tuple[Span, ...]
    grammar: str
    encoding: str
    notes: tuple[str, ...] = ()
    id: str = ""
    declared: Mapping[str, Role] = field(default_factory=dict)
    unnamed_is_voice: bool = False
    doubts: tuple[Doubt, ...] = ()
    is_chosen: bool = False


def span_within(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span without white space and invisible characters at its ends; empty at `start` if nothing is left."""
    words = text[start:end]
    left = len(words) - len(words.lstrip(EMPTY))
    if left == len(words):
        return start, start
    return start + left, end - (len(words) - len(words.rstrip(EMPTY)))


def plural(count: int, one: str, many: str = "") -> str:
    """Return the count with its noun: ``1 cue``, ``2 cues``."""
    return f"{count} {one if count == 1 else many or one + 's'}"
