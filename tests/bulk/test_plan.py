import errno
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subtheme.bulk import Part, plan_of
from subtheme.errors import InputError


def test_the_plan_follows_the_paths_and_nothing_else(pile):
    plan = plan_of([pile], files_per_shard=6)
    assert [len(s.files) for s in plan.shards] == [6, 6, 6, 2]
    assert plan == plan_of([pile], files_per_shard=6)
    assert plan.files == 20
    assert [f.name for f in plan.shards[0].files[:2]] == ["P01.txt", "P03.txt"]


def test_few_transcripts_are_spread_and_many_fill_their_shards(tmp_path):
    for number in range(500):
        (tmp_path / f"{number:03}.txt").write_text("A: b")
    sizes = [len(s.files) for s in plan_of([tmp_path]).shards]
    assert sizes == [8] * 8 + [16] * 8 + [32] * 8 + [52]
    few = [tmp_path / f"{number:03}.txt" for number in range(20)]
    assert plan_of(few).shards[:2] == plan_of([tmp_path]).shards[:2]


def test_a_large_file_closes_a_shard(tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text("word " * (23_500 if name == "b" else 1000))
    assert [len(s.files) for s in plan_of([tmp_path]).shards] == [2, 1]
    (tmp_path / "a.txt").write_text("word " * 30_000)
    assert [len(s.files) for s in plan_of([tmp_path]).shards] == [1, 2]


def test_other_words_give_another_shard(pile, tmp_path):
    (tmp_path / "P01.txt").write_text("A: b")
    before = plan_of([tmp_path]).shards[0].inputs_hash
    (tmp_path / "P01.txt").write_text("A: c")
    assert plan_of([tmp_path]).shards[0].inputs_hash != before


def test_a_second_transcript_of_one_name_is_named_and_left(tmp_path):
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "P1.txt").write_text("A: b")
    plan = plan_of([tmp_path])
    assert plan.files == 1
    (problem,) = plan.refused
    assert str(problem) == (
        "P1.txt: a second transcript named 'P1'; expected one; the first is in one/P1.txt. Rename one of the files."
    )


def test_a_name_that_is_no_text_is_told_and_the_others_go_on(tmp_path):
    for name in ("Gespräch.txt", "Gespräch.mp3"):
        try:
            (tmp_path / os.fsdecode(name.encode("latin-1"))).write_text("A: b")
        except OSError:
            pytest.skip("this file system takes no such names")
    (tmp_path / "Gespräch.txt").write_text("A: b")
    plan = plan_of([tmp_path])
    assert [f.name for s in plan.shards for f in s.files] == ["Gespräch.txt"]
    (problem,) = plan.refused
    assert str(problem).startswith("Gespr�ch.txt: the name is not written in UTF-8")
    json.dumps([problem.as_dict(), plan.left_out, plan.shards[0].inputs_hash], ensure_ascii=False).encode()


def test_a_folder_without_transcripts_is_refused(tmp_path):
    (tmp_path / "talk.mp3").write_bytes(b"x")
    with pytest.raises(InputError, match="no transcript to read"):
        plan_of([tmp_path])


@given(st.integers(1, 9))
def test_parts_hold_every_shard_once(count):
    shards = [type("S", (), {"number": n})() for n in range(23)]
    parts = [Part(number=i + 1, count=count).shards(shards) for i in range(count)]
    assert sorted(s.number for part in parts for s in part) == list(range(23))


@pytest.mark.parametrize("text", ["0/3", "4/3", "1", "a/b", "1/0", "-1/2"])
def test_a_part_that_is_none_is_refused(text):
    with pytest.raises(InputError, match=r"no part .*expected i/n with i from 1 to n"):
        Part.read(text)


def test_a_file_that_cannot_be_read_is_named_and_the_others_go_on(tmp_path, monkeypatch):
    for name in ("P1.txt", "P2.txt"):
        (tmp_path / name).write_text("A: b")
    whole = Path.open

    def refuses(self, *words, **more):
        if self.name == "P1.txt":
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return whole(self, *words, **more)

    monkeypatch.setattr(Path, "open", refuses)
    plan = plan_of([tmp_path])
    assert [f.name for s in plan.shards for f in s.files] == ["P2.txt"]
    assert [str(p) for p in plan.refused] == [
        "P1.txt: cannot read or write here (Permission denied). Mend it and try again."
    ]
    with pytest.raises(InputError, match=r"(?s)P1\.txt: cannot read.*no transcript to read"):
        plan_of([tmp_path / "P1.txt"])
