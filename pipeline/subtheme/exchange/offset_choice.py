"""Deciding how a program counted: by the quotations it wrote, else by what is known of the program."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from subtheme.exchange.offsets import ALL_OFFSETS, ByteOrderMark, End, LineEnds, Offsets, StoredText, Unit

_ELLIPSES = ("…", "...")
_WHITE_SPACE = ("\r\n", *(chr(n) for n in range(0x3001) if chr(n).isspace() and chr(n) != " "))
_MOST_QUOTES = 400
_FEWEST_SOUGHT, _MOST_SOUGHT_CHARS = 20, 200_000_000
"""Names that are no quotation at their place are sought in the text: so many, or through so many characters."""


class DecidedBy(StrEnum):
    """What decided how the offsets of a source were read."""

    OVERRIDE = "override"
    NOTHING_TO_PLACE = "nothing to place"
    QUOTES = "quotes"
    OTHER_SOURCES = "quotes of other sources"
    ORIGIN = "origin"
    PRACTICE = "common practice"
    STANDARD = "standard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A foreign span, and what its program wrote as its name.

    Attributes
    ----------
    start, end : int
        As written.
    name : str
        The quotation, its beginning with an ellipsis, a comment, or nothing.
    """

    start: int
    end: int
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OffsetChoice:
    """How the offsets of one source are read, and why.

    Attributes
    ----------
    offsets : Offsets
    decided_by : DecidedBy
    quotes_confirmed : int
        Selections whose name is the quotation (or its beginning) at the place so found.
    quotes_known : int
        Selections with a name that stands somewhere in the text, so that it can be a quotation.
    warning : str
        What a person should check; empty where the choice is sure.
    """

    offsets: Offsets
    decided_by: DecidedBy
    quotes_confirmed: int
    quotes_known: int
    warning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How a program is known to count, and whether that was seen in its own files."""

    offsets: Offsets
    is_proven: bool


_HABITS: tuple[tuple[str, Habit], ...] = (
    ("nvivo for mac", Habit(offsets=Offsets(unit=Unit.UTF_16), is_proven=False)),
    ("nvivo", Habit(offsets=Offsets(unit=Unit.UTF_16), is_proven=True)),
    ("atlas", Habit(offsets=Offsets(line_ends=LineEnds.AS_ONE), is_proven=False)),
    ("maxqda", Habit(offsets=Offsets(), is_proven=False)),
    ("qualcoder", Habit(offsets=Offsets(line_ends=LineEnds.AS_ONE), is_proven=True)),
    ("aqda", Habit(offsets=Offsets(), is_proven=True)),
    ("subtheme", Habit(offsets=Offsets(), is_proven=True)),
    ("potato", Habit(offsets=Offsets(end=End.INCLUSIVE), is_proven=True)),
)


def habit_of(origin: str) -> Habit | None:
    """Return how the program that calls itself `origin` counts, as far as is known."""
    name = origin.casefold()
    return next((habit for key, habit in _HABITS if key in name), None)


def choose_offsets(
    sources: Sequence[tuple[StoredText, Sequence[Selection]]],
    *,
    habit: Habit | None = None,
    override: Offsets | None = None,
) -> list[OffsetChoice]:
    """Return for each source of one project how its offsets are read.

    All ways to count are tried. Those that put most quotations at their words remain; among them those
    that do so in the other sources of the project; then the habit of the program; then an end that is
    exclusive and a mark that is not counted, as in all programs but one; then the standard's reading. Where
    one of the last two, or a habit that was never seen proven, had to decide between different spans that
    are usual, there is a warning.

    Names are compared without trimming and with every white-space character taken as one blank, since
    XML turns the line breaks of an attribute into blanks.

    Parameters
    ----------
    sources : sequence of (StoredText, sequence of Selection)
    habit : Habit or None
        How the program is known to count; see `habit_of`.
    override : Offsets or None
        A way to count that is taken without asking.
    """
    evidence = [_Evidence(text, selections) for text, selections in sources]
    total: Counter[Offsets] = Counter()
    for source in evidence:
        total.update(source.confirmed)
    return [_choice(source, total, habit, override) for source in evidence]


class _Evidence:
    """Where every way to count puts the selections of one source, and how many quotations it confirms.

    Of many quotations a few hundred decide; all are counted once it is decided.
    """

    def __init__(self, text: StoredText, selections: Sequence[Selection]) -> None:
        self.text = text
        self._starts = np.array([s.start for s in selections], dtype=np.int64)
        self._ends = np.array([s.end for s in selections], dtype=np.int64)
        self._names = [_blanked(s.name) for s in selections]
        self._spans: dict[tuple[str, ...], bytes] = {}
        self.confirmed: Counter[Offsets] = Counter()
        named = [n for n, name in enumerate(self._names) if name]
        if not named:
            return
        step = -(-len(named) // _MOST_QUOTES)
        blank = _blanked(text.text)
        counts: dict[bytes, int] = {}
        for offsets in ALL_OFFSETS:
            spans = self.spans(offsets)
            if spans not in counts:
                counts[spans] = len(self._right(offsets, blank, named[::step]))
            self.confirmed[offsets] = counts[spans]

    def spans(self, offsets: Offsets) -> bytes:
        """Return something that is equal for ways to count that put every selection at the same place."""
        if not len(self._starts):
            return b""
        key = (*self.text.way(offsets), offsets.end)
        if key not in self._spans:
            placed, is_exact = self.text.places(self._starts, self._ends, offsets)
            self._spans[key] = hashlib.sha256(placed.tobytes() + is_exact.tobytes()).digest()
        return self._spans[key]

    def quotes(self, offsets: Offsets) -> tuple[int, int]:
        """Return how many quotations stand at their place, and how many stand anywhere."""
        if not any(self._names):
            return 0, 0
        blank = _blanked(self.text.text)
        right = self._right(offsets, blank, [n for n, name in enumerate(self._names) if name])
        rest = [name for n, name in enumerate(self._names) if name and n not in right]
        most = max(_FEWEST_SOUGHT, _MOST_SOUGHT_CHARS // (len(blank) + 1))
        return len(right), len(right) + sum(_stands_in(name, blank) for name in rest[:most])

    def differ(self, ways: Iterable[Offsets]) -> bool:
        """Return whether the ways to count put a selection at different places.

        Bytes of UTF-8 are left out of the comparison where anything else remains: no program that writes
        REFI-QDA was seen to count them.
        """
        ways = list(ways)
        usual = [o for o in ways if o.unit is not Unit.UTF_8] or ways
        return len({self.spans(o) for o in usual}) > 1

    def _right(self, offsets: Offsets, blank: str, numbers: Sequence[int]) -> set[int]:
        """Return which of the numbered selections have their quotation at their place."""
        placed, is_exact = self.text.places(self._starts[numbers], self._ends[numbers], offsets)
        return {
            n
            for n, (start, end), exact in zip(numbers, placed.tolist(), is_exact.tolist(), strict=True)
            if exact and _is_quote(self._names[n], blank[start:end])
        }


def _choice(
    source: _Evidence, total: Mapping[Offsets, int], habit: Habit | None, override: Offsets | None
) -> OffsetChoice:
    own = source.confirmed
    if override is not None:
        confirmed, known = source.quotes(override)
        return OffsetChoice(
            offsets=override, decided_by=DecidedBy.OVERRIDE, quotes_confirmed=confirmed, quotes_known=known
        )
    criteria: tuple[tuple[DecidedBy, Callable[[Offsets], int]], ...] = (
        (DecidedBy.QUOTES, lambda o: own[o]),
        (DecidedBy.OTHER_SOURCES, lambda o: total[o] - own[o]),
        (DecidedBy.ORIGIN, lambda o: habit is not None and o == habit.offsets),
        (DecidedBy.PRACTICE, lambda o: o.end is End.EXCLUSIVE and o.bom is ByteOrderMark.NOT_COUNTED),
        (DecidedBy.STANDARD, lambda o: -ALL_OFFSETS.index(o)),
    )
    left: list[Offsets] = list(ALL_OFFSETS)
    decided_by = DecidedBy.NOTHING_TO_PLACE
    warning = ""
    for reason, score in criteria:
        best = max(score(o) for o in left)
        rivals, left = left, [o for o in left if score(o) == best]
        if source.differ(rivals) and not source.differ(left):
            decided_by = reason
            warning = _warning(reason, rivals, source, habit)
    confirmed, known = source.quotes(left[0])
    if 2 * confirmed < known:
        warning = f"only {confirmed} of {known} quotations stand at their place"
    return OffsetChoice(
        offsets=left[0], decided_by=decided_by, quotes_confirmed=confirmed, quotes_known=known, warning=warning
    )


def _warning(reason: DecidedBy, rivals: Iterable[Offsets], source: _Evidence, habit: Habit | None) -> str:
    """Return what to check where neither a quotation nor a proven habit decided between usual ways to count."""
    is_proven = reason is DecidedBy.ORIGIN and habit is not None and habit.is_proven
    if is_proven or reason in {DecidedBy.QUOTES, DecidedBy.OTHER_SOURCES}:
        return ""
    if not source.differ(o for o in rivals if o.end is End.EXCLUSIVE):
        return ""
    causes = [
        cause
        for cause, is_there in (
            ("characters outside the basic plane", source.text.has_astral),
            ("line ends of two characters", source.text.has_crlf),
            ("a byte order mark", source.text.has_bom),
        )
        if is_there
    ]
    return (
        f"the text has {' and '.join(causes)}, and neither a quotation nor a proven habit of the program says how "
        "they were counted: look at some codings, and name the right way with --offsets"
    )


def _is_quote(name: str, words: str) -> bool:
    if name == words:
        return True
    return any(name.endswith(e) and len(name) > len(e) and words.startswith(name.removesuffix(e)) for e in _ELLIPSES)


def _stands_in(name: str, blank: str) -> bool:
    for ellipsis in _ELLIPSES:
        name = name.removesuffix(ellipsis)
    return bool(name) and name in blank


def _blanked(text: str) -> str:
    """Return `text` with every white-space character, and every line end, as one blank."""
    for space in _WHITE_SPACE:
        text = text.replace(space, " ")
    return text
