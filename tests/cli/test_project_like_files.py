"""A project is looked at, and taken in, like files: speakers, roles, doubts, who is left out."""

import csv
import json
import uuid
import zipfile

import pytest
from small_study import small_book
from typer.testing import CliRunner

from subtheme.cli.app import app

A = (
    "Moderator: What do you get for the night?\n\nAnn: Nothing at all for the night, and I have asked them for years "
    "about it.\n\nModerator: And for the day?\n\nAnn: The same as everybody else here gets for it.\n"
)
GROUP = (
    "Moderator: Who is paid for the night?\n\nBen: I am, since I have asked for it again and again.\n\nModerator: And you?\n\n"
    "Cleo: I am not, and nobody has told me why.\n\n"
    "Moderator: And at weekends?\n\nBen: Yes, I am.\n\nCleo: No, never.\n"
)
STUB = "Interview withdrawn.\n"


def guid(name):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def selection(text, words):
    start = text.index(words)
    return (
        f'<PlainTextSelection guid="{guid(words)}" startPosition="{start}" endPosition="{start + len(words)}">'
        f'<Coding guid="{guid("coding" + words)}" creatingUser="{guid("eva")}"><CodeRef targetGUID="{guid("wages")}"/></Coding>'
        "</PlainTextSelection>"
    )


def source(name, text, *coded, path=""):
    inside = "".join(selection(text, words) for words in coded)
    place = f'plainTextPath="{path}"' if path else ""
    content = "" if path else f"<PlainTextContent>{text}</PlainTextContent>"
    return f'<TextSource guid="{guid("s" + name + path)}" name="{name}" {place}>{content}{inside}</TextSource>'


@pytest.fixture
def project(tmp_path):
    def write(*sources, files=None):
        text = (
            '<?xml version="1.0" encoding="utf-8"?><Project xmlns="urn:QDA-XML:project:1.0" name="trial">'
            f'<Users><User guid="{guid("eva")}" name="eva"/></Users><CodeBook><Codes>'
            f'<Code guid="{guid("pay")}" name="Pay" isCodable="true">'
            f'<Code guid="{guid("wages")}" name="Wages" isCodable="true"/></Code></Codes></CodeBook>'
            f"<Sources>{''.join(sources)}</Sources></Project>"
        )
        with zipfile.ZipFile(tmp_path / "p.qdpx", "w") as package:
            package.writestr("project.qde", text)
            for member, content in (files or {}).items():
                package.writestr(member, content)
        return "p.qdpx"

    return write


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def invoke(*words, code=0):
        done = CliRunner().invoke(app, [str(w) for w in words])
        assert done.exit_code == code, done.output + repr(done.exception)
        return json.loads(done.stdout) if "--json" in words else done.output

    return invoke


def codings(run, tmp_path):
    run("export", "out", "--study", "st")
    with (tmp_path / "out" / "codings.csv").open(encoding="utf-8", newline="") as stream:
        return {(r["participant"], r["transcript"], int(r["start_char"])) for r in csv.DictReader(stream)}


def test_preview_shows_speakers_with_their_roles_and_who_they_are(run, project, tmp_path):
    file = project(source("A", A, "What do you get"), source("G", GROUP))
    (tmp_path / "people.csv").write_text("participant,case,transcript,speaker\nP1,X,A,\nP2,X,G,Ben\nP3,Y,G,Cleo\n")
    answer = run("import", file, "--preview", "--participants", "people.csv", "--json")
    seen = {t["transcript"]: t for t in answer["transcripts"]}
    assert {(s["speaker"], s["role"]) for s in seen["G"]["speakers"]} == {
        ("Moderator", "interviewer"),
        ("Ben", "participant"),
        ("Cleo", "participant"),
    }
    assert seen["G"]["participants"] == {"Ben": "P2", "Cleo": "P3"}
    assert (answer["doubts"], answer["problems"]) == ([], [])
    text = run("import", file, "--preview", "--participants", "people.csv")
    assert "participant" in next(line for line in text.splitlines() if "Cleo" in line and "turns" in line)
    assert "is P3" in text
    assert not (tmp_path / "p").exists()


def test_preview_says_what_the_import_would_refuse(run, project, tmp_path):
    file = project(source("A", A), source("G", GROUP))
    (tmp_path / "people.csv").write_text("participant,case,transcript,speaker\nP2,X,G,Ben\nP3,Y,G,Carla\n")
    answer = run("import", file, "--preview", "--participants", "people.csv", "--json", code=1)
    told = [p["what"] for p in answer["problems"]]
    refused = run("import", file, "--participants", "people.csv", "--study", "st", code=1)
    assert told
    assert all(what in refused for what in told)
    text = run("import", file, "--preview", "--participants", "people.csv", code=1)
    assert told[0] in text


def test_preview_in_a_study_knows_what_the_study_has(run, project, tmp_path):
    file = project(source("A", A, "What do you get"))
    run("import", file, "--study", "st")
    answer = run("import", file, "--preview", "--study", "st", "--json")
    assert answer["problems"] == []
    assert [t["transcript"] for t in answer["transcripts"]] == ["A"]


