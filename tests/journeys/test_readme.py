"""The commands of the README, run as they stand there, on the sample study."""

import csv
import re
import shlex
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from subtheme.cli.app import app

pytestmark = pytest.mark.journey

ELSEWHERE = {"cd"}


def _commands(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    section = text[text.index("## Use it") : text.index("## How far to trust it")]
    blocks = re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL)
    return [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]


def test_the_readme_from_top_to_bottom(root, tmp_path, monkeypatch):
    sample = root / "data" / "sample"
    stand_ins = {
        "configs/cob.codebook.toml": str(sample / "codebook.toml"),
        "../interviews": str(sample / "transcripts"),
        "../participants.csv": str(sample / "participants.csv"),
        "../coder-1.csv": str(sample / "codings" / "coder-1.csv"),
        "../coder-2.csv": str(sample / "codings" / "coder-2.csv"),
        "questions.xlsx": "questions.csv",
    }
    monkeypatch.chdir(tmp_path)
    ran = 0
    for words in _commands(root):
        if words[0] in ELSEWHERE:
            monkeypatch.chdir(words[1])
            continue
        if words[1:3] == ["score", "--codings"]:
            (tmp_path / "C.csv").write_text("participant,code\nP1,working-time\n")
            (tmp_path / "P.csv").write_text("participant,case\nP1,A\n")
            monkeypatch.chdir(tmp_path)
            stand_ins["configs/cob.codebook.toml"] = str(root / "configs" / "cob.codebook.toml")
        if words[1] in {"open", "review"}:
            continue  # a page that waits for a person; tests/review drives it in a browser
        if words[1:3] == ["sheet", "in"]:
            _decide(Path("questions.csv"))
        if words[1] == "settle":
            _agree(Path(words[2]))
        if "project.qdpx" in words and not Path("project.qdpx").exists():
            assert CliRunner().invoke(app, ["export", "project.qdpx"]).exit_code == 0
        asked = [stand_ins.get(word, word) for word in words[1:]]
        done = CliRunner().invoke(app, asked)
        assert done.exit_code == 0, f"{' '.join(words)}\n{done.output}\n{done.exception!r}"
        ran += 1
    assert ran >= 12


def _decide(sheet):
    with sheet.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows[:60]:
        row["decision"] = "accept"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def _agree(workbook):
    book = openpyxl.load_workbook(workbook)
    header = [cell.value for cell in book.active[1]]
    book.active.cell(row=2, column=header.index("decision") + 1).value = "present"
    book.save(workbook)
