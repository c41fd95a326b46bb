from pathlib import Path

import pytest
from transcripts.interviews import (
    ANSWER,
    QUESTION,
    SECOND_ANSWER,
    SECOND_QUESTION,
    TURNS,
    bold,
    docx,
    odt,
    p,
    read,
    turns_of,
    zipped,
)

from subtheme.errors import InputError
from subtheme.nouns import Role
from subtheme.transcripts import preview, read_transcripts


def table(*rows: tuple[str, ...]) -> str:
    inside = "".join("<w:tr>" + "".join(f"<w:tc>{p(c)}</w:tc>" for c in row) + "</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/>{inside}</w:tbl>"


def t(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_labels_in_paragraphs(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.docx", docx("".join(p(bold(f"{s}: "), w) for s, w in TURNS)))
    assert turns_of(transcript) == list(TURNS)
    assert transcript.text == "\n".join(f"{s}: {w}" for s, w in TURNS)
    assert (transcript.grammar, transcript.encoding) == ("docx/label-colon", "binary")


def test_tracked_changes_controls_tags_and_links(tmp_path: Path) -> None:
    body = p("I: ", QUESTION) + p(
        "P1: ",
        f"<w:ins>{t('By ')}</w:ins>",
        "<w:del><w:r><w:delText>not at all </w:delText></w:r></w:del>",
        f"<w:sdt><w:sdtPr/><w:sdtContent>{t('text, ')}</w:sdtContent></w:sdt>",
        f"<w:smartTag>{t('the ')}</w:smartTag>",
        f"<w:hyperlink>{t('night ')}</w:hyperlink>",
        f"<w:moveFrom>{t('gone ')}</w:moveFrom>",
        f"<w:moveTo>{t('before')}</w:moveTo>",
        "<w:r><w:tab/><w:t>a</w:t><w:noBreakHyphen/><w:t>b</w:t><w:br/><w:t>c</w:t><w:sym w:char='F04A'/></w:r>",
        "<w:r><w:instrText>PAGE</w:instrText></w:r>",
    )
    transcript = read(tmp_path, "a.docx", docx(body))
    assert turns_of(transcript)[1] == ("P1", "By text, the night before\ta\u2011b\nc")
    assert transcript.notes == (
        "2 tracked deletions left out",
        "2 tracked insertions kept",
        "1 symbol of a picture font left out",
    )


def test_the_main_part_may_be_numbered(tmp_path: Path) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    body = "".join(f"<p><r><t>{s}: {w}</t></r></p>" for s, w in TURNS)
    data = zipped(
        {
            "_rels/.rels": f'<Relationships><Relationship Type="{kind}" Target="/word/document2.xml"/></Relationships>',
            "word/document2.xml": f"<document><body>{body}</body></document>",
        }
    )
    assert turns_of(read(tmp_path, "a.docx", data)) == list(TURNS)


def test_a_deleted_paragraph_mark_joins_two_paragraphs(tmp_path: Path) -> None:
    body = p(f"I: {QUESTION}") + p("P1: By text, ", properties="<w:rPr><w:del/></w:rPr>") + p("at night.")
    assert turns_of(read(tmp_path, "a.docx", docx(body)))[1] == ("P1", "By text, at night.")


def test_a_text_box_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p('P1: Boxed.')}</w:txbxContent>"
    both = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    alternate = f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>"
    transcript = read(tmp_path, "a.docx", docx(p(f"I: {QUESTION}", alternate) + p(f"I: {SECOND_QUESTION}")))
    assert turns_of(transcript) == [("I", QUESTION), ("P1", "Boxed."), ("I", SECOND_QUESTION)]
    assert "1 text box read after the paragraph that holds them" in transcript.notes


def test_bold_questions_without_labels(tmp_path: Path) -> None:
    body = p("Interview", properties='<w:pStyle w:val="berschrift1"/>') + "".join(
        p(bold(w)) if s == "I" else p(w[:5], w[5:]) + p("And more.") for s, w in TURNS
    )
    styles = '<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    transcript = read(tmp_path, "a.docx", docx(body, styles=styles))
    assert [w for _, w in turns_of(transcript)] == [
        QUESTION,
        f"{ANSWER}\nAnd more.",
        SECOND_QUESTION,
        f"{SECOND_ANSWER}\nAnd more.",
    ]
    assert [x.role for x in transcript.turns] == [Role.INTERVIEWER, Role.PARTICIPANT] * 2
    assert transcript.grammar == "docx/bold"
    assert {s.guessed_from for s in preview(transcript).speakers} == {"told by bold paragraphs"}


def test_names_in_bold_paragraphs_of_their_own(tmp_path: Path) -> None:
    body = "".join(p(bold(s)) + p(w) for s, w in (("Ann", QUESTION), ("Bo", ANSWER), ("Ann", "And?"), ("Bo", "No.")))
    transcript = read(tmp_path, "a.docx", docx(body))
    assert turns_of(transcript) == [("Ann", QUESTION), ("Bo", ANSWER), ("Ann", "And?"), ("Bo", "No.")]


def test_teams_heading_and_line_break_in_one_paragraph(tmp_path: Path) -> None:
    body = p("Meeting") + p("I started transcription")
    body += "".join(p(bold(s), f"   0:1{n}", f"<w:r><w:br/></w:r>{t(w)}") for n, (s, w) in enumerate(TURNS))
    transcript = read(tmp_path, "a.docx", docx(body + p("I stopped transcription")))
    assert turns_of(transcript) == list(TURNS)
    assert [x.start_s for x in transcript.turns] == [10, 11, 12, 13]


@pytest.mark.parametrize(
    "rows",
    [
        [("Time", "Speaker", "Text"), *((f"0:0{n}:00", s, w) for n, (s, w) in enumerate(TURNS))],
        [("Timespan", "Content", "Speaker"), *((f"0:{n},0", w, s) for n, (s, w) in enumerate(TURNS))],
        [(f"0:0{n}:00", f"{s}:", w) for n, (s, w) in enumerate(TURNS)],
        [(s, w) for s, w in TURNS],
    ],
)
def test_tables_of_turns(tmp_path: Path, rows: list[tuple[str, ...]]) -> None:
    transcript = read(tmp_path, "a.docx", docx(p("Interview 7") + table(*rows)))
    assert turns_of(transcript) == list(TURNS)
    assert transcript.text.startswith(f"Interview 7\n\nI: {QUESTION}\n\n")
    assert transcript.grammar == "docx/table"
    assert transcript.notes == ("1 paragraph outside the table of turns left out of the turns (kept in the text)",)


def test_a_table_of_facts_is_no_table_of_turns(tmp_path: Path) -> None:
    body = table(("Date", "2 May"), ("Place", "here")) + "".join(p(f"{s}: {w}") for s, w in TURNS)
    assert turns_of(read(tmp_path, "a.docx", docx(body))) == list(TURNS)


def test_a_deleted_table_row_is_left_out(tmp_path: Path) -> None:
    rows = table(*((s, w) for s, w in TURNS)).replace("</w:tbl>", "")
    rows += f"<w:tr><w:trPr><w:del/></w:trPr><w:tc>{p('I')}</w:tc><w:tc>{p('Gone?')}</w:tc></w:tr></w:tbl>"
    assert turns_of(read(tmp_path, "a.docx", docx(rows))) == list(TURNS)


def test_wrapped_rows_cells_and_blocks_are_found(tmp_path: Path) -> None:
    cells = f"<w:tc>{p('I')}</w:tc><w:sdt><w:sdtContent><w:tc>{p(QUESTION)}</w:tc></w:sdtContent></w:sdt>"
    rows = f"<w:tr>{cells}</w:tr><w:tr><w:tc>{p('P1')}</w:tc><w:tc>{p('')}</w:tc></w:tr>"
    rows += f"<w:tr><w:tc>{p('P1')}</w:tc><w:tc>{p(ANSWER)}</w:tc></w:tr><w:del>{p('Gone.')}</w:del>"
    body = f"<w:tbl>{rows}</w:tbl><w:moveFrom>{p('Gone too.')}</w:moveFrom><w:sdt><w:sdtContent>{p('End')}</w:sdtContent></w:sdt>"
    transcript = read(tmp_path, "a.docx", docx(body))
    assert turns_of(transcript) == [("I", QUESTION), ("P1", ANSWER)]
    assert transcript.text.endswith("End\n\n")
    assert transcript.notes[0] == "1 tracked deletion left out"


def test_headings_by_outline_and_bold_by_style(tmp_path: Path) -> None:
    strong = '<w:r><w:rPr><w:rStyle w:val="S"/></w:rPr><w:t>{}</w:t></w:r>'
    body = p("Part one", properties='<w:outlineLvl w:val="0"/>')
    body += "".join(p(strong.format(w)) if s == "I" else p(w) for s, w in TURNS)
    styles = '<w:style w:styleId="S"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>'
    transcript = read(tmp_path, "a.docx", docx(body, styles=styles))
    assert [w for _, w in turns_of(transcript)] == [w for _, w in TURNS]
    assert transcript.notes[0] == "1 heading left out of the turns (kept in the text)"


def test_opendocument(tmp_path: Path) -> None:
    styles = '<style:style style:name="T1"><style:text-properties fo:font-weight="bold"/></style:style>'
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        f'<text:h>Interview</text:h><text:p><text:span text:style-name="T1">I:</text:span> {QUESTION}</text:p>'
        "<text:p>P1: By<text:s text:c='2'/>text,<text:tab/>the\nnight<text:note><text:p>Foot.</text:p></text:note>"
        "<text:line-break/>before.</text:p>"
    )
    transcript = read(tmp_path, "a.odt", odt(body, styles=styles))
    assert turns_of(transcript) == [("I", QUESTION), ("P1", "By  text,\tthe night\nbefore.")]
    assert transcript.notes[:2] == ("1 tracked deletion left out", "1 footnote or endnote left out")


def test_opendocument_table_and_bold_questions(tmp_path: Path) -> None:
    cells = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in row)
        + "</table:table-row>"
        for row in TURNS
    )
    assert turns_of(read(tmp_path, "a.odt", odt(f"<table:table>{cells}</table:table>"))) == list(TURNS)
    styles = '<style:style style:name="P1"><style:text-properties fo:font-weight="bold"/></style:style>'
    body = "".join(
        f"<text:p{' text:style-name=' + chr(34) + 'P1' + chr(34) if s == 'I' else ''}>{w}</text:p>" for s, w in TURNS
    )
    assert read(tmp_path, "b.odt", odt(body, styles=styles)).grammar == "odt/bold"


