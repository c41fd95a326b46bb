"""Projects of other programs, told apart by their endings."""

from pathlib import Path

from subtheme.exchange.offsets import Offsets
from subtheme.exchange.refi_model import RefiProject
from subtheme.exchange.refi_project import read_refi_project

_REFI = (".qdpx", ".qde")


def is_project(path: Path) -> bool:
    """Return whether the file is read as a project: texts with codes and codings."""
    return path.suffix.lower() in _REFI


def read_project(path: Path, *, offsets: Offsets | None = None, encoding: str | None = None) -> RefiProject:
    """Read a project of another program; see `read_refi_project`."""
    return read_refi_project(path, offsets=offsets, encoding=encoding)
