"""The codebook: tree, levels, roll-up, and every refusal."""

import tomllib

import pytest

from subtheme.errors import InputError
from subtheme.nouns import Codebook

SMALL = """
format = "subtheme-codebook/1"
title = "Small"
[[code]]
id = "work"
name = "Work"
[[code.code]]
id = "hours"
name = "Hours"
definition = "When people work."
[[code.code.code]]
id = "nights"
name = "Nights"
[[code.code.code.code]]
id = "waking-nights"
name = "Waking nights"
"""


@pytest.fixture
def small() -> Codebook:
    return Codebook.from_toml(SMALL, where="small.toml")


def test_study_codebook_has_three_themes_and_fifteen_sub_themes(root):
    book = Codebook.read(root / "configs" / "cob.codebook.toml")
    by_theme = [len(book.children(t.id)) for t in book.at_level("theme")]
    assert by_theme == [5, 3, 7]
    assert {"split-shifts", "sleepovers"} <= {c.id for c in book.children("working-time")}
    placeholder = book.by_id["unnamed-policy"]
    assert placeholder.placeholder
    assert "PLACEHOLDER" in placeholder.definition


def test_codebook_of_the_study_has_the_ids_of_the_published_table(root, shared):
    import json

    published = json.loads((shared / "cob" / "results.json").read_text())
    book = Codebook.read(root / "configs" / "cob.codebook.toml")
    ids = [s["id"] for t in published["themes"] for s in t["sub_themes"]]
    assert [c.id for c in book.at_level("sub-theme")] == ids


def test_deeper_codes_roll_up_and_higher_ones_do_not(small):
    assert small.roll_up("waking-nights", "sub-theme") == "hours"
    assert small.roll_up("waking-nights", "theme") == "work"
    assert small.roll_up("hours", "sub-theme") == "hours"
    assert small.roll_up("work", "sub-theme") is None
    assert small.level_of("waking-nights") == "code"
    assert small.lineage("nights") == ("nights", "hours", "work")


def test_content_hash_follows_meaning_and_not_layout(small):
    assert Codebook.from_toml(SMALL.replace("\n[[", "\n\n\n[["), where="x").content_hash == small.content_hash
    changed = SMALL.replace("When people work.", "How long people work.")
    assert Codebook.from_toml(changed, where="x").content_hash != small.content_hash


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('name = "Hours"', 'nmae = "Hours"', ["unknown key 'nmae' in code 'hours'", "Did you mean 'name'?"]),
        ('name = "Hours"', "", ["code 'hours' has no 'name'"]),
        ('id = "nights"', 'id = "hours"', ["code 'hours' stands twice"]),
        ("subtheme-codebook/1", "subtheme-codebook/9", ["format is 'subtheme-codebook/9'"]),
        ('definition = "When people work."', "definition = 3", ["'definition' of code 'hours' has the wrong type"]),
        ('title = "Small"', 'titel = "Small"', ["unknown key 'titel' in the top of the file", "Did you mean 'title'?"]),
        ('id = "work"', "id = ", ["not valid TOML"]),
    ],
)
def test_every_fault_is_named_with_its_place(old, new, words):
    with pytest.raises(InputError) as caught:
        Codebook.from_toml(SMALL.replace(old, new, 1), where="small.toml")
    text = str(caught.value)
    assert "small.toml" in text
    for word in words:
        assert word in text


def test_all_faults_come_together():
    text = SMALL.replace('name = "Hours"', "").replace('title = "Small"', "titel = 1").replace('"Work"', '""')
    with pytest.raises(InputError) as caught:
        Codebook.from_toml(text, where="small.toml")
    assert len(caught.value.problems) == 3


def test_no_codes_is_refused():
    with pytest.raises(InputError, match="no codes"):
        Codebook.from_toml('format = "subtheme-codebook/1"', where="x.toml")


def test_missing_and_binary_files_are_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        Codebook.read(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not UTF-8"):
        Codebook.read(tmp_path / "bad.toml")


def test_unknown_code_and_level_suggest_the_nearest(small):
    with pytest.raises(InputError, match="Did you mean 'nights'"):
        small.require("night", where="row 3")
    with pytest.raises(InputError, match="Did you mean 'sub-theme'"):
        small.at_level("subtheme")


def test_settings_template_is_valid_toml(root):
    assert tomllib.loads((root / "configs" / "study.toml").read_text())["format"] == "subtheme-study/1"


def test_a_byte_order_mark_before_a_codebook_does_no_harm(tmp_path, root):
    file = tmp_path / "book.toml"
    content = (root / "configs" / "cob.codebook.toml").read_bytes()
    file.write_bytes(b"\xef\xbb\xbf" + content)
    assert Codebook.read(file) == Codebook.from_toml(content.decode(), where="x")
