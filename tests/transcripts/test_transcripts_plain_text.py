from pathlib import Path

import pytest
from transcripts.interviews import ANSWER, QUESTION, SECOND_ANSWER, SECOND_QUESTION, TURNS, read, turns_of

from subtheme.nouns import Role
from subtheme.transcripts import preview

COLON = "\n".join(f"{s}: {w}" for s, w in TURNS)

GRAMMARS = {
    "colon": (COLON, "label-colon"),
    "colon, blank lines, CRLF, BOM": ("\ufeff" + COLON.replace("\n", "\r\n\r\n"), "label-colon"),
    "colon and no-break space": ("\n".join(f"{s}\u00a0: {w}" for s, w in TURNS), "label-colon"),
    "no blank after the colon": (COLON.replace(": ", ":"), "label-colon"),
    "numbered lines": ("\n".join(f"{n + 9} {s}: {w}" for n, (s, w) in enumerate(TURNS)), "label-colon"),
    "italics": ("\n".join(f"*{s}:* {w}" for s, w in TURNS), "label-colon"),
    "words below the colon": ("\n\n".join(f"{s}:\n{w}" for s, w in TURNS), "label-colon"),
    "full-width colon": ("\n".join(f"{s}：{w}" for s, w in TURNS), "label-colon"),
    "own line": ("\n\n".join(f"{s}\n{w}" for s, w in TURNS), "label-line"),
    "rev": ("\n\n".join(f"{s} (00:0{n}:00):\n{w}" for n, (s, w) in enumerate(TURNS)), "label-colon+stamps"),
    "otter": ("\n\n".join(f"{s}  {n}:00  \n{w}" for n, (s, w) in enumerate(TURNS)), "timed-heading"),
    "otter foot": (
        "SPEAKERS\nP1, I\n\n"
        + "\n\n".join(f"{s}  {n}:00\n{w}" for n, (s, w) in enumerate(TURNS))
        + "\n\nTranscribed by https://otter.ai",
        "timed-heading",
    ),
    "time, then name": ("\n\n".join(f"[00:0{n}:00] {s}\n{w}" for n, (s, w) in enumerate(TURNS)), "timed-heading"),
    "f4": ("\n\n".join(f"{s}: {w} #00:0{n}:00-0#" for n, (s, w) in enumerate(TURNS)), "label-colon+stamps"),
    "maxqda": ("\n\n".join(f"00:0{n}:00.0{s}: {w}" for n, (s, w) in enumerate(TURNS)), "label-colon+stamps"),
    "noscribe": (
        "Transcribed\nAudio file: x.mp3\n\n" + "\n\n".join(f"{s}: [00:0{n}:00] {w}" for n, (s, w) in enumerate(TURNS)),
        "label-colon+stamps",
    ),
    "descript": ("\n\n".join(f"[00:0{n}:00] **{s}:** {w}" for n, (s, w) in enumerate(TURNS)), "label-colon+stamps"),
    "dash": ("\n".join(f"{s} – {w}" for s, w in TURNS), "label-dash"),
    "brackets": ("\n\n".join(f"[{s}] {w}" for s, w in TURNS), "bracket-id"),
    "tab": ("\n".join(f"{s}\t{w}" for s, w in TURNS), "label-tab"),
    "columns without a header": (
        "\n".join(f"0:0{n}:00\t{s}\t{w}" for n, (s, w) in enumerate(TURNS)),
        "columns",
    ),
    "columns": (
        "Timespan\tContent\tSpeaker\n" + "\n".join(f"0:0{n}:00-0:0{n}:09\t{w}\t{s}" for n, (s, w) in enumerate(TURNS)),
        "columns",
    ),
}


@pytest.mark.parametrize("name", GRAMMARS)
def test_every_grammar_gives_the_same_turns(tmp_path: Path, name: str) -> None:
    text, grammar = GRAMMARS[name]
    transcript = read(tmp_path, "a.txt", text)
    assert turns_of(transcript) == list(TURNS)
    assert transcript.grammar == f"txt/{grammar}"
    assert transcript.text == text.removeprefix("\ufeff").replace("\r\n", "\n")
    assert [t.role for t in transcript.turns] == [Role.INTERVIEWER, Role.PARTICIPANT] * 2


