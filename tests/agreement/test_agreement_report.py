"""The report: blind and assisted apart, words that promise no more than there is, lists that come back."""

import dataclasses
import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from subtheme.agreement import (
    AgreementReport,
    agreement_report,
    cells_text,
    level_text,
    model_text,
    read_decisions,
    report_text,
    settlement,
)
from subtheme.agreement.wording import landis_koch, verdict
from subtheme.errors import InputError
from subtheme.nouns import Codebook


def reported(study, **options) -> AgreementReport:
    options.setdefault("proposals", study.proposals)
    return agreement_report(*study.tables(), **options)


def assisted(study, coder: str, transcripts: str = "T"):
    """Turn the codings of a coder in the transcripts from `transcripts` on into assisted ones."""
    chosen = (study.coded["coder"] == coder) & (study.coded["segment"] >= transcripts)
    return dataclasses.replace(study, coded=study.coded.assign(origin=study.coded["origin"].mask(chosen, "assisted")))


def test_the_report_has_all_levels_and_units(study) -> None:
    report = reported(study)
    people = report.blind.people
    assert people is not None
    assert [(one.level, one.unit) for one in people.levels] == [
        ("sub-theme", "segment"),
        ("theme", "segment"),
        ("sub-theme", "participant"),
        ("theme", "participant"),
    ]
    assert [row.code for row in people.level("sub-theme").rows] == ["working-time", "wages", "teams"]
    assert people.level("sub-theme").row("wages").theme == "Working conditions"
    assert [(c.level, c.first, c.second) for c in people.cells] == [
        ("sub-theme", "Ann", "Ben"),
        ("theme", "Ann", "Ben"),
    ]
    assert people.cells[0].cells == 9
    assert people.level("theme", unit="participant").units == 14


def test_the_order_of_rows_changes_nothing(study) -> None:
    shuffled = dataclasses.replace(
        study,
        segments=study.segments.sample(frac=1, random_state=1),
        coded=study.coded.sample(frac=1, random_state=2),
        readings=study.readings.sample(frac=1, random_state=3),
        participants=study.participants.sample(frac=1, random_state=4),
    )
    one, two = reported(study), reported(shuffled)
    assert report_text(one) == report_text(two)
    assert json.dumps(one.as_dict(with_words=True)) == json.dumps(two.as_dict(with_words=True))


def test_json_has_no_nan_and_words_only_where_asked_for(make_study: Callable) -> None:
    report = reported(make_study(model="model-1"))
    plain = json.dumps(report.as_dict(), allow_nan=False)
    assert "CANARY" not in plain
    assert "CANARY" in json.dumps(report.as_dict(with_words=True), allow_nan=False)
    assert json.loads(plain)["format"] == "subtheme-agreement/1"


def test_no_words_of_an_interview_in_text_or_repr(make_study: Callable) -> None:
    report = reported(make_study(model="model-1"), include_assisted=True)
    assert "CANARY" not in report_text(report)
    assert "CANARY" not in repr(report)


def test_assisted_codings_are_no_blind_reading(study) -> None:
    late = assisted(study, "Ben", "T10")
    report = reported(late)
    assert report.blind.coverage.shared_transcripts == 10
    assert report.assisted is None
    assert report.roster.assisted_only == tuple(("Ben", f"T{i}") for i in range(10, 14))
    both = reported(late, include_assisted=True)
    assert both.assisted is not None
    assert both.assisted.coverage.shared_transcripts == 14
    assert both.blind.as_dict() == report.blind.as_dict()


