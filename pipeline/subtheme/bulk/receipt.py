"""What a worker hands back: small, whatever the shard."""

from dataclasses import dataclass

from subtheme.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a shard.

    Attributes
    ----------
    shard : int
        Number of the shard.
    files : int
        Files in it.
    transcripts, segments, rows, proposals : int
        What was pre-coded; `rows` counts all that is kept, `proposals` those that reach their threshold.
    failures : tuple of Problem
        Transcripts that could not be pre-coded.
    fault : Problem or None
        Why the shard could not be written at all, such as a full disk; the run stops.
    """

    shard: int
    files: int
    transcripts: int = 0
    segments: int = 0
    rows: int = 0
    proposals: int = 0
    failures: tuple[Problem, ...] = ()
    fault: Problem | None = None
