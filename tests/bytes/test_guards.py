import io
import struct
import zipfile
from pathlib import Path

import pytest
from transcripts.interviews import zipped

from subtheme.bytes.guards import Archive, Limits, parse_xml, read_bytes
from subtheme.errors import InputError


def refusal(data: bytes, *, limits: Limits | None = None, name: str = "a") -> str:
    with pytest.raises(InputError) as caught:
        Archive(data, where="x.docx", limits=limits or Limits()).read(name)
    return str(caught.value)


def test_members_are_read_in_memory() -> None:
    archive = Archive(zipped({"b/c.xml": "<c/>", "a": b"A"}), where="x.docx")
    assert archive.names == ("a", "b/c.xml")
    assert "a" in archive
    assert "z" not in archive
    assert archive.read("a") == b"A"


def test_a_bomb_is_stopped_by_its_ratio_and_by_its_size() -> None:
    bomb = zipped({"a": b"\0" * (3 << 20)})
    assert len(bomb) < 10_000
    assert (
        "x.docx: a member unpacks to more than 1 MB; expected at most 200 MB and 200 times its packed size"
        in refusal(bomb)
    )
    assert "unpacks to more than" in refusal(bomb, limits=Limits(member_bytes=2 << 20, ratio=10**6))
    assert "unpacks to more than" in refusal(bomb, limits=Limits(total_bytes=2 << 20, ratio=10**6))


def test_the_total_counts_every_read() -> None:
    archive = Archive(zipped({"a": b"a" * 60, "b": b"b" * 60}), where="x.docx", limits=Limits(total_bytes=100))
    assert len(archive.read("a")) == 60
    with pytest.raises(InputError, match="unpacks to more than"):
        archive.read("b")


def test_a_size_that_lies_is_found_out() -> None:
    data = bytearray(zipped({"a": b"\0" * 5000}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 10)
    assert "the package is damaged" in refusal(bytes(data))


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("names", [("a", "a"), ("project.qde", "Project.qde")])
def test_two_members_of_one_name(names: tuple[str, str]) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        for name in names:
            package.writestr(name, "x")
    assert "x.docx: two members of one name; expected each name once" in refusal(stream.getvalue())


@pytest.mark.parametrize("name", ["../a", "b/../../a", "/etc/a", "C:/a"])
def test_a_name_that_leads_out(name: str) -> None:
    assert "a member whose name leads out of the package" in refusal(zipped({name: "x"}))


def test_locked_members_and_old_office() -> None:
    data = bytearray(zipped({"a": "x"}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    assert "x.docx: a member is locked with a password; expected an unlocked package" in refusal(bytes(data))
    assert "locked with a password, or in the format of Office before 2007" in refusal(b"\xd0\xcf\x11\xe0" + b"\0" * 99)


def test_too_many_members_and_none() -> None:
    assert "3 members; expected at most 2 in a package" in refusal(
        zipped({"a": "", "b": "", "c": ""}), limits=Limits(members=2)
    )
    assert "no member 'a'" in refusal(zipped({"b": ""}))
    assert "the package is damaged or of another kind" in refusal(b"words")


def test_damaged_content() -> None:
    data = bytearray(zipped({"a": bytes(range(256)) * 40}))
    data[60:80] = b"\xff" * 20
    assert "the package is damaged" in refusal(bytes(data))


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with pytest.raises(InputError, match=r"a\.txt: no such file"):
        read_bytes(path)
    with pytest.raises(InputError, match="a folder; expected a file"):
        read_bytes(tmp_path)
    with pytest.raises(InputError, match=r"the file cannot be read \(the name is not a file name\)"):
        read_bytes(Path("a\0b"))
    path.write_bytes(b"")
    with pytest.raises(InputError, match=r"a\.txt: the file is empty\. Export or copy the file again"):
        read_bytes(path)
    path.write_bytes(b"x" * (2 << 20))
    with pytest.raises(InputError, match="the file is larger than 1 MB; expected one interview"):
        read_bytes(path, limits=Limits(file_bytes=1 << 20))
    assert len(read_bytes(path)) == 2 << 20


LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'


@pytest.mark.parametrize(
    "xml", [LAUGHS, "<!DOCTYPE a SYSTEM 'http://example.org/a.dtd'><a/>", "<!DOCTYPE a><a/>", LAUGHS.encode("utf-16")]
)
def test_any_document_type_is_refused(xml: str | bytes) -> None:
    with pytest.raises(InputError, match=r"x\.xml: the XML has a document type \(DOCTYPE\); expected XML without one"):
        parse_xml(xml.encode() if isinstance(xml, str) else xml, where="x.xml")


@pytest.mark.parametrize("xml", [b"", b"<a>", b"<a>\n</b>", b"<a>&x;</a>", b"<a>" * 300 + b"</a>" * 300, b"\xff\xfe"])
def test_broken_and_deep_xml(xml: bytes) -> None:
    with pytest.raises(InputError, match="not well-formed XML"):
        parse_xml(xml, where="x.xml")


def test_comments_are_dropped() -> None:
    root = parse_xml(b"<a><!-- c --><?p i?><b/></a>", where="x.xml")
    assert [e.tag for e in root] == ["b"]
