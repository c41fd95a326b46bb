"""Cells that a spreadsheet program would run as a formula: made harmless on the way out, restored on the way in.

Words of an interview do begin with a dash. A program that opens a CSV file takes a cell beginning with
``=``, ``+``, ``-`` or ``@``, or with one of these in full width, for a formula, white space before it or not;
where it parts cells at semicolons or tabs, the rest of a cell after one of them begins a cell, too. An
apostrophe before the sign makes it plain text. It is taken off again on reading, so that nothing changes on
the way through a file.
"""

import re

_SIGNS = "=+\\-@＝＋－＠"
_DANGEROUS = re.compile(rf"^('*)(?=[{_SIGNS}\t\r\n])|(?<=[;\t])('*)(?=[{_SIGNS}])")
_GUARDED = re.compile(rf"^'('*)(?=[{_SIGNS}\t\r\n])|(?<=[;\t])'('*)(?=[{_SIGNS}])")


def is_formula(text: str) -> bool:
    """Return whether a spreadsheet program would run `text`.

    >>> is_formula("- yes, every morning"), is_formula("yes - every morning")
    (True, False)
    """
    return text[:1] in set("=+-@＝＋－＠\t\r\n")


def harmless(text: str) -> str:
    """Return `text` with an apostrophe before every sign with which a cell of it could be run as a formula.

    >>> harmless("=SUM(A1)"), harmless("so;=SUM(A1)")
    ("'=SUM(A1)", "so;'=SUM(A1)")
    """
    return _DANGEROUS.sub(lambda m: f"'{m[1] or m[2] or ''}", text)


def restored(text: str) -> str:
    """Return what `harmless` was given.

    >>> restored(harmless("'=x")), restored("it's")
    ("'=x", "it's")
    """
    return _GUARDED.sub(lambda m: m[1] or m[2] or "", text)
