"""A model as one more coder: of the codes it has learned, in the transcripts it proposed for."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from subtheme.agreement import AgreementReport, agreement_report, report_text


def proposals_of(study, *, codes: tuple[str, ...] = ("wages", "teams"), since: str = "T06") -> pd.DataFrame:
    """Return a likely and an unlikely proposal for many segments, in the transcripts from `since` on."""
    random = np.random.default_rng(1)
    rows = [
        (s, c, 0.9 if chance < 0.1 else round(0.4 * chance, 6), 0.5, "model@1", "{}")
        for s in study.segments["segment"]
        for c in codes
        if s >= since and (chance := random.random()) < 0.6
    ]
    return pd.DataFrame(rows, columns=["segment", "code", "probability", "threshold", "model", "evidence"])


def reported(study, **options) -> AgreementReport:
    options.setdefault("proposals", study.proposals)
    return agreement_report(*study.tables(), **options)


@pytest.fixture
def modelled(make_study: Callable):
    return make_study(seed=9)


def test_proposals_that_reach_their_threshold_are_the_codings_of_the_model(modelled) -> None:
    proposals = proposals_of(modelled)
    report = reported(modelled, proposals=proposals)
    assert report.roster.models == ("model@1",)
    figures = report.blind.models[0].figures
    reached = proposals[(proposals["probability"] >= 0.5) & (proposals["code"] == "wages")]
    assert figures.table.loc["wages", "automatic"] == len(reached)
    assert figures.segments == 8 * 20
    assert 0 < figures.table.loc["wages", "average_precision"] < 1


def test_codes_that_the_model_has_not_learned_are_not_taken_for_absent(modelled) -> None:
    report = reported(modelled, proposals=proposals_of(modelled, codes=("wages",)))
    automatic = report.blind.comparisons[1]
    assert automatic.kind == "automatic"
    assert [row.code for row in automatic.level("sub-theme").rows] == ["wages"]
    assert [row.code for row in automatic.level("theme").rows] == ["working-conditions"]
    assert report.blind.models[0].figures.table.index.tolist() == ["wages"]
    assert report.blind.people is not None
    assert len(report.blind.people.level("sub-theme").rows) == 3
    assert report.blind.reference["codes"].tolist() == [1, 1]


def test_a_coding_below_a_learned_code_counts_for_it(modelled) -> None:
    report = reported(modelled, proposals=proposals_of(modelled, codes=("working-time",)))
    row = report.blind.comparisons[1].level("sub-theme").row("working-time")
    ann = modelled.coded[(modelled.coded["coder"] == "Ann") & (modelled.coded["segment"] >= "T06")]
    assert row.used[0] == ann[ann["code"].isin(["working-time", "split-shifts"])]["segment"].nunique()


def test_what_the_model_learned_from_is_left_out_and_named(modelled) -> None:
    proposals = proposals_of(modelled)
    some = reported(modelled, proposals=proposals, trained_on=["T06", "T07"])
    assert some.blind.models[0].figures.segments == 6 * 20
    assert "2 transcripts of its training left out." in some.paragraph
    everything = reported(modelled, proposals=proposals, trained_on=sorted(set(modelled.segments["transcript"])))
    assert everything.blind.models == ()
    assert everything.blind.people is not None
    assert "nobody has read any other of its transcripts, so it is not compared" in everything.paragraph


def test_no_proposals_are_no_model(modelled) -> None:
    none = proposals_of(modelled).iloc[:0]
    assert report_text(reported(modelled, proposals=none)) == report_text(reported(modelled))


def test_the_order_of_proposals_changes_nothing(modelled) -> None:
    proposals = proposals_of(modelled)
    shuffled = dataclasses.replace(modelled, segments=modelled.segments.sample(frac=1, random_state=2))
    one = reported(modelled, proposals=proposals)
    two = reported(shuffled, proposals=proposals.sample(frac=1, random_state=3))
    assert one.as_dict() == two.as_dict()


def test_people_who_share_nothing_with_the_model_give_no_line_to_hold_it_against(modelled) -> None:
    ben = modelled.readings[(modelled.readings["coder"] == "Ann") | (modelled.readings["transcript"] < "T06")]
    coded = modelled.coded[(modelled.coded["coder"] == "Ann") | (modelled.coded["segment"] < "T06")]
    report = reported(dataclasses.replace(modelled, readings=ben, coded=coded), proposals=proposals_of(modelled))
    assert report.blind.reference["reason"].tolist() == ["no segment was judged by all three"] * 2
    assert "difference - (no segment was judged by all three)" in report_text(report)
