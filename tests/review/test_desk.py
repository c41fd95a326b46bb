"""What a coder does at the desk: stored at once, once, undone without end, and never mixed with another's."""

import json

import pandas as pd
import pytest

from subtheme.errors import InputError
from subtheme.files import examine
from subtheme.judgements import confirmed_bulks, standing_answers
from subtheme.nouns import CODINGS, Verdict
from subtheme.review.arm import Arm
from subtheme.review.bulk import BulkAnswers, Filter
from subtheme.review.desk import Desk
from subtheme.review.walk import Walk


def _passage(desk, arm, *, over=True):
    """Return a passage of that arm, with or without a proposal."""
    return next(
        p
        for p in desk.material.passages
        if desk.arm(p.segment) is arm
        and any(s.is_over for s in desk.material.suggestions.get(p.segment, ())) == over
        and not desk.log.answers(p.segment)
    )


def _proposed(desk, passage):
    return next(s.code for s in desk.material.suggestions[passage.segment] if s.is_over)


def _held(desk, passage):
    """Return what the coder holds of a passage, by sub-theme or a code below one."""
    rows = desk.study.judgements.of_coders([desk.coder]).frame
    own = rows[(rows["segment"] == passage.segment) & rows["code"].isin(desk.material.codes)]
    return dict(zip(own["code"], own["value"], strict=True))


def _again(opened, **options):
    """Return the desk as it is after a restart."""
    return Desk(opened.desk.material, opened.store, coder=options.pop("coder", "anna"), **options)


@pytest.fixture
def desk(opened):
    return opened.desk


def test_an_answer_is_stored_with_what_was_shown(desk, opened):
    passage = _passage(desk, Arm.ASSISTED)
    code = _proposed(desk, passage)
    desk.decide(passage.number, code, "accept", uid="u-1", order="transcript", elapsed_ms=1234)
    row = opened.store.decisions().iloc[-1]
    shown = json.loads(row["shown"])
    suggestion = desk.material.suggestion(passage.segment, code)
    assert (row["verdict"], row["coder"], row["segment"]) == ("accept", "anna", passage.segment)
    assert shown["model"] == suggestion.model
    assert shown["probability"] == pytest.approx(suggestion.probability)
    assert (shown["arm"], shown["order"], shown["elapsed_ms"], shown["rank"] >= 1) == (
        "assisted",
        "transcript",
        1234,
        True,
    )


def test_a_repeated_delivery_is_stored_once_and_another_answer_under_its_id_is_refused(desk, opened):
    passage = _passage(desk, Arm.ASSISTED)
    code = _proposed(desk, passage)
    for _ in range(2):
        desk.decide(passage.number, code, "reject", uid="u-1", order="transcript")
    assert len(opened.store.decisions()) == 1
    for verdict, other in (("accept", code), ("reject", "training" if code != "training" else "wages")):
        with pytest.raises(InputError, match="belongs to another answer"):
            desk.decide(passage.number, other, verdict, uid="u-1", order="transcript")
    assert len(opened.store.decisions()) == 1


def test_undo_goes_back_to_the_first_action_across_restarts(desk, opened):
    one, two = _passage(desk, Arm.ASSISTED), desk.material.passages[-1]
    code = _proposed(desk, one)
    desk.decide(one.number, code, "accept", uid="u-1", order="transcript")
    desk.memo(one.number, code, "why", uid="u-2")
    desk.finish(one.number, uid="u-3", order="transcript")
    desk.flag(two.number, uid="u-4")
    desk.relabel(two.number, "wages", "training", uid="u-5", order="transcript")
    for step, number in enumerate((two.number, two.number, one.number, one.number, one.number)):
        fresh = _again(opened)
        assert fresh.undo(uid=f"z-{step}")[0] == number
    last = _again(opened)
    assert last.undo(uid="z-9") is None
    assert last.log.answers(one.segment) == {}
    assert last.log.answers(two.segment) == {}
    assert not last.log.is_flagged(two.segment)
    assert not last.log.is_finished(one.segment)
    assert last.log.memo(one.segment, code) == ""
    assert examine(opened.store).problems == ()


