"""Projects of other programs, told apart by their endings and, where these are common, by their beginning."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from subtheme.errors import InputError, Problem
from subtheme.exchange.doccano import read_doccano
from subtheme.exchange.label_studio import is_label_studio, read_label_studio
from subtheme.exchange.offsets import Offsets
from subtheme.exchange.qualcoder import DATABASE, read_qualcoder
from subtheme.exchange.refi_model import RefiProject
from subtheme.exchange.refi_project import read_refi_project
from subtheme.exchange.taguette import read_taguette

_REFI = (".qdpx", ".qde")
_QUALCODER = (".qda",)
_TAGUETTE = (".sqlite3",)
_DOCCANO = (".jsonl",)
_SURE = (*_REFI, *_QUALCODER, *_TAGUETTE, *_DOCCANO)


def is_project(path: Path) -> bool:
    """Return whether the file is read as a project: texts with codes and codings."""
    suffix = path.suffix.lower()
    return suffix in _SURE or (suffix == ".json" and path.is_file() and is_label_studio(path))


def read_project(
    path: Path,
    *,
    offsets: Offsets | None = None,
    encoding: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> RefiProject:
    """Read a project of another program: REFI-QDA, QualCoder, Taguette, doccano or Label Studio.

    Parameters
    ----------
    path : pathlib.Path
    offsets : Offsets or None
        How its offsets count; decided per text without it.
    encoding : str or None
        Encoding of text that is not UTF-8.
    progress : callable or None
        Called while a REFI-QDA project is read, see `read_refi_project`; the other kinds are read at once.

    Raises
    ------
    InputError
        If the file is missing, damaged, dangerous, or of none of these kinds.
    """
    suffix = path.suffix.lower()
    if suffix in _REFI:
        return read_refi_project(path, offsets=offsets, encoding=encoding, progress=progress)
    if suffix in _QUALCODER:
        return read_qualcoder(path, offsets=offsets)
    if suffix in _TAGUETTE:
        return read_taguette(path, offsets=offsets)
    if suffix in _DOCCANO:
        return read_doccano(path, offsets=offsets, encoding=encoding)
    if suffix == ".json":
        return read_label_studio(path, offsets=offsets, encoding=encoding)
    raise InputError(
        Problem(what="not a project", where=path.name, expected=f"one of {', '.join(_SURE)}, or .json of Label Studio")
    )


def project_digest(path: Path) -> str:
    """Return the SHA-256 of a project's file, so that the same is not taken in twice."""
    file = path / DATABASE if path.is_dir() else path
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
