"""Guards at the door: sizes, zip packages and XML of files that come from elsewhere.

Nothing is ever unpacked to disk. Sizes are counted while reading, since what a package says about
itself may be a lie; XML with a document type is refused, since no format read here needs one.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from lxml import etree

from subtheme.errors import InputError, Problem

_CHUNK = 1 << 16
_MEGABYTE = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0"
_ENTRY_BYTES = 1_000
_END_BYTES = 66_000
_ELEMENT_BYTES, _ATTRIBUTE_BYTES = 120, 216
"""What libxml2 allocates for an element, and for an attribute with its text."""
_PASSWORD_REMEDY = "Open it in the program that made it, save it without a password and import that copy"  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a file may hold before it is refused.

    Attributes
    ----------
    file_bytes : int
        Size of the file itself.
    members : int
        Number of members of a zip package.
    member_bytes, total_bytes : int
        Unpacked size of one member, and of all members that are read.
    ratio : int
        Unpacked to packed size of one member; asked only of members above one megabyte, since short
        repetitive text packs well without being an attack.
    tree_bytes : int
        Memory that the tree of one XML document may take, estimated before it is built.
    elements : int
        Elements of one XML document.
    """

    file_bytes: int = 200 * _MEGABYTE
    members: int = 10_000
    member_bytes: int = 200 * _MEGABYTE
    total_bytes: int = 500 * _MEGABYTE
    ratio: int = 200
    tree_bytes: int = 150 * _MEGABYTE
    elements: int = 1_200_000


DEFAULT_LIMITS = Limits()


