"""What to ask next."""

import numpy as np
import pandas as pd
import pytest
from small_study import outline_book

from subtheme.errors import InputError
from subtheme.nouns import Codebook
from subtheme.proposals import CoderError, outlook_of, review_pairs
from subtheme.proposals.outlook import Outlook
from subtheme.proposals.queue import review_queue
from subtheme.proposals.stopping import StopRule

CODEBOOK = Codebook.from_toml(
    outline_book(
        """
t: T
  s1: S1
    s1-a: S1 a
    s1-b: S1 b
  s2: S2
  s3: S3
""",
        more={"s3": "placeholder = true"},
    ),
    where="inline",
)
PEOPLE = pd.DataFrame({"participant": ["A1", "A2", "A3", "B1", "B2", "B3"], "case": list("AAABBB")})
EACH = 4


def make_segments(people=PEOPLE["participant"]):
    rows = [
        {"segment": f"T-{p}:{i}", "transcript": f"T-{p}", "participant": p, "order": i, "text": "secret words"}
        for p in people
        for i in range(EACH)
    ]
    return pd.DataFrame(rows)


def make_scores(seed=0, codes=("s1", "s2")):
    rng = np.random.default_rng(seed)
    segments = make_segments()["segment"]
    return pd.DataFrame(
        [{"segment": s, "code": c, "probability": round(float(rng.beta(0.4, 2)), 4)} for c in codes for s in segments]
    )


def decisions(*lines):
    return pd.DataFrame([line.split() for line in lines], columns=["segment", "code", "verdict"])


def arranged(**known):
    return review_pairs(make_scores(), make_segments(), PEOPLE, CODEBOOK, **known)


def cell(queue, case, sub_theme):
    cells = queue.cells.set_index(["case", "sub_theme"])
    return cells.loc[(case, sub_theme)]


def test_every_look_has_a_reason_of_ids_and_numbers_only():
    for order in ("settle", "uncertain", "transcript", "code", "audit"):
        looks = review_queue(arranged(), order=order).looks
        assert len(looks)
        assert looks["reason"].str.len().min() > 10
        assert not looks["reason"].str.contains("secret").any()
    assert review_queue(arranged()).looks["reason"].str.contains("0 of 3 describe it in [AB], 2 more settle it").all()


def test_the_best_evidence_of_a_pair_comes_first_and_chances_fall():
    looks = review_queue(arranged()).looks

    for _, pair in looks.groupby(["participant", "sub_theme"], sort=False):
        assert pair["probability"].is_monotonic_decreasing
        assert len(pair) == EACH


def test_a_confirmed_segment_ends_its_pair_and_a_settled_cell_ends_its_pairs():
    known = arranged(decided=decisions("T-A1:0 s1 accept", "T-A2:3 s1 add"))

    queue = review_queue(known)

    assert cell(queue, "A", "s1").to_dict() == {
        "state": "present",
        "describing": 2,
        "participants": 3,
        "chance": 1.0,
    }
    asked = set(zip(queue.looks["case"], queue.looks["sub_theme"], strict=True))
    assert asked == {("A", "s2"), ("B", "s1"), ("B", "s2")}
    open_ones = review_queue(known, rule=StopRule(majority_settled=False)).looks
    of_cell = open_ones[(open_ones["case"] == "A") & (open_ones["sub_theme"] == "s1")]
    assert set(of_cell["participant"]) == {"A3"}
    everything = review_queue(known, rule=StopRule(majority_settled=False, first_confirmed=False)).looks
    of_cell = everything[(everything["case"] == "A") & (everything["sub_theme"] == "s1")]
    assert set(of_cell["participant"]) == {"A1", "A2", "A3"}
    assert not set(of_cell["segment"]) & {"T-A1:0", "T-A2:3"}


def test_rejected_segments_are_not_asked_again_and_lower_the_chance():
    best = review_queue(arranged()).looks.iloc[0]

    after = review_queue(arranged(decided=decisions(f"{best['segment']} {best['sub_theme']} reject")))

    assert not ((after.looks["segment"] == best["segment"]) & (after.looks["sub_theme"] == best["sub_theme"])).any()
    place = ["participant", "sub_theme"]
    chance = after.pairs.set_index(place).loc[(best["participant"], best["sub_theme"]), "chance"]
    before = review_queue(arranged()).pairs.set_index(place).loc[(best["participant"], best["sub_theme"]), "chance"]
    assert chance < before


