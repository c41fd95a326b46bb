"""The store: what goes in comes out, nothing half, nothing changed behind its back."""

import sqlite3

import pandas as pd
import pytest

from subtheme.errors import StudyError
from subtheme.files import Store, back_up, chain_of, examine, take_back_codings
from subtheme.nouns import CODINGS, DECISIONS, PROPOSALS, READINGS, EventKind


def _missing(store):
    return [p.what.split("'")[1] for p in examine(store).problems if p.what.startswith("trigger")]


def _decisions(*rows):
    base = {"coder": "A", "code": "wages", "verdict": "accept"}
    return DECISIONS.check(pd.DataFrame([{**base, **r} for r in rows]), source="test", sort=False)


@pytest.fixture
def store(small_study):
    with small_study.store() as opened:
        yield opened


def test_texts_turns_and_segments_come_back(store):
    transcripts = store.transcripts()
    assert [t.id for t in transcripts] == ["A1", "A2", "B1"]
    assert all("😐" in t.text for t in transcripts)
    segments = store.segments()
    texts = {t.id: t.text for t in transcripts}
    for row in segments.itertuples():
        assert texts[row.transcript][row.start_char : row.end_char] == row.text
    assert set(segments["question"]) == {"How is your week arranged?", "And the pay?"}
    assert set(segments["participant"]) == {"A1", "A2", "B1"}


def test_codings_readings_and_proposals_come_back(store):
    segment = store.segments().iloc[0]
    codings = CODINGS.check(
        pd.DataFrame(
            [{"participant": "A1", "code": "wages", "coder": "A", "transcript": "A1", "start_char": 0, "end_char": 5}]
        ),
        source="c",
    )
    readings = READINGS.check(pd.DataFrame([{"coder": "A", "transcript": "A1", "codes": "hours;wages"}]), source="r")
    proposals = PROPOSALS.check(
        pd.DataFrame(
            [{"segment": segment["segment"], "code": "wages", "probability": 0.25, "threshold": 0.2, "model": "m"}]
        ),
        source="p",
    )
    with store.writing():
        store.add_codings(codings, batch="file:1")
        store.add_readings(readings)
        store.add_readings(readings)
        store.replace_proposals(proposals)
        store.replace_proposals(proposals)
    pd.testing.assert_frame_equal(store.codings(), codings)
    pd.testing.assert_frame_equal(store.readings(), readings)
    pd.testing.assert_frame_equal(store.proposals(), proposals)
    assert store.coding_batches() == {"file:1"}
    with store.writing():
        assert take_back_codings(store, "file", at_us=1).codings == 1
    assert store.codings().empty
    assert store.coding_batches() == set()
    with store.writing():
        assert store.add_codings(codings, batch="file:2") == 1
    pd.testing.assert_frame_equal(store.codings(), codings)


def test_a_reading_for_no_stated_codes_is_one_for_those_of_the_codebook(store, small_study):
    with store.writing():
        store.add_readings(READINGS.check(pd.DataFrame([{"coder": "A", "transcript": "A1"}]), source="r"))
    assert store.readings()["codes"].tolist() == ["conditions;hours;wages"]
    (read,) = [e for e in store.events() if e.kind is EventKind.READ]
    assert dict(read.codes) == dict(small_study.codebook.definitions)


def test_a_decision_delivered_twice_is_stored_once(store):
    segment = store.segments()["segment"].iloc[0]
    log = _decisions({"uid": "u1", "segment": segment}, {"uid": "u2", "segment": segment, "verdict": "reject"})
    taken_in = chain_of(store).length
    with store.writing():
        assert store.append_decisions(log) == 2
    with store.writing():
        assert store.append_decisions(log) == 0
    assert list(store.decisions()["uid"]) == ["u1", "u2"]
    assert chain_of(store).length == taken_in + 2
    assert chain_of(store).broken_at is None


def test_a_failure_inside_writing_stores_nothing(store):
    before = len(store.decisions())
    segment = store.segments()["segment"].iloc[0]
    with pytest.raises(RuntimeError, match="midway"), store.writing():
        store.append_decisions(_decisions({"uid": "u1", "segment": segment}))
        raise RuntimeError("midway")
    assert len(store.decisions()) == before


