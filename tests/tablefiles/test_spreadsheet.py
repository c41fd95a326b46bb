"""Tables out, and in again."""

import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtheme.errors import InputError
from subtheme.tablefiles import read_table_file, write_csv, write_xlsx, xlsx_bytes
from subtheme.tablefiles.spreadsheet import csv_text

NASTY = ["=1+1", "- yes", "@x", "'=y", "plain", 'say "no"', "two\nlines", "café 😀, then", "a;b\tc"]


def nasty():
    return pd.DataFrame({"quote": NASTY, "n": range(len(NASTY)), "share": [0.1, float("nan")] + [1.0] * 7})


def test_csv_is_harmless_and_comes_back(tmp_path):
    write_csv(nasty(), tmp_path / "t.csv")
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.startswith(b"quote,n,share\n'=1+1,0,0.1\n'- yes,1,\n")
    table = read_table_file(tmp_path / "t.csv")
    assert [row[0] for row in table.rows] == NASTY
    assert table.numbers == tuple(range(2, 11))


def test_csv_for_excel_has_a_mark_and_reads_alike(tmp_path):
    write_csv(nasty(), tmp_path / "t.csv", byte_order_mark=True)
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbfquote")
    assert read_table_file(tmp_path / "t.csv").headings == ("quote", "n", "share")


def test_numbers_are_not_quoted_as_text():
    assert csv_text(pd.DataFrame({"start_char": [-1, 5]})) == "start_char\n-1\n5\n"


def test_workbook_holds_text_not_formulas_and_comes_back(tmp_path):
    write_xlsx({"Codings": nasty()}, tmp_path / "t.xlsx")
    with zipfile.ZipFile(tmp_path / "t.xlsx") as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert 'quotePrefix="1"' in package.read("xl/styles.xml").decode()
    table = read_table_file(tmp_path / "t.xlsx")
    assert [row[0] for row in table.rows] == NASTY
    assert table.rows[0][1:] == ("0", "0.1")


def test_two_workbooks_of_one_table_are_byte_equal(monkeypatch):
    import datetime as real

    class Later(real.datetime):
        @classmethod
        def now(cls, tz=None):
            return real.datetime(2031, 5, 6, tzinfo=tz)

    first = xlsx_bytes({"a": nasty(), "b": nasty()})
    monkeypatch.setattr("openpyxl.writer.excel.datetime.datetime", Later)
    assert xlsx_bytes({"a": nasty(), "b": nasty()}) == first


def test_control_characters_become_the_replacement_sign(tmp_path):
    write_xlsx({"t": pd.DataFrame({"a": ["x\x07y\ud800z"]}, dtype=object)}, tmp_path / "t.xlsx")
    assert read_table_file(tmp_path / "t.xlsx").rows == (("x\ufffdy\ufffdz",),)


def test_what_no_workbook_can_hold_is_refused():
    table = pd.DataFrame({"quote": ["a", "secret" * 6000]})
    with pytest.raises(InputError) as refused:
        xlsx_bytes({"t": table, "T": table})
    text = str(refused.value)
    assert "two sheets would be called 't'" in text
    assert "sheet 't', row 3: a cell of column 'quote' has 36000 characters" in text
    assert "Write CSV instead" in text
    assert "secret" not in text
    with pytest.raises(InputError, match="no table to write"):
        xlsx_bytes({})


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=8),
        min_size=1,
        max_size=5,
    ).filter(lambda cells: any(c.strip() for c in cells))
)
def test_any_text_survives_a_csv_file(tmp_path_factory, cells):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    table = pd.DataFrame({"n": ["x"] * len(cells), "text": cells})
    write_csv(table, path)
    assert [row[1] for row in read_table_file(path).rows] == cells