def test_an_unsure_look_is_not_repeated_and_rules_nothing_out():
    best = review_queue(arranged()).looks.iloc[0]
    place = (best["participant"], best["sub_theme"])

    unsure = review_queue(arranged(decided=decisions(f"{best['segment']} {best['sub_theme']} unsure")))

    chances = [
        q.pairs.set_index(["participant", "sub_theme"]).loc[place, "chance"] for q in (review_queue(arranged()), unsure)
    ]
    assert chances[0] == pytest.approx(chances[1])
    assert not ((unsure.looks["segment"] == best["segment"]) & (unsure.looks["sub_theme"] == best["sub_theme"])).any()


def test_a_pair_with_every_segment_rejected_is_ruled_out():
    all_of_two = [f"T-{p}:{i} s2 reject" for p in ("A1", "A2") for i in range(EACH)]

    queue = review_queue(arranged(decided=decisions(*all_of_two)))

    assert cell(queue, "A", "s2")["state"] == "absent"
    assert queue.pairs.query("participant == 'A1' and sub_theme == 's2'")["ruled_out"].item()


def test_reading_in_full_rules_out_and_coding_by_hand_confirms():
    read = pd.DataFrame({"participant": ["A1", "A2", "B1"], "code": ["", "s2", "t"]})
    described = pd.DataFrame({"participant": ["A1", "B2", "B3"], "code": ["s1-a", "s1", "t"]})

    queue = review_queue(arranged(read=read, described=described))

    assert cell(queue, "A", "s2")["state"] == "absent"
    assert cell(queue, "A", "s1")["describing"] == 1
    assert cell(queue, "B", "s1")["describing"] == 1
    assert set(queue.looks.query("participant == 'A1'")["sub_theme"]) == set()
    assert set(queue.looks.query("participant == 'B1'")["sub_theme"]) == set()


def test_order_of_decisions_is_irrelevant():
    lines = ["T-A1:0 s1 reject", "T-A1:0 s2 accept", "T-B1:2 s1 unsure", "T-B2:1 s2 counter-example", "T-B3:0 s1 add"]

    one = review_queue(arranged(decided=decisions(*lines)))
    other = review_queue(arranged(decided=decisions(*reversed(lines))))

    pd.testing.assert_frame_equal(one.looks, other.looks)
    pd.testing.assert_frame_equal(one.cells, other.cells)


def test_codes_below_a_row_roll_up_with_the_highest_score():
    scores = make_scores(codes=("s1-a", "s1-b"))
    best = scores.groupby("segment")["probability"].max()

    known = review_pairs(scores, make_segments(), PEOPLE, CODEBOOK)

    assert known.rows == ("s1",)
    assert known.unscored == ("s2", "s3")
    found = dict(zip(known.segments["segment"], known.probability[:, 0], strict=True))
    assert found == best.to_dict()
    half = review_pairs(scores, make_segments(), PEOPLE, CODEBOOK, decided=decisions("T-A1:0 s1-a reject"))
    assert half.decided().sum() == 0
    lines = decisions("T-A1:0 s1-a reject", "T-A1:0 s1-b counter-example")
    assert review_pairs(scores, make_segments(), PEOPLE, CODEBOOK, decided=lines).decided().sum() == 1
    notes = review_queue(known).notes
    assert notes == ("nothing is proposed for s2, s3: no scores; read the interviews for it",)


def test_a_participant_without_segments_stays_undecided_and_is_named():
    people = pd.concat([PEOPLE, pd.DataFrame({"participant": ["A4"], "case": ["A"]})])

    queue = review_queue(review_pairs(make_scores(), make_segments(), people, CODEBOOK))

    assert cell(queue, "A", "s1")["participants"] == 4
    assert not queue.pairs.query("participant == 'A4'")["ruled_out"].any()
    assert "no segments of A4: counted as participants, and never asked about" in queue.notes


def test_an_interview_that_no_model_has_looked_at_tells_nothing_and_is_named():
    scores = make_scores()
    queue = review_queue(
        review_pairs(scores[~scores["segment"].str.startswith("T-B3")], make_segments(), PEOPLE, CODEBOOK)
    )
    nothing_there = review_queue(
        review_pairs(
            scores[~scores["segment"].str.startswith("T-B3")],
            make_segments(PEOPLE["participant"][:5]),
            PEOPLE,
            CODEBOOK,
        )
    )

    unseen, silent = (q.pairs.query("participant == 'B3'") for q in (queue, nothing_there))
    assert unseen["chance"].to_numpy() == pytest.approx(silent["chance"].to_numpy())
    assert (unseen["chance"] > 0.05).all()
    assert "B3" not in set(queue.looks["participant"])
    assert any("no model has looked at the interviews of B3" in note for note in queue.notes)


