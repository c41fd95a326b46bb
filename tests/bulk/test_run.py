import json
import os
import subprocess
import sys
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hashing_encoder import HashingEncoder

from subtheme.bulk import Part, local, plan_of, prepare_job, run_job, work
from subtheme.bulk.shard_file import ShardFile, _temporary, sweep
from subtheme.classifier import ThemeModel
from subtheme.errors import InputError, StudyError
from subtheme.proposals import precode

pq = pytest.importorskip("pyarrow.parquet", reason="the extra 'bulk' is not installed")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def table(folder: Path) -> pd.DataFrame:
    files = sorted((folder / "shards").rglob("*.parquet"))
    return pd.concat([pq.read_table(f).to_pandas() for f in files], ignore_index=True)


def start(pile, inputs, folder, **options):
    plan = plan_of([pile], files_per_shard=3)
    return run_job(prepare_job(folder, plan, inputs), plan, **options)


@pytest.fixture
def undisturbed(pile, inputs, here, tmp_path):
    folder = tmp_path / "undisturbed"
    start(pile, inputs, folder)
    return folder


def test_proposals_are_those_of_the_study_path(pile, inputs, segments, undisturbed):
    found = table(undisturbed)
    whole = precode(segments, model=inputs.model, version=inputs.version, encoder=HashingEncoder(), coded=inputs.coded)
    whole = whole.merge(segments[["segment", "transcript", "start_char"]], on="segment")
    whole = whole.sort_values(["transcript", "start_char", "code"]).reset_index(drop=True)
    found = found.sort_values(["transcript", "start_char", "code"]).reset_index(drop=True)
    for column in ("segment", "code", "threshold", "model", "evidence"):
        assert found[column].tolist() == whole[column].tolist()
    assert np.abs(found["probability"] - whole["probability"]).max() < 2e-6
    assert set(found["case"]) == {"", "North"}
    summary = json.loads((undisturbed / "run.json").read_text())
    assert summary["rows"] == len(found)
    assert (summary["files"], summary["transcripts"], summary["failures"]) == (20, 20, [])


def test_progress_counts_files_up_to_all(pile, inputs, here, tmp_path):
    seen = []
    start(pile, inputs, tmp_path / "out", progress=lambda *x: seen.append(x))
    assert seen[0] == (0, 20)
    assert seen[-1] == (20, 20)


def test_an_interrupted_run_goes_on_and_gives_the_same_bytes(pile, inputs, here, undisturbed, tmp_path):
    folder = tmp_path / "out"
    for limit in (2, 3):
        here.limit = limit
        with pytest.raises(KeyboardInterrupt):
            start(pile, inputs, folder)
        assert not (folder / "run.json").exists()
    here.limit = None
    assert start(pile, inputs, folder).resumed == 5
    assert contents(folder) == contents(undisturbed)


@pytest.mark.parametrize("damage", ["truncated", "empty", "of another program"])
def test_a_damaged_shard_is_never_read_as_whole(pile, inputs, here, undisturbed, damage):
    good = contents(undisturbed)
    path = undisturbed / "shards" / "0000" / "0000003.parquet"
    data = bytearray(path.read_bytes())
    if damage == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif damage == "empty":
        path.write_bytes(b"")
    else:
        path.write_bytes(b"PAR0" * 100)
    assert start(pile, inputs, undisturbed).resumed == 6
    assert contents(undisturbed) == good


