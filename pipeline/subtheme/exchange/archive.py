"""The package of a REFI-QDA project (.qdpx), or its bare project file (.qde): one project file and its sources.

Nothing is unpacked to disk. A source path leads only to a member of the package, by its base name:
``internal://../../x`` is the member ``x`` or nothing, and ``absolute://`` or ``relative://`` are never opened.
"""

import io
import zipfile
from pathlib import Path
from urllib.parse import unquote

from lxml import etree

from subtheme.errors import InputError, Problem
from subtheme.transcripts.guards import DEFAULT_LIMITS, Archive, Limits, parse_xml, read_bytes

_PROJECT = ".qde"


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

    def __init__(self, path: Path, *, limits: Limits = DEFAULT_LIMITS) -> None:
        data = read_bytes(path, limits=limits)
        self.name = path.name
        self._archive: Archive | None = None
        self._by_base_name: dict[str, str] = {}
        if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            self.root = _root(data, self.name)
            return
        self._archive = Archive(data, where=self.name, limits=limits)
        projects = [n for n in self._archive.names if "/" not in n and n.casefold().endswith(_PROJECT)]
        if len(projects) != 1:
            raise InputError(
                Problem(
                    what=f"{len(projects) or 'no'} project files (.qde) in the package",
                    where=self.name,
                    expected="a REFI-QDA project: one .qde file at the top of the package",
                    remedy="Export the project again as REFI-QDA",
                )
            )
        self.root = _root(self._archive.read(projects[0]), f"{self.name} ({projects[0]})")
        # A file in sources/ goes before one of the same base name elsewhere.
        for member in sorted(self._archive.names, key=lambda n: not n.casefold().startswith("sources/")):
            if member != projects[0]:
                self._by_base_name.setdefault(member.rsplit("/", 1)[-1].casefold(), member)

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

    def read(self, member: str) -> bytes:
        """Return the bytes of a member of the package; see `subtheme.transcripts.guards.Archive.read`."""
        if self._archive is None:
            raise InputError(Problem(what=f"no member '{member}'", where=self.name, expected="a package"))
        return self._archive.read(member)


def read_xml_file(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> etree._Element:
    """Return the root of a guarded XML file, such as a codebook (.qdc)."""
    return _root(read_bytes(path, limits=limits), path.name)


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


def _root(data: bytes, where: str) -> etree._Element:
    # Some programs put white space or a second mark before the declaration, which XML does not allow.
    return parse_xml(data.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n"), where=where)
