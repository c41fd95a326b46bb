"""doccano and Label Studio: out and in, and what their own files hold."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_study import outline_book

from subtheme.errors import InputError
from subtheme.exchange import HeldStudy, is_project, read_project, write_study
from subtheme.nouns import CODINGS, PARTICIPANTS, PROPOSALS, READINGS, SEGMENTS, Codebook, Transcript

BOOK = Codebook.from_toml(
    outline_book("time: Time\n  shifts: Shifts\n  other: Other\npay: Pay\n  pay-other: Other"), where="book"
)
TEXT = "Split 😀 shifts.\nCafé – in the morning.\n"


def held(rows, text=TEXT):
    transcript = Transcript(id="A", text=text, turns=(), source="A.txt", grammar="x", encoding="utf-8")
    blank = {"participant": "A", "transcript": "A"}
    return HeldStudy(
        codebook=BOOK,
        transcripts=(transcript,),
        participants=PARTICIPANTS.check(pd.DataFrame([{"participant": "A", "case": "X"}]), source="x"),
        codings=CODINGS.check(
            pd.DataFrame([{**blank, **row} for row in rows], columns=list(CODINGS.names)), source="x"
        ),
        readings=READINGS.empty(),
        segments=SEGMENTS.empty(),
        proposals=PROPOSALS.empty(),
        decisions=pd.DataFrame(),
    )


def row(code, quote, coder="ann", **more):
    start = TEXT.index(quote)
    return {"code": code, "coder": coder, "start_char": start, "end_char": start + len(quote), **more}


ROWS = [
    row("shifts", "😀 shifts"),
    row("shifts", "shifts", "ben", memo="look"),
    row("pay-other", "Café – in", "ben", direction="counters"),
    row("pay-other", "morning", "ben"),
    row("other", "the", "model-1", origin="auto"),
]


def seen(project):
    names = ["coder", "origin", "direction", "quote"]
    table = project.quoted_codings.assign(origin=project.codings["origin"], direction=project.codings["direction"])
    return sorted(map(tuple, table[names].values.tolist()))


def test_label_studio_keeps_people_models_counter_examples_and_memos(tmp_path):
    path = tmp_path / "out.json"
    loss = write_study(held(ROWS), path)
    assert (loss.read, loss.kept) == ({"codings": 5}, {"codings": 5})
    (task,) = json.loads(path.read_text(encoding="utf-8"))
    first = task["annotations"][0]["result"][0]["value"]
    assert (first["start"], first["end"], first["text"]) == (6, 15, "😀 shifts")
    assert [p["model_version"] for p in task["predictions"]] == ["model-1"]
    assert '<Label value="Other (Pay)"/>' in (tmp_path / "out.config.xml").read_text(encoding="utf-8")
    project = read_project(path)
    assert seen(project) == [
        ("ann", "blind", "supports", "😀 shifts"),
        ("ben", "blind", "counters", "Café – in"),
        ("ben", "blind", "supports", "morning"),
        ("ben", "blind", "supports", "shifts"),
        ("model-1", "auto", "supports", "the"),
    ]
    assert "look" in set(project.codings["memo"])
    assert project.sources[0].choice.quotes_confirmed == 5


def test_doccano_keeps_coders(tmp_path):
    path = tmp_path / "out.jsonl"
    loss = write_study(held(ROWS), path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert lines[0]["label"] == [[6, 15, "Shifts"]]
    assert "no place for memos" in loss.warnings[0]
    project = read_project(path)
    assert seen(project) == [
        ("ann", "blind", "supports", "😀 shifts"),
        ("ben", "blind", "counters", "Café – in"),
        ("ben", "blind", "supports", "morning"),
        ("ben", "blind", "supports", "shifts"),
        ("model-1", "blind", "supports", "the"),
    ]
    assert len(project.sources) == 1
    assert project.loss.warnings == ()


@given(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=40), st.data()
)
@settings(max_examples=40, deadline=None)
def test_any_place_of_any_text_comes_back(tmp_path_factory, text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    folder = tmp_path_factory.mktemp("spans")
    for name in ("x.json", "x.jsonl"):
        write_study(held([{"code": "shifts", "start_char": start, "end_char": end}], text), folder / name)
        project = read_project(folder / name)
        assert project.texts == {"A": text.removeprefix("\ufeff")}
        if not text.startswith("\ufeff"):
            assert project.codings[["start_char", "end_char"]].values.tolist() == [[start, end]]


def test_spellings_of_doccano(tmp_path):
    text = "one two three"
    records = [
        {"id": 1, "text": text, "label": [[0, 3, "A"]]},
        {"id": 2, "text": text, "labels": [[4, 7, "B"]], "username": "ann", "name": "T"},
        {
            "id": 3,
            "data": text,
            "entities": [{"label": "A", "start_offset": 8, "end_offset": 13, "id": 5}],
            "relations": [],
        },
        {"id": 4, "text": text, "label": ["whole"]},
        {"id": 5, "text": text, "label": [[0, 99, "A"], ["x", 2, "A"], [1], [True, 3, "A"]]},
    ]
    path = tmp_path / "d.jsonl"
    path.write_text("\n".join(map(json.dumps, records)) + "\n")
    project = read_project(path)
    found = project.quoted_codings[["transcript", "coder", "quote"]].values.tolist()
    assert sorted(found) == [
        ["T", "ann", "two"],
        ["d-1", "coder", "one"],
        ["d-3", "coder", "three"],
        ["d-4", "coder", ""],
    ]
    assert [d.where for d in project.loss.dropped] == [f"d-5, line 5, label {n}" for n in (1, 2, 3, 4)]


def test_what_label_studio_may_hold(tmp_path):
    def region(kind="labels", **value):
        return {"id": "r", "type": kind, "value": value}

    tasks = [
        {
            "id": 7,
            "data": {"text": "one two"},
            "annotations": [
                {"completed_by": 3, "result": [region(start=0, end=3, text="one", labels=["A", "B"])]},
                {
                    "completed_by": {"email": "x@y.z"},
                    "result": [region("choices", choices=["A"]), region("rating", rating=4)],
                },
                {"completed_by": 4, "was_cancelled": True, "result": [region(start=4, end=7, labels=["A"])]},
                {
                    "result": [
                        region(
                            "hypertextlabels",
                            start="/p[1]",
                            globalOffsets={"start": 4, "end": 7},
                            hypertextlabels=["A"],
                        )
                    ]
                },
            ],
        },
        {"id": 8, "data": {"image": "x.png"}, "annotations": []},
    ]
    path = tmp_path / "ls.json"
    path.write_text(json.dumps(tasks))
    assert is_project(path)
    project = read_project(path)
    assert sorted(project.quoted_codings[["coder", "code", "quote"]].values.tolist()) == [
        ["coder", "a", "two"],
        ["user 3", "a", "one"],
        ["user 3", "b", "one"],
        ["x@y.z", "a", ""],
    ]
    assert [(d.what, d.reason) for d in project.loss.dropped] == [
        ("region", "a region of type 'rating' names no code"),
        ("coding", "its annotation was skipped"),
        ("source", "the task has no text"),
    ]


def test_each_of_two_texts_with_one_name_is_counted_in_its_own_way(tmp_path):
    tasks = []
    for text, quote, is_utf_16 in (("😀 Split shifts 😀 again", "shifts", True), ("😀 Rota 😀 and pay", "pay", False)):
        start = text.index(quote)
        start += text[:start].count("😀") * is_utf_16
        value = {"start": start, "end": start + len(quote), "text": quote, "labels": ["Time"]}
        regions = [{"id": "r", "type": "labels", "value": value}]
        tasks.append({"data": {"text": text, "transcript": "A"}, "annotations": [{"result": regions}]})
    path = tmp_path / "two.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    project = read_project(path)
    assert list(project.quoted_codings["quote"]) == ["shifts", "pay"]
    assert len({s.name for s in project.sources}) == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.jsonl", '{"text": 1}\n', "x.jsonl, line 1: no text"),
        ("x.jsonl", "{\n", "x.jsonl, line 1: not readable as JSON"),
        ("x.jsonl", "[" * 100_000, "not readable as JSON"),
        ("x.jsonl", '{"text": "a", "n": ' + "9" * 5000 + "}", "not readable as JSON"),
        ("x.jsonl", " \n", "no lines"),
        ("x.json", '[{"data": 3, "annotations": []}]', "not an export of Label Studio"),
    ],
)
def test_what_is_none_is_refused(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(InputError) as error:
        read_project(path)
    assert message in str(error.value)


def test_texts_that_no_store_keeps_are_told(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "bad \\ud800", "label": [[0, 3, "A\\ud800"]]}\n{"text": "good", "label": []}\n')
    project = read_project(path)
    assert list(project.texts.values()) == ["good"]
    assert [(d.what, d.reason.partition(":")[0]) for d in project.loss.dropped] == [
        ("text", "its text cannot be read"),
        ("coding", "its text cannot be read"),
    ]


def test_a_whisper_file_is_no_project(tmp_path):
    path = tmp_path / "w.json"
    path.write_text('{"segments": [{"start": 0, "end": 1, "text": "a"}]}')
    assert not is_project(path)
