"""Presence review by command: sheets, status, score, report, on a study whose proposals are put in by hand."""

import csv
import json
import re

import pandas as pd
import pytest
from small_study import invoke, small_book

from subtheme.files import open_study
from subtheme.nouns import DECISIONS, PROPOSALS
from subtheme.study import Study

BOOK = small_book("Conditions", "Wages", "Hours")
TALK = "\n\n".join(
    f"Interviewer: And the {word}?\n\n{{name}}: My {word} {word} follow what she wants from week to week, zygodactyl."
    for word in ("pay", "rota", "leave")
)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "book.toml").write_text(BOOK)
    (tmp_path / "talks").mkdir()
    for name in ("A1", "A2", "A3", "B1"):
        (tmp_path / "talks" / f"{name}.txt").write_text(TALK.format(name=name) + "\n")
    people = ["A1,A,front-line-worker", "A2,A,front-line-worker", "A3,A,senior-manager", "B1,B,senior-manager"]
    (tmp_path / "people.csv").write_text("\n".join(["participant,case,level", *people, "B2,B,senior-manager"]) + "\n")
    monkeypatch.setenv("SUBTHEME_STUDY", "study")

    invoke("new", "study", "--codebook", "book.toml")
    invoke("import", "talks", "--participants", "people.csv")
    return invoke


@pytest.fixture
def proposed(run, tmp_path):
    """The study with a probability for every segment and both sub-themes; B2 has no transcript."""
    with open_study(tmp_path / "study").store() as store, store.writing():
        segments = store.segments()
        rows = [
            {
                "segment": segment,
                "code": code,
                "probability": 0.7 if "pay" in text and code == "wages" else 0.03,
                "threshold": 0.5,
                "model": "m@1",
            }
            for segment, text in zip(segments["segment"], segments["text"], strict=True)
            for code in ("wages", "hours")
        ]
        store.replace_proposals(PROPOSALS.check(pd.DataFrame(rows), source="p"))
    return run


def _rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _fill(path, answer):
    rows = _rows(path)
    for row in rows:
        answer(row)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_the_best_evidence_comes_first_and_answers_settle_cells(proposed, tmp_path):
    said = json.loads(proposed("sheet", "out", "q.csv", "--limit", "6", "--json").stdout)
    assert (said["order"], said["rows"], said["stopped"]) == ("settle", 6, False)
    assert said["expected_wrong_cells"] > 0.5
    rows = _rows(tmp_path / "q.csv")
    best = [r for r in rows if (r["code"], r["probability"]) == ("wages", "0.70")]
    assert {r["participant"] for r in best} >= {"A1", "A2", "A3"}
    assert best[0]["reason"].startswith("0 of 3 describe it in A, 2 more settle it")

    _fill(tmp_path / "q.csv", lambda row: row.update(decision="accept" if row["code"] == "wages" else ""))
    proposed("sheet", "in", "q.csv", "--coder", "ann")

    table = json.loads(proposed("score", "--json").stdout)
    states = {(c["case"], c["sub_theme"]): c["state"] for c in table["cells"]}
    assert states["A", "wages"] == "present"
    proposed("sheet", "out", "q2.csv")
    again = [r for r in _rows(tmp_path / "q2.csv") if (r["participant"][0], r["code"]) == ("A", "wages")]
    assert {r["look"] for r in again} == {"2"}  # nothing new is asked about the settled cell: its confirmations are


def test_a_sheet_carries_the_anchor_of_the_log_and_says_where_it_is_lost(proposed, tmp_path):
    for name in ("one.csv", "two.csv"):
        proposed("sheet", "out", name, "--order", "code", "--limit", "3")
        _fill(tmp_path / name, lambda row: row.update(decision="reject"))
        said = json.loads(proposed("sheet", "in", name, "--json").stdout)
        assert (said["decisions"] > 0, said["notes"]) == (True, [])
    first, second = (_rows(tmp_path / name)[0]["anchor"] for name in ("one.csv", "two.csv"))
    assert _length(second) == _length(first) + len(_rows(tmp_path / "one.csv"))
    for anchor in (first, second):
        proposed("doctor", "--anchor", anchor)
    assert json.loads(proposed("sheet", "out", "a.csv", "--order", "audit", "--json").stdout)["anchor"] != second
    _fill(tmp_path / "two.csv", lambda row: row.update(anchor=f"3:{'a' * 64}"))
    assert "does not contain the anchor 3:aaaa" in proposed("sheet", "in", "two.csv").stdout


