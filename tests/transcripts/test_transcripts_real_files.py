"""The specimens of every grammar, real exports and real talk, where they lie beside the checkout."""

import json
import re
from pathlib import Path

import pytest
from transcripts.interviews import check, turns_of

from subtheme.errors import InputError
from subtheme.nouns import Role, Transcript
from subtheme.transcripts import preview, read_transcripts

pytestmark = pytest.mark.shared

SPECIMENS = re.findall(
    r"\S+",
    "bold-labels.docx bracket-id.txt chat.cha descript.md f4.txt maxqda-focus-group.txt minimal.rtf noscribe.txt "
    "nvivo-columns.tsv otter.docx otter.txt plain-colon.txt plain-cp1252.txt qa-bold-no-labels.docx rev.txt "
    "speaker-own-line.txt table-3col.docx teams.docx teams.vtt tracked-changes.docx whisper.json whisper.srt "
    "whisperx.json zoom.vtt",
)
UNNAMED = ("qa-bold-no-labels.docx", "whisper.json")
NAMES = {
    "chat.cha": {"Interviewer": "INV", "A1": "PAR"},
    "whisperx.json": {"Interviewer": "SPEAKER_00", "A1": "SPEAKER_01"},
}
START_EXACT = ("chat.cha", "maxqda-focus-group.txt", "nvivo-columns.tsv", "teams.vtt", "zoom.vtt")
START_EXACT += ("whisper.json", "whisper.srt", "whisperx.json")
START_SECONDS = ("descript.md", "noscribe.txt", "otter.docx", "otter.txt", "rev.txt", "table-3col.docx", "teams.docx")


def only(path: Path, encoding: str | None = None) -> Transcript:
    (transcript,) = read_transcripts(path, encoding=encoding)
    check(transcript)
    return transcript


def test_every_specimen_is_tested(shared: Path) -> None:
    found = {p.name for p in (shared / "transcripts" / "specimens").iterdir()}
    assert found == {*SPECIMENS, "expected.json"}


@pytest.mark.parametrize("name", SPECIMENS)
def test_specimens_give_the_expected_turns(shared: Path, name: str) -> None:
    folder = shared / "transcripts" / "specimens"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["turns"]
    transcript = only(folder / name, encoding="cp1252" if "cp1252" in name else None)
    names = NAMES.get(name, {})
    speakers = ["" if name in UNNAMED else names.get(t["speaker"], t["speaker"]) for t in expected]
    words = [t["text"].replace("😐", "") if "cp1252" in name else t["text"] for t in expected]
    assert turns_of(transcript) == list(zip(speakers, words, strict=True))
    if name != "whisper.json":
        assert [t.role for t in transcript.turns] == [Role.INTERVIEWER, Role.PARTICIPANT] * 3
    starts = [t["start"] for t in expected]
    found = [t.start_s for t in transcript.turns]
    if name in START_EXACT:
        assert found == pytest.approx(starts, abs=0.0601)  # one specimen cuts to tenths
    elif name in START_SECONDS:
        assert found == [int(s) for s in starts]
    else:
        assert found == [None] * 6


def test_cp1252_needs_to_be_named(shared: Path) -> None:
    with pytest.raises(InputError, match="It looks like cp1252: say --encoding cp1252"):
        read_transcripts(shared / "transcripts" / "specimens" / "plain-cp1252.txt")


@pytest.mark.parametrize(
    "module", ["2A_2024-01-18_scottish-care", "M6_2025-07-08_unison", "M6_2025-07-14_homecare-association"]
)
def test_hearings_are_read_without_loss(shared: Path, module: str) -> None:
    """Every turn of the .jsonl, word for word; and every letter of the .txt is in a turn or a label."""
    path = shared / "transcripts" / "in-domain" / f"uk-covid-inquiry_{module}.txt"
    transcript = only(path)
    rows = [json.loads(line) for line in path.with_suffix(".jsonl").read_text(encoding="utf-8").splitlines()]
    assert turns_of(transcript) == [(r["speaker"], r["text"]) for r in rows]
    rest = transcript.text
    for turn in reversed(transcript.turns):
        rest = rest[: turn.start_char] + rest[turn.end_char :]
    assert "".join(rest.split()) == "".join(f"{s}:" for s, _ in turns_of(transcript)).replace(" ", "")
    roles = {s.speaker: s.role for s in preview(transcript).speakers}
    assert roles["Counsel Inquiry"] is Role.INTERVIEWER
    assert roles["[note]"] is Role.OTHER
    assert {t.role for t in transcript.turns if t.speaker.startswith(("Dr ", "Ms Christina"))} == {Role.PARTICIPANT}


