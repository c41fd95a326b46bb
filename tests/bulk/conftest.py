"""A pile of interviews, a model for it, and an engine without processes."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from bulk_pile import inputs_from, interview, segments_of
from hashing_encoder import HashingEncoder

from subtheme.bulk import run, work


@pytest.fixture(scope="session")
def pile(tmp_path_factory):
    """Return a folder of twenty interviews, in two folders below it."""
    folder = tmp_path_factory.mktemp("pile")
    for number in range(20):
        place = folder / ("north" if number % 2 else "south")
        place.mkdir(exist_ok=True)
        (place / f"P{number:02}.txt").write_text(interview(number))
    return folder


@pytest.fixture(scope="session")
def segments(pile):
    return segments_of(pile)


@pytest.fixture(scope="session")
def trained(segments, tmp_path_factory):
    return inputs_from(segments, HashingEncoder(), tmp_path_factory.mktemp("unused"))


@pytest.fixture
def inputs(trained, tmp_path):
    """Return the inputs of a run with a cache of its own."""
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
