"""What the report says of the effect of suggestions."""

from dataclasses import replace

from subtheme.agreement.anchoring import Anchoring, Band, Pace
from subtheme.reports import report_html


def _anchoring(**changes):
    found = Anchoring(
        bands=(Band(low=0.3, high=0.5, shown=40, accepted=30, blind=20, applied=8),),
        effect=0.35,
        low=0.1,
        high=0.6,
        reason="",
        paces=(Pace(arm="assisted", segments=40, decisions=44, minutes=11.0, too_fast=3),),
        audited=9,
        found=6,
        seed=0,
    )
    return replace(found, **changes).as_dict()


def test_the_effect_its_interval_and_the_pace_are_printed(content):
    text = report_html(replace(content, anchoring=_anchoring()), quotations=False)
    assert "given 35.0 points more often" in text
    assert "10.0 to 60.0" in text
    assert "3 of 40" in text
    assert "Of 9 codes that coders gave in the audit sample" in text


def test_the_switch_rate_is_printed_where_somebody_decided_first(content):
    switched = {"answers": 40, "taken_over": 5, "withdrawn": 1, "rate": 0.15, "low": 0.05, "high": 0.25, "seed": 0}
    text = report_html(replace(content, anchoring={**_anchoring(), "switching": switched}), quotations=False)
    assert "Of 40 answers given before the suggestions were shown, 6 were changed after (15.0 %" in text
    assert "5 suggested codes were taken over, 1 own codes were taken back" in text
    nobody = {**switched, "answers": 0}
    text = report_html(replace(content, anchoring={**_anchoring(), "switching": nobody}), quotations=False)
    assert "before the suggestions were shown" not in text


def test_an_effect_that_is_not_defined_says_why(content):
    nan = float("nan")
    found = _anchoring(effect=nan, low=nan, high=nan, reason="no band has both")
    text = report_html(replace(content, anchoring=found), quotations=False)
    assert "The effect is not defined: no band has both." in text
    assert "points more often" not in text


def test_without_work_at_the_page_nothing_is_said(content):
    assert "What suggestions do to coders" not in report_html(content, quotations=False)