def test_blind_codings_count_where_assisted_ones_were_added_later(study) -> None:
    segment = study.segments["segment"][0]
    clean = dataclasses.replace(study, coded=study.coded[study.coded["segment"] != segment])
    mixed = clean.adding([(segment, "wages", "Ben", "supports", "assisted")])
    report = reported(mixed, include_assisted=True)
    assert report.roster.mixed == (("Ben", "T00"),)
    assert report.blind.people is not None
    assert report.assisted is not None
    assert report.assisted.people is not None
    blind, after = (p.people.level("sub-theme").row("wages").used[1] for p in (report.blind, report.assisted))  # type: ignore[union-attr]
    assert after == blind + 1
    blind = report.blind.people.level("sub-theme")
    assert blind.units == len(study.segments)
    # What was answered with a suggestion in view is not blind, so the code is compared on one segment fewer.
    assert [row.n - blind.units for row in blind.rows] == [0, -1, 0]


def test_suggestions_that_were_all_rejected_leave_a_reading_that_is_not_blind(study) -> None:
    silent = dataclasses.replace(study, coded=study.coded[~study.coded["segment"].str.startswith("T03")])
    assert reported(silent).blind.coverage.shared_transcripts == 14
    seen = (silent.readings["coder"] == "Ben") & (silent.readings["transcript"] == "T03")
    readings = silent.readings.assign(origin=np.where(seen, "assisted", "blind"))
    report = reported(dataclasses.replace(silent, readings=readings))
    assert report.roster.assisted_only == (("Ben", "T03"),)
    assert report.blind.coverage.shared_transcripts == 13


def test_who_decided_on_suggestions_without_reading_is_named_and_not_compared(study) -> None:
    deciding = study.adding([("T00:1", "wages", "Cy", "supports", "assisted")])
    report = reported(deciding, include_assisted=True)
    assert report.roster.people == ("Ann", "Ben")
    assert report.roster.without_reading == ("Cy",)
    assert "Cy decided on suggestions without reading a transcript whole and cannot be compared." in report.paragraph
    assert report.as_dict()["without_reading"] == ["Cy"]


def test_decisions_on_suggestions_elsewhere_do_not_stop_a_coder_from_being_compared(study) -> None:
    partly = dataclasses.replace(
        study,
        readings=study.readings[(study.readings["coder"] == "Ann") | (study.readings["transcript"] < "T10")],
        coded=study.coded[(study.coded["coder"] == "Ann") | (study.coded["segment"] < "T10")],
    ).adding([("T12:1", "wages", "Ben", "supports", "assisted")])
    both = reported(partly, include_assisted=True)
    assert both.blind.coverage.shared_transcripts == 10
    assert both.assisted is not None
    assert both.assisted.coverage.shared_transcripts == 11
    assert both.assisted.people is not None
    # The one segment is compared for the code that was answered, and the code above it.
    assert [r.n for r in both.assisted.people.level("sub-theme").rows] == [200, 201, 200]
    assert [r.n for r in both.assisted.people.level("theme").rows] == [201, 200]
    assert {r.n for r in both.assisted.people.level("sub-theme", unit="participant").rows} == {10}


def test_blind_and_assisted_stand_side_by_side_under_their_own_heads(study) -> None:
    assert reported(study).beside.empty
    none = reported(study, include_assisted=True)
    assert none.assisted is None
    assert "Nobody read with suggestions in view, so there are no assisted codings to include." in none.paragraph
    report = reported(assisted(study, "Ben", "T08"), include_assisted=True)
    assert report.assisted is not None
    for kind, part in (("blind", report.blind), ("assisted", report.assisted)):
        assert part.people is not None
        row = part.people.level("sub-theme").row("wages")
        beside = report.beside.set_index("code").loc["wages"]
        assert (beside[f"{kind}_n"], beside[f"{kind}_alpha"]) == (row.n, row.alpha)
    text = report_text(report)
    assert "Agreement: blind codings on the left, on the right with assisted codings included" in text
    only = reported(assisted(study, "Ben"), include_assisted=True)
    assert only.beside["blind_n"].tolist() == [0, 0, 0]
    assert only.beside["blind_alpha"].isna().all()