def read_head(path: Path, most: int) -> bytes:
    """Return up to `most` bytes from the beginning of `path`.

    Raises
    ------
    InputError
        If there is no such file, it is a folder, cannot be read, or is empty.
    """
    where = path.name
    try:
        with path.open("rb") as stream:
            data = stream.read(most)
    except FileNotFoundError:
        raise InputError(Problem(what="no such file", where=str(path))) from None
    except IsADirectoryError:
        raise InputError(Problem(what="a folder", where=str(path), expected="a file")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not a file name"
        raise InputError(Problem(what=f"the file cannot be read ({reason})", where=str(path))) from None
    if not data:
        raise InputError(Problem(what="the file is empty", where=where, remedy="Export or copy the file again"))
    return data


def read_bytes(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Return the bytes of `path`, reading no more than the limit.

    Raises
    ------
    InputError
        If there is no such file, it is a folder, cannot be read, is empty or is too large.
    """
    data = read_head(path, limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise InputError(
            Problem(
                what=f"the file is larger than {limits.file_bytes // _MEGABYTE} MB",
                where=path.name,
                expected="one interview",
                remedy="Split it, or leave pictures and recordings out",
            )
        )
    return data


class Archive:
    """A zip package, read member by member in memory.

    Parameters
    ----------
    content : bytes or pathlib.Path
        The whole package, or its file, of which only the members asked for are read.
    where : str
        Name of the file, for errors.
    limits : Limits

    Raises
    ------
    InputError
        If it is no zip package, is locked with a password, has too many members, two members of one
        name (whatever the case of its letters), or a member whose name leaves the package.
    """

    def __init__(self, content: bytes | Path, *, where: str, limits: Limits = DEFAULT_LIMITS) -> None:
        self._stream: BinaryIO = io.BytesIO(content) if isinstance(content, bytes) else content.open("rb")
        self._where = where
        self._limits = limits
        self._left = limits.total_bytes
        try:
            self._zip, self._members = self._opened()
        except InputError:
            self.close()
            raise

    def close(self) -> None:
        """Close the file; nothing can be read afterwards."""
        self._stream.close()

    def _opened(self) -> tuple[zipfile.ZipFile, dict[str, zipfile.ZipInfo]]:
        """Return the package and its members, after every question that can be asked before unpacking."""
        where, limits, stream = self._where, self._limits, self._stream
        if stream.read(len(_OLE)) == _OLE:
            raise InputError(
                Problem(
                    what="the file is locked with a password, or in the format of Office before 2007",
                    where=where,
                    expected="an unlocked package",
                    remedy=_PASSWORD_REMEDY,
                )
            )
        try:
            # An entry of the directory becomes an object of many times its size: ask before it is read.
            is_too_long = _directory_bytes(stream) > limits.members * _ENTRY_BYTES
            package = None if is_too_long else zipfile.ZipFile(stream)
            members = [] if package is None else package.infolist()
        except (
            zipfile.BadZipFile,
            zipfile.LargeZipFile,
            NotImplementedError,
            ValueError,
            OSError,
            EOFError,
            struct.error,
        ):
            raise self._damaged() from None
        if package is None:
            raise InputError(self._member_problem("a directory of members that is too long", expected="a package"))
        if len(members) > limits.members:
            raise InputError(
                Problem(what=f"{len(members)} members", where=where, expected=f"at most {limits.members} in a package")
            )
        problems = [p for m in members if (p := self._problem_of(m)) is not None]
        folded: set[str] = set()
        for member in members:
            key = member.filename.casefold()
            if key in folded:
                problems.append(self._member_problem("two members of one name", expected="each name once"))
            folded.add(key)
        if problems:
            raise InputError(problems[:10])
        return package, {m.filename: m for m in members if m.filename and not m.filename.endswith("/")}

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the members, sorted, without folders."""
        return tuple(sorted(self._members))

    def __contains__(self, name: object) -> bool:
        """Return whether there is a member of that name."""
        return name in self._members

    def read(self, name: str) -> bytes:
        """Return the unpacked bytes of one member, counting while unpacking.

        Raises
        ------
        InputError
            If there is no such member, it is damaged, or it unpacks to more than the limits allow.
        """
        member = self._members.get(name)
        if member is None:
            raise InputError(
                Problem(what=f"no member '{name}'", where=self._where, expected="a complete package of its kind")
            )
        most = min(self._limits.member_bytes, self._left)
        parts: list[bytes] = []
        size = 0
        try:
            with self._zip.open(member) as stream:
                while chunk := stream.read(_CHUNK):
                    size += len(chunk)
                    if self._is_too_much(size, most, member):
                        break
                    parts.append(chunk)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError, EOFError, RuntimeError):
            raise self._damaged() from None
        if self._is_too_much(size, most, member):
            raise InputError(
                self._member_problem(
                    f"a member unpacks to more than {size // _MEGABYTE} MB",
                    expected=f"at most {self._limits.member_bytes // _MEGABYTE} MB and "
                    f"{self._limits.ratio} times its packed size",
                )
            )
        self._left -= size
        return b"".join(parts)

    def _problem_of(self, member: zipfile.ZipInfo) -> Problem | None:
        name = member.filename
        if member.flag_bits & 0x1:
            return Problem(
                what="a member is locked with a password",
                where=self._where,
                expected="an unlocked package",
                remedy=_PASSWORD_REMEDY,
            )
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if name.startswith(("/", "\\")) or ".." in parts or (parts and parts[0][1:2] == ":") or "\\" in name:
            return self._member_problem("a member whose name leads out of the package", expected="plain names")
        return None

    def _member_problem(self, what: str, *, expected: str) -> Problem:
        return Problem(
            what=what, where=self._where, expected=expected, remedy="Do not trust this file; ask for it again"
        )

    def _is_too_much(self, size: int, most: int, member: zipfile.ZipInfo) -> bool:
        """Whether a member unpacks to more than is allowed, at once or beside its packed size."""
        return size > most or (size > _MEGABYTE and size > self._limits.ratio * max(member.compress_size, 1))

    def _damaged(self) -> InputError:
        return InputError(
            Problem(
                what="the package is damaged or of another kind",
                where=self._where,
                expected="a zip package, as .docx, .odt, .xlsx and .qdpx are",
                remedy="Open it in the program that made it and save it again",
            )
        )


def _directory_bytes(stream: BinaryIO) -> int:
    """Return how long the directory of a zip package says that it is; 0 where there is none."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(size - _END_BYTES, 0))
    tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    length = int.from_bytes(tail[end + 12 : end + 16], "little") if end >= 0 else 0
    locator = tail.rfind(b"PK\x06\x07", 0, max(end, 0))
    if length == 0xFFFFFFFF and locator >= 0:
        stream.seek(min(int.from_bytes(tail[locator + 8 : locator + 16], "little"), size))
        length = int.from_bytes(stream.read(48)[40:48], "little")
    return length


def parse_xml(data: bytes, *, where: str, limits: Limits = DEFAULT_LIMITS) -> etree._Element:
    """Return the root of an XML document that has no document type.

    Entities are not resolved, nothing is fetched, comments and processing instructions are dropped,
    and libxml2's limits on depth (256) and size of one text stay on.

    Raises
    ------
    InputError
        If the XML is not well-formed, has a DOCTYPE, or would take too much memory.
    """
    elements = data.count(b"<") - data.count(b"</")
    bytes_of_tree = elements * _ELEMENT_BYTES + data.count(b"=") * _ATTRIBUTE_BYTES
    if elements > limits.elements or bytes_of_tree > limits.tree_bytes:
        raise InputError(
            Problem(
                what="the XML has too many elements and attributes",
                where=where,
                expected=f"at most {limits.elements} elements, in {limits.tree_bytes // _MEGABYTE} MB of memory",
                remedy="Export a part of the project",
            )
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        place = f"{where}, line {line}" if line else where
        raise InputError(
            Problem(
                what="not well-formed XML",
                where=place,
                expected="a file as its program writes it",
                remedy="Open it in that program and save it again",
            )
        ) from None
    info = root.getroottree().docinfo
    if info.doctype or info.internalDTD is not None:
        raise InputError(
            Problem(
                what="the XML has a document type (DOCTYPE)",
                where=where,
                expected="XML without one",
                remedy="Do not trust this file: entities in a document type are a known attack",
            )
        )
    return root
