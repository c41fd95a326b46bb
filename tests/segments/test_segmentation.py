import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtheme.errors import InputError
from subtheme.nouns import SEGMENTS, Role, Transcript, Turn
from subtheme.segments import STRATEGIES, segment_transcript, segmentation_of, segments_table

WORDS = [
    "so",
    "Well,",
    "the",
    "rota",
    "changed.",
    "I",
    "mean…",
    "No!",
    "e.g.",
    "3.5",
    "“Why?”",
    "ﬁne",
    "naïve",
    "👩‍🔧",
    "é",
    "x" * 300,
]
GAPS = [" ", "  ", "\n", "\n\n", "\t", " (..) ", " [pause] ", "\u2003"]


def transcript(*turns: tuple[str, str], name: str = "T1") -> Transcript:
    """Build a transcript of (speaker, words); the speaker `I` interviews, `N` is neither."""
    text, made = "", []
    roles = {"I": Role.INTERVIEWER, "N": Role.OTHER}
    for number, (speaker, words) in enumerate(turns):
        text += f"{speaker}: "
        made.append(
            Turn(
                number=number,
                speaker=speaker,
                role=roles.get(speaker, Role.PARTICIPANT),
                start_char=len(text),
                end_char=len(text) + len(words),
            )
        )
        text += words + "\n\n"
    return Transcript(id=name, text=text, turns=tuple(made), source=f"{name}.txt", grammar="txt", encoding="utf-8")


spoken = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=120).map(
    lambda pairs: "".join(w + g for w, g in pairs)
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["P", "I", "Q"]), spoken | st.text(max_size=60)), min_size=1, max_size=4),
    st.sampled_from(STRATEGIES),
    st.integers(1, 60),
)
def test_segments_tile_every_turn_and_reproduce_the_text(turns, strategy, target):
    whole = transcript(*turns)
    segments = segment_transcript(whole, participants={"P": "p1", "Q": "p2"}, strategy=strategy, target_words=target)
    for turn in whole.turns:
        mine = [s for s in segments if s.turn == turn.number]
        if turn.role is not Role.PARTICIPANT:
            assert not mine
            continue
        covered = turn.start_char
        for segment in mine:
            assert covered <= segment.start_char < segment.end_char <= turn.end_char
            assert not whole.text[covered : segment.start_char].strip()
            assert segment.text == whole.text[segment.start_char : segment.end_char] == segment.text.strip()
            assert segment.id == f"T1:{segment.start_char}-{segment.end_char}"
            covered = segment.end_char
        assert not whole.text[covered : turn.end_char].strip()
    assert [s.order for s in segments] == list(range(len(segments)))


@settings(max_examples=40, deadline=None)
@given(spoken)
def test_no_cut_inside_a_word_or_before_a_combining_mark(words):
    whole = transcript(("P", words))
    for segment in segment_transcript(whole, participants={"P": "p1"}, strategy="sentence"):
        before = whole.text[segment.start_char - 1]
        assert before.isspace()
        assert segment.text[0] not in "\u0301\u200d\ufe0f"


def test_a_space_before_a_combining_mark_is_no_place_to_cut():
    segments = segment_transcript(transcript(("P", "Yes. \u0301 No.")), participants={"P": "p1"}, strategy="sentence")
    assert [s.text for s in segments] == ["Yes. \u0301 No."]


def test_sentences_are_grouped_to_the_target_without_crossing_a_turn():
    talk = " ".join(f"This is sentence number {i} of all." for i in range(30))
    segments = segment_transcript(
        transcript(("P", talk), ("I", "And then?"), ("P", talk)), participants={"P": "p1"}, target_words=40
    )
    lengths = [len(s.text.split()) for s in segments]
    assert all(25 <= n <= 70 for n in lengths)
    assert all(s.text.endswith(".") for s in segments)
    assert {s.turn for s in segments} == {0, 2}


def test_an_ellipsis_ends_a_sentence():
    segments = segment_transcript(
        transcript(("P", "We never knew… The rota came late.")), participants={"P": "p1"}, strategy="sentence"
    )
    assert [s.text for s in segments] == ["We never knew…", "The rota came late."]


