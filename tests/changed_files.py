"""Small good files of every kind that is read, changed by chance and read again.

Run as a script, ``changed_files.py FOLDER COUNT SEED``, it reads that many in a process of its own and prints what became of them.
"""

import io
import json
import random
import re
import sqlite3
import sys
import time
import zipfile
from pathlib import Path

from peak_memory import peak_megabytes

from subtheme.errors import SubthemeError
from subtheme.exchange import read_codebook, read_project, ways_that_fit

HEAD = '<Project xmlns="urn:QDA-XML:project:1.0" name="t" origin="">'
TEXT = "P1: It’s split shifts 😀 mostly.\nP2: Nobody.\n"
GUID = "00000000-0000-4000-8000-{:012d}"


def qde(inside=""):
    """Return a project file with one coding, with more sources inside."""
    return (
        f'{HEAD}<Users><User guid="{GUID.format(1)}" name="ann"/></Users><CodeBook><Codes>'
        f'<Code guid="{GUID.format(2)}" name="a" isCodable="true"/></Codes></CodeBook><Sources>'
        f'<TextSource guid="{GUID.format(3)}" name="T" plainTextPath="internal://t.txt">'
        f'<PlainTextSelection guid="{GUID.format(4)}" name="split shifts" startPosition="9" endPosition="21">'
        f'<Coding guid="{GUID.format(5)}" creatingUser="{GUID.format(1)}"><CodeRef targetGUID="{GUID.format(2)}"/></Coding>'
        f"</PlainTextSelection></TextSource>{inside}</Sources></Project>"
    )


def package(members, compression=zipfile.ZIP_DEFLATED):
    """Return a package of the members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as target:
        for name, content in members:
            target.writestr(name, content)
    return buffer.getvalue()


def good():
    """Return a small good project."""
    return package([("project.qde", qde()), ("sources/t.txt", TEXT)])


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


_NUMBER = re.compile(rb"\d+")
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
    """Return the bytes with one to six changes."""
    data = bytearray(data)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(data) + 1)
        kind = dice.randrange(6)
        numbers = list(_NUMBER.finditer(data)) if kind == 5 else []
        if kind == 0 and data:
            data[min(at, len(data) - 1)] = dice.randrange(256)
        elif kind == 1:
            data[at : at + dice.randint(0, 4)] = dice.choice(TOKENS)
        elif kind == 2:
            del data[at : at + dice.randint(1, 40)]
        elif kind == 3:
            piece = data[at : at + dice.randint(1, 200)]
            data[at:at] = piece * dice.randint(1, 3)
        elif kind == 5 and numbers:
            number = dice.choice(numbers)
            data[number.start() : number.end()] = str(dice.choice((-1, 0, 1, 2**31, dice.randrange(60)))).encode()
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


def read_changed(folder, count, seed):
    """Read that many changed files; return how many were read and refused, and the most CPU seconds that one took."""
    files = corpus(folder)
    dice = random.Random(seed)
    outcome = {"read": 0, "refused": 0, "slowest_s": 0.0}
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
        outcome["slowest_s"] = max(outcome["slowest_s"], time.process_time() - began)
        target.unlink()
    assert sorted(folder.iterdir()) == files, "something was written"
    return outcome


if __name__ == "__main__":
    where, how_many, seed_of_run = sys.argv[1:]
    found = read_changed(Path(where), int(how_many), int(seed_of_run))
    print(json.dumps({**found, "peak_mb": peak_megabytes()}))
