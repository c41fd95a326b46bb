"""Tables of other programs: delimiters, sheets, encodings, damage."""

import io
import zipfile

import openpyxl
import pytest

from subtheme.errors import InputError
from subtheme.tablefiles import read_table_file


def refused(path, **options):
    with pytest.raises(InputError) as error:
        read_table_file(path, **options)
    return str(error.value)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_the_one_that_cuts_the_heading(tmp_path, delimiter):
    path = tmp_path / "t.csv"
    path.write_text(delimiter.join(["a", "b c"]) + "\n" + delimiter.join(["1", '"x,;\ty"']) + "\n\n", encoding="utf-8")
    table = read_table_file(path)
    assert table.headings == ("a", "b c")
    assert table.rows == (("1", "x,;\ty"),)


def test_row_numbers_count_empty_rows_and_not_lines(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('a,b\n"two\nlines",1\n,\nx,2\n', encoding="utf-8")
    table = read_table_file(path)
    assert table.numbers == (2, 4)
    assert table.frame().values.tolist() == [["two\nlines", "1"], ["", ""], ["x", "2"]]
    assert table.where(4) == "t.csv, row 4"


def test_short_rows_are_filled_and_long_ones_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1\n1,2,3\n", encoding="utf-8")
    assert "t.csv, row 3: 3 cells under 2 headings" in refused(path)
    path.write_text("a,b\n1\n1,2,\n", encoding="utf-8")
    assert read_table_file(path).rows == (("1", ""), ("1", "2"))


def test_damage_is_told(tmp_path):
    cases = {
        "twice.csv": (b"a,a\n1,2\n", "columns 1 and 2 are both headed 'a'"),
        "blank.csv": (b"\n\n", "the table is empty"),
        "none.csv": (b"", "the file is empty"),
        "quote.csv": (b'a,b\n"open,1\n', "not readable as CSV"),
        "latin.csv": ("a,b\ncafé,1\n".encode("cp1252"), "not UTF-8"),
        "zip.csv": (b"PK\x03\x04....", "the file is a zip package"),
        "old.xls": (b"x", "a table with the ending '.xls' cannot be read"),
        "text.xlsx": (b"a,b\n", "the package is damaged or of another kind"),
    }
    for name, (content, message) in cases.items():
        (tmp_path / name).write_bytes(content)
        assert message in refused(tmp_path / name)
    assert "no such file" in refused(tmp_path / "missing.csv")
    assert read_table_file(tmp_path / "latin.csv", encoding="cp1252").rows == (("café", "1"),)


def workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_cells_of_a_workbook_become_text(tmp_path):
    path = tmp_path / "t.xlsx"
    path.write_bytes(workbook(A=[["a", "b", None], [12, 12.5, None], [True, None, None]], B=[["c"], ["x"]]))
    table = read_table_file(path)
    assert table.headings == ("a", "b")
    assert table.rows == (("12", "12.5"), ("True", ""))
    assert table.name == "t.xlsx, sheet 'A'"
    assert read_table_file(path, sheet="B").rows == (("x",),)
    message = refused(path, sheet="b")
    assert "no sheet 'b'" in message
    assert "one of A, B" in message


def repacked(data, change):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, change(name, source.read(name)))
    return buffer.getvalue()


def test_attacks_in_a_workbook_are_refused(tmp_path):
    path = tmp_path / "t.xlsx"
    good = workbook(A=[["a"], ["x"]])

    def with_dtd(name, content):
        entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'
        return entity + content.split(b"?>", 1)[-1] if name.endswith("workbook.xml") else content

    path.write_bytes(repacked(good, with_dtd))
    assert "document type" in refused(path)

    path.write_bytes(repacked(good, lambda name, c: b"0" * 40_000_000 if name.endswith("app.xml") else c))
    assert "unpacks to more than" in refused(path)

    path.write_bytes(repacked(good, lambda name, c: b"<x/>" if name.endswith("workbook.xml") else c))
    assert "the workbook has no sheet of cells" in refused(path)

    path.write_bytes(repacked(good, lambda name, c: b"<x/>" if name.endswith("Content_Types].xml") else c))
    assert "the workbook cannot be read" in refused(path)

    path.write_bytes(good[: len(good) // 2])
    assert "the package is damaged" in refused(path)


@pytest.mark.parametrize("line", ["sep=;\r\n", '"sep=;"\n'])
def test_the_line_with_which_excel_names_the_delimiter_is_no_heading(tmp_path, line):
    file = tmp_path / "codings.csv"
    file.write_bytes(b"\xef\xbb\xbf" + f"{line}code;memo\r\nwages;a, b\r\n".encode())
    table = read_table_file(file)
    assert (table.headings, table.rows, table.numbers) == (("code", "memo"), (("wages", "a, b"),), (3,))


def test_a_table_of_another_encoding_is_told_what_can_be_done(tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes("participant;case\nZoë;A\n".encode("cp1252"))
    with pytest.raises(InputError, match="not UTF-8; expected UTF-8 text. Save the table again as 'CSV UTF-8'") as told:
        read_table_file(file)
    assert "--encoding" not in str(told.value)
