import io
from pathlib import Path

import openpyxl
import pytest
from transcripts.interviews import ANSWER, QUESTION, SECOND_ANSWER, TURNS, check, read, turns_of, zipped

from subtheme.errors import InputError
from subtheme.nouns import Role
from subtheme.transcripts import ColumnMap, read_roles, read_transcripts


def workbook(*rows: tuple[object, ...], sheets: int = 1) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for _ in range(sheets - 1):
        book.create_sheet()
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_several_transcripts_in_one_table(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text(
        "Interview,Speaker,Text,Start,End\n"
        f'T2,I,"{QUESTION}",0:01,0:02\n'
        f'T2,P1,"{ANSWER}\n""Yes,"" I said.",2.5,\nT1,I,Well?,,\nT1,P2,,,\nT1,P2,Well.,1:00:01,\n',
        encoding="utf-8",
    )
    second, first = read_transcripts(path)
    check(second)
    assert (second.id, first.id, second.source) == ("T2", "T1", "all.csv")
    assert turns_of(second) == [("I", QUESTION), ("P1", f'{ANSWER}\n"Yes," I said.')]
    assert [(t.start_s, t.end_s) for t in second.turns] == [(1, 2), (2.5, None)]
    assert [t.start_s for t in first.turns] == [None, 3601]


def test_one_answer_a_row_is_one_transcript_a_participant(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("participant;comment\n7;First, good.\n8;Other.\n7;Second.\n", encoding="utf-8")
    seven, eight = read_transcripts(path)
    assert (seven.id, turns_of(seven)) == ("7", [("7", "First, good."), ("7", "Second.")])
    assert eight.id == "8"
    assert {t.role for t in seven.turns} == {Role.PARTICIPANT}


def test_a_column_map_names_the_columns(tmp_path: Path) -> None:
    columns = ColumnMap(text="Was", speaker="Wer")
    transcript = read(tmp_path, "a.csv", f"Wer,Was,text\nI,{QUESTION},x\nP1,Gut.,y\n", columns=columns)
    assert turns_of(transcript) == [("I", QUESTION), ("P1", "Gut.")]
    assert transcript.id == "a"


def test_a_workbook(tmp_path: Path) -> None:
    rows = [
        ("Speaker", "Text", "Start"),
        *((s, w, n) for n, (s, w) in enumerate(TURNS)),
        (None, None, None),
        ("P1", 14, 9),
    ]
    transcript = read(tmp_path, "a.xlsx", workbook(*rows, sheets=2))
    assert turns_of(transcript) == [*TURNS, ("P1", "14")]
    assert transcript.turns[1].start_s == 1
    assert transcript.notes == ("1 further sheet left out: only the first is read",)
    assert (transcript.grammar, transcript.encoding) == ("xlsx/columns", "binary")


@pytest.mark.parametrize(
    ("name", "content", "columns", "messages"),
    [
        ("a.csv", b"speaker,txet\nI,Yes\n", None, ["a.csv, row 1: no column of text", "Did you mean 'txet'?"]),
        ("a.csv", b"speaker,said\nI,Yes\n", None, ["no column of text", "Found: speaker, said"]),
        ("a.csv", b"I,How is it?\nP1,Fine\n", None, ["no column of text", "Found: 2 columns, not all of them named"]),
        ("a.csv", b"text,Text\nI,Yes\n", None, ["column 'text' occurs twice"]),
        (
            "a.csv",
            b"who,words\nI,Yes\n",
            ColumnMap(text="wodrs", start="begin"),
            ["column 'wodrs' is missing. Did you mean 'words'?", "column 'begin' is missing"],
        ),
        ("a.csv", b'text\n"Yes\n', None, ["a.csv, line 2: not readable as CSV: a quotation mark is out of place"]),
        ("a.csv", b"transcript,text\n,Yes\nT1,No\n,Oh\n", None, ["row 2: an empty transcript cell", "row 4"]),
        ("a.csv", b"participant,text\n,Yes\n", None, ["row 2: an empty participant cell"]),
        ("a.csv", b"\n\n,\n", None, ["a.csv: the table is empty"]),
        ("a.csv", b"speaker,text\nI,\n", None, ["a.csv: no words of anybody"]),
        ("a.xlsx", zipped({"a.xml": "<a/>"}), None, ["a.xlsx: the workbook cannot be read (KeyError)"]),
        ("a.xlsx", zipped({"a.xml": "<!DOCTYPE a><a/>"}), None, ["a.xlsx (a.xml): the XML has a document type"]),
        ("a.xlsx", b"PK\x03\x04", None, ["a.xlsx: the package is damaged or of another kind"]),
        ("a.tsv", b"Speaker\tTime\nI\t0:01\n", None, ["a.tsv, line 1: no column of text"]),
    ],
)
def test_refused(tmp_path: Path, name: str, content: bytes, columns: ColumnMap | None, messages: list[str]) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_transcripts(tmp_path / name, columns=columns)
    for message in messages:
        assert message in str(caught.value)
    assert SECOND_ANSWER not in str(caught.value)


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\n', "Interviews of May, first wave\n"])
def test_tables_of_turns_read_like_every_other_table(tmp_path: Path, first: str) -> None:
    path = tmp_path / "turns.csv"
    path.write_bytes(b"\xef\xbb\xbf" + f"{first}speaker;text\nI;{QUESTION}\nP1;Well, yes, it is.\n".encode())
    (transcript,) = read_transcripts(path)
    assert turns_of(transcript) == [("I", QUESTION), ("P1", "Well, yes, it is.")]


def test_roles_in_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "who.xlsx").write_bytes(workbook(("Who is who", None), ("Speaker", "Role"), ("Ann", "interviewer")))
    assert read_roles(tmp_path / "who.xlsx") == {"": {"Ann": Role.INTERVIEWER}}