@pytest.mark.parametrize("number", range(1, 18))
def test_sessions_with_a_moderator_among_unlabelled_paragraphs(shared: Path, number: int) -> None:
    """Every letter is in a turn or in the label ``MODERATOR:``, and paragraphs stay apart."""
    transcript = only(shared / "corpora" / "serdif-usability" / "transcripts" / f"P{number:02d}.txt")
    assert set(transcript.speakers) == {"", "MODERATOR"}
    assert transcript.speakers["MODERATOR"] == transcript.text.count("MODERATOR:")
    assert {t.role for t in transcript.turns if not t.speaker} == {Role.PARTICIPANT}
    assert not any("\n" in words for _, words in turns_of(transcript))
    rest = transcript.text
    for turn in reversed(transcript.turns):
        rest = rest[: turn.start_char] + rest[turn.end_char :]
    assert set(rest.replace("MODERATOR:", "").split()) == set()


def test_zoom_keeps_every_word(shared: Path) -> None:
    path = shared / "transcripts" / "real" / "zoom.excerpt.vtt"
    transcript = only(path)
    cues = re.findall(r"-->[^\n]*\n(Speaker [A-D]): ([^\n]*)", path.read_text(encoding="utf-8").replace("\r\n", "\n"))
    assert len(cues) == 60
    assert " ".join(w for _, w in turns_of(transcript)).split() == " ".join(w for _, w in cues).split()
    changes = [s for n, (s, _) in enumerate(cues) if n == 0 or cues[n - 1][0] != s]
    assert [t.speaker for t in transcript.turns] == changes


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("webvtt-captions_with_bom.vtt", [f"Caption text #{n}" for n in range(1, 5)]),
        ("webvtt-metadata_headers.vtt", [f"Caption text #{n}" for n in range(1, 3)]),
        ("webvtt-missing_timeframe.vtt", [f"Caption text #{n}" for n in range(1, 8)]),
        ("srt-sample.srt", [f"Caption text #{n}" for n in range(1, 6)]),
        ("webvtt-cue_tags.vtt", ["When the moon hits your eye", "Like a big-a pizza pie", "That's amore"]),
    ],
)
def test_captions_keep_every_word(shared: Path, name: str, words: list[str]) -> None:
    transcript = only(shared / "transcripts" / "real" / name)
    assert " ".join(w for _, w in turns_of(transcript)) == " ".join(words)


def test_captions_with_notes_for_the_editor(shared: Path) -> None:
    transcript = only(shared / "transcripts" / "real" / "webvtt-comments.vtt")
    assert [w for _, w in turns_of(transcript)] == [
        "- Ta en kopp varmt te.\n- Det är inte varmt.",
        "- Har en kopp te.\n- Det smakar som te.",
        "- Ta en kopp",
    ]


def test_qualcoder_examples(shared: Path) -> None:
    real = shared / "transcripts" / "real"
    focus = only(real / "qualcoder-focus-group.txt")
    assert focus.speakers == {"id1": 3, "id2": 2, "id3": 2}
    assert [d.what for d in focus.doubts] == ["it is not clear who of 3 speakers asks"]
    word, open_document = only(real / "qualcoder-ID1.docx"), only(real / "qualcoder-ID2.odt")
    assert (len(word.turns), len(open_document.turns)) == (3, 3)
    assert word.text.rstrip().endswith("happy to pay €200.")
    assert turns_of(open_document)[2][1] == "The course cost €200.00 and I do not want to waste my money."
    assert "".join(w for _, w in turns_of(word)) == word.text.replace("\n", "")


def test_tiers(shared: Path) -> None:
    real = shared / "transcripts" / "real"
    elan, praat = only(real / "elan.eaf"), only(real / "praat.TextGrid")
    assert turns_of(elan) == turns_of(praat) == [(s, "S") for s in ("Maureen", "Marvin", "Maureen", "Robin")]
    assert [round(t.start_s or 0, 2) for t in elan.turns] == [round(t.start_s or 0, 2) for t in praat.turns]
    assert turns_of(only(real / "exmaralda.exb")) == [("", "Is this example more complicated than it appears to be")]


def test_maxqda_print(shared: Path) -> None:
    """Both speakers 47 times in turn, no number of the margin and no foot of a page among the words."""
    pytest.importorskip("pdfplumber")
    transcript = only(shared / "transcripts" / "real" / "maxqda-print.P1.pdf")
    assert transcript.grammar == "pdf/maxqda"
    assert transcript.speakers == {"Dan": 47, "Participant": 47}
    assert {t.role for t in transcript.turns if t.speaker == "Dan"} == {Role.INTERVIEWER}
    assert not any(re.search(r"\d/5$", words) for _, words in turns_of(transcript))
    assert turns_of(transcript)[3][1].endswith("we tend to use ICE plots.")


@pytest.mark.parametrize(
    "name", [pytest.param("maxqda-coded-segments.pdf", marks=pytest.mark.journey), "maxqda-code-system.pdf"]
)
def test_other_prints_are_read_without_a_crash(shared: Path, name: str) -> None:
    pytest.importorskip("pdfplumber")
    assert only(shared / "transcripts" / "real" / name).notes[0].startswith("line ends are those of the page")
