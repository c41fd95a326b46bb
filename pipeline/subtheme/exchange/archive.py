"""The package of a REFI-QDA project (.qdpx), or its bare project file (.qde): one project file and its sources.

Nothing is unpacked to disk. A source path leads only to a member of the package, by its base name:
``internal://../../x`` is the member ``x`` or nothing, and ``absolute://`` or ``relative://`` are never opened.
"""

import io
import zipfile
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote

from lxml import etree

from subtheme.bytes.guards import Archive, Limits, parse_xml, read_bytes, read_head
from subtheme.errors import InputError, Problem

_PROJECT = ".qde"
PROJECT_LIMITS = Limits(
    file_bytes=100 << 20, member_bytes=64 << 20, total_bytes=160 << 20, tree_bytes=130 << 20, elements=220_000
)
"""Only the project file and the texts of a package are unpacked, whatever else it holds. A coding with its selection
is three elements and eight attributes: some 65,000 fit."""
_LONGEST_TEXT, _MOST_TEXT = 4_000_000, 16_000_000
"""Characters of one text, and of all texts of a project: some 700,000 and 2,800,000 words."""
_MOST_LINES = 100_000
"""Lines of one text: each may become a turn."""


class ProjectArchive:
    """The project file and the text files of one REFI-QDA project.

    Parameters
    ----------
    path : pathlib.Path
        A .qdpx package or a bare .qde file; told apart by content.
    limits : Limits

    Raises
    ------
    InputError
        If the file is missing, damaged, beyond the limits, dangerous, or holds no single project file.
    """

    def __init__(self, path: Path, *, limits: Limits = PROJECT_LIMITS) -> None:
        self.name = path.name
        self._archive: Archive | None = None
        self._text_left = _MOST_TEXT
        self._by_base_name: dict[str, str] = {}
        if _begins_as_xml(path):
            self.root = _root(read_bytes(path, limits=limits), self.name, limits)
            return
        self._archive = Archive(path, where=self.name, limits=limits)
        try:
            self.root = self._project_of(self._archive, limits)
        except InputError:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Return the package."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        self.close()

    def close(self) -> None:
        """Close the file; nothing can be read afterwards."""
        if self._archive is not None:
            self._archive.close()

    def _project_of(self, archive: Archive, limits: Limits) -> etree._Element:
        """Return the root of the one project file, and note where everything else lies."""
        projects = [n for n in archive.names if "/" not in n and n.casefold().endswith(_PROJECT)]
        if len(projects) != 1:
            raise InputError(
                Problem(
                    what=f"{len(projects) or 'no'} project files (.qde) in the package",
                    where=self.name,
                    expected="a REFI-QDA project: one .qde file at the top of the package",
                    remedy="Export the project again as REFI-QDA",
                )
            )
        # A file in sources/ goes before one of the same base name elsewhere.
        for member in sorted(archive.names, key=lambda n: not n.casefold().startswith("sources/")):
            if member != projects[0]:
                self._by_base_name.setdefault(member.rsplit("/", 1)[-1].casefold(), member)
        return _root(archive.read(projects[0]), f"{self.name} ({projects[0]})", limits)

    def member_of(self, source_path: str) -> str | None:
        """Return the member that a path of the project file leads to, or None."""
        scheme, found, rest = source_path.partition("://")
        if found and scheme.casefold() != "internal":
            return None
        base = (rest if found else source_path).replace("\\", "/").rsplit("/", 1)[-1]
        for name in (base, unquote(base)):
            if (member := self._by_base_name.get(name.casefold())) is not None:
                return member
        return None

    def takes_text(self, text: str) -> bool:
        """Return whether a text is still within what a project may hold, and count it."""
        lines = text.count("\n") + text.count("\r") - text.count("\r\n")
        if len(text) > min(_LONGEST_TEXT, self._text_left) or lines > _MOST_LINES:
            return False
        self._text_left -= len(text)
        return True

    def read(self, member: str) -> bytes:
        """Return the bytes of a member of the package; see `subtheme.bytes.guards.Archive.read`."""
        if self._archive is None:
            raise InputError(Problem(what=f"no member '{member}'", where=self.name, expected="a package"))
        return self._archive.read(member)


def read_xml_file(path: Path, *, limits: Limits = PROJECT_LIMITS) -> etree._Element:
    """Return the root of a guarded XML file, such as a codebook (.qdc)."""
    return _root(read_bytes(path, limits=limits), path.name, limits)


def zipped(members: dict[str, bytes]) -> bytes:
    """Return a package of `members` in their order, byte-equal for equal content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3  # the same on every system
            member.external_attr = 0o644 << 16
            package.writestr(member, content)
    return buffer.getvalue()


def _begins_as_xml(path: Path) -> bool:
    """Return whether a file is XML; one that is empty or cannot be read is refused."""
    head = read_head(path, 64)
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _root(data: bytes, where: str, limits: Limits) -> etree._Element:
    # Some programs put white space or a second mark before the declaration, which XML does not allow.
    return parse_xml(data.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n"), where=where, limits=limits)