def test_a_flipped_byte_is_noticed_wherever_it_matters(pile, inputs, here, undisturbed):
    file = ShardFile(folder=undisturbed, number=3, run_id=json.loads((undisturbed / "run.json").read_text())["run_id"])
    data, good = file.path.read_bytes(), file.receipt()
    rows = pq.read_table(file.path).to_pandas()
    noticed = 0
    for at in range(4, len(data) - 8, len(data) // 40):
        file.path.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        try:
            receipt = file.receipt()
        except StudyError:
            receipt = None
        noticed += receipt is None
        assert receipt is None or (receipt == good and pq.read_table(file.path).to_pandas().equals(rows))
    assert noticed > 20


def test_a_shard_of_another_run_is_left_alone(pile, inputs, here, undisturbed):
    job = prepare_job(undisturbed, plan_of([pile], files_per_shard=3), inputs)
    stranger = ShardFile(folder=undisturbed, number=0, run_id="f" * 64)
    with pytest.raises(StudyError, match=r"a file of another run stands where a shard belongs.*--out"):
        stranger.receipt()
    assert ShardFile(folder=undisturbed, number=0, run_id=job.run_id).receipt() is not None


def test_another_run_in_the_folder_is_refused_and_changes_nothing(pile, inputs, here, undisturbed, tmp_path):
    before = contents(undisturbed)
    with pytest.raises(StudyError, match=r"the folder holds another run .*nothing was changed"):
        start(pile, replace(inputs, target_words=20), undisturbed)
    model = replace(inputs.model, weights=inputs.model.weights.with_thresholds(np.array([0.9, 0.9])))
    with pytest.raises(StudyError, match="other transcripts, model, settings or version"):
        start(pile, replace(inputs, model=model, version="model@ba9876543210"), undisturbed)
    assert contents(undisturbed) == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    with pytest.raises(StudyError, match="the folder holds something else than a run"):
        start(pile, inputs, tmp_path / "mine")
    with pytest.raises(StudyError, match="the folder is a file"):
        start(pile, inputs, tmp_path / "mine" / "thesis.txt")
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.txt"]
    (undisturbed / "job.json").write_text("{}")
    with pytest.raises(StudyError, match="the description of the run is damaged"):
        start(pile, inputs, undisturbed)


def test_parts_of_a_run_make_the_whole(pile, inputs, here, undisturbed, tmp_path):
    folder = tmp_path / "out"
    first = start(pile, inputs, folder, part=Part.read("1/2"))
    assert (first.shards_missing, (folder / "run.json").exists()) == (3, False)
    second = start(pile, inputs, folder, part=Part.read("2/2"))
    assert second.shards_missing == 0
    assert first.rows + second.rows == len(table(folder))
    assert contents(folder) == contents(undisturbed)


def test_a_transcript_that_fails_is_named_and_the_others_go_on(pile, inputs, here, tmp_path):
    folder = tmp_path / "talks"
    folder.mkdir()
    (folder / "alone.txt").write_text("Anna: my canary is not a miner\n\nAnna: canary again\n")
    (folder / "broken.docx").write_bytes(b"canary")
    (folder / "odd.json").write_text('{"canary": 1}')
    (folder / "good.txt").write_text((pile / "north" / "P01.txt").read_text())
    plan = plan_of([folder, pile], files_per_shard=3)
    result = run_job(prepare_job(tmp_path / "out", plan, inputs), plan)
    assert result.transcripts == 21
    assert {p.where.split(",")[0] for p in result.failures} == {"alone.txt", "broken.docx", "odd.json"}
    assert "canary" not in repr(result)
    again = run_job(prepare_job(tmp_path / "out", plan, inputs), plan)
    assert again.failures == result.failures


def test_a_shard_that_fails_unforeseen_is_named_and_the_others_are_done(pile, inputs, here, tmp_path, monkeypatch):
    plan = plan_of([pile], files_per_shard=3)
    whole = work.proposals_of

    def fails(job, shard):
        if shard.number == 2:
            raise RuntimeError("canary")
        return whole(job, shard)

    monkeypatch.setattr(work, "proposals_of", fails)
    with pytest.raises(StudyError, match=r"shard 2 \(.*\): cannot be pre-coded \(RuntimeError\)") as told:
        run_job(prepare_job(tmp_path / "out", plan, inputs), plan)
    assert "canary" not in str(told.value)
    assert len(list((tmp_path / "out" / "shards").rglob("*.parquet"))) == len(plan.shards) - 1


def test_a_file_that_changes_during_the_run_is_named(pile, inputs, here, tmp_path):
    folder = tmp_path / "talks"
    folder.mkdir()
    (folder / "P1.txt").write_text((pile / "north" / "P01.txt").read_text())
    plan = plan_of([folder])
    job = prepare_job(tmp_path / "out", plan, inputs)
    (folder / "P1.txt").write_text("Interviewer: And?\n\nP1: something else altogether.\n")
    result = run_job(job, plan)
    assert [p.what for p in result.failures] == ["the file changed while the run was going on"]


def test_after_a_retraining_nothing_is_embedded_again(pile, inputs, here, undisturbed, tmp_path):
    assert here.encoder.calls
    here.encoder = HashingEncoder()
    retrained: ThemeModel = replace(inputs.model, name="second")
    start(pile, replace(inputs, model=retrained, version="second@0"), tmp_path / "second")
    assert here.encoder.calls == []


def test_vectors_of_another_encoder_in_the_cache_are_not_used(pile, inputs, here, undisturbed, tmp_path):
    here.encoder = HashingEncoder(name="other")
    with pytest.raises(StudyError, match="vectors of another encoder than model 'model' was trained on"):
        start(pile, inputs, tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.parquet"))


def test_an_unknown_engine_is_refused(pile, inputs, tmp_path):
    with pytest.raises(InputError, match=r"no engine 'spark'.*expected local, dask, or a scheduler"):
        start(pile, inputs, tmp_path / "out", engine="spark")


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("no file system can be mounted here (needs root)")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_on_a_full_disk_the_run_stops_with_a_word_and_goes_on_later(pile, inputs, here, undisturbed, small_disk):
    folder = small_disk / "out"
    plan = plan_of([pile], files_per_shard=3)
    job = prepare_job(folder, plan, inputs)
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as stream, pytest.raises(OSError, match="No space left"):
        while True:
            stream.write(bytes(4096))
    with pytest.raises(StudyError, match=r"no space is left.*give the same command again: finished shards are kept"):
        run_job(job, plan)
    assert not list(folder.rglob("*.part"))
    filler.unlink()
    run_job(prepare_job(folder, plan, inputs), plan)
    assert contents(folder) == contents(undisturbed)


def test_the_first_commit_wins(pile, inputs, here, undisturbed):
    job = prepare_job(undisturbed, plan_of([pile], files_per_shard=3), inputs)
    file = ShardFile(folder=undisturbed, number=0, run_id=job.run_id)
    before = file.path.read_bytes()
    frame = pq.read_table(file.path).to_pandas()
    file.commit(frame.head(1), replace(file.receipt(), rows=1))
    assert file.path.read_bytes() == before


def test_leftovers_of_the_dead_are_swept_and_of_the_living_are_not(tmp_path):
    dies = (
        "import os, sys, pathlib\nfrom subtheme.bulk.shard_file import _temporary\n"
        "with _temporary(pathlib.Path(sys.argv[1])) as file:\n    file.write_bytes(b'x')\n    os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", dies, tmp_path / "dead.parquet"], check=False)
    (left,) = tmp_path.glob(".dead*.part")
    foreign, old = tmp_path / ".a.parquet.0.elsewhere.part", tmp_path / ".old.parquet.0.elsewhere.part"
    for path in (foreign, old):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    with _temporary(tmp_path / "alive.parquet") as written:
        written.write_bytes(b"x")
        assert sweep(tmp_path) == 2
        assert (written.exists(), foreign.exists(), old.exists(), left.exists()) == (True, True, False, False)
    assert list(tmp_path.iterdir()) == [foreign]


def test_a_shard_that_kills_its_process_is_given_up_and_named(pile, inputs, tmp_path, monkeypatch):
    class Deadly:
        def __init__(self, workers):
            self.workers = workers

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def shutdown(self, **_):
            return None

        def submit(self, function, job, shard):
            future = Future()
            if shard.number == 1:
                future.set_exception(BrokenProcessPool())
            else:
                future.set_result(function(job, shard))
            return future

    monkeypatch.setattr(local, "_pool", Deadly)
    monkeypatch.setattr(local, "run_shard", lambda job, shard: f"done {shard.number}")
    plan = plan_of([pile], files_per_shard=6)
    job = prepare_job(tmp_path / "out", plan, inputs)
    receipts = list(local.run_locally(job, plan.shards, workers=2))
    assert sorted(r for r in receipts if isinstance(r, str)) == ["done 0", "done 2", "done 3"]
    (given_up,) = [r for r in receipts if not isinstance(r, str)]
    assert str(given_up.fault).startswith(
        "shard 1 (P13.txt, P15.txt, P17.txt and more): the process died 3 times over a shard"
    )
