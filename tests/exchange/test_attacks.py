"""Files that were made to harm: each is refused or read with a report, in bounded time and memory."""

import io
import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from subtheme.errors import InputError, SubthemeError
from subtheme.exchange import Dropped, read_codebook, read_project, ways_that_fit

HEAD = '<Project xmlns="urn:QDA-XML:project:1.0" name="t" origin="">'
TEXT = "P1: It’s split shifts 😀 mostly.\nP2: Nobody.\n"
GUID = "00000000-0000-4000-8000-{:012d}"
SECONDS, MEGABYTES = 5, 512


def qde(inside=""):
    return (
        f'{HEAD}<Users><User guid="{GUID.format(1)}" name="ann"/></Users><CodeBook><Codes>'
        f'<Code guid="{GUID.format(2)}" name="a" isCodable="true"/></Codes></CodeBook><Sources>'
        f'<TextSource guid="{GUID.format(3)}" name="T" plainTextPath="internal://t.txt">'
        f'<PlainTextSelection guid="{GUID.format(4)}" name="split shifts" startPosition="9" endPosition="21">'
        f'<Coding guid="{GUID.format(5)}" creatingUser="{GUID.format(1)}"><CodeRef targetGUID="{GUID.format(2)}"/></Coding>'
        f"</PlainTextSelection></TextSource>{inside}</Sources></Project>"
    )