def test_reliability_is_a_word_for_blind_codings_only(make_study: Callable) -> None:
    study = assisted(make_study(model="model-1"), "Ben", "T06")
    text = report_text(reported(study, include_assisted=True))
    assert text.count("eliability (blind codings)") == 1
    after = text.split("Agreement with assisted codings included")[1].split("How it was computed")[0]
    assert "eliability" not in after
    only = assisted(make_study(), "Ben")
    report = reported(only, include_assisted=True)
    assert report.blind.people is None
    assert report.blind.reason == "nothing that Ben read counts here"
    assert "People are not compared: nothing that Ben read counts here." in report_text(report)


def test_a_model_is_compared_with_every_person_and_never_trained_on_what_counts(make_study: Callable) -> None:
    study = make_study(model="model-1")
    report = reported(study, trained_on=["T00", "T01"])
    groups = [(c.kind, c.coders) for c in report.blind.comparisons]
    assert groups == [("coders", ("Ann", "Ben")), ("automatic", ("Ann", "model-1")), ("automatic", ("Ben", "model-1"))]
    assert report.blind.comparisons[1].level("theme").units == 12 * 20
    assert report.blind.comparisons[0].level("theme").units == 14 * 20
    figures = report.blind.models[0].figures
    row = figures.table.loc["wages"]
    found, there = (
        set(rows["segment"][chosen & (rows["code"] == "wages") & (rows["segment"] >= "T02")])
        for rows, chosen in (
            (study.proposals, study.proposals["probability"] >= 0.5),
            (study.coded, study.coded["coder"] == "Ann"),
        )
    )
    assert (row["manual"], row["automatic"], row["both"]) == (len(there), len(found), len(found & there))
    assert row["precision"] == pytest.approx(len(found & there) / len(found))
    assert row["recall"] == pytest.approx(len(found & there) / len(there))
    assert report.blind.reference["person"].tolist() == ["Ann", "Ben"]
    text = report_text(report)
    assert "Automatic against manual: Ann and model-1" in text
    assert "The model beside people (mean alpha on the same segments)" in text
    assert "2 transcripts of its training left out" in text


def test_one_person_and_a_model_can_be_compared(make_study: Callable) -> None:
    report = reported(make_study(coders=("Ann",), model="model-1"))
    assert report.blind.people is None
    assert report.blind.reason == "1 coder: agreement needs two"
    assert [c.coders for c in report.blind.comparisons] == [("Ann", "model-1")]
    assert len(report.blind.disagreements) > 0


def test_one_coder_alone_is_refused(make_study: Callable) -> None:
    with pytest.raises(InputError) as refused:
        reported(make_study(coders=("Ann",)))
    assert str(refused.value) == (
        "readings (Ann: 14 transcripts): there is nobody to compare: 1 coder: agreement needs two; expected two coders "
        "who have read the same transcripts. Let a second coder code some of the same transcripts without seeing the "
        "codings."
    )


def test_coders_who_share_no_transcript_are_refused(study) -> None:
    apart = dataclasses.replace(
        study,
        readings=study.readings[(study.readings["coder"] == "Ann") ^ (study.readings["transcript"] > "T05")],
        coded=study.coded.iloc[:0],
    )
    with pytest.raises(InputError) as refused:
        reported(apart)
    assert "(Ann: 6 transcripts, Ben: 8 transcripts): there is nobody to compare: Ann, Ben have read no" in str(
        refused.value
    )


def test_only_assisted_codings_are_refused_with_the_way_out(study) -> None:
    with pytest.raises(InputError) as refused:
        reported(assisted(study, "Ben"))
    assert "nothing that Ben read counts here" in str(refused.value)
    assert "are counted only where assisted ones are included" in str(refused.value)


