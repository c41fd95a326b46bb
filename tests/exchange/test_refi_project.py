"""Traps of REFI-QDA that no file at hand has, each met in a made project."""

import json
import zipfile

import pytest

from subtheme.errors import InputError
from subtheme.exchange.offsets import Offsets, Unit
from subtheme.exchange.refi_project import read_refi_project

TEXT = "P1: It’s split shifts 😀 mostly.\nP1: No appraisal.\n"
FILE = {"sources/t.txt": TEXT}


def guid(letter, number):
    return f"{letter}0000000-0000-4000-8000-{number:012d}"


def refused(path, **options):
    with pytest.raises(InputError) as error:
        read_refi_project(path, **options)
    return str(error.value)


def quotes(project):
    return project.quoted_codings["quote"].tolist()


@pytest.mark.parametrize("member", ["sources/t.txt", "Sources/T.TXT", "t.txt", "any/deep/t.txt"])
@pytest.mark.parametrize("path", ["internal://t.txt", "t.txt", "internal://folder/t.txt", "INTERNAL://t.txt"])
def test_a_source_is_found_by_its_base_name(qdpx, source, selection, member, path):
    file = qdpx(source(selection(9, 21), path=path), files={member: TEXT})
    assert quotes(read_refi_project(file)) == ["split shifts"]


@pytest.mark.parametrize(
    "path", ["internal://../../../etc/passwd", "absolute:///etc/passwd", "relative://../t.txt", "file:///etc/passwd"]
)
def test_nothing_outside_of_the_package_is_opened(qdpx, source, selection, path):
    project = read_refi_project(qdpx(source(selection(9, 21), path=path), files=FILE))
    assert project.texts == {}
    assert project.codings["start_char"].tolist() == [-1]
    assert any("package" in d.reason for d in project.loss.dropped)


def test_the_coder_is_that_of_the_coding_else_of_the_selection(qdpx, source, selection, coding):
    by = f'creatingUser="{guid("a", 2)}"'
    inside = coding(user=1) + coding(code=3, user=0, number=2) + coding(code=5, user=9, number=3)
    project = read_refi_project(qdpx(source(selection(9, 21, inside=inside, by=by)), files=FILE))
    assert dict(zip(project.codings["code"], project.codings["coder"], strict=True)) == {
        "split-shifts": "ann",
        "working-time-other": "ben",
        "support-other": "user a0000000",
    }
    project = read_refi_project(qdpx(source(selection(9, 21, inside=coding(user=0))), files=FILE))
    assert project.codings["coder"].tolist() == ["coder"]


def test_codes_of_one_name_stay_apart(qdpx):
    codes = read_refi_project(qdpx()).codebook.codes
    assert [(c.id, c.name) for c in codes] == [
        ("working-time", "Working time"),
        ("split-shifts", "Split shifts"),
        ("working-time-other", "Other"),
        ("support", "Support"),
        ("support-other", "Other"),
    ]


def test_one_coding_is_one_however_often_it_is_written(qdpx, source, selection, coding):
    both = selection(9, 21, inside=coding() + coding(user=2, number=2)) + selection(9, 21, number=2)
    project = read_refi_project(qdpx(source(both), files=FILE))
    assert sorted(project.codings["coder"]) == ["ann", "ben"]
    assert project.loss.read["codings"] == 3
    assert project.loss.reasons() == {("coding", "the same coding again"): 1}


def test_places_that_are_none_are_dropped_with_their_reason(qdpx, source, selection, coding):
    inside = (
        selection(5, 5, number=1)
        + selection(9, 500, number=2)
        + selection(-3, 5, number=3)
        + selection(9, 7, number=4)
        + selection("9" * 5000, 7, number=5)
        + selection("x", 7, number=6)
        + selection(9, 21, number=7, inside=coding(code=99))
        + selection(9, 21, number=8)
    )
    project = read_refi_project(qdpx(source(inside), files=FILE))
    assert quotes(project) == ["split shifts"]
    assert project.loss.reasons() == {
        ("coding", "it has no length"): 1,
        ("coding", "its place lies outside of the text"): 3,
        ("coding", "its place cannot be read"): 2,
        ("coding", "its code is not in the codebook"): 1,
    }
    assert project.loss.read["codings"] == 8
    assert project.loss.kept["codings"] == 1
    assert project.loss.dropped[0].where == f"Interview, selection {guid('e', 1)}"


