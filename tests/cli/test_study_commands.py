"""The commands of a study without a model: new, import, codings, score, status, undo, doctor."""

import json

import pytest
from small_study import invoke, small_book

BOOK = small_book("Conditions", "Wages", "Hours")
TALK = "Interviewer: And the pay?\n\n{name}: It stands still 😐. Her budget stands still, so my pay does.\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "book.toml").write_text(BOOK)
    (tmp_path / "talks").mkdir()
    for name in ("A1", "A2", "B1"):
        (tmp_path / "talks" / f"{name}.txt").write_text(TALK.format(name=name))
    (tmp_path / "people.csv").write_text("participant,case\nA1,A\nA2,A\nB1,B\n")
    monkeypatch.setenv("SUBTHEME_STUDY", "study")

    return invoke


@pytest.fixture
def study(run):
    run("new", "study", "--codebook", "book.toml")
    run("import", "talks", "--participants", "people.csv")
    return run


def _codings(tmp_path, *rows, header="participant,code,transcript,quote"):
    path = tmp_path / "codings.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_from_transcripts_to_the_table(study, tmp_path):
    file = _codings(
        tmp_path, "A1,wages,A1,It stands still", "A2,wages,A2,Her budget stands still", "B1,hours,B1,my pay"
    )
    answer = json.loads(study("codings", file, "--coder", "anna", "--json").stdout)
    assert (answer["codings"], answer["readings"], answer["outside_segments"]) == (3, 3, 0)
    table = json.loads(study("score", "--json").stdout)
    assert {(c["case"], c["sub_theme"]): c["present"] for c in table["cells"]} == {
        ("A", "wages"): True,
        ("A", "hours"): False,
        ("B", "wages"): False,
        ("B", "hours"): True,
    }
    assert table["overall"]["present"] == 2
    assert "yes (2/2)" in study("score").stdout
    study("score", "--csv", "cells.csv")
    assert (tmp_path / "cells.csv").read_text().count("\n") == 5


def test_the_same_file_of_codings_is_refused_the_second_time(study, tmp_path):
    file = _codings(tmp_path, "A1,wages,A1,It stands still")
    study("codings", file)
    assert "in the study already" in study("codings", file, code=1).stderr


def test_unread_transcripts_leave_cells_open(study, tmp_path):
    study("codings", _codings(tmp_path, "A1,wages,A1,It stands still"))
    table = json.loads(study("score", "--json").stdout)
    states = {(c["case"], c["sub_theme"]): c["state"] for c in table["cells"]}
    assert states["A", "wages"] == "open"
    assert states["B", "wages"] == "open"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A1,wagse,A1,It stands still", ["row 2", "wagse", "Did you mean 'wages'?"]),
        ("A9,wages,A1,It stands still", ["row 2", "unknown participant 'A9'"]),
        ("A1,wages,A1,It never stood", ["row 2"]),
        ("A1,wages,Z1,It stands still", ["row 2", "Z1"]),
    ],
)
def test_bad_codings_are_named_and_change_nothing(study, tmp_path, row, words):
    result = study("codings", _codings(tmp_path, row), code=1)
    for word in words:
        assert word in result.stderr
    assert "It never stood" not in result.stderr
    assert json.loads(study("status", "--json").stdout)["codings"] == 0


def test_score_without_its_companions_says_what_is_missing(run, tmp_path):
    result = run("score", "--codings", _codings(tmp_path, "A1,wages,A1,x"), "--json", code=1)
    assert "--participants and --codebook missing" in result.stderr
    assert json.loads(result.stdout)["error"]["kind"] == "InputError"


def test_preview_stores_nothing_and_needs_no_study(run, tmp_path):
    shown = json.loads(run("import", "--preview", "--json", "talks/A1.txt").stdout)
    assert [t["speaker"] for t in shown["turns"]] == ["Interviewer", "A1"]
    assert shown["turns"][1]["role"] == "participant"
    assert shown["turns"][0]["text"] == "And the pay?"
    assert "3 transcripts recognised; nothing was stored" in run("import", "--preview", "talks").stdout
    assert not (tmp_path / "study").exists()


