"""Examining, backing up and restoring; and the trap of a plain copy of a live database."""

import json
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from subtheme.cli.app import app
from subtheme.errors import InputError, StudyError
from subtheme.files import Anchor, Mark, MarkKind, Store, back_up, chain_of, examine, restore
from subtheme.judgements import standing_answers
from subtheme.nouns import CODINGS, PROPOSALS, READINGS, Decision, Verdict

_PARTS = "the text, the turns or the segments of transcript"


@pytest.fixture
def store(small_study):
    with small_study.store() as opened:
        yield opened


@pytest.fixture
def segment(store):
    return store.segments()["segment"].iloc[0]


def _decide(store, segment, *uids, verdict=Verdict.ACCEPT, reply_to=""):
    with store.writing():
        store.append_answers(
            [
                Decision(uid=u, coder="A", segment=segment, code="wages", verdict=verdict, reply_to=reply_to)
                for u in uids
            ]
        )


def _raw(store, *statements):
    with sqlite3.connect(store.path) as raw:
        for statement in statements:
            raw.execute(statement)
    raw.close()


def _told(store, **options):
    return "\n".join(str(p) for p in examine(store, **options).problems)


def test_a_whole_store_has_no_problem_and_an_anchor(store, segment):
    _decide(store, segment, "u1", "u2")
    found = examine(store)
    assert found.problems == ()
    assert found.decisions == 2
    assert found.log.anchor == Anchor(length=store.length(), head=chain_of(store).head)
    assert found.database == f"SQLite {sqlite3.sqlite_version}"
    assert found.as_dict()["whole"] is True


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (("DROP TRIGGER contents_no_update",), "trigger 'contents_no_update' is missing"),
        (
            ("DROP TRIGGER events_no_update", "UPDATE events SET memo = 'x' WHERE uid = 'm1'"),
            "events was changed at number 9",
        ),
        (
            ("DROP TRIGGER events_no_update", "UPDATE events SET number = 70 WHERE seq = 8"),
            "events was changed at number 8",
        ),
        (("DROP TRIGGER events_no_delete", "DELETE FROM events WHERE uid = 'u1'"), "events was changed at number 7"),
        (("UPDATE segments SET end_char = end_char - 1 WHERE segment LIKE 'A1:%'",), f"{_PARTS} 'A1' was changed"),
        (("UPDATE segments SET participant = 'A2' WHERE segment LIKE 'A1:%'",), f"{_PARTS} 'A1' was changed"),
        (("DELETE FROM segments WHERE segment LIKE 'B1:%'",), f"{_PARTS} 'B1' was changed"),
        (("UPDATE turns SET role = 'interviewer' WHERE transcript = 'A2'",), f"{_PARTS} 'A2' was changed"),
        (
            tuple(f"DELETE FROM {table} WHERE transcript = 'B1'" for table in ("segments", "turns", "transcripts")),
            f"{_PARTS} 'B1' is gone",
        ),
        (
            (
                "INSERT INTO transcripts SELECT 'C1', text, sha256, source, grammar, encoding, notes FROM transcripts "
                "WHERE transcript = 'A1'",
            ),
            f"{_PARTS} 'C1' came in past the log",
        ),
        (("UPDATE participants SET \"case\" = 'B' WHERE participant = 'A1'",), "participant 'A1' was changed"),
        (("UPDATE participants SET level = '' WHERE participant = 'A1'",), "participant 'A1' was changed"),
        (("INSERT INTO participants VALUES ('Z1', 'Z', '')",), "participant 'Z1' came in past the log"),
        (("UPDATE proposals SET threshold = 0.1",), "the table of proposals was changed from outside"),
        (("DELETE FROM proposals",), "the table of proposals was changed from outside"),
        (
            (
                "DROP TRIGGER transcripts_text_frozen",
                "UPDATE transcripts SET text = text || 'x' WHERE transcript = 'A1'",
            ),
            "the text of transcript 'A1'",
        ),
    ],
)
def test_every_change_from_outside_is_found_and_told(store, segment, statements, words):
    _decide(store, segment, "u1", "u2")
    proposed = pd.DataFrame([{"segment": segment, "code": "wages", "probability": 0.5, "threshold": 0.4, "model": "m"}])
    with store.writing():
        store.append_marks([Mark(uid="m1", coder="A", segment=segment, kind=MarkKind.MEMO, memo="why")])
        store.replace_proposals(PROPOSALS.check(proposed, source="test"))
    assert _told(store) == ""
    _raw(store, *statements)
    assert words in _told(store)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET start_char = start_char + 1 WHERE kind = 'coded'",
        "UPDATE events SET code = 'hours' WHERE kind = 'coded'",
        "UPDATE events SET coder = 'B' WHERE kind = 'coded'",
        "UPDATE events SET codes = '' WHERE kind = 'read'",
        "DELETE FROM events WHERE kind = 'coded'",
    ],
)
def test_codings_and_readings_changed_by_hand_are_found(store, segment, statement):
    row = {"participant": "A1", "code": "wages", "coder": "A", "transcript": "A1", "start_char": 45, "end_char": 113}
    with store.writing():
        store.add_codings(CODINGS.check(pd.DataFrame([row]), source="test"), batch="file:1")
        store.add_readings(READINGS.check(pd.DataFrame([{"coder": "A", "transcript": "A1"}]), source="test"))
    _raw(store, "DROP TRIGGER events_no_update", "DROP TRIGGER events_no_delete", statement)
    assert "the log of events was changed at number" in _told(store)


