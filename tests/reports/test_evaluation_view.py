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