def test_selections_without_codes_are_notes_or_told(qdpx, source, selection):
    described = selection(4, 8, inside="<Description>why so?</Description>", number=1)
    referred = selection(9, 21, inside=f'<NoteRef targetGUID="{guid("b", 1)}"/>', number=2)
    note = (
        f'<Notes><Note guid="{guid("b", 1)}" name="m"><PlainTextContent>a memo</PlainTextContent></Note>'
        f'<Note guid="{guid("b", 2)}" name="gone" plainTextPath="internal://gone.txt"/></Notes>'
    )
    file = qdpx(source(described + referred + selection(4, 8, inside="", number=3)), files=FILE, rest=note)
    project = read_refi_project(file)
    assert [(n.text, n.source, n.start_char, n.end_char) for n in project.notes] == [
        ("why so?", "Interview", 4, 8),
        ("a memo", "Interview", 9, 21),
    ]
    assert "why so" not in repr(project.notes[0])
    assert project.loss.reasons() == {
        ("selection", "it has neither code nor note"): 1,
        ("note", "it has no text in the package"): 1,
    }


def test_a_coding_of_the_whole_text_has_no_place(qdpx, source, coding):
    project = read_refi_project(qdpx(source(coding()), files=FILE))
    assert project.codings[["transcript", "start_char"]].values.tolist() == [["Interview", -1]]


def test_codes_that_are_cases_tell_who_speaks(qdpx, source, selection, coding):
    cases = f'<Cases><Case guid="{guid("c", 3)}" name="Ann"/><Case guid="{guid("c", 5)}" name="Bob"/></Cases>'
    inside = (
        selection(0, 34, inside=coding(code=3), number=1)
        + selection(34, 51, inside=coding(code=5), number=2)
        + selection(9, 21, number=3)
        + selection(40, 49, number=4)
    )
    project = read_refi_project(qdpx(source(inside), files=FILE, before=cases, origin="NVivo"))
    assert [c.id for c in project.codebook.codes] == ["working-time", "split-shifts", "support"]
    assert dict(zip(project.quoted_codings["quote"], project.codings["participant"], strict=True)) == {
        "split shifts": "Ann",
        "appraisal": "Bob",
    }
    assert project.loss.reasons() == {("coding", "its code is a case: the text was noted as belonging to it"): 2}


def test_two_sources_of_one_name_stay_apart(qdpx, source, selection):
    twice = source(selection(9, 21), text=TEXT) + source(selection(9, 21), number=2, name="interview", text=TEXT)
    project = read_refi_project(qdpx(twice))
    assert list(project.texts) == ["Interview", "interview (2)"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "-..-etc-passwd"),
        ("a/b\\c:d", "a-b-c-d"),
        ("", "source"),
        ("..", "source"),
        ("x" * 300, "x" * 120),
    ],
)
def test_names_of_sources_are_fit_for_files(qdpx, source, name, safe):
    assert list(read_refi_project(qdpx(source(name=name, text=TEXT))).texts) == [safe]


def test_texts_that_cannot_be_read_are_told(qdpx, source, selection):
    inside = source(selection(0, 2), path="internal://a.txt", name="A") + source(
        selection(0, 2), path="internal://b.txt", name="B", number=2
    )
    files = {"sources/a.txt": "café".encode("cp1252"), "sources/b.txt": "a\x00b"}
    project = read_refi_project(qdpx(inside, files=files))
    assert project.texts == {}
    assert [d.reason for d in project.loss.dropped if d.what == "text"] == [
        "its text cannot be read: not UTF-8",
        "its text cannot be read: a NUL character at character 1",
    ]
    assert read_refi_project(qdpx(inside, files=files), encoding="cp1252").texts == {"A": "café"}


def test_a_source_with_rich_text_only_has_no_text(qdpx, selection):
    element = (
        f'<TextSource guid="{guid("f", 1)}" name="A" richTextPath="internal://a.docx">{selection(0, 2)}</TextSource>'
    )
    project = read_refi_project(qdpx(element, files={"sources/a.docx": b"x"}))
    assert project.loss.reasons() == {("text", "it has no plain text"): 1}
    assert "A: 1 codings are kept without a place, since it has no plain text" in project.loss.warnings


def test_the_transcript_of_a_recording_is_a_text(qdpx, coding):
    element = (
        f'<AudioSource guid="{guid("f", 1)}" name="Talk"><Transcript guid="{guid("f", 2)}" name="t">'
        f"<PlainTextContent>{TEXT}</PlainTextContent>"
        f'<SyncPoint guid="{guid("1", 1)}" position="9"/><SyncPoint guid="{guid("1", 2)}" position="21"/>'
        f'<TranscriptSelection guid="{guid("e", 1)}" fromSyncPoint="{guid("1", 1)}" toSyncPoint="{guid("1", 2)}">'
        f"{coding()}</TranscriptSelection></Transcript>"
        f'<AudioSelection guid="{guid("e", 2)}" begin="0" end="5">{coding(number=2)}</AudioSelection></AudioSource>'
    )
    project = read_refi_project(qdpx(element))
    assert quotes(project) == ["split shifts"]
    assert list(project.texts) == ["Talk"]
    assert project.loss.reasons() == {("coding", "it codes a part of the audio, not words"): 1}


