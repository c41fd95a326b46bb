"""Codes that a study lacks, appended by command; what may be meant twice, or would change under an open page, is refused."""

import json

import pytest
from small_study import invoke

from subtheme.files import open_study
from subtheme.nouns import Codebook

BOOK = """format = "subtheme-codebook/1"
# The first theme.
[[code]]
id = "conditions"
name = "Conditions"
[[code.code]]
id = "wages"
name = "Wages"
[[code]]
id = "support"
name = "Support"
[[code.code]]
id = "support-other"
name = "Other"
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "book.toml").write_text(BOOK)

    invoke("new", "study", "--codebook", "book.toml")
    monkeypatch.setenv("SUBTHEME_STUDY", "study")
    return invoke


def table(tmp_path, *rows):
    (tmp_path / "more.csv").write_text("\n".join(("code,definition", *rows)) + "\n")
    return "more.csv"


def test_codes_are_appended_below_their_parents_and_named(run, tmp_path):
    file = table(tmp_path, "Conditions,", "Conditions > Hours,How long a week is.", "Pay,")
    said = run("codebook", "add", file).stdout
    assert "Added Hours [hours] below conditions." in said
    assert "Added Pay [pay] as a theme." in said
    assert "not at level 'sub-theme', which is learned and scored: pay." in said
    assert "'subtheme train'" in said
    book = open_study(tmp_path / "study").codebook
    assert [c.id for c in book.codes] == ["conditions", "wages", "hours", "support", "support-other", "pay"]
    assert book.by_id["hours"].definition == "How long a week is."
    assert "# The first theme." in (tmp_path / "study" / "codebook.toml").read_text()
    again = json.loads(run("codebook", "add", file, "--json").stdout)
    assert (again["added"], again["content_hash"]) == ([], book.content_hash)


def test_a_name_that_the_study_has_elsewhere_is_refused_and_nothing_changes(run, tmp_path):
    before = (tmp_path / "study" / "codebook.toml").read_bytes()
    file = table(tmp_path, "Pay,", "Pay > Other,", "Hours > Other,")
    error = run("codebook", "add", file, code=1).stderr
    assert "'Other' (pay-other) may be support-other of the study" in error
    assert "'Other' (hours-other) may be support-other of the study" in error
    assert (tmp_path / "study" / "codebook.toml").read_bytes() == before


def test_while_a_page_is_open_the_codebook_stays(run, tmp_path):
    file = table(tmp_path, "Pay,")
    with open_study(tmp_path / "study").store() as store, store.holding("anna"):
        assert "another program is writing" in run("codebook", "add", file, code=1).stderr
    assert Codebook.read(tmp_path / "study" / "codebook.toml") == Codebook.from_toml(BOOK, where="book")
    assert not list((tmp_path / "study").glob("*.new"))