def _length(anchor):
    return int(anchor.partition(":")[0])


@pytest.mark.parametrize("order", ["settle", "uncertain", "transcript", "code", "proposals"])
def test_every_order_asks_something(proposed, tmp_path, order):
    proposed("sheet", "out", "q.csv", "--order", order)
    rows = _rows(tmp_path / "q.csv")
    assert rows
    assert all(r["decision"] == "" for r in rows)
    places = [r["segment"] for r in rows]
    runs = [p for i, p in enumerate(places) if i == 0 or places[i - 1] != p]
    assert len(runs) == len(set(runs))  # one reading of a segment answers all that is asked of it


def test_orders_that_cannot_be_are_refused(proposed):
    assert "Did you mean 'settle'?" in proposed("sheet", "out", "q.csv", "--order", "settel", code=1).stderr
    proposed("sheet", "out", "d.csv", "--order", "disagreements")  # nobody disagrees yet: a sheet without rows


def test_an_adjudicated_answer_wins_in_the_score_and_opens_the_question_again(proposed, tmp_path):
    proposed("sheet", "out", "q.csv", "--order", "code")
    _fill(tmp_path / "q.csv", lambda row: row.update(decision="accept" if row["participant"] == "B1" else ""))
    proposed("sheet", "in", "q.csv", "--coder", "ann")
    cells = json.loads(proposed("score", "--json").stdout)["cells"]
    assert {c["participants_describing"] for c in cells if (c["case"], c["sub_theme"]) == ("B", "wages")} == {1}
    with open_study(tmp_path / "study").store() as store, store.writing():
        mine = store.decisions().drop(columns="batch")
        mine = mine[mine["code"] == "wages"]
        judged = mine.assign(
            uid=[f"j{n}" for n in range(len(mine))],
            coder="consensus",
            verdict="reject",
            shown='{"arm": "adjudication"}',
        )
        store.append_decisions(DECISIONS.check(judged, source="x"), batch="j")
    table = json.loads(proposed("score", "--json").stdout)
    assert {c["participants_describing"] for c in table["cells"] if (c["case"], c["sub_theme"]) == ("B", "wages")} == {
        0
    }
    assert any("set aside: an adjudicated answer denies" in note for note in table["notes"])
    (tmp_path / "out.csv").unlink(missing_ok=True)
    proposed("export", "--codings", "out.csv")
    out = [(r["coder"], r["direction"]) for r in _rows(tmp_path / "out.csv") if r["code"] == "wages"]
    assert set(out) == {("ann", "supports"), ("consensus", "absent")}


def test_an_audit_reads_for_every_sub_theme_and_bounds_what_was_missed(proposed, tmp_path):
    proposed("sheet", "out", "a.csv", "--order", "audit", "--limit", "6")
    rows = _rows(tmp_path / "a.csv")
    assert len(rows) == len({r["segment"] for r in rows}) == 6
    assert not any("probability" in r for r in rows)
    found = iter(["hours", *["none"] * 4, ""])
    _fill(tmp_path / "a.csv", lambda row: row.update(codes=next(found)))

    said = json.loads(proposed("sheet", "in", "a.csv", "--coder", "ann", "--json").stdout)

    assert (said["decisions"], said["undecided"]) == (1, 1)  # what was not given is read, and no answer of its own
    judged = Study.open(tmp_path / "study").judgements.of_coders(["ann"]).frame
    sub_themes = judged[judged["code"].isin(["hours", "wages"])]
    assert (sub_themes["value"].value_counts().to_dict(), set(judged["origin"])) == (
        {"absent": 9, "present": 1},
        {"blind"},
    )
    audit = json.loads(proposed("score", "--json").stdout)["audit"]
    assert (audit["hours"]["drawn"], audit["hours"]["found"], audit["hours"]["left"]) == (5, 1, 12)
    assert audit["hours"]["at_most"] >= 1
    _fill(tmp_path / "a.csv", lambda row: row.update(codes="none; hours"))
    assert "'none' beside a code" in proposed("sheet", "in", "a.csv", code=1).stderr


