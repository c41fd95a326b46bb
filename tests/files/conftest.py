"""A small study on disk."""

from pathlib import Path

import pytest

from subtheme.files import StudyFolder, create_study, read_all, read_roster, take_in

CODEBOOK = """
format = "subtheme-codebook/1"
title = "Small"
[[code]]
id = "conditions"
name = "Conditions"
[[code.code]]
id = "wages"
name = "Wages"
definition = "Pay."
[[code.code]]
id = "hours"
name = "Hours"
definition = "Working time."
"""

INTERVIEW = """Interviewer: How is your week arranged?

{name}: Two mornings and a long Friday. She changed the Friday last month 😐.

Interviewer: And the pay?

{name}: It stands still. The budget stands still, so it does too.
"""


@pytest.fixture
def interviews(tmp_path) -> Path:
    folder = tmp_path / "interviews"
    folder.mkdir()
    for name in ("A1", "A2", "B1"):
        (folder / f"{name}.txt").write_text(INTERVIEW.format(name=name), encoding="utf-8")
    return folder


@pytest.fixture
def roster_file(tmp_path) -> Path:
    path = tmp_path / "participants.csv"
    path.write_text("participant,case,level\nA1,A,manager\nA2,A,worker\nB1,B,worker\n", encoding="utf-8")
    return path


@pytest.fixture
def codebook_file(tmp_path) -> Path:
    path = tmp_path / "book.toml"
    path.write_text(CODEBOOK, encoding="utf-8")
    return path


@pytest.fixture
def empty_study(tmp_path, codebook_file) -> StudyFolder:
    return create_study(tmp_path / "study", codebook=codebook_file, name='The "small" one')


@pytest.fixture
def small_study(empty_study, interviews, roster_file) -> StudyFolder:
    take_in(empty_study, read_all([interviews]), read_roster(roster_file))
    return empty_study
