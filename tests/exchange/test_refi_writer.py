"""Writing REFI-QDA: what goes out comes back the same, byte-equal, valid, and placed alike by any reading."""

import io
import json
import uuid
import zipfile

import pandas as pd
import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from subtheme.exchange.refi_codebook import read_refi_codebook, write_refi_codebook
from subtheme.exchange.refi_model import RefiNote
from subtheme.exchange.refi_people import people_of
from subtheme.exchange.refi_project import read_refi_project
from subtheme.exchange.refi_writer import Variant, refi_project
from subtheme.exchange.schema import schema_departures
from subtheme.nouns import CODINGS, PARTICIPANTS, Codebook

TEXTS = {
    "A1": "Interviewer: Hours?\nP1: It’s split shifts 😀 mostly\n— mornings.\n",
    "G1": "Ben: no appraisal at all.\nCat: none, e\u0301ver 😀😀.\n",
    "Z9": "",
}
CODEBOOK = """
format = "subtheme-codebook/1"
title = "Trial study"
levels = ["theme", "sub-theme", "code"]
note = "Two lines\\nof note."
[[code]]
id = "working-time"
name = "Working time"
definition = "All of it."
[[code.code]]
id = "split-shifts"
name = "Split shifts"
definition = "A broken day,\\nin two lines."
when_to_use = "Where a gap is told."
when_not = "Overtime."
examples = ["Nothing till four.", "In two\\nlines."]
[[code.code.code]]
id = "unpaid-gap"
name = "The gap is not paid & <more>"
[[code.code]]
id = "other"
name = "Other"
[[code]]
id = "support"
name = "Support"
[[code.code]]
id = "other-support"
name = "Other"
[[code.code]]
id = "policy"
name = "Fifth policy"
placeholder = true
"""


@pytest.fixture
def codebook():
    return Codebook.from_toml(CODEBOOK, where="trial.toml")


def codings(*rows):
    names = ("participant", "transcript", "start_char", "end_char", "code", "coder", "origin", "direction", "memo")
    return CODINGS.check(pd.DataFrame([dict(zip(names, row, strict=True)) for row in rows]), source="test")


@pytest.fixture
def table():
    place = TEXTS["A1"].index("split")
    cat = TEXTS["G1"].index("none")
    return codings(
        ("Ann", "A1", place, place + 12, "split-shifts", "ann", "blind", "supports", ""),
        ("Ann", "A1", place, place + 12, "unpaid-gap", "ann", "blind", "supports", ""),
        ("Ann", "A1", place, place + 12, "split-shifts", "ben", "assisted", "supports", "seen late\nat night"),
        ("Ann", "A1", place, place + 24, "split-shifts", "ann", "blind", "counters", ""),
        ("Ann", "A1", place, place + 24, "other", "model-1", "auto", "supports", "probability 0.81"),
        ("Ann", "A1", -1, -1, "working-time", "ann", "blind", "supports", ""),
        ("Ben", "G1", 5, 17, "other-support", "ben", "assisted", "supports", ""),
        ("Cat", "G1", cat, cat + 11, "policy", "ben", "blind", "supports", ""),
        ("Cat", "G1", 0, len(TEXTS["G1"]), "policy", "ben", "blind", "supports", ""),
    )


@pytest.fixture
def participants():
    rows = [("Ann", "HO1", "front-line-worker"), ("Ben", "HO1", ""), ("Cat", "HO2", "manager"), ("Dan", "HO2", "")]
    return PARTICIPANTS.check(pd.DataFrame(rows, columns=["participant", "case", "level"]), source="test")


def read_back(export, tmp_path, **options):
    path = tmp_path / "out.qdpx"
    export.write(path)
    return read_refi_project(path, **options)


def root_of(export):
    with zipfile.ZipFile(io.BytesIO(export.data)) as package:
        return etree.fromstring(package.read("project.qde"))


