"""One reader of tables: sheets, titles, merged cells, delimiters, line ends, limits."""

import io
import zipfile

import openpyxl
import pytest

from subtheme.errors import InputError
from subtheme.tablefiles import Merged, TableLimits, book_of, read_book, read_table_file

KNOWN = ("transcript", "code", "quote", "coder")
ROWS = [["transcript", "code", "quote"], ["T1", "wages", "too little"], [None, None, None], ["T2", "hours", "too late"]]


def workbook(hidden=(), merged=(), **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for cells in merged:
            sheet.merge_cells(cells)
        if name in hidden:
            sheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def refused(data, name, **options):
    with pytest.raises(InputError) as caught:
        book_of(data, name=name, **options).sheet()
    return str(caught.value)


@pytest.mark.parametrize("title", [[], [["Retrieved segments"]], [["Study of the code"], [], ["Wave 2", "May"]]])
def test_the_headings_are_found_below_a_title(title):
    table = book_of(workbook(A=[*title, *ROWS]), name="a.xlsx").sheet().table(KNOWN)
    above = len(title)
    assert table.headings == ("transcript", "code", "quote")
    assert table.numbers == (above + 2, above + 4)
    assert table.first_row == above + 2
    assert table.rows[1] == ("T2", "hours", "too late")
    assert len(table.frame()) == 3


def test_without_known_headings_the_first_row_heads_the_table():
    sheet = book_of(b"Anna's list;x\ncode;quote\n", name="a.csv").sheet()
    assert (sheet.heading(), sheet.heading(KNOWN), sheet.holds(KNOWN), sheet.holds(())) == (1, 2, 2, 0)
    assert book_of(b"\xef\xbb\xbf\n", name="a.csv").sheet().holds(KNOWN) == 0


def test_the_sheet_is_the_first_one_or_the_only_one_that_fits():
    about = [["About", "this file"], ["x", "y"]]
    for sheets, expected in (
        ({"A": ROWS, "B": ROWS}, "a.xlsx, sheet 'A'"),
        ({"A": about, "B": ROWS}, "a.xlsx, sheet 'B'"),
        ({"A": about, "B": ROWS, "C": ROWS}, "a.xlsx, sheet 'A'"),
        ({"A": about, "B": about}, "a.xlsx, sheet 'A'"),
    ):
        assert book_of(workbook(**sheets), name="a.xlsx").sheet_with(KNOWN).name == expected
    book = book_of(workbook(A=ROWS, B=about), name="a.xlsx")
    assert book.sheet_with(KNOWN, name="B").name == "a.xlsx, sheet 'B'"


def test_hidden_sheets_come_last():
    book = book_of(workbook(A=[["x"]], B=ROWS, hidden=["A"]), name="a.xlsx")
    assert book.names == ("B", "A")
    assert book.sheet().rows[0] == ("transcript", "code", "quote")


def test_an_unknown_sheet_is_named_with_those_that_there_are():
    book = book_of(workbook(Codings=ROWS, Notes=[["x"]]), name="a.xlsx")
    with pytest.raises(InputError, match=r"a\.xlsx: no sheet 'codings'; expected one of Codings, Notes\. Did you mean"):
        book.sheet("codings")
    with pytest.raises(InputError, match="no sheet 'A'; expected a workbook; a text has no sheets"):
        book_of(b"a,b\n", name="a.csv").sheet("A")


def test_a_cell_merged_over_rows_stands_in_each_of_them():
    rows = [["title", None], ["transcript", "code"], ["T1", "wages"], [None, "hours"], [None, None], ["T2", "rota"]]
    sheet = book_of(workbook(A=rows, merged=["A1:B1", "A3:A5"]), name="a.xlsx").sheet()
    assert sheet.merged == (
        Merged(first_row=1, last_row=1, first_column=1, last_column=2),
        Merged(first_row=3, last_row=5, first_column=1, last_column=1),
    )
    assert sheet.table(KNOWN).rows == (("T1", "wages"), ("T1", "hours"), ("T2", "rota"))
    assert sheet.rows[3][0] == ""


def test_rows_that_are_empty_but_for_a_merged_cell_stay_empty():
    rows = [["transcript", "code"], ["T1", "wages"], [], ["T2", "rota"]]
    table = book_of(workbook(A=rows, merged=["A2:A3"]), name="a.xlsx").sheet().table(KNOWN)
    assert table.numbers == (2, 4)


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("Second wave, May\ncode;quote\nwages;too little, too late\n", ("code", "quote")),
        ('code,quote\nwages,"a; b; c"\nhours,"d; e; f"\n', ("code", "quote")),
        ("code;share\nwages;1,5\nhours;2,5\n", ("code", "share")),
        ("code|quote\nwages|a, b\n", ("code", "quote")),
        ("sep=|\ncode,x|quote;y\n", ("code,x", "quote;y")),
        ('"sep=;"\r\ncode;quote\r\n', ("code", "quote")),
        ("code\nwages, low\n", ("code",)),
    ],
)
def test_the_delimiter_is_the_one_that_cuts_the_records_alike(text, headings):
    sheet = book_of(text.encode(), name="a.csv").sheet()
    filled = [cells for cells in sheet.rows if any(cells)]
    assert headings in filled[:2]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_in_cells_are_of_one_kind(end):
    text = f'code,quote{end}wages,"first{end}second"{end}'
    assert book_of(text.encode(), name="a.csv").sheet().rows == (("code", "quote"), ("wages", "first\nsecond"))