def test_codings_on_themes_are_kept_and_told(qdpx, source, selection, coding):
    project = read_refi_project(qdpx(source(selection(9, 21, inside=coding(code=1))), files=FILE))
    assert project.codings["code"].tolist() == ["working-time"]
    assert project.loss.warnings == ("1 codings stand on codes that have codes below them, and stay there",)


def test_codes_and_namespaces_of_older_versions(qdpx, source, selection):
    file = qdpx(source(selection(9, 21)), files=FILE)
    with zipfile.ZipFile(file) as package:
        text = package.read("project.qde").decode()
    text = text.replace("<CodeBook>", '<CodeBook xmlns="urn:QDA-XML:codebook:0:4">')
    qde = file.with_suffix(".qde")
    qde.write_text("\ufeff \n" + text.replace('plainTextPath="internal://t.txt"', ""), encoding="utf-8")
    project = read_refi_project(qde)
    assert len(project.codebook.codes) == 5
    assert project.codings["code"].tolist() == ["split-shifts"]
    assert any("departs from the schema" in w for w in project.loss.warnings)
    assert "the namespace 'urn:QDA-XML:codebook:0:4' was read as 'urn:QDA-XML:project:1.0'" in project.loss.warnings


def test_what_is_said_of_a_place_that_is_none_is_kept_as_a_note(qdpx, source, selection, coding):
    said = selection(5, 5, inside=f"<Description>look here</Description>{coding()}")
    project = read_refi_project(qdpx(source(said), files=FILE))
    assert project.codings.empty
    assert [(n.text, n.source, n.start_char) for n in project.notes] == [("look here", "Interview", -1)]
    assert project.loss.reasons() == {("coding", "it has no length"): 1}


def test_empty_parts_are_read_leniently(qdpx):
    project = read_refi_project(qdpx(codes="<CodeBook><Codes/></CodeBook>", rest="<Notes/><Sets/>"))
    assert project.codebook.codes == ()
    assert project.codings.empty
    assert project.sources == ()
    assert any("departs from the schema" in w for w in project.loss.warnings)


def test_the_way_to_count_can_be_given(qdpx, source, selection):
    file = qdpx(source(selection(22, 31, name="")), files=FILE)
    assert quotes(read_refi_project(file)) == ["😀 mostly."[:9]]
    assert quotes(read_refi_project(file, offsets=Offsets(unit=Unit.UTF_16))) == ["😀 mostly"]


def test_the_report_is_json_without_words(qdpx, source, selection):
    project = read_refi_project(qdpx(source(selection(9, 21, name="split shifts")), files=FILE))
    found = json.loads(json.dumps(project.as_dict()))
    (only,) = found["sources"]
    assert only["offsets"] == {
        "unit": "code-point",
        "line_ends": "as-stored",
        "bom": "not-counted",
        "end": "exclusive",
    }
    assert (only["name"], only["selections"], only["quotes_confirmed"]) == ("Interview", 1, 1)
    assert (found["codings_read"], found["codings_kept"], found["dropped"]) == (1, 1, [])
    assert "mostly" not in json.dumps(found)


def test_the_steps_of_reading_are_told(qdpx, source, selection):
    inside = source(selection(9, 21), text=TEXT) + source(selection(9, 21), number=2, name="Other", text=TEXT)
    steps = []
    read_refi_project(qdpx(inside), progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_what_is_no_project_is_refused(qdpx, tmp_path):
    file = qdpx(files={"other.qde": "<Project/>"})
    assert "2 project files (.qde) in the package" in refused(file)
    assert "no project files (.qde) in the package" in refused(qdpx(qde="sources/project.qde"))
    assert "two members of one name" in refused(qdpx(files={"Project.qde": "<Project/>"}))
    for content, message in (
        (b"<CodeBook/>", "not a REFI-QDA project"),
        (b"<Project>", "not well-formed XML"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><Project/>', "document type"),
        (b"PK\x03\x04", "the package is damaged"),
        (b"hello", "the package is damaged"),
        (b"", "the file is empty"),
    ):
        path = tmp_path / "y.qde"
        path.write_bytes(content)
        assert message in refused(path)
    assert "no such file" in refused(tmp_path / "none.qdpx")
