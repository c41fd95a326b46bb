"""`precode PLACES`: what is refused before anything is read, and a word about the pace."""

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


def test_the_pace_tells_rate_and_time_left():
    assert _pace(30, 60, 60.0).strip() == "30/min, 2.0 min left"
    assert _pace(30, 6000, 60.0).strip() == "30/min, 3.3 h left"
    assert _pace(0, 60, 1.0) == ""
