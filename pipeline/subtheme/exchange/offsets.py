"""Offsets as other programs count them, and their conversion to code points of the canonical text.

A program may count code points, UTF-16 units or UTF-8 bytes; count CRLF as two or as one; count a byte
order mark or not; and give the last character or the place behind it.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import numpy as np
import numpy.typing as npt

from subtheme.errors import InputError, Problem, suggestion

_FAR = 2**31 - 2
_LINE_END = re.compile(r"\r\n|\r|\n")


class Unit(StrEnum):
    """What one step of an offset is."""

    CODE_POINT = "code-point"
    UTF_16 = "utf-16"
    UTF_8 = "utf-8"


class LineEnds(StrEnum):
    """How a line end of two characters (CRLF) is counted."""

    AS_STORED = "as-stored"
    """As two steps."""
    AS_ONE = "as-one"


class ByteOrderMark(StrEnum):
    """Whether a byte order mark at the start of the file is counted."""

    COUNTED = "counted"
    NOT_COUNTED = "not-counted"


class End(StrEnum):
    """What the end of a span names."""

    EXCLUSIVE = "exclusive"
    """The place behind the last character."""
    INCLUSIVE = "inclusive"
    """The last character."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offsets:
    """One way to count.

    Attributes
    ----------
    unit : Unit
    line_ends : LineEnds
    bom : ByteOrderMark
    end : End
    """

    unit: Unit = Unit.CODE_POINT
    line_ends: LineEnds = LineEnds.AS_STORED
    bom: ByteOrderMark = ByteOrderMark.NOT_COUNTED
    end: End = End.EXCLUSIVE

    @classmethod
    def parse(cls, text: str) -> "Offsets":
        """Return the way to count that is written as ``unit=utf-16,line_ends=as-one``.

        Keys that are left out have the value of the standard's most common reading: code points, line
        ends as stored, mark not counted, end exclusive.

        Raises
        ------
        InputError
            If a key or a value is not known.
        """
        kinds: dict[str, type[StrEnum]] = {"unit": Unit, "line_ends": LineEnds, "bom": ByteOrderMark, "end": End}
        found: dict[str, StrEnum] = {}
        problems = []
        for part in filter(None, (p.strip() for p in text.split(","))):
            key, _, value = (p.strip() for p in part.partition("="))
            key = key.replace("-", "_")
            if key not in kinds:
                expected = f"one of {', '.join(kinds)}"
                problems.append(Problem(what=f"offsets: unknown key '{key}'", expected=expected))
            elif value not in (known := [str(v) for v in kinds[key]]):
                problems.append(
                    Problem(
                        what=f"offsets: '{value}' is not a value of {key}",
                        expected=f"one of {', '.join(known)}",
                        remedy=suggestion(value, known),
                    )
                )
            else:
                found[key] = kinds[key](value)
        if problems:
            raise InputError(problems)
        return cls(**found)  # type: ignore[arg-type]  # each value was made by the type of its key

    def as_text(self) -> str:
        """Return the way to count as `parse` reads it."""
        return ",".join(f"{key}={value}" for key, value in self.as_dict().items())

    def as_dict(self) -> dict[str, str]:
        """Return the way to count as a dict of plain strings."""
        return {
            "unit": str(self.unit),
            "line_ends": str(self.line_ends),
            "bom": str(self.bom),
            "end": str(self.end),
        }


ALL_OFFSETS = tuple(
    Offsets(unit=u, line_ends=le, bom=b, end=e) for u, le, b, e in product(Unit, LineEnds, reversed(ByteOrderMark), End)
)
"""Every way to count, the standard's most common reading first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A foreign span on the canonical text.

    Attributes
    ----------
    start_char, end_char : int
        Half-open span in code points.
    is_exact : bool
        False where a foreign offset pointed into the middle of a character or of a line end; the span then
        covers that character.
    """

    start_char: int
    end_char: int
    is_exact: bool


