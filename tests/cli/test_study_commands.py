"""The commands of a study without a model: new, import, codings, score, status, undo, doctor."""

import csv
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


def _code_first_segment(path, code):
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["codes"] = code
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


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


def test_a_coding_that_the_study_has_is_not_stored_twice(study, tmp_path):
    first = _codings(tmp_path, "A1,wages,A1,It stands still", "A2,wages,A2,Her budget stands still")
    study("codings", first)
    renamed = first.rename(tmp_path / "again.csv")
    again = study("codings", renamed)
    assert "Stored 0 codings" in again.stdout
    assert "2 more were in the study already" in again.stdout
    longer = _codings(tmp_path, *["A1,wages,A1,It stands still"] * 2, "B1,hours,B1,my pay")
    answer = json.loads(study("codings", longer, "--json").stdout)
    assert (answer["codings"], answer["known"]) == (1, 2)
    assert json.loads(study("status", "--json").stdout)["codings"] == 3


def test_two_commands_at_once_do_not_store_a_file_twice(study, tmp_path, monkeypatch):
    from subtheme.files import Store

    file = _codings(tmp_path, "A1,wages,A1,It stands still")
    look = Store.transcripts
    answers = []

    def meanwhile(store):
        if not answers:
            answers.append(None)
            answers.append(study("codings", file, code=1))
        return look(store)

    monkeypatch.setattr(Store, "transcripts", meanwhile)
    study("codings", file)
    assert "another program is writing to this study" in answers[1].stderr
    assert json.loads(study("status", "--json").stdout)["codings"] == 1


def test_what_a_file_of_codings_brought_can_be_taken_back(study, tmp_path):
    study(
        "codings", _codings(tmp_path, "A1,wages,A1,It stands still").rename(tmp_path / "right.csv"), "--coder", "anna"
    )
    (tmp_path / "read.csv").write_text("coder,transcript\nanna,A2\nanna,B1\n")
    wrong = _codings(tmp_path, "A1,hours,A1,my pay", "A2,hours,A2,my pay").rename(tmp_path / "wrong.csv")
    study("codings", wrong, "--coder", "anna", "--readings", "read.csv")
    study("codings", _codings(tmp_path, "B1,hours,B1,my pay").rename(tmp_path / "other.csv"), "--coder", "ben")
    gone = json.loads(study("undo", "--codings", wrong, "--json").stdout)
    assert gone == {
        "codings": 2,
        "readings": 2,
        "coders": ["anna"],
    }  # A1 still has a coding; B1 was read by that file alone
    assert "1 transcripts count as unread again: ben" in study("undo", "--codings", "other.csv").stdout
    facts = json.loads(study("status", "--json").stdout)
    assert (facts["codings"], facts["readings"]) == (1, 1)
    missing = study("undo", "--codings", "rigth.csv", code=1)
    assert "no codings came with a file called 'rigth.csv'" in missing.stderr
    assert "Did you mean 'right.csv'?" in missing.stderr
    study("codings", wrong, "--coder", "ben")


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
    _code_first_segment(tmp_path / "blind.csv", "wages")
    assert "Stored 1 decisions of ben" in study("sheet", "in", "blind.csv", "--coder", "ben").stdout
    assert "1 were stored before" in study("sheet", "in", "blind.csv", "--coder", "ben").stdout
    assert json.loads(study("status", "--json").stdout)["decisions"] == 1
    assert "no decision of 'eve' to undo" in study("undo", "--coder", "eve", code=1).stderr
    assert _standing(study) == (1, 1)
    said = study("undo", "--coder", "ben").stdout
    assert "Took back 1 decisions" in said
    assert "1 transcripts count as unread again: ben" in said
    assert _standing(study) == (0, 0)
    for _ in range(2):  # the same sheet again: as something new after it was taken back
        assert "Stored 1 decisions of ben" in study("sheet", "in", "blind.csv", "--coder", "ben").stdout
        assert _standing(study) == (1, 1)
        assert json.loads(study("undo", "--coder", "ben", "--json").stdout) == {
            "undone": 1,
            "coder": "ben",
            "readings": 1,
        }
    assert (
        "Whole: 3 texts as imported, 18 events in an unbroken chain" in study("doctor", "--backup", "b.sqlite").stdout
    )
    assert (tmp_path / "b.sqlite").exists()


