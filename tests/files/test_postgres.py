"""The same store on PostgreSQL: what goes in comes out, the same guards, and no word of an interview in an error."""

import pandas as pd
import pytest
import sqlalchemy as sa
from postgres_server import is_available, postgres_server

from subtheme.errors import MissingExtraError, StudyError
from subtheme.files import Mark, MarkKind, Store, back_up, chain_of, examine, restore, schema
from subtheme.judgements import standing_answers
from subtheme.nouns import Decision, Verdict


@pytest.fixture(scope="module")
def server():
    if not is_available():
        pytest.skip("PostgreSQL or its driver (subtheme[postgres]) is not installed")
    with postgres_server() as running:
        yield running


@pytest.fixture
def team_store(server, small_study, tmp_path):
    """A study moved to PostgreSQL through a backup."""
    with small_study.store() as file:
        back_up(file, tmp_path / "moving.sqlite")
    url = server.fresh()
    assert restore(tmp_path / "moving.sqlite", small_study.store_path, url=url) is None
    with Store(small_study.store_path, url=url) as store:
        yield store


def _event(store, number, *, verdict=Verdict.ACCEPT, reply_to="", coder="A"):
    segment = store.segments()["segment"].iloc[0]
    return Decision(uid=f"u{number}", coder=coder, segment=segment, code="wages", verdict=verdict, reply_to=reply_to)


def test_a_study_moves_there_and_back(team_store, small_study, tmp_path):
    with team_store.writing():
        team_store.append_answers([_event(team_store, 1), _event(team_store, 2)], batch="page:1")
        team_store.append_marks(
            [Mark(uid="m", coder="A", segment=team_store.segments()["segment"].iloc[0], kind=MarkKind.FLAG)]
        )
    back_up(team_store, tmp_path / "back.sqlite")
    with Store(tmp_path / "back.sqlite") as copy, small_study.store() as original:
        pd.testing.assert_frame_equal(copy.segments(), original.segments())
        assert copy.study_id == original.study_id
        assert [t.sha256 for t in copy.transcripts()] == [t.sha256 for t in original.transcripts()]
        assert chain_of(copy) == chain_of(team_store)
        assert copy.marks() == team_store.marks()


def test_the_chain_and_what_holds_are_kept_and_examined(team_store):
    with team_store.writing():
        assert team_store.append_answers([_event(team_store, 1), _event(team_store, 2)]) == 2
    with team_store.writing():
        assert (
            team_store.append_answers(
                [_event(team_store, 2), _event(team_store, 3, verdict=Verdict.RETRACT, reply_to="u2")]
            )
            == 1
        )
    found = examine(team_store)
    assert found.problems == ()
    assert found.decisions == 2
    assert found.log.length == team_store.length()
    assert found.database.startswith("PostgreSQL 1")
    assert list(standing_answers(team_store.events())["uid"]) == ["u1"]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE events SET value = 'reject'", "DELETE FROM events", "UPDATE transcripts SET text = 'other'"],
)
def test_triggers_refuse_to_change_what_is_written(team_store, statement):
    with team_store.writing():
        team_store.append_answers([_event(team_store, 1)])
    with pytest.raises(sa.exc.DBAPIError), team_store.engine.begin() as connection:
        connection.execute(sa.text(statement))
    assert examine(team_store).problems == ()


def test_dropped_triggers_and_an_edited_row_are_found(team_store):
    with team_store.writing():
        team_store.append_answers([_event(team_store, 1), _event(team_store, 2)])
    with team_store.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE events DISABLE TRIGGER events_no_update"))
        connection.execute(sa.text("UPDATE events SET value = 'reject' WHERE uid = 'u1'"))
    told = "\n".join(p.what for p in examine(team_store).problems)
    assert "trigger 'events_no_update' is missing" in told
    assert "the log of events was changed at number 7" in told


def test_an_error_quotes_no_value_and_neither_does_the_servers_log(team_store, server):
    word = "zanzibarquokka"
    with team_store.writing():
        team_store.add_participants(pd.DataFrame([{"participant": word, "case": "A", "level": ""}]))
    with pytest.raises(sa.exc.DBAPIError) as caught, team_store.engine.begin() as connection:
        connection.execute(sa.insert(schema.participants), {"participant": word, "case": "B", "level": ""})
    error = caught.value
    while error is not None:
        assert word not in str(error)
        assert word not in repr(error)
        error = error.__cause__
    assert "UniqueViolation 23505" in str(caught.value)
    assert word not in server.log.read_text()


def test_two_coders_hold_at_once_but_one_coder_only_once(team_store, server, small_study):
    url = team_store.engine.url.render_as_string(hide_password=False)
    with Store(small_study.path / "study.sqlite", url=url) as other:
        with team_store.holding("anna"), other.holding("ben"), team_store.writing():
            team_store.append_answers([_event(team_store, 1)])
        with (
            team_store.holding("anna"),
            pytest.raises(StudyError, match="open for 'anna' already"),
            other.holding("anna"),
        ):
            pass


def test_a_wrong_address_is_refused_without_its_password(tmp_path, server):
    for url in ("mysql://a:geheim@b/c", "nonsense geheim"):
        with pytest.raises(StudyError, match="address cannot be used") as caught:
            Store(tmp_path / "study.sqlite", url=url)
        assert "geheim" not in str(caught.value)
    wrong = server.url("postgres").replace(server.password, "geheim")
    with pytest.raises(StudyError, match="cannot be reached") as caught:
        Store(tmp_path / "study.sqlite", url=wrong)
    assert "geheim" not in str(caught.value)


def test_without_the_driver_the_extra_is_named(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(MissingExtraError, match="subtheme\\[postgres\\]"):
        Store(tmp_path / "study.sqlite", url="postgresql://a@127.0.0.1:1/b")
