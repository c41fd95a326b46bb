"""The files of other programs, and one text in every convention: all must give the same codings."""

import json

import pytest

from subtheme.exchange.offset_choice import DecidedBy
from subtheme.exchange.refi_codebook import read_refi_codebook
from subtheme.exchange.refi_people import people_of
from subtheme.exchange.refi_project import read_refi_project

CONVENTIONS = (
    "Sources",
    "braces",
    "crlf1_cp",
    "crlf_cp",
    "crlf_u16_bom",
    "inline",
    "lf_cp",
    "lf_cp_bom",
    "lf_u16",
    "named_qde",
    "noorigin",
)


@pytest.fixture(scope="module")
def refi(shared):
    return shared / "refi-qda"


@pytest.fixture(scope="module")
def expected(refi):
    return json.loads((refi / "conventions" / "expected.json").read_text(encoding="utf-8"))


def rows(project, *names):
    table = project.quoted_codings
    return sorted(zip(*(table[n] for n in names), strict=True))


@pytest.mark.shared
@pytest.mark.parametrize("name", CONVENTIONS)
def test_every_convention_gives_the_same_codings(refi, expected, name):
    project = read_refi_project(refi / "conventions" / f"{name}.qdpx")
    assert project.texts == {"Interview P1": expected["text_lf"]}
    assert rows(project, "coder", "code", "start_char", "end_char", "quote") == sorted(
        (c["coder"], c["code"], c["start"], c["end"], c["quote"]) for c in expected["codings"]
    )
    assert project.sources[0].choice.decided_by is DecidedBy.QUOTES
    assert project.sources[0].choice.quotes_confirmed == 4
    assert {c.name: dict(c.values) for c in project.cases} == {"P1": {"organisation": "Org A", "years": "7"}}
    assert {s.name: list(s.sources) for s in project.sets} == expected["set"]
    assert [n.text for n in project.notes] == [expected["note"]]
    assert set(project.codings["participant"]) == {"P1"}
    assert project.loss.is_complete
    assert project.loss.warnings == ()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "sources"),
    [("aqda-0.5.0", 2), ("potato-2.12.1.inclusive-end", 1), ("qualcoder-4.0beta", 1)],
)
def test_files_of_other_programs_give_the_same_places(refi, expected, name, sources):
    project = read_refi_project(refi / "programs" / f"{name}.qdpx")
    assert set(project.texts.values()) == {expected["text_lf"]}
    want = sorted((c["code"], c["start"], c["end"], c["quote"]) for c in expected["codings"])
    assert rows(project, "code", "start_char", "end_char", "quote") == sorted(want * sources)
    assert project.loss.kept["codings"] == 4 * sources
    assert project.loss.warnings == ()


@pytest.mark.shared
@pytest.mark.parametrize("variant", ["", ".qualcoder-4.0beta", ".qualcoder-4.0beta.maxqda-option"])
def test_the_mini_study_comes_in_whole(refi, variant):
    folder = refi / "mini-study"
    expected = json.loads((folder / "mini-study.expected.json").read_text(encoding="utf-8"))
    project = read_refi_project(folder / f"mini-study{variant}.qdpx")
    assert rows(project, "transcript", "coder", "code", "start_char", "end_char", "quote") == sorted(
        (c["document"], c["coder"], c["code"], c["start"], c["end"], c["quote"]) for c in expected["codings"]
    )
    assert project.texts == expected["documents"]
    assert sum(s.choice.quotes_confirmed for s in project.sources) == 18
    people = people_of(project, participant="case", organisation="variable:organisation")
    assert (
        dict(zip(people.participants["participant"], people.participants["case"], strict=True))
        == (expected["organisations"])
    )
    assert project.loss.warnings == ()


@pytest.mark.shared
def test_nvivo_for_windows_stands_on_word_boundaries(refi):
    project = read_refi_project(refi / "vendor" / "nvivo-12.6-win.scrambled.qdpx")
    (text,) = project.texts.values()
    assert project.sources[0].choice.decided_by is DecidedBy.ORIGIN
    assert project.sources[0].as_dict()["offsets"] == {
        "unit": "utf-16",
        "line_ends": "as-stored",
        "bom": "not-counted",
        "end": "exclusive",
    }
    starts = sum(s == 0 or text[s - 1].isspace() or text[s].isspace() for s in project.codings["start_char"])
    ends = sum(e == len(text) or text[e - 1].isspace() or text[e].isspace() for e in project.codings["end_char"])
    assert len(project.codings) == 100
    assert (starts, ends) == (97, 94)
    assert project.loss.is_complete
    assert project.loss.warnings == ("6 codings stand on codes that have codes below them, and stay there",)


@pytest.mark.shared
def test_nvivo_for_mac_keeps_codes_of_one_name(refi):
    project = read_refi_project(refi / "vendor" / "nvivo-15-mac.codes-only.qdpx")
    codes = project.codebook.codes
    assert len(codes) == len({c.id for c in codes}) == 262
    assert len({c.name for c in codes}) == 252
    assert project.codings.empty
    assert [s.text.strip() for s in project.sources] == ["", ""]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["atlasti-8.4-mac.project.qde", "atlasti-8.4-mac.sources-missing.qdpx"])
def test_a_project_without_its_texts_keeps_its_codings_and_says_so(refi, name):
    project = read_refi_project(refi / "vendor" / name)
    assert project.texts == {}
    assert len(project.codebook.codes) == 14
    assert project.loss.read["codings"] == 16
    assert project.loss.kept["codings"] == 9
    assert (project.codings["start_char"] == -1).all()
    reasons = project.loss.reasons()
    assert reasons["text", "its text file is missing from the package"] == 11
    assert sum(n for (what, _), n in reasons.items() if what == "coding") == 7
    assert reasons["coding", "it codes a part of the picture, not words"] == 2
    assert reasons["graph", "subtheme has no such thing"] == 1
    assert len(project.notes) == 3
    report = project.loss.as_text()
    assert "Mabel.txt: 3 codings are kept without a place" in report
    assert "look at" in report


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "codes", "depth", "warned"),
    [
        ("vendor/atlasti-23.4-win.codebook.qdc", 1, 0, False),
        ("vendor/atlasti-9-win.codebook.qdc", 5, 1, True),
        ("vendor/refi-1.5-annexA1.codebook.qdc", 6, 0, True),
        ("programs/aqda-0.5.0.codebook.qdc", 4, 1, False),
        ("programs/taguette-1.5.2.codebook.qdc", 3, 0, True),
        ("mini-study/mini-study.qualcoder-4.0beta.codebook.qdc", 7, 1, False),
    ],
)
def test_codebooks_of_other_programs(refi, name, codes, depth, warned):
    found = read_refi_codebook(refi / name)
    assert len(found.codebook.codes) == codes
    assert max(c.depth for c in found.codebook.codes) == depth
    assert any("departs from the schema" in w for w in found.loss.warnings) == warned


@pytest.mark.shared
def test_dotted_names_of_taguette_become_a_tree(refi):
    found = read_refi_codebook(refi / "programs" / "taguette-1.5.2.codebook.qdc", separator=".")
    assert [(c.id, c.parent) for c in found.codebook.codes] == [
        ("scheduling", ""),
        ("split-shifts", "scheduling"),
        ("intensification", "scheduling"),
        ("appraisal", "scheduling"),
    ]