def test_rich_text(tmp_path: Path) -> None:
    text = r"{\rtf1\ansi\ansicpg1252 {\b I:} How is your rota made?\par "
    text += r"{\b P1:} Caf\'e9 \u-10179?\u-8688?.\par {\deleted x}}"
    transcript = read(tmp_path, "a.rtf", text)
    assert turns_of(transcript)[:1] == [("I", QUESTION)]
    assert turns_of(transcript)[1][1].startswith("Café 😐.")
    assert "tracked deletions" in transcript.notes[-1]


def test_rich_text_keeps_the_words_of_a_link_only(tmp_path: Path) -> None:
    link = r'{\field{\*\fldinst{HYPERLINK "http://example.org"}}{\fldrslt{the rota}}}'
    transcript = read(tmp_path, "a.rtf", r"{\rtf1 I: See" + " " + link + r"?\par P1: A hyperlink, yes.\par}")
    assert turns_of(transcript) == [("I", "See the rota?"), ("P1", "A hyperlink, yes.")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.rtf", b"I: words", "a.rtf: the file does not begin like rich text"),
        ("a.rtf", rb"{\rtf1 \u-10179? lone}", "a.rtf: the rich text cannot be read (UnicodeDecodeError)"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.docx: the file is locked with a password, or in the format"),
        ("a.docx", zipped({"other.xml": "<a/>"}), "a.docx: no member 'word/document.xml'"),
        ("a.docx", docx(""), "a.docx: no words of anybody"),
        (
            "a.docx",
            zipped({"word/document.xml": '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'}),
            "a.docx: the XML has a document type (DOCTYPE)",
        ),
        (
            "a.odt",
            zipped({"META-INF/manifest.xml": "<m><encryption-data/></m>", "content.xml": "<a/>"}),
            "a.odt: the file is locked with a password",
        ),
    ],
)
def test_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_transcripts(tmp_path / name)
    assert message in str(caught.value)