@pytest.mark.parametrize(
    ("name", "starts", "ends"),
    [
        ("rev", [0, 60, 120, 180], [None] * 4),
        ("otter", [0, 60, 120, 180], [None] * 4),
        ("time, then name", [0, 60, 120, 180], [None] * 4),
        ("f4", [None] * 4, [0, 60, 120, 180]),
        ("maxqda", [0, 60, 120, 180], [None] * 4),
        ("noscribe", [0, 60, 120, 180], [None] * 4),
        ("descript", [0, 60, 120, 180], [None] * 4),
        ("columns", [0, 60, 120, 180], [9, 69, 129, 189]),
    ],
)
def test_stamps_become_times(tmp_path: Path, name: str, starts: list[float], ends: list[float]) -> None:
    turns = read(tmp_path, "a.txt", GRAMMARS[name][0]).turns
    assert [t.start_s for t in turns] == starts
    assert [t.end_s for t in turns] == ends


def test_a_turn_keeps_the_line_ends_inside(tmp_path: Path) -> None:
    transcript = read(
        tmp_path, "a.txt", f"I: {QUESTION}\n\nP1: One.\nTwo: and three.\n\n\nFour.  \n\nI: {SECOND_QUESTION}"
    )
    assert turns_of(transcript)[1] == ("P1", "One.\nTwo: and three.\n\n\nFour.")


@pytest.mark.parametrize(
    "line",
    [
        "Note: the tape was changed.",
        "https: //example.org",
        "http://example.org/a: b",
        "10:30: we met.",
        "It was 10: 30 then.",
        "And this is what he said: no.",
        "So: nothing.",
        "Location: the office.",
        "Then bullet point number 2: nothing.",
    ],
)
def test_a_colon_alone_makes_no_speaker(tmp_path: Path, line: str) -> None:
    transcript = read(
        tmp_path, "a.txt", f"I: {QUESTION}\nP1: {ANSWER}\n{line}\nI: {SECOND_QUESTION}\nP1: {SECOND_ANSWER}"
    )
    assert list(transcript.speakers) == ["I", "P1"]
    assert line in turns_of(transcript)[1][1]


def test_a_full_name_once_in_a_labelled_text_is_a_speaker(tmp_path: Path) -> None:
    text = f"Dr Ann Lee: {QUESTION}\n\nBo: {ANSWER}\n\nCarl Unger: Me too.\n\nDr Ann Lee: {SECOND_QUESTION}\n\nBo: Yes."
    assert list(read(tmp_path, "a.txt", text).speakers) == ["Dr Ann Lee", "Bo", "Carl Unger"]


def test_a_head_that_names_the_interviewer_is_no_turn(tmp_path: Path) -> None:
    head = "Interviewer: Jane Smith\nParticipant: 7\nDate: 2 May 2026\n\n"
    transcript = read(tmp_path, "a.txt", head + COLON)
    assert turns_of(transcript) == list(TURNS)
    assert transcript.notes == ("3 lines before the first speaker left out of the turns (kept in the text)",)


MIXED = f"""{ANSWER}
(Reads task 1.)
 MODERATOR: {QUESTION}
   {SECOND_ANSWER} MODERATOR: {SECOND_QUESTION}
Location: Cork, of course.
"""