def test_roles_by_option_hold_in_the_preview(run):
    shown = json.loads(run("import", "--preview", "--json", "--role", "A1=other", "talks/A1.txt").stdout)
    assert shown["turns"][1]["role"] == "other"
    assert "cannot read --role 'A1=boss'" in run("import", "--preview", "--role", "A1=boss", "talks", code=1).stderr


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("C1.txt", b"\x00\x01\x02binary\xff", "C1.txt"),
        ("C1.docx", b"\xd0\xcf\x11\xe0 locked", "C1.docx"),
        ("C1.txt", b"", "C1.txt"),
        ("C1.txt", b"C1: Only I speak.\n\nC1: And again.\n", "one speaker only"),
        ("C1.txt", b"Interviewer: Well?\n\nC1: Well.\n", "transcript 'C1' has no participant"),
    ],
)
def test_bad_transcripts_are_named_and_nothing_is_stored(study, tmp_path, name, content, words):
    (tmp_path / "talks" / name).write_bytes(content)
    result = study("import", "talks", "--participants", "people.csv", code=1)
    assert words in result.stderr
    assert json.loads(study("status", "--json").stdout)["transcripts"] == 3


def test_commands_outside_a_study_say_so(run):
    for command in (["status"], ["score"], ["undo"], ["doctor"], ["sheet", "out", "x.xlsx"]):
        assert "not a study" in run(*command, code=1).stderr


def test_sheets_blind_round_and_undo(study, tmp_path):
    study("sheet", "out", "blind.csv", "--blind", "A1")
    assert "the file exists" in study("sheet", "out", "blind.csv", "--blind", "A1", code=1).stderr
    assert "no transcript 'Q'" in study("sheet", "out", "q.csv", "--blind", "Q", code=1).stderr
    assert "no proposals yet" in study("sheet", "out", "p.csv", code=1).stderr
    import csv

    with (tmp_path / "blind.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["codes"] = "wages"
    with (tmp_path / "blind.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    assert "Stored 1 decisions of ben" in study("sheet", "in", "blind.csv", "--coder", "ben").stdout
    assert "1 were stored before" in study("sheet", "in", "blind.csv", "--coder", "ben").stdout
    assert json.loads(study("status", "--json").stdout)["decisions"] == 1
    assert "no decision of 'eve' to undo" in study("undo", "--coder", "eve", code=1).stderr
    assert "Took back 1 decisions" in study("undo", "--coder", "ben").stdout
    assert json.loads(study("status", "--json").stdout)["decisions"] == 0
    assert "Whole: 3 texts as imported, 2 decisions" in study("doctor", "--backup", "b.sqlite").stdout
    assert (tmp_path / "b.sqlite").exists()


def test_every_output_carries_the_anchor_that_doctor_can_look_for(study, tmp_path):
    study("codings", _codings(tmp_path, "A1,wages,A1,It stands still"))
    anchor = json.loads(study("doctor", "--json").stdout)["anchor"]
    assert json.loads(study("score", "--json").stdout)["anchor"] == anchor
    assert json.loads(study("export", "--codings", "out.csv", "--json").stdout)["anchor"] == anchor
    assert f"Anchor of the log: {anchor}" in study("export", "--codings", "again.csv").stdout
    study("doctor", "--anchor", anchor)


def test_doctor_finds_a_broken_chain(study, tmp_path):
    import sqlite3

    test_sheets_blind_round_and_undo(study, tmp_path)
    raw = sqlite3.connect(tmp_path / "study" / "study.sqlite")
    raw.execute("DROP TRIGGER decisions_no_update")
    raw.execute("UPDATE decisions SET coder = 'eve' WHERE seq = 1")
    raw.commit()
    raw.close()
    words = study("doctor", code=1).stderr
    assert "the log of decisions was changed at number 1" in words
    assert "trigger 'decisions_no_update' is missing" in words


def test_codebook_check_prints_the_tree(run, root):
    shown = run("codebook", "check", root / "configs" / "cob.codebook.toml").stdout
    assert "15 at level 'sub-theme'" in shown
    assert "(placeholder)" in shown
    assert "no such file" in run("codebook", "check", "none.toml", code=1).stderr
