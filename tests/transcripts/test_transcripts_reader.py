import random
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from transcripts.interviews import TURNS, bold, check, docx, odt, p, read, zipped

from subtheme.errors import InputError, MissingExtraError
from subtheme.transcripts import SUFFIXES, read_transcripts, transcript_files
from subtheme.transcripts.label_words import EMPTY

TMP = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PIECES = st.sampled_from(
    [
        "I",
        "P1",
        "MODERATOR",
        "Dr Ann Lee",
        "[id1]",
        ":",
        ": ",
        "：",
        " ",
        "\t",
        "\n",
        "\n\n",
        "\r\n",
        "[00:01:02]",
        "#0:01-2#",
    ]
)
MARKS = st.sampled_from(
    [
        "(00:03)",
        "0:12",
        "**",
        "?",
        ".",
        "words",
        "Note",
        "http://x",
        "\u2028",
        "\u00a0",
        "😐",
        "\x1c",
        "-->",
        "<v A>",
        "</v>",
    ]
)
OTHERS = st.sampled_from(
    [
        "Speaker",
        "Text",
        "Timespan",
        "1",
        "WEBVTT",
        "0:01.000 --> 0:02.000\n",
        "*PAR:",
        "%mor:",
        "\x15",
        "'",
        '"',
        "NOTE",
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.one_of(PIECES, MARKS, OTHERS), max_size=60).map("".join))


