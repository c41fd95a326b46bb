"""``subtheme agree`` and ``subtheme settle`` on a small study of two coders."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from small_study import invoke, small_book

from subtheme.files import open_study
from subtheme.nouns import DECISIONS, PROPOSALS, READINGS, SEGMENTS, TURNS, Transcript
from subtheme.segments.segmentation import Strategy
from subtheme.study.agreeing import _UNITS

BOOK = small_book("Conditions", "Wages", "Hours")
WORDS = "Her marmalade came at {n} and the rota with it, so I walked back again in the rain before the bus."
PEOPLE = [f"P{n:02}" for n in range(8)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a study of eight interviews that two coders have read, and that a third has not."""
    folder = tmp_path_factory.mktemp("agree")
    (folder / "book.toml").write_text(BOOK)
    talks = folder / "talks"
    talks.mkdir()
    for name in PEOPLE:
        answers = "".join(f"Interviewer: And then?\n\n{name}: {WORDS.format(n=n)}\n\n" for n in range(10))
        (talks / f"{name}.txt").write_text(answers)
    people = "".join(f"{p},{'AB'[i % 2]}\n" for i, p in enumerate(PEOPLE))
    (folder / "people.csv").write_text(f"participant,case\n{people}")
    study = folder / "study"
    invoke("new", study, "--codebook", folder / "book.toml")
    invoke("import", talks, "--participants", folder / "people.csv", "--study", study)
    with open_study(study).store() as store:
        segments = store.segments()
    random = np.random.default_rng(5)
    there = {code: random.random(len(segments)) < 0.3 for code in ("wages", "hours")}
    readings = "".join(f"{c},{p}\n" for c in ("ann", "ben") for p in PEOPLE)
    (folder / "readings.csv").write_text(f"coder,transcript\n{readings}")
    for coder in ("ann", "ben"):
        rows = [
            (s.participant, code, coder, s.transcript, s.start_char, s.end_char)
            for code in there
            for s, is_there in zip(segments.itertuples(), there[code], strict=True)
            if (random.random() < 0.8 if is_there else random.random() < 0.03)
        ]
        columns = ["participant", "code", "coder", "transcript", "start_char", "end_char"]
        pd.DataFrame(rows, columns=columns).to_csv(folder / f"{coder}.csv", index=False)
        invoke("codings", folder / f"{coder}.csv", "--readings", folder / "readings.csv", "--study", study)
    return study


@pytest.fixture
def study(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "study")
    return tmp_path / "study"


