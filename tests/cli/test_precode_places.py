"""`precode PLACES`: what is refused before anything is read, and a word about the pace."""

import errno
import json

import pytest
from typer.testing import CliRunner

from subtheme.cli.app import app
from subtheme.cli.frame import _pace


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["talks"], "no folder for the proposals; expected --out FOLDER"),
        (["talks", "--out", "out", "--part", "3/2"], "no part '3/2'"),
        (["talks", "--out", "talks/out"], "the folder for the proposals lies among the transcripts"),
        (["talks", "--out", "out", "--engine", "spark"], "no engine 'spark'"),
        (["--out", "out"], "are for transcripts outside of the study"),
        (["--engine", "dask"], "are for transcripts outside of the study"),
        (["--part", "1/2"], "are for transcripts outside of the study"),
        (["talks", "--out", "out"], "not a study"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, monkeypatch, words, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talks").mkdir()
    result = CliRunner().invoke(app, ["precode", *words])
    assert result.exit_code == 1
    assert says in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("asked", ["abc", "0", "-1", "2.5"])
def test_a_number_of_processes_that_is_none_is_refused(tmp_path, monkeypatch, asked):
    monkeypatch.setenv("SUBTHEME_WORKERS", asked)
    (tmp_path / "talks").mkdir()
    result = CliRunner().invoke(app, ["precode", str(tmp_path / "talks"), "--out", str(tmp_path / "out")])
    assert (result.exit_code, result.stderr) == (
        1,
        f"Error: SUBTHEME_WORKERS: '{asked}' is no number of processes; expected 1 or more.\n",
    )


def test_the_pace_tells_rate_and_time_left():
    assert _pace(30, 60, 60.0).strip() == "30/min, 2.0 min left"
    assert _pace(30, 6000, 60.0).strip() == "30/min, 3.3 h left"
    assert _pace(0, 60, 1.0) == ""


def test_what_the_system_refuses_is_told_in_one_line(tmp_path, monkeypatch):
    def refused(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device", "cache/pack")

    monkeypatch.setattr("subtheme.cli.bulk.precode_places", refused)
    words = ["precode", str(tmp_path), "--out", str(tmp_path / "out"), "--json"]
    result = CliRunner().invoke(app, words)
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: cache/pack: no space is left. Make room and give the same command again.\n",
    )
    assert json.loads(result.stdout)["error"]["problems"][0]["where"] == "cache/pack"