def test_a_third_coder_who_shares_nothing_is_left_out_and_named(make_study: Callable) -> None:
    study = make_study(transcripts=16)
    other = pd.DataFrame([("Cy", "T15")], columns=["coder", "transcript"])
    shared = study.readings[study.readings["transcript"] != "T15"]
    coded = study.coded[study.coded["segment"] < "T15"]
    report = reported(dataclasses.replace(study, readings=pd.concat([shared, other]), coded=coded))
    assert report.blind.left_out == ("Cy",)
    assert report.blind.people is not None
    assert report.blind.people.coders == ("Ann", "Ben")
    assert "Cy shared no transcript with another and is left out" in report.paragraph


def test_three_coders_get_a_matrix_and_cells_of_every_pair(make_study: Callable) -> None:
    report = reported(make_study(coders=("Ann", "Ben", "Cy")))
    people = report.blind.people
    assert people is not None
    assert people.matrix[["first", "second"]].to_numpy().tolist() == [["Ann", "Ben"], ["Ann", "Cy"], ["Ben", "Cy"]]
    assert len(people.cells) == 6
    assert set(people.cell_table["second"]) == {"Ben", "Cy"}
    assert "Pairs of coders" in report_text(report)
    table = people.replacements
    pairs = [frozenset(p) for p in zip(table["first"], table["second"], strict=True)]
    assert len(set(pairs)) == len(pairs) > 0
    assert table["segments"].is_monotonic_decreasing
    assert set(people.total_table["coder_2"]) == {"Ben", "Cy"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"coders": ["Ann", "Bem"]}, "coders: unknown coder 'Bem'; expected one of Ann, Ben. Did you mean 'Ben'?"),
        ({"levels": ["subtheme"]}, "no level 'subtheme' in the codebook"),
        (
            {"levels": ["theme", "detail"]},
            "levels: the codebook has no code at level 'detail'; expected one of theme, ",
        ),
    ],
)
def test_options_that_are_not_known_are_refused(study, options: dict, message: str) -> None:
    with pytest.raises(InputError) as refused:
        reported(study, **options)
    assert message in str(refused.value)


def test_a_coder_who_is_person_and_model_is_refused(study) -> None:
    proposals = pd.DataFrame([("T00:0", "wages", 0.9, 0.5, "Ben", "{}")], columns=list(study.proposals.columns))
    with pytest.raises(
        InputError, match=r"coders: coder 'Ben' is a person and a model; expected a model under its own name\. Train"
    ):
        reported(study, proposals=proposals)


def test_codings_that_nobody_confirmed_are_no_judgements(study) -> None:
    with pytest.raises(InputError) as refused:
        reported(study.adding([("T00:0", "wages", "model-1", "supports", "auto")]))
    assert str(refused.value) == (
        "coded segments: codings of 'model-1' that nobody has confirmed; expected codings by people. "
        "Give what a model proposes as proposals, beside the judgements."
    )


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("origin", "blnd", "column 'origin' has a word that is not allowed; expected one of blind, assisted, auto"),
        ("code", None, "column 'code' has an empty cell; expected text"),
        ("code", float("nan"), "column 'code' has an empty cell; expected text"),
    ],
)
def test_a_table_that_breaks_its_contract_is_refused_by_row(study, column: str, value: object, message: str) -> None:
    broken = study.coded.astype(object)
    broken.loc[4, column] = value
    with pytest.raises(InputError) as refused:
        reported(dataclasses.replace(study, coded=broken))
    assert f"coded segments, row 5: {message}" in str(refused.value)


def test_a_missing_column_is_refused(study) -> None:
    with pytest.raises(InputError, match=r"readings: column 'transcript' is missing"):
        reported(dataclasses.replace(study, readings=study.readings[["coder"]]))


def test_segments_that_stand_twice_are_refused(study) -> None:
    twice = pd.concat([study.segments, study.segments.iloc[:1]])
    with pytest.raises(InputError, match=r"the same segment again"):
        reported(dataclasses.replace(study, segments=twice))


