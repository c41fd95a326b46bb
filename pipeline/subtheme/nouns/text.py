"""The frozen text of a transcript: what may be in it, and its digest."""

import hashlib
import re
import unicodedata

from subtheme.errors import InputError, Problem

_UNFIT = re.compile("[\x00\ud800-\udfff]")


def canonical_text(raw: str, *, where: str) -> str:
    """Return `raw` with LF line ends and no byte order mark; nothing else is altered.

    Unicode normalisation is left as it is: every offset that subtheme stores counts code points
    of exactly this text.

    Parameters
    ----------
    raw : str
        Decoded text of one source.
    where : str
        Name of the source, for the error.

    Raises
    ------
    InputError
        If the text holds NUL or lone surrogates, which no store keeps faithfully.
    """
    text = raw.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if (found := _UNFIT.search(text)) is not None:
        kind = "a NUL character" if found.group() == "\x00" else "a lone surrogate"
        raise InputError(
            Problem(
                what=f"{kind} at character {found.start()}",
                where=where,
                expected="plain text",
                remedy="The file is binary or damaged: export it again as text",
            )
        )
    return text


def composed(name: str) -> str:
    """Return a name with its accents composed (NFC): some systems write the names of files with loose accents."""
    return unicodedata.normalize("NFC", name)


def folded(name: str) -> str:
    """Return a name as it is compared: accents composed, single blanks, no letter case.

    >>> folded("Zoe\u0308  MÜLLER") == folded("Zoë Müller")
    True
    """
    return " ".join(composed(name).split()).casefold()


def sha256_of_text(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def content_id(kind: str, *parts: str) -> str:
    """Return an id of 16 hexadecimal digits derived from `kind` and `parts`.

    The kind is hashed along, so that a coder and a code of one name never share an id.

    >>> content_id("code", "training") == content_id("coder", "training")
    False
    """
    digest = hashlib.sha256("\x1f".join((kind, *parts)).encode("utf-8")).hexdigest()
    return digest[:16]
