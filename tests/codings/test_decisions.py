"""What stands of a log of decisions, and the codings it comes to."""

import json

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from subtheme.codings import assisted_readings, codings_of_decisions, denials_of_decisions, standing_decisions
from subtheme.nouns import DECISIONS, SEGMENTS


def _log(*events):
    rows = [{"uid": str(i), "coder": "A", "segment": "T:0-5", "code": "c", **e} for i, e in enumerate(events)]
    return DECISIONS.check(pd.DataFrame(rows, columns=list(DECISIONS.names)), source="log")


SEGMENT = SEGMENTS.check(
    pd.DataFrame(
        [
            {
                "segment": "T:0-5",
                "transcript": "T",
                "participant": "P",
                "turn": 0,
                "order": 0,
                "start_char": 0,
                "end_char": 5,
                "text": "hello",
            }
        ]
    ),
    source="segments",
)


def test_the_last_decision_stands():
    standing = standing_decisions(_log({"verdict": "accept"}, {"verdict": "reject"}))
    assert list(standing["verdict"]) == ["reject"]


def test_a_retraction_brings_the_one_before_back():
    log = _log({"verdict": "accept"}, {"verdict": "reject"}, {"verdict": "retract", "reply_to": "1"})
    assert list(standing_decisions(log)["verdict"]) == ["accept"]
    log = _log({"verdict": "accept"}, {"verdict": "retract", "reply_to": "0"})
    assert standing_decisions(log).empty


def test_coders_do_not_overwrite_each_other():
    log = _log({"verdict": "accept"}, {"verdict": "reject", "coder": "B"})
    assert len(standing_decisions(log)) == 2


def test_what_is_rejected_at_last_is_denied():
    blind, assisted = '{"arm": "blind"}', '{"model": "m"}'
    log = _log(
        {"verdict": "accept", "shown": assisted},
        {"verdict": "reject", "shown": assisted},
        {"verdict": "reject", "shown": blind, "coder": "B"},
        {"verdict": "reject", "coder": "C"},
        {"verdict": "accept", "coder": "C"},
        {"verdict": "reject", "coder": "D"},
        {"verdict": "retract", "coder": "D", "reply_to": "5"},
        {"verdict": "counter-example", "coder": "E"},
        {"verdict": "unsure", "coder": "F"},
        {"verdict": "reject", "coder": "G", "shown": '{"by": "bulk", "bulk": "1"}'},
    )
    found = denials_of_decisions(log)
    assert list(zip(found["coder"], found["origin"], strict=True)) == [("A", "assisted"), ("B", "blind")]
    assert set(found["segment"]) == {"T:0-5"}


def test_accepted_supports_counter_counters_and_the_rest_is_no_coding():
    for verdict, direction in (("accept", "supports"), ("add", "supports"), ("counter-example", "counters")):
        codings = codings_of_decisions(_log({"verdict": verdict}), SEGMENT)
        assert list(codings["direction"]) == [direction]
        assert (codings["start_char"].item(), codings["end_char"].item()) == (0, 5)
    for verdict in ("reject", "unsure"):
        assert codings_of_decisions(_log({"verdict": verdict}), SEGMENT).empty


def test_origin_says_whether_a_suggestion_was_seen():
    shown = json.dumps({"model": "m1"})
    assert codings_of_decisions(_log({"verdict": "accept", "shown": shown}), SEGMENT)["origin"].item() == "assisted"
    assert codings_of_decisions(_log({"verdict": "add"}), SEGMENT)["origin"].item() == "blind"


def test_a_turn_of_the_blind_arm_gives_blind_codings_and_every_other_arm_assisted_ones():
    for arm, origin in (("blind", "blind"), ("assisted", "assisted"), ("decide-first", "assisted")):
        shown = json.dumps({"arm": arm, "order": "transcript"})
        assert codings_of_decisions(_log({"verdict": "add", "shown": shown}), SEGMENT)["origin"].item() == origin


@given(st.permutations(range(6)))
def test_decisions_on_different_segments_may_come_in_any_order(order):
    events = [
        {"verdict": "accept" if i % 2 else "reject", "segment": f"T:{i}-{i + 1}", "uid": str(i)} for i in range(6)
    ]
    one = standing_decisions(_log(*events)).set_index("segment")["verdict"].to_dict()
    other = standing_decisions(_log(*[events[i] for i in order])).set_index("segment")["verdict"].to_dict()
    assert one == other


def test_a_suggestion_was_seen_whatever_came_of_it():
    seen = json.dumps({"model": "m1"})
    for verdict in ("accept", "reject", "unsure"):
        assert assisted_readings(_log({"verdict": verdict, "shown": seen}), SEGMENT) == {("A", "T")}
    taken_back = _log({"verdict": "reject", "shown": seen}, {"verdict": "retract", "reply_to": "0"})
    assert assisted_readings(taken_back, SEGMENT) == {("A", "T")}
    assert assisted_readings(_log({"verdict": "add"}), SEGMENT) == frozenset()
    assert assisted_readings(_log({"verdict": "accept", "shown": seen, "segment": "gone"}), SEGMENT) == frozenset()
