"""The plan: transcripts in a fixed order, cut into shards that depend on nothing but them."""

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from subtheme.errors import InputError, Problem, problem_of_system
from subtheme.transcripts import transcript_files

FILES_PER_SHARD = 64
_BYTES_PER_SHARD = 1_000_000
_FILES_AT_FIRST = 8
_OF_A_SIZE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptFile:
    """A file that holds transcripts, and what was in it when the run was planned.

    Attributes
    ----------
    path : str
        Absolute.
    sha256 : str
        Of its bytes.
    """

    path: str
    sha256: str

    @property
    def name(self) -> str:
        """Base name, for messages."""
        return Path(self.path).name


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """Transcripts that are pre-coded together.

    Attributes
    ----------
    number : int
        From 0.
    files : tuple of TranscriptFile
    """

    number: int
    files: tuple[TranscriptFile, ...]

    @property
    def inputs_hash(self) -> str:
        """Digest of names and contents: the same transcripts give the same, whatever the model."""
        return hashlib.sha256("".join(f"{f.name}\0{f.sha256}\n" for f in self.files).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of several parts of a run, such as a task of a Slurm array.

    Attributes
    ----------
    number : int
        From 1.
    count : int
    """

    number: int = 1
    count: int = 1

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the part written as ``2/10``.

        Raises
        ------
        InputError
            If it is not written so, or the number is beyond the count.
        """
        match = re.fullmatch(r"(\d+)/(\d+)", text)
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            raise InputError(
                Problem(what=f"no part '{text}'", where="--part", expected="i/n with i from 1 to n, as 2/10")
            )
        return cls(number=int(match[1]), count=int(match[2]))

    def shards(self, shards: Sequence[Shard]) -> list[Shard]:
        """Return every count-th shard, beginning with the one of this part."""
        return [s for s in shards if s.number % self.count == self.number - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be pre-coded.

    Attributes
    ----------
    shards : tuple of Shard
    left_out : tuple of str
        Files that are no transcripts, each with the reason.
    refused : tuple of Problem
        Files that are not pre-coded: their name is taken or no text, or they cannot be read.
    """

    shards: tuple[Shard, ...]
    left_out: tuple[str, ...]
    refused: tuple[Problem, ...]

    @property
    def files(self) -> int:
        """Number of files that are pre-coded."""
        return sum(len(s.files) for s in self.shards)


def plan_of(places: Sequence[Path], *, files_per_shard: int = FILES_PER_SHARD) -> Plan:
    """Return the plan for the transcripts in files and folders.

    A shard is closed at `files_per_shard` files or one megabyte, in the order of the paths: files that come after
    all others leave the shards before them as they are. The first eight shards hold an eighth of that, the next eight
    a quarter and eight more a half, so that the transcripts of one study keep several processes busy too.

    Raises
    ------
    InputError
        If a place does not exist, or there is no transcript in any.
    """
    found = transcript_files(list(places))
    first: dict[str, Path] = {}
    refused: list[Problem] = []
    shards: list[Shard] = []
    files: list[TranscriptFile] = []
    size = 0
    for path in found.files:
        problem = _named_badly(path, first.get(path.stem))
        if problem is None:
            try:
                length, digest = path.stat().st_size, _digest(path)
            except OSError as error:
                problem = problem_of_system(error, where=path.name)
        if problem is not None:
            refused.append(problem)
            continue
        first[path.stem] = path
        most = min(files_per_shard, _FILES_AT_FIRST << len(shards) // _OF_A_SIZE)
        if files and (len(files) == most or size + length > _BYTES_PER_SHARD * most // files_per_shard):
            shards.append(Shard(number=len(shards), files=tuple(files)))
            files, size = [], 0
        files.append(TranscriptFile(path=str(path.resolve()), sha256=digest))
        size += length
    if files:
        shards.append(Shard(number=len(shards), files=tuple(files)))
    if not shards:
        raise InputError([*refused, Problem(what="no transcript to read", where=", ".join(p.name for p in places))])
    return Plan(
        shards=tuple(shards),
        left_out=tuple(f"{_shown(f.path)}: {f.reason}" for f in found.left_out),
        refused=tuple(refused),
    )


def _named_badly(path: Path, earlier: Path | None) -> Problem | None:
    """Return what is wrong with the name of a file, which is to name a transcript and its participant."""
    if _shown(path) != path.name:
        return Problem(
            what="the name is not written in UTF-8",
            where=_shown(path),
            expected="a name that can be printed and stored",
            remedy="Rename the file",
        )
    if earlier is None:
        return None
    return Problem(
        what=f"a second transcript named '{path.stem}'",
        where=path.name,
        expected=f"one; the first is in {_shown(earlier.parent)}/{earlier.name}",
        remedy="Rename one of the files",
    )


def _shown(path: Path) -> str:
    """Return the base name; what is no text in it, as in names of an old archive, is replaced."""
    return os.fsencode(path.name).decode("utf-8", "replace")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