def test_a_second_interview_that_was_read_holds_nothing_but_what_was_coded_there():
    """B3 has two interviews: in the one that no model has scored, since it was read, there is nothing more to find."""
    more = make_segments().query("participant == 'B3'")
    first = more.assign(segment=more["segment"].str.replace("T-", "U-"), transcript="U-B3")
    both = pd.concat([make_segments(), first], ignore_index=True)
    denied = decisions(*(f"{segment} {code} reject" for segment in first["segment"] for code in ("s1", "s2")))

    def chances(**known):
        pairs = review_queue(review_pairs(make_scores(), both, PEOPLE, CODEBOOK, **known)).pairs
        return pairs.query("participant == 'B3'")["chance"].to_numpy()

    judged = pd.DataFrame([(s, c) for s in first["segment"] for c in ("s1", "s2")], columns=["segment", "code"])
    as_read = chances(known=judged)
    assert as_read == pytest.approx(chances(decided=denied))
    assert (as_read < chances()).all()
    for_one = chances(known=judged[judged["code"] == "s1"])
    assert for_one == pytest.approx([as_read[0], chances()[1]])


def test_looks_per_pair_are_counted_over_sittings():
    rule = StopRule(looks=2)

    first = review_queue(arranged(), rule=rule).looks
    assert first.groupby(["participant", "sub_theme"]).size().max() == 2
    best = (
        first.groupby(["participant", "sub_theme"]).head(1).query("participant == 'A1' and sub_theme == 's1'").iloc[0]
    )
    again = review_queue(arranged(decided=decisions(f"{best['segment']} s1 reject")), rule=rule).looks
    assert len(again.query("participant == 'A1' and sub_theme == 's1'")) == 1


def test_the_risk_rule_stops_with_its_reason():
    queue = review_queue(arranged())
    assert queue.expected_wrong == pytest.approx(queue.cells["chance"].sum())

    enough = review_queue(arranged(), rule=StopRule(risk=queue.expected_wrong + 0.01))

    assert enough.stopped
    assert enough.looks.empty
    assert "cells of the sub-themes with proposals are expected to be wrong, within the bound of" in enough.notes[0]


def test_uncertain_goes_by_distance_from_the_threshold():
    looks = review_queue(arranged(), order="uncertain", thresholds={"s1": 0.2}).looks

    threshold = looks["sub_theme"].map({"s1": 0.2, "s2": 0.5})
    assert (looks["probability"] - threshold).abs().is_monotonic_increasing


def test_reading_order_and_code_order():
    by_transcript = review_queue(arranged(), order="transcript").looks
    assert by_transcript["segment"].drop_duplicates().tolist() == make_segments()["segment"].tolist()

    by_code = review_queue(arranged(), order="code").looks
    assert by_code["sub_theme"].drop_duplicates().tolist() == ["s1", "s2"]
    assert by_code.query("sub_theme == 's1'")["probability"].is_monotonic_decreasing


def test_the_audit_draws_segments_whatever_is_settled_and_says_its_seed():
    known = arranged(decided=decisions("T-A1:0 s1 accept", "T-A2:3 s1 accept"))

    one = review_queue(known, order="audit", seed=3, limit=5)
    same = review_queue(known, order="audit", seed=3, limit=5)
    other = review_queue(known, order="audit", seed=4, limit=5)

    assert one.seed == 3
    assert one.looks["segment"].nunique() == 5
    pd.testing.assert_frame_equal(one.looks, same.looks)
    assert one.looks["segment"].tolist() != other.looks["segment"].tolist()
    everything = review_queue(known, order="audit", limit=1000).looks
    assert len(everything) == len(PEOPLE) * EACH * 2 - 2


def test_the_audit_draws_nothing_that_no_model_has_looked_at():
    scores = make_scores()
    of_a = review_pairs(scores[scores["segment"].str.startswith("T-A")], make_segments(), PEOPLE, CODEBOOK)

    drawn = review_queue(of_a, order="audit", limit=1000).looks

    assert set(drawn["participant"]) == {"A1", "A2", "A3"}
    assert drawn["segment"].nunique() == 3 * EACH


