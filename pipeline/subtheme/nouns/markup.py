"""Results that show themselves in a notebook: plain tables in HTML, every text escaped."""

from collections.abc import Iterable, Sequence
from html import escape

Shade = tuple[str, str]
"""Words of a cell, and its background; empty for none."""


def html_table(
    head: Sequence[str], rows: Iterable[Sequence[str | Shade]], *, caption: str = "", notes: Sequence[str] = ()
) -> str:
    """Return a table in HTML.

    Parameters
    ----------
    head : sequence of str
    rows : iterable of sequence
        Words, or words with a background colour; the first of a row heads it.
    caption : str
    notes : sequence of str
        Sentences below the table.
    """
    lines = [f"<caption style='text-align:left'>{escape(caption)}</caption>"] if caption else []
    lines.append("<tr>" + "".join(f"<th scope='col'>{escape(h)}</th>" for h in head) + "</tr>")
    for first, *rest in rows:
        heading = first if isinstance(first, str) else first[0]
        cells = "".join(_cell(cell) for cell in rest)
        lines.append(f"<tr><th scope='row' style='text-align:left'>{escape(heading)}</th>{cells}</tr>")
    below = "".join(f"<p style='max-width:60em'>{escape(note)}</p>" for note in notes)
    return f"<table>{''.join(lines)}</table>{below}"


def _cell(cell: str | Shade) -> str:
    words, shade = (cell, "") if isinstance(cell, str) else cell
    style = f" style='background:{shade};color:#111'" if shade else ""
    return f"<td{style}>{escape(words)}</td>"
