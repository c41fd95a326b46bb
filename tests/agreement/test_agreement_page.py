"""The agreement as a page: everything that the figures hold, and no word of an interview."""

import dataclasses
import re
from collections.abc import Callable

import pytest

from subtheme.agreement import AgreementReport, agreement_report, report_tables
from subtheme.reports import agreement_html


def page_of(report: AgreementReport, **options) -> str:
    return agreement_html(report.as_dict(), study="Care", synthetic=options.pop("synthetic", False), **options)


def table_under(page: str, caption: str) -> str:
    """Return the rows of the table whose caption holds the words."""
    return next(t for t in re.findall(r"<table>.*?</table>", page, re.S) if caption in t)


def modelled(make_study: Callable) -> AgreementReport:
    study = make_study(model="model-1")
    return agreement_report(*study.tables(), proposals=study.proposals)


@pytest.fixture
def three(make_study: Callable) -> AgreementReport:
    study = make_study(coders=("Ann", "Ben", "Cy"))
    late = (study.coded["coder"] == "Cy") & (study.coded["segment"] >= "T10")
    mixed = dataclasses.replace(study, coded=study.coded.assign(origin=study.coded["origin"].mask(late, "assisted")))
    return agreement_report(*mixed.tables(), include_assisted=True)


def test_three_coders_stand_in_a_matrix_with_alpha_above_and_segments_below(three: AgreementReport) -> None:
    table = table_under(page_of(three), "Coder by coder")
    assert three.blind.people is not None
    matrix = three.blind.people.matrix.set_index(["first", "second"])
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr><th.*?</tr>", table)]
    assert rows[0][1].startswith(f"{matrix.loc[('Ann', 'Ben'), 'alpha']:.2f} (")
    assert rows[1][0] == str(matrix.loc[("Ann", "Ben"), "units"])
    assert rows[2][0] == str(10 * 20)
    assert [rows[i][i] for i in range(3)] == ["–"] * 3


def test_assisted_codings_stand_apart_and_are_not_called_reliability(three: AgreementReport) -> None:
    page = page_of(three)
    before, _, after = page.partition("Agreement with assisted codings included (suggestions were in view)</h3>")
    assert before.count("Inter-coder reliability (blind codings)") == 1
    assert "eliability" not in after.partition("How it was computed")[0]
    beside = table_under(page, "Blind codings, and apart from them")
    assert beside.count('<tr><th scope="row">') == 3


def test_a_model_is_shown_with_the_people_it_is_held_against(make_study: Callable) -> None:
    page = page_of(modelled(make_study))
    assert "<h3>Automatic against manual: Ann and model-1</h3>" in page
    figures = table_under(page, "model-1 against Ann on 280 segments")
    assert "Mean of codes" in figures
    assert "The model beside people: mean alpha on the same segments" in page


def test_cells_show_votes_and_signed_shifts(study) -> None:
    report = agreement_report(*study.tables())
    assert report.blind.people is not None
    cells = report.blind.people.cells[0]
    page = page_of(report)
    shifts = table_under(page, "Present cells by each coder, and the shift")
    assert shifts.count("<tr") - 1 == len(cells.totals)
    themes = page[page.index("Cells of cases by themes") :]
    assert table_under(themes, "Present cells by each coder, and the shift").count("code: ") == 0
    assert f"{cells.flipped} of {cells.cells} cells differ" in page


def test_disagreements_are_listed_by_place_only(study) -> None:
    report = agreement_report(*study.tables())
    page = page_of(report)
    assert table_under(page, "Disagreements by place").count("<code>") == len(report.blind.disagreements)
    assert "CANARY" not in page


def test_an_invented_study_is_said_to_be_one_over_every_table(study) -> None:
    page = page_of(agreement_report(*study.tables()), synthetic=True)
    captions = re.findall(r"<caption.*?</caption>", page, re.S)
    assert captions
    assert all("SYNTHETIC" in caption for caption in captions)


def test_names_cannot_break_the_page(make_study: Callable) -> None:
    evil = "<script>alert(1)</script>"
    study = make_study(coders=("Ann", evil))
    page = page_of(agreement_report(*study.tables()))
    assert evil not in page
    assert "&lt;script&gt;" in page


def test_tables_say_which_codings_and_which_coders_they_go_by(three: AgreementReport) -> None:
    tables = report_tables(three)
    assert set(tables) == {"codes", "pairs", "replacements", "cells", "totals", "beside", "disagreements"}
    assert set(tables["codes"]["codings"]) == {"blind", "assisted"}
    assert set(tables["pairs"]["coders"]) == {"Ann, Ben, Cy"}
    assert "decision" in tables["disagreements"].columns
    for name, table in tables.items():
        if name != "disagreements":
            assert not table.astype(str).apply(lambda c: c.str.contains("CANARY")).to_numpy().any()


def test_a_model_has_a_table_of_its_own(make_study: Callable) -> None:
    table = report_tables(modelled(make_study))["models"]
    assert set(table["person"]) == {"Ann", "Ben"}
    assert {"precision", "recall", "f1", "mcc", "average_precision"} <= set(table.columns)
