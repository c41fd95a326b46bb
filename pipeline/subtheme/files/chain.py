"""The hash chain of the decision log: an edited, removed or inserted row breaks it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64
"""Hash before the first decision."""

_CONTENT = ("uid", "coder", "segment", "code", "verdict", "reply_to", "memo", "shown", "at_us", "batch")


def link(previous: str, row: Mapping[str, object]) -> str:
    """Return the SHA-256 of a decision's content together with the hash before it.

    The memo enters by its digest, so that it can be withdrawn on a person's request without breaking the chain.
    """
    content = {name: row[name] for name in _CONTENT}
    content["memo"] = hashlib.sha256(str(row["memo"]).encode("utf-8")).hexdigest()
    text = json.dumps([previous, content], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainState:
    """What a walk along the chain found.

    Attributes
    ----------
    length : int
        Number of decisions.
    head : str
        Hash of the last one; `GENESIS` for an empty log.
    broken_at : int or None
        Sequence number of the first row that does not fit; None where the chain is whole.
    """

    length: int
    head: str
    broken_at: int | None


def walk(rows: Iterable[Mapping[str, object]]) -> ChainState:
    """Check the chain over `rows`, which come in order of ``seq``."""
    previous, length = GENESIS, 0
    for expected_seq, row in enumerate(rows, start=1):
        if row["seq"] != expected_seq or row["prev_hash"] != previous or row["hash"] != link(previous, row):
            return ChainState(length=length, head=previous, broken_at=expected_seq)
        previous, length = str(row["hash"]), length + 1
    return ChainState(length=length, head=previous, broken_at=None)