def test_undoing_a_sheet_leaves_what_was_read_before(study, tmp_path):
    study("codings", _codings(tmp_path, "A1,wages,A1,It stands still"), "--coder", "ben")
    study("sheet", "out", "blind.csv", "--blind", "A1")
    _code_first_segment(tmp_path / "blind.csv", "wages")
    study("sheet", "in", "blind.csv", "--coder", "ben")

    undone = json.loads(study("undo", "--coder", "ben", "--json").stdout)
    assert undone == {"undone": 1, "coder": "ben", "readings": 0}
    assert _standing(study) == (0, 1)


def _standing(run):
    facts = json.loads(run("status", "--json").stdout)
    return facts["decisions"], facts["readings"]


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
    raw.execute("DROP TRIGGER events_no_update")
    raw.execute("UPDATE events SET coder = 'eve' WHERE seq = 7")
    raw.commit()
    raw.close()
    words = study("doctor", code=1).stderr
    assert "the log of events was changed at number 7" in words
    assert "trigger 'events_no_update' is missing" in words


def test_codebook_check_prints_the_tree(run, root):
    shown = run("codebook", "check", root / "configs" / "cob.codebook.toml").stdout
    assert "15 at level 'sub-theme'" in shown
    assert "(placeholder)" in shown
    assert "no such file" in run("codebook", "check", "none.toml", code=1).stderr


def test_a_codebook_of_another_program_can_be_checked_too(run, tmp_path):
    (tmp_path / "book.csv").write_text("code,definition\nWages,Pay\n")
    assert "Wages  [wages]" in run("codebook", "check", "book.csv").stdout


def test_the_table_of_participants_may_lie_among_the_transcripts(run, tmp_path):
    run("new", "study", "--codebook", "book.toml")
    people = (tmp_path / "people.csv").rename(tmp_path / "talks" / "people.csv")
    refused = run("import", "talks", "--preview", code=1)
    assert "Head it so, or leave the file out where it is no transcript" in refused.stderr
    assert "people.csv: named as a table" in run("import", "talks", "--preview", "-p", people).stdout
    assert "Imported 3 transcripts" in run("import", "talks", "-p", people).stdout


def test_a_codebook_with_other_levels_makes_a_study_of_its_second(run, tmp_path):
    (tmp_path / "other.toml").write_text(BOOK.replace("[[code]]", 'levels = ["area", "topic"]\n[[code]]', 1))
    assert "2 of them at level 'topic'" in run("new", "other", "--codebook", "other.toml").stdout


def test_a_study_in_two_languages_says_so_and_a_stranger_among_them_is_named(run, tmp_path):
    german = (
        "Interviewer: Und dann?\n\nA1: Also ich habe damals z. B. nachts gearbeitet, und niemand hat uns etwas gesagt."
    )
    french = "Interviewer: Et puis ?\n\nA2: Alors je travaillais la nuit, et personne ne nous avait parlé du planning."
    (tmp_path / "talks" / "A1.txt").write_text(german)
    (tmp_path / "talks" / "A2.txt").write_text(french)
    run("new", "study", "--codebook", "book.toml")
    said = run("import", "talks", "--participants", "people.csv").stdout
    assert "Languages: 1 German (A1), 1 French (A2), 1 English (B1); sentences are cut by the rules of each." in said
    run("new", "other", "--codebook", "book.toml")
    settings = tmp_path / "other" / "study.toml"
    settings.write_text(settings.read_text().replace('language = "auto"', 'language = "de"'))
    talk = tmp_path / "talks" / "A2.txt"
    talk.write_text(f"{french} {french[30:]} {french[30:]}")
    told = run("import", "talks", "--participants", "people.csv", "--study", "other").stdout
    assert "A2: seems to be French, and the study's language is German: cut by the sentence rules of German" in told
