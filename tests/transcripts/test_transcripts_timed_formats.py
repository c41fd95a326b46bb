import json
from pathlib import Path

import pytest
from transcripts.interviews import QUESTION, read, turns_of

from subtheme.errors import InputError
from subtheme.transcripts import read_transcripts


def test_whisperx_segments_of_one_speaker_are_joined(tmp_path: Path) -> None:
    segments = [
        {"start": 0, "end": 1.5, "text": " How is", "speaker": "SPEAKER_00"},
        {"start": 1.5, "end": 2, "text": " your rota made?", "speaker": "SPEAKER_00"},
        {"start": "x", "end": float("nan"), "text": " Fine.", "speaker": "SPEAKER_01"},
        {"text": " Mm."},
    ]
    transcript = read(tmp_path, "a.json", json.dumps({"segments": segments}))
    assert turns_of(transcript) == [("SPEAKER_00", QUESTION), ("SPEAKER_01", "Fine."), ("", "Mm.")]
    assert [(t.start_s, t.end_s) for t in transcript.turns] == [(0, 2), (None, None), (None, None)]
    assert (transcript.grammar, transcript.notes) == ("json/whisperx", ("4 segments were joined into 3 turns",))


def test_whisper_has_no_speakers(tmp_path: Path) -> None:
    segments = [{"start": 0, "end": 1, "text": "By text,"}, {"start": 1, "end": 2, "text": "at night."}]
    segments += [{"start": 2, "end": 3, "text": "Then"}, {"start": 9, "end": 10, "text": "a pause."}]
    transcript = read(tmp_path, "a.json", json.dumps({"segments": segments}))
    assert [w for _, w in turns_of(transcript)] == ["By text, at night.", "Then", "a pause."]
    assert transcript.notes[-1] == "no speakers are named: every turn is taken as the participant's"


CHAT = (
    "@UTF8\n@Begin\n@Participants:\tABC Ann Investigator, CHI Participant, XYZ\n"
    "*ABC:\thow is\n\tit made ? \x150_1500\x15\n%mor:\tadv v\n"
    "*ABC:\tand ? \x151500_2000\x15\n*CHI:\tby text . \x152000_2500\x15\n@End\n"
)


def test_chat(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.cha", CHAT)
    assert turns_of(transcript) == [("ABC", "how is it made ? and ?"), ("CHI", "by text .")]
    assert [(t.start_s, t.end_s, t.role.value) for t in transcript.turns] == [
        (0, 2, "interviewer"),
        (2, 2.5, "participant"),
    ]
    assert transcript.notes == ("1 dependent tier line (%) were left out",)


EAF = """<ANNOTATION_DOCUMENT><TIME_ORDER><TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="1000"/>
<TIME_SLOT TIME_SLOT_ID="b" TIME_VALUE="2000"/><TIME_SLOT TIME_SLOT_ID="c"/></TIME_ORDER>
<TIER TIER_ID="P1"><ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="b" TIME_SLOT_REF2="c">
<ANNOTATION_VALUE>By text.</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="x" PARTICIPANT="I"><ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="a" TIME_SLOT_REF2="b">
<ANNOTATION_VALUE>How?</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="t" PARENT_REF="P1"><ANNOTATION><REF_ANNOTATION><ANNOTATION_VALUE>Per Text.</ANNOTATION_VALUE>
</REF_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>"""


def test_elan_tiers_in_the_order_of_time(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.eaf", EAF)
    assert turns_of(transcript) == [("I", "How?"), ("P1", "By text.")]
    assert [(t.start_s, t.end_s) for t in transcript.turns] == [(1, 2), (2, None)]
    assert transcript.notes == ("1 tier that describe others, or hold no speech, were left out",)


EXB = """<basic-transcription><head><speakertable><speaker id="S0"><abbreviation>P1</abbreviation></speaker>
</speakertable></head><basic-body><common-timeline><tli id="T0" time="0"/><tli id="T1" time="1.5"/><tli id="T2"/>
</common-timeline><tier speaker="S0" type="t" category="v"><event start="T0" end="T1">By te</event>
<event start="T1" end="T2">xt </event></tier><tier speaker="S0" type="a" category="en">
<event start="T0" end="T1">x</event>
</tier><tier speaker="S1" type="t"><event start="T1" end="T2">Who? </event></tier></basic-body></basic-transcription>"""


def test_exmaralda_events_bring_their_own_blanks(tmp_path: Path) -> None:
    transcript = read(tmp_path, "a.exb", EXB.replace("xt </event>", "xt</event>").replace("By te", "By te "))
    assert turns_of(transcript) == [("P1", "By te xt"), ("S1", "Who?")]
    assert turns_of(read(tmp_path, "b.exb", EXB))[0] == ("P1", "By text")


SHORT_GRID = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n3\n<exists>\n2\n"IntervalTier"\n"P1"\n0\n3\n2\n'
SHORT_GRID += '0\n1\n""\n1\n3\n"She said ""no""."\n"TextTier"\n"I"\n0\n3\n1\n0.5\n"Well?"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_praat_short_form(tmp_path: Path, encoding: str) -> None:
    transcript = read(tmp_path, "a.TextGrid", SHORT_GRID.encode(encoding))
    assert turns_of(transcript) == [("I", "Well?"), ("P1", 'She said "no".')]
    assert [(t.start_s, t.end_s) for t in transcript.turns] == [(0.5, 0.5), (1, 3)]
    assert transcript.encoding == encoding


def test_praat_long_form(tmp_path: Path) -> None:
    text = (
        'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0 \nxmax = 2 \ntiers? <exists> \nsize = 1 \n'
        'item []: \n    item [1]:\n class = "IntervalTier" \n name = "P1" \n xmin = 0 \n xmax = 2 \n'
        " intervals: size = 1 \n"
        ' intervals [1]:\n xmin = 0 \n xmax = 2 \n text = "Item [3]: 4 = yes" \n'
    )
    assert turns_of(read(tmp_path, "a.TextGrid", text)) == [("P1", "Item [3]: 4 = yes")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", "{", "a.json: not valid JSON; expected output of Whisper"),
        ("a.json", "[" * 100_000, "a.json: not valid JSON"),
        ("a.json", "{}", "a.json: no list 'segments'"),
        ("a.json", '{"segments": [{"text": "x"}, {"text": 1}, 4]}', "a.json, segment 2: no 'text'"),
        ("a.json", '{"segments": []}', "a.json: no words of anybody"),
        ("a.cha", "@Begin\n@End\n", "a.cha: no line of speech; expected CHAT lines"),
        ("a.eaf", "<a/>", "a.eaf: XML of another kind; expected an ELAN file"),
        ("a.eaf", "<a>\n<b></a>", "a.eaf, line 2: not well-formed XML"),
        ("a.exb", "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "the XML has a document type"),
        ("a.TextGrid", "words", "a.TextGrid: no head of a TextGrid"),
        ("a.TextGrid", SHORT_GRID[:-12], "a.TextGrid: the TextGrid ends too early or is damaged"),
    ],
)
def test_refused(tmp_path: Path, name: str, content: str, message: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_transcripts(tmp_path / name)
    assert message in str(caught.value)