@pytest.fixture
def filled(study: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return a maker of decided lists."""
    invoke("agree", "--study", study, "--output", tmp_path / "out")

    def fill(*, upto: int | None = None, word: str = "present") -> Path:
        book = load_workbook(tmp_path / "out" / "disagreements.xlsx")
        sheet = book.worksheets[0]
        column = [cell.value for cell in sheet[1]].index("decision") + 1
        for row in range(2, min(sheet.max_row, (upto or sheet.max_row) + 1) + 1):
            sheet.cell(row, column).value = word if row % 2 else "absent"
        book.save(tmp_path / f"decided-{upto}-{word}.xlsx")
        return tmp_path / f"decided-{upto}-{word}.xlsx"

    return fill


def test_the_page_and_its_tables_are_written_and_only_the_list_holds_words(study: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    result = invoke("agree", "--study", study, "--output", out, "--json")
    report = json.loads(result.stdout)
    assert sorted(p.name for p in out.iterdir()) == [
        "agreement.html",
        "cells.csv",
        "codes.csv",
        "disagreements.xlsx",
        "pairs.csv",
        "replacements.csv",
        "totals.csv",
    ]
    for path in out.iterdir():
        if path.suffix != ".xlsx":
            assert "marmalade" not in path.read_text(encoding="utf-8")
    listed = pd.read_excel(out / "disagreements.xlsx")
    assert listed["text"].str.contains("marmalade").all()
    assert listed["decision"].isna().all()
    assert len(listed) == len(report["blind"]["disagreements"]) > 0
    with (out / "codes.csv").open(newline="") as file:
        rows = {(r["unit"], r["code"]): r for r in csv.DictReader(file)}
    first = report["blind"]["comparisons"][0]["levels"][0]["codes"][0]
    assert float(rows["segment", first["code"]]["alpha"]) == first["alpha"]
    page = (out / "agreement.html").read_text(encoding="utf-8")
    assert f"Anchor of the log of decisions: <code>{json.loads(result.stdout)['anchor']}</code>" in page
    assert "Inter-coder reliability (blind codings)" in page
    assert "Landis" not in page
    assert f"{first['alpha']:.2f} (" in page
    assert "<script" not in page


def test_words_of_landis_and_koch_stand_on_the_page_where_asked_for(study: Path, tmp_path: Path) -> None:
    result = invoke("agree", "ann", "ben", "--study", study, "--output", tmp_path / "out", "--landis-koch")
    assert "kappa (Landis & Koch 1977)" in result.stdout
    assert "word of Landis &amp; Koch 1977" in (tmp_path / "out" / "agreement.html").read_text(encoding="utf-8")


def test_every_way_of_cutting_has_its_words() -> None:
    assert set(_UNITS) == set(get_args(Strategy))


def test_the_folder_for_output_cannot_be_a_file(study: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    assert "out: not a folder" in invoke("agree", "--study", study, "--output", tmp_path / "out", code=1).stderr


def test_sampling_weights_come_from_a_file(study: Path, tmp_path: Path) -> None:
    with open_study(study).store() as store:
        drawn = store.segments()["segment"][::2]
    file = tmp_path / "weights.csv"
    pd.DataFrame({"segment": drawn, "weight": 2.0}).to_csv(file, index=False)
    result = invoke("agree", "--study", study, "--weights", file)
    assert "figures are weighted to the whole" in result.stdout
    assert "on participants" not in result.stdout
    file.write_text("segment,weight\nP00:0-1,0\n")
    assert "sampling weights that cannot be used" in invoke("agree", "--study", study, "--weights", file, code=1).stderr
    file.write_text("segment,weight\nP00:0-1,much\n")
    refused = invoke("agree", "--study", study, "--weights", file, code=1).stderr
    assert "weights.csv, row 2: column 'weight' has a value that cannot be read" in refused


def test_one_coder_alone_is_told_what_is_missing(study: Path) -> None:
    refused = invoke("agree", "ann", "--study", study, "--json", code=1)
    assert "1 coder: agreement needs two" in refused.stderr
    assert json.loads(refused.stdout)["error"]["kind"] == "InputError"


def test_a_text_in_which_no_participant_speaks_is_no_obstacle(study: Path) -> None:
    before = json.loads(invoke("agree", "--study", study, "--json").stdout)
    with open_study(study).store() as store, store.writing():
        notes = Transcript(
            id="notes", text="Field notes.", turns=(), source="x.qdpx", grammar="plain", encoding="utf-8"
        )
        store.add_transcript(notes, turns=TURNS.empty(), segments=SEGMENTS.empty())
        row = pd.DataFrame([{"coder": "ann", "transcript": "notes"}])
        store.add_readings(READINGS.check(row, source="test"))
    after = json.loads(invoke("agree", "--study", study, "--json").stdout)
    assert after["blind"] == before["blind"]


def test_settled_disagreements_become_a_coder_of_their_own(study: Path, filled: Callable[..., Path]) -> None:
    some = json.loads(invoke("settle", filled(upto=3), "--study", study, "--json").stdout)
    assert some["open"] > 0
    again = json.loads(invoke("settle", filled(upto=3), "--study", study, "--json").stdout)
    assert (again["decisions"], again["open"]) == (0, some["open"])
    rest = json.loads(invoke("settle", filled(), "--study", study, "--json").stdout)
    assert (rest["open"], rest["transcripts"], rest["coder"]) == (0, 8, "agreed")
    with open_study(study).store() as store:
        decisions = store.decisions()
        assert set(store.readings()["coder"]) == {"agreed", "ann", "ben"}
    assert set(decisions["coder"]) == {"agreed"}
    assert not decisions.duplicated(["segment", "code"]).any()
    report = json.loads(invoke("agree", "--study", study, "--json").stdout)
    assert report["blind"]["comparisons"][0]["coders"] == ["ann", "ben"]
    assert "were agreed on together, kept as coder agreed." in report["paragraph"]
    assert report["assisted_readings"] == []  # what was agreed lies beside the coders' own, and is nobody's reading
    with_all = json.loads(invoke("agree", "--study", study, "--include-assisted", "--json").stdout)
    compared = [c["coders"] for part in ("blind", "assisted") for c in (with_all[part] or {}).get("comparisons", [])]
    assert ["ann", "ben"] in compared
    assert not any("agreed" in coders for coders in compared)
    assert "eliability" not in json.dumps(with_all["assisted"])


def test_a_changed_mind_is_a_new_decision_and_undo_takes_the_list_back(
    study: Path, filled: Callable[..., Path]
) -> None:
    invoke("settle", filled(), "--study", study)
    said = invoke("settle", filled(word="absent"), "--study", study).stdout
    assert "0 disagreements stay open" in said
    with open_study(study).store() as store:
        log = store.decisions()
    assert log.duplicated(["segment", "code"]).any()
    assert "Took back" in invoke("undo", "--coder", "agreed", "--study", study).stdout
    assert "unread again" in invoke("undo", "--coder", "agreed", "--study", study).stdout
    with open_study(study).store() as store:
        assert set(store.readings()["coder"]) == {"ann", "ben"}
    again = json.loads(invoke("settle", filled(), "--study", study, "--json").stdout)
    assert (again["decisions"] > 0, again["open"], again["transcripts"]) == (True, 0, 8)


def test_a_list_that_cannot_be_read_changes_nothing(study: Path, filled: Callable[..., Path]) -> None:
    refused = invoke("settle", filled(upto=3, word="maybe"), "--study", study, code=1).stderr
    assert "row 3: column 'decision' has a word that is not allowed; expected one of present, absent" in refused
    with open_study(study).store() as store:
        assert store.decisions().empty


def test_who_decided_on_proposals_only_does_not_stop_the_others_from_being_compared(study: Path) -> None:
    with open_study(study).store() as store, store.writing():
        segment = store.segments()["segment"][0]
        row = {"uid": "u1", "coder": "cy", "segment": segment, "code": "wages", "verdict": "accept"}
        row["shown"] = json.dumps({"model": "model@1"})
        store.append_decisions(DECISIONS.check(pd.DataFrame([row]), source="test"))
    report = json.loads(invoke("agree", "--study", study, "--json").stdout)
    assert report["without_reading"] == ["cy"]
    assert report["blind"]["comparisons"][0]["coders"] == ["ann", "ben"]


def test_rejected_suggestions_make_a_reading_that_is_not_blind(study: Path) -> None:
    with open_study(study).store() as store, store.writing():
        segments = store.segments()
        coded = store.codings()
        silent = next(s.segment for s in segments.itertuples() if s.transcript == "P00")
        assert "P00" in set(coded["transcript"])
        row = {"uid": "u1", "coder": "dee", "segment": silent, "code": "wages", "verdict": "reject"}
        row["shown"] = json.dumps({"model": "model@1"})
        store.append_decisions(DECISIONS.check(pd.DataFrame([row]), source="test"))
        read = pd.DataFrame({"coder": ["dee"], "transcript": ["P00"], "origin": ["assisted"]})
        store.add_readings(READINGS.check(read, source="test"))
    report = json.loads(invoke("agree", "--study", study, "--json").stdout)
    assert report["assisted_readings"] == [["dee", "P00"]]
    assert report["blind"]["left_out"] == ["dee"]


def test_a_model_of_which_nothing_is_known_may_have_learned_all_that_was_read(study: Path) -> None:
    with open_study(study).store() as store, store.writing():
        rows = [(s, "wages", 0.7, 0.5, "gone@abc", "{}") for s in store.segments()["segment"]]
        store.replace_proposals(PROPOSALS.check(pd.DataFrame(rows, columns=list(PROPOSALS.names)), source="test"))
    report = json.loads(invoke("agree", "--study", study, "--json").stdout)
    assert report["trained_on"] == PEOPLE
    assert report["blind"]["models"] == []
    assert "nobody has read any other of its transcripts" in report["paragraph"]


def test_spans_are_compared_as_they_were_marked_where_asked_for(study: Path, tmp_path: Path) -> None:
    result = invoke("agree", "--study", study, "--spans", "--output", tmp_path / "out", "--json")
    rows = json.loads(result.stdout)["spans"]["rows"]
    assert [(r["first"], r["second"], r["transcripts"]) for r in rows] == [("ann", "ben", 8)] * 2
    assert all(r["low"] < r["alpha"] < r["high"] for r in rows)
    assert (tmp_path / "out" / "spans.csv").read_text().count("\n") == 3
    assert "as NVivo counts" in invoke("agree", "--study", study, "--spans").stdout
