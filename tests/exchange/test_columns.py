"""Column maps."""

import pytest

from subtheme.errors import InputError
from subtheme.exchange.columns import (
    FIELDS,
    OUR_COLUMNS,
    ColumnMap,
    fitting_columns,
    known_headings,
    shipped_column_maps,
)

GOOD = """
format = "subtheme-columns/1"
program = "X"
[columns]
transcript = ["Document name", "File"]
code = "Code"
"""


def problems(text):
    with pytest.raises(InputError) as refused:
        ColumnMap.from_toml(text, where="x.toml")
    return str(refused.value)


def test_headings_match_whatever_the_letter_case():
    columns = ColumnMap.from_toml(GOOD, where="x.toml")
    assert columns.place_of("transcript", ["code", " FILE ", "document  Name"]) == 2
    assert columns.place_of("transcript", ["code", "file"]) == 1
    assert columns.place_of("coder", ["coder"]) is None


def test_columns_of_which_there_is_one_per_code():
    text = GOOD.replace('code = "Code"', '[codes]\napplied_heading = "Code: {code} Applied"')
    columns = ColumnMap.from_toml(text, where="x.toml")
    assert columns.applied_columns(["a", "Code: b (c) Applied", "Code: b Range"]) == {1: "b (c)"}
    assert ColumnMap.from_toml(GOOD, where="x.toml").applied_columns(["Code: b Applied"]) == {}


def test_every_shipped_map_reads_and_names_its_program():
    shipped = shipped_column_maps()
    assert sorted(shipped) == [
        "atlasti",
        "dedoose",
        "maxqda",
        "nvivo",
        "qualcoder",
        "subtheme",
        "taguette",
        "usual",
    ]
    for name, path in shipped.items():
        columns = ColumnMap.read(path)
        assert columns.program.casefold().replace(".", "") == name
        assert "quote" in columns.headings
    ours = ColumnMap.read(shipped["subtheme"])
    assert set(ours.headings) == set(FIELDS)
    assert ours == OUR_COLUMNS


def test_all_that_is_wrong_is_told_at_once():
    text = problems(
        'format = "1"\nprogram = 1\nnotes = ""\n[columns]\ntranscripts = "a"\nquote = 3\n'
        '[codes]\napplied_heading = "Code:"\nseveral = 1\napplied_values = [1]\n'
    )
    for words in (
        'expected format = "subtheme-columns/1"',
        "'program' cannot be read",
        "unknown key 'notes' in the top of the file",
        "unknown key 'transcripts' in [columns]",
        "Did you mean 'transcript'?",
        "'quote' cannot be read",
        "'applied_heading' cannot be read; expected {code} once in it",
        "'several' cannot be read",
        "'applied_values' cannot be read",
    ):
        assert words in text
    assert "no heading for 'code'" in problems(GOOD.replace('code = "Code"', ""))
    assert "expected two tables" in problems('format = "subtheme-columns/1"\ncolumns = 1\n')
    assert "not valid TOML" in problems("format =")


def test_files_that_are_no_map(tmp_path):
    with pytest.raises(InputError, match=r"no such file.*dedoose, maxqda"):
        ColumnMap.read(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not UTF-8"):
        ColumnMap.read(tmp_path / "b.toml")


@pytest.mark.parametrize(
    ("program", "headings", "read"),
    [
        ("MAXQDA", "Document group;Document name;Code;Beginning;End;Weight score;Segment;Created by;Comment", 5),
        ("MAXQDA", "Dokumentgruppe;Dokumentname;Code;Anfang;Ende;Gewicht;Segment;Erstellt von;Kommentar", 5),
        ("ATLAS.ti", "ID;Document;Quotation Name;Quotation Content;Codes;Comment;Reference;Modified by", 5),
        ("QualCoder", "Codename;Coder;Coded text;Source;Id", 4),
        ("Taguette", "id;document;tag;content", 3),
        ("NVivo", "File Name;Hierarchical Name;Coded Text;Coded By", 4),
        ("usual", "Interview;Code;Zitat;Codiererin;Anmerkung", 5),
        ("usual", "Transcripción;Código;Cita;Codificador", 4),
        ("usual", "Entretien;Sous-thème;Extrait;Codé par", 4),
        ("usual", "Entrevista;Código;Trecho;Participante", 4),
        ("usual", "Intervista;Codice;Citazione;Nota", 4),
        ("usual", "Transcript;Code;Citaat;Gecodeerd door", 4),
        ("usual", "Intervju;Kod;Citat;Kommentar", 4),
        ("usual", "Transcript:;Code ;Quotation;CODER", 4),
        ("usual", "transcript;participant;coder;code;start_char;end_char;quote;memo;origin;direction", 10),
    ],
)
def test_the_map_that_fits_is_found_by_the_headings(program, headings, read):
    columns = fitting_columns(headings.split(";"))
    places = columns.places_in(headings.split(";"))
    assert (columns.program, len(places)) == (program, read)
    assert len(set(places.values())) == read


def test_one_column_for_each_code_makes_a_map_fit():
    headings = ["Media Title", "Excerpt Creator", "Excerpt Copy", "Code: Pay Applied"]
    assert fitting_columns(headings).program == "Dedoose"
    assert {"Zitat", "Excerpt Copy", "quote"} <= set(known_headings())


def test_no_heading_stands_for_two_columns():
    places = fitting_columns(["documento", "código", "texto"]).places_in(["documento", "código", "texto"])
    assert places == {"transcript": 0, "code": 1, "quote": 2}