def test_a_moderator_among_unlabelled_paragraphs(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.txt", MIXED)
    assert turns_of(transcript) == [
        ("", ANSWER),
        ("", "(Reads task 1.)"),
        ("MODERATOR", QUESTION),
        ("", SECOND_ANSWER),
        ("MODERATOR", SECOND_QUESTION),
        ("", "Location: Cork, of course."),
    ]
    assert {t.speaker: t.role for t in transcript.turns} == {"": Role.PARTICIPANT, "MODERATOR": Role.INTERVIEWER}
    assert transcript.notes[0].startswith("only one side is labelled: 3 unlabelled paragraphs")


def test_a_name_at_questions_only_is_the_one_who_asks(tmp_path: Path) -> None:
    text = f"Dan: {QUESTION}\n{ANSWER}\nDan: {SECOND_QUESTION}\n{SECOND_ANSWER}\n"
    transcript = read(tmp_path, "a.txt", text)
    assert [w for _, w in turns_of(transcript)] == [w for _, w in TURNS]
    assert [t.speaker for t in transcript.turns] == ["Dan", "", "Dan", ""]
    assert [t.role for t in transcript.turns] == [Role.INTERVIEWER, Role.PARTICIPANT] * 2


def test_text_without_labels_is_read_by_paragraph(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.txt", f"{ANSWER}\nSecond line.\n\n{SECOND_ANSWER}\n\n")
    assert turns_of(transcript) == [("", f"{ANSWER}\nSecond line."), ("", SECOND_ANSWER)]
    assert transcript.notes == ("no speakers are labelled: every paragraph is a turn of the participant",)
    assert {t.role for t in transcript.turns} == {Role.PARTICIPANT}


def test_one_labelled_speaker_is_a_doubt(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.txt", f"P1: {ANSWER}\nP1: {SECOND_ANSWER}\n")
    assert [d.what for d in transcript.doubts] == ["one speaker only"]
    assert preview(transcript).speakers[0].guessed_from == "the label names the role"


def test_a_diary_with_clocks_has_no_speakers(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.txt", f"Lunch 12:30\n{ANSWER}\n\nDinner 18:00\n{SECOND_ANSWER}\n")
    assert list(transcript.speakers) == [""]


def test_remarks_in_brackets_are_no_speakers(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.txt", "[laughs] Yes.\n\n[pause] No.\n\n[laughs] Well.\n")
    assert list(transcript.speakers) == [""]


def test_stamps_inside_a_turn_stay_and_are_told(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.txt", f"I: {QUESTION} #00:00:01-0#\nP1: One #00:00:02-0# two. #00:00:03-0#\n")
    assert turns_of(transcript)[1] == ("P1", "One #00:00:02-0# two.")
    assert "1 time stamp inside turns stay among the words" in transcript.notes


def test_markdown_headings_end_a_turn(tmp_path: Path) -> None:
    transcript = read(
        tmp_path, "a.md", f"# Interview\n\nI: {QUESTION}\n\nP1: {ANSWER}\n\n## Part two\n\nI: Go on.\n\nP1: No."
    )
    assert turns_of(transcript)[1] == ("P1", ANSWER)


def test_stamps_with_dots_and_stamps_below_the_label(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.txt", f"I: {QUESTION} [01.30]\nP1:\n[00:02:00]\n{ANSWER}\nI: And? [1.00.00]")
    assert turns_of(transcript) == [("I", QUESTION), ("P1", ANSWER), ("I", "And?")]
    assert [(t.start_s, t.end_s) for t in transcript.turns] == [(None, 90), (120, None), (None, 3600)]


def test_recurring_notes_are_nobodys_speech_that_matters(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.txt", COLON + "\nNote: tape off.\n" + COLON + "\nNote: tape on.\n")
    assert {t.role for t in transcript.turns if t.speaker == "Note"} == {Role.OTHER}
    assert transcript.speakers == {"I": 4, "P1": 4, "Note": 2}


def test_a_heading_among_unlabelled_paragraphs_is_no_turn(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.md", f"# Task 1\n\n{ANSWER}\n\nMODERATOR: {QUESTION}\n\n{SECOND_ANSWER}\n")
    assert turns_of(transcript) == [("", ANSWER), ("MODERATOR", QUESTION), ("", SECOND_ANSWER)]


def test_a_heading_inside_a_turn_parts_it(tmp_path: Path) -> None:
    text = f"I: {QUESTION}\n\nP1: {ANSWER}\n\n## Part two\n\nAs I said.\n\nI: {SECOND_QUESTION}\n\nP1: No."
    transcript = read(tmp_path, "a.md", text)
    assert turns_of(transcript)[1:3] == [("P1", ANSWER), ("P1", "As I said.")]


def test_bold_names_of_their_own_in_markdown(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.md", "\n\n".join(f"**{s}**\n\n{w}" for s, w in TURNS))
    assert turns_of(transcript) == list(TURNS)
    assert transcript.grammar == "md/label-line"


def test_what_looks_like_a_speaker_and_is_not_taken_is_told_by_line(tmp_path: Path) -> None:
    long = "\n\n".join(["Nobody asks."] * 9)
    text = f"I: {QUESTION}\n\nP1: {ANSWER}\n\n{long}\n\nTom: Me too.\n\nI: {SECOND_QUESTION}\n\nP1: No."
    transcript = read(tmp_path, "a.txt", text)
    assert list(transcript.speakers) == ["I", "P1"]
    line = text[: text.index("Tom")].count("\n") + 1
    (doubt,) = transcript.doubts
    assert doubt.what == "1 paragraph with a word and a colon in front not taken for a speaker's"
    assert doubt.where == f"a.txt, line {line}"
    assert "--role LABEL=participant" in doubt.remedy
    named = read(tmp_path, "b.txt", text, roles={"Tom": Role.PARTICIPANT})
    assert (list(named.speakers), named.doubts) == (["I", "P1", "Tom"], ())


def test_a_row_of_other_width_is_told(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.tsv", f'Speaker\tText\nI\t{QUESTION}\nP1\t"{ANSWER}"\nP1\tone\ttwo\n')
    assert turns_of(transcript) == [("I", QUESTION), ("P1", ANSWER)]
    assert transcript.notes == (
        "1 row of another number of columns than the header left out of the turns (kept in the text)",
    )