def test_a_finished_paragraph_is_a_preferred_cut():
    half = " ".join(["word"] * 24) + "."
    segments = segment_transcript(transcript(("P", f"{half}\n\n{half}")), participants={"P": "p1"}, target_words=40)
    assert len(segments) == 2
    joined = segment_transcript(transcript(("P", f"{half} {half}")), participants={"P": "p1"}, target_words=40)
    assert len(joined) == 1


def test_a_wrapped_line_is_not_a_sentence_end():
    segments = segment_transcript(
        transcript(("P", "We went on\nwith the rota. It held.")), participants={"P": "p1"}, strategy="sentence"
    )
    assert len(segments) == 2


def test_speech_without_punctuation_is_recognised_cut_and_reported():
    rng = random.Random(3)
    talk = " ".join(rng.choice(["we", "rota", "shift", "(..)", "and", "[pause]", "home"]) for _ in range(400))
    result = segmentation_of(transcript(("P", talk)), participants={"P": "p1"}, target_words=40)
    assert len(result.notes) == 1
    assert "speech without punctuation" in result.notes[0]
    assert "0.0 sentence ends per 100 words" in result.notes[0]
    lengths = [len(s.text.split()) for s in result.segments]
    assert max(lengths) <= 70
    assert len(lengths) >= 6
    ends_at_pause = sum(bool(re.search(r"(\(\.\.\)|\[pause\])$", s.text)) for s in result.segments)
    assert ends_at_pause / len(lengths) > 0.7


def test_punctuated_speech_has_no_note():
    talk = "I work nights. My rota changes. " * 30
    assert segmentation_of(transcript(("P", talk)), participants={"P": "p1"}).notes == ()


def test_one_run_on_sentence_is_cut_by_length_near_commas():
    talk = "It holds. " * 10 + ", ".join("and then we had to go on there" for _ in range(40)) + "."
    segments = segment_transcript(transcript(("P", talk)), participants={"P": "p1"}, target_words=40)
    assert max(len(s.text.split()) for s in segments) <= 70
    assert sum(s.text.endswith(",") for s in segments) >= 4


def test_the_question_is_the_nearest_turn_before_of_someone_else():
    segments = segment_transcript(
        transcript(("P", "Hello."), ("I", "How are hours?"), ("N", "(Phone rings)"), ("P", "Long."), ("Q", "Yes.")),
        participants={"P": "p1", "Q": "p2"},
    )
    assert [s.question for s in segments] == ["", "(Phone rings)", "(Phone rings)"]
    assert [s.participant for s in segments] == ["p1", "p1", "p2"]


def test_every_problem_is_reported_together_with_its_remedy():
    with pytest.raises(InputError) as caught:
        segment_transcript(
            transcript(("Maria", "Hello."), ("", "Yes.")),
            participants={"Mario": "p1"},
            strategy="units",
            target_words=0,
        )
    text = str(caught.value)
    assert "no strategy 'units'" in text
    assert "Did you mean 'unit'?" in text
    assert "a target of 0 words" in text
    assert "T1, turn 0: speaker 'Maria' has no participant" in text
    assert "Did you mean 'Mario'?" in text
    assert "T1, turn 1: a turn without speaker has no participant" in text
    assert "Hello" not in text


def test_the_table_follows_its_contract():
    table = segments_table(segment_transcript(transcript(("P", "One. Two.")), participants={"P": "p1"}))
    assert tuple(table.columns) == SEGMENTS.names
    assert table["text"].tolist() == ["One. Two."]
    assert len(segments_table([])) == 0


def test_a_repeated_segment_is_refused():
    segments = segment_transcript(transcript(("P", "One.")), participants={"P": "p1"})
    with pytest.raises(InputError, match="the same segment again"):
        segments_table([*segments, *segments])


def test_the_default_splitter_is_built_once():
    from subtheme.segments import load_splitter

    assert load_splitter() is load_splitter()
    assert load_splitter().starts("") == [0]
