from pathlib import Path

import pytest
from transcripts.interviews import ANSWER, QUESTION, TURNS, read, turns_of

from subtheme.errors import InputError
from subtheme.transcripts import read_transcripts


def clock(s: float, *, comma: bool = False) -> str:
    text = f"00:{int(s) // 60:02d}:{s % 60:06.3f}"
    return text.replace(".", ",") if comma else text


def cues(*texts: str, comma: bool = False, ids: bool = True) -> str:
    parts = []
    for n, text in enumerate(texts):
        head = f"{n + 1}\n" if ids else ""
        parts.append(f"{head}{clock(n, comma=comma)} --> {clock(n + 0.5, comma=comma)}\n{text}\n")
    return "\n".join(parts)


def test_zoom_cues_of_one_speaker_become_one_turn(tmp_path: Path) -> None:
    text = "WEBVTT\n\n" + cues("I: How is", "I: your rota made?", "P1: By text,", "P1: mostly.", "I: And?")
    transcript = read(tmp_path, "a.vtt", "\ufeff" + text.replace("\n", "\r\n"))
    assert turns_of(transcript) == [("I", QUESTION), ("P1", "By text, mostly."), ("I", "And?")]
    assert transcript.text == f"I: {QUESTION}\n\nP1: By text, mostly.\n\nI: And?\n\n"
    assert (transcript.turns[0].start_s, transcript.turns[0].end_s) == (0, 1.5)
    assert (transcript.grammar, transcript.encoding) == ("vtt/zoom", "utf-8")
    assert transcript.notes == ("5 cues were joined into 3 turns",)


def test_voices_entities_tags_and_wrapped_lines(tmp_path: Path) -> None:
    text = "WEBVTT\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE for\nthe editor\n\n" + cues(
        "<v.loud Mar&#237;a L&oacute;pez>Tea &amp; <i>toast</i>,\nplease: now</v>",
        "<v I>Who <00:00:01.200>asks?</v> <v Mar&#237;a L&oacute;pez>Me.</v>",
    )
    transcript = read(tmp_path, "a.vtt", text)
    assert turns_of(transcript) == [
        ("María López", "Tea & toast, please: now"),
        ("I", "Who asks?"),
        ("María López", "Me."),
    ]


def test_teams_is_recognised_by_its_ids(tmp_path: Path) -> None:
    ids = "8f1c2a44-0b1e-4c55-9d10-3f7a1c2b4d5e/7-"
    text = f"WEBVTT\n\n{ids}0\n00:01.000 --> 00:02.000\n<v I>How is</v>\n\n"
    text += f"{ids}1\n00:02.000 --> 01:00:03.000\n<v I>it?</v>\n"
    transcript = read(tmp_path, "a.vtt", text)
    assert turns_of(transcript) == [("I", "How is it?")]
    assert (transcript.turns[0].end_s, transcript.grammar) == (3603, "vtt/teams")


def test_captions_without_speakers_are_joined_to_sentences(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.vtt", "WEBVTT\n\n" + cues("By text,", "the night before.", "Nobody asks."))
    assert [w for _, w in turns_of(transcript)] == ["By text, the night before.", "Nobody asks."]
    assert "no speakers are named: every turn is taken as the participant's" in transcript.notes


def test_a_block_without_a_time_line_is_kept(tmp_path: Path) -> None:
    text = (
        "WEBVTT\n\n" + cues("I: How is it?", "P1: Fine,") + "\nand good.\n\n" + cues("I: Yes?", "P1: Yes.", ids=False)
    )
    transcript = read(tmp_path, "a.vtt", text)
    assert turns_of(transcript)[1] == ("P1", "Fine, and good.")
    assert "1 block of words without a time line were kept" in transcript.notes


def test_a_cue_without_a_name_is_nobodys(tmp_path: Path) -> None:
    text = "WEBVTT\n\n" + cues("I: How is it?", "P1: Fine.", "Mm.", "I: And?", "P1: Good.")
    transcript = read(tmp_path, "a.vtt", text)
    assert [(t.speaker, t.role.value) for t in transcript.turns][2] == ("", "other")


def test_two_dashes_are_two_people(tmp_path: Path) -> None:
    assert read(tmp_path, "a.vtt", "WEBVTT\n\n" + cues("- Tea?\n- No.")).text == "- Tea?\n- No.\n\n"


def test_subrip(tmp_path: Path) -> None:
    text = cues(*(f"<b>{s}:</b> {w}" for s, w in TURNS), comma=True)
    transcript = read(tmp_path, "a.srt", text)
    assert turns_of(transcript) == list(TURNS)
    assert transcript.grammar == "srt/labels"


def test_two_speakers_in_one_subrip_cue(tmp_path: Path) -> None:
    text = cues(f"I: {QUESTION}\nP1: {ANSWER}", "I: And?\nP1: No.", comma=True)
    assert [s for s, _ in turns_of(read(tmp_path, "a.srt", text))] == ["I", "P1", "I", "P1"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "a.vtt",
            "1\n00:00:01,000 --> 00:00:02,000\nYes.\n",
            "a.vtt, line 1: the first line does not begin with WEBVTT",
        ),
        ("a.vtt", "WEBVTTX\n\nYes.\n", "the first line does not begin with WEBVTT"),
        ("a.srt", "Only words.\n", "a.srt: no time line; expected cues with a line such as 00:00:01,000"),
    ],
)
def test_refused(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_transcripts(tmp_path / name)
    assert message in str(caught.value)
