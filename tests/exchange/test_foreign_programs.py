"""Other programs read what we write and write what we read; each in an environment of its own, as a subprocess.

None of them is a dependency: two are under the GPL or AGPL, and their requirements conflict. ``make foreign`` sets SUBTHEME_FOREIGN;
SUBTHEME_FOREIGN_ENVIRONMENTS may name a folder in which they are kept for the next time.
"""

import json
import os
import subprocess
import venv
from pathlib import Path

import pandas as pd
import pytest

from subtheme.exchange import ColumnMap, read_codebook, read_codings, read_project, refi_project, shipped_column_maps
from subtheme.nouns import CODINGS, PARTICIPANTS, Codebook

pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(os.environ.get("SUBTHEME_FOREIGN") != "1", reason="installs other programs: SUBTHEME_FOREIGN=1"),
]

BOOK = Codebook.from_toml(
    'format = "subtheme-codebook/1"\ntitle = "Trial"\n[[code]]\nid = "time"\nname = "Time"\n[[code.code]]\nid = "shifts"\n'
    'name = "Split shifts"\n[[code.code]]\nid = "pace"\nname = "Pace"\n[[code]]\nid = "care"\nname = "Care"\n[[code.code]]\nid = "appraisal"\n'
    'name = "Appraisal"\n',
    where="book",
)
TEXT = (
    "Interviewer: How are shifts arranged?\nP1: It’s split shifts 😀 mostly — café mornings, then back at six.\n\n"
    "Interviewer: And appraisal?\nP1: Nobody has done mine in two years.\n"
)
QUOTES = [
    ("shifts", "It’s split shifts 😀 mostly", "ann"),
    ("shifts", "café mornings, then back at six.", "ben"),
    ("pace", "then back at six", "ben"),
    ("appraisal", "Nobody has done mine\nin two years.".replace("\n", " "), "ann"),
]


@pytest.fixture(scope="session")
def python(tmp_path_factory):
    """Return what makes the Python of an environment with one program in it."""
    kept = os.environ.get("SUBTHEME_FOREIGN_ENVIRONMENTS")
    folder = Path(kept) if kept else tmp_path_factory.mktemp("foreign")

    def environment(requirement):
        place = folder / requirement.partition("==")[0]
        found = place / "bin" / "python"
        done = place / ".installed"
        if not done.exists():
            venv.create(place, with_pip=True)
            subprocess.run([found, "-m", "pip", "install", "--quiet", requirement], check=True, timeout=1200)
            done.touch()
        return found

    return environment


def answer(program, script, *arguments, folder):
    """Return what a script prints as JSON in the environment of another program."""
    done = subprocess.run(
        [program, "-c", script, *map(str, arguments)],
        check=False,  # the end of its own report is shown instead
        capture_output=True,
        text=True,
        timeout=300,
        cwd=folder,
        env={**os.environ, "AQDA_DATA_DIR": str(folder / "aqda"), "PYTHONPATH": ""},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.strip().splitlines()[-1])


def table():
    rows = []
    for code, quote, coder in QUOTES:
        start = TEXT.index(quote)
        rows.append(
            {
                "participant": "P1",
                "transcript": "P1",
                "code": code,
                "coder": coder,
                "start_char": start,
                "end_char": start + len(quote),
            }
        )
    return CODINGS.check(pd.DataFrame(rows), source="trial")


@pytest.fixture
def project(tmp_path):
    """Return a project as we export it."""
    path = tmp_path / "ours.qdpx"
    people = PARTICIPANTS.check(pd.DataFrame([{"participant": "P1", "case": "HO1"}]), source="trial")
    refi_project(codebook=BOOK, texts={"P1": TEXT}, codings=table(), participants=people).write(path)
    return path


EXPECTED = sorted((quote, coder) for _, quote, coder in QUOTES)

QDAPY = """
import json, sys
import qdapy
f = qdapy.read_qdpx(sys.argv[1], warn=False).fragments
print(json.dumps([[t, c, k] for t, c, k in zip(f["text"], f["codedBy"], f["code"])]))
"""


def test_qdapy_reads_every_coding_with_its_words(python, project, tmp_path):
    found = answer(python("qdaPy==0.1.0"), QDAPY, project, folder=tmp_path)
    assert sorted((text, coder) for text, coder, _ in found) == EXPECTED
    assert {code.rpartition("/")[2] for _, _, code in found} == {"Split shifts", "Pace", "Appraisal"}


