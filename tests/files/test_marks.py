"""Marks, and the held lock."""

import sqlite3

import pytest

from subtheme.errors import StudyError
from subtheme.files import Mark, MarkKind, Store, chain_of
from subtheme.judgements import holding
from subtheme.nouns import Decision, Verdict


@pytest.fixture
def store(small_study):
    with small_study.store() as opened:
        yield opened


@pytest.fixture
def segment(store):
    return store.segments()["segment"].iloc[0]


def test_a_mark_comes_back_and_is_stored_once(store, segment):
    mark = Mark(uid="m1", coder="A", segment=segment, kind=MarkKind.MEMO, code="wages", memo="why", at_us=7)
    with store.writing():
        assert store.append_marks([mark]) == 1
    with store.writing():
        assert store.append_marks([mark]) == 0
    assert store.marks() == [mark]


def test_marks_are_append_only(store, segment):
    with store.writing():
        store.append_marks([Mark(uid="m1", coder="A", segment=segment, kind=MarkKind.FINISH)])
    raw = sqlite3.connect(store.path)
    for statement in ("UPDATE events SET memo = 'x'", "DELETE FROM events"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute(statement)
    raw.close()


def test_answers_join_the_same_chain_as_tables(store, segment):
    events = [
        Decision(uid=f"u{i}", coder="A", segment=segment, code="wages", verdict=Verdict.ACCEPT, at_us=i)
        for i in range(3)
    ]
    with store.writing():
        assert store.append_answers(events[:2], batch="page:1") == 2
        assert store.append_answers(events, batch="page:2") == 1
    assert list(store.decisions()["uid"]) == ["u0", "u1", "u2"]
    assert list(store.decisions()["batch"]) == ["page:1", "page:1", "page:2"]
    assert chain_of(store).broken_at is None


def test_a_held_lock_keeps_others_out_and_lets_the_holder_write(store, segment):
    with Store(store.path) as other:
        with store.holding():
            with store.writing():
                store.append_marks([Mark(uid="m1", coder="A", segment=segment, kind=MarkKind.FLAG)])
            with pytest.raises(StudyError, match="close the review page"), other.writing():
                pass
            assert len(other.marks()) == 1
        with other.writing():
            pass


def test_a_mark_is_taken_back_by_another_one(store, segment):
    flag = Mark(uid="m1", coder="A", segment=segment, kind=MarkKind.FLAG)
    undo = Mark(uid="m2", coder="A", segment=segment, kind=MarkKind.UNDO, reply_to="m1")
    with store.writing():
        assert store.append_marks([flag, undo]) == 2
    assert store.marks() == [flag, undo]
    assert [e.uid for e in holding(store.events()).events if e.coder == "A"] == []