def test_an_undo_delivered_twice_takes_one_thing_back(desk):
    passage = _passage(desk, Arm.ASSISTED)
    for number in (1, 2):
        desk.flag(passage.number, uid=f"u-{number}")
    desk.undo(uid="z-1")
    desk.undo(uid="z-1")
    assert desk.log.is_flagged(passage.segment)


def test_relabel_rejects_and_adds_together(desk, opened):
    passage = _passage(desk, Arm.ASSISTED)
    code = _proposed(desk, passage)
    other = next(c for c in desk.material.rows if desk.material.suggestion(passage.segment, c).is_over is False)
    desk.relabel(passage.number, code, other, uid="u-1", order="transcript")
    first, second = opened.store.decisions().to_dict("records")
    assert (first["verdict"], second["verdict"]) == ("reject", "add")
    assert second["reply_to"] == "u-1"
    assert first["batch"] == second["batch"]
    desk.undo(uid="z-1")
    assert desk.log.answers(passage.segment) == {}


def test_a_code_that_was_scored_low_and_not_shown_is_added_not_accepted(desk, opened):
    passage = _passage(desk, Arm.ASSISTED)
    low = next(s.code for s in desk.material.suggestions[passage.segment] if not s.is_over)
    desk.decide(passage.number, low, "add", uid="u-1", order="transcript")
    row = opened.store.decisions().iloc[-1]
    assert row["verdict"] == "add"
    assert "model" not in json.loads(row["shown"])


def test_finishing_leaves_the_rest_open(desk, opened):
    passage = _passage(desk, Arm.ASSISTED)
    desk.finish(passage.number, uid="u-1", order="transcript")
    assert opened.store.decisions().empty
    assert desk.log.is_finished(passage.segment)


def test_the_blind_arm_gives_blind_codings_and_shows_nothing(desk, opened):
    passage = _passage(desk, Arm.BLIND)
    desk.decide(passage.number, "wages", "accept", uid="u-1", order="transcript")
    row = opened.store.decisions().iloc[-1]
    assert row["verdict"] == "add"
    assert "model" not in json.loads(row["shown"])
    codings = desk.study.codings
    assert list(codings["origin"]) == ["blind"]
    with pytest.raises(InputError, match="no proposal is shown"):
        desk.see_evidence(passage.number, "wages", uid="u-2", order="transcript")


def test_the_arm_does_not_change_once_somebody_has_answered(desk, opened):
    passage = _passage(desk, Arm.BLIND)
    desk.decide(passage.number, "wages", "reject", uid="u-1", order="transcript")
    assert _again(opened, blind=0.0).arm(passage.segment) is Arm.BLIND


def test_going_on_from_a_blind_turn_reads_it_for_every_code_that_was_offered(desk, opened):
    passage = _passage(desk, Arm.BLIND)
    desk.decide(passage.number, "wages", "add", uid="u-1", order="audit")
    desk.finish(passage.number, uid="u-2", order="audit")
    assert list(desk.log.answers(passage.segment)) == ["wages"]  # nobody was asked for the others
    held = _held(desk, passage)
    assert held.pop("wages") == "present"
    assert set(desk.material.rows) - {"wages"} <= set(held)
    assert {held[row] for row in desk.material.rows if row != "wages"} == {"absent"}
    assert set(desk.study.judgements.frame["segment"]) == {passage.segment}  # it says nothing of the others
    desk.undo(uid="z-1")
    assert _held(desk, passage) == {"wages": "present"}


