"""Spreadsheets in and out."""

import pandas as pd
import pytest

from subtheme.errors import InputError
from subtheme.tablefiles import read_table, write_table

FRAME = pd.DataFrame({"code": ["wages", "=1+1", "-dash", "@home"], "text": ["plain", "+44", "two\nlines", "ümlaut 😐"]})


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_what_is_written_reads_back(tmp_path, suffix):
    path = tmp_path / f"t{suffix}"
    write_table(FRAME, path)
    back = read_table(path)
    assert back.values.tolist() == FRAME.values.tolist()


def test_no_cell_is_a_formula(tmp_path):
    write_table(FRAME, tmp_path / "t.csv")
    assert ",=" not in (tmp_path / "t.csv").read_text()
    assert "'=1+1" in (tmp_path / "t.csv").read_text()
    from openpyxl import load_workbook

    write_table(FRAME, tmp_path / "t.xlsx")
    cells = [c for row in load_workbook(tmp_path / "t.xlsx").active.iter_rows() for c in row]
    assert all(c.data_type != "f" for c in cells)


def test_semicolons_and_numbers_are_read(tmp_path):
    (tmp_path / "t.csv").write_text("a;b\n1;2\n\n")
    assert read_table(tmp_path / "t.csv").to_dict("records") == [{"a": "1", "b": "2"}]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("t.csv", b"", "t.csv"),
        ("t.csv", b"a,a\n1,2\n", "t.csv: columns 1 and 2 are both headed 'a'"),
        ("t.csv", b"a,b\n1,2,3\n", "t.csv, row 2: 3 cells under 2 headings"),
        ("t.csv", b'a,b\n"1,2\n', "not readable as CSV"),
        ("t.csv", b"a,b\n\xe9,1\n", "not UTF-8"),
        ("t.xlsx", b"PK\x03\x04 nothing", "t.xlsx"),
        ("t.ods", b"x", "a table with the ending '.ods' cannot be read"),
    ],
)
def test_bad_files_are_named(tmp_path, name, content, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_table(tmp_path / name)
    assert words in str(caught.value)


def test_unknown_ending_is_not_written(tmp_path):
    with pytest.raises(InputError, match="cannot write"):
        write_table(FRAME, tmp_path / "t.ods")
