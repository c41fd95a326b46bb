"""Taking transcripts in: everything, or nothing with every reason."""

import pytest

from subtheme.errors import InputError
from subtheme.files import read_all, read_roster, take_in
from subtheme.nouns import Role
from subtheme.transcripts import Guidance


def test_taking_the_same_in_twice_changes_nothing(small_study, interviews, roster_file):
    report = take_in(small_study, read_all([interviews]), read_roster(roster_file))
    assert report.transcripts == 0
    assert report.known == ("A1", "A2", "B1")


def test_a_changed_text_under_a_known_name_is_refused(small_study, interviews, roster_file):
    path = interviews / "A1.txt"
    path.write_text(path.read_text() + "\nA1: And another thing.\n")
    with pytest.raises(InputError, match="transcript 'A1' has another text than the one in the study"):
        take_in(small_study, read_all([interviews]), read_roster(roster_file))


def test_nothing_is_stored_when_one_is_refused(empty_study, interviews, roster_file):
    (interviews / "C9.txt").write_text("Interviewer: Hello?\n\nC9: Hello.\n")
    (interviews / "mono.txt").write_text("P1: Only me.\n\nP1: Still only me.\n")
    with pytest.raises(InputError) as caught:
        take_in(empty_study, read_all([interviews]), read_roster(roster_file))
    text = str(caught.value)
    assert "transcript 'C9' has no participant" in text
    assert "mono.txt: one speaker only" in text
    with empty_study.store() as store:
        assert store.digests() == {}
        assert store.participants().empty


def test_problems_of_all_files_come_together(interviews):
    (interviews / "empty.txt").write_text("")
    (interviews / "binary.txt").write_bytes(bytes(range(256)))
    with pytest.raises(InputError) as caught:
        read_all([interviews])
    text = str(caught.value)
    assert "empty.txt" in text
    assert "binary.txt" in text


def test_two_files_of_one_name_are_refused(interviews):
    (interviews / "A1.md").write_text("Interviewer: Hello?\n\nA1: Hello.\n")
    with pytest.raises(InputError, match="a second transcript named 'A1'"):
        read_all([interviews])


def test_an_empty_folder_is_named(tmp_path):
    (tmp_path / "void").mkdir()
    with pytest.raises(InputError, match="no transcript to read"):
        read_all([tmp_path / "void"])


def test_given_roles_hold(empty_study, interviews, roster_file):
    files = read_all([interviews], guidance=Guidance(roles={"A1": {"A1": Role.OTHER}}))
    with pytest.raises(InputError, match=r"A1\.txt: no turn of a participant"):
        take_in(empty_study, files, read_roster(roster_file))


def test_roles_for_nobody_are_refused(interviews):
    with pytest.raises(InputError, match="A11"):
        read_all([interviews], guidance=Guidance(roles={"": {"A11": Role.INTERVIEWER}}))


def test_a_focus_group_has_several_participants(empty_study, tmp_path):
    (tmp_path / "group.txt").write_text(
        "Moderator: Who begins?\n\nAnn: Me.\n\nBob: Then me, after her.\n\nAnn: Fine.\n\nBob: Good.\n"
    )
    roster = tmp_path / "p.csv"
    roster.write_text("participant,case,transcript,speaker\nP1,A,group,Ann\nP2,A,group,Bob\n")
    take_in(empty_study, read_all([tmp_path / "group.txt"]), read_roster(roster))
    with empty_study.store() as store:
        assert list(store.segments()["participant"]) == ["P1", "P2", "P1", "P2"]
    roster.write_text("participant,case,transcript,speaker\nP1,A,group,Ann\nP2,A,group,Rob\n")
    (tmp_path / "group2.txt").write_text((tmp_path / "group.txt").read_text())
    roster.write_text(roster.read_text().replace("group", "group2"))
    with pytest.raises(InputError, match="1 speaker labels of transcript 'group2' belong to nobody"):
        take_in(empty_study, read_all([tmp_path / "group2.txt"]), read_roster(roster))


def test_a_participant_in_two_cases_is_refused(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("participant,case,transcript\nP1,A,t1\nP1,B,t2\n")
    with pytest.raises(InputError, match=r"p\.csv, row 3: participant 'P1' has another case or level than before"):
        read_roster(path)
    path.write_text("participant,case\nP1,\n")
    with pytest.raises(InputError, match=r"p\.csv, row 2: column 'case' has an empty cell"):
        read_roster(path)


def test_the_transcripts_done_are_told(empty_study, interviews, roster_file):
    steps = []
    files, roster = read_all([interviews]), read_roster(roster_file)
    take_in(empty_study, files, roster, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 3), (2, 3), (3, 3)]
    take_in(empty_study, files, roster, progress=lambda done, total: steps.append((done, total)))
    assert len(steps) == 3  # nothing was new


def test_a_name_with_a_loose_accent_is_the_same_name(empty_study, tmp_path):
    folder = tmp_path / "accents"
    folder.mkdir()
    loose, composed = "Jose\u0301", "Jos\u00e9"
    text = f"Interviewer: And?\n\n{loose}: It stands still.\n\nZoe\u0308: So it does.\n" * 2
    (folder / f"{loose}.txt").write_text(text, encoding="utf-8")
    people = tmp_path / "accents.csv"
    people.write_text(
        f"participant,case,transcript,speaker\n{composed},A,{composed},\nZ,A,{composed},Zo\u00eb\n", encoding="utf-8"
    )
    take_in(empty_study, read_all([folder]), read_roster(people))
    with empty_study.store() as store:
        assert list(store.digests()) == [composed]
        assert set(store.turns()["participant"]) == {"", composed, "Z"}


def test_a_known_text_under_another_name_is_refused(small_study, interviews, tmp_path):
    (interviews / "A1 (1).txt").write_bytes((interviews / "A1.txt").read_bytes())
    roster = tmp_path / "more.csv"
    roster.write_text(
        "participant,case,level,transcript\nA1,A,manager,A1\nA2,A,worker,A2\nB1,B,worker,B1\nA1,A,manager,A1 (1)\n"
    )
    with pytest.raises(
        InputError, match=r"A1 \(1\)\.txt: transcript 'A1 \(1\)' has the very text of 'A1'; expected each"
    ):
        take_in(small_study, read_all([interviews]), read_roster(roster))


def test_a_date_that_a_spreadsheet_made_of_a_name_is_refused(tmp_path):
    import datetime

    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["participant", "case"])
    book.active.append(["A1", datetime.datetime(2026, 2, 1)])  # noqa: DTZ001 - as a workbook holds it
    book.save(tmp_path / "people.xlsx")
    with pytest.raises(
        InputError, match=r"people\.xlsx, row 2: the case is the date 2026-02-01; expected a name\. A spread"
    ):
        read_roster(tmp_path / "people.xlsx")


def test_a_roster_below_a_title_counts_its_rows_from_the_top(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("Interviews of May;\n\nparticipant;case\nA1;one\nA1;two\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"people\.csv, row 5: participant 'A1' has another case"):
        read_roster(path)
    path.write_text("Interviews of May;\n\nparticipant;case\nA1;one\n", encoding="utf-8")
    assert read_roster(path).participants["case"].tolist() == ["one"]
