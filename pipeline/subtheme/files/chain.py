"""The hash chain of the log: an edited, removed or inserted row breaks them.

Whoever can write the file can also cut the end off the log and say that it was never there. Against that helps an
anchor, kept elsewhere: the length and head of the chain at some time, which every later chain must contain.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from subtheme.errors import InputError, Problem

GENESIS = "0" * 64
"""Hash before the first event."""

_BESIDE = frozenset({"seq", "prev_hash", "hash"})
"""What a row's hash does not cover: its place in this store, and the hashes themselves."""


def link(previous: str, row: Mapping[str, object]) -> str:
    """Return the SHA-256 of a row's content together with the hash before it.

    Memos and sets of codes enter by their digests, so that words can be withdrawn without breaking the chain.
    """
    covered = {name: value for name, value in row.items() if name not in _BESIDE}
    text = json.dumps([previous, covered], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def chained(rows: Iterable[Mapping[str, Any]], *, seq: int = 0, head: str = GENESIS) -> Iterator[dict[str, Any]]:
    """Yield `rows`, numbered after `seq` and each linked to the one before it, the first one to `head`."""
    for position, row in enumerate(rows, start=seq + 1):
        linked = {**row, "seq": position, "prev_hash": head}
        linked["hash"] = head = link(head, linked)
        yield linked


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The length and the head of a chain at some time, written down outside of the store.

    Attributes
    ----------
    length : int
    head : str
    """

    length: int
    head: str

    def __str__(self) -> str:
        """Return the anchor as one word."""
        return f"{self.length}:{self.head}"

    @classmethod
    def parse(cls, text: str) -> "Anchor":
        """Return the anchor that `text` names.

        Raises
        ------
        InputError
            If it names none.
        """
        if not re.fullmatch(r"\d{1,12}:[0-9a-f]{64}", text):
            raise InputError(
                Problem(
                    what="not an anchor",
                    expected="a number, a colon and 64 hexadecimal digits",
                    remedy="Copy it from a report or from 'subtheme doctor'",
                )
            )
        length, _, head = text.partition(":")
        return cls(length=int(length), head=head)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainState:
    """What a walk along the chain found.

    Attributes
    ----------
    length : int
        Number of rows.
    head : str
        Hash of the last one; `GENESIS` for an empty log.
    broken_at : int or None
        Sequence number of the first row that does not fit; None where the chain is whole.
    holds_anchor : bool
        Whether the anchor that was asked about lies in the chain; True where none was.
    """

    length: int
    head: str
    broken_at: int | None
    holds_anchor: bool = True

    @property
    def anchor(self) -> Anchor:
        """The chain as it is now, to be written down elsewhere."""
        return Anchor(length=self.length, head=self.head)


def walk(
    rows: Iterable[Mapping[str, object]],
    *,
    anchor: Anchor | None = None,
    linked: Callable[[str, Mapping[str, object]], str] = link,
) -> ChainState:
    """Check the chain over `rows`, which come in order of ``seq``, and whether it contains `anchor`."""
    previous, length = GENESIS, 0
    is_held = anchor is None or anchor == Anchor(length=0, head=GENESIS)
    for expected_seq, row in enumerate(rows, start=1):
        fits = row["seq"] == expected_seq and row["prev_hash"] == previous
        if not fits or row["hash"] != linked(previous, row):
            return ChainState(length=length, head=previous, broken_at=expected_seq, holds_anchor=is_held)
        previous, length = str(row["hash"]), length + 1
        is_held = is_held or anchor == Anchor(length=length, head=previous)
    return ChainState(length=length, head=previous, broken_at=None, holds_anchor=is_held)