@pytest.mark.parametrize("variant", list(Variant))
def test_what_goes_out_comes_back(codebook, table, participants, tmp_path, variant):
    speakers = {"A1": ["Ann"], "G1": ["Ben", "Cat"], "Z9": ["Dan"]}
    export = refi_project(
        codebook=codebook, texts=TEXTS, codings=table, participants=participants, speakers=speakers, variant=variant
    )
    project = read_back(export, tmp_path)
    assert project.texts == TEXTS
    assert project.codebook == codebook
    pd.testing.assert_frame_equal(project.codings, table)
    assert set(project.coders) == {"ann", "ben", "auto: model-1"}
    people = people_of(project, participant="case", organisation="variable:organisation", level="variable:level")
    pd.testing.assert_frame_equal(people.participants, participants)
    assert {s.name: s.sources for s in project.sets} == {"HO1": ("A1", "G1"), "HO2": ("G1", "Z9")}
    assert export.loss.is_complete
    assert project.loss.is_complete
    tested = [w for w in export.loss.warnings if "not tested with the program itself" in w]
    assert len(tested) == (variant is not Variant.STANDARD)
    again = refi_project(
        codebook=project.codebook,
        texts=project.texts,
        codings=project.codings,
        participants=people.participants,
        speakers=speakers,
        variant=variant,
    )
    assert again.data == export.data


@pytest.mark.parametrize("variant", list(Variant))
def test_exports_are_valid_by_two_validators(codebook, table, participants, root, variant):
    export = refi_project(codebook=codebook, texts=TEXTS, codings=table, participants=participants, variant=variant)
    tree = root_of(export)
    assert schema_departures(tree, "Project") == ()
    schema = xmlschema.XMLSchema(root / "pipeline" / "subtheme" / "exchange" / "schemas" / "Project.xsd")
    schema.validate(etree.tostring(tree).decode())


