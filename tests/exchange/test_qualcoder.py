"""QualCoder's own database: what its versions hold, and what a hostile one may hold."""

import sqlite3

import pytest

from subtheme.errors import InputError
from subtheme.exchange import people_of, read_project
from subtheme.exchange.offset_choice import DecidedBy

TEXT = "Interviewer: Hours?\nP1: It’s split shifts 😀 mostly.\n\nP1: Nobody has done mine.\n"
V8 = """
CREATE TABLE project (databaseversion text, date text, memo text, about text, bookmarkfile integer, bookmarkpos integer, codername text);
CREATE TABLE source (id integer primary key, name text, fulltext text, mediapath text, memo text, owner text, date text, av_text_id integer, unique(name));
CREATE TABLE code_cat (catid integer primary key, name text, owner text, date text, memo text, supercatid integer, unique(name));
CREATE TABLE code_name (cid integer primary key, name text, memo text, catid integer, owner text, date text, color text, unique(name));
CREATE TABLE code_text (ctid integer primary key, cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, date text, memo text, avid integer, important integer, unique(cid,fid,pos0,pos1,owner));
CREATE TABLE code_image (imid integer primary key, id integer, x1 integer, y1 integer, width integer, height integer, cid integer, memo text, date text, owner text, important integer);
CREATE TABLE annotation (anid integer primary key, fid integer, pos0 integer, pos1 integer, memo text, owner text, date text);
CREATE TABLE attribute_type (name text primary key, date text, owner text, memo text, caseOrFile text, valuetype text);
CREATE TABLE attribute (attrid integer primary key, name text, attr_type text, value text, id integer, date text, owner text, unique(name,attr_type,id));
CREATE TABLE case_text (id integer primary key, caseid integer, fid integer, pos0 integer, pos1 integer, owner text, date text, memo text);
CREATE TABLE cases (caseid integer primary key, name text, memo text, owner text, date text, constraint ucm unique(name));
CREATE TABLE journal (jid integer primary key, name text, jentry text, date text, owner text);
"""


def place(quote):
    start = TEXT.index(quote)
    return start, start + len(quote)


@pytest.fixture
def folder(tmp_path):
    """Return the folder of a project with two coders, nested categories, a case, and a picture."""
    path = tmp_path / "care.qda"
    path.mkdir()
    with sqlite3.connect(path / "data.qda") as store:
        store.executescript(V8)
        store.execute("INSERT INTO project VALUES ('v8','','','','',0,'ann')")
        store.execute("INSERT INTO source VALUES (1,'P1.txt',?,NULL,'','ann','',NULL)", (TEXT,))
        store.execute("INSERT INTO source VALUES (2,'photo.png',NULL,'/images/photo.png','','ann','',NULL)")
        store.execute(
            "INSERT INTO code_cat VALUES (2,'Scheduling','ann','','about time',1),(1,'Work','ann','','',NULL)"
        )
        store.execute(
            "INSERT INTO code_name VALUES (1,'split-shifts','gaps',2,'ann','','#f00'),(2,'loose','',NULL,'ann','','')"
        )
        for number, (code, quote, owner, memo) in enumerate(
            (
                (1, "split shifts 😀 mostly", "ann", "strong"),
                (1, "split shifts 😀", "ben", None),
                (2, "Nobody", "ben", ""),
            ),
            start=1,
        ):
            store.execute(
                "INSERT INTO code_text VALUES (?,?,1,?,?,?,?,'',?,NULL,NULL)",
                (number, code, quote, *place(quote), owner, memo),
            )
        store.execute("INSERT INTO code_image VALUES (1,2,0,0,9,9,1,'','','ann',NULL)")
        store.execute("INSERT INTO annotation VALUES (1,1,?,?,'ask again','ann','')", place("Nobody"))
        store.execute("INSERT INTO cases VALUES (1,'P1','','ann','')")
        store.execute("INSERT INTO case_text VALUES (1,1,1,0,?,'ann','','')", (len(TEXT),))
        store.execute(
            "INSERT INTO attribute VALUES (1,'Organisation','case','HO1',1,'','ann'),(2,'Level','file','manager',1,'','')"
        )
        store.execute("INSERT INTO journal VALUES (1,'diary','first day','','ann')")
    store.close()
    return path