def test_disagreements_come_with_their_neighbours_and_room_for_the_decision(study) -> None:
    table = reported(study).blind.disagreements
    assert {"before", "text", "after", "decision", "memo", "coded_by_Ann", "coded_by_Ben"} <= set(table.columns)
    assert (table["decision"] == "").all()
    assert (table["coded_by_Ann"] != table["coded_by_Ben"]).all()
    for row in table.head(40).to_dict("records"):
        transcript, number = row["segment"].split(":")
        t, s = int(transcript[1:]), int(number)
        assert row["text"] == f"CANARY {t} {s}"
        assert row["before"] == (f"CANARY {t} {s - 1}" if s else "")
        assert row["after"] == (f"CANARY {t} {s + 1}" if s < 19 else "")


def test_decisions_are_read_back(study) -> None:
    table = reported(study).blind.disagreements
    table.loc[0, ["decision", "memo"]] = ["present", "rule 3"]
    table.loc[1, "decision"] = "absent"
    segments = set(study.segments["segment"])
    found = read_decisions(table, source="list.csv", codebook=study.codebook, segments=segments)
    assert len(found) == 2
    settled = found[found["decision"] == "present"].to_dict("records")
    assert settled == [
        {"segment": table["segment"][0], "code": table["code"][0], "decision": "present", "memo": "rule 3"}
    ]


def test_a_transcript_that_is_settled_whole_gets_what_nobody_disputed(study) -> None:
    part = reported(study).blind
    one = part.disagreements[part.disagreements["transcript"] == "T00"]
    decided = one[["segment", "code"]].assign(decision=["present", *["absent"] * (len(one) - 1)], memo="")
    found = settlement(decided, part.judgements, study.segments, coder="agreed", batch="b", at_us=1)
    assert found.still_open == len(part.disagreements) - len(one)
    assert found.readings.to_dict("records") == [
        {"coder": "agreed", "transcript": "T00", "origin": "agreed", "codes": "working-time;wages;teams"}
    ]
    assert found.decisions["segment"].str.startswith("T00").all()
    accepted = found.decisions[found.decisions["verdict"] == "accept"]
    both = set.intersection(
        *(
            {
                (s, "working-time" if c == "split-shifts" else c)
                for s, c, who in study.coded[["segment", "code", "coder"]].itertuples(index=False)
                if who == coder and s.startswith("T00")
            }
            for coder in ("Ann", "Ben")
        )
    )
    first = (one["segment"].iloc[0], one["code"].iloc[0])
    assert set(zip(accepted["segment"], accepted["code"], strict=True)) == both | {first}
    shown = {json.loads(s)["arm"] for s in found.decisions["shown"]}
    assert shown == {"settled"}
    words = {"accept": "present", "reject": "absent"}
    standing = {(r.segment, r.code): words[r.verdict] for r in found.decisions.itertuples()}
    same = settlement(decided, part.judgements, study.segments, coder="agreed", batch="c", at_us=2, standing=standing)
    assert same.decisions.empty
    assert same.readings.equals(found.readings)


def test_what_was_agreed_is_a_reading_only_for_codes_that_were_compared_throughout(study) -> None:
    """Ben did not read T00 for the teams, and of T01 he judged one segment."""
    kept = study.readings[(study.readings["coder"] == "Ann") | (study.readings["transcript"] != "T01")]
    for_less = (kept["coder"] == "Ben") & (kept["transcript"] == "T00")
    codes = np.where(for_less, "working-time;split-shifts;wages", "")
    coded = study.coded[(study.coded["coder"] == "Ann") | (study.coded["segment"] >= "T02")]
    partly = dataclasses.replace(study, readings=kept.assign(codes=codes), coded=coded).adding(
        [("T01:0", "wages", "Ben", "supports", "blind")]
    )
    part = reported(partly).blind
    all_absent = part.disagreements[["segment", "code"]].assign(decision="absent", memo="")
    found = settlement(all_absent, part.judgements, study.segments, coder="agreed", batch="b", at_us=1)
    read = dict(zip(found.readings["transcript"], found.readings["codes"], strict=True))
    assert found.still_open == 0
    assert read["T00"] == "working-time;wages"
    assert "T01" not in read
    assert read["T02"] == "working-time;wages;teams"


