"""Errors of the database: words that say what to do, and no trace."""

import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner

from subtheme.cli.app import app
from subtheme.cli.frame import reports_errors
from subtheme.errors import StudyError
from subtheme.files import unexpected_problem


def _database_error(code):
    original = sqlite3.OperationalError("words of somebody")
    original.sqlite_errorcode = code
    return sa.exc.OperationalError("INSERT", {"text": "words of somebody"}, original)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_BUSY, "another program is writing to this study"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "another program is writing to this study"),
        (sqlite3.SQLITE_FULL, "the disk is full"),
        (sqlite3.SQLITE_READONLY, "may not be written to"),
        (sqlite3.SQLITE_IOERR_FSYNC, "did not read or write"),
        (sqlite3.SQLITE_NOTADB, "damaged"),
    ],
)
def test_an_error_of_the_database_says_what_to_do_and_quotes_nothing(code, words):
    text = str(unexpected_problem(_database_error(code)))
    assert words in text
    assert text.startswith("study.sqlite: ")
    assert "words of somebody" not in text
    assert ("--restore" in text) == (code == sqlite3.SQLITE_NOTADB)


@pytest.mark.parametrize("error", [ValueError("x"), _database_error(sqlite3.SQLITE_CONSTRAINT)])
def test_a_fault_of_ours_keeps_its_trace(error):
    def command() -> None:
        raise error

    with pytest.raises(type(error)):
        reports_errors(command)()


def test_a_command_that_meets_a_full_database_ends_with_one_line(capsys):
    def command(*, as_json: bool) -> None:
        raise _database_error(sqlite3.SQLITE_FULL)

    with pytest.raises(typer.Exit):
        reports_errors(command)(as_json=True)
    out, err = capsys.readouterr()
    assert '"what": "the disk is full"' in out
    assert err.startswith("Error: study.sqlite: the disk is full.")


def test_who_only_reads_does_not_wait_for_a_writer(small_study):
    with closing(sqlite3.connect(small_study.store_path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with small_study.store() as store:
            assert len(store.digests()) == 3


def test_a_writer_that_meets_another_says_so(small_study):
    with (
        closing(sqlite3.connect(small_study.store_path, isolation_level=None)) as other,
        small_study.store() as store,
    ):
        sa.event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout = 1"))
        store.engine.dispose()
        other.execute("BEGIN IMMEDIATE")
        said = r"^study\.sqlite: another program is writing to this study\. Wait until it has finished\.$"
        with pytest.raises(StudyError, match=said), store.writing():
            pass


def test_half_a_backup_is_not_left_behind(small_study, tmp_path, monkeypatch):
    class Full(sqlite3.Connection):
        def backup(self, *_):
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    connect = sqlite3.connect
    monkeypatch.setattr("subtheme.files.backup.sqlite3.connect", lambda path: connect(path, factory=Full))
    done = CliRunner().invoke(app, ["doctor", "--study", str(small_study.path), "--backup", str(tmp_path / "b.sqlite")])
    assert "the disk is full. Make room" in done.output
    assert not (tmp_path / "b.sqlite").exists()


def test_a_folder_for_a_codebook_is_told(tmp_path):
    done = CliRunner().invoke(app, ["new", str(tmp_path / "study"), "--codebook", str(tmp_path)])
    assert done.exit_code == 1
    assert "Is a directory" in done.output


def test_a_study_without_its_store_is_not_taken_for_a_new_one(small_study):
    small_study.store_path.unlink()
    with pytest.raises(StudyError, match=r"study\.sqlite is missing"):
        small_study.store()
    assert not small_study.store_path.exists()