class StoredText:
    """The text of a foreign file, which knows where its characters lie under every way to count.

    Parameters
    ----------
    stored : str
        As decoded: line ends as they are, without byte order mark.
    canonical : str
        The same with LF line ends.
    has_bom : bool
        Whether the file began with a byte order mark.
    uncounted : collection of int
        Positions of canonical characters that the foreign text does not have, such as a line end for a mark-up.
    """

    def __init__(self, stored: str, canonical: str, *, has_bom: bool, uncounted: Collection[int] = ()) -> None:
        self.text = canonical
        self.has_bom = has_bom
        self._code_points = np.frombuffer(canonical.encode("utf-32-le"), dtype="<u4")
        ends = [len(m.group()) for m in _LINE_END.finditer(stored)] if "\r" in stored else []
        self._is_crlf = np.zeros(len(canonical), dtype=bool)
        if ends:
            self._is_crlf[self._code_points == 10] = np.array(ends) == 2
        self.has_crlf = bool(self._is_crlf.any())
        self.has_astral = bool((self._code_points > 0xFFFF).any())
        self._is_ascii = canonical.isascii()
        self._uncounted = np.array(sorted(uncounted), dtype=np.int64)
        self._last: tuple[tuple[Unit, LineEnds, ByteOrderMark], npt.NDArray[np.int32]] | None = None

    def way(self, offsets: Offsets) -> tuple[Unit, LineEnds, ByteOrderMark]:
        """Return how boundaries are counted; ways to count that agree on this text are one."""
        unit, line_ends, bom = offsets.unit, offsets.line_ends, offsets.bom
        if not self.has_crlf:
            line_ends = LineEnds.AS_STORED
        if not self.has_bom:
            bom = ByteOrderMark.NOT_COUNTED
        is_mark_counted = bom is ByteOrderMark.COUNTED  # three bytes in UTF-8, also before ASCII
        if (unit is Unit.UTF_16 and not self.has_astral) or (
            unit is Unit.UTF_8 and self._is_ascii and not is_mark_counted
        ):
            unit = Unit.CODE_POINT
        return unit, line_ends, bom

    def boundaries(self, offsets: Offsets) -> npt.NDArray[np.int32]:
        """Return the foreign offset of every character of the canonical text, and of its end.

        Shape ``(len(text) + 1,)``. Only the last array is kept: all of them would be many times the text.
        """
        way = self.way(offsets)
        if self._last is None or self._last[0] != way:
            unit, line_ends, bom = way
            points = self._code_points
            bounds = np.ones(len(points) + 1, dtype=np.int32)
            widths = bounds[1:]
            mark = 1
            if unit is Unit.UTF_16:
                widths += points > 0xFFFF
            elif unit is Unit.UTF_8:
                for limit in (0x7F, 0x7FF, 0xFFFF):
                    widths += points > limit
                mark = 3
            if line_ends is LineEnds.AS_STORED:
                widths += self._is_crlf
            widths[self._uncounted] = 0
            bounds[0] = mark if bom is ByteOrderMark.COUNTED else 0
            self._last = (way, np.cumsum(bounds, out=bounds))
        return self._last[1]

    def places(
        self, starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64], offsets: Offsets
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Return foreign spans on the canonical text, and which of them are exact; see `Placed`.

        Returns
        -------
        spans : array of shape (n, 2)
            -1 where a foreign span is empty, reversed or outside.
        is_exact : array of shape (n,)
        """
        bounds = self.boundaries(offsets)
        # In the type of the boundaries, or each search would convert them all.
        begin, end = (np.clip(a, -2, _FAR).astype(bounds.dtype) for a in (starts, ends))
        if offsets.end is End.INCLUSIVE:
            end += 1
        is_placed = (bounds[0] <= begin) & (begin < end) & (end <= bounds[-1])
        first = np.where(is_placed, np.searchsorted(bounds, begin, side="right") - 1, -1)
        after = np.where(is_placed, np.searchsorted(bounds, end, side="left"), -1)
        is_exact = is_placed.copy()
        is_exact[is_placed] = (bounds[first[is_placed]] == begin[is_placed]) & (
            bounds[after[is_placed]] == end[is_placed]
        )
        return np.stack([first, after], axis=1), is_exact

    def placed(self, spans: Sequence[tuple[int, int]], offsets: Offsets) -> list[Placed | None]:
        """Return foreign spans on the canonical text; None for one that is empty, reversed or outside."""
        pairs = np.array(spans, dtype=np.int64).reshape(-1, 2)
        found, is_exact = self.places(pairs[:, 0], pairs[:, 1], offsets)
        return [
            None if start < 0 else Placed(start_char=start, end_char=end, is_exact=exact)
            for (start, end), exact in zip(found.tolist(), is_exact.tolist(), strict=True)
        ]

    def place(self, start: int, end: int, offsets: Offsets) -> Placed | None:
        """Return one foreign span on the canonical text; see `placed`."""
        return self.placed([(start, end)], offsets)[0]

    def offset(self, position: int, offsets: Offsets) -> int:
        """Return the foreign offset of the canonical `position` (of an exclusive end for an end)."""
        return int(self.boundaries(offsets)[position])
