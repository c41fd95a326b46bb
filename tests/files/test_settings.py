"""Settings: command line beats environment beats file beats default."""

import pytest

from subtheme.errors import InputError
from subtheme.files import read_settings


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text('format = "subtheme-study/1"\n[coding]\ncoder = "from-file"\n')
    return path


def test_precedence_of_all_four(file):
    environment = {"SUBTHEME_CODER": "from-environment"}
    assert read_settings(file, environment=environment, given={"coder": "from-line"}).coder == "from-line"
    assert read_settings(file, environment=environment, given={"coder": None}).coder == "from-environment"
    assert read_settings(file, environment={}).coder == "from-file"
    file.write_text('format = "subtheme-study/1"\n')
    assert read_settings(file, environment={}).coder == "coder"


def test_numbers_come_from_the_environment_or_are_refused(file):
    assert read_settings(file, environment={"SUBTHEME_TARGET_WORDS": "60"}).target_words == 60
    with pytest.raises(InputError, match="environment variable SUBTHEME_TARGET_WORDS: not a whole number"):
        read_settings(file, environment={"SUBTHEME_TARGET_WORDS": "sixty"})


def test_nothing_but_the_file_sets_synthetic(file):
    assert not read_settings(file, environment={"SUBTHEME_SYNTHETIC": "true"}).synthetic
    file.write_text('format = "subtheme-study/1"\nsynthetic = true\n')
    assert read_settings(file, environment={"SUBTHEME_SYNTHETIC": "false"}).synthetic


def test_every_fault_of_the_file_is_named(file):
    file.write_text('format = "subtheme-study/1"\nnmae = "x"\n[segments]\ntarget_words = "forty"\nstratgy = "unit"\n')
    with pytest.raises(InputError) as caught:
        read_settings(file, environment={})
    text = str(caught.value)
    assert "unknown key 'nmae'" in text
    assert "Did you mean 'name'?" in text
    assert "'segments.target_words' has the wrong type; expected a whole number" in text
    assert "Did you mean 'segments.strategy'?" in text
    file.write_text("not toml")
    with pytest.raises(InputError, match="not valid TOML"):
        read_settings(file, environment={})
    file.write_text("name = 'x'")
    with pytest.raises(InputError, match="not the settings of a study"):
        read_settings(file, environment={})


def test_a_precision_that_there_is_not_is_refused_wherever_it_comes_from(file):
    assert read_settings(file, environment={}).precision == "exact"
    assert read_settings(file, environment={"SUBTHEME_PRECISION": "fast"}).precision == "fast"
    with pytest.raises(InputError, match="embeddings.precision is 'fats'.*expected exact or fast.*Did you mean 'fast'"):
        read_settings(file, environment={"SUBTHEME_PRECISION": "fats"})
    file.write_text('format = "subtheme-study/1"\n[embeddings]\nprecision = "double"\n')
    with pytest.raises(InputError, match=r"study.toml: embeddings.precision is 'double'"):
        read_settings(file, environment={})


def test_a_byte_order_mark_before_the_settings_does_no_harm(file):
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert read_settings(file, environment={}).coder == "from-file"


def test_languages_are_named_or_told_and_an_unknown_one_is_refused(file):
    assert read_settings(file, environment={}).language == "auto"
    file.write_text('format = "subtheme-study/1"\nlanguage = "de, English"\n')
    assert read_settings(file, environment={}).language == "de, English"
    assert read_settings(file, environment={"SUBTHEME_LANGUAGE": "fr"}).language == "fr"
    file.write_text('format = "subtheme-study/1"\nlanguage = "frensh"\nnmae = "x"\n')
    with pytest.raises(InputError) as caught:
        read_settings(file, environment={})
    assert "language: no language 'frensh'" in str(caught.value)
    assert "Did you mean 'french'?" in str(caught.value)
    assert "unknown key 'nmae'" in str(caught.value)


def test_several_encoders_and_languages_may_stand_in_a_list(file):
    assert read_settings(file, environment={}).encoder == "auto"
    file.write_text('format = "subtheme-study/1"\nlanguage = ["en", "es"]\n[embeddings]\nencoder = ["one", "two"]\n')
    read = read_settings(file, environment={})
    assert (read.language, read.encoder) == ("en, es", "one, two")
    file.write_text('format = "subtheme-study/1"\n[embeddings]\nencoder = ["one", 2]\n')
    with pytest.raises(InputError, match="'embeddings.encoder' has the wrong type; expected text"):
        read_settings(file, environment={})