def test_disagreements_list_what_only_some_coders_coded():
    codings = pd.DataFrame(
        [
            ("T-A1:0", "s1", "anna"),
            ("T-A1:0", "s1", "ben"),
            ("T-A1:1", "s1", "anna"),
            ("T-A2:0", "s2", "anna"),
            ("T-A1:2", "s2", "ben"),
        ],
        columns=["segment", "code", "coder"],
    )

    looks = review_queue(arranged(), order="disagreements", codings=codings).looks

    assert looks["segment"].tolist() == ["T-A1:1", "T-A1:2"]
    assert looks["reason"].tolist() == ["coded by anna, not by ben", "coded by ben, not by anna"]
    settled = arranged(decided=decisions("T-A1:1 s1 accept"))
    assert review_queue(settled, order="disagreements", codings=codings).looks["segment"].tolist() == ["T-A1:2"]


def test_questions_of_one_segment_can_be_asked_together():
    queue = review_queue(arranged(), limit=30)

    grouped = queue.by_segment()

    assert grouped["segment"].is_unique
    assert grouped["sub_themes"].map(len).sum() == 30
    assert grouped["segment"].iloc[0] == queue.looks["segment"].iloc[0]


def test_an_empty_queue_is_a_table_too():
    nobody_left = arranged(read=pd.DataFrame({"participant": PEOPLE["participant"]}))

    queue = review_queue(nobody_left)

    assert queue.looks.empty
    assert queue.by_segment().empty
    assert queue.expected_wrong == 0
    assert queue.as_dict()["looks"] == []


def test_more_found_never_raises_the_looks_that_remain_to_nothing_open():
    """Confirm or reject what is asked until nothing is: every cell settles, and agrees with the truth."""
    rng = np.random.default_rng(1)
    truth = {(s, c) for s in make_segments()["segment"] for c in ("s1", "s2") if rng.random() < 0.2}
    lines: list[str] = []
    states: dict[tuple[str, str], str] = {}
    while True:
        queue = review_queue(arranged(decided=decisions(*lines) if lines else None), limit=1)
        for row in queue.cells.itertuples():
            assert states.get((row.case, row.sub_theme), "open") in ("open", row.state)
            states[row.case, row.sub_theme] = row.state
        if queue.looks.empty:
            break
        look = queue.looks.iloc[0]
        verdict = "accept" if (look["segment"], look["sub_theme"]) in truth else "reject"
        lines.append(f"{look['segment']} {look['sub_theme']} {verdict}")

    owners = make_segments().set_index("segment")["participant"]
    cases = PEOPLE.set_index("participant")["case"]
    for (case, sub_theme), state in states.items():
        who = {owners[s] for s, c in truth if c == sub_theme and cases[owners[s]] == case}
        assert state == ("present" if 2 * len(who) > 3 else "absent")
    assert len(lines) < len(make_segments()) * 2


def test_an_outlook_comes_from_coded_participants():
    coded = arranged(described=pd.DataFrame({"participant": ["A1", "B2"], "code": ["s1", "s2"]}))

    fitted = outlook_of(coded)

    assert isinstance(fitted, Outlook)
    assert fitted.prior[0] < fitted.prior[1]
    assert outlook_of(review_pairs(make_scores().head(0), make_segments().head(0), PEOPLE, CODEBOOK)) == Outlook()


def test_unknown_names_are_refused_together():
    scores = pd.DataFrame({"segment": ["T-A1:0", "elsewhere"], "code": ["s1", "s11"], "probability": [0.1, 0.2]})
    strangers = pd.DataFrame({"participant": ["A11"], "code": ["s1"]})

    with pytest.raises(InputError) as caught:
        review_pairs(scores, make_segments(), PEOPLE, CODEBOOK, described=strangers, read=strangers)

    text = str(caught.value)
    assert "scores: unknown code 's11'" in text
    assert "scores: 1 unknown segments, the first 'elsewhere'; expected segments of this study" in text
    assert "codings: unknown participant 'A11'" in text
    assert "readings: unknown participant 'A11'" in text


def test_unknown_order_is_refused():
    with pytest.raises(InputError, match=r"unknown order 'setle'; expected one of settle, .*Did you mean 'settle'"):
        review_queue(arranged(), order="setle")


def test_disagreements_need_codings():
    with pytest.raises(InputError, match="the order 'disagreements' without codings"):
        review_queue(arranged(), order="disagreements")


