"""Traps of exchange that no other file of this folder holds a test for."""

import io
import zipfile

import pandas as pd
import pytest
from lxml import etree

from subtheme.exchange import PeopleWays, Variant, likeliest_ways, read_refi_project, refi_project, ways_that_fit
from subtheme.exchange.refi_model import RefiNote
from subtheme.nouns import CODINGS, PARTICIPANTS

NAMES = {"q": "urn:QDA-XML:project:1.0"}


@pytest.fixture
def export(codebook):
    """Return an export of one interview with a coding by a person, one confirmed and one proposed."""
    blank = {"participant": "Ann", "transcript": "A", "code": "split-shifts", "start_char": 0, "end_char": 3}
    rows = [{**blank, "coder": "ann", "origin": o} for o in ("blind", "assisted")]
    rows.append({**blank, "coder": "model-1", "origin": "auto"})
    return refi_project(
        codebook=codebook,
        texts={"A": "One two.\n"},
        codings=CODINGS.check(pd.DataFrame(rows), source="x"),
        participants=PARTICIPANTS.check(pd.DataFrame([{"participant": "Ann", "case": "HO1"}]), source="x"),
        speakers={"A": ["Ann"]},
        notes=[RefiNote(name="n", text="a thought", source="A")],
    )


def root_of(export):
    with zipfile.ZipFile(io.BytesIO(export.data)) as package:
        return etree.fromstring(package.read("project.qde"))


def test_plain_text_is_never_written_as_rich_text_or_inside_the_project(export):
    text = etree.tostring(root_of(export)).decode()
    assert "richTextPath" not in text
    assert "PlainTextContent" not in text
    notes = root_of(export).findall(".//q:Note", NAMES)
    assert [n.get("plainTextPath").startswith("internal://") for n in notes] == [True]


def test_the_organisation_stands_at_the_case_the_text_and_in_a_set(export):
    root = root_of(export)
    for place in (".//q:Case", ".//q:TextSource"):
        values = root.findall(f"{place}/q:VariableValue/q:TextValue", NAMES)
        assert values[0].text == "HO1"
    assert [s.get("name") for s in root.findall(".//q:Set", NAMES)] == ["HO1"]


def test_proposals_stand_under_a_user_of_their_own_and_confirmed_codings_under_the_persons(export, tmp_path):
    users = {u.get("guid"): u.get("name") for u in root_of(export).findall(".//q:User", NAMES)}
    by = [users[c.get("creatingUser")] for c in root_of(export).findall(".//q:Coding", NAMES)]
    assert sorted(by) == ["ann", "ann", "auto: model-1"]
    export.write(tmp_path / "x.qdpx")
    found = read_refi_project(tmp_path / "x.qdpx").codings
    assert sorted(zip(found["coder"], found["origin"], strict=True)) == [
        ("ann", "assisted"),
        ("ann", "blind"),
        ("model-1", "auto"),
    ]


@pytest.mark.parametrize(
    "stamp", ["2019-03-18T14:00:00", "2019-03-18", "yesterday", "", "2019-03-18T14:00:00.123456789Z"]
)
def test_dates_of_any_kind_do_no_harm(qdpx, source, selection, stamp):
    inside = selection(0, 3, by=f'creationDateTime="{stamp}" modifiedDateTime="{stamp}"')
    assert len(read_refi_project(qdpx(source(inside, text="One two."))).codings) == 1


@pytest.mark.parametrize("origin", ['origin=""', ""])
def test_a_program_that_does_not_say_its_name(qdpx, source, selection, tmp_path, origin):
    path = qdpx(source(selection(0, 3, name="One"), text="One two."))
    with zipfile.ZipFile(path) as package:
        text = package.read("project.qde").decode().replace('origin=""', origin)
    (tmp_path / "y.qde").write_text(text)
    project = read_refi_project(tmp_path / "y.qde")
    assert project.origin == ""
    assert project.sources[0].choice.quotes_confirmed == 1


def test_answers_of_a_survey_belong_to_the_case_that_gave_them(qdpx, source):
    def guid(letter, number):
        return f"{letter}0000000-0000-4000-8000-{number:012d}"

    answers = "".join(source(text=f"Answer {n}.", name=f"Q{n}", number=n) for n in range(1, 5))
    cases = "".join(
        f'<Case guid="{guid("8", n)}" name="R{n}"><VariableValue><VariableRef targetGUID="{guid("9", 1)}"/>'
        f"<TextValue>HO{n}</TextValue></VariableValue>"
        f'<SourceRef targetGUID="{guid("f", 2 * n - 1)}"/><SourceRef targetGUID="{guid("f", 2 * n)}"/></Case>'
        for n in (1, 2)
    )
    variable = f'<Variables><Variable guid="{guid("9", 1)}" name="Organisation" typeOfVariable="Text"/></Variables>'
    project = read_refi_project(qdpx(answers, before=f"{variable}<Cases>{cases}</Cases>"))
    best = likeliest_ways(project)
    assert best == ways_that_fit(project)[0]
    assert best == PeopleWays(participant="case", organisation="variable:Organisation")
    people = best.people(project)
    assert people.sources == {"R1": ("Q1", "Q2"), "R2": ("Q3", "Q4")}


@pytest.mark.parametrize("variant", list(Variant))
def test_every_variant_is_byte_equal_twice(codebook, variant):
    table = CODINGS.check(
        pd.DataFrame([{"participant": "A", "transcript": "A", "code": "split-shifts", "start_char": 0, "end_char": 2}]),
        source="x",
    )
    first, second = (
        refi_project(codebook=codebook, texts={"A": "😀 x\n"}, codings=table, variant=variant) for _ in range(2)
    )
    assert first.data == second.data


def test_ways_are_read_and_written():
    text = "participant=case,organisation=set:A, B,level=variable:Level"
    assert PeopleWays.parse(text).as_text() == text
