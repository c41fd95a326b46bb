"""Commands that learn, on a study of words that give their codes away, without a sentence encoder."""

import json
import shutil
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import pandas as pd
import pytest
from hashing_encoder import HashingEncoder
from small_study import small_book
from typer.testing import CliRunner

from subtheme.classifier import load_model, save_model
from subtheme.cli.app import app
from subtheme.nouns import Event, EventKind
from subtheme.study import Study

BOOK = small_book("Work", "Hours", "Pay", "Dog") + 'definition = "The dog of the house."\n'
SAID = {
    "hours": "We start early and the rota changes with her morning shift, number {n} of the week.",
    "pay": "The wage stands still because the budget does, for the {n} year in a row now.",
    "": "The building was cold and the kettle took its time again, cup {n} of the day.",
}
PEOPLE = [f"P{i}" for i in range(9)]
CODED = PEOPLE[:6]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("learning")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("SUBTHEME_STUDY", "study")
        patch.setattr("subtheme.study.vectors.load_encoder", lambda *_, **__: HashingEncoder())

        def invoke(*words, code=0):
            result = CliRunner().invoke(app, [str(w) for w in words])
            assert result.exit_code == code, result.output + repr(result.exception)
            return result

        (folder / "book.toml").write_text(BOOK)
        (folder / "people.csv").write_text("\n".join(["participant,case", *(f"{p},A" for p in PEOPLE)]))
        (folder / "talks").mkdir()
        rows = ["participant,code,transcript,quote"]
        for person in PEOPLE:
            codes = list(islice(cycle(SAID), 12))
            lines = [SAID[code].format(n=n) for n, code in enumerate(codes)]
            talk = "\n\n".join(f"Interviewer: And then?\n\n{person}: {line}" for line in lines)
            (folder / "talks" / f"{person}.txt").write_text(talk + "\n")
            if person in CODED:
                rows += [f'{person},{code},{person},"{line}"' for line, code in zip(lines, codes, strict=True) if code]
        (folder / "codings.csv").write_text("\n".join(rows))
        invoke("new", "study", "--codebook", "book.toml")
        invoke("import", "talks", "--participants", "people.csv")
        invoke("codings", "codings.csv", "--coder", "anna")
        invoke("train")
        yield invoke


def test_what_to_code_next_is_unread_and_has_its_reason(run):
    found = json.loads(run("next", "segments", "--count", "10", "--json").stdout)
    assert len(found["rows"]) == 10
    assert {row["participant"] for row in found["rows"]} <= set(PEOPLE) - set(CODED)
    assert "random" in {row["reason"] for row in found["rows"]}
    transcripts = json.loads(run("next", "transcripts", "--count", "2", "--json").stdout)
    assert len(transcripts["rows"]) == 2


def test_codes_that_are_not_learned_are_ranked_without_a_probability(run):
    found = json.loads(run("next", "unlearned", "--count", "3", "--json").stdout)
    assert found["note"].startswith("Not learned yet")
    assert [row["code"] for row in found["rows"]] == ["dog"] * 3
    assert "probability" not in found["rows"][0]


def test_missed_codes_are_of_read_transcripts(run):
    found = json.loads(run("next", "missed", "--count", "4", "--json").stdout)
    assert [row["rank"] for row in found["rows"]] == [1, 2, 3, 4]
    assert {row["segment"].split(":")[0] for row in found["rows"]} <= set(CODED)


def test_comparing_on_training_participants_is_refused(run):
    assert "trained on 6 of the 6 coded participants" in run("compare", "model", "model", code=1).stderr


def test_another_thing_cannot_be_asked_for(run):
    assert "segments, transcripts, missed, unlearned" in run("next", "everything", code=1).stderr


@pytest.fixture
def elsewhere(run):
    """Return the folder of a model that has seen nobody of the study."""
    model = load_model(Path("study/models/model"))
    save_model(replace(model, facts={**model.facts, "trained_on": ["Q0"]}), Path("elsewhere/older"))
    return Path("elsewhere/older")


def test_going_on_from_an_older_model_is_reported(run, elsewhere):
    answer = json.loads(run("train", "--name", "second", "--from", elsewhere, "--json").stdout)
    assert answer["facts"]["from_model"].startswith("older@")
    assert "Q0" in answer["facts"]["trained_on"]
    assert any("help" in note for note in answer["notes"])
    seen = run("train", "--name", "second", "--from", "study/models/model", code=1).stderr
    assert "was trained on 6 of the 6 participants that are learned from, such as P0" in seen
    assert "expected --from FOLDER" in run("train", "--map", "book.toml", code=1).stderr
    Path("map.csv").write_text("before,after\nx,y\n")
    refused = run("train", "--from", elsewhere, "--map", "map.csv", code=1).stderr
    assert "map.csv: column 'old' is missing; expected the columns old, new" in refused
    assert json.loads(run("status", "--json").stdout)["stale_judgements"] == 0


