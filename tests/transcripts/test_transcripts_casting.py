"""Who asks: each piece of evidence by itself, and what their sum decides or leaves open."""

import pytest

from subtheme.nouns import Role
from subtheme.transcripts import cast, evidence
from subtheme.transcripts.talk import Talk, is_prompt, talks_of


def talk(speaker: str, **counts: int | bool) -> Talk:
    return Talk(speaker=speaker, **{"turns": 4, "letters": 400, "words": 80, **counts})


def test_a_full_word_names_the_role() -> None:
    assert evidence.full_word(talk("Forscherin 2"), []) == 1
    assert evidence.full_word(talk("被采访者"), []) == -1
    assert evidence.full_word(talk("I"), []) == 0


@pytest.mark.parametrize(
    ("own", "other", "found"),
    [("I", "B", 1), ("I", "F", -1), ("E", "I", 0), ("P", "R", 0), ("H", "V", 1), ("I", "Bo Lind", 1), ("Bo", "I", 0)],
)
def test_initials_are_told_by_their_pair(own: str, other: str, found: int) -> None:
    assert evidence.initials(talk(own), [talk(other)]) == found


def test_the_only_label_without_a_number_asks() -> None:
    assert evidence.lacks_number(talk("P"), [talk("P1"), talk("P2")]) == 1
    assert evidence.lacks_number(talk("P1"), [talk("R")]) == -1
    assert evidence.lacks_number(talk("Speaker 1"), [talk("Speaker 2")]) == 0


def test_questions_and_prompts_count_against_the_most_of_the_others() -> None:
    others = [talk("Bo", questions=1, prompts=0), talk("Cy", questions=0, prompts=2)]
    assert evidence.asks(talk("Ann", questions=3), others) == pytest.approx(2 / 5)
    assert evidence.prompts(talk("Ann", prompts=3), others) == pytest.approx(1 / 5)


def test_who_asks_is_brief_and_says_less() -> None:
    brief, long = talk("Ann", letters=100), talk("Bo", letters=900)
    assert evidence.is_brief(brief, [long]) > 0.6 > 0 > evidence.is_brief(long, [brief])
    assert evidence.says_less(brief, [long]) > 0.6 > 0 > evidence.says_less(long, [brief])
    assert evidence.is_brief(brief, []) == 0


def test_who_asks_speaks_to_the_other_and_first() -> None:
    assert evidence.addresses(talk("Ann", addressing=6), [talk("Bo", of_self=9)]) > 0.5
    assert evidence.opens(talk("Ann", is_first=True), []) == 1
    assert evidence.opens(talk("Bo"), []) == 0


@pytest.mark.parametrize(
    "words",
    [
        "Erzählen Sie mir davon.",
        "Vertel eens.",
        "Kerro lisää.",
        "Расскажите о дне.",
        "どう思いますか。",
        "Mhm.",
        "D'accord.",
    ],
)
def test_prompts_need_no_question_mark(words: str) -> None:
    assert is_prompt(words)


@pytest.mark.parametrize("words", ["They text us the night before.", "Wir fahren um sechs los.", "家は遠いです。"])
def test_answers_are_no_prompts(words: str) -> None:
    assert not is_prompt(words)


def test_talk_is_counted_in_letters_so_that_every_script_counts() -> None:
    talks = talks_of([("甲", "您的一天怎么开始？"), ("乙", "我早上六点开始，然后一直到四点都没有安排。")])
    assert (talks["甲"].words, talks["乙"].words) == (1, 1)
    assert talks["甲"].letters < talks["乙"].letters
    assert talks["甲"].addressing == talks["乙"].of_self == 1


def test_two_interviewers_by_label() -> None:
    turns = [
        ("Interviewer 1", "Who sends it?"),
        ("Bo", "The office does."),
        ("Interviewer 2", "When?"),
        ("Bo", "Late."),
    ]
    assert cast(turns).interviewers == {"Interviewer 1", "Interviewer 2"}


def test_an_unknown_speaker_beside_an_interviewer_is_somebody() -> None:
    turns = [("Researcher", "Who sends it?"), ("Unknown Speaker", "The office sends it, late at night.")] * 3
    assert cast(turns).guesses["Unknown Speaker"].role is Role.PARTICIPANT


def test_a_peer_group_has_no_clear_interviewer() -> None:
    turns = [("Ann", "It is dark by then."), ("Bo", "So it is, and cold."), ("Cy", "And nobody comes.")] * 3
    assert not cast(turns).is_clear