def test_line_ends_that_a_workbook_spells_out_are_line_ends():
    cell = "first_x000D_\nsecond_x000D__x000D_third_x0009_end, _x0041_"
    rows = book_of(workbook(A=[["quote"], [cell]]), name="a.xlsx").sheet().rows
    assert rows[1] == ("first\nsecond\n\nthird\tend, _x0041_",)


def test_limits_hold_for_both_kinds():
    data = workbook(A=[["a", "b"]] * 4)
    for limits in (TableLimits(rows=3), TableLimits(columns=1), TableLimits(cells=11)):
        assert "a.xlsx: the table is too large; expected at most" in refused(data, "a.xlsx", table_limits=limits)
        assert "a.csv: the table is too large" in refused(b"a,b\n" * 4, "a.csv", table_limits=limits)
    assert "too large" in refused(b"a,bbbb\n", "a.csv", table_limits=TableLimits(cell_chars=3))
    exact = TableLimits(rows=4, columns=2, cells=12)
    assert len(book_of(data, name="a.xlsx", table_limits=exact).sheet().rows) == 4
    assert len(book_of(b"a,b\n" * 4, name="a.csv", table_limits=exact).sheet().rows) == 4


def test_a_cell_longer_than_csv_reads_by_itself(tmp_path):
    import csv

    before = csv.field_size_limit()
    (tmp_path / "a.csv").write_text('code,quote\nwages,"' + "x" * 200_000 + '"\n')
    assert len(read_book(tmp_path / "a.csv").sheet().rows[1][1]) == 200_000
    assert csv.field_size_limit() == before


def test_a_heading_of_nothing_but_quotation_marks():
    assert "a.csv, line 1: not readable as CSV" in refused(b'"' * 300_001, "a.csv")


def test_words_in_headings_are_not_repeated(tmp_path):
    words = "Nobody told me of the gap"
    (tmp_path / "a.csv").write_text(f"{words},{words}\n1,2,3\n")
    with pytest.raises(InputError) as caught:
        read_table_file(tmp_path / "a.csv")
    assert "columns 1 and 2 are both headed (25 characters, not repeated here)" in str(caught.value)
    assert "row 2: 3 cells under 2 headings" in str(caught.value)
    assert words not in str(caught.value)


def test_a_workbook_without_a_sheet_of_cells():
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(A=ROWS))) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/workbook.xml":
                start, end = content.index(b"<sheets>"), content.index(b"</sheets>")
                content = content[:start] + b"<sheets>" + content[end:]
            target.writestr(name, content)
    assert "a.xlsx: the workbook has no sheet of cells" in refused(buffer.getvalue(), "a.xlsx")


def test_another_ending():
    assert "a table with the ending '.ods' cannot be read" in refused(b"x", "a.ods")
