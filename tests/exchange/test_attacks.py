"""Files that were made to harm: each is refused or read with a report, in bounded time and memory."""

import json
import os
import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from changed_files import GUID, HEAD, TEXT, good, package, qde, read_changed

from subtheme.errors import InputError
from subtheme.exchange import Dropped, read_project

HERE = Path(__file__).resolve().parents[1]
SECONDS, MEGABYTES = 5, 512


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


@pytest.mark.parametrize("alphabet", ["abcdefgh ", "abcdefgh \n"], ids=["long", "many-lines"])
def test_texts_beyond_what_people_say_are_left_out_and_told(tmp_path, alphabet):
    more = "".join(f'<TextSource guid="{GUID.format(9)}" name="B" plainTextPath="internal://b.txt"/>' for _ in range(2))
    path = tmp_path / "x.qdpx"
    words = "".join(random.Random(1).choices(alphabet, k=4_000_001 if "\n" not in alphabet else 1_200_000))
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


def by_itself(script, *arguments):
    """Return what a script prints as JSON in a process of its own, whose memory is counted from nothing."""
    command = [sys.executable, "-W", "error", *script, *map(str, arguments)]
    places = os.pathsep.join((str(HERE), os.environ.get("PYTHONPATH", "")))
    environment = {**os.environ, "PYTHONPATH": places}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=590, env=environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_changed_files_are_read_or_refused(tmp_path):
    outcome = read_changed(tmp_path, 420, seed=1)
    assert min(outcome["read"], outcome["refused"]) > 20
    assert outcome["slowest_s"] < SECONDS


@pytest.mark.journey
def test_ten_thousand_changed_files(tmp_path):
    outcome = by_itself([HERE / "changed_files.py"], tmp_path, 10_000, os.environ.get("SUBTHEME_SEED", "2"))
    print(f"10,000 changed files: {outcome}")
    assert min(outcome["read"], outcome["refused"]) > 500
    assert outcome["slowest_s"] < SECONDS
    assert outcome["peak_mb"] < MEGABYTES


BIG = """
import json, sys, time
from pathlib import Path
from peak_memory import peak_megabytes
from subtheme.errors import InputError
from subtheme.exchange import read_project
began = time.process_time()
try:
    read_project(Path(sys.argv[1]))
    outcome = "read"
except InputError:
    outcome = "refused"
print(json.dumps({"outcome": outcome, "seconds": time.process_time() - began, "peak_mb": peak_megabytes()}))
"""


def insides(kind, dice):
    """Return a project about as large as one that is still read, all of one kind of thing."""
    many = {
        "codes": (112_000, lambda n: f'<Code guid="{GUID.format(n)}" name="{dice.random()}" isCodable="true"/>'),
        "cases": (150_000, lambda n: f'<Case guid="{GUID.format(n)}" name="{dice.random()}"/>'),
        "texts": (60, lambda n: f'<TextSource guid="{GUID.format(n)}" name="t{n}" plainTextPath="internal://t.txt"/>'),
        "attributes": (215_000, lambda _: f'<x a="{dice.random()}"/>'),
        "codings": (
            60_000,
            lambda n: (
                f'<PlainTextSelection guid="{GUID.format(n)}" name="x" startPosition="{n}" endPosition="{n + 9}">'
                f'<Coding guid="{GUID.format(n)}" creatingUser="{GUID.format(1)}"><CodeRef targetGUID="{GUID.format(2)}"/>'
                "</Coding></PlainTextSelection>"
            ),
        ),
        "quotations": (
            150_000,
            lambda n: f'<PlainTextSelection startPosition="{n}" endPosition="{n + 9}" name="{dice.random()}"/>',
        ),
        "selections": (215_000, lambda _: "<PlainTextSelection/>"),
    }
    count, element = many[kind]
    return "".join(map(element, range(count)))


PLACES = {
    "codes": "<CodeBook><Codes>{}</Codes></CodeBook>",
    "cases": "<Cases>{}</Cases>",
    "texts": "<Sources>{}</Sources>",
    "attributes": "{}",
}


@pytest.mark.journey
@pytest.mark.parametrize("kind", ["codes", "cases", "texts", "attributes", "codings", "quotations", "selections"])
def test_the_largest_files_that_are_read_stay_within_bounds(tmp_path, kind):
    path = tmp_path / "x.qdpx"
    dice = random.Random(1)
    inside = insides(kind, dice)
    if kind in PLACES:
        project = f"{HEAD}{PLACES[kind].format(inside)}</Project>"
    else:
        project = qde().replace("</TextSource>", inside + "</TextSource>")
    words = "".join(dice.choices("abcdefgh " * 9 + "\r\n", k=3_900_000)) + "😀\r\n"
    # Not packed: what repeats packs so well that it would be refused for that.
    path.write_bytes(package([("project.qde", project), ("sources/t.txt", "\ufeff" + words)], zipfile.ZIP_STORED))
    found = by_itself(["-c", BIG], path)
    print(f"{kind}: {found}")
    assert found["outcome"] == "read"
    assert found["peak_mb"] < MEGABYTES
    assert found["seconds"] < 4 * SECONDS  # a machine under load counts more
