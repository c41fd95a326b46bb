"""The evaluation's part of the report."""

from subtheme.reports.evaluation_view import evaluation_view
from subtheme.reports.page import report_html


def test_mistakes_and_cases_left_out_stand_in_the_page(content):
    page = report_html(content, quotations=False)
    for words in ("Mistakes by attribute", "level: manager", "Leaving one case out", "Presences coded", ">31<"):
        assert words in page


def test_parts_that_were_not_measured_are_left_out(content, book):
    view = evaluation_view({"words": "x"}, book, headings=())
    assert view is not None
    assert view.mistakes == view.left_out == view.confusion == ()
    assert evaluation_view(None, book, headings=()) is None


def test_errors_near_zero_keep_three_decimals_and_names_their_capitals(book):
    overall = [{"name": "Macro F1 at the thresholds", "value": 0.52, "low": 0.41, "high": 0.6}]
    overall.append({"name": "Expected calibration error", "value": 0.0031, "low": 0.002, "high": 0.0049})
    view = evaluation_view({"overall": overall}, book, headings=())
    assert view is not None
    assert [f"{name}: {number}" for name, number in view.overall] == [
        "Macro F1 at the thresholds: 0.52 (0.41 to 0.60)",
        "Expected calibration error: 0.003 (0.002 to 0.005)",
    ]