def test_going_on_with_suggestions_in_view_says_nothing_of_what_was_not_given(desk, opened):
    passage = _passage(desk, Arm.ASSISTED)
    desk.decide(passage.number, _proposed(desk, passage), "reject", uid="u-1", order="settle")
    desk.finish(passage.number, uid="u-2", order="settle")
    held = _held(desk, passage)
    assert held.pop(_proposed(desk, passage)) == "absent"
    assert not set(held) & set(desk.material.rows)


def test_deciding_first_shows_proposals_after_the_own_answer(opened):
    desk = _again(opened, decides_first=True)
    passage = _passage(desk, Arm.FIRST)
    code = _proposed(desk, passage)
    desk.decide(passage.number, code, "add", uid="u-1", order="transcript")
    desk.reveal(passage.number, uid="u-2", order="transcript")
    assert desk.arm(passage.segment) is Arm.ASSISTED
    desk.decide(passage.number, code, "reject", uid="u-3", order="transcript")
    log = opened.store.decisions().drop(columns="batch")
    arms = [json.loads(s)["arm"] for s in log["shown"]]
    assert arms == ["first", "assisted"]
    before = desk.study.with_events(opened.store.events()[:-2])  # the proposals shown, and the answer after that
    assert list(before.codings["origin"]) == ["blind"]
    assert desk.study.codings.empty  # the last word of a coder holds
    with pytest.raises(InputError, match="no proposals are held back"):
        desk.reveal(passage.number, uid="u-4", order="transcript")


def test_ends_are_moved_by_words_and_reach_the_codings(desk, opened):
    passage = next(p for p in desk.material.passages if desk.material.words(p).count(" ") > 8)
    desk.decide(passage.number, "wages", "accept", uid="u-1", order="transcript")
    for step, way in enumerate(("start-on", "start-on", "end-back")):
        desk.move(passage.number, "wages", way, uid=f"m-{step}")
    codings = desk.study.codings
    text = desk.material.transcripts[passage.transcript_number].text
    words = desk.material.words(passage).split()
    assert text[codings["start_char"].iloc[0] : codings["end_char"].iloc[0]].split() == words[2:-1]
    desk.undo(uid="z-1")
    standing = desk.log.standing(passage.segment, "wages")
    assert text[standing.start_char : standing.end_char].split() == words[2:]
    with pytest.raises(InputError, match="Accept or add it"):
        desk.move(passage.number, "training", "end-on", uid="m-9")


def test_a_memo_stays_with_its_answer(desk, opened):
    passage = _passage(desk, Arm.ASSISTED)
    code = _proposed(desk, passage)
    desk.decide(passage.number, code, "accept", uid="u-1", order="transcript")
    desk.memo(passage.number, code, "because", uid="u-2")
    assert desk.log.standing(passage.segment, code).memo == "because"
    desk.move(passage.number, code, "start-on", uid="m-1")
    moved = desk.log.standing(passage.segment, code)
    desk.memo(passage.number, code, "because of that", uid="u-4")
    kept = desk.log.standing(passage.segment, code)
    assert (kept.start_char, kept.end_char, kept.memo) == (moved.start_char, moved.end_char, "because of that")
    assert kept.start_char > passage.start_char
    with pytest.raises(InputError, match="at most 4000 characters"):
        desk.memo(passage.number, code, "x" * 4001, uid="u-3")


def test_coders_do_not_see_or_overwrite_each_other(desk, opened):
    passage = _passage(desk, Arm.ASSISTED)
    code = _proposed(desk, passage)
    desk.decide(passage.number, code, "accept", uid="u-1", order="transcript")
    other = _again(opened, coder="ben")
    assert other.log.answers(passage.segment) == {}
    assert other.undo(uid="z-1") is None
    other.decide(passage.number, code, "reject", uid="u-2", order="transcript")
    assert _again(opened).log.standing(passage.segment, code).verdict is Verdict.ACCEPT
    assert len(opened.store.decisions()) == 2


# -- bulk ---------------------------------------------------------------------------------------------


def _bulk(desk, *, least=0.0):
    answers = BulkAnswers(desk)
    wanted = Filter(code="wages", least=least)
    return answers, wanted, answers.open_proposals(wanted)