ERRING = Outlook(error=CoderError(missed=0.05, invented=0.05))


def confirmed(*people, coder="ann", segment=0):
    """Lines of decisions that confirm s1 on a segment of `people`."""
    return [f"T-{p}:{segment} s1 accept" for p in people]


def test_a_confirmation_that_a_present_cell_rests_on_is_asked_about_again():
    pairs = arranged(decided=decisions(*confirmed("A1", "A2")))

    sure, unsure = (review_queue(pairs, outlook=outlook) for outlook in (Outlook(), ERRING))

    assert cell(sure, "A", "s1")["state"] == cell(unsure, "A", "s1")["state"] == "present"
    assert sure.looks.query("answers > 0").empty
    again = unsure.looks.query("answers > 0")
    assert set(again["segment"]) == {"T-A1:0", "T-A2:0"}
    assert (again["forecast"] == "").all()
    assert again["reason"].str.contains("2 of 3 describe it in A, one of them by this segment").all()
    assert unsure.expected_wrong > sure.expected_wrong


def test_a_second_answer_verifies_a_third_one_decides_and_nobody_is_asked_a_fourth_time():
    said = decisions(*confirmed("A1", "A2"))
    first = said.assign(coder="ann")

    def queue(*later):
        more = [said[said["segment"] == "T-A1:0"].assign(coder=coder, verdict=verdict) for coder, verdict in later]
        answers = pd.concat([first, *more], ignore_index=True)
        return review_queue(arranged(decided=said, answers=answers), outlook=ERRING)

    alone, verified, disputed, decided = (
        queue(),
        queue(("ben", "accept")),
        queue(("ben", "reject")),
        queue(("ben", "reject"), ("cat", "accept")),
    )

    def asked(queue):
        return queue.looks.query("segment == 'T-A1:0' and sub_theme == 's1'")["answers"].tolist()

    assert [asked(q) for q in (alone, verified, disputed, decided)] == [[1], [], [2], []]
    wrong = [1 - cell(q, "A", "s1")["chance"] for q in (alone, verified, disputed, decided)]
    assert wrong[1] < wrong[0] < wrong[2]
    assert wrong[3] < wrong[2]


def test_a_denied_segment_is_asked_about_again_where_coders_miss_things():
    lines = [f"{s} s1 reject" for s in make_segments()["segment"] if s.startswith("T-A1")]
    pairs = arranged(decided=decisions(*lines))

    sure, unsure = (
        review_queue(pairs, outlook=outlook) for outlook in (Outlook(), Outlook(error=CoderError(missed=0.2)))
    )

    at = "participant == 'A1' and sub_theme == 's1'"
    assert sure.looks.query(at).empty
    assert sure.pairs.query(at)["chance"].item() == 0.0
    assert 0 < unsure.pairs.query(at)["chance"].item() < review_queue(arranged()).pairs.query(at)["chance"].item()
    assert (unsure.looks.query(at)["answers"] == 1).all()
    assert len(unsure.looks.query(at)) == len(lines)


def test_some_questions_are_drawn_among_pairs_that_nobody_was_asked_about():
    plain, mixed = (review_queue(arranged(), rule=StopRule(random_share=share)).looks for share in (0.0, 0.3))

    drawn = mixed[mixed["reason"].str.startswith("drawn at random")]
    places = ["segment", "sub_theme"]
    assert 0 < len(drawn) < len(mixed)
    assert not drawn.duplicated(["participant", "sub_theme"]).any()
    assert sorted(map(tuple, mixed[places].to_numpy())) == sorted(map(tuple, plain[places].to_numpy()))


def test_beyond_a_surprise_nothing_is_enough():
    lax = StopRule(risk=100.0)

    assert review_queue(arranged(), rule=lax, outlook=Outlook(surprise=2.9)).stopped
    assert not review_queue(arranged(), rule=lax, outlook=Outlook(surprise=3.1)).stopped


def test_scores_are_held_against_the_share_that_they_were_calibrated_by():
    """Where everybody describes more than those the model learned from, their scores count as evidence."""
    here = arranged()
    rare = dict.fromkeys(here.rows, 0.3 * float(here.base.mean()))

    plain, told = (review_queue(here, outlook=outlook) for outlook in (Outlook(), Outlook(shares=rare)))

    assert (told.pairs["chance"] > plain.pairs["chance"]).all()
