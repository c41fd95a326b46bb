"""The main job on seventeen real interviews, command by command, with its figures.

One organisation only: the participants are put into three made-up groups, to have cases at all.
"""

import csv
import json

import pytest
from typer.testing import CliRunner

from subtheme.cli.app import app

pytestmark = [pytest.mark.journey, pytest.mark.shared]

GROUPS = ("made-up-1", "made-up-2", "made-up-3")
NEW = ("P15", "P16", "P17")  # not coded in this journey: they are pre-coded


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serdif")

    def invoke(*words, code=0):
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            patch.setenv("SUBTHEME_STUDY", "study")
            result = CliRunner().invoke(app, [str(w) for w in words])
        assert result.exit_code == code, result.output + repr(result.exception)
        return result.stdout

    invoke.folder = folder
    return invoke


@pytest.fixture(scope="module")
def corpus(shared):
    return shared / "corpora" / "serdif-usability"


def _toml(text):
    return json.dumps(text, ensure_ascii=False)


@pytest.fixture(scope="module")
def inputs(run, corpus):
    """Write the corpus as the files a researcher would have: codebook, participants, codings, readings."""
    with (corpus / "codebook.csv").open(newline="", encoding="utf-8") as file:
        codes = [row for row in csv.DictReader(file) if row["code_id"] != "moderator-assist"]
    lines = [
        'format = "subtheme-codebook/1"',
        'title = "Usability"',
        "[[code]]",
        'id = "usability"',
        'name = "Usability"',
    ]
    for row in codes:
        lines += ["[[code.code]]", f"id = {_toml(row['code_id'])}", f"name = {_toml(row['code'])}"]
        lines.append(f"definition = {_toml(row['description'])}")
    (run.folder / "book.toml").write_text("\n".join(lines), encoding="utf-8")
    names = [f"P{i:02}" for i in range(1, 18)]
    people = ["participant,case", *(f"{name},{GROUPS[i % 3]}" for i, name in enumerate(names))]
    (run.folder / "people.csv").write_text("\n".join(people), encoding="utf-8")
    known = {row["code_id"] for row in codes}
    with (corpus / "codings.csv").open(newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["code_id"] in known and r["transcript_id"] not in NEW]
    with (run.folder / "codings.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["participant", "code", "coder", "transcript", "start_char", "end_char"])
        writer.writerows(
            [r["transcript_id"], r["code_id"], "coder1", r["transcript_id"], r["start"], r["end"]] for r in rows
        )
    readings = ["coder,transcript", *(f"coder1,{name}" for name in names if name not in NEW)]
    (run.folder / "readings.csv").write_text("\n".join(readings), encoding="utf-8")
    return len(rows)


def test_from_seventeen_interviews_to_the_table(run, corpus, inputs):
    run("new", "study", "--codebook", "book.toml", "--name", "SERDIF, in made-up groups")
    imported = json.loads(run("import", corpus / "transcripts", "--participants", "people.csv", "--json"))
    assert imported["transcripts"] == 17
    coded = json.loads(run("codings", "codings.csv", "--readings", "readings.csv", "--json"))
    assert coded["codings"] == inputs
    assert coded["readings"] == 14
    assert coded["outside_segments"] < 0.05 * inputs
    trained = json.loads(run("train", "--json"))
    assert len(trained["learned"]) + len(trained["too_few"]) == 21
    evaluated = json.loads(run("evaluate", "--json"))
    precoded = json.loads(run("precode", "--json"))
    assert precoded["proposals"] > 0
    run("sheet", "out", "sheet.csv", "--order", "proposals")
    with (run.folder / "sheet.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {r["participant"] for r in rows} == set(NEW)
    truth = _truth(corpus)
    for row in rows:
        row["decision"] = "accept" if _overlaps(row, truth) else "reject"
    with (run.folder / "sheet.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    decided = json.loads(run("sheet", "in", "sheet.csv", "--coder", "oracle", "--json"))
    assert decided["decisions"] == len(rows)
    table = json.loads(run("score", "--json"))
    assert table["overall"]["of"] == 21 * 3
    accepted = sum(r["decision"] == "accept" for r in rows)
    assert 0 < accepted < len(rows)
    print(f"\nSERDIF: {imported['segments']} segments, {coded['codings']} codings of 14 interviews; 3 pre-coded")
    print(f"  average precision (macro, out of fold) {evaluated['macro_average_precision']:.3f}")
    print(f"  {len(rows)} proposals, {accepted} of them true; {table['overall']['present']} of 63 cells present")


def _truth(corpus):
    with (corpus / "codings.csv").open(newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["transcript_id"] in NEW]
    return [(r["transcript_id"], r["code_id"], int(r["start"]), int(r["end"])) for r in rows]


def _overlaps(row, truth):
    transcript, _, span = row["segment"].rpartition(":")
    start, end = (int(x) for x in span.split("-"))
    return any(t == transcript and c == row["code"] and a < end and b > start for t, c, a, b in truth)
