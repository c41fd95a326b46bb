"""A store of an older version, brought to the newest schema: what everybody holds, the table, and the old anchor."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from postgres_server import is_available, postgres_server
from small_study import invoke

import subtheme.files
from subtheme.files import Anchor, Store, examine, schema
from subtheme.files.engine import engine_of
from subtheme.files.migration import migrate
from subtheme.files.migrations.older import metadata
from subtheme.files.trigger import TRIGGERS, missing_triggers
from subtheme.judgements import holding
from subtheme.nouns import EventKind
from subtheme.study import Study

# Written by version 0.1.0 (schema 0003) on the three interviews and the codebook of `conftest`, then dumped:
# - the files of anna (A1, A2; one coding on the interviewer's words) and ben (A1), each with its readings;
# - proposals for B1; ben accepts, rejects, leaves unsure, and adds one that he takes back; he finishes a turn assisted,
#   and flags and writes a memo on the next; anna finishes that one blind, having added a code; she flags and takes back;
# - anna rejects on a sheet what her file had given on A2; two disagreements of A1 are settled as coder "agreed".
DUMP = Path(__file__).parents[1] / "archives" / "study-0.1.0.sql"
ANCHOR = Anchor.parse("9:f0658a26add09da712ee9dd88649c2e78c4ab50f18dc7f2735ef9e68458ff1b3")
"""What 'subtheme doctor' of that version told."""

HELD = {
    ("agreed", "A1:45-113"): {"hours": "present agreed", "wages": "absent agreed"},
    ("agreed", "A1:146-203"): {"hours": "absent agreed", "wages": "absent agreed"},
    ("anna", "A1:45-113"): {"hours": "present blind", "wages": "absent blind"},
    ("anna", "A1:146-203"): {"hours": "absent blind", "wages": "counter blind"},
    ("anna", "A2:45-113"): {"hours": "absent blind", "wages": "absent blind"},
    ("anna", "A2:146-203"): {"hours": "absent blind", "wages": "absent blind"},
    ("anna", "B1:146-203"): {"hours": "absent blind", "wages": "present blind"},
    ("ben", "A1:45-113"): {"hours": "present blind", "wages": "absent blind"},
    ("ben", "A1:146-203"): {"hours": "absent blind", "wages": "present blind"},
    ("ben", "B1:45-113"): {"hours": "present assisted", "wages": "absent assisted"},
    ("ben", "B1:146-203"): {"wages": "unsure assisted"},
}
TABLE = {("hours", "A"): "absent 1/2", ("hours", "B"): "present 1/1", ("wages", "A"): "absent 1/2"} | {
    ("wages", "B"): "present 1/1"
}
"""As that version had it, but for hours in A: what anna rejected after her file no longer counts."""


@pytest.fixture(scope="module")
def server():
    if not is_available():
        pytest.skip("PostgreSQL or its driver (subtheme[postgres]) is not installed")
    with postgres_server() as running:
        yield running


@pytest.fixture
def older(empty_study):
    """The folder of a study whose store an older version wrote."""
    for path in empty_study.path.glob("study.sqlite*"):
        path.unlink()
    with closing(sqlite3.connect(empty_study.store_path)) as raw:
        raw.executescript(DUMP.read_text(encoding="utf-8"))
    return empty_study


def _held(study):
    held: dict[tuple[str, str], dict[str, str]] = {}
    for row in study.judgements.frame.itertuples():
        if row.code != "conditions":
            held.setdefault((row.coder, row.segment), {})[row.code] = f"{row.value} {row.origin}"
    return held


def _table(study):
    cells = study.table().as_frame().itertuples()
    return {(c.sub_theme, c.case): f"{c.state} {c.participants_describing}/{c.participants}" for c in cells}


def test_judgements_table_and_log_are_what_was_stored(older):
    study = Study.open(older.path)
    assert _held(study) == HELD
    assert _table(study) == TABLE
    assert study.judgements.unplaced[["participant", "code", "coder"]].values.tolist() == [["A2", "wages", "anna"]]
    assert [c.memo for c in study.codings.itertuples() if c.memo] == ["two mornings", "as in A1"]
    with older.store() as store:
        found = examine(store)
        assert (found.problems, found.decisions, found.log.broken_at) == ((), 8, None)
        assert [m.uid for m in store.marks()] == ["m1", "m2", "m3", "m4", "m5", "m6"]
        assert "ask again" in {m.memo for m in store.marks()}
        held = {e.uid for e in holding(store.events()).events}
        assert {"d4", "d5", "m5"} & held == set()
        assert store.coding_batches() == {"anna.csv:1", "ben.csv:1"}
        with store.engine.connect() as connection:
            assert missing_triggers(connection) == []
            found = set(connection.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
            tables = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    assert found == set(TRIGGERS)
    assert tables == set(schema.metadata.tables)


def test_it_is_the_same_on_postgresql(older, server, monkeypatch):
    url = server.fresh()
    engine = engine_of(url)
    config = Config()
    config.set_main_option("script_location", str(Path(subtheme.files.__file__).parent / "migrations"))
    file = sa.create_engine(f"sqlite:///{older.store_path}")
    with file.connect() as reading, engine.execution_options(writes=True).begin() as writing:
        config.attributes["connection"] = writing
        command.upgrade(config, "0003")
        for table in metadata.sorted_tables:
            if rows := [dict(row) for row in reading.execute(sa.select(table)).mappings()]:
                writing.execute(sa.insert(table), rows)
    file.dispose()
    engine.dispose()
    monkeypatch.setenv("SUBTHEME_STORE_URL", url)
    study = Study.open(older.path)
    assert _held(study) == HELD
    assert _table(study) == TABLE
    with study.folder.store() as store:
        assert examine(store, anchor=ANCHOR).problems == ()


def test_the_anchor_of_an_older_report_is_accepted_and_no_other(older):
    invoke("doctor", "--study", older.path, "--anchor", ANCHOR)
    wrong = invoke("doctor", "--study", older.path, "--anchor", f"9:{'a' * 64}", code=1)
    assert "does not contain the anchor" in wrong.output


def test_a_code_that_no_model_knew_came_after_the_readings_and_is_open(older):
    model = older.models / "m"
    model.mkdir(parents=True)
    (model / "manifest.json").write_text(json.dumps({"code_hashes": {"conditions": "1", "hours": "2"}}))
    held = _held(Study.open(older.path))
    assert held["anna", "A2:146-203"] == {"hours": "absent blind"}
    assert held["anna", "A1:146-203"] == {"hours": "absent blind", "wages": "counter blind"}
    assert held["anna", "B1:146-203"] == HELD["anna", "B1:146-203"]
    (model / "manifest.json").unlink()  # it was settled when the study was first opened, and stays
    assert _held(Study.open(older.path)) == held


@pytest.mark.parametrize("manifest", ["", "no JSON {", "[]"])
def test_a_model_that_cannot_be_read_tells_nothing_of_codes(older, manifest):
    model = older.models / "m"
    model.mkdir(parents=True)
    (model / "manifest.json").write_text(manifest)
    assert _held(Study.open(older.path)) == HELD


def test_whoever_only_saw_suggestions_in_a_transcript_had_read_it_assisted(older):
    with closing(sqlite3.connect(older.store_path)) as raw, raw:
        raw.execute("INSERT INTO readings VALUES ('ben', 'B1')")
    held = _held(Study.open(older.path))
    assert held["ben", "B1:146-203"] == {"hours": "absent assisted", "wages": "unsure assisted"}


def test_what_was_taken_in_before_is_watched_from_then_on(older):
    with older.store():
        pass
    with closing(sqlite3.connect(older.store_path)) as raw, raw:
        raw.execute("UPDATE segments SET end_char = end_char - 1 WHERE segment = 'A1:45-113'")
        raw.execute("UPDATE proposals SET probability = 0.99 WHERE segment = 'B1:45-113'")
    with older.store() as store:
        told = "\n".join(p.what for p in examine(store).problems)
    assert "the segments of transcript 'A1' was changed from outside" in told
    assert "the table of proposals was changed from outside" in told


def test_a_migration_that_fails_leaves_no_trace(older, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError("midway")

    monkeypatch.setattr("subtheme.files.log.append", fails)  # Alembic loads each migration anew
    engine = engine_of(older.store_path)
    with pytest.raises(RuntimeError, match="midway"), engine.execution_options(writes=True).begin() as connection:
        migrate(connection, where="test")
    with engine.connect() as connection:
        there = set(sa.inspect(connection).get_table_names())
    engine.dispose()
    assert "decisions" in there
    assert not {"events", "contents"} & there
    monkeypatch.undo()
    assert _held(Study.open(older.path)) == HELD


def test_a_store_from_before_places_and_linked_marks_comes_to_the_same(older):
    with closing(sqlite3.connect(older.store_path)) as raw:
        raw.executescript(
            "DROP TABLE standing; ALTER TABLE decisions DROP COLUMN start_char;"
            "ALTER TABLE decisions DROP COLUMN end_char; ALTER TABLE marks DROP COLUMN prev_hash;"
            "ALTER TABLE marks DROP COLUMN hash; UPDATE alembic_version SET version_num = '0002'"
        )
    assert _held(Study.open(older.path)) == HELD
    with older.store() as store:
        assert examine(store, anchor=ANCHOR).problems == ()


def test_a_store_from_before_marks_comes_to_the_same_but_for_them(older):
    with closing(sqlite3.connect(older.store_path)) as raw:
        raw.executescript("DROP TABLE standing; DROP TABLE marks; UPDATE alembic_version SET version_num = '0001'")
    held = _held(Study.open(older.path))
    assert held == {**HELD, ("anna", "B1:146-203"): {"wages": "present blind"}}


def test_a_backup_of_an_older_version_comes_back(older, tmp_path):
    backup = tmp_path / "backup.sqlite"
    older.store_path.rename(backup)
    invoke("doctor", "--study", older.path, "--restore", backup)
    assert _held(Study.open(older.path)) == HELD


def test_its_codings_can_be_taken_back(older):
    assert "4 codings" in invoke("undo", "--study", older.path, "--codings", "anna.csv").output
    study = Study.open(older.path)
    assert set(study.codings["coder"]) == {"agreed", "ben", "anna"}
    assert pd.Series([e.kind is EventKind.CODED and e.coder == "anna" for e in holding(study.events).events]).sum() == 0


def test_for_which_codes_readings_were_is_settled_where_the_codebook_is_known(older):
    with Store(older.store_path) as store:
        assert store.lacks_codes_of_then
    with older.store() as store:
        assert not store.lacks_codes_of_then