def test_proposals_may_be_replaced_and_are_watched_again(store, segment):
    row = {"segment": segment, "code": "wages", "probability": 0.123456789123, "threshold": 0.4, "model": "m"}
    for code in ("wages", "hours"):
        with store.writing():
            store.replace_proposals(PROPOSALS.check(pd.DataFrame([{**row, "code": code}]), source="test"))
    assert _told(store) == ""
    with store.writing():
        store.replace_proposals(PROPOSALS.empty())
    assert _told(store) == ""
    _raw(store, f"INSERT INTO proposals VALUES ('{segment}', 'wages', 'm', 0.9, 0.4, '')")
    assert _told(store).startswith("study.sqlite: the table of proposals was changed from outside")


def test_a_tail_that_was_cut_off_is_found_by_an_anchor_only(store, segment):
    _decide(store, segment, "u1", "u2", "u3")
    anchor = examine(store).log.anchor
    _decide(store, segment, "u4")
    assert _told(store, anchor=anchor) == ""
    _raw(
        store,
        "DROP TRIGGER events_no_delete",
        "DELETE FROM events WHERE seq > (SELECT seq FROM events WHERE uid = 'u2')",
    )
    without = _told(store)
    assert without == "trigger 'events_no_delete' is missing. Restore a backup with 'subtheme doctor --restore'."
    assert "does not contain the anchor" in _told(store, anchor=anchor)


@pytest.mark.parametrize("text", ["", "3", "3:abc", "x:" + "0" * 64, "3:" + "g" * 64])
def test_what_is_no_anchor_is_refused(text):
    with pytest.raises(InputError, match="not an anchor"):
        Anchor.parse(text)
    assert str(Anchor.parse("3:" + "a" * 64)) == "3:" + "a" * 64


def test_a_backup_comes_back_and_what_was_there_is_kept(store, segment, tmp_path):
    _decide(store, segment, "u1")
    back_up(store, tmp_path / "copy.sqlite")
    _decide(store, segment, "u2")
    store.close()
    kept = restore(tmp_path / "copy.sqlite", store.path)
    with Store(store.path) as back, Store(kept) as before:
        assert list(back.decisions()["uid"]) == ["u1"]
        assert list(before.decisions()["uid"]) == ["u1", "u2"]
        assert examine(back).problems == ()
    assert store.path.stat().st_mode & 0o077 == 0


def test_a_backup_is_not_written_over_a_file_and_a_damaged_one_is_not_put_back(store, segment, tmp_path):
    _decide(store, segment, "u1")
    copy = tmp_path / "copy.sqlite"
    back_up(store, copy)
    with pytest.raises(StudyError, match="exists"):
        back_up(store, copy)
    with sqlite3.connect(copy) as raw:
        raw.execute("DROP TRIGGER events_no_update")
        raw.execute("UPDATE events SET value = 'reject'")
    raw.close()
    with pytest.raises(StudyError, match="the backup is not whole; nothing was changed"):
        restore(copy, store.path)
    with pytest.raises(StudyError, match="no such backup"):
        restore(tmp_path / "none.sqlite", store.path)
    assert list(store.decisions()["verdict"]) == ["accept"]


def test_nothing_is_restored_under_an_open_page(store, small_study, tmp_path):
    back_up(store, tmp_path / "copy.sqlite")
    with small_study.store() as page, page.holding(), pytest.raises(StudyError, match="close the review page"):
        restore(tmp_path / "copy.sqlite", store.path)


# -- traps --------------------------------------------------------------------------------------------


def test_a_plain_copy_of_a_live_database_lacks_decisions_and_a_backup_does_not(store, segment, tmp_path):
    with store.holding():
        for number in range(20):
            _decide(store, segment, f"u{number}")
        shutil.copyfile(store.path, tmp_path / "plain.sqlite")
        back_up(store, tmp_path / "backup.sqlite")
    try:
        with Store(tmp_path / "plain.sqlite") as plain:
            copied = len(plain.decisions())
    except StudyError:
        copied = 0
    with Store(tmp_path / "backup.sqlite") as backup:
        assert len(backup.decisions()) == 20
    assert copied < 20


