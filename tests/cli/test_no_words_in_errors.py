"""A canary: words of an interview stand in no error, whatever goes wrong."""

import pytest
from small_study import small_book
from typer.testing import CliRunner

from subtheme.cli.app import app

WORD = "xanthoceras"
BOOK = small_book("Conditions", "Wages")
TALK = f"Interviewer: What of {WORD}?\n\nP1: The {WORD} is in my pay. Nobody told me of {WORD} before.\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SUBTHEME_STUDY", "study")
    (tmp_path / "book.toml").write_text(BOOK)
    (tmp_path / "P1.txt").write_text(TALK)
    (tmp_path / "people.csv").write_text("participant,case\nP1,A\n")

    def invoke(*words):
        return CliRunner().invoke(app, [str(w) for w in words])

    assert invoke("new", "study", "--codebook", "book.toml").exit_code == 0
    assert invoke("import", "P1.txt", "--participants", "people.csv").exit_code == 0
    return invoke


def _written(tmp_path, name, text, *, encoding="utf-8"):
    (tmp_path / name).write_bytes(text.encode(encoding))
    return name


REFUSED = {
    "changed text": ("P1.txt", TALK + f"\nP1: More {WORD}.\n", ("import", "P1.txt", "--participants", "people.csv")),
    "one speaker": ("M.txt", f"P1: {WORD}.\nP1: {WORD}.\n", ("import", "M.txt", "--participants", "people.csv")),
    "binary": ("B.txt", f"{WORD}\0\xff\xfe" * 9, ("import", "B.txt", "--participants", "people.csv")),
    "table": ("T.csv", f"who,said\nP1,{WORD}\n", ("import", "T.csv", "--participants", "people.csv")),
    "captions": (
        "V.vtt",
        f"WEBVTT\n\n0:00 --> nonsense\n{WORD}\n",
        ("import", "V.vtt", "--participants", "people.csv"),
    ),
    "json": ("W.json", f'{{"segments": [{{"text": "{WORD}"', ("import", "W.json", "--participants", "people.csv")),
    "two places": ("C.csv", f"participant,code,transcript,quote\nP1,wages,P1,{WORD}\n", ("codings", "C.csv")),
    "no place": ("C.csv", f"participant,code,transcript,quote\nP1,wages,P1,{WORD} not so\n", ("codings", "C.csv")),
    "wrong span": (
        "C.csv",
        f"participant,code,transcript,start_char,end_char,memo\nP1,wages,P1,9,99999,{WORD}\n",
        ("codings", "C.csv"),
    ),
    "foreign sheet": (
        "S.csv",
        f"study,segment,participant,text,code,decision\nnone,P1:1-2,P1,{WORD},wages,accept\n",
        ("sheet", "in", "S.csv"),
    ),
    "torn sheet": ("S.csv", f'study,segment,text\n"{WORD}', ("sheet", "in", "S.csv")),
    "roles": ("R.csv", f"speaker,role\n{WORD},judge\n", ("import", "P1.txt", "--preview", "--roles", "R.csv")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_no_word_of_an_interview_in_an_error(run, tmp_path, name):
    file, text, words = REFUSED[name]
    _written(tmp_path, file, text, encoding="latin-1")
    for asked in (words, (*words, "--json")):
        done = run(*asked)
        assert done.exit_code == 1, done.output
        said = done.output + done.stderr
        assert "Error:" in done.stderr
        if name != "roles":  # a label is no word of an interview, and the person has to find it
            assert WORD not in said, said
