from pathlib import Path

import pytest
from transcripts.interviews import read, turns_of, zipped

from subtheme.bytes.encodings import decoded
from subtheme.errors import InputError
from subtheme.transcripts import read_transcripts

TEXT = "I: Où est le café – « là » ?\nP1: L’été, à côté… voilà, naïf.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marks_and_utf8(encoding: str) -> None:
    found = decoded(TEXT.encode(encoding), where="a.txt")
    assert (found.text, found.encoding) == (TEXT, encoding.removesuffix("-sig"))


def test_an_encoding_is_named_by_the_person_only(tmp_path: Path) -> None:
    data = TEXT.encode("cp1252")
    with pytest.raises(InputError) as caught:
        decoded(data, where="a.txt")
    assert str(caught.value) == (
        "a.txt: not UTF-8; expected UTF-8 text. It looks like cp1252 or cp1250: say --encoding cp1252, "
        "or save it as UTF-8, then check accents."
    )
    transcript = read(tmp_path, "a.txt", data, encoding="CP1252")
    assert (transcript.text, transcript.encoding) == (TEXT, "cp1252")
    assert turns_of(transcript)[1][0] == "P1"


def test_utf8_and_marks_win_over_the_encoding_given() -> None:
    assert decoded(TEXT.encode(), where="a.txt", encoding="cp1252").encoding == "utf-8"
    assert decoded(TEXT.encode("utf-16"), where="a.txt", encoding="cp1252").encoding == "utf-16"
    assert decoded(b"a\0b\0", where="a.txt", encoding="utf-16-le").text == "ab"


@pytest.mark.parametrize(
    ("data", "encoding", "message"),
    [
        (b"caf\xe9", "ascii", "a.txt: not ascii, which you said: byte 3 does not fit; expected one encoding"),
        (b"caf\x81\xe9", "cp1252", "not cp1252, which you said: byte 3 does not fit"),
        (b"caf\xe9", "cp12520", "no text encoding is called 'cp12520'; expected a name such as utf-8"),
        (b"caf\xe9", "hex", "no text encoding is called 'hex'"),
        (b"cafe", "utf-99", "no text encoding is called 'utf-99'"),
        (b"\xef\xbb\xbfcaf\xe9", None, "not utf-8, which its byte order mark says"),
        (b"\xff\xfe\x00\xd8", "cp1252", "not utf-16, which its byte order mark says"),
        (b"a\x00\xe9\x00", None, "binary data, or UTF-16 without a byte order mark"),
        (zipped({"a": "b"}), None, "the file is a zip package (.docx, .odt and .xlsx are such), whatever its ending"),
        (b"\xd0\xcf\x11\xe0", None, "the file is an Office file from before 2007"),
        (b"%PDF-1.7", "cp1252", "the file is a PDF, whatever its ending says"),
        (b"{\\rtf1}", None, "the file is rich text (.rtf)"),
    ],
)
def test_refused(data: bytes, encoding: str | None, message: str) -> None:
    with pytest.raises(InputError) as caught:
        decoded(data, where="a.txt", encoding=encoding)
    assert message in str(caught.value)


def test_nul_in_valid_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"I: a\0b\n")
    with pytest.raises(InputError, match=r"a\.txt: a NUL character at character 4"):
        read_transcripts(tmp_path / "a.txt")


def test_the_guess_is_sure_where_both_give_the_same_text() -> None:
    with pytest.raises(InputError, match="It looks like cp1252: say --encoding cp1252, or save it"):
        decoded("It’s fine – “really”, she said. It’s the rota that isn’t.".encode("cp1252"), where="a.txt")


def test_bytes_that_look_like_nothing() -> None:
    with pytest.raises(InputError, match="not UTF-8; expected UTF-8 text"):
        decoded(bytes(range(128, 256)) + b"\x81\x8d\x8f" * 9, where="a.txt")