# -- what stands is what the log comes to ---------------------------------------------------------------

_STEPS = st.lists(
    st.tuples(
        st.sampled_from("AB"), st.sampled_from(["wages", "hours"]), st.sampled_from([*Verdict]), st.integers(0, 30)
    ),
    max_size=30,
)


def _log(steps, segment):
    """Return decisions; a retraction names one that was made before it in the same place."""
    events = []
    for number, (coder, code, verdict, which) in enumerate(steps):
        earlier = [e for e in events if (e.coder, e.code) == (coder, code) and e.verdict is not Verdict.RETRACT]
        if verdict is Verdict.RETRACT and not earlier:
            continue
        reply = earlier[which % len(earlier)].uid if verdict is Verdict.RETRACT else ""
        events.append(
            Decision(
                uid=f"u{number}", coder=coder, segment=segment, code=code, verdict=verdict, reply_to=reply, at_us=number
            )
        )
    return events


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_STEPS, min_size=1, max_size=4))
def test_whatever_is_answered_the_store_is_whole_and_what_stands_is_the_last_word(store, segment, batches):
    known = len(store.decisions())
    stands: dict[tuple[str, str], list[str]] = {}
    for row in store.decisions().itertuples():
        own = stands.setdefault((row.coder, row.code), [])
        if row.verdict != "retract":
            own.append(row.uid)
        elif row.reply_to in own:
            own.remove(row.reply_to)
    for batch in batches:
        fresh = [_renamed(e, known) for e in _log(batch, segment)]
        for event in fresh:
            own = stands.setdefault((event.coder, event.code), [])
            if event.verdict is not Verdict.RETRACT:
                own.append(event.uid)
            elif event.reply_to in own:
                own.remove(event.reply_to)
        with store.writing():
            assert store.append_answers(fresh) == len(fresh)
        known = len(store.decisions())
    assert examine(store).problems == ()
    assert set(standing_answers(store.events())["uid"]) == {own[-1] for own in stands.values() if own}


def _renamed(decision, known):
    reply = decision.reply_to and f"{known}-{decision.reply_to}"
    return replace(decision, uid=f"{known}-{decision.uid}", reply_to=reply)


# -- the command ----------------------------------------------------------------------------------------


def test_doctor_examines_backs_up_and_goes_back(small_study, tmp_path):
    with small_study.store() as store:
        _decide(store, store.segments()["segment"].iloc[0], "u1")
    copy, where = tmp_path / "copy.sqlite", ["--study", str(small_study.path)]
    first = CliRunner().invoke(app, ["doctor", *where, "--backup", str(copy), "--json"])
    facts = json.loads(first.stdout)
    assert (facts["whole"], facts["decisions"], facts["backup"]) == (True, 1, "copy.sqlite")
    with small_study.store() as store:
        _decide(store, store.segments()["segment"].iloc[0], "u2")
    assert CliRunner().invoke(app, ["doctor", *where, "--anchor", facts["anchor"]]).exit_code == 0
    back = CliRunner().invoke(app, ["doctor", *where, "--restore", str(copy)])
    assert "Whole: 3 texts as imported, 7 events in an unbroken chain." in back.stdout
    assert "What was there before: study.before-restore-" in back.stdout
    wrong = CliRunner().invoke(app, ["doctor", *where, "--anchor", f"2:{'a' * 64}"])
    assert wrong.exit_code == 1
    assert "does not contain the anchor" in wrong.output
    assert Path(small_study.path / "study.sqlite").is_file()


@pytest.mark.parametrize("harm", ["garbage", "missing"])
def test_a_backup_comes_back_where_the_store_is_damaged_or_gone(small_study, tmp_path, harm):
    copy, where = tmp_path / "copy.sqlite", ["--study", str(small_study.path)]
    assert CliRunner().invoke(app, ["doctor", *where, "--backup", str(copy)]).exit_code == 0
    file = small_study.store_path
    if harm == "garbage":
        file.write_bytes(b"not a database" * 1000)
    else:
        file.unlink()
    refused = CliRunner().invoke(app, ["status", *where])
    assert refused.exit_code == 1
    assert "'subtheme doctor --restore BACKUP'" in refused.output
    back = CliRunner().invoke(app, ["doctor", *where, "--restore", str(copy)])
    assert back.exit_code == 0, back.output
    assert ("What was there before" in back.stdout) == (harm == "garbage")
    with small_study.store() as store:
        assert len(store.digests()) == 3