def test_status_says_what_is_settled_and_what_remains(proposed, tmp_path):
    before = json.loads(proposed("status", "--json").stdout)["table"]
    assert (before["open"], before["settled"]) == (4, 0)
    assert before["expected_looks"] > 0
    assert {g["id"] for g in before["by_case"]} == {"A", "B"}
    assert "cells are open" in proposed("status").stdout

    proposed("sheet", "out", "all.csv", "--order", "code")
    _fill(tmp_path / "all.csv", lambda row: row.update(decision="accept" if row["code"] == "wages" else "reject"))
    proposed("sheet", "in", "all.csv")

    after = json.loads(proposed("status", "--json").stdout)["table"]
    cells = {(c["case"], c["sub_theme"]): c for c in after["cells"]}
    assert cells["A", "wages"]["state"] == "present"
    assert cells["A", "hours"]["state"] == "absent"  # every segment was looked at
    assert cells["B", "wages"]["state"] == "open"  # B2 has no transcript
    assert any("no transcript of B2 (B)" in note for note in after["notes"])


def test_the_risk_of_the_settings_ends_the_questions(proposed, tmp_path):
    settings = tmp_path / "study" / "study.toml"
    settings.write_text(settings.read_text().replace("risk = 0.5", "risk = 50"))
    said = json.loads(proposed("sheet", "out", "q.csv", "--json").stdout)
    assert (said["rows"], said["stopped"]) == (0, True)
    assert "within the bound of 50" in said["notes"][0]
    assert json.loads(proposed("status", "--json").stdout)["table"]["enough"] is True


def test_score_prints_everything_that_tells_how_firm_it_is(proposed):
    table = json.loads(proposed("score", "--json").stdout)

    assert table["expected"]["heading"].startswith("EXPECTATION, NOT A RESULT")
    assert [v["denominator"] for v in table["sensitivity"]] == ["all"] * 4 + ["read"] * 4
    assert {"stability", "levels", "typology", "counter_examples", "audit"} <= set(table)
    cell = next(c for c in table["cells"] if (c["case"], c["sub_theme"]) == ("A", "wages"))
    assert cell["evidence"]["could_add"] == ["A1", "A2", "A3"]
    assert cell["evidence"]["segments"][0]["probability"] == 0.7
    assert cell["evidence"]["looked_at"] == 0
    assert 0 < cell["chance"] < 1
    assert any(note.startswith("chances rest on default assumptions") for note in table["notes"])
    assert "EXPECTATION, NOT A RESULT" in proposed("score").stdout


def test_what_nothing_is_proposed_for_is_not_passed_off_as_enough(proposed, tmp_path):
    with open_study(tmp_path / "study").store() as store, store.writing():
        every = store.proposals()
        wages = every[(every["code"] == "wages") & every["segment"].str.startswith("A")]
        store.replace_proposals(PROPOSALS.check(wages, source="p"))
    proposed("sheet", "out", "q.csv")
    _fill(tmp_path / "q.csv", lambda row: row.update(decision="accept"))
    proposed("sheet", "in", "q.csv")

    status = json.loads(proposed("status", "--json").stdout)
    table = status["table"]

    assert table["to_be_read"] == 2  # hours, in both cases
    open_cells = [c for c in table["cells"] if c["state"] == "open"]
    assert table["expected_wrong_cells"] == pytest.approx(sum(c["chance"] for c in open_cells), abs=0.001)
    assert table["expected_wrong_cells"] > table["risk"]
    assert (table["enough"], table["expected_looks_range"]) == (False, [0, 0])
    assert "--blind TRANSCRIPT" in status["next"]
    assert "Nothing is proposed for 2 of the open cells" in proposed("status").stdout
    proposed("report")
    page = (tmp_path / "study" / "exports" / "report.html").read_text()
    assert "no question would bring it there, only reading does. Nothing is proposed for 2 of the open cells" in page
    assert "review may stop here" not in page


def test_where_proposals_are_counted_there_is_no_expectation(proposed):
    assert json.loads(proposed("score", "--json").stdout)["expected"] is not None

    table = json.loads(proposed("score", "--json", "--include-auto").stdout)

    assert table["suggestion"] is True
    assert table["expected"] is None
    assert "EXPECTATION" not in proposed("score", "--include-auto").stdout


