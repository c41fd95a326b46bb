"""Bytes to text: a byte order mark, UTF-8, or the encoding that the person names. Nothing is guessed."""

import codecs
from dataclasses import dataclass

from charset_normalizer import from_bytes

from subtheme.errors import InputError, Problem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_KINDS = (
    (b"PK\x03\x04", "a zip package (.docx, .odt and .xlsx are such)"),
    (b"\xd0\xcf\x11\xe0", "an Office file from before 2007, or a locked one"),
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "rich text (.rtf)"),
    (b"\x1f\x8b", "a gzip package"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"ID3", "a recording"),
    (b"RIFF", "a recording"),
)
_GUESS_BYTES = 100_000


SAVE_TABLE = "Save the table again as 'CSV UTF-8' or as .xlsx, and check the accents"
"""What to do about a table of another encoding: nothing names that of a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text of a file, and the encoding it was read with.

    Attributes
    ----------
    text : str
    encoding : str
    """

    text: str
    encoding: str


def decoded(data: bytes, *, where: str, encoding: str | None = None, remedy: str = "") -> Decoded:
    """Return the text of `data`: by its byte order mark, else UTF-8, else the `encoding` given.

    Parameters
    ----------
    data : bytes
    where : str
        Name of the file, for errors.
    encoding : str or None
        What to read with where there is no mark and the bytes are not UTF-8.
    remedy : str
        What to do about another encoding where none can be named.

    Raises
    ------
    InputError
        If the bytes are of another kind of file, are binary, fit neither UTF-8 nor `encoding`, or
        `encoding` is not known. The error suggests an encoding; it is never applied unasked.
    """
    if encoding is not None:
        _check_known(encoding, where)
    for magic, kind in _KINDS:
        if data.startswith(magic):
            raise InputError(
                Problem(
                    what=f"the file is {kind}, whatever its ending says",
                    where=where,
                    expected="plain text",
                    remedy="Give the file its right ending, or save it as plain text",
                )
            )
    for mark, name in _MARKS:
        if data.startswith(mark):
            try:
                return Decoded(text=data.removeprefix(codecs.BOM_UTF8).decode(name), encoding=name)
            except UnicodeDecodeError as error:
                raise _misfit(name, error, where, said="its byte order mark says") from None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        if encoding is None:
            raise InputError(_not_utf8(data, where, remedy)) from None
        return _by_name(data, encoding, where)
    if encoding is not None and "\x00" in text:
        return _by_name(data, encoding, where)  # UTF-16 without a mark is valid UTF-8, full of NULs
    return Decoded(text=text, encoding="utf-8")


def _check_known(encoding: str, where: str) -> None:
    try:
        b"a".decode(encoding)
    except UnicodeError:
        return  # one byte is half a character in UTF-16; the name is known
    except (LookupError, ValueError):
        raise InputError(
            Problem(
                what=f"no text encoding is called '{encoding}'",
                where=where,
                expected="a name such as utf-8, cp1252, iso8859-15, mac_roman or utf-16",
            )
        ) from None


def _by_name(data: bytes, encoding: str, where: str) -> Decoded:
    try:
        return Decoded(text=data.decode(encoding), encoding=codecs.lookup(encoding).name)
    except UnicodeError as error:
        raise _misfit(encoding, error, where, said="you said") from None


def _misfit(encoding: str, error: UnicodeError, where: str, *, said: str) -> InputError:
    misfit = f"byte {error.start} does not fit" if isinstance(error, UnicodeDecodeError) else "its bytes do not fit"
    return InputError(
        Problem(
            what=f"not {encoding}, which {said}: {misfit}",
            where=where,
            expected="one encoding in the whole file",
            remedy="Save it as UTF-8, or name the right encoding with --encoding",
        )
    )


def _not_utf8(data: bytes, where: str, remedy: str) -> Problem:
    if b"\x00" in data[:_GUESS_BYTES]:
        return Problem(
            what="binary data, or UTF-16 without a byte order mark",
            where=where,
            expected="plain text",
            remedy=remedy or "Save it as UTF-8 text, or say --encoding utf-16-le if it is text",
        )
    if remedy:
        return Problem(what="not UTF-8", where=where, expected="UTF-8 text", remedy=remedy)
    guesses = _guesses(data)
    looks = "Name its encoding with --encoding"
    if guesses:
        looks = f"It looks like {' or '.join(guesses)}: say --encoding {guesses[0]}"
    return Problem(
        what="not UTF-8", where=where, expected="UTF-8 text", remedy=f"{looks}, or save it as UTF-8, then check accents"
    )


def _guesses(data: bytes) -> list[str]:
    """Return the likeliest encodings, best first; none where the bytes look like nothing.

    Short western texts are easily taken for central European ones, so Western Windows, by far the
    commonest, is named too wherever it fits at all, and alone where it gives the very same text.
    """
    sample = data[:_GUESS_BYTES]
    best = from_bytes(sample).best()
    if best is None:
        return []
    try:
        western = sample.decode("cp1252")
    except UnicodeDecodeError:
        return [best.encoding]
    return ["cp1252"] if western == str(best) else list(dict.fromkeys(("cp1252", best.encoding)))
