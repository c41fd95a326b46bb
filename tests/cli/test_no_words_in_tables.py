"""Columns swapped by mistake: whatever cell holds what somebody said, no error repeats it."""

import csv
import io
import json

import pytest
from canary import CANARY
from small_study import small_book
from typer.testing import CliRunner

from subtheme.cli.app import app

SENTENCE = f"the {CANARY} pay is short, she told me so"
TALK = "Interviewer: What of the pay?\n\nP1: It is short. Nobody told me of the gap before.\n"
PARTICIPANTS = ("import", "{file}", "--participants")

TABLES = {
    "codings": (
        "transcript,participant,coder,code,start_char,end_char,quote,memo,origin,direction",
        "P1,P1,ann,wages,,,It is short,,blind,supports",
        ("codings", "T.csv"),
    ),
    "codings of spans": (
        "transcript,code,start_char,end_char,quote",
        "P1,wages,36,47,It is short",
        ("codings", "T.csv"),
    ),
    "codings, several codes": ("transcript,code,quote", 'P1,"wages; hours",It is short', ("codings", "T.csv")),
    "codings, columns of codes": ("transcript,quote,wages,hours", "P1,It is short,x,", ("codings", "T.csv")),
    "readings": ("coder,transcript", "ann,P1", ("codings", "C.csv", "--readings", "T.csv")),
    "participants": (
        "participant,case,level,transcript,speaker",
        "P2,A,manager,P2,P2",
        ("import", "P2.txt", "--participants", "T.csv"),
    ),
    "transcripts": (
        "transcript,participant,speaker,text,start,end",
        "P2,,I,Well?,0:01,0:02",
        ("import", "T.csv", "--participants", "people.csv"),
    ),
    "roles": ("transcript,speaker,role", "P2,P2,participant", ("import", "P2.txt", "--preview", "--roles", "T.csv")),
    "codebook": (
        "id,name,definition,when_to_use,placeholder",
        "x,Pay,About pay,Always,",
        ("codebook", "check", "T.csv"),
    ),
    "codebook, added": ("id,code,memo", "x,Pay,About pay", ("codebook", "add", "T.csv")),
    "sheet": (
        "study,segment,participant,question,before,text,after,code,code_name,probability,model,decision,other_code,memo",
        "s,P1:1-2,P1,q,b,t,a,wages,Wages,0.5,m,accept,hours,",
        ("sheet", "in", "T.csv"),
    ),
    "blind sheet": (
        "study,segment,participant,question,text,codes,counter_codes,memo",
        "s,P1:1-2,P1,q,t,wages,hours,",
        ("sheet", "in", "T.csv"),
    ),
    "settled": ("segment,code,decision,memo", "P1:1-2,wages,present,", ("settle", "T.csv")),
    "weights": ("segment,weight", "P1:1-2,2", ("agree", "--weights", "T.csv")),
    "coders": ("coder,name", "ann,anna", ("export", "out.qdpx", "--coders", "T.csv")),
    "scored codings": (
        "participant,code,coder",
        "P1,wages,ann",
        ("score", "--codings", "T.csv", "--participants", "people.csv", "--codebook", "book.toml"),
    ),
    "scored participants": (
        "participant,case,level",
        "P1,A,manager",
        ("score", "--codings", "S.csv", "--participants", "T.csv", "--codebook", "book.toml"),
    ),
    "scored readings": (
        "coder,transcript",
        "ann,P1",
        (
            *("score", "--codings", "S.csv", "--participants", "people.csv", "--codebook", "book.toml"),
            *("--readings", "T.csv"),
        ),
    ),
}
JSON_LINES = {
    "text": {"text": "P2: x", "label": [[0, 2, "wages"]], "coder": "ann"},
    "label": {"text": "P2: Well, it is.\n", "label": [[0, 99, SENTENCE]], "transcript": SENTENCE},
    "coder": {"text": "P2: Well, it is.\n", "label": [[SENTENCE, SENTENCE, SENTENCE]], "coder": SENTENCE},
    "data": {"data": 4, SENTENCE: SENTENCE},
}


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    patch = pytest.MonkeyPatch()
    patch.chdir(folder)
    (folder / "book.toml").write_text(small_book("Conditions", "Wages", "Hours"))
    (folder / "P1.txt").write_text(TALK)
    (folder / "P2.txt").write_text(TALK.replace("P1", "P2").replace("short", "long"))
    (folder / "people.csv").write_text("participant,case\nP1,A\n")
    (folder / "C.csv").write_text("transcript,code,quote,coder\nP1,wages,It is short,ann\n")
    (folder / "S.csv").write_text("participant,code,coder\nP1,wages,ann\n")
    for words in (
        ("new", "study", "--codebook", "book.toml"),
        ("import", "P1.txt", "--participants", "people.csv", "--study", "study"),
    ):
        done = CliRunner().invoke(app, list(words))
        assert done.exit_code == 0, done.output
    yield folder
    patch.undo()


@pytest.fixture
def run(base, monkeypatch):
    monkeypatch.chdir(base)
    monkeypatch.setenv("SUBTHEME_STUDY", "study")
    return lambda *words: CliRunner().invoke(app, [str(w) for w in words])


def _rows(heading, row):
    """Iterate over the table with a sentence in each cell by turns, in each heading, in all of them, and below."""
    names, cells = next(csv.reader([heading])), next(csv.reader([row]))
    for place in range(len(cells)):
        yield names, [SENTENCE if n == place else c for n, c in enumerate(cells)]
        yield [SENTENCE if n == place else h for n, h in enumerate(names)], cells
    yield names, [SENTENCE] * len(cells)
    yield [SENTENCE] * len(names), [SENTENCE] * len(cells)
    yield names, [*cells, SENTENCE]
    yield names, cells[::-1]


def _write(path, names, cells):
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows([names, cells])
    path.write_text(stream.getvalue(), encoding="utf-8")


def _refused(done):
    """Return whether a command refused what it was given, and hold that it did so without the sentence."""
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    assert CANARY not in done.stderr, done.stderr
    if done.exit_code:
        assert CANARY not in done.output, done.output
    return done.exit_code != 0


@pytest.mark.parametrize("name", TABLES)
def test_a_sentence_in_any_column_is_in_no_error(run, base, name):
    heading, row, words = TABLES[name]
    refused = 0
    for names, cells in _rows(heading, row):
        _write(base / "T.csv", names, cells)
        refused += _refused(run(*words))
    _refused(run(*words, "--json"))
    assert refused >= 3, "the sentence reached no error"


@pytest.mark.parametrize("name", JSON_LINES)
def test_a_sentence_in_a_project_is_in_no_error(run, base, name):
    (base / "T.jsonl").write_text(json.dumps(JSON_LINES[name]) + "\n", encoding="utf-8")
    _refused(run("import", "T.jsonl", "--study", "study"))