def test_two_exports_are_byte_equal_and_say_nothing_of_the_machine(codebook, table):
    shuffled = table.iloc[::-1]
    texts = dict(reversed(TEXTS.items()))
    first = refi_project(codebook=codebook, texts=TEXTS, codings=table)
    assert refi_project(codebook=codebook, texts=texts, codings=shuffled).data == first.data
    with zipfile.ZipFile(io.BytesIO(first.data)) as package:
        assert {m.date_time for m in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        text = package.read("project.qde").decode()
    assert "basePath" not in text
    assert "DateTime" not in text


def test_the_standard_profile(codebook, table):
    export = refi_project(codebook=codebook, texts=TEXTS, codings=table)
    with zipfile.ZipFile(io.BytesIO(export.data)) as package:
        assert package.namelist()[0] == "project.qde"
        files = [n for n in package.namelist() if n.startswith("sources/")]
        assert sorted(package.read(n).decode() for n in files) == sorted(TEXTS.values())
    tree = root_of(export)
    names = {"q": "urn:QDA-XML:project:1.0"}
    for selection in tree.iterfind(".//q:PlainTextSelection", names):
        transcript = selection.getparent().get("name")
        start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
        assert selection.get("name") == TEXTS[transcript][start:end]
        assert {c.get("creatingUser") for c in selection.iterfind("q:Coding", names)} == {selection.get("creatingUser")}
    assert tree.get("origin").startswith("subtheme ")
    assert {uuid.UUID(e.get("guid")).version for e in tree.iter() if e.get("guid")} == {5}
    places = [
        (s.getparent().get("name"), s.get("startPosition"), s.get("endPosition"), s.get("creatingUser"))
        for s in tree.iterfind(".//q:PlainTextSelection", names)
    ]
    # ann has two selections on one place: one of them is a counter-example of the same origin, on another place
    assert len(places) == len(set(places))


def test_themes_are_not_codable_unless_they_are_coded(codebook, table):
    codable = {
        c.get("name"): c.get("isCodable")
        for c in root_of(refi_project(codebook=codebook, texts=TEXTS, codings=table)).iter("{*}Code")
    }
    assert codable["Working time"] == "true"
    assert codable["Support"] == "false"
    assert codable["Split shifts"] == "true"
    assert codable["Split shifts (counter-example)"] == "true"
    assert {"Other (Working time)", "Other (Support)"} <= set(codable)
    assert len(codable) == len(codebook.codes) + 1


def test_nvivo_counts_utf_16_with_mark_and_two_characters_per_line_end(codebook, table):
    export = refi_project(codebook=codebook, texts=TEXTS, codings=table, variant=Variant.NVIVO)
    with zipfile.ZipFile(io.BytesIO(export.data)) as package:
        stored = {n: package.read(n) for n in package.namelist() if n.startswith("Sources/")}
    assert all(content.startswith(b"\xef\xbb\xbf") for content in stored.values())
    for selection in root_of(export).iter("{*}PlainTextSelection"):
        path = selection.getparent().get("plainTextPath").removeprefix("internal://")
        units = stored[f"Sources/{path}"].decode("utf-8-sig").encode("utf-16-le")
        start, end = int(selection.get("startPosition")), int(selection.get("endPosition"))
        assert units[2 * start : 2 * end].decode("utf-16-le").replace("\r\n", "\n") == selection.get("name")


def test_flat_codes_come_back_as_a_tree_when_asked(codebook, table, tmp_path):
    export = refi_project(codebook=codebook, texts=TEXTS, codings=table, flatten="::")
    names = [c.get("name") for c in root_of(export).iter("{*}Code")]
    assert "Working time::Split shifts::The gap is not paid & <more>" in names
    tree = read_back(export, tmp_path, separator="::")
    assert tree.codebook.codes == codebook.codes
    spoken_by_texts = CODINGS.check(table.assign(participant=table["transcript"]), source="test")
    pd.testing.assert_frame_equal(tree.codings, spoken_by_texts)
    flat = read_back(export, tmp_path)
    assert {c.depth for c in flat.codebook.codes} == {0}
    assert len(flat.codings) == len(table)


def test_invented_interviews_are_said_to_be_so_whatever_is_switched(codebook, table, tmp_path):
    export = refi_project(codebook=codebook, texts=TEXTS, codings=table, synthetic=True)
    assert root_of(export).get("name") == "SYNTHETIC: Trial study"
    project = read_back(export, tmp_path)
    assert project.codebook.synthetic
    assert project.codebook.title == "Trial study"
    again = refi_project(codebook=project.codebook, texts=TEXTS, codings=table, synthetic=False)
    assert b"SYNTHETIC" in etree.tostring(root_of(again))


def test_coders_may_leave_under_pseudonyms(codebook, table, tmp_path):
    export = refi_project(codebook=codebook, texts=TEXTS, codings=table, coder_names={"ann": "coder-1"}, coders=["zoe"])
    assert b"ann" not in etree.tostring(root_of(export)).replace(b"Ann", b"")
    assert set(read_back(export, tmp_path).coders) == {"auto: model-1", "ben", "coder-1", "zoe"}


def test_notes_go_along(codebook, table, tmp_path):
    notes = (
        RefiNote(name="memo", text="on A1", coder="ann", source="A1"),
        RefiNote(name="journal", text="on all\nof it"),
        RefiNote(name="why", text="on a place", source="G1", start_char=5, end_char=17),
    )
    project = read_back(refi_project(codebook=codebook, texts=TEXTS, codings=table, notes=notes), tmp_path)
    assert project.notes == notes
    assert project.loss.is_complete


def test_codings_that_cannot_leave_are_reported(codebook, table):
    more = codings(
        ("Ann", "", -1, -1, "other", "ann", "blind", "supports", ""),
        ("Ann", "B7", 1, 2, "other", "ann", "blind", "supports", ""),
        ("Ann", "A1", 1, 2000, "other", "ann", "blind", "supports", ""),
        ("Ann", "A1", 1, 2, "nothing", "ann", "blind", "supports", ""),
        ("Ann", "A1", 1, 2, "other", "ann", "blind", "supports", ""),
        ("Ann", "A1", 1, 2, "other", "ann", "blind", "supports", "again"),
        ("Ben", "G1", -1, -1, "other", "ann", "blind", "supports", ""),
    )
    loss = refi_project(codebook=codebook, texts=TEXTS, codings=pd.concat([table, more])).loss
    assert loss.reasons() == {
        ("coding", "it names no transcript"): 1,
        ("coding", "its place lies outside of the text"): 1,
        ("coding", "its code is not in the codebook"): 1,
        ("coding", "the same coding again"): 1,
        ("coding", "its transcript is not exported"): 1,
    }
    assert loss.read["codings"] == len(table) + 7
    assert loss.kept["codings"] == len(table) + 2
    assert "G1: 1 codings of the whole text do not say who spoke" in loss.warnings
    assert json.dumps(loss.as_dict())


def test_characters_that_xml_cannot_hold_do_not_break_the_file(codebook, tmp_path):
    text = "one\x0btwo \ufffe three\n"
    table = codings(("P", "T", 0, 7, "other", "a\x01nn", "blind", "supports", "memo\x02"))
    project = read_back(refi_project(codebook=codebook, texts={"T": text}, codings=table), tmp_path)
    assert project.texts == {"T": text}
    assert project.quoted_codings["quote"].tolist() == ["one\x0btwo"]
    assert project.coders == ("a\ufffdnn",)


def test_codebook_files_come_back_and_tell_what_they_cannot_hold(codebook, tmp_path, root):
    path = tmp_path / "c.qdc"
    loss = write_refi_codebook(codebook, path)
    found = read_refi_codebook(path)
    assert found.codebook.codes == codebook.codes
    assert found.loss.warnings == ()
    assert [d.what for d in loss.dropped] == ["note of the codebook", "names of the levels"]
    schema = xmlschema.XMLSchema(root / "pipeline" / "subtheme" / "exchange" / "schemas" / "Codebook.xsd")
    schema.validate(path.read_text(encoding="utf-8"))
    first = path.read_bytes()
    write_refi_codebook(found.codebook, path)
    assert b"SYNTHETIC" not in first
    invented = Codebook.from_toml("synthetic = true\n" + CODEBOOK, where="x")
    write_refi_codebook(invented, path)
    assert read_refi_codebook(path).codebook.synthetic


words = st.text("ab é’😀\n", min_size=1, max_size=30)
names = st.sampled_from(["Time", "time", "Other", "other", "Oth-er", "Id", "2", "Zeit & <x>"])


@st.composite
def studies(draw):
    count = draw(st.integers(1, 6))
    lines = ['format = "subtheme-codebook/1"', 'title = "t"']
    parents = [None]
    for number in range(count):
        depth = draw(st.integers(0, 2)) if number else 0
        depth = min(depth, (parents[-1] or 0) + 1 if number else 0)
        parents.append(depth)
        lines += [
            "[[" + ".".join(["code"] * (depth + 1)) + "]]",
            f'id = "c{number}"',
            f"name = {json.dumps(draw(names))}",
        ]
    codebook = Codebook.from_toml("\n".join(lines), where="x")
    texts = draw(st.dictionaries(st.sampled_from(["T1", "T2", "T3"]), words, min_size=1))
    rows = []
    for _ in range(draw(st.integers(0, 6))):
        transcript = draw(st.sampled_from(sorted(texts)))
        start = draw(st.integers(0, len(texts[transcript]) - 1))
        end = draw(st.integers(start + 1, len(texts[transcript])))
        rows.append(
            {
                "participant": transcript,
                "transcript": transcript,
                "start_char": start,
                "end_char": end,
                "code": draw(st.sampled_from([c.id for c in codebook.codes])),
                "coder": draw(st.sampled_from(["x", "y"])),
                "origin": draw(st.sampled_from(["blind", "assisted", "auto"])),
                "direction": draw(st.sampled_from(["supports", "counters"])),
            }
        )
    frame = pd.DataFrame(rows, columns=list(CODINGS.names)[:-1]).drop_duplicates()
    return codebook, texts, CODINGS.check(frame, source="x")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(study=studies(), variant=st.sampled_from(list(Variant)))
def test_any_study_comes_back(study, variant, tmp_path_factory):
    codebook, texts, table = study
    export = refi_project(codebook=codebook, texts=texts, codings=table, variant=variant)
    assert schema_departures(root_of(export), "Project") == ()
    project = read_back(export, tmp_path_factory.mktemp("q"))
    assert project.texts == texts
    assert project.codebook.codes == codebook.codes
    pd.testing.assert_frame_equal(project.codings, table)