def test_a_code_that_came_later_is_compared_on_fewer_units(make_study: Callable) -> None:
    """Ben had read before the teams were in the codebook, and read two transcripts again for them."""
    study = make_study(model="model-1", coders=("Ann", "Ben", "Cy"))
    before = [c.id for c in study.codebook.codes if c.id not in {"teams", "organisation"}]
    again = study.readings["transcript"].isin(["T00", "T01"])
    is_early = (study.readings["coder"] == "Ben") & ~again
    later = dataclasses.replace(
        study,
        readings=study.readings.assign(codes=np.where(is_early, ";".join(before), "")),
        coded=study.coded[
            (study.coded["coder"] != "Ben") | (study.coded["code"] != "teams") | (study.coded["segment"] < "T02")
        ],
    )
    two = reported(later, coders=["Ann", "Ben", "model-1"])
    whole = reported(study, coders=["Ann", "Ben", "model-1"])
    people, before_people = two.blind.people, whole.blind.people
    assert people is not None
    assert before_people is not None
    level = people.level("sub-theme")
    assert [(row.code, row.n) for row in level.rows] == [("working-time", 280), ("wages", 280), ("teams", 40)]
    assert [row.n for row in people.level("theme").rows] == [280, 40]
    assert level.units == 280
    assert level.row("wages") == before_people.level("sub-theme").row("wages")
    used = {
        name: set(study.coded["segment"][study.coded["coder"].eq(name) & study.coded["code"].eq("teams")])
        for name in ("Ann", "Ben")
    }
    early = [{s for s in used[name] if s < "T02"} for name in ("Ann", "Ben")]
    assert level.row("teams").used == tuple(len(found) for found in early)
    assert level.row("teams").used_by_any == len(early[0] | early[1])
    assert level.row("teams").percent == pytest.approx(1 - len(early[0] ^ early[1]) / 40)
    assert level.pooled.of_codes == 3
    by_person = people.level("sub-theme", unit="participant")
    assert [row.n for row in by_person.rows] == [14, 14, 2]
    cells = people.cells[0].table.set_index(["case", "code"])
    assert cells["participants"].groupby("code").sum().to_dict() == {"working-time": 14, "wages": 14, "teams": 2}
    assert ("HO2", "teams") not in cells.index
    assert people.cells[0].remarks == (
        "Not all participants were judged by both (HO0: 1 to 5 of 5, HO1: 1 to 5 of 5).",
        "No participant was judged by both for Self-managing teams in HO2.",
    )
    sets = {(d.segment, d.code) for d in two.blind.disagreements.itertuples()}
    assert {s for s, code in sets if code == "teams"} == early[0] ^ early[1]
    by_model = {m.person: m.figures for m in two.blind.models}
    assert by_model["Ann"].table.index.tolist() == ["working-time", "wages", "teams"]
    assert by_model["Ben"].table.index.tolist() == ["working-time", "wages"]  # teams were not judged throughout
    three = reported(later).blind.people
    assert three is not None
    assert three.level("sub-theme").row("teams").n == 280  # Ann and Cy judged them everywhere
    assert dict(zip(three.matrix["second"], three.matrix["units"], strict=True))["Cy"] == 280


