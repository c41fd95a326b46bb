"""A study's folder: made, opened, refused."""

import stat

import pytest

from subtheme.errors import InputError, StudyError
from subtheme.files import create_study, open_study


def test_a_new_study_opens_with_its_settings(empty_study):
    study = open_study(empty_study.path)
    assert study.name == 'The "small" one'
    assert study.settings.target_words == 40
    assert not study.synthetic
    assert stat.S_IMODE((study.path / "study.sqlite").stat().st_mode) == 0o600


def test_a_synthetic_codebook_makes_the_study_synthetic(tmp_path, codebook_file):
    codebook_file.write_text("synthetic = true\n" + codebook_file.read_text())
    study = create_study(tmp_path / "s", codebook=codebook_file)
    assert study.synthetic
    settings = study.path / "study.toml"
    settings.write_text(settings.read_text().replace("synthetic = true", "synthetic = false"))
    assert open_study(study.path).synthetic


def test_a_folder_with_something_in_it_is_left_alone(tmp_path, codebook_file):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    with pytest.raises(StudyError, match="the folder is not empty"):
        create_study(tmp_path / "full", codebook=codebook_file)
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["notes.txt"]


def test_a_bad_codebook_makes_no_folder(tmp_path, codebook_file):
    codebook_file.write_text("format = 1")
    with pytest.raises(InputError):
        create_study(tmp_path / "new", codebook=codebook_file)
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_no_study_is_named(tmp_path):
    with pytest.raises(StudyError, match=r"not a study: study\.toml and codebook\.toml missing"):
        open_study(tmp_path)


def test_a_level_that_the_codebook_lacks_is_refused(empty_study):
    with pytest.raises(InputError, match="the codebook has no level 'topic'"):
        open_study(empty_study.path, given={"level": "topic"})


def test_nothing_is_left_of_a_study_that_could_not_be_made(tmp_path, codebook_file):
    (tmp_path / "empty").mkdir()
    for folder in ("fresh", "empty"):
        with pytest.raises(InputError, match="the codebook has no level 'topic'"):
            create_study(tmp_path / folder, codebook=codebook_file, level="topic")
    assert not (tmp_path / "fresh").exists()
    assert list((tmp_path / "empty").iterdir()) == []


def test_empty_folders_that_a_copy_has_lost_are_made_again(small_study):
    for folder in (small_study.models, small_study.cache, small_study.exports):
        folder.rmdir()
    study = open_study(small_study.path)
    assert (study.model_folders(), study.exports.is_dir()) == ([], True)
