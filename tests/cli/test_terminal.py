"""Names from files never steer the terminal."""

import json

import pytest
from typer.testing import CliRunner

from subtheme.cli.app import app
from subtheme.cli.frame import say, say_json, warn

NAME = "x\x1b]0;owned\x07\x9b31m\u202ey\x7f"


@pytest.mark.parametrize("printed", [say, warn])
def test_control_characters_are_spelt_out(capsys, printed):
    printed(f"line\n\t{NAME}")
    captured = capsys.readouterr()
    assert captured.out + captured.err == "line\n\tx\\u001b]0;owned\\u0007\\u009b31m\\u202ey\\u007f\n"


def test_json_says_the_same_without_them(capsys):
    say_json({"name": NAME, "text": "שלום"})
    printed = capsys.readouterr().out
    assert not set(NAME) & set("\x1b\x07\x9b\u202e\x7f") & set(printed)
    assert json.loads(printed) == {"name": NAME, "text": "שלום"}


def test_a_speaker_in_a_preview_does_not_steer_the_terminal(tmp_path):
    (tmp_path / "a.csv").write_text("speaker,text\nI,Well?\n\x1b[31mAnn,Yes.\nI,So?\n\x1b[31mAnn,No.\n")
    done = CliRunner().invoke(app, ["import", str(tmp_path / "a.csv"), "--preview"])
    assert "\x1b" not in done.output + done.stderr
    assert "\\u001b[31mAnn" in done.output