def test_nothing_is_stored_outside_writing(store):
    with pytest.raises(StudyError, match="outside 'with store.writing"):
        store.replace_proposals(PROPOSALS.empty())


def test_a_second_writer_is_told_to_wait(store):
    with Store(store.path) as other, store.writing():
        assert len(other.segments()) > 0  # reading goes on
        with pytest.raises(StudyError, match="another program is writing"), other.writing():
            pass


def test_triggers_keep_the_log_and_the_texts(store):
    segment = store.segments()["segment"].iloc[0]
    with store.writing():
        store.append_decisions(_decisions({"uid": "u1", "segment": segment, "memo": "why"}))
    raw = sqlite3.connect(store.path)
    for statement in (
        "UPDATE events SET value = 'reject'",
        "DELETE FROM events",
        "UPDATE contents SET text = 'other'",
        "UPDATE transcripts SET text = 'other'",
    ):
        with pytest.raises(sqlite3.IntegrityError):
            raw.execute(statement)
    raw.close()
    assert _missing(store) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET value = 'reject' WHERE uid = 'u1'",
        "DELETE FROM events WHERE uid = 'u1'",
        "UPDATE events SET at_us = 5 WHERE uid = 'u0'",
    ],
)
def test_tampering_behind_dropped_triggers_is_found(store, statement):
    segment = store.segments()["segment"].iloc[0]
    with store.writing():
        store.append_decisions(_decisions(*[{"uid": f"u{i}", "segment": segment} for i in range(3)]))
    raw = sqlite3.connect(store.path)
    raw.execute("DROP TRIGGER events_no_update")
    raw.execute("DROP TRIGGER events_no_delete")
    raw.execute(statement)
    raw.commit()
    raw.close()
    assert chain_of(store).broken_at is not None
    assert _missing(store) == ["events_no_delete", "events_no_update"]


def test_a_text_changed_from_outside_is_refused(store):
    raw = sqlite3.connect(store.path)
    raw.execute("DROP TRIGGER transcripts_text_frozen")
    raw.execute("UPDATE transcripts SET text = text || ' more' WHERE transcript = 'A1'")
    raw.commit()
    raw.close()
    with pytest.raises(StudyError, match="the text of transcript 'A1' was changed from outside"):
        store.transcripts()


def test_a_backup_is_whole(store, tmp_path):
    back_up(store, tmp_path / "copy.sqlite")
    with Store(tmp_path / "copy.sqlite") as copy:
        pd.testing.assert_frame_equal(copy.segments(), store.segments())
        assert copy.study_id == store.study_id


def test_a_full_disk_is_not_taken_for_a_damaged_store(store, tmp_path):
    before = store.proposals()
    rows = pd.DataFrame({"segment": store.segments()["segment"], "code": "wages", "probability": 0.5, "threshold": 0.4})
    rows = PROPOSALS.check(rows.assign(model="m@1", evidence="x" * 500_000), source="test")
    with pytest.raises(StudyError, match=r"the disk is full\. Make room"), store.writing():
        store._writer.exec_driver_sql("PRAGMA max_page_count = 1")
        store.replace_proposals(rows)
    pd.testing.assert_frame_equal(store.proposals(), before)
    back_up(store, tmp_path / "copy.sqlite")
    (tmp_path / "copy.sqlite-shm").mkdir()
    with (
        Store(tmp_path / "copy.sqlite") as copy,
        pytest.raises(StudyError, match=r"copy\.sqlite: the "),
        copy.writing(),
    ):
        copy.replace_proposals(rows)


def test_another_file_and_a_later_version_are_refused(tmp_path, store):
    (tmp_path / "no.sqlite").write_bytes(b"This is no database at all, not by any means." * 50)
    with pytest.raises(StudyError, match="not a store of subtheme, or damaged"):
        Store(tmp_path / "no.sqlite")
    raw = sqlite3.connect(store.path)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.commit()
    raw.close()
    with pytest.raises(StudyError, match="written by a later version"):
        Store(store.path)


def test_a_participant_stays_in_one_case(store):
    moved = store.participants().assign(case="Z")
    with pytest.raises(StudyError, match="participant 'A1' is in case 'Z' here"), store.writing():
        store.add_participants(moved)


def test_durability_settings(store):
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
