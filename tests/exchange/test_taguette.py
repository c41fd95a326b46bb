"""Taguette's own database: bytes of the text between the mark-up."""

import json
import sqlite3

import pytest

from subtheme.errors import InputError
from subtheme.exchange import read_project
from subtheme.exchange.taguette import MarkupText


@pytest.mark.shared
def test_highlights_are_those_of_the_text(shared):
    expected = json.loads((shared / "refi-qda" / "conventions" / "expected.json").read_text(encoding="utf-8"))
    project = read_project(shared / "refi-qda" / "programs" / "taguette-1.5.2.project.sqlite3")
    found = project.quoted_codings
    assert sorted(zip(found["code"], found["quote"], strict=True)) == sorted(
        (c["code"], c["quote"]) for c in expected["codings"]
    )
    (source,) = project.sources
    assert (str(source.choice.offsets.unit), source.choice.quotes_confirmed) == ("utf-8", 4)
    assert [c.id for c in project.codebook.codes] == ["scheduling", "split-shifts", "intensification", "appraisal"]
    assert project.loss.is_complete


@pytest.mark.parametrize(
    ("markup", "text", "added"),
    [
        ("<p>a</p>\n<p>b</p>\n", "a\nb\n", []),
        ("<p>a</p><p>b</p>", "a\nb", [1]),
        ("a<br>b<br/>c", "a\nb\nc", [1, 3]),
        ("<ul><li>x</li><li>y &amp; z&#233;</li></ul>", "x\ny & zé", [1]),
        ("<p>one <em>two</em> three</p>", "one two three", []),
        ("<p>open < 5", "open < 5", []),
    ],
)
def test_lines_that_the_mark_up_stands_for_are_not_counted(markup, text, added):
    found = MarkupText.parse(markup)
    assert (found.text, sorted(found.added)) == (text, added)


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "t.sqlite3"
    with sqlite3.connect(path) as store:
        store.executescript(
            """
            CREATE TABLE projects (id integer primary key, name text);
            CREATE TABLE documents (id integer primary key, name text, contents text);
            CREATE TABLE tags (id integer primary key, path text, description text);
            CREATE TABLE highlights (id integer primary key, document_id integer, start_offset integer, end_offset integer, snippet text);
            CREATE TABLE highlight_tags (highlight_id integer, tag_id integer);
            INSERT INTO projects VALUES (1, 'One'), (2, 'Two');
            INSERT INTO documents VALUES (1, 'A', '<p>café first</p><p>zwölf 😀 second</p>');
            INSERT INTO tags VALUES (1, 'time.shifts', 'gaps'), (2, 'pay', '');
            INSERT INTO highlights VALUES (1, 1, 11, 22, '<p>zwölf 😀</p>'), (2, 1, 0, 5, 'café'), (3, 1, 4, 999, '');
            INSERT INTO highlight_tags VALUES (1, 1), (1, 2), (3, 1);
            """
        )
    store.close()
    return path


def test_blocks_without_a_line_end_between_them(database):
    project = read_project(database)
    assert project.sources[0].text == "café first\nzwölf 😀 second"
    assert project.quoted_codings[["code", "quote"]].values.tolist() == [["pay", "zwölf 😀"], ["shifts", "zwölf 😀"]]
    assert project.name == "t"
    assert [(d.what, d.where) for d in project.loss.dropped] == [
        ("selection", "highlight 2"),
        ("coding", "A, highlight 3"),
    ]


def test_another_database_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "x.sqlite3") as store:
        store.execute("CREATE TABLE documents (id integer)")
    store.close()
    with pytest.raises(InputError, match="not a project of Taguette"):
        read_project(tmp_path / "x.sqlite3")