def test_decisions_that_cannot_be_read_are_refused_by_row(study) -> None:
    table = reported(study).blind.disagreements
    segments = set(study.segments["segment"])
    table.loc[1, "decision"] = "yes"
    with pytest.raises(
        InputError, match=r"list.csv, row 3: column 'decision' has a word that is not allowed; expected one"
    ):
        read_decisions(table, source="list.csv", codebook=study.codebook, segments=segments)
    table.loc[1, ["decision", "code", "segment"]] = ["present", "wagess", "T0O:1"]
    with pytest.raises(InputError) as refused:
        read_decisions(table, source="list.csv", codebook=study.codebook, segments=segments)
    assert "list.csv: unknown code 'wagess'" in str(refused.value)
    assert "list.csv: unknown segment 'T0O:1'; expected a segment of this study. Did you mean" in str(refused.value)


def test_the_bootstrap_stands_beside_with_its_seed(study) -> None:
    one, other = (reported(study, seed=seed) for seed in (0, 5))
    assert one.blind.people is not None
    row = one.blind.people.level("sub-theme").row("wages")
    assert (row.resampled.method, row.resampled.seed, row.resampled.replicates) == ("bootstrap", 0, 1000)
    assert row.resampled.low < row.alpha < row.resampled.high
    assert 0 < row.resampled.below[0] < row.resampled.below[1] <= 1
    assert other.blind.people is not None
    assert other.blind.people.level("sub-theme").row("wages").resampled.low != row.resampled.low
    assert other.blind.people.level("sub-theme").row("wages").interval == row.interval
    assert "1000 bootstrap samples of interviews (seed 5)" in other.method_note
    assert "K = 14" in other.method_note


def test_the_text_says_what_the_figures_allow(study) -> None:
    report = reported(study, units="meaning units of about 60 words", settled="in conversation")
    text = report_text(report, with_landis_koch=True, most_disagreements=3)
    assert "Ann read 14 of 14 transcripts; Ben read 14 of 14 transcripts." in text
    assert "280 of 280 segments (100%), blind" in text
    assert "Units are meaning units of about 60 words. Disagreements were settled: in conversation." in text
    assert "(Landis & Koch 1977)" in text
    assert "(Landis & Koch 1977)" not in report_text(report)
    assert "more in the table of disagreements" in text
    assert "interval" in text
    assert "K = 14" in report.method_note
    assert "https://doi.org/10.1080/19312450709336664" in report.method_note
    assert report.as_dict()["paragraph"] == report.paragraph


def test_verdicts_go_by_the_lower_end_of_the_interval(study) -> None:
    people = reported(study).blind.people
    assert people is not None
    row = people.level("sub-theme").row("wages")
    said = [
        verdict(dataclasses.replace(row, interval=dataclasses.replace(row.interval, low=x))) for x in (0.81, 0.7, 0.6)
    ]
    assert said == [
        "at least .800: firm conclusions",
        "above .667, below .800: tentative conclusions only",
        "not shown to reach .667",
    ]
    none = dataclasses.replace(row.interval, low=float("nan"), reason="5 transcripts, fewer than 6")
    assert verdict(dataclasses.replace(row, interval=none)) == "no interval (5 transcripts, fewer than 6)"
    assert verdict(dataclasses.replace(row, alpha=float("nan"), reason="r")) == "not defined (r)"


def test_rare_codes_show_counts_only_and_one_sentence_covers_many_rare_rows(make_study: Callable) -> None:
    study = make_study(transcripts=12, segments=100)
    few = dataclasses.replace(study, coded=study.coded[study.coded["segment"].str.endswith("0")])
    people = reported(few, rare_below=1000).blind.people
    assert people is not None
    level = people.level("sub-theme")
    assert all(
        "too rare to judge" in line for line in level_text(level).splitlines() if line.startswith(("Wages", "Self"))
    )
    assert "Not shown to reach" not in level_text(level)
    from subtheme.agreement.wording import paradoxes

    row = dataclasses.replace(
        level.rows[0], is_rare=False, prevalence_index=0.9, percent=0.98, kappa=0.4, prevalence=0.02, bias_index=0.0
    )
    many = dataclasses.replace(level, rows=(row,) * 5)
    assert len(paradoxes(many)) == 1
    assert paradoxes(many)[0].startswith("5 of 5 codes are rare (prevalence 2% to 2%)")
    single = dataclasses.replace(level, rows=(dataclasses.replace(row, bias_index=0.2),))
    assert "kappa is 0.40 at 98% agreement because the code is rare (prevalence 2%) and most" in paradoxes(single)[0]
    assert "one coder used the code more often than the other" in paradoxes(single)[0]