def read_or_refuse(path: Path) -> None:
    try:
        transcripts = read_transcripts(path)
    except InputError:
        return
    assert transcripts
    for transcript in transcripts:
        assert transcript.turns
        check(transcript)
    assert transcripts == read_transcripts(path)


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s not in (".docx", ".odt", ".xlsx", ".pdf")])
@TMP
@given(text=TEXTS)
def test_any_text_is_read_or_refused(tmp_path: Path, suffix: str, text: str) -> None:
    head = {".vtt": "WEBVTT\n\n", ".rtf": "{\\rtf1 ", ".textgrid": '"ooTextFile" "TextGrid" ', ".csv": "speaker,text\n"}
    path = tmp_path / f"a{suffix}"
    path.write_bytes((head.get(suffix, "") + text).encode("utf-8", "surrogatepass"))
    read_or_refuse(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(min_size=1, max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(data)
    read_or_refuse(path)


@TMP
@given(texts=st.lists(st.tuples(st.booleans(), TEXTS), max_size=8))
def test_any_paragraphs_are_read_or_refused(tmp_path: Path, texts: list[tuple[bool, str]]) -> None:
    clean = [(b, "".join(c for c in t if c in "\t\n" or c >= " ")) for b, t in texts]
    clean = [
        (b, t.encode("utf-8", "ignore").decode().replace("&", "").replace("<", "").replace("\ufffe", ""))
        for b, t in clean
    ]
    clean = [(b, t.replace("\uffff", "")) for b, t in clean]
    (tmp_path / "a.docx").write_bytes(docx("".join(p(bold(t) if b else t) for b, t in clean)))
    (tmp_path / "a.odt").write_bytes(odt("".join(f"<text:p>{t}</text:p>" for _, t in clean)))
    read_or_refuse(tmp_path / "a.docx")
    read_or_refuse(tmp_path / "a.odt")


@TMP
@given(seed=st.integers(0, 2**32))
def test_a_bent_package_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    data = bytearray(docx("".join(p(f"{s}: {w}") for s, w in TURNS)))
    for _ in range(rng.randint(1, 5)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    for suffix in (".docx", ".xlsx", ".odt"):
        (tmp_path / f"a{suffix}").write_bytes(data)
        read_or_refuse(tmp_path / f"a{suffix}")


@TMP
@given(words=st.lists(TEXTS.filter(str.strip), min_size=2, max_size=6))
def test_no_letter_of_a_labelled_text_is_lost(tmp_path: Path, words: list[str]) -> None:
    clean = ["".join(c for c in w if c not in "\r\x00:：[]#<>*") for w in words]
    clean = [" ".join(c.encode("utf-8", "ignore").decode().split()) for c in clean]
    said = [c.strip(EMPTY) for c in clean if any(x.isalpha() for x in c)]
    text = "\n\n".join(f"{'Interviewer' if n % 2 else 'Participant'}: {w}" for n, w in enumerate(said))
    if len(said) < 2:
        return
    transcript = read(tmp_path, "a.txt", text)
    assert [transcript.words(t) for t in transcript.turns] == said


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a.doc", "a.doc: the ending '.doc' is not one that can be read; expected one of .cha, .csv, .docx"),
        ("a.doc", "Save it as .docx"),
        ("a.mp3", "Transcribe it first"),
        ("a.dcox", "Did you mean '.docx'?"),
        ("a", "the ending '' is not one that can be read"),
        ("missing.txt", "missing.txt: no such file"),
    ],
)
def test_refused_endings(tmp_path: Path, name: str, message: str) -> None:
    if "missing" not in name:
        (tmp_path / name).write_bytes(b"x")
    with pytest.raises(InputError) as caught:
        read_transcripts(tmp_path / name)
    assert message in str(caught.value)


def test_white_space_alone_is_nobodys_words(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(" \n\t\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.txt: no words of anybody; expected a transcript with at least one turn"):
        read_transcripts(tmp_path / "a.txt")


def test_files_of_a_folder(tmp_path: Path) -> None:
    for name in ("b.TXT", "a.docx", "sub/c.vtt", ".hidden.txt", ".git/d.txt", "~$a.docx", "notes.doc", "sub/e"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = transcript_files(tmp_path)
    assert [f.relative_to(tmp_path).as_posix() for f in found.files] == ["a.docx", "b.TXT", "sub/c.vtt"]
    left = {x.path.relative_to(tmp_path).as_posix(): x.reason for x in found.left_out}
    assert list(left) == [".git/d.txt", ".hidden.txt", "notes.doc", "sub/e", "~$a.docx"]
    assert left[".hidden.txt"] == left["~$a.docx"] == "hidden or temporary"
    assert left["notes.doc"].startswith("the ending '.doc' is not one of .cha, .csv, .docx")
    assert transcript_files([tmp_path / "b.TXT", tmp_path / "sub"]).files == (
        tmp_path / "b.TXT",
        tmp_path / "sub/c.vtt",
    )
    with pytest.raises(InputError) as caught:
        transcript_files([tmp_path / "x", tmp_path / "y"])
    assert [p.what for p in caught.value.problems] == ["no such file or folder"] * 2


def test_pdf_needs_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pdfplumber", None)
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    with pytest.raises(MissingExtraError, match=r"a\.pdf: reading \.pdf is an optional part that is not installed"):
        read_transcripts(tmp_path / "a.pdf")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"words", "the file does not begin like a PDF"), (b"%PDF-1.4\n", "the PDF cannot be read")],
)
def test_refused_pdf(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_transcripts(tmp_path / "a.pdf")


CANARY = "Zanzibar"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", f"I: {CANARY} \0".encode()),
        ("a.txt", f"I: {CANARY} caf\xe9".encode("latin-1")),
        ("a.json", f'{{"segments": [{{"text": "{CANARY}"}}, {{"t": "{CANARY}"}}]}}'.encode()),
        ("a.json", f'{{"segments": "{CANARY}'.encode()),
        ("a.csv", f'text\n"{CANARY}'.encode()),
        ("a.csv", f"transcript,text\n,{CANARY}".encode()),
        ("a.docx", zipped({"word/document.xml": f"<a><{CANARY}></a>"})),
        ("a.eaf", f"<a>{CANARY}".encode()),
        ("a.srt", CANARY.encode()),
        ("a.vtt", CANARY.encode()),
        ("a.rtf", CANARY.encode()),
        ("a.rtf", f"{{\\rtf1 {CANARY} \\u-10179? }}".encode()),
        ("a.cha", CANARY.encode()),
        ("a.TextGrid", CANARY.encode()),
        ("a.xlsx", zipped({"a.xml": f"<a>{CANARY}</a>"})),
    ],
)
def test_no_words_of_an_interview_in_an_error(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_transcripts(tmp_path / name)
    assert CANARY.casefold() not in str(caught.value).casefold()
    assert CANARY not in repr(caught.value)