def package(members, compression=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as target:
        for name, content in members:
            target.writestr(name, content)
    return buffer.getvalue()


def good():
    return package([("project.qde", qde()), ("sources/t.txt", TEXT)])


def refused(path):
    with pytest.raises(InputError) as error:
        read_project(path)
    return str(error.value)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("members", "message"),
    [
        ([("project.qde", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]>' + qde())], "document type"),
        ([("project.qde", '<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd">' + qde())], "document type"),
        ([("project.qde", qde()), ("Project.qde", qde())], "two members of one name"),
        ([("project.qde", qde()), ("other.qde", qde())], "2 project files (.qde)"),
        ([("sources/t.txt", TEXT)], "no project files (.qde)"),
        ([("project.qde", qde()), ("../../escaped.txt", "x")], "leads out of the package"),
        ([("project.qde", qde()), ("/subtheme-escaped.txt", "x")], "leads out of the package"),
        ([("project.qde", HEAD + "<a>" * 20_000 + "</a>" * 20_000 + "</Project>")], "not well-formed XML"),
        ([("project.qde", HEAD + " " * 40_000_000 + "</Project>")], "unpacks to more than"),
        ([("project.qde", "<CodeBook/>")], "not a REFI-QDA project"),
        ([("project.qde", HEAD + "<a/>" * 1_500_000 + "</Project>")], "unpacks to more than"),
    ],
    ids=["entities", "external", "twins", "two-roots", "none", "escape", "absolute", "deep", "bomb", "kind", "many"],
)
def test_packages_that_are_refused(tmp_path, members, message):
    path = tmp_path / "x.qdpx"
    path.write_bytes(package(members))
    assert message in refused(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.qdpx"]
    assert not Path("/subtheme-escaped.txt").exists()


def test_a_member_without_a_name_is_no_member(tmp_path):
    path = tmp_path / "x.qdpx"
    data = bytearray(package([("project.qde", qde()), ("x", "")]))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 28 : directory + 30] = b"\0\0"  # the name ...
    data[directory + 32 : directory + 34] = b"\1\0"  # ... becomes the comment
    path.write_bytes(data)
    assert read_project(path).texts == {}


def test_many_elements_are_counted_before_a_tree_is_built(tmp_path):
    path = tmp_path / "x.qde"
    path.write_bytes((HEAD + "<a/>" * 1_500_000 + "</Project>").encode())
    assert "too many elements and attributes" in refused(path)


def test_a_directory_of_a_million_members_is_not_read(tmp_path):
    data = bytearray(good())
    end = data.rfind(b"PK\x05\x06")
    data[end + 12 : end + 16] = (60_000_000).to_bytes(4, "little")
    path = tmp_path / "x.qdpx"
    path.write_bytes(data)
    assert "a directory of members that is too long" in refused(path)


@pytest.mark.parametrize(
    "path", ["internal://../../secret.txt", "absolute:///secret.txt", "relative://secret.txt", "../secret.txt"]
)
def test_no_path_of_the_project_leads_out_of_the_package(tmp_path, path):
    (tmp_path / "secret.txt").write_text("hidden words that nobody may read")
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "x.qdpx").write_bytes(package([("project.qde", qde().replace("internal://t.txt", path))]))
    project = read_project(inner / "x.qdpx")
    assert project.texts == {}
    assert any(d.what == "text" for d in project.loss.dropped)


def test_texts_beyond_what_people_say_are_left_out_and_told(tmp_path):
    more = "".join(f'<TextSource guid="{GUID.format(9)}" name="B" plainTextPath="internal://b.txt"/>' for _ in range(2))
    path = tmp_path / "x.qdpx"
    words = "".join(random.Random(1).choices("abcdefgh ", k=4_000_001))
    path.write_bytes(package([("project.qde", qde(more)), ("sources/t.txt", TEXT), ("sources/b.txt", words)]))
    project = read_project(path)
    assert list(project.texts) == ["T"]
    assert (
        Dropped(what="text", where="B (2)", reason="the text, or all texts of the project together, are too long")
        in project.loss.dropped
    )


def test_many_of_one_name_take_no_longer_than_many_names(tmp_path):
    sources = "".join(
        f'<TextSource guid="{GUID.format(n)}" name="same"><PlainTextContent>x</PlainTextContent></TextSource>'
        for n in range(100, 2_100)
    )
    path = tmp_path / "x.qde"
    path.write_text(qde(sources), encoding="utf-8")
    began = time.process_time()
    project = read_project(path)
    assert len(project.sources) == 2_001
    assert project.sources[-1].name == "same (2000)"
    assert time.process_time() - began < SECONDS


def corpus(folder):
    """Return one small good file of every kind that is read."""
    (folder / "g.qdpx").write_bytes(good())
    (folder / "g.qde").write_text(qde(), encoding="utf-8")
    (folder / "g.qdc").write_text(
        f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes><Code guid="{GUID.format(1)}" name="a" isCodable="true"/></Codes></CodeBook>'
    )
    with sqlite3.connect(folder / "g.qda") as store:
        store.executescript(
            """CREATE TABLE source (id integer, name text, fulltext text, mediapath text);
            CREATE TABLE code_name (cid integer, name text, memo text, catid integer);
            CREATE TABLE code_text (ctid integer, cid integer, fid integer, seltext text, pos0 integer, pos1 integer, owner text, memo text);
            INSERT INTO source VALUES (1, 'T', 'some words here', NULL); INSERT INTO code_name VALUES (1, 'a', '', NULL);
            INSERT INTO code_text VALUES (1, 1, 1, 'words', 5, 10, 'ann', '');"""
        )
    store.close()
    with sqlite3.connect(folder / "g.sqlite3") as store:
        store.executescript(
            """CREATE TABLE documents (id integer, name text, contents text); CREATE TABLE tags (id integer, path text, description text);
            CREATE TABLE highlights (id integer, document_id integer, start_offset integer, end_offset integer, snippet text);
            CREATE TABLE highlight_tags (highlight_id integer, tag_id integer); INSERT INTO documents VALUES (1, 'T', '<p>some words</p>');
            INSERT INTO tags VALUES (1, 'a.b', ''); INSERT INTO highlights VALUES (1, 1, 5, 10, 'words'); INSERT INTO highlight_tags VALUES (1, 1);"""
        )
    store.close()
    (folder / "g.jsonl").write_text('{"text": "some words", "label": [[5, 10, "a"]]}\n')
    region = {"id": "r", "type": "labels", "value": {"start": 5, "end": 10, "text": "words", "labels": ["a"]}}
    (folder / "g.json").write_text(
        json.dumps([{"data": {"text": "some words"}, "annotations": [{"result": [region]}]}])
    )
    return sorted(folder.glob("g.*"))


TOKENS = (
    b"-1",
    b"999999999999",
    b"\xff\xfe",
    b"\x00",
    b"<",
    b"&#0;",
    b"&x;",
    b"]]>",
    b"\xed\xa0\x80",
    b'"',
    b"{",
    b"PK\x03\x04",
    b"NaN",
)


def mutated(data, dice):
    data = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(data) + 1)
        kind = dice.randrange(5)
        if kind == 0 and data:
            data[min(at, len(data) - 1)] = dice.randrange(256)
        elif kind == 1:
            data[at : at + dice.randint(0, 4)] = dice.choice(TOKENS)
        elif kind == 2:
            del data[at : at + dice.randint(1, 40)]
        elif kind == 3:
            piece = data[at : at + dice.randint(1, 200)]
            data[at:at] = piece * dice.randint(1, 3)
        else:
            other = dice.randrange(len(data) + 1)
            data[at : at + 16] = data[other : other + 16]
    return bytes(data)


