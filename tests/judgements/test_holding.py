"""What holds of a log: taking back, lists whose sample nobody confirmed, answers that stand, codings as they were made."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judgements.cases import BOOK, Log, segments

from subtheme.judgements import (
    answers_table,
    batch_for,
    confirmed_bulks,
    holding,
    judgements_of,
    marked_codings,
    origin_of,
    standing_answers,
)
from subtheme.nouns import Basis, Codebook, Event, EventKind, taking_back


def _marked(log: Log, *, book: Codebook = BOOK):
    return marked_codings(log.events, judgements_of(log.events, segments(), book), segments())


def _list(log: Log, coder: str, codes: dict[int, bool], *, name: str = "b", verdict: str = "accept") -> None:
    """Answer A on some segments at once; those that are True are the sample."""
    for segment, is_drawn in codes.items():
        shown = json.dumps({"arm": "assisted", "by": "bulk", "bulk": name, "model": "m", "sample": is_drawn})
        log.add(
            EventKind.ANSWERED, coder, segment=f"s{segment}", code="A", value=verdict, origin="assisted", shown=shown
        )


# -- taking back --------------------------------------------------------------------------------------


def test_what_is_taken_back_does_not_hold_and_holds_again_when_that_is_taken_back():
    log = Log()
    first, second = log.coded("anna", 1, "A"), log.coded("anna", 2, "A")
    back = log.taken_back(first)
    assert holding(log.events).events == (second,)
    log.taken_back(back)
    assert holding(log.events).events == (first, second)


@given(st.lists(st.integers(0, 20), max_size=12))
def test_a_chain_of_taking_back_holds_by_turns(targets):
    log = Log()
    log.coded("anna", 1, "A")
    for which in targets:
        log.events.append(taking_back(log.events[which % len(log.events)].uid, coder="anna", at_us=len(log.events)))
    once = {e.uid: e for e in log.events}  # the same taking back is one event
    gone: dict[str, bool] = {}

    def holds(uid: str) -> bool:
        if uid not in gone:
            gone[uid] = any(e.reply_to == uid and holds(e.uid) for e in once.values())
        return not gone[uid]

    assert {e.uid for e in holding(list(once.values())).events} == {u for u in ("e1",) if holds(u)}


# -- lists answered at once -----------------------------------------------------------------------------


def test_nothing_of_a_list_counts_before_its_whole_sample_is_confirmed():
    log = Log()
    _list(log, "anna", {1: True, 2: True, 3: False, 4: False})
    assert confirmed_bulks(log.events) == {"b": False}
    assert len(holding(log.events).waiting) == 4
    assert log.judged().frame.empty
    assert _marked(log).empty
    log.answered("anna", 1, "A", "accept")
    assert confirmed_bulks(log.events) == {"b": False}
    assert set(log.judged().frame["segment"]) == {"s1"}
    log.answered("anna", 2, "A", "add")  # to the same effect
    assert confirmed_bulks(log.events) == {"b": True}
    assert holding(log.events).waiting == ()
    assert set(_marked(log)["start_char"]) == {100, 200, 300, 400}


@pytest.mark.parametrize("verdict", ["reject", "unsure", "counter-example"])
def test_a_sample_that_is_answered_otherwise_confirms_nothing(verdict):
    log = Log()
    _list(log, "anna", {1: True, 2: False})
    log.answered("anna", 1, "A", verdict)
    assert confirmed_bulks(log.events) == {"b": False}
    assert _marked(log)["start_char"].isin([200]).sum() == 0


def test_another_coder_confirms_nothing_and_no_sample_is_none():
    log = Log()
    _list(log, "anna", {1: True, 2: False})
    log.answered("ben", 1, "A", "accept")
    _list(log, "anna", {3: False, 4: False}, name="c")
    assert confirmed_bulks(log.events) == {"b": False, "c": False}


def test_a_confirmation_that_is_taken_back_leaves_the_list_waiting():
    log = Log()
    _list(log, "anna", {1: True, 2: False})
    single = log.answered("anna", 1, "A", "accept")
    assert len(holding(log.events).events) == 3
    log.taken_back(single)
    assert holding(log.events).events == ()


def test_a_list_of_rejections_counts_once_it_is_confirmed():
    log = Log()
    _list(log, "anna", {1: True, 2: False}, verdict="reject")
    log.answered("anna", 1, "A", "reject")
    assert {r.value for r in log.judged().frame.itertuples() if r.code == "A"} == {"absent"}


# -- answers --------------------------------------------------------------------------------------------


def test_the_last_answer_of_each_coder_stands_until_it_is_taken_back():
    log = Log()
    log.answered("anna", 1, "A", "accept")
    last = log.answered("anna", 1, "A", "reject")
    log.answered("ben", 1, "A", "accept")
    assert list(standing_answers(log.events)["verdict"]) == ["reject", "accept"]
    log.taken_back(last)
    assert list(standing_answers(log.events)["verdict"]) == ["accept", "accept"]
    table = answers_table(log.events)
    assert table.iloc[-1][["coder", "segment", "code", "verdict", "reply_to"]].tolist() == [
        "anna", "s1", "A", "retract", last.uid
    ]  # fmt: skip


def test_answers_that_wait_for_their_sample_stand_as_given():
    log = Log()
    _list(log, "anna", {1: True, 2: False})
    assert len(standing_answers(log.events)) == 2


def test_taking_back_a_coding_is_no_answer():
    log = Log()
    log.taken_back(log.coded("anna", 1, "A"))
    assert answers_table(log.events).empty


@given(st.permutations(range(4)))
def test_answers_on_different_segments_may_come_in_any_order(order):
    log, other = Log(), Log()
    for n in range(4):
        log.answered("anna", n + 1, "A", "accept" if n % 2 else "reject")
    for n in order:
        other.answered("anna", n + 1, "A", "accept" if n % 2 else "reject")
    one, two = (standing_answers(g.events).set_index("segment")["verdict"].to_dict() for g in (log, other))
    assert one == two


@pytest.mark.parametrize(
    ("shown", "basis"),
    [
        ({}, Basis.BLIND),
        ({"arm": "blind"}, Basis.BLIND),
        ({"arm": "first"}, Basis.BLIND),
        ({"arm": "first", "model": "m"}, Basis.ASSISTED),
        ({"arm": "assisted"}, Basis.ASSISTED),
        ({"arm": "decide-first"}, Basis.ASSISTED),
        ({"model": "m"}, Basis.ASSISTED),
        ({"arm": "adjudication"}, Basis.AGREED),
        ({"arm": "settled"}, Basis.AGREED),
    ],
)
def test_the_origin_says_what_was_in_view(shown, basis):
    assert origin_of(json.dumps(shown)) == basis.word


def test_what_came_once_is_one_thing_until_all_of_it_was_taken_back():
    def event(uid: str, batch: str) -> Event:
        return Event(uid=uid, kind=EventKind.CODED, code="A", value="supports", origin="blind", batch=batch)

    events = [event("1", "f"), event("2", "f")]
    assert batch_for("f", []) == "f"
    assert batch_for("f", events) == "f"
    events.append(taking_back("1", coder="", at_us=1, batch="undo"))
    assert batch_for("f", events) == "f"
    events.append(taking_back("2", coder="", at_us=2, batch="undo"))
    assert batch_for("f", events) == "f:2"
    assert batch_for("f", [*events, event("3", "f:2")]) == "f:2"


# -- codings as they were made ----------------------------------------------------------------------------


def test_given_codes_are_codings_and_the_rest_is_none():
    log = Log()
    for segment, verdict in enumerate(("accept", "add", "counter-example", "reject", "unsure"), start=1):
        log.answered("anna", min(segment, 4), "B" if segment == 5 else "A", verdict, origin="blind")
    found = _marked(log)
    assert found[["start_char", "direction"]].values.tolist() == [
        [100, "supports"],
        [200, "supports"],
        [300, "counters"],
    ]
    assert set(found["origin"]) == {"blind"}


def test_a_coding_keeps_its_own_span_and_a_moved_answer_its_own():
    log = Log()
    log.coded("anna", 1, "A", start_char=110, end_char=140, memo="why")
    log.add(
        EventKind.ANSWERED,
        "ben",
        segment="s1",
        code="A",
        value="accept",
        origin="assisted",
        start_char=105,
        end_char=150,
    )
    found = _marked(log)
    assert found[["coder", "start_char", "end_char", "origin", "memo"]].values.tolist() == [
        ["ben", 105, 150, "assisted", ""],
        ["anna", 110, 140, "blind", "why"],
    ]


def test_what_its_coder_rejected_later_is_no_coding_and_comes_back_with_the_undo():
    log = Log()
    log.coded("anna", 1, "A")
    no = log.answered("anna", 1, "A", "reject", origin="blind")
    assert _marked(log).empty
    log.taken_back(no)
    assert len(_marked(log)) == 1


def test_another_coders_no_takes_no_coding_away():
    log = Log()
    log.coded("anna", 1, "A")
    log.answered("ben", 1, "A", "reject")
    log.answered("judge", 1, "A", "reject", origin="agreed")
    assert list(_marked(log)["coder"]) == ["anna"]


def test_a_coding_over_two_segments_stands_while_one_of_them_is_held():
    log = Log()
    log.coded("anna", 1, "A", start_char=100, end_char=250)
    log.answered("anna", 1, "A", "reject", origin="blind")
    assert len(_marked(log)) == 1
    log.answered("anna", 2, "A", "reject", origin="blind")
    assert _marked(log).empty


def test_a_coding_on_no_segment_and_one_of_a_retired_code_are_kept():
    log = Log()
    log.coded("anna", 1, "A", start_char=0, end_char=20)
    log.add(
        EventKind.CODED, "anna", transcript="T", participant="p", code="gone", value="supports", origin="blind",
        start_char=100, end_char=150,
    )  # fmt: skip
    assert set(_marked(log)["code"]) == {"A", "gone"}


# -- what was agreed ----------------------------------------------------------------------------------------


def _together(log: Log, code: str = "A", segment: int = 1) -> int:
    judged = log.judged()
    return int(judged.together[segment - 1, judged.number_of(code)])


@pytest.mark.parametrize(("verdict", "value"), [("reject", 0), ("counter-example", 2)])
@pytest.mark.parametrize("is_first", [True, False])
def test_what_is_denied_together_does_not_count_whoever_gave_it_and_whenever(verdict, value, is_first):
    log = Log()
    steps = [("anna", "accept", "assisted"), ("judge", verdict, "agreed")]
    for coder, said, origin in steps[:: -1 if is_first else 1]:
        log.answered(coder, 1, "A", said, origin=origin)
    assert _together(log) == value


def test_what_is_left_unsure_together_takes_nothing_away():
    log = Log()
    log.answered("anna", 1, "A", "accept")
    log.answered("judge", 1, "A", "unsure", origin="agreed")
    assert _together(log) == 1


def test_the_last_agreed_answer_counts_and_one_taken_back_does_not():
    log = Log()
    log.answered("anna", 1, "A", "accept")
    log.answered("judge", 1, "A", "reject", origin="agreed")
    assert _together(log) == 0
    yes = log.answered("other", 1, "A", "accept", origin="agreed")
    assert _together(log) == 1
    log.taken_back(yes)
    assert _together(log) == 0


def test_codes_below_go_with_what_was_denied_together_and_other_rows_stay():
    log = Log()
    log.answered("anna", 1, "a1", "accept")
    log.answered("anna", 1, "B", "accept")
    log.answered("judge", 1, "A", "reject", origin="agreed")
    assert (_together(log), _together(log, "a1"), _together(log, "B")) == (0, 0, 1)
