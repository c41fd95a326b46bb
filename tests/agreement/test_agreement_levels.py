"""Segments, participants and cells: what counts as judged, and what follows for the decision."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtheme.agreement import (
    CodedUnits,
    cell_agreement,
    coded_units,
    cohen_kappa,
    compare,
    compare_pairs,
    confusion_of,
    gwet_ac1,
    krippendorff_alpha,
    level_agreement,
    mean_pairwise_kappa,
    percent_agreement,
    positive_agreement,
    set_agreement,
    set_alpha,
    votes_to_flip,
)
from subtheme.agreement.comparison import code_names
from subtheme.errors import InputError
from subtheme.nouns import is_majority


def judged(study, **options) -> CodedUnits:
    options.setdefault("coders", ["Ann", "Ben"])
    return coded_units(study.judgements, study.segments, **options)


def test_neither_coded_is_absent_and_not_read_is_missing(study) -> None:
    partly = dataclasses.replace(
        study,
        readings=study.readings[(study.readings["coder"] != "Ben") | (study.readings["transcript"] > "T05")],
        coded=study.coded[(study.coded["coder"] != "Ben") | (study.coded["segment"] > "T06")],
    )
    found = judged(partly)
    early = partly.segments["transcript"].to_numpy() <= "T05"
    assert (found.present[1][:, early] == -1).all()
    assert (found.present[1][:, ~early] >= 0).all()
    assert (found.present[0] >= 0).all()
    assert found.compared.sum() == (~early).sum()


def test_counters_do_not_count_as_describing(study) -> None:
    segment = study.segments["segment"][0]
    clean = dataclasses.replace(study, coded=study.coded[study.coded["segment"] != segment])
    added = clean.adding(
        [(segment, "wages", "Ann", "counters", "blind"), (segment, "teams", "Ann", "supports", "blind")]
    )
    found = judged(added)
    assert found.present[0, found.codes.index("wages"), 0] == 0
    assert found.present[0, found.codes.index("teams"), 0] == 1


def test_codes_roll_up_to_their_level_and_codes_above_it_count_only_there(study) -> None:
    segment = study.segments["segment"][0]
    clean = dataclasses.replace(study, coded=study.coded[study.coded["segment"] != segment])
    added = clean.adding(
        [(segment, "split-shifts", "Ann", "supports", "blind"), (segment, "organisation", "Ben", "supports", "blind")]
    )
    found = judged(added)
    below, above = found.rolled_up(study.codebook, "sub-theme"), found.rolled_up(study.codebook, "theme")
    assert below.codes == ("working-time", "wages", "teams")
    assert below.present[:, :, 0].tolist() == [[1, 0, 0], [0, 0, 0]]
    assert above.present[:, :, 0].tolist() == [[1, 0], [0, 1]]


def test_a_participant_is_judged_only_where_all_of_their_segments_were_read(study) -> None:
    twice = dataclasses.replace(
        study,
        segments=study.segments.assign(participant=study.segments["participant"].replace("P13", "P12")),
        readings=study.readings[(study.readings["coder"] != "Ben") | (study.readings["transcript"] != "T13")],
        coded=study.coded[(study.coded["coder"] != "Ben") | (study.coded["segment"] < "T13")],
    )
    found = judged(twice).by_participant(twice.segments["participant"])
    assert found.units.tolist() == [f"P{i:02d}" for i in range(13)]
    assert (found.present[1, :, 12] == -1).all()
    assert (found.present[0] >= 0).all()
    assert len(found.clusters) == 13


def test_presence_is_any_segment_of_a_participant_in_whatever_order_they_come(study) -> None:
    found = judged(study)
    shuffled = np.random.default_rng(1).permutation(len(study.segments))
    mixed = dataclasses.replace(
        found,
        units=found.units[shuffled],
        present=found.present[:, :, shuffled],
        clusters=dataclasses.replace(found.clusters, index=found.clusters.index[shuffled]),
    )
    one = found.by_participant(study.segments["participant"])
    two = mixed.by_participant(study.segments["participant"].iloc[shuffled])
    assert (one.present == two.present).all()
    assert (one.clusters.index == two.clusters.index).all()
    expected = study.segments["participant"][found.present[0, 1] == 1].unique()
    assert one.units[one.present[0, 1] == 1].tolist() == sorted(expected)


@pytest.mark.parametrize("coders", [("Ann", "Ben"), ("Ann", "Ben", "Cy")])
@pytest.mark.parametrize("weighted", [False, True])
def test_rows_are_the_coefficients_of_single_codes(
    make_study: Callable, coders: tuple[str, ...], weighted: bool
) -> None:
    study = make_study(coders=coders, transcripts=8)
    last = study.readings[(study.readings["coder"] != coders[-1]) | (study.readings["transcript"] > "T01")]
    weights = None
    if weighted:
        drawn = study.segments["segment"][::2]
        weights = pd.Series(np.linspace(1, 3, len(drawn)), index=drawn)
    coded = study.coded[(study.coded["coder"] != coders[-1]) | (study.coded["segment"] > "T02")]
    found = judged(dataclasses.replace(study, readings=last, coded=coded), coders=coders, weights=weights)
    top = found.rolled_up(study.codebook, "sub-theme")
    level = level_agreement(top, code_names(study.codebook, top.codes), level="sub-theme", unit="segment")
    for row in level.rows:
        ratings = top.ratings(row.code)
        if weighted:
            keep = ratings.weights > 0
            ratings = dataclasses.replace(ratings, codes=ratings.codes[keep], weights=ratings.weights[keep])
        kappa = cohen_kappa(ratings) if len(coders) == 2 else mean_pairwise_kappa(ratings)
        assert row.alpha == pytest.approx(krippendorff_alpha(ratings).value)
        assert row.kappa == pytest.approx(kappa.value)
        assert row.ac1 == pytest.approx(gwet_ac1(ratings).value)
        assert row.percent == pytest.approx(percent_agreement(ratings).value)
        assert row.positive == pytest.approx(positive_agreement(ratings).value)
        assert row.n == level.units == int(top.compared.sum())
    assert level.macro.value == pytest.approx(np.mean([row.alpha for row in level.rows]))
    sets = [
        [
            None if top.present[c, 0, u] < 0 else {k for i, k in enumerate(top.codes) if top.present[c, i, u] == 1}
            for c in range(len(coders))
        ]
        for u in range(len(top.units))
        if top.compared[u]
    ]
    mass = None if top.weights is None else top.weights[top.compared]
    # The weights have mean 1 over all that was drawn here, over what is compared there.
    assert set_agreement(top).value == pytest.approx(
        set_alpha(sets, weights=mass).value, abs=0.001 if weighted else 1e-9
    )


def test_counts_are_of_compared_units_only(study) -> None:
    partly = dataclasses.replace(
        study,
        readings=study.readings[(study.readings["coder"] != "Ben") | (study.readings["transcript"] > "T05")],
        coded=study.coded[(study.coded["coder"] != "Ben") | (study.coded["segment"] > "T06")],
    )
    top = judged(partly).rolled_up(study.codebook, "sub-theme")
    row = level_agreement(top, code_names(study.codebook, top.codes), level="sub-theme", unit="segment").row("wages")
    late = partly.coded[(partly.coded["segment"] > "T06") & (partly.coded["code"] == "wages")]
    ann, ben = (set(late["segment"][late["coder"] == c]) for c in ("Ann", "Ben"))
    assert row.used == (len(ann), len(ben))
    assert (row.used_by_any, row.used_by_all) == (len(ann | ben), len(ann & ben))
    with pytest.raises(KeyError, match="nothing"):
        level_agreement(top, code_names(study.codebook, top.codes), level="sub-theme", unit="segment").row("nothing")


def test_a_code_that_nobody_used_is_not_defined_and_left_out_of_the_mean(study) -> None:
    without = dataclasses.replace(study, coded=study.coded[study.coded["code"] != "teams"])
    top = judged(without).rolled_up(study.codebook, "sub-theme")
    level = level_agreement(top, code_names(study.codebook, top.codes), level="sub-theme", unit="segment")
    row = level.row("teams")
    assert row.reason == "neither coder used this code"
    assert row.as_dict()["alpha"] is None
    assert row.percent == 1.0
    assert row.is_rare
    assert row.interval.reason == "the coefficient is not defined"
    assert (level.macro.codes, level.macro.of_codes) == (2, 3)
    nothing = dataclasses.replace(study, coded=study.coded.iloc[:0])
    empty = level_agreement(
        judged(nothing).rolled_up(study.codebook, "theme"),
        code_names(study.codebook, ["working-conditions", "organisation"]),
        level="theme",
        unit="segment",
    )
    assert empty.macro.reason == empty.pooled.reason == "alpha is not defined for any code"
    assert set_agreement(judged(nothing)).reason == "every coder gave every unit the same set of codes"


def test_flags_say_what_lowers_kappa(make_study: Callable) -> None:
    study = make_study(transcripts=10)
    segments = study.segments["segment"].tolist()
    rows = [(s, "wages", "Ann", "supports", "blind") for s in segments[:3]]
    rows += [(s, "wages", "Ben", "supports", "blind") for s in segments[2:10]]
    rows += [(s, "teams", "Ann", "supports", "blind") for s in segments[:90]]
    rows += [(s, "teams", "Ben", "supports", "blind") for s in segments[:40]]
    only = dataclasses.replace(study, coded=pd.DataFrame(rows, columns=list(study.coded.columns)))
    top = judged(only).rolled_up(study.codebook, "sub-theme")
    level = level_agreement(top, code_names(study.codebook, top.codes), level="sub-theme", unit="segment", rare_below=5)
    assert level.row("wages").flags == ("prevalence",)
    assert level.row("teams").flags == ("bias",)
    assert level.row("teams").bias_index == pytest.approx(50 / 200)
    assert level.row("working-time").is_rare


@given(st.integers(0, 40), st.integers(0, 40))
def test_votes_to_flip_are_the_fewest_that_change_the_majority(present: int, more: int) -> None:
    n = present + more
    if not n:
        return
    votes, now = votes_to_flip(present, n), is_majority(present, n)
    step = -1 if now else 1
    assert is_majority(present + step * votes, n) != now
    assert is_majority(present + step * (votes - 1), n) == now


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_cells_are_what_counting_by_hand_gives(seed: int) -> None:
    from collections import Counter

    random = np.random.default_rng(seed)
    people = [f"P{i}" for i in range(7)]
    present = random.integers(-1, 2, (2, 1, 7)).astype(np.int8).repeat(2, axis=1)
    present[:, 1] = np.where(present[:, 0] < 0, -1, random.integers(0, 2, (2, 7)))
    from subtheme.agreement import Clusters
    from subtheme.agreement.levels import CodeName

    judgements = CodedUnits(
        coders=("Ann", "Ben"), codes=("a", "b"), units=np.array(people), present=present, clusters=Clusters.of(people)
    )
    case = {p: f"HO{int(random.integers(2))}" for p in people}
    frame = pd.DataFrame({"participant": people, "case": [case[p] for p in people], "level": ""})
    names = [CodeName(code=c, name=c, theme="t") for c in "ab"]
    found = cell_agreement(judgements, frame, names, first="Ann", second="Ben", level="sub-theme")
    both = [i for i in range(7) if (present[:, 0, i] >= 0).all()]
    shift = flipped = 0
    for row in found.table.to_dict("records"):
        inside = [i for i in both if case[people[i]] == row["case"]]
        code = "ab".index(row["code"])
        counts = [sum(int(present[c, code, i] == 1) for i in inside) for c in (0, 1)]
        assert [row["described_first"], row["described_second"], row["participants"]] == [*counts, len(inside)]
        one, two = (2 * c > len(inside) for c in counts)
        assert (row["present_first"], row["present_second"], row["flipped"]) == (one, two, one != two)
        shift, flipped = shift + two - one, flipped + (one != two)
    assert (found.shift, found.flipped) == (shift, flipped)
    assert found.cells == 2 * len({case[people[i]] for i in both})
    assert set(found.not_compared) == set(Counter(case.values())) - {case[people[i]] for i in both}
    overall = found.totals.iloc[0]
    assert (overall["total"], overall["shift"], overall["cells"]) == ("overall", shift, found.cells)


def test_cells_without_a_participant_that_both_judged_are_not_defined(study) -> None:
    apart = dataclasses.replace(
        study,
        readings=study.readings[(study.readings["coder"] == "Ann") ^ (study.readings["transcript"] > "T05")],
        coded=study.coded.iloc[:0],
    )
    people = judged(apart).rolled_up(study.codebook, "theme").by_participant(study.segments["participant"])
    found = cell_agreement(
        people, study.participants, code_names(study.codebook, people.codes), first="Ann", second="Ben", level="theme"
    )
    assert found.reason == "no participant was judged in full by both"
    assert (found.cells, found.flipped, found.shift) == (0, 0, 0)


def test_confusion_counts_codes_that_stood_for_each_other(make_study: Callable) -> None:
    study = make_study(transcripts=6, segments=3)
    s = study.segments["segment"].tolist()
    rows = [
        (s[0], "wages", "Ann", "supports", "blind"),
        (s[0], "teams", "Ben", "supports", "blind"),
        (s[1], "wages", "Ann", "supports", "blind"),
        (s[1], "wages", "Ben", "supports", "blind"),
        (s[1], "teams", "Ben", "supports", "blind"),
        (s[2], "wages", "Ann", "supports", "blind"),
        (s[2], "teams", "Ann", "supports", "blind"),
        (s[2], "teams", "Ben", "supports", "blind"),
    ]
    only = dataclasses.replace(study, coded=pd.DataFrame(rows, columns=list(study.coded.columns)))
    found = confusion_of(judged(only).rolled_up(study.codebook, "sub-theme"))
    assert found.loc["wages", "teams"] == 1
    assert found.loc["teams", "wages"] == 0
    assert found.loc["wages", "wages"] == found.loc["teams", "teams"] == 1
    three = make_study(coders=("Ann", "Ben", "Cy"), transcripts=6)
    table = confusion_of(judged(three, coders=["Ann", "Ben", "Cy"])).to_numpy()
    assert (table == table.T).all()


def test_a_weighted_sample_has_no_participants_and_no_cells(study) -> None:
    weights = pd.Series(1.0, index=study.segments["segment"][::3])
    found = compare(
        judged(study, weights=weights), study.segments, study.participants, study.codebook, levels=["theme"]
    )
    assert [(one.level, one.unit) for one in found.levels] == [("theme", "segment")]
    assert found.cells == ()
    assert found.cell_table.empty
    assert found.level("theme").units == len(weights)
    with pytest.raises(KeyError):
        found.level("theme", unit="participant")


def test_more_than_62_codes_make_the_same_sets() -> None:
    from subtheme.agreement import Clusters

    random = np.random.default_rng(1)
    present = (random.random((2, 70, 40)) < 0.03).astype(np.int8)
    units = np.array([str(i) for i in range(40)])
    found = CodedUnits(
        coders=("A", "B"),
        codes=tuple(map(str, range(70))),
        units=units,
        present=present,
        clusters=Clusters.of(units.tolist()),
    )
    sets = [[{str(i) for i in np.flatnonzero(present[c, :, u])} for c in range(2)] for u in range(40)]
    assert set_agreement(found).value == pytest.approx(set_alpha(sets).value)


def test_pairs_are_compared_on_the_units_that_all_have_judged(make_study: Callable) -> None:
    study = make_study(coders=("Ann", "Ben", "Cy"))
    top = judged(study, coders=["Ann", "Ben", "Cy"]).rolled_up(study.codebook, "sub-theme")
    same = compare_pairs(top, ("Ann", "Ben"), ("Ben", "Ann"))
    assert same.difference == 0.0
    assert same.interval.reason == "all transcripts agree alike, so nothing tells how much they vary"
    other = compare_pairs(top, ("Ann", "Cy"), ("Ann", "Ben"))
    assert other.difference == pytest.approx(other.first_alpha - other.second_alpha)
    assert other.interval.low < other.difference < other.interval.high
    assert other.as_dict()["units"] == len(study.segments)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            [("T00:0", "wagess", "Ann", "supports", "blind")],
            "coded segments: unknown code 'wagess'; expected a code of the codebook. Did you mean 'wages'?",
        ),
        (
            [("T99:0", "wages", "Ann", "supports", "blind")],
            "coded segments: 1 unknown segments, the first is 'T99:0'; expected segments of this study",
        ),
    ],
)
def test_tables_that_do_not_fit_are_refused(study, rows: list, message: str) -> None:
    with pytest.raises(InputError) as refused:
        judged(study.adding(rows))
    assert message in str(refused.value)


def test_what_was_coded_without_a_reading_is_judged_for_that_code_alone(study) -> None:
    partly = dataclasses.replace(
        study,
        readings=study.readings[(study.readings["coder"] != "Ben") | (study.readings["transcript"] != "T00")],
        coded=study.coded[(study.coded["coder"] != "Ben") | (study.coded["segment"] > "T01")],
    ).adding([("T00:3", "split-shifts", "Ben", "supports", "blind"), ("T00:4", "wages", "Ben", "counters", "blind")])
    found = judged(partly)
    first = {
        (found.codes[code], int(unit)): int(found.present[1, code, unit])
        for code, unit in np.argwhere(found.present[1, :, :20] >= 0)
    }
    assert first == {
        ("split-shifts", 3): 1,
        ("working-time", 3): 1,
        ("working-conditions", 3): 1,
        ("wages", 4): 0,
    }


def test_readings_of_unknown_transcripts_and_codes_are_refused(study) -> None:
    readings = pd.DataFrame(
        [("Ann", "T00", "blind", "wages; wagess"), ("Ann", "TO1", "blind", "")],
        columns=["coder", "transcript", "origin", "codes"],
    )
    with pytest.raises(InputError) as refused:
        judged(dataclasses.replace(study, readings=readings), coders=["Ann"])
    text = str(refused.value)
    assert "readings: unknown transcript 'TO1'; expected a transcript with segments. Did you mean" in text
    assert "readings: unknown code 'wagess'; expected a code of the codebook. Did you mean 'wages'?" in text


@pytest.mark.parametrize("weights", [{"T00:0": 0.0}, {"T99:9": 1.0}, {"T00:0": float("nan")}])
def test_weights_that_cannot_be_used_are_refused(study, weights: dict[str, float]) -> None:
    with pytest.raises(
        InputError, match=r"sampling weights: sampling weights that cannot be used; expected a positive number"
    ):
        judged(study, weights=pd.Series(weights))
