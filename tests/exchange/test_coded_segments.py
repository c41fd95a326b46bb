"""Coded segments from spreadsheets."""

import openpyxl
import pytest

from subtheme.errors import InputError
from subtheme.exchange import ColumnMap, read_codings, shipped_column_maps

TEXTS = {
    "A1": "P1: It’s split shifts 😀 mostly\n— mornings, then back at six.\nP1: No appraisal. No appraisal at all.\n",
    "B1": "- Nobody has done mine.\n",
}


def shipped(name):
    return ColumnMap.read(shipped_column_maps()[name])


def csv_file(tmp_path, text, name="c.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(*args, **options):
    with pytest.raises(InputError) as error:
        read_codings(*args, **options)
    return str(error.value)


def words(found):
    return [
        (row.participant, row.code, TEXTS[row.transcript][row.start_char : row.end_char])
        for row in found.codings.itertuples()
    ]


def test_codings_without_places(tmp_path, codebook):
    path = csv_file(tmp_path, "participant,code\nP1,split-shifts\nP2,appraisal\n")
    found = read_codings(path, codebook=codebook)
    assert found.codings[["participant", "code", "coder", "start_char"]].values.tolist() == [
        ["P1", "split-shifts", "coder", -1],
        ["P2", "appraisal", "coder", -1],
    ]
    assert found.rows == (2, 3)
    assert found.loss.is_complete
    assert found.loss.kept == {"codings": 2}


def test_spans_are_checked_against_the_text_and_the_quotation(tmp_path, codebook):
    path = csv_file(
        tmp_path,
        "transcript,code,start_char,end_char,quote,direction,memo\n"
        "A1,split-shifts,9,31,split shifts 😀 mostly —,counters,a note\n"
        "A1,split-shifts,9,21,,,\n",
    )
    assert "row 2: the quotation does not stand at its span" in refused(path, codebook=codebook, texts=TEXTS)
    path = csv_file(tmp_path, path.read_text(encoding="utf-8").replace("9,31", "9,32"))
    found = read_codings(path, codebook=codebook, texts=TEXTS, speaking={"A1": [(0, 90, "Ann")]})
    assert words(found) == [
        ("Ann", "split-shifts", "split shifts 😀 mostly\n—"),
        ("Ann", "split-shifts", "split shifts"),
    ]
    assert found.quotes_confirmed == 1
    assert found.codings[["direction", "memo"]].values.tolist() == [["counters", "a note"], ["supports", ""]]


def test_quotations_are_anchored_with_white_space_folded(tmp_path, codebook):
    path = csv_file(
        tmp_path, "transcript,code,quote\nA1.docx,Split  Shifts,mostly — mornings\n b1 ,appraisal,'- Nobody has\n"
    )
    found = read_codings(path, codebook=codebook, texts=TEXTS)
    assert words(found) == [("A1", "split-shifts", "mostly\n— mornings"), ("B1", "appraisal", "- Nobody has")]
    assert found.quotes_confirmed == 2


def test_quotations_without_a_unique_place_are_never_guessed(tmp_path, codebook):
    path = csv_file(
        tmp_path, "transcript,code,quote\nA1,appraisal,No appraisal\nA1,appraisal,nowhere\nA1,appraisal,at all\n"
    )
    message = refused(path, codebook=codebook, texts=TEXTS)
    assert "c.csv, row 2: the quotation stands at 2 places" in message
    assert "c.csv, row 3: the quotation is not in the text" in message
    assert "Give start_char and end_char" in message
    assert "row 4" not in message

    dropped = read_codings(path, codebook=codebook, texts=TEXTS, unplaced="drop")
    assert words(dropped) == [("A1", "appraisal", "at all")]
    assert dropped.rows == (4,)
    assert dropped.loss.read["codings"] == 3
    assert [d.reason for d in dropped.loss.dropped] == [
        "the quotation stands at 2 places",
        "the quotation is not in the text",
    ]

    kept = read_codings(path, codebook=codebook, texts=TEXTS, unplaced="keep")
    assert kept.codings["start_char"].tolist() == [-1, -1, kept.codings["end_char"][2] - 6]
    assert kept.loss.is_complete
    assert len(kept.loss.warnings) == len(kept.unplaced) == 2


def test_every_problem_of_a_file_is_told_with_its_row(tmp_path, codebook):
    path = csv_file(
        tmp_path,
        "transcript,code,start_char,end_char,quote\n"
        "A1,split-shift,,,\n"
        "A2,appraisal,,,\n"
        "A1,Other,,,\n"
        "A1,,,,\n"
        "A1,appraisal,5,,\n"
        "A1,appraisal,5,5,\n"
        "A1,appraisal,5,5000,\n"
        ",appraisal,1,2,\n"
        "A1,appraisal,1e3,2,\n",
    )
    message = refused(path, codebook=codebook, texts=TEXTS)
    for expected in (
        "row 2: unknown code 'split-shift'",
        "Did you mean 'split-shifts'?",
        "row 3: unknown transcript 'A2'",
        "row 4: code 'Other' stands 2 times in the codebook; expected one of other-time, other-support",
        "row 5: no code",
        "row 6: start_char and end_char cannot be read",
        "row 7: the span 5-5 does not lie in transcript 'A1'",
        "row 8: the span 5-5000 does not lie in transcript 'A1'",
        "row 9: no participant and no transcript",
        "row 9: a place without a transcript",
        "row 10: start_char and end_char cannot be read",
    ):
        assert expected in message, expected
    assert "shifts 😀" not in message


def test_words_of_the_contract_are_held(tmp_path, codebook):
    path = csv_file(tmp_path, "participant,code,origin\nP1,appraisal,guess\n")
    assert "row 2: column 'origin' has a word that is not allowed" in refused(path, codebook=codebook)


def test_many_problems_are_cut_short(tmp_path, codebook):
    path = csv_file(tmp_path, "participant,code\n" + "P1,nothing\n" * 60)
    message = refused(path, codebook=codebook)
    assert message.count("unknown code 'nothing'") == 3
    assert "57 more of this kind: code that the codebook does not have (row 5, row 6, " in message


def test_a_table_of_another_program_names_the_missing_column(tmp_path, codebook):
    path = csv_file(tmp_path, "Heft,Code,Segment\nA1,Appraisal,at all\n")
    message = refused(path, codebook=codebook)
    assert "no column for 'transcript'; expected a column headed transcript, or a usual word for it. " in message
    assert "Found: 'Heft', 'Code', 'Segment'" in message
    message = refused(csv_file(tmp_path, "Document name,Codes\nA1,x\n"), codebook=codebook, columns=shipped("maxqda"))
    assert (
        "no column for 'code'; expected a column headed Code or Código, as MAXQDA has it. Did you mean 'Codes'?"
        in message
    )
    message = refused(csv_file(tmp_path, "Code\nx\n"), codebook=codebook, columns=shipped("maxqda"))
    assert "no column for 'transcript'; expected a column headed Document name or Document" in message


def test_maxqda_workbook_with_code_paths(tmp_path, codebook):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Color", "Document group", "Document name", "Code", "Beginning", "End", "Weight score", "Segment"])
    sheet.append(["●", "HO1", "A1", "Working time > Split shifts", 1, 2, 0, "split shifts 😀 mostly — mornings"])
    sheet.append(["●", "HO1", "B1", "Support\\Other", 1, 1, 0, "- Nobody has done mine."])
    sheet["H3"].data_type = "s"
    path = tmp_path / "segments.xlsx"
    book.save(path)
    found = read_codings(path, codebook=codebook, columns=shipped("maxqda"), texts=TEXTS)
    assert words(found) == [
        ("A1", "split-shifts", "split shifts 😀 mostly\n— mornings"),
        ("B1", "other-support", "- Nobody has done mine."),
    ]


def test_dedoose_has_one_column_per_code(tmp_path, codebook):
    path = csv_file(
        tmp_path,
        "Excerpt Copy,Excerpt Creator,Excerpt Range,Media Title,Code: Split shifts Applied,Code: Appraisal Applied\n"
        "mostly — mornings,ann,1-2,A1,True,True\n"
        "at all,ben,3-4,A1,False,False\n",
    )
    found = read_codings(path, codebook=codebook, columns=shipped("dedoose"), texts=TEXTS)
    assert words(found) == [("A1", "split-shifts", "mostly\n— mornings"), ("A1", "appraisal", "mostly\n— mornings")]
    assert found.codings["coder"].tolist() == ["ann", "ann"]
    assert found.rows == (2, 2)
    assert found.loss.reasons() == {("excerpt", "no code was applied to it"): 1}


def test_several_codes_in_one_cell(tmp_path, codebook):
    columns = ColumnMap.from_toml(
        'format = "subtheme-columns/1"\nprogram = "Word"\n[columns]\nparticipant = "Who"\ncode = "Codes"\n'
        '[codes]\nseveral = ";"\n',
        where="word.toml",
    )
    path = csv_file(tmp_path, 'Who,Codes\nP1,"Appraisal; split-shifts;"\nP2, ; \n')
    assert "row 3: no code" in refused(path, codebook=codebook, columns=columns)
    path = csv_file(tmp_path, 'Who,Codes\nP1,"Appraisal; split-shifts;"\n')
    assert read_codings(path, codebook=codebook, columns=columns).codings["code"].tolist() == [
        "appraisal",
        "split-shifts",
    ]


def test_highlights_of_taguette(shared, codebook):
    path = shared / "refi-qda" / "programs" / "taguette-1.5.2.highlights.csv"
    import json

    expected = json.loads((shared / "refi-qda" / "conventions" / "expected.json").read_text(encoding="utf-8"))
    from subtheme.nouns import Codebook

    tree = Codebook.from_toml(
        'format = "subtheme-codebook/1"\n[[code]]\nid = "scheduling"\nname = "Scheduling"\n'
        + "".join(
            f'[[code.code]]\nid = "{c}"\nname = "{c}"\n' for c in ("split-shifts", "intensification", "appraisal")
        ),
        where="x",
    )
    found = read_codings(path, codebook=tree, columns=shipped("taguette"), texts={"P1": expected["text_lf"]})
    assert [(r.code, r.start_char, r.end_char) for r in found.codings.itertuples()] == [
        (c["code"], c["start"], c["end"]) for c in expected["codings"]
    ]


def test_what_is_written_otherwise_is_placed_and_the_original_characters_are_stored(tmp_path, codebook):
    path = csv_file(
        tmp_path, 'transcript,code,quote\nA1,split-shifts,It\'s split shifts\nA1,appraisal,"mostly - mornings,..."\n'
    )
    found = read_codings(path, codebook=codebook, texts=TEXTS)
    assert words(found) == [("A1", "split-shifts", "It’s split shifts"), ("A1", "appraisal", "mostly\n— mornings,")]
    assert found.loss.is_complete


def test_a_row_that_is_not_sure_is_left_out_and_shown_with_its_nearest_place(tmp_path, codebook):
    path = csv_file(
        tmp_path,
        "transcript,code,quote,coder\nA1,split-shifts,then back at seven,ann\nA1,appraisal,at all,ann\n"
        "A1,appraisal,No appraisal,ben\nA1,appraisal,Nobody has done mine,ben\n",
    )
    found = read_codings(path, codebook=codebook, texts=TEXTS, unplaced="drop")
    assert found.rows == (3,)
    assert found.unsure == {("ann", "A1"), ("ben", "A1")}
    messages = [str(p) for p in found.unplaced]
    assert "row 2: the quotation is not in the text (nearest at line 2, characters " in messages[0]
    assert "1 of 4 words differ (no. 4 of the quotation)" in messages[0]
    assert "row 4: the quotation stands at 2 places (lines 3, 3 of transcript 'A1')" in messages[1]
    assert "row 5: the quotation is not in the text (it stands in transcript 'B1')" in messages[2]
    text = found.loss.as_text()
    assert "c.csv, row 2 (nearest at line 2" in text
    assert "back" not in text


def test_a_file_none_of_whose_rows_has_a_place_is_refused(tmp_path, codebook):
    path = csv_file(tmp_path, "transcript,code,quote\nA1,appraisal,nowhere\n")
    with pytest.raises(InputError, match="row 2: the quotation is not in the text"):
        read_codings(path, codebook=codebook, texts=TEXTS, unplaced="drop")


GROUP = {"G": "Ann: Pay. Yes.\nBen: Hours. Yes.\nMod: And so on?\n"}
TURNS = {"G": [(5, 14, "Ann"), (20, 31, "Ben")]}


def test_the_place_tells_who_speaks(tmp_path, codebook):
    path = csv_file(
        tmp_path, "transcript,code,quote,participant\nG,appraisal,Hours,\nG,appraisal,Yes.,Ben\nG,appraisal,Pay.,Ann\n"
    )
    found = read_codings(path, codebook=codebook, texts=GROUP, speaking=TURNS)
    assert [(r.participant, r.start_char) for r in found.codings.itertuples()] == [("Ben", 20), ("Ben", 27), ("Ann", 5)]


def test_the_moderators_words_in_a_group_are_nobodys(tmp_path, codebook):
    path = csv_file(tmp_path, "transcript,code,quote\nG,appraisal,And so on?\nG,appraisal,\nG,appraisal,Pay\n")
    found = read_codings(path, codebook=codebook, texts=GROUP, speaking=TURNS, unplaced="drop")
    assert found.rows == (4,)
    reason = "several people speak in the transcript, and none of them at this place"
    assert found.loss.reasons() == {("coding", reason): 2}
    assert "Name the participant in the row" in refused(path, codebook=codebook, texts=GROUP, speaking=TURNS)


def test_codings_without_words_and_places_and_ignored_columns_are_named(tmp_path, codebook):
    path = csv_file(
        tmp_path, "transcript,code,quote,Weight,A heading of many words that somebody wrote\nA1,appraisal,,1,x\n"
    )
    warnings = read_codings(path, codebook=codebook, texts=TEXTS).loss.warnings
    assert warnings[0] == "not read: columns 'Weight', no. 5"
    assert warnings[1].startswith("1 codings have neither words nor a span: they are kept without a place")


def test_a_coder_beside_a_column_of_coders_is_refused(tmp_path, codebook):
    path = csv_file(tmp_path, "participant,code,Coded by\nP1,appraisal,ann\nP1,split-shifts,\n")
    message = refused(path, codebook=codebook, coder="ben")
    assert (
        "c.csv: --coder says 'ben', and column 'Coded by' names 'ann'; expected one of them. Leave --coder out"
        in message
    )
    assert read_codings(path, codebook=codebook, coder="ann").codings["coder"].tolist() == ["ann", "ann"]
    assert read_codings(path, codebook=codebook, usual_coder="eva").codings["coder"].tolist() == ["ann", "eva"]


def test_codes_in_columns_of_their_own_names(tmp_path, codebook):
    path = csv_file(
        tmp_path, "transcript,quote,Split shifts,appraisal\nA1,at all,,x\nA1,No appraisal at all,1,Yes\nA1,back,0,no\n"
    )
    found = read_codings(path, codebook=codebook, texts=TEXTS)
    assert found.codings["code"].tolist() == ["appraisal", "split-shifts", "appraisal"]
    assert found.loss.reasons() == {("excerpt", "no code was applied to it"): 1}
    path = csv_file(tmp_path, "transcript,quote,Split shifts\nA1,at all,2\n")
    assert "row 2: column 'Split shifts' holds '2'; expected one of" in refused(path, codebook=codebook, texts=TEXTS)


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("split-shifts; Appraisal", ["split-shifts", "appraisal"]),
        ('"Appraisal\nSplit shifts"', ["appraisal", "split-shifts"]),
        ('"split-shifts, appraisal"', ["split-shifts", "appraisal"]),
        ("SPLIT-SHIFTS", ["split-shifts"]),
        ("Codes\\Working time\\Split shifts", ["split-shifts"]),
        ("Working time::Split shifts", ["split-shifts"]),
        ("Working time / Split shifts | Support > Other", ["split-shifts", "other-support"]),
    ],
)
def test_codes_as_programs_and_people_write_them(tmp_path, codebook, cell, codes):
    path = csv_file(tmp_path, f"participant,code\nP1,{cell}\n")
    assert read_codings(path, codebook=codebook).codings["code"].tolist() == codes


def test_a_cell_of_which_one_part_is_no_code_is_not_split(tmp_path, codebook):
    path = csv_file(tmp_path, "participant,code\nP1,split-shifts; apraisal\n")
    assert "row 2: unknown code 'apraisal'" in refused(path, codebook=codebook)


@pytest.mark.parametrize(
    "name", ["Internals\\A1", "<Files\\A1>", "Interviews/a1.docx", "1: A1", "D 12: A1.txt", "A1.rtf"]
)
def test_names_of_transcripts_as_programs_write_them(tmp_path, codebook, name):
    path = csv_file(tmp_path, f"transcript,code,quote\n{name},appraisal,at all\n")
    assert words(read_codings(path, codebook=codebook, texts=TEXTS)) == [("A1", "appraisal", "at all")]
