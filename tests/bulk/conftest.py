"""An invented pile of small interviews, a model trained on some of them, and an engine without processes."""

from types import SimpleNamespace

import pandas as pd
import pytest
from hashing_encoder import HashingEncoder

from subtheme.bulk import JobInputs, run, work
from subtheme.bulk.work import participants_of
from subtheme.classifier import train, training_set
from subtheme.embeddings import embed_segments
from subtheme.proposals import CodedExcerpts, rolled_up
from subtheme.segments import segment_transcript, segments_table
from subtheme.study import READINGS, SEGMENT_CODES, Codebook
from subtheme.transcripts import read_transcripts

BOOK = """
format = "subtheme-codebook/1"
[[code]]
id = "work"
name = "Work"
[[code.code]]
id = "hours"
name = "Hours"
[[code.code]]
id = "pay"
name = "Pay"
"""
SAID = {
    "hours": "We start early and the rota changes with her morning.",
    "pay": "The wage stands still because the budget does.",
    "": "The building was cold and the kettle took its time.",
}


def interview(number: int) -> str:
    """Return one interview of six answers; the words differ by number, the codes go round."""
    lines = []
    for turn in range(6):
        code = ("hours", "pay", "")[(turn + number) % 3]
        lines += ["Interviewer: And then?", f"P{number}: {SAID[code]} That was visit {number * 7 + turn}."]
    return "\n\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def pile(tmp_path_factory):
    """Return a folder of twenty interviews, in two folders below it."""
    folder = tmp_path_factory.mktemp("pile")
    for number in range(20):
        place = folder / ("north" if number % 2 else "south")
        place.mkdir(exist_ok=True)
        (place / f"P{number:02}.txt").write_text(interview(number))
    return folder


def segments_of(folder):
    found = []
    for path in sorted(folder.rglob("*.txt")):
        (transcript,) = read_transcripts(path)
        found += segment_transcript(transcript, participants=participants_of(transcript))
    return segments_table(found)


def inputs_from(segments, encoder, cache, *, name="model"):
    """Return a trained model and its coded excerpts, as the command gives them."""
    book = Codebook.from_toml(BOOK, where="book.toml")
    rows = [
        {"segment": s, "code": code, "coder": "A", "direction": "supports", "origin": "blind"}
        for s, text in zip(segments["segment"], segments["text"], strict=True)
        for code, said in SAID.items()
        if code and said in text
    ]
    codes = SEGMENT_CODES.check(pd.DataFrame(rows), source="codes")
    readings = READINGS.check(
        pd.DataFrame({"coder": "A", "transcript": segments["transcript"].unique()}), source="readings"
    )
    vectors = embed_segments(segments, encoder=encoder)
    data = training_set(segments, codes, readings, book, level="sub-theme")
    model = train(data, vectors, book, level="sub-theme", name=name).model
    return JobInputs(
        model=model,
        version=f"{name}@0123456789ab",
        coded=CodedExcerpts(codes=rolled_up(codes, book, level="sub-theme"), vectors=vectors),
        cases={"P01": "North"},
        cache=cache,
    )


@pytest.fixture(scope="session")
def segments(pile):
    return segments_of(pile)


@pytest.fixture(scope="session")
def trained(segments, tmp_path_factory):
    return inputs_from(segments, HashingEncoder(), tmp_path_factory.mktemp("unused"))


@pytest.fixture
def inputs(trained, tmp_path):
    """Return the inputs of a run with a cache of its own."""
    from dataclasses import replace

    return replace(trained, cache=tmp_path / "cache")


@pytest.fixture
def here(monkeypatch):
    """Run shards in this process with an encoder that tells what it was asked; `limit` stops after so many shards."""
    state = SimpleNamespace(encoder=HashingEncoder(), limit=None)

    def run_here(job, shards, *, workers):
        for done, shard in enumerate(shards):
            if done == state.limit:
                raise KeyboardInterrupt
            yield work.run_shard(job, shard)

    monkeypatch.setattr(work, "_encoder", lambda name, fingerprint: state.encoder)
    monkeypatch.setattr(run, "run_locally", run_here)
    return state