def test_a_bulk_answer_counts_only_after_its_audit(desk, opened):
    answers, wanted, found = _bulk(desk)
    assert found
    answers.answer(wanted, "accept", count=len(found), uid="b-1")
    assert len(opened.store.decisions()) == len(found)
    assert confirmed_bulks(opened.store.events()) == {"b-1": False}
    assert desk.study.codings.empty
    assert desk.study.judgements.frame.empty
    walk = Walk(desk)
    sample = walk.ahead("bulk", count=1000)
    assert len(sample) == min(30, len(found))
    for position, stop in enumerate(sample):
        desk.decide(stop.number, stop.code, "accept", uid=f"s-{position}", order="bulk")
    assert walk.ahead("bulk") == []
    assert confirmed_bulks(opened.store.events()) == {"b-1": True}
    assert len(desk.study.codings) == len(found)


def test_one_wrong_in_the_sample_keeps_the_bulk_answer_out(desk, opened):
    answers, wanted, found = _bulk(desk)
    answers.answer(wanted, "accept", count=len(found), uid="b-1")
    sample = Walk(desk).ahead("bulk", count=1000)
    for position, stop in enumerate(sample):
        desk.decide(stop.number, stop.code, "accept" if position else "reject", uid=f"s-{position}", order="bulk")
    assert confirmed_bulks(opened.store.events()) == {"b-1": False}
    assert len(desk.study.codings) == len(sample) - 1


def test_one_undo_takes_a_bulk_answer_back(desk):
    answers, wanted, found = _bulk(desk)
    answers.answer(wanted, "reject", count=len(found), uid="b-1")
    answers.answer(wanted, "reject", count=len(found), uid="b-1")  # delivered twice
    assert answers.open_proposals(wanted) == []
    desk.undo(uid="z-1")
    assert answers.open_proposals(wanted) == found


def test_a_list_that_has_changed_is_not_answered(desk):
    answers, wanted, found = _bulk(desk)
    with pytest.raises(InputError, match=f"the list holds {len(found)} proposals now"):
        answers.answer(wanted, "accept", count=len(found) + 1, uid="b-1")
    with pytest.raises(InputError, match="accept or reject"):
        answers.answer(wanted, "unsure", count=len(found), uid="b-2")


def test_no_blind_segment_is_in_a_list(desk):
    _, _, found = _bulk(desk)
    assert all(desk.arm(o.passage.segment) is Arm.ASSISTED for o in found)


# -- adjudication -------------------------------------------------------------------------------------


@pytest.fixture
def disputed(opened):
    """A segment that anna gave a code and ben, who went on from it, did not."""
    passage = opened.desk.material.passages[0]
    opened.desk.decide(passage.number, "wages", "add", uid="a-1", order="overlap")
    ben = _again(opened, coder="ben", blind=1.0)
    assert ben.arm(passage.segment) is Arm.BLIND
    ben.finish(passage.number, uid="b-1", order="overlap")
    return passage


def test_an_adjudicator_sees_two_answers_and_no_names(opened, disputed):
    judge = _again(opened, coder="consensus", adjudicates=True)
    dispute = judge.adjudication.disputes()[disputed.segment]["wages"]
    assert sorted(v.split(" ", 2)[2] for v in dispute.views) == ["did not give it", "gave it"]
    assert not any(name in " ".join(dispute.views) for name in ("anna", "ben"))
    assert judge.arm(disputed.segment) is Arm.ADJUDICATION
    (stop,) = Walk(judge).ahead("", count=5)
    assert (stop.number, stop.code) == (disputed.number, "wages")
    judge.decide(disputed.number, "wages", "reject", uid="c-1", order="disagreements", version=dispute.version)
    assert Walk(judge).ahead("") == []
    first, second = opened.store.decisions().itertuples()
    assert (first.coder, second.coder, second.verdict) == ("anna", "consensus", "reject")


