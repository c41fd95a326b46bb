"""Cells that a spreadsheet program would run as a formula: made harmless on the way out, restored on the way in.

Words of an interview do begin with a dash. A program that opens a CSV file takes a cell beginning with
``=``, ``+``, ``-`` or ``@`` for a formula; an apostrophe before it makes it plain text. The apostrophe is
taken off again on reading, so that nothing changes on the way through a file.
"""

import re

_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet program would run `text`.

    >>> is_formula("- yes, every morning"), is_formula("yes - every morning")
    (True, False)
    """
    return text[:1] in {"=", "+", "-", "@", "\t", "\r"}


def harmless(text: str) -> str:
    """Return `text` with an apostrophe before it where it could be run as a formula.

    >>> harmless("=SUM(A1)")
    "'=SUM(A1)"
    """
    return f"'{text}" if _DANGEROUS.match(text) else text


def restored(text: str) -> str:
    """Return what `harmless` was given.

    >>> restored(harmless("'=x")), restored("it's")
    ("'=x", "it's")
    """
    return text[1:] if _GUARDED.match(text) else text
