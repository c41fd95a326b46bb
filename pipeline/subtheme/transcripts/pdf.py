"""PDF, through the extra ``pdf``: lines of words, with MAXQDA's paragraph numbers taken off the margin."""

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from subtheme.errors import InputError, MissingExtraError, Problem
from subtheme.nouns import canonical_text
from subtheme.transcripts.draft import Draft, Source
from subtheme.transcripts.plain_text import found_draft, turns_of_text

_MOST_PAGES = 2_000
_SAME_LINE = 3.0  # points between the tops of words that stand in one line


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """Words of one line: number in the margin, top and bottom in points, page."""

    number: str
    words: str = field(repr=False)
    top: float
    bottom: float
    page: int


def read_pdf(source: Source) -> Draft:
    """Read the words of a PDF in their lines.

    Where paragraph numbers stand in the margin, as MAXQDA prints them, a number begins a paragraph
    and the lines below it are joined to it. Otherwise every line of the page is a line of the text,
    with a blank line at a wider gap.

    Raises
    ------
    MissingExtraError
        If pdfplumber is not installed.
    InputError
        If the file is no PDF, is locked, damaged, too long, or holds no words (a scan).
    """
    try:
        import pdfplumber
    except ImportError:
        raise MissingExtraError(
            Problem(
                what="reading .pdf is an optional part that is not installed",
                where=source.name,
                remedy="Install it with: pip install 'subtheme[pdf]', or save the interview as .docx or .txt",
            )
        ) from None
    if b"%PDF" not in source.data[:1024]:
        raise InputError(Problem(what="the file does not begin like a PDF", where=source.name, expected="%PDF"))
    try:
        with pdfplumber.open(io.BytesIO(source.data)) as pdf:
            pages = len(pdf.pages)
            words = [_words_on(page, of=pages) for page in pdf.pages] if pages <= _MOST_PAGES else []
    except Exception as error:  # pdfminer raises whatever a damaged file provokes
        is_locked = "Password" in type(error).__name__ or "Encrypt" in type(error).__name__
        is_locked = is_locked or "Password" in repr(error)
        raise InputError(
            Problem(
                what="the PDF is locked with a password"
                if is_locked
                else f"the PDF cannot be read ({type(error).__name__})",
                where=source.name,
                expected="an unlocked PDF with text",
                remedy="Save the interview as .docx or .txt from the program that made it",
            )
        ) from None
    if pages > _MOST_PAGES:
        raise InputError(Problem(what=f"{pages} pages", where=source.name, expected=f"at most {_MOST_PAGES}"))
    lines = _lines(words)
    if not lines:
        raise InputError(
            Problem(
                what="the PDF holds no words: it is probably a scan",
                where=source.name,
                expected="a PDF with text",
                remedy="Have the text recognised first, and check it against the recording",
            )
        )
    is_numbered = _is_numbered(lines)
    raw = "\n".join(_numbered_paragraphs(lines) if is_numbered else _plain_lines(lines))
    text = canonical_text(raw.encode("utf-16", "replace").decode("utf-16"), where=source.name)
    found = turns_of_text(text, source=source)
    how = "paragraph numbers in the margin were left out" if is_numbered else "line ends are those of the page"
    notes = (f"{how}: compare the turns with the PDF",)
    draft = found_draft(text, found, source=source, encoding="binary", notes=notes)
    return replace(draft, grammar="pdf/maxqda") if is_numbered else draft


def _words_on(page: Any, *, of: int) -> list[dict[str, Any]]:
    """Return the words within the edges of the page, without its own number (``2/5``).

    MAXQDA draws the paragraph numbers of all later pages below the edge of each page.
    """
    _, top, _, bottom = page.bbox
    own = f"{page.page_number}/{of}"
    return [w for w in page.extract_words() if top <= (w["top"] + w["bottom"]) / 2 <= bottom and w["text"] != own]


def _lines(pages: Sequence[Sequence[dict[str, Any]]]) -> list[_Line]:
    grouped: list[tuple[int, list[dict[str, Any]]]] = []
    for number, words in enumerate(pages):
        for word in sorted(words, key=lambda w: (w["top"], w["x0"])):
            last = grouped[-1] if grouped else None
            if last and last[0] == number and abs(word["top"] - last[1][0]["top"]) <= _SAME_LINE:
                last[1].append(word)
            else:
                grouped.append((number, [word]))
    rows = [(page, sorted(row, key=lambda w: w["x0"])) for page, row in grouped]
    # The body begins where most lines have their first word that is no number.
    first_words = [[w for w in row if not w["text"].isdecimal()][:1] for _, row in rows]
    edges = Counter(round(word["x0"]) for first in first_words for word in first)
    body = edges.most_common(1)[0][0] if edges else 0
    lines = []
    for page, row in rows:
        has_number = row[0]["text"].isdecimal() and row[0]["x1"] <= body
        inside = row[1:] if has_number else row
        lines.append(
            _Line(
                number=row[0]["text"] if has_number else "",
                words=" ".join(w["text"] for w in inside),
                top=row[0]["top"],
                bottom=max(w["bottom"] for w in row),
                page=page,
            )
        )
    # A number whose paragraph begins on the next page stands on both.
    return [a for a, b in pairwise([*lines, None]) if a and (a.words or b is None or a.number != b.number)]


def _is_numbered(lines: Sequence[_Line]) -> bool:
    """Return whether margin numbers count up by one through at least three paragraphs."""
    numbers = [int(line.number) for line in lines if line.number and len(line.number) < 7]
    return len(numbers) > 2 and all(b == a + 1 for a, b in pairwise(numbers))


def _numbered_paragraphs(lines: Sequence[_Line]) -> list[str]:
    paragraphs: list[list[str]] = []
    for line in lines:
        if line.number or not paragraphs:
            paragraphs.append([line.words])
        else:
            paragraphs[-1].append(line.words)
    return [" ".join(p) for p in paragraphs]


def _plain_lines(lines: Sequence[_Line]) -> list[str]:
    gaps = [b.top - a.bottom for a, b in pairwise(lines) if a.page == b.page]
    usual = sorted(gaps)[len(gaps) // 2] if gaps else 0.0
    texts: list[str] = []
    for i, line in enumerate(lines):
        before = lines[i - 1] if i else None
        if before and before.page == line.page and line.top - before.bottom > usual + (line.bottom - line.top) / 2:
            texts.append("")
        texts.append(f"{line.number} {line.words}".strip())
    return texts
