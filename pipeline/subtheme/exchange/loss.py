"""The loss report: what an import or export read, kept and dropped, and why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Something that did not come through.

    Attributes
    ----------
    what : str
        What it is, in the singular: ``coding``, ``picture source``.
    where : str
        Where it stood: names, ids and positions only.
    reason : str
        Why it was left out.
    """

    what: str
    where: str
    reason: str

    def as_dict(self) -> dict[str, str]:
        """Return the entry as a dict of plain strings."""
        return {"what": self.what, "where": self.where, "reason": self.reason}


@dataclass(frozen=True, slots=True, kw_only=True)
class LossReport:
    """What came through an import or export, and what did not.

    Attributes
    ----------
    file : str
        Base name of the file.
    read, kept : mapping of str to int
        Numbers of things found and taken over, by their name in the plural.
    dropped : tuple of Dropped
        Everything left out, with its reason.
    warnings : tuple of str
        What was taken over and deserves a look.
    """

    file: str
    read: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether everything came through."""
        return not self.dropped

    def reasons(self) -> dict[tuple[str, str], int]:
        """Return how often each (what, reason) occurs, in order of first appearance."""
        return dict(Counter((d.what, d.reason) for d in self.dropped))

    def as_text(self) -> str:
        """Return the report for a person, one line per kind of loss."""
        lines = [f"{self.file}: {_numbers(self.read, 'nothing')} read, {_numbers(self.kept, 'nothing')} kept"]
        places: dict[tuple[str, str], list[str]] = defaultdict(list)
        for dropped in self.dropped:
            places[dropped.what, dropped.reason].append(dropped.where)
        for (what, reason), found in places.items():
            lines.append(f"  not kept: {what}, {len(found)} x ({reason}){_places(filter(None, found))}")
        lines += [f"  look at: {warning}" for warning in self.warnings]
        if self.is_complete:
            lines.append("  nothing was dropped")
        return "\n".join(lines) + "\n"

    def as_dict(self) -> dict[str, object]:
        """Return the report for ``--json``."""
        return {
            "file": self.file,
            "read": dict(self.read),
            "kept": dict(self.kept),
            "dropped": [d.as_dict() for d in self.dropped],
            "warnings": list(self.warnings),
        }


def _numbers(counts: Mapping[str, int], nothing: str) -> str:
    return ", ".join(f"{n} {what}" for what, n in counts.items()) or nothing


def _places(places: Iterable[str]) -> str:
    distinct = list(dict.fromkeys(places))
    if not distinct:
        return ""
    shown = "; ".join(distinct[:3])
    return f": {shown}" + (f" and {len(distinct) - 3} more" if len(distinct) > 3 else "")
