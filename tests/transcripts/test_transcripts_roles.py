from pathlib import Path

import pytest
from transcripts.interviews import ANSWER, QUESTION, TURNS, read

from subtheme.errors import InputError
from subtheme.nouns import Role
from subtheme.transcripts import (
    cast,
    guess_roles,
    preview,
    read_roles,
    roles_for,
    unmatched_speakers,
    with_roles,
)

TEXT = "\n".join(f"{s}: {w}" for s, w in TURNS)


@pytest.mark.parametrize(
    "label", ["Interviewer", "INTERVIEWER 2", "Moderator", "Researcher 1", "Facilitator", "Lead Counsel"]
)
def test_labels_that_name_the_interviewer(label: str) -> None:
    guesses = guess_roles([(label, "Long words, no question at all here."), ("Bo", "Why?")])
    assert (guesses[label].role, guesses[label].guessed_from) == (Role.INTERVIEWER, "the label names the role")
    assert guesses["Bo"].guessed_from == "somebody else is the interviewer by label"


@pytest.mark.parametrize("label", ["Int", "I", "I1", "Q", "IV"])
def test_initials_name_the_interviewer_where_the_talk_says_nothing(label: str) -> None:
    guesses = guess_roles([(label, "It went on so for years."), ("Bo", "And then it was over.")] * 2)
    assert (guesses[label].role, guesses[label].guessed_from) == (Role.INTERVIEWER, "the label names the role")


def test_one_letter_does_not_decide_against_the_talk() -> None:
    """``I`` is the informant here: it says four fifths of the words and asks nothing."""
    turns = [("F", "Tell me how the day begins."), ("I", ANSWER * 3), ("F", "Mm. Go on."), ("I", ANSWER * 2)]
    found = cast(turns)
    assert found.interviewers == {"F"}
    assert found.is_clear


@pytest.mark.parametrize("label", ["P", "P12", "Participant 3", "Interviewee", "The Witness", "Respondent", "IP"])
def test_labels_that_name_a_participant(label: str) -> None:
    assert guess_roles([(label, "Why?"), ("Bo", "No.")])[label].role is Role.PARTICIPANT


def test_who_asks_with_fewer_words_is_the_interviewer() -> None:
    guesses = guess_roles([("A", QUESTION), ("B", ANSWER * 3), ("A", "And?"), ("B", "You? Me. Well.")])
    assert guesses["A"].role is Role.INTERVIEWER
    assert guesses["A"].guessed_from == "asks most: a question in 2 of 2 turns, with fewer words"
    assert (guesses["B"].role, guesses["B"].guessed_from) == (Role.PARTICIPANT, "answers more than asks")


@pytest.mark.parametrize(
    "turns",
    [
        [("A", "Why?"), ("B", "No."), ("A", "Fine.")],  # one question only
        [("A", "Why?"), ("B", "Why not?"), ("A", "Fine?"), ("B", "Good?")],  # both ask alike
        [("A", "Why? " + "word " * 99), ("B", "No."), ("A", "So?")],  # the talker asks
        [("A", "Yes."), ("B", "No."), ("C", "Well.")],
    ],
)
def test_it_is_not_clear_who_asks_without_reason(turns: list[tuple[str, str]]) -> None:
    assert not cast(turns).is_clear


def test_one_speaker_and_no_speaker() -> None:
    assert guess_roles([("Bo", "Why? Why?")])["Bo"].guessed_from == "the only speaker"
    assert guess_roles([("", "Why?")])[""].role is Role.PARTICIPANT
    assert guess_roles([("", "Mm."), ("P1", "Yes.")])[""].role is Role.OTHER
    assert guess_roles([]) == {}