def test_a_decision_about_answers_that_have_changed_is_refused(opened, disputed):
    judge = _again(opened, coder="consensus", adjudicates=True)
    version = judge.adjudication.disputes()[disputed.segment]["wages"].version
    _again(opened, coder="dora", blind=0.0).finish(disputed.number, uid="b-8", order="overlap")
    assert judge.adjudication.disputes()[disputed.segment]["wages"].version == version  # with suggestions in view
    _again(opened, coder="carl", blind=1.0).finish(disputed.number, uid="b-9", order="overlap")
    with pytest.raises(InputError, match="have changed"):
        judge.decide(disputed.number, "wages", "accept", uid="c-1", order="disagreements", version=version)


def test_others_are_not_shown_what_coders_differ_on(opened, disputed):
    desk = _again(opened, coder="dora")
    assert desk.adjudication is None
    with pytest.raises(InputError, match="unknown order"):
        Walk(desk).ahead("disagreements")


def test_who_has_coded_does_not_adjudicate(opened, disputed):
    row = {"participant": disputed.participant, "code": "wages", "coder": "anna", "transcript": disputed.transcript}
    coding = CODINGS.check(
        pd.DataFrame([{**row, "start_char": disputed.start_char, "end_char": disputed.end_char}]), source="t"
    )
    with opened.store.writing():
        opened.store.add_codings(coding, batch="anna.csv:1")
    with pytest.raises(InputError, match="their own answers"):
        Desk(opened.desk.material, opened.store, coder="anna", adjudicates=True)


# -- orders -------------------------------------------------------------------------------------------


def test_every_order_gives_a_reason_and_forgets_what_is_finished(desk):
    walk = Walk(desk)
    for order in ("settle", "code", "transcript", "uncertain", "reading", "audit"):
        (stop,) = walk.ahead(order)
        assert stop.reason.endswith("."), order
        number = desk.passage(stop.number).number
        desk.finish(number, uid=f"f-{order}", order=order, asked=stop.code)
        assert walk.ahead(order)[0] != stop, order


def test_the_reason_in_the_blind_arm_says_nothing_of_the_model(desk):
    walk = Walk(desk)
    for order in ("settle", "code", "uncertain", "transcript"):
        blind = [s for s in walk.stops(order) if desk.arm(desk.passage(s.number).segment) is Arm.BLIND]
        assert blind, order
        assert {(s.code, s.reason) for s in blind} == {("", blind[0].reason)}


def test_settling_says_how_the_cell_stands(desk):
    stop = next(s for s in Walk(desk).stops("settle") if s.code)
    assert " describe it in " in stop.reason
    assert " more settle it" in stop.reason


def test_double_coding_is_the_same_for_everybody_in_an_order_of_their_own(opened):
    orders = {}
    for coder in ("anna", "ben"):
        desk = _again(opened, coder=coder, overlap=0.4)
        stops = Walk(desk).stops("overlap")
        assert all(desk.arm(desk.passage(s.number).segment) is Arm.BLIND for s in stops)
        orders[coder] = [s.number for s in stops]
    assert set(orders["anna"]) == set(orders["ben"])
    assert orders["anna"] != orders["ben"]
    assert 0.2 < len(orders["anna"]) / len(opened.desk.material.passages) < 0.6


def test_what_stands_in_memory_is_what_stands_in_the_store(desk, opened):
    for number, verdict in enumerate(("accept", "reject", "unsure", "counter-example")):
        desk.decide(number, "wages", verdict, uid=f"u-{number}", order="reading")
    desk.undo(uid="z-1")
    stored = standing_answers(opened.store.events())
    passages = desk.material.passages[:4]
    assert {(r.segment, r.uid) for r in stored.itertuples()} == {
        (p.segment, d.uid) for p in passages for d in desk.log.answers(p.segment).values()
    }
    assert len(stored) == 3
    assert examine(opened.store).problems == ()