def mutant(path, dice):
    """Return a changed copy: of the file as it lies, or for a package often of a member, packed again."""
    data = path.read_bytes()
    if path.suffix == ".qdpx" and dice.random() < 0.7:
        text, talk = qde().encode(), TEXT.encode()
        if dice.random() < 0.8:
            text = mutated(text, dice)
        else:
            talk = mutated(talk, dice)
        return package([("project.qde", text), ("sources/t.txt", talk)])
    return mutated(data, dice)


def run_mutants(folder, count, seed):
    """Read that many changed files; return how many were read and how many refused."""
    files = corpus(folder)
    dice = random.Random(seed)
    outcome = {"read": 0, "refused": 0}
    slowest = 0.0
    for number in range(count):
        origin = files[number % len(files)]
        target = folder / f"m{origin.suffix}"
        target.write_bytes(mutant(origin, dice))
        began = time.process_time()
        try:
            if origin.suffix == ".qdc":
                read_codebook(target)
            else:
                project = read_project(target)
                ways_that_fit(project)
                json.dumps(project.as_dict()).encode("utf-8")
                assert all(0 <= s < e for s, e in project.codings[["start_char", "end_char"]].values if s != -1)
            outcome["read"] += 1
        except SubthemeError:
            outcome["refused"] += 1
        slowest = max(slowest, time.process_time() - began)
        target.unlink()
    assert slowest < SECONDS
    assert sorted(folder.iterdir()) == files
    return outcome


def test_changed_files_are_read_or_refused(tmp_path):
    outcome = run_mutants(tmp_path, 420, seed=1)
    assert min(outcome.values()) > 20


@pytest.mark.journey
def test_ten_thousand_changed_files(tmp_path):
    began = time.process_time()
    outcome = run_mutants(tmp_path, 10_000, seed=int(os.environ.get("SUBTHEME_SEED", "2")))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"10,000 changed files: {outcome}, {time.process_time() - began:.0f} s, {peak} MB at most")
    assert peak < MEGABYTES


BIG = """
import resource, sys, time
from pathlib import Path
from subtheme.errors import InputError
from subtheme.exchange import read_project
began = time.process_time()
try:
    read_project(Path(sys.argv[1]))
except InputError:
    pass
print(time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@pytest.mark.journey
@pytest.mark.parametrize("kind", ["codes", "cases", "texts", "attributes"])
def test_the_largest_files_that_are_read_stay_within_bounds(tmp_path, kind):
    path = tmp_path / "x.qdpx"
    dice = random.Random(1)
    if kind == "codes":
        body = (
            "<CodeBook><Codes>"
            + "".join(
                f'<Code guid="{GUID.format(n)}" name="{dice.random()}" isCodable="true"/>' for n in range(120_000)
            )
            + "</Codes></CodeBook>"
        )
    elif kind == "cases":
        body = (
            "<Cases>"
            + "".join(f'<Case guid="{GUID.format(n)}" name="{dice.random()}"/>' for n in range(150_000))
            + "</Cases>"
        )
    elif kind == "attributes":
        body = "".join(f'<x a="{dice.random()}"/>' for _ in range(300_000))
    else:
        body = (
            "<Sources>"
            + "".join(
                f'<TextSource guid="{GUID.format(n)}" name="t{n}" plainTextPath="internal://t.txt"/>' for n in range(60)
            )
            + "</Sources>"
        )
    words = "".join(dice.choices("abcdefgh \r\n", k=3_900_000)) + "😀\r\n"
    path.write_bytes(package([("project.qde", HEAD + body + "</Project>"), ("sources/t.txt", "\ufeff" + words)]))
    done = subprocess.run([sys.executable, "-c", BIG, path], capture_output=True, text=True, check=True, timeout=300)
    seconds, megabytes = (float(n) for n in done.stdout.split())
    print(f"{kind}: {seconds:.1f} s, {megabytes:.0f} MB")
    assert megabytes < MEGABYTES
    assert seconds < 4 * SECONDS  # a machine under load counts more
