"""``subtheme codings``: whose words they are, what is left out, who coded."""

import json

import openpyxl
import pytest
from small_study import small_book
from typer.testing import CliRunner

from subtheme.cli.app import app

GROUP = (
    "Moderator: What of the pay?\n\ng1: It’s the same pay – for all of us…\n\ng3: Not for me, since I work nights.\n\n"
    "Moderator: And the hours?\n\ng1: Yes.\n\ng3: Yes.\n"
)
PEOPLE = "participant,case,transcript,speaker\ng1,A,group,g1\ng3,B,group,g3\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUBTHEME_STUDY", "study")
    (tmp_path / "book.toml").write_text(small_book("Conditions", "Wages", "Hours"))
    (tmp_path / "group.txt").write_text(GROUP, encoding="utf-8")
    (tmp_path / "people.csv").write_text(PEOPLE)

    def invoke(*words, code=0):
        done = CliRunner().invoke(app, [str(w) for w in words])
        assert done.exit_code == code, done.output + repr(done.exception)
        return json.loads(done.stdout) if "--json" in words and code == 0 else done.output

    invoke("new", "study", "--codebook", "book.toml")
    invoke("import", "group.txt", "--participants", "people.csv")
    return invoke


@pytest.fixture
def codings(run, tmp_path):
    def give(rows, *words, code=0, heading="transcript,participant,code,quote"):
        (tmp_path / "c.csv").write_text(f"{heading}\n{rows}", encoding="utf-8")
        return run("codings", "c.csv", *words, code=code)

    return give


def stored(run, tmp_path):
    """Return who has which code on which words, as the study exports it."""
    run("export", "out.csv.qdpx", "--codings", "out.csv")
    import csv

    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as stream:
        given = [r for r in csv.DictReader(stream) if r["direction"] in {"supports", "counters"}]
    return {(r["participant"], r["code"], r["quote"]) for r in given}


def test_a_row_on_anothers_words_is_refused(codings):
    said = codings("group,g1,wages,Not for me\ngroup,g1,wages,It's the same pay\n", code=1)
    assert "c.csv, row 2: participant 'g1' does not speak at " in said
    assert "expected 'g3'" in said
    assert "row 3" not in said


def test_the_place_tells_the_participant_of_a_group(run, codings, tmp_path):
    codings("group,,wages,Not for me\ngroup,,wages,It's the same pay - for all\ngroup,g3,hours,Yes.\n")
    assert stored(run, tmp_path) == {
        ("g3", "wages", "Not for me"),
        ("g1", "wages", "It’s the same pay – for all"),
        ("g3", "hours", "Yes."),
    }


def test_a_row_without_a_sure_place_is_left_out_and_named(codings):
    rows = "group,,wages,Not for me\ngroup,,hours,Yes.\ngroup,,hours,since I work at night\n"
    said = codings(rows)
    assert "Stored 1 codings by coder; 0 transcripts read." in said
    assert "Left out, since their place is not sure: row 3, 4." in said
    assert "lines 9, 11 of transcript 'group'" in said
    assert "nearest at line 5" in said
    answer = codings(rows + "group,,hours,work nights\n", "--json")
    assert (answer["codings"], answer["known"]) == (1, 1)
    assert [p["where"] for p in answer["left_out"]] == ["c.csv, row 3", "c.csv, row 4"]
    assert "row 3: the quotation stands at 2 places" in codings(rows, "--strict", code=1)
    assert codings("group,g1,hours,never said so\n", "--keep-unplaced", "--json")["codings"] == 1
    assert "one of them" in codings(rows, "--strict", "--keep-unplaced", code=1)


def test_a_coder_beside_a_column_of_coders(codings):
    said = codings(
        "group,,wages,Not for me,ann\n", "--coder", "ben", code=1, heading="transcript,participant,code,quote,Coder"
    )
    assert "--coder says 'ben', and column 'Coder' names 'ann'" in said


def test_a_sheet_by_name_and_a_column_that_is_not_read(run, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["About"])
    for name, words in (("First", "Not for me"), ("Second", "the same pay")):
        sheet = book.create_sheet(name)
        sheet.append(["Codings of May"])
        sheet.append(["Interview", "Code", "Zitat", "Weight"])
        sheet.append(["group", "Wages", words, 3])
    book.save(tmp_path / "c.xlsx")
    said = run("codings", "c.xlsx", "--sheet", "Second")
    assert "c.xlsx, sheet 'Second': 1 rows" in said
    assert "not read: column 'Weight'" in said
    assert stored(run, tmp_path) == {("g1", "wages", "the same pay")}
    assert "no column for 'code'" in run("codings", "c.xlsx", code=1)
    assert "no sheet 'Third'; expected one of Sheet, First, Second" in run(
        "codings", "c.xlsx", "--sheet", "Third", code=1
    )


def test_another_encoding_is_named_by_the_person(run, tmp_path):
    (tmp_path / "c.csv").write_bytes("transcript;code;quote\ngroup;wages;It’s the same pay\n".encode("cp1252"))
    said = run("codings", "c.csv", code=1)
    assert "c.csv: not UTF-8; expected UTF-8 text" in said
    assert "--encoding" in said
    assert "Stored 1 codings" in run("codings", "c.csv", "--encoding", "cp1252")
