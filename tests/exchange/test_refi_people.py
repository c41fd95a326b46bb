"""Cases, variables, sets or codes as participants and organisations, as the person chooses."""

import pytest

from subtheme.errors import InputError
from subtheme.exchange.refi_people import people_of
from subtheme.exchange.refi_project import read_refi_project


def guid(letter, number):
    return f"{letter}0000000-0000-4000-8000-{number:012d}"


def value(number, text):
    return (
        f'<VariableValue><VariableRef targetGUID="{guid("9", number)}"/><TextValue>{text}</TextValue></VariableValue>'
    )


def reference(kind, letter, number):
    return f'<{kind} targetGUID="{guid(letter, number)}"/>'


@pytest.fixture
def project(qdpx, source, selection, coding):
    """Return a project with two texts: A of Ann, and a focus group G of Ben and Cat."""
    text = "Ben: split shifts.\nCat: appraisal here.\n"
    before = (
        f'<Variables><Variable guid="{guid("9", 1)}" name="Org" typeOfVariable="Text"/>'
        f'<Variable guid="{guid("9", 2)}" name="Place" typeOfVariable="Text"/></Variables><Cases>'
        f'<Case guid="{guid("8", 1)}" name="Ann">{value(1, "HO1")}{reference("SourceRef", "f", 1)}</Case>'
        f'<Case guid="{guid("8", 2)}" name="Ben">{value(1, "HO2")}{reference("SourceRef", "f", 2)}'
        f"{reference('SelectionRef', 'e', 2)}</Case>"
        f'<Case guid="{guid("8", 3)}" name="Cat">{value(1, "HO1")}{reference("SourceRef", "f", 2)}'
        f"{reference('SelectionRef', 'e', 3)}</Case>"
        f'<Case guid="{guid("8", 4)}">{value(2, "north")}{reference("SourceRef", "f", 1)}</Case></Cases>'
    )
    sets = (
        f'<Sets><Set guid="{guid("7", 1)}" name="Orgs::HO1">{reference("MemberSource", "f", 1)}</Set>'
        f'<Set guid="{guid("7", 2)}" name="Orgs::HO2">{reference("MemberSource", "f", 2)}</Set>'
        f'<Set guid="{guid("7", 3)}" name="Done">{reference("MemberSource", "f", 1)}</Set></Sets>'
    )
    sources = source(selection(5, 10, number=1), name="A", text=text) + source(
        selection(5, 17, number=2) + selection(24, 33, number=3) + coding(code=3, number=9),
        name="G",
        number=2,
        text=text,
    )
    return read_refi_project(qdpx(sources, before=before, rest=sets))


def refused(*args, **options):
    with pytest.raises(InputError) as error:
        people_of(*args, **options)
    return str(error.value)


def table(people):
    return people.participants[["participant", "case"]].values.tolist()


def test_a_place_in_a_focus_group_belongs_to_who_spoke_there(project):
    found = project.codings[["transcript", "start_char", "participant"]].values.tolist()
    assert found == [["A", 5, "Ann"], ["G", 5, "Ben"], ["G", 24, "Cat"], ["G", -1, "G"]]


def test_a_nameless_case_carries_variables_of_its_text(project):
    assert [c.name for c in project.cases] == ["Ann", "Ben", "Cat"]
    assert dict(project.source("A").values) == {"Place": "north"}
    assert project.variables == {"Org": "Text", "Place": "Text"}


def test_cases_as_participants_with_a_variable_as_organisation(project):
    people = people_of(project, participant="case", organisation="variable:Org")
    assert table(people) == [["Ann", "HO1"], ["Cat", "HO1"], ["Ben", "HO2"]]
    assert people.sources == {"Ann": ("A",), "Ben": ("G",), "Cat": ("G",)}
    assert people.codings["participant"].tolist() == ["Ann", "Ben", "Cat", ""]


def test_a_text_without_case_is_a_participant_of_its_own(qdpx, source):
    before = (
        f'<Cases><Case guid="{guid("8", 1)}" name="Ann">{reference("SourceRef", "f", 1)}</Case>'
        f'<Case guid="{guid("8", 2)}" name="Eve"/></Cases>'
    )
    sources = source(text="a", name="A") + source(text="b", name="B", number=2)
    people = people_of(read_refi_project(qdpx(sources, before=before)), participant="case", organisation="all:X")
    assert people.sources == {"Ann": ("A",), "Eve": (), "B": ("B",)}


def test_texts_as_participants_with_sets_as_organisations(project):
    people = people_of(project, participant="source", organisation="set:Orgs::")
    assert table(people) == [["A", "Orgs::HO1"], ["G", "Orgs::HO2"]]
    assert people.sources == {"A": ("A",), "G": ("G",)}
    assert set(people.codings["participant"]) == {"A", "G"}
    text = refused(project, participant="source", organisation="set")
    assert text.startswith("x.qdpx: participant 'A' has no single organisation by set; expected exactly one")


def test_one_organisation_for_all_and_a_level(project):
    people = people_of(project, participant="source", organisation="all:HO1", level="variable:Place")
    assert people.participants.values.tolist() == [["A", "HO1", "north"], ["G", "HO1", ""]]


def test_codes_as_participants_leave_the_codebook(qdpx, source, selection, coding):
    text = "one two three\n"
    inside = selection(0, 13, inside=coding(code=2)) + selection(4, 7, inside=coding(code=5), number=2)
    project = read_refi_project(qdpx(source(inside, text=text)))
    people = people_of(project, participant="code:Working time", organisation="all:X")
    assert table(people) == [["Split shifts", "X"]]
    assert [c.id for c in people.codebook.codes] == ["support", "support-other"]
    assert people.codings[["participant", "code"]].values.tolist() == [["Split shifts", "support-other"]]


def test_what_the_project_lacks_is_told_with_what_it_has(project, qdpx):
    assert "no variable 'org' has a value" in refused(project, participant="variable:org", organisation="all:X")
    assert "variables: Place, Org; sets of texts: 3" in refused(project, participant="set:No", organisation="all:X")
    assert "no code 'Nothing' with codes below it" in refused(project, participant="code:Nothing", organisation="all:X")
    text = refused(project, participant="cases", organisation="all:X")
    assert "'cases' is not a way to tell the participant; expected one of source, case, variable:NAME" in text
    assert "Did you mean 'case'?" in text
    assert "no named cases" in refused(read_refi_project(qdpx()), participant="case", organisation="all:X")


def test_a_participant_in_two_organisations_is_told(qdpx, source):
    before = (
        f'<Variables><Variable guid="{guid("9", 1)}" name="Org" typeOfVariable="Text"/></Variables><Cases>'
        f'<Case guid="{guid("8", 1)}" name="Ann">{reference("SourceRef", "f", 1)}'
        f"{reference('SourceRef', 'f', 2)}</Case></Cases>"
    )
    sources = source(value(1, "HO1"), text="a") + source(value(1, "HO2"), text="b", name="B", number=2)
    text = refused(read_refi_project(qdpx(sources, before=before)), participant="case", organisation="variable:Org")
    assert "participant 'Ann' belongs to 2 organisations by variable:Org" in text
    assert "give the participants in a table" in text
