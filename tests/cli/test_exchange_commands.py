"""Projects and codebooks of other programs in and out of a study by command."""

import csv
import json
import zipfile

import pytest
from typer.testing import CliRunner

from subtheme.cli.app import app

pytestmark = pytest.mark.shared

REFI = "refi-qda"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def invoke(*words, code=0):
        result = CliRunner().invoke(app, [str(w) for w in words])
        assert result.exit_code == code, result.output + repr(result.exception)
        return json.loads(result.stdout) if "--json" in words and code == 0 else result

    return invoke


@pytest.fixture
def refi(shared):
    return shared / REFI


def rows(path):
    """Return the rows of a table, without those that say what was read."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row.get("direction") != "read"]


def kept(path):
    """Return the codings of a table as a set of tuples."""
    names = ("transcript", "participant", "coder", "code", "start_char", "end_char", "quote")
    return {tuple(row[n] for n in names) for row in rows(path)}


def test_the_mini_study_goes_through_a_study_and_back(run, refi, tmp_path):
    answer = run("import", refi / "mini-study" / "mini-study.qdpx", "--json")
    assert (answer["study"], answer["study_made"]) == ("mini-study", True)
    assert (answer["codings_read"], answer["codings_kept"]) == (18, 18)
    assert [(d["what"], d["reason"]) for d in answer["dropped"]] == [
        ("note", "a study keeps memos of codings only")
    ] * 4
    first = answer["sources"][0]
    assert first["name"] == "A1"
    assert first["offsets"] == {
        "unit": "code-point",
        "line_ends": "as-stored",
        "bom": "not-counted",
        "end": "exclusive",
    }
    assert (first["selections"], first["quotes_confirmed"]) == (6, 6)
    assert answer["participants_by"] == "participant=case,organisation=variable:organisation"

    run("export", "out.qdpx", "--codings", "out.csv", "--study", "mini-study")
    expected = json.loads((refi / "mini-study" / "mini-study.expected.json").read_text(encoding="utf-8"))["codings"]
    assert kept(tmp_path / "out.csv") == {
        (c["document"], c["participant"], c["coder"], c["code"], str(c["start"]), str(c["end"]), c["quote"])
        for c in expected
    }
    again = run("import", "out.qdpx", "--study", "second", "--json")
    assert (again["codings_read"], again["codings_kept"], again["dropped"]) == (18, 18, [])
    run("export", "out2.qdpx", "--codings", "out2.csv", "--study", "second")
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "out2.csv").read_bytes()
    assert (tmp_path / "out.qdpx").read_bytes() == (tmp_path / "out2.qdpx").read_bytes()
    assert (tmp_path / "mini-study" / "codebook.toml").read_text() == (
        tmp_path / "second" / "codebook.toml"
    ).read_text()
    score = [run("score", "--study", s, "--json")["cells"] for s in ("mini-study", "second")]
    assert score[0] == score[1]


@pytest.mark.journey
@pytest.mark.parametrize("variant", ["nvivo", "atlasti", "maxqda"])
def test_variants_come_back_and_say_that_they_are_untested(run, refi, tmp_path, variant):
    run("import", refi / "mini-study" / "mini-study.qdpx")
    (report,) = run("export", "v.qdpx", "--for", variant, "--study", "mini-study", "--json")["exports"]
    assert any("not tested with the program itself" in w for w in report["warnings"])
    assert any("read anew from the text" in w for w in report["warnings"])
    answer = run("import", "v.qdpx", "--json")
    assert answer["codings_kept"] == 18
    assert all(s["quotes_confirmed"] == s["selections"] for s in answer["sources"])


def test_a_second_project_of_one_study_brings_only_what_is_new(run, refi, tmp_path):
    project = refi / "mini-study" / "mini-study.qdpx"
    run("import", project)
    assert "in the study already" in run("import", project, "--study", "mini-study", code=1).stderr
    other = refi / "mini-study" / "mini-study.qualcoder-4.0beta.qdpx"
    answer = run("import", other, "--study", "mini-study", "--json")
    assert (answer["transcripts"], answer["codings_kept"]) == (0, 0)
    assert {d["reason"] for d in answer["dropped"]} == {"the study has it already"}
    assert sorted(answer["known"]) == ["A1", "A2", "B1", "B2"]


def test_texts_that_were_imported_as_files_take_the_codings_of_a_project(run, refi, tmp_path):
    with zipfile.ZipFile(refi / "mini-study" / "mini-study.qdpx") as package:
        texts = [package.read(n).decode() for n in package.namelist() if n.startswith("sources/")]
    (tmp_path / "talks").mkdir()
    for name in ("A1", "A2", "B1", "B2"):
        text = next(t for t in texts if f"\n{name}: " in t)
        changed = text.replace("\n", "\n\n") if name == "A1" else text
        (tmp_path / "talks" / f"{name}.txt").write_text(changed, encoding="utf-8")
    (tmp_path / "people.csv").write_text("participant,case,transcript\nP1,X,A1\nP2,X,A2\nP3,Y,B1\nP4,Y,B2\n")
    run("new", "s", "--codebook", refi / "mini-study" / "mini-study.qualcoder-4.0beta.codebook.qdc")
    run("import", "talks", "--participants", "people.csv", "--study", "s")
    answer = run("import", refi / "mini-study" / "mini-study.qdpx", "--study", "s", "--json")
    assert (answer["transcripts"], answer["participants"], answer["codings_kept"]) == (0, 0, 18)
    assert any("A1: the study has another text of this name" in w for w in answer["warnings"])
    run("export", "--codings", "c.csv", "--study", "s")
    expected = json.loads((refi / "mini-study" / "mini-study.expected.json").read_text(encoding="utf-8"))["codings"]
    found = {(r["participant"], r["code"], r["coder"], " ".join(r["quote"].split())) for r in rows(tmp_path / "c.csv")}
    person = {"A1": "P1", "A2": "P2", "B1": "P3", "B2": "P4"}
    assert found == {(person[c["participant"]], c["code"], c["coder"], c["quote"]) for c in expected}


def test_codes_that_the_study_lacks_are_told(run, refi, root):
    run("new", "s", "--codebook", root / "configs" / "cob.codebook.toml")
    answer = run("import", refi / "conventions" / "lf_cp.qdpx", "--study", "s", "--json")
    assert (answer["codings_read"], answer["codings_kept"]) == (4, 3)
    assert [d["reason"] for d in answer["dropped"] if d["what"] == "coding"] == [
        "the study's codebook has no code 'appraisal'"
    ]
    assert any(
        "lacks 2 codes of the project (Scheduling, appraisal): 'subtheme codebook add'" in w for w in answer["warnings"]
    )
    text = run("import", refi / "vendor" / "nvivo-12.6-win.scrambled.qdpx", "--study", "s", code=1).stderr
    assert "has none of the codes that are coded here" in text


def test_codes_that_the_study_lacks_can_be_added_and_then_bring_their_codings(run, refi, root, tmp_path):
    project = refi / "conventions" / "lf_cp.qdpx"
    run("new", "s", "--codebook", root / "configs" / "cob.codebook.toml")
    before = (tmp_path / "s" / "codebook.toml").read_text()
    run("import", project, "--study", "s")
    answer = run("codebook", "add", project, "--study", "s", "--json")
    assert [(c["id"], c["parent"]) for c in answer["added"]] == [("scheduling", ""), ("appraisal", "")]
    assert answer["not_at_level"] == ["scheduling", "appraisal"]
    after = (tmp_path / "s" / "codebook.toml").read_text()
    assert after.startswith(before.rstrip())
    again = run("import", project, "--study", "s", "--json")
    assert (again["transcripts"], again["codings_kept"]) == (0, 1)
    assert {d["reason"] for d in again["dropped"] if d["what"] == "coding"} == {"the study has it already"}
    assert run("codebook", "add", project, "--study", "s", "--json")["added"] == []
    assert "in the study already" in run("import", project, "--study", "s", code=1).stderr
    (tmp_path / "mine.csv").write_text("code\nAppraisal and supervision\n")
    text = run("codebook", "add", "mine.csv", "--study", "s").stdout
    assert "codes were added" in text


@pytest.mark.parametrize(
    ("name", "read", "codings"),
    [
        ("nvivo-12.6-win.scrambled.qdpx", 100, 100),
        ("nvivo-15-mac.codes-only.qdpx", 0, 0),
        ("atlasti-8.4-mac.sources-missing.qdpx", 16, 9),
        ("atlasti-8.4-mac.project.qde", 16, 9),
    ],
)
def test_files_of_commercial_programs_come_in_with_a_report(run, refi, name, read, codings):
    answer = run("import", refi / "vendor" / name, "--json")
    assert (answer["codings_read"], answer["codings_kept"]) == (read, codings)
    assert sum(d["what"] == "coding" for d in answer["dropped"]) == read - codings
    assert all(d["reason"] for d in answer["dropped"])


def test_preview_shows_what_can_tell_the_participants_and_stores_nothing(run, refi, tmp_path):
    project = refi / "mini-study" / "mini-study.qdpx"
    answer = run("import", project, "--preview", "--json")
    assert answer["participants_by"][0] == "participant=case,organisation=variable:organisation"
    assert "participant=source,organisation=set" in answer["participants_by"]
    text = run("import", project, "--preview").stdout
    assert "--participants participant=source,organisation=case" in text
    assert "Cases: A1, A2, B1, B2" in text
    assert list(tmp_path.iterdir()) == []
    run("import", project, "--participants", "participant=source,organisation=all:One")
    run("export", "t", "--study", "mini-study")
    assert {r["case"] for r in rows(tmp_path / "t" / "participants.csv")} == {"One"}


def test_participants_from_a_table_and_offsets_from_the_person(run, refi, tmp_path):
    project = refi / "mini-study" / "mini-study.qdpx"
    (tmp_path / "people.csv").write_text("participant,case,transcript\nP1,X,A1\nP2,X,A2\nP3,Y,B1\nP4,Y,B2\n")
    answer = run("import", project, "--participants", "people.csv", "--offsets", "end=inclusive", "--json")
    assert answer["participants_by"] == "people.csv"
    assert all(s["offsets_decided_by"] == "override" and s["quotes_confirmed"] == 0 for s in answer["sources"])
    run("export", "--codings", "c.csv", "--study", "mini-study")
    assert {r["participant"] for r in rows(tmp_path / "c.csv")} == {"P1", "P2", "P3", "P4"}


def test_refusals_leave_nothing_behind(run, refi, tmp_path):
    project = refi / "mini-study" / "mini-study.qdpx"
    assert (
        "cannot read --participants 'organisation=set'"
        in run("import", project, "--participants", "organisation=set", code=1).stderr
    )
    assert "a project among other files" in run("import", project, tmp_path, code=1).stderr
    (tmp_path / "people.csv").write_text("participant,case\nA1,X\n")
    assert "has no participant" in run("import", project, "--participants", "people.csv", code=1).stderr
    assert not (tmp_path / "mini-study").exists()
    (tmp_path / "mini-study").mkdir()
    (tmp_path / "mini-study" / "x").touch()
    assert "the folder is not empty" in run("import", project, code=1).stderr
    run("import", project, "--study", "s")
    for words, message in (
        (["x.csv"], "nothing is written with the ending '.csv'"),
        (["x.qdpx", "--for", "nvivi"], "no variant for 'nvivi'"),
        (["--codings", "x.txt"], "cannot write '.txt'"),
        ([], "nothing to write"),
    ):
        assert message in run("export", *words, "--study", "s", code=1).stderr


def test_everything_leaves_as_tables_and_coders_may_leave_under_other_names(run, refi, tmp_path):
    run("import", refi / "mini-study" / "mini-study.qdpx")
    (tmp_path / "names.csv").write_text("coder,name\ncoder-a,Reader 1\n")
    run("export", "all.xlsx", "--coders", "names.csv", "--study", "mini-study")
    run("export", "tables", "--study", "mini-study")
    from openpyxl import load_workbook

    book = load_workbook(tmp_path / "all.xlsx", read_only=True)
    assert book.sheetnames == [p for p in book.sheetnames if (tmp_path / "tables" / f"{p}.csv").is_file()]
    coders = {row[2] for row in book["codings"].iter_rows(min_row=2, values_only=True)}
    assert coders == {"Reader 1", "coder-b"}
    assert {r["coder"] for r in rows(tmp_path / "tables" / "codings.csv")} == {"coder-a", "coder-b"}
    assert len(rows(tmp_path / "tables" / "turns.csv")) == 24


@pytest.mark.parametrize("ending", [".qdc", ".csv", ".xlsx"])
def test_codebooks_go_out_and_come_back(run, root, tmp_path, ending):
    from subtheme.nouns import Codebook

    original = root / "configs" / "cob.codebook.toml"
    run("codebook", "export", f"book{ending}", "--codebook", original)
    answer = run("codebook", "import", f"book{ending}", "back.toml", "--json")
    assert answer["kept"]["codes"] == len(Codebook.read(original).codes)
    assert Codebook.read(tmp_path / "back.toml").codes == Codebook.read(original).codes
    assert "does not exist yet" in run("codebook", "import", f"book{ending}", "back.toml", code=1).stderr


def test_a_study_is_made_with_the_codebook_of_another_program(run, refi, tmp_path):
    run("codebook", "import", refi / "programs" / "taguette-1.5.2.codebook.qdc", "t.toml", "--separator", ".")
    run("new", "one", "--codebook", "t.toml")
    run("new", "two", "--codebook", refi / "vendor" / "atlasti-9-win.codebook.qdc")
    table = "Code,Memo\nWorking time,\nWorking time > Split shifts,gaps in the day\n"
    (tmp_path / "maxqda.csv").write_text(table)
    answer = run("codebook", "import", "maxqda.csv", "m.toml", "--json")
    assert answer["kept"] == {"codes": 2}
    assert 'definition = "gaps in the day"' in (tmp_path / "m.toml").read_text()
