"""Codes of a file that a study lacks come below the codes that their parents are; what may be meant twice is refused."""

import pytest

from subtheme.errors import InputError
from subtheme.exchange import codebook_toml, toml_with, with_codes_of
from subtheme.nouns import Codebook

OWN = """
format = "subtheme-codebook/1"
title = "Own"
# All about hours.
[[code]]
id = "time"
name = "Working time"
[[code.code]]
id = "split"
name = "Split shifts"  # as in the guide
# Help of any kind.
[[code]]
id = "support"
name = "Support"
"""


def book(*rows):
    lines = ['format = "subtheme-codebook/1"', 'title = "Foreign"']
    for depth, name, more in rows:
        lines += ["[[" + ".".join(["code"] * (depth + 1)) + "]]", f'id = "x-{name.lower()}"', f'name = "{name}"', more]
    return Codebook.from_toml("\n".join(lines), where="x")


@pytest.fixture
def own():
    return Codebook.from_toml(OWN, where="own.toml")


def test_codes_come_below_their_parents_with_what_is_said_of_them(own):
    foreign = book(
        (0, "Working  TIME", ""),
        (1, "Rota", 'definition = "Who works when."'),
        (2, "Late", 'examples = ["On the day."]'),
        (1, "Split shifts", ""),
        (0, "Pay", ""),
    )
    found, added = with_codes_of(own, foreign, source="f.qdc")
    assert [(c.id, c.parent, c.depth) for c in found.codes] == [
        ("time", "", 0),
        ("split", "time", 1),
        ("x-rota", "time", 1),
        ("x-late", "x-rota", 2),
        ("support", "", 0),
        ("x-pay", "", 0),
    ]
    assert [c.id for c in added] == ["x-rota", "x-late", "x-pay"]
    assert found.by_id["x-rota"].definition == "Who works when."
    text = toml_with(OWN, found)
    assert Codebook.from_toml(text, where="x") == found
    assert [line for line in OWN.splitlines() if line not in text.splitlines()] == []
    assert text.index("# Help of any kind.") > text.index("On the day.")
    assert with_codes_of(found, foreign, source="f.qdc") == (found, ())


def test_a_codebook_of_another_shape_is_written_anew(own):
    inline = 'format = "subtheme-codebook/1"\ntitle = "Own"\ncode = [{id = "time", name = "Working time"}]\n'
    found, _ = with_codes_of(Codebook.from_toml(inline, where="x"), book((0, "Pay", "")), source="f")
    assert toml_with(inline, found) == codebook_toml(found)
    assert [c.id for c in Codebook.from_toml(toml_with(inline, found), where="x").codes] == ["time", "x-pay"]


def test_a_code_that_may_be_one_of_the_study_is_refused(codebook):
    with pytest.raises(InputError) as error:
        with_codes_of(codebook, book((0, "Pay", ""), (1, "Other", "")), source="f.qdc")
    (problem,) = error.value.problems
    assert problem.what == "code 'Other' (x-other) may be other-time or other-support of the study"
    assert "Rename" in problem.remedy


def test_a_name_that_stands_elsewhere_for_another_code_is_no_clash(codebook):
    foreign = book((0, "Working time", ""), (1, "Other", "")), book((0, "Support", ""), (1, "Other", ""))
    for one in foreign:
        assert with_codes_of(codebook, one, source="f")[1] == ()