def test_cells_in_words_name_what_differs_and_what_was_not_judged(study) -> None:
    partly = dataclasses.replace(
        study,
        readings=study.readings[(study.readings["coder"] != "Ben") | (study.readings["transcript"] > "T03")],
        coded=study.coded[(study.coded["coder"] != "Ben") | (study.coded["segment"] > "T04")],
    )
    people = reported(partly).blind.people
    assert people is not None
    text = cells_text(people.cells[0])
    assert text.startswith(
        f"Cells of cases by sub-themes: Ann and Ben differ in {people.cells[0].flipped} of 9; Ben finds"
    )
    assert "Not all participants were judged by both (HO0: 3 of 5, HO1: 4 of 5, HO2: 3 of 4)." in text
    flip = people.cells[0].table.assign(flipped=[True] + [False] * 8)
    assert "HO0, Working time: " in cells_text(dataclasses.replace(people.cells[0], table=flip))
    assert "not defined (nobody)" in cells_text(dataclasses.replace(people.cells[0], reason="nobody"))
    only = dataclasses.replace(people.cells[0], not_compared=("HO9",))
    assert "No participant was judged by both in HO9." in cells_text(only)


def test_a_participant_without_a_case_is_named(study) -> None:
    people = reported(dataclasses.replace(study, participants=study.participants.iloc[1:])).blind.people
    assert people is not None
    assert people.cells[0].without_case == ("P00",)
    assert "Without a case, and left out: P00." in cells_text(people.cells[0])


def test_a_codebook_of_themes_only_has_one_level(study) -> None:
    flat = Codebook.from_toml(
        'format = "subtheme-codebook/1"\n[[code]]\nid = "wages"\nname = "Wages"\n[[code]]\nid = "teams"\nname = "Teams"',
        where="test",
    )
    coded = study.coded[study.coded["code"].isin(["wages", "teams"])]
    report = reported(dataclasses.replace(study, codebook=flat, coded=coded))
    assert report.levels == ("theme",)
    assert report.blind.people is not None
    assert [row.code for row in report.blind.people.level("theme").rows] == ["wages", "teams"]


def test_a_model_in_words(make_study: Callable) -> None:
    report = reported(make_study(model="model-1"))
    text = model_text(report.blind.models[0])
    assert text.startswith("model-1 against Ann on 280 segments")
    assert "mean of codes" in text


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (-0.1, "poor"),
        (0.0, "slight"),
        (0.2, "slight"),
        (0.21, "fair"),
        (0.5, "moderate"),
        (0.7, "substantial"),
        (0.9, "almost perfect"),
    ],
)
def test_words_of_landis_and_koch(value: float, word: str) -> None:
    assert landis_koch(value) == word
    assert landis_koch(float("nan")) == "not defined"


def test_tables_for_csv_hold_every_row(study) -> None:
    people = reported(study).blind.people
    assert people is not None
    assert len(people.table) == 10
    assert {"level", "unit", "alpha", "alpha_low", "used_by_Ann", "used_by_Ben", "reason"} <= set(people.table.columns)
    assert len(people.cell_table) == 15


def test_a_weighted_sample_says_so(study) -> None:
    weights = pd.Series(2.0, index=study.segments["segment"][::4])
    report = reported(study, weights=weights)
    assert "figures are weighted to the whole, and participants and cells, which need all" in report.paragraph
    assert "weights them by the inverse of their chance" in report.method_note
    assert report.blind.coverage.weighted
    assert report.blind.coverage.shared_segments == 70
