"""Channel invariance: the same work gives the same judgements, table, agreement and training set, however it came in."""

import os
import random

import pytest
from study.histories import LATER, Act, base_study, by_sheets, by_window, copy_of, history, outcome, united

from subtheme.study import Study

HISTORIES = int(os.environ.get("SUBTHEME_HISTORIES", "8"))


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return base_study(tmp_path_factory.mktemp("histories"))


@pytest.fixture(scope="module")
def segments(base):
    with base.store() as store:
        return store.segments()


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_window_and_sheets_come_to_the_same(base, segments, tmp_path, seed):
    acts = history(seed, segments)
    page, sheets = copy_of(base, tmp_path / "page"), copy_of(base, tmp_path / "sheets")
    by_window(page, acts)
    by_sheets(sheets, acts)
    found = outcome(page)
    assert found == outcome(sheets)
    assert found["judgements"]


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_copies_that_were_worked_on_apart_come_together_in_either_order(base, segments, tmp_path, seed):
    acts = history(1000 + seed, segments)
    draw = random.Random(seed)
    coders = sorted({a.coder for a in acts})
    here = set(draw.sample(coders, draw.randint(1, len(coders))))
    mine, theirs = copy_of(base, tmp_path / "mine"), copy_of(base, tmp_path / "theirs")
    by_window(mine, [a for a in acts if a.coder in here])
    by_window(theirs, [a for a in acts if a.coder not in here])
    first, second = copy_of(base, tmp_path / "first"), copy_of(base, tmp_path / "second")
    united([mine, theirs], first)
    united([theirs, mine], second)
    united([mine, theirs], second)  # what has come once changes nothing
    assert outcome(first) == outcome(second)
    united([theirs], mine)
    assert outcome(mine) == outcome(first)


@pytest.mark.parametrize("seed", range(max(3, HISTORIES // 4)))
def test_a_code_that_came_later_is_open_whatever_way_the_work_came(base, segments, tmp_path, seed):
    acts = history(2000 + seed, segments)
    page, sheets = copy_of(base, tmp_path / "page"), copy_of(base, tmp_path / "sheets")
    by_window(page, acts)
    by_sheets(sheets, acts)
    for study in (page, sheets):
        (study.path / "codebook.toml").write_text(LATER, encoding="utf-8")
    found = outcome(page)
    assert found == outcome(sheets)
    assert not [row for row in found["judgements"] if row[2] == "late"]


@pytest.mark.parametrize("seed", range(3))
def test_a_lone_coder_sees_the_table_of_the_study(base, segments, tmp_path, seed):
    acts = [a for a in history(3000 + seed, segments) if a.coder == "anna"]
    study = copy_of(base, tmp_path / "alone")
    by_window(study, acts)
    opened = Study.open(study.path)
    assert opened.as_seen_by("anna").table().as_dict() == opened.table().as_dict()


def test_others_answers_are_left_out_and_what_files_brought_is_there(base, segments, tmp_path):
    study = copy_of(base, tmp_path / "others")
    first, second = segments["segment"].iloc[0], segments["segment"].iloc[5]
    by_window(
        study,
        [
            Act("file", "anna", spans=((first, "pay", "supports"),)),
            Act("turn", "ben", second, given=(("team", "add"),)),
        ],
    )
    seen = Study.open(study.path).as_seen_by("eve").judgements
    assert seen.coders == ("anna",)
