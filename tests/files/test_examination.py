"""Examining, backing up and restoring; and the traps: half a migration, lost triggers, a plain copy of a live database."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from subtheme.cli.app import app
from subtheme.codings import standing_decisions
from subtheme.errors import InputError, StudyError
from subtheme.files import Anchor, Mark, MarkKind, Store, back_up, chain_of, examine, restore, schema
from subtheme.files.engine import engine_of
from subtheme.files.migration import migrate
from subtheme.files.standing import projection
from subtheme.files.trigger import TRIGGERS, missing_triggers
from subtheme.nouns import Decision, Verdict


@pytest.fixture
def store(small_study):
    with small_study.store() as opened:
        yield opened


@pytest.fixture
def segment(store):
    return store.segments()["segment"].iloc[0]


def _decide(store, segment, *uids, verdict=Verdict.ACCEPT, reply_to=""):
    with store.writing():
        store.append_events(
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
    assert found.decisions.anchor == Anchor(length=2, head=chain_of(store).head)
    assert found.database == f"SQLite {sqlite3.sqlite_version}"
    assert found.as_dict()["whole"] is True


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (("UPDATE standing SET verdict = 'reject'",), "what stands is not what the log of decisions comes to"),
        (("DELETE FROM standing",), "what stands is not"),
        (("DROP TRIGGER marks_no_update",), "trigger 'marks_no_update' is missing"),
        (("DROP TRIGGER marks_no_update", "UPDATE marks SET memo = 'x'"), "the log of marks was changed at number 1"),
        (
            ("DROP TRIGGER decisions_no_delete", "DELETE FROM decisions WHERE seq = 1"),
            "decisions was changed at number 1",
        ),
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
    with store.writing():
        store.append_marks([Mark(uid="m1", coder="A", segment=segment, kind=MarkKind.MEMO, memo="why")])
    _raw(store, *statements)
    assert words in _told(store)


def test_a_tail_that_was_cut_off_is_found_by_an_anchor_only(store, segment):
    _decide(store, segment, "u1", "u2", "u3")
    anchor = examine(store).decisions.anchor
    _decide(store, segment, "u4")
    assert _told(store, anchor=anchor) == ""
    _raw(
        store,
        "DROP TRIGGER decisions_no_delete",
        "DELETE FROM decisions WHERE seq > 2",
        "DELETE FROM standing",
        "INSERT INTO standing SELECT coder, segment, code, uid, verdict FROM decisions WHERE seq = 2",
    )
    without = _told(store)
    assert without == "trigger 'decisions_no_delete' is missing. Restore a backup with 'subtheme doctor --restore'."
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
        raw.execute("DROP TRIGGER decisions_no_update")
        raw.execute("UPDATE decisions SET verdict = 'reject'")
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


def test_a_migration_that_fails_leaves_no_trace(store, segment, monkeypatch):
    _decide(store, segment, "u1")
    store.close()
    _raw(store, "DROP TABLE standing", "UPDATE alembic_version SET version_num = '0002'")

    def fails(_connection):
        raise RuntimeError("midway")

    monkeypatch.setattr("subtheme.files.standing.rebuild", fails)  # Alembic loads each migration anew
    engine = engine_of(store.path)
    with pytest.raises(RuntimeError, match="midway"), engine.execution_options(writes=True).begin() as connection:
        migrate(connection, where="test")
    with engine.connect() as connection:
        assert "standing" not in sa.inspect(connection).get_table_names()
        assert missing_triggers(connection) == []
    engine.dispose()
    monkeypatch.undo()
    with Store(store.path) as mended:
        assert examine(mended).problems == ()
        assert list(mended.decisions()["uid"]) == ["u1"]


def test_a_migrated_store_has_the_triggers_of_a_new_one(store, segment):
    with store.writing():
        store.append_marks([Mark(uid=f"m{n}", coder="A", segment=segment, kind=MarkKind.FLAG) for n in range(3)])
    _raw(
        store,
        "DROP TABLE standing",
        "ALTER TABLE decisions DROP COLUMN start_char",
        "ALTER TABLE decisions DROP COLUMN end_char",
        "ALTER TABLE marks DROP COLUMN prev_hash",
        "ALTER TABLE marks DROP COLUMN hash",
        "UPDATE alembic_version SET version_num = '0002'",
    )
    store.close()
    with Store(store.path) as migrated:
        assert examine(migrated).problems == ()
        assert examine(migrated).marks.length == 3
        with migrated.engine.connect() as connection:
            found = set(connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
    assert found == set(TRIGGERS)


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


@settings(max_examples=300, deadline=None)
@given(_STEPS)
def test_both_ways_to_what_stands_agree(steps):
    import pandas as pd

    from subtheme.nouns import DECISIONS

    events = _log(steps, "s")
    rows = [{**{n: getattr(e, n) for n in DECISIONS.names}, "verdict": e.verdict.value} for e in events]
    frame = DECISIONS.check(pd.DataFrame(rows, columns=list(DECISIONS.names)), source="log", sort=False)
    assert {r["uid"] for r in projection(rows).values()} == set(standing_decisions(frame)["uid"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_STEPS, min_size=1, max_size=4))
def test_what_is_kept_beside_the_log_is_always_true(store, segment, batches):
    known = len(store.decisions())
    for batch in batches:
        events = _log(batch, segment)
        fresh = [
            Decision(
                **{
                    **{n: getattr(e, n) for n in e.__slots__},
                    "uid": f"{known}-{e.uid}",
                    "reply_to": e.reply_to and f"{known}-{e.reply_to}",
                }
            )
            for e in events
        ]
        with store.writing():
            store.append_events(fresh)
        known = len(store.decisions())
    assert examine(store).problems == ()
    with store.engine.connect() as connection:
        kept = set(connection.execute(sa.select(schema.standing.c.uid)).scalars())
    assert kept == set(standing_decisions(store.decisions())["uid"])


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
    assert "Whole: 3 texts as imported, 1 decisions in an unbroken chain." in back.stdout
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