TAGUETTE = """
import json, sys
from taguette import database as d, export
session = d.connect("sqlite:///own.sqlite3")()
text, rows = sys.argv[1], json.loads(sys.argv[2])
user = d.User(login="admin")
project = d.Project(name="Trial", description="")
html = "".join("<p>%s</p>\\n" % line for line in text.split("\\n") if line)
document = d.Document(name="P1", description="", filename="P1.html", project=project, contents=html, text_direction=d.TextDirection.LEFT_TO_RIGHT)
session.add_all([user, project, document])
flat = "".join(line + "\\n" for line in text.split("\\n") if line)
tags = {}
for code, quote in rows:
    path = "Themes." + code
    if path not in tags:
        tags[path] = d.Tag(project=project, path=path, description="about " + code)
    start = len(flat[: flat.index(quote)].encode())
    h = d.Highlight(document=document, start_offset=start, end_offset=start + len(quote.encode()), snippet="<p>%s</p>" % quote)
    h.tags.append(tags[path])
    session.add(h)
session.commit()
export.codebook_xml(list(tags.values()), "own.qdc")
with open("own.csv", "w", encoding="utf-8", newline="") as f:
    export.highlights_csv(session, project.id, "", f)
print(json.dumps(len(rows)))
"""


def test_taguette_writes_a_database_a_codebook_and_a_table_that_we_read(python, tmp_path):
    rows = [[code, quote] for code, quote, _ in QUOTES]
    assert answer(python("taguette==1.5.2"), TAGUETTE, TEXT, json.dumps(rows), folder=tmp_path) == 4
    found = read_project(tmp_path / "own.sqlite3")
    assert sorted(found.quoted_codings[["code", "quote"]].values.tolist()) == sorted(rows)
    book, loss = read_codebook(tmp_path / "own.qdc", separator=".")
    assert {c.name for c in book.codes} == {"Themes", "shifts", "pace", "appraisal"}
    assert loss.kept["codes"] == 4
    codings = read_codings(
        tmp_path / "own.csv",
        codebook=book,
        columns=ColumnMap.read(shipped_column_maps()["taguette"]),
        texts={"P1": TEXT},
    )
    assert codings.quotes_confirmed == 4


AQDA = """
import json, sys
from fastapi.testclient import TestClient
from aqda.app import app
text, rows = sys.argv[1], json.loads(sys.argv[2])
with TestClient(app, base_url="http://127.0.0.1:8765") as client:
    def post(path, **kwargs):
        return client.post("/api/" + path, **kwargs)
    project = post("projects", json={"name": "Trial"}).json()["id"]
    document = post("documents", data={"project_id": project}, files={"file": ("P1.txt", text.encode(), "text/plain")}).json()["id"]
    codes, answers = {}, []
    for code, start, end, quote in rows:
        if code not in codes:
            codes[code] = post("codes", json={"project_id": project, "name": code}).json()["id"]
        body = {"document_id": document, "code_id": codes[code], "start_pos": start, "end_pos": end, "selected_text": quote}
        answers.append(post("codings", json=body).status_code)
        answers.append(post("codings", json={**body, "start_pos": start + 1, "end_pos": end + 1}).status_code)
    for kind in ("qdpx", "qdc"):
        with open("theirs." + kind, "wb") as f:
            f.write(client.get("/api/export/%d/%s" % (project, kind)).content)
print(json.dumps(answers))
"""


def test_aqda_takes_our_codings_only_at_their_words_and_writes_what_we_read(python, project, tmp_path):
    ours = read_project(project).quoted_codings
    rows = ours[["code", "start_char", "end_char", "quote"]].values.tolist()
    answers = answer(python("aqda==0.5.0"), AQDA, TEXT, json.dumps(rows), folder=tmp_path)
    assert answers == [201, 422] * 4
    theirs = read_project(tmp_path / "theirs.qdpx")
    assert sorted(theirs.quoted_codings["quote"]) == sorted(quote for _, quote, _ in QUOTES)
    book, _ = read_codebook(tmp_path / "theirs.qdc")
    assert {c.name for c in book.codes} == {"shifts", "pace", "appraisal"}


POTATO = """
import json, sys
from potato.importers.text.qdpx_importer import QDPXImporter
found = QDPXImporter().parse_path(sys.argv[1])
print(json.dumps([[d.text[s.start:s.end], s.annotator, s.label] for d in found.documents for s in d.spans]))
"""


def test_potato_reads_every_coding_with_its_words(python, project, tmp_path):
    found = answer(python("potato-annotation==2.12.1"), POTATO, project, folder=tmp_path)
    assert sorted((text, coder) for text, coder, _ in found) == EXPECTED
    assert {label for _, _, label in found} == {"Split shifts", "Pace", "Appraisal"}