def test_doubts_are_told(run, project):
    file = project(source("A", A), source("B", STUB))
    answer = run("import", file, "--preview", "--json")
    doubt = next(d for d in answer["doubts"] if "words in all" in d["what"])
    assert (doubt["where"], doubt["what"][:12]) == ("B", "only 2 words")
    assert "--without" in doubt["remedy"]
    assert "Doubtful: B: only 2 words" in run("import", file, "--preview")
    assert "B: only 2 words in all" in run("import", file, "--study", "st")


def test_codings_on_the_interviewers_words_are_kept_with_a_table_as_without(run, project, tmp_path):
    file = project(source("A", A, "What do you get", "Nothing at all"), source("G", GROUP, "Who is paid"))
    (tmp_path / "people.csv").write_text("participant,case,transcript,speaker\nA,X,A,\nBen,X,G,Ben\nCleo,Y,G,Cleo\n")
    answer = run("import", file, "--participants", "people.csv", "--study", "st", "--json")
    assert codings(run, tmp_path) == {("A", "A", A.index("What")), ("A", "A", A.index("Nothing"))}
    assert [(d["what"], d["reason"]) for d in answer["dropped"]] == [
        ("coding", "it cannot be told which participant it belongs to")
    ]


@pytest.mark.parametrize("way", ["option", "table", "table of files"])
def test_a_text_is_left_out(run, project, tmp_path, way):
    (tmp_path / "people.csv").write_text(
        "participant,case,transcript\nP1,X,A\n" + (",,B\n" if way.startswith("table") else "")
    )
    if way == "option":
        answer = run(
            "import",
            project(source("A", A), source("B", STUB, "Interview")),
            "--without",
            "b",
            "--study",
            "st",
            "--json",
        )
        assert {(d["what"], d["where"]) for d in answer["dropped"]} == {("text", "B"), ("coding", "B")}
    elif way == "table":
        file = project(source("A", A), source("B", STUB, "Interview"))
        answer = run("import", file, "--participants", "people.csv", "--study", "st", "--json")
        assert ("text", "B") in {(d["what"], d["where"]) for d in answer["dropped"]}
    else:
        (tmp_path / "book.toml").write_text(small_book("Pay", "Wages"))
        (tmp_path / "A.txt").write_text(A)
        (tmp_path / "B.txt").write_text(GROUP)
        run("new", "st", "--codebook", "book.toml")
        answer = run("import", "A.txt", "B.txt", "--participants", "people.csv", "--study", "st", "--json")
        assert answer["left_out"] == ["B: people.csv names nobody for it"]
        (tmp_path / "people.csv").write_text("participant,case,transcript\nP1,X,A\nP2,X,B\n")
        text = run("import", "A.txt", "B.txt", "--participants", "people.csv", "--study", "st", "--without", "B")
        assert "left out: B: left out, as asked" in text
    assert (answer["transcripts"], answer["participants"]) == (1, 1)


def test_what_is_to_be_left_out_must_be_there(run, project, tmp_path):
    said = run("import", project(source("Ann-1", A)), "--without", "Ann-2", "--study", "st", code=1)
    assert (
        "p.qdpx: no text 'Ann-2' to leave out; expected the name of a text of the project. Did you mean 'Ann-1'?"
        in said
    )
    (tmp_path / "Ann-1.txt").write_text(A)
    said = run("import", "Ann-1.txt", "--preview", "--without", "Ann-2", code=1)
    assert (
        "no transcript 'Ann-2' to leave out; expected the name of one of the transcripts. Did you mean 'Ann-1'?" in said
    )


def test_a_row_of_nobody_keeps_the_numbers_of_the_others(tmp_path):
    from subtheme.errors import InputError
    from subtheme.files import read_roster

    path = tmp_path / "people.csv"
    path.write_text("participant,case,transcript\n,,B\nP1,X,A\nP1,Y,C\n")
    with pytest.raises(InputError, match="row 4: participant 'P1' has another case"):
        read_roster(path)
    path.write_text("participant,case,transcript\n,,B\nP1,X,A\n,Y,\n")
    with pytest.raises(InputError, match="row 4: column 'participant' has an empty cell"):
        read_roster(path)


def test_the_name_of_a_text_without_one_is_that_of_its_file(run, project):
    file = project(source("", A, path="internal://Night shift 3.txt"), files={"sources/Night shift 3.txt": A})
    answer = run("import", file, "--preview", "--json")
    assert [s["name"] for s in answer["sources"]] == ["Night shift 3"]


def test_the_separator_is_honoured_for_every_kind_or_refused(run, tmp_path):
    line = {"text": "Ann: Too little.\n", "label": [[0, 3, "Pay::Wages"]], "transcript": "A"}
    (tmp_path / "p.jsonl").write_text(json.dumps(line) + "\n")
    (tmp_path / "t.csv").write_text("code\nPay::Wages\n")
    for name in ("p.jsonl", "t.csv"):
        run("codebook", "import", name, f"{name}.toml", "--separator", "::")
        book = run("codebook", "check", f"{name}.toml", "--json")
        assert {(c["name"], c["parent"]) for c in book["codes"]} == {("Pay", ""), ("Wages", "pay")}
    said = run("codebook", "import", "t.csv.toml", "again.toml", "--separator", "::", code=1)
    assert (
        "t.csv.toml: --separator '::' beside a codebook of our own; expected a .qdc, a table or a project. Leave it out"
        in said
    )