def test_given_roles_override(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.txt", TEXT, roles={"p1": Role.OTHER, "nobody": Role.OTHER})
    assert [t.role for t in transcript.turns] == [Role.INTERVIEWER, Role.OTHER] * 2
    assert preview(transcript).speakers[1].guessed_from == "given, or declared by the file"
    assert with_roles(transcript, {" P1 ": Role.PARTICIPANT}).turns[1].role is Role.PARTICIPANT


def test_preview(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.txt", TEXT)
    found = preview(transcript).as_dict()
    assert found["speakers"][0] == {
        "speaker": "I",
        "turns": 2,
        "words": 8,
        "role": "interviewer",
        "guessed_from": "the label names the role",
    }
    assert found["turns"][1] == {
        "speaker": "P1",
        "role": "participant",
        "text": ANSWER,
        "start_char": TEXT.index(ANSWER),
        "end_char": TEXT.index(ANSWER) + len(ANSWER),
        "start_s": None,
        "end_s": None,
    }
    assert (found["transcript"], found["source"], found["grammar"]) == ("a", "a.txt", "txt/label-colon")
    assert (found["encoding"], found["sha256"], found["notes"]) == ("utf-8", transcript.sha256, [])


def test_roles_files(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(
        "\ufeffSpeaker,Role,Transcript\nDan,Interviewer,\nBo,other,T1\n\n", encoding="utf-8"
    )
    (tmp_path / "r.toml").write_text('[roles]\nDan = "interviewer"\n[transcripts.T1]\nBo = "other"\n', encoding="utf-8")
    expected = {"": {"Dan": Role.INTERVIEWER}, "T1": {"Bo": Role.OTHER}}
    assert read_roles(tmp_path / "r.csv") == expected
    assert read_roles(tmp_path / "r.toml") == expected
    assert roles_for(expected, "T1") == {"dan": Role.INTERVIEWER, "bo": Role.OTHER}
    assert roles_for(expected, "T2") == {"dan": Role.INTERVIEWER}


def test_roles_of_speakers_that_are_not_there(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.txt", TEXT)
    roles = {"": {"P1": Role.OTHER, "P11": Role.OTHER}, "a": {"I": Role.OTHER, "Q": Role.OTHER}, "b": {"I": Role.OTHER}}
    assert [str(p) for p in unmatched_speakers(roles, [transcript])] == [
        "no speaker 'P11'. Did you mean 'P1'?",
        "transcript 'a': no speaker 'Q'.",
        "no transcript 'b' for the roles given.",
    ]


@pytest.mark.parametrize(
    ("name", "content", "messages"),
    [
        ("r.ods", "x", ["the ending '.ods'; expected a roles file: .csv, .xlsx or .toml"]),
        ("r.csv", "speeker,role\nA,other\n", ["r.csv: column 'speaker' is missing", "Did you mean 'speeker'?"]),
        ("r.csv", "a\n", ["column 'speaker' is missing", "column 'role' is missing", "Found: 'a'"]),
        ("r.csv", 'speaker,role\n"A', ["r.csv, line 2: not readable as CSV"]),
        (
            "r.csv",
            "speaker,role\nA,intervewer\nB,\nC,other\nc,other\n",
            [
                "r.csv, row 2: the role 'intervewer'; expected one of participant, interviewer, other. Did you mean",
                "r.csv, row 3: no role",
                "r.csv, row 5: the speaker 'c' again; expected each speaker once",
            ],
        ),
        ("r.toml", "[roles", ["r.toml: not valid TOML"]),
        ("r.toml", "[role]\nA='other'\n", ["r.toml: the key 'role'", "Did you mean 'roles'?"]),
        ("r.toml", "[transcripts]\nT1='other'\n", ["r.toml, [transcripts.T1]: not a table"]),
        ("r.toml", "[roles]\nA=1\n", ["r.toml, [roles]: no role"]),
    ],
)
def test_roles_files_refused(tmp_path: Path, name: str, content: str, messages: list[str]) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_roles(tmp_path / name)
    for message in messages:
        assert message in str(caught.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_of_roles_may_have_any_delimiter(tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "roles.csv"
    file.write_text(f"\ufeffspeaker{delimiter}role\nBo{delimiter}interviewer\n", encoding="utf-8")
    assert read_roles(file) == {"": {"Bo": Role.INTERVIEWER}}
