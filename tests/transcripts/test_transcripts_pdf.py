from pathlib import Path

import pytest
from transcripts.interviews import TURNS, read, turns_of

from subtheme.errors import InputError
from subtheme.transcripts import read_transcripts

pdfplumber = pytest.importorskip("pdfplumber")


def pdf(*pages: list[tuple[int, int, str]]) -> bytes:
    """Return a PDF with words at these places: left and bottom edge in points, and ASCII text."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for words in pages:
        content = "".join(f"BT /F1 10 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in words)
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}endstream")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    out = "%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\nstartxref\n"
    return (out + f"{out.index('xref')}\n%%EOF").encode("ascii")


def test_paragraph_numbers_in_the_margin_are_left_out(tmp_path: Path) -> None:
    first = [
        (20, 760, "1"),
        (50, 760, "I: How is your rota"),
        (50, 748, "made?"),
        (20, 724, "2"),
        (50, 724, "P1: By text."),
    ]
    # MAXQDA draws the numbers of the next page at and below the edge of this one.
    first += [(20, 15, "3"), (300, 15, "1/2"), (20, -40, "4")]
    second = [
        (20, 760, "3"),
        (50, 760, "I: And?"),
        (20, 736, "4"),
        (50, 736, "P1: 3 of us."),
        (50, 724, "14 days."),
        (300, 15, "2/2"),
    ]
    transcript = read(tmp_path, "a.pdf", pdf(first, second))
    assert turns_of(transcript) == [
        ("I", "How is your rota made?"),
        ("P1", "By text."),
        ("I", "And?"),
        ("P1", "3 of us. 14 days."),
    ]
    assert (transcript.grammar, transcript.encoding) == ("pdf/maxqda", "binary")
    assert transcript.notes == ("paragraph numbers in the margin were left out: compare the turns with the PDF",)


def test_plain_lines_with_wider_gaps_between_paragraphs(tmp_path: Path) -> None:
    lines = [
        "I: How is",
        "your rota made?",
        "P1: By text,",
        "the night before.",
        "I: Who sends",
        "it then?",
        "P1: The",
        "office.",
    ]
    places = [(50, 760 - 12 * i - 14 * (i // 2), text) for i, text in enumerate(lines)]
    transcript = read(tmp_path, "a.pdf", pdf(places))
    assert turns_of(transcript)[:2] == [("I", "How is\nyour rota made?"), ("P1", "By text,\nthe night before.")]
    assert transcript.text.count("\n\n") == 3
    assert transcript.grammar == "pdf/label-colon"


def test_a_scan_holds_no_words(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf([]))
    with pytest.raises(InputError, match=r"a\.pdf: the PDF holds no words: it is probably a scan"):
        read_transcripts(tmp_path / "a.pdf")


def test_too_many_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subtheme.transcripts.pdf._MOST_PAGES", 1)
    (tmp_path / "a.pdf").write_bytes(pdf([(50, 760, TURNS[0][0])], []))
    with pytest.raises(InputError, match=r"a\.pdf: 2 pages; expected at most 1"):
        read_transcripts(tmp_path / "a.pdf")


def test_a_locked_pdf(tmp_path: Path) -> None:
    key = f"/O <{'00' * 32}> /U <{'00' * 32}>"
    locked = pdf([(50, 760, "words")]).replace(
        b"/Root 1 0 R", f"/Root 1 0 R /Encrypt << /Filter /Standard /V 1 /R 2 {key} /P -4 >> /ID [<00> <00>]".encode()
    )
    (tmp_path / "a.pdf").write_bytes(locked)
    with pytest.raises(InputError, match=r"a\.pdf: the PDF is locked with a password; expected an unlocked PDF"):
        read_transcripts(tmp_path / "a.pdf")