def test_decisions_on_a_retired_code_are_named_and_count_nowhere(proposed, tmp_path):
    proposed("sheet", "out", "q.csv", "--limit", "2")
    _fill(tmp_path / "q.csv", lambda row: row.update(decision="accept"))
    proposed("sheet", "in", "q.csv")
    book = tmp_path / "study" / "codebook.toml"
    book.write_text(book.read_text().replace('id = "wages"', 'id = "pay"'))
    with open_study(tmp_path / "study").store() as store, store.writing():
        store.replace_proposals(PROPOSALS.empty())

    table = json.loads(proposed("score", "--json").stdout)

    assert "2 codings with 'wages', which the codebook no longer has, count in no row" in table["notes"]
    assert {c["participants_describing"] for c in table["cells"]} == {0}
    proposed("report")
    assert "which the codebook no longer has" in (tmp_path / "study" / "exports" / "report.html").read_text()


def test_proposals_of_a_retired_code_are_named_and_passed_over(proposed, tmp_path):
    book = tmp_path / "study" / "codebook.toml"
    book.write_text(book.read_text().replace('id = "wages"', 'id = "pay"'))
    note = "12 proposals of 'wages', which the codebook no longer has, are passed over; train and precode again"

    assert note in json.loads(proposed("score", "--json", "--include-auto").stdout)["notes"]
    status = json.loads(proposed("status", "--json").stdout)["table"]
    assert note in status["notes"]
    assert {c["sub_theme"]: c["expected_looks"] is None for c in status["cells"]} == {"pay": True, "hours": False}
    proposed("sheet", "out", "q.csv")
    assert {r["code"] for r in _rows(tmp_path / "q.csv")} == {"hours"}
    proposed("sheet", "out", "p.csv", "--order", "proposals")
    assert not _rows(tmp_path / "p.csv")
    proposed("report")


def test_a_codebook_without_the_level_of_the_rows_is_refused(proposed, tmp_path):
    settings = tmp_path / "study" / "study.toml"
    settings.write_text(settings.read_text().replace('level = "sub-theme"', 'level = "sub-team"'))
    assert "sub-team" in proposed("score", code=1).stderr


def test_a_participant_in_two_cases_is_refused(run, tmp_path):
    for twice in ("participant,case,transcript\nA1,A,A1\nA1,B,A2\n", "participant,case\nA1,A\nA1,B\n"):
        (tmp_path / "people.csv").write_text(twice)
        said = run("import", "talks", "--participants", "people.csv", code=1).stderr
        assert "people.csv, row 3: participant 'A1' has another case or level than before; expected case 'A'" in said
    (tmp_path / "people.csv").write_text("participant,case\nA1,A\nA1,A\n")
    assert "the same participant again" in run("import", "talks", "--participants", "people.csv", code=1).stderr


def test_the_report_has_every_section_and_its_tables(proposed, tmp_path):
    proposed("sheet", "out", "q.csv", "--limit", "3")
    _fill(tmp_path / "q.csv", lambda row: row.update(decision="accept"))
    proposed("sheet", "in", "q.csv")

    written = json.loads(proposed("report", "--tables", "--json").stdout)["files"]

    page = (tmp_path / "study" / "exports" / "report.html").read_text()
    for section in ("summary", "results", "expectation", "typology", "margins", "looked-at", "profiles", "progress",
                    "agreement", "model", "method", "manifest"):  # fmt: skip
        assert f'id="{section}"' in page
    assert "zygodactyl" not in page
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="https?://(?!doi\.org)', page)
    for name in ("cells", "evidence", "sensitivity", "stability", "expected", "typology", "manifest"):
        assert any(f.endswith(f"tables/{name}.csv") for f in written)
    assert not any("quotations" in f for f in written)
    sheets = pd.read_excel(tmp_path / "study" / "exports" / "tables.xlsx", sheet_name=None)
    assert len(sheets["cells"]) == 4
    texts = [p.read_text() for p in (tmp_path / "study" / "exports" / "tables").iterdir()]
    assert not any("zygodactyl" in text for text in texts)

    proposed("report", "--quotations", "--tables")
    assert "zygodactyl" in (tmp_path / "study" / "exports" / "report.html").read_text()
    assert "zygodactyl" in (tmp_path / "study" / "exports" / "tables" / "quotations.csv").read_text()