def test_without_a_model_every_code_is_ranked_by_the_codebook(run):
    models = Path("study/models")
    models.rename("study/models-elsewhere")
    try:
        found = json.loads(run("next", "unlearned", "--count", "2", "--json").stdout)
    finally:
        Path("study/models-elsewhere").rename(models)
    assert [row["code"] for row in found["rows"]] == ["hours", "hours", "pay", "pay", "dog", "dog"]


def test_an_older_model_is_followed_instead_of_the_codebook_which_is_not_embedded(run, elsewhere, monkeypatch):
    def unwanted(*_, **__):
        raise AssertionError("the codebook was embedded")

    monkeypatch.setattr("subtheme.study.vectors.embed_codebook", unwanted)
    run("train", "--name", "second", "--from", elsewhere)


def test_a_counter_example_was_not_missed(run):
    first = json.loads(run("next", "missed", "--count", "1", "--json").stdout)["rows"][0]
    transcript, _, span = first["segment"].partition(":")
    start, _, end = span.partition("-")
    Path("counter.csv").write_text(
        "participant,code,transcript,start_char,end_char,direction\n"
        f"{transcript},{first['code']},{transcript},{start},{end},counters\n"
    )
    run("codings", "counter.csv", "--coder", "anna")
    rows = json.loads(run("next", "missed", "--count", "20", "--json").stdout)["rows"]
    assert (first["segment"], first["code"]) not in {(row["segment"], row["code"]) for row in rows}


def test_what_an_adjudicated_answer_denies_teaches_nothing(run):
    study = Study.open("study")
    before = study.training_set(["anna"])
    row, column = (int(found[0]) for found in before.Y.nonzero())
    answer = Event(
        uid="1",
        kind=EventKind.ANSWERED,
        coder="ben",
        segment=before.segments["segment"].iat[row],
        code=before.codes[column],
        value="reject",
        origin="agreed",
    )
    after = study.with_events([*study.events, answer]).training_set(["anna"])
    changed = (before.Y != after.Y).nonzero()
    assert [(int(a), int(b)) for a, b in zip(*changed, strict=True)] == [(row, column)]


def test_answers_about_new_interviews_teach_the_next_model(run, monkeypatch):
    monkeypatch.setattr("subtheme.study.standing._WORTH_TRAINING", 10)
    monkeypatch.setenv("SUBTHEME_STUDY", "taught")
    shutil.copytree("study", "taught")
    run("train")
    run("precode")
    assert not any("has learned from" in note for note in json.loads(run("status", "--json").stdout)["table"]["notes"])
    run("sheet", "out", "questions.csv", "--order", "proposals")
    questions = pd.read_csv("questions.csv", dtype=str, keep_default_na=False)
    assert set(questions["participant"]) <= set(PEOPLE) - set(CODED)
    questions["decision"] = list(islice(cycle(("accept", "accept", "reject")), len(questions)))
    questions.to_csv("questions.csv", index=False)
    run("sheet", "in", "questions.csv", "--coder", "ben")

    (note,) = [n for n in json.loads(run("status", "--json").stdout)["table"]["notes"] if "has learned from" in n]
    assert note.startswith(f"the model that proposed has learned from 0 of {len(questions)} answers")
    alone = json.loads(run("train", "--coder", "anna", "--json").stdout)
    assert alone["facts"]["answers"] == 0
    taught = json.loads(run("train", "--coder", "anna", "--coder", "ben", "--json").stdout)
    assert taught["facts"]["answers"] == len(questions)
    assert set(taught["facts"]["trained_on"]) == {*CODED, *questions["participant"]}
    assert any(n.startswith(f"{len(questions)} answers on") for n in taught["notes"])
    run("precode")
    assert not any("has learned from" in note for note in json.loads(run("status", "--json").stdout)["table"]["notes"])
    assert f"{len(questions)} answers" in Path("taught/models/model/model-card.md").read_text()


def test_a_model_remembers_the_codebooks_of_those_whose_place_it_took(run):
    book = Path("study/codebook.toml")
    for words in ("A dog.", "Another dog."):
        run("train", "--name", "third")
        book.write_text(BOOK.replace("The dog of the house.", words))
    facts = json.loads(run("train", "--name", "third", "--json").stdout)["facts"]
    assert len(facts["earlier_codebooks"]) == 2
    assert {len(meanings) for meanings in facts["earlier_codebooks"].values()} == {4}