@pytest.mark.parametrize("inside", ["", "data.qda"])
def test_a_project_comes_in_whole(folder, inside):
    project = read_project(folder / inside)
    assert (project.name, project.origin) == ("care", "QualCoder database v8")
    found = project.quoted_codings[["participant", "coder", "code", "quote"]].values.tolist()
    assert sorted(found) == [
        ["P1", "ann", "split-shifts", "split shifts 😀 mostly"],
        ["P1", "ben", "loose", "Nobody"],
        ["P1", "ben", "split-shifts", "split shifts 😀"],
    ]
    (source,) = project.sources
    assert (source.choice.decided_by, source.choice.quotes_confirmed) == (DecidedBy.QUOTES, 3)
    tree = [(c.id, c.parent, c.definition) for c in project.codebook.codes]
    assert tree == [
        ("work", "", ""),
        ("scheduling", "work", "about time"),
        ("split-shifts", "scheduling", "gaps"),
        ("loose", "", ""),
    ]
    assert [d.as_dict() for d in project.loss.dropped] == [
        {"what": "source", "where": "photo.png", "reason": "it is no text"},
        {"what": "coding", "where": "code_image 1", "reason": "it codes a picture or a recording"},
    ]
    assert (project.loss.read["codings"], project.loss.kept["codings"]) == (4, 3)
    assert {(n.text, n.coder) for n in project.notes} == {("ask again", "ann"), ("first day", "ann")}
    assert sorted(project.codings["memo"]) == ["", "", "strong"]
    people = people_of(project, participant="case", organisation="variable:Organisation", level="variable:Level")
    assert people.participants.values.tolist() == [["P1", "HO1", "manager"]]


def change(folder, *statements):
    with sqlite3.connect(folder / "data.qda") as store:
        for statement in statements:
            store.execute(statement)
    store.close()


def test_columns_and_tables_that_a_version_lacks_are_empty(folder):
    change(folder, "ALTER TABLE code_text DROP COLUMN memo", "DROP TABLE journal", "DROP TABLE annotation")
    project = read_project(folder)
    assert len(project.codings) == 3
    assert set(project.codings["memo"]) == {""}


def test_places_outside_of_the_text_and_orphans_are_told(folder):
    change(
        folder,
        "UPDATE code_text SET pos1 = 100000 WHERE ctid = 1",
        "UPDATE code_text SET pos0 = 'x' WHERE ctid = 2",
        "UPDATE code_text SET fid = 9 WHERE ctid = 3",
        "INSERT INTO code_text VALUES (4,77,1,'',0,3,'ann','','',NULL,NULL)",
    )
    project = read_project(folder)
    assert len(project.codings) == 0
    reasons = [(d.where, d.reason) for d in project.loss.dropped if "coding " in d.where]
    assert reasons == [
        ("coding 3", "its text is not in the project"),
        ("P1.txt, coding 1", "its place lies outside of the text, or is empty"),
        ("P1.txt, coding 2", "its place lies outside of the text, or is empty"),
        ("P1.txt, coding 4", "its code is not in the codebook"),
    ]
    assert project.loss.read["codings"] == 5


def test_a_ring_of_categories_is_cut(folder):
    change(folder, "UPDATE code_cat SET supercatid = 2 WHERE catid = 1")
    names = {c.name: c.parent for c in read_project(folder).codebook.codes}
    assert names.keys() == {"Work", "Scheduling", "split-shifts", "loose"}
    assert "" in {names["Work"], names["Scheduling"]}


def refused(path):
    with pytest.raises(InputError) as error:
        read_project(path)
    return str(error.value)


def test_a_database_in_use_or_of_another_kind_is_refused(folder, tmp_path):
    (folder / "data.qda-wal").write_bytes(b"x")
    assert "another program has the database open" in refused(folder)
    (folder / "data.qda-wal").unlink()
    data = (folder / "data.qda").read_bytes()
    (folder / "data.qda").write_bytes(data[:3000])
    assert "the database is damaged" in refused(folder)
    (tmp_path / "x.qda").write_bytes(b"PK\x03\x04")
    assert "no SQLite database" in refused(tmp_path / "x.qda")
    assert "cannot be read" in refused(tmp_path / "missing.qda")


def test_a_view_in_the_place_of_a_table_is_not_run(folder):
    endless = "CREATE VIEW code_text AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS ctid FROM n"
    change(folder, "DROP TABLE code_text", endless)
    assert len(read_project(folder).codings) == 0


def test_a_column_that_computes_is_not_read(folder):
    huge = "jentry text GENERATED ALWAYS AS (hex(zeroblob(90000000))) VIRTUAL"
    change(
        folder, "DROP TABLE journal", f"CREATE TABLE journal (jid integer primary key, name text, owner text, {huge})"
    )
    change(folder, "INSERT INTO journal (name) VALUES ('x')")
    assert [n.text for n in read_project(folder).notes] == ["", "ask again"]


def test_a_value_beyond_the_limit_is_refused(folder):
    change(folder, "UPDATE journal SET jentry = hex(zeroblob(40000000))")
    assert "the database is damaged, or too large to read" in refused(folder)


def test_codes_without_a_number_and_two_of_one_are_no_trap(folder):
    change(
        folder,
        "DROP TABLE code_name",
        "CREATE TABLE code_name (cid, name text, memo text, catid)",
        "INSERT INTO code_name VALUES (NULL, 'nameless', '', NULL), (1, 'split-shifts', '', 2), (1, 'twin', '', NULL), (2, 'loose', '', NULL)",
    )
    project = read_project(folder)
    assert [c.name for c in project.codebook.codes] == ["Work", "Scheduling", "split-shifts", "loose"]
    assert len(project.codings) == 3
