"""Presence review of a whole study: properties that must hold whatever is decided, and the same table everywhere."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subtheme.judgements import judgements_of, origin_of
from subtheme.nouns import PROPOSALS, SEGMENTS, Codebook, Event, EventKind, taking_back
from subtheme.proposals import Outlook, PresenceReview, StopRule, presence_review
from subtheme.proposals.passed_over import with_passed_over
from subtheme.proposals.proposing import FLOOR
from subtheme.scoring import ResultTable, State, judged_pairs, presence_of_judgements, table_of

BOOK = Codebook.from_toml(
    'format = "subtheme-codebook/1"\n[[code]]\nid = "t"\nname = "T"\n'
    '[[code.code]]\nid = "wages"\nname = "Wages"\n[[code.code]]\nid = "hours"\nname = "Hours"\n'
    '[[code.code]]\nid = "rare"\nname = "Rare"\n',
    where="b",
)
PEOPLE = pd.DataFrame([{"participant": f"{c}{i}", "case": c, "level": ""} for c in "AB" for i in range(3)])
SEGMENT_TABLE = SEGMENTS.check(
    pd.DataFrame(
        [
            {
                "segment": f"{p}:{10 * i}-{10 * i + 9}",
                "transcript": p,
                "participant": p,
                "turn": i,
                "order": i,
                "start_char": 10 * i,
                "end_char": 10 * i + 9,
                "text": f"words {i}",
            }
            for p in PEOPLE["participant"]
            for i in range(3)
        ]
    ),
    source="s",
)
PROPOSED = PROPOSALS.check(
    pd.DataFrame(
        [
            {"segment": s, "code": c, "probability": 0.04 + 0.3 * ((i + j) % 3), "threshold": 0.5, "model": "m@1"}
            for i, s in enumerate(SEGMENT_TABLE["segment"])
            for j, c in enumerate(("wages", "hours"))
            if (i + j) % 4
        ]
    ),
    source="p",
)


def log_of(answers) -> list[Event]:
    """Return a log of answers from (segment, code, verdict), and what was in view where that is not a proposal."""
    events = []
    for number, (segment, code, verdict, *seen) in enumerate(answers):
        shown = json.dumps(seen[0] if seen else {"model": "m@1"})
        told = {"value": verdict, "origin": origin_of(shown), "shown": shown, "at_us": number}
        events.append(Event(uid=f"d{number}", kind=EventKind.ANSWERED, coder="ann", segment=segment, code=code, **told))
    return events


def reading(transcript, *, codes=("t", "wages", "hours", "rare")) -> Event:
    wanted = dict.fromkeys(codes, "")
    return Event(uid=f"r{transcript}", kind=EventKind.READ, coder="ann", transcript=transcript, codes=wanted)


def coding(participant, number, code, *, end=9, direction="supports") -> Event:
    return Event(
        uid=f"c{participant}{number}{code}",
        kind=EventKind.CODED,
        coder="ben",
        transcript=participant,
        participant=participant,
        code=code,
        value=direction,
        origin="blind",
        start_char=10 * number,
        end_char=10 * number + end,
    )


def at_work(log, *, read=(), rule=None, proposed=PROPOSED) -> tuple[PresenceReview, ResultTable]:
    judgements = judgements_of([*log, *map(reading, read)], SEGMENT_TABLE, BOOK)
    review = presence_review(proposed, SEGMENT_TABLE, PEOPLE, BOOK, judgements=judgements, rule=rule)
    presence = presence_of_judgements(judgements, PEOPLE, BOOK)
    return review, table_of(presence, BOOK, read=judged_pairs(judgements, PEOPLE, ("wages", "hours", "rare")))


answers = st.tuples(
    st.sampled_from(sorted(SEGMENT_TABLE["segment"])),
    st.sampled_from(["wages", "hours"]),
    st.sampled_from(["accept", "reject", "unsure", "counter-example", "add"]),
)
logs = st.lists(answers, max_size=30, unique_by=lambda a: a[:2])


@settings(max_examples=12)
@given(logs, answers)
def test_a_confirmed_coding_never_lowers_a_count(log, more):
    log = [a for a in log if a[:2] != more[:2]]
    _, before = at_work(log_of(log))
    _, after = at_work(log_of([*log, (*more[:2], "accept")]))

    for old, new in zip(before.cells, after.cells, strict=True):
        assert new.describing >= old.describing
        assert new.participants == old.participants


@settings(max_examples=12)
@given(logs, st.randoms(use_true_random=False))
def test_the_order_of_decisions_is_irrelevant(log, random):
    shuffled = log[:]
    random.shuffle(shuffled)
    one, first = at_work(log_of(log))
    other, second = at_work(log_of(shuffled))

    assert [c.as_dict() for c in first.cells] == [c.as_dict() for c in second.cells]
    pd.testing.assert_frame_equal(one.now.looks, other.now.looks)
    pd.testing.assert_frame_equal(one.now.cells, other.now.cells)


@settings(max_examples=12)
@given(logs, answers)
def test_open_cells_only_settle_and_settled_ones_never_reopen(log, more):
    log = [a for a in log if a[:2] != more[:2]]
    _, before = at_work(log_of(log))
    _, after = at_work(log_of([*log, more]))

    for old, new in zip(before.cells, after.cells, strict=True):
        assert old.state is State.OPEN or new.state is old.state


def test_a_settled_cell_reopens_when_a_decision_is_taken_back():
    log = log_of([("A0:0-9", "wages", "accept"), ("A1:0-9", "wages", "accept")])
    taken_back = [*log, taking_back("d1", coder="ann", at_us=2)]

    assert at_work(log)[1].cell("A", "wages").state is State.PRESENT
    assert at_work(taken_back)[1].cell("A", "wages").state is State.OPEN


@settings(max_examples=12)
@given(logs.filter(len), st.data())
def test_an_answer_taken_back_is_as_if_it_had_never_been_given(log, data):
    number = data.draw(st.integers(0, len(log) - 1))
    given_all = log_of(log)
    taken_back = [*given_all, taking_back(f"d{number}", coder="ann", at_us=len(log))]
    one, first = at_work(taken_back)
    other, second = at_work(log_of(log[:number] + log[number + 1 :]))

    assert [c.as_dict() for c in first.cells] == [c.as_dict() for c in second.cells]
    pd.testing.assert_frame_equal(one.now.looks, other.now.looks)
    pd.testing.assert_frame_equal(one.now.cells, other.now.cells)


@settings(max_examples=12)
@given(logs, st.sets(st.sampled_from(sorted(PEOPLE["participant"])), max_size=4))
def test_queue_and_table_agree_on_every_cell(log, read):
    review, table = at_work(log_of(log), read=sorted(read))

    for row in review.now.cells.itertuples():
        cell = table.cell(row.case, row.sub_theme)
        assert (row.state, row.describing) == (cell.state.value, cell.describing)
    settled = {(c.case, c.sub_theme) for c in table.cells if c.state is not State.OPEN}
    assert not settled & set(zip(review.now.looks["case"], review.now.looks["sub_theme"], strict=True))


def test_what_was_not_stored_is_held_below_what_was():
    full = with_passed_over(PROPOSED, SEGMENT_TABLE)
    stored = set(zip(PROPOSED["segment"], PROPOSED["code"], strict=True))
    passed = full[[(s, c) not in stored for s, c in zip(full["segment"], full["code"], strict=True)]]

    assert len(full) == 2 * len(SEGMENT_TABLE)
    assert (passed["probability"] > 0).all()
    assert (passed["probability"] < FLOOR).all()


def test_a_sub_theme_without_scores_has_the_chance_of_its_prior_and_no_number_of_looks():
    review, table = at_work(log_of([]))

    rare = review.chances(table.as_frame()).query("sub_theme == 'rare'")

    assert rare["expected_looks"].isna().all()
    assert rare["chance"].to_numpy() == pytest.approx(0.5, abs=0.02)  # of three, under a flat prior
    assert any("nothing is proposed for rare" in note for note in review.now.notes)


def test_a_pair_whose_every_segment_is_denied_is_as_good_as_read():
    log = [(f"A0:{10 * i}-{10 * i + 9}", "wages", "reject") for i in range(3)]
    review, table = at_work(log_of(log))

    names = review.pairs.participants["participant"].to_numpy()
    assert [(names[p], review.pairs.rows[r]) for p, r in np.argwhere(review.pairs.ruled_out)] == [("A0", "wages")]
    assert table.cell("A", "wages").unread == 2
    trail = review.trails.set_index(["participant", "sub_theme"]).loc[("A0", "wages")]
    assert (trail["looks"], trail["left"], trail["missed"]) == (3, 0, 0.0)


def test_the_risk_rule_stops_the_questions_but_not_an_audit():
    review, _ = at_work(log_of([]), rule=StopRule(risk=100.0))

    assert review.queue(order="settle").stopped
    assert review.queue(order="settle").looks.empty
    assert len(review.now.looks)
    assert review.queue(order="audit", limit=2).looks["segment"].nunique() == 2


def test_the_audit_counts_only_what_was_drawn_and_passed_over():
    drawn = {"arm": "blind", "order": "audit"}
    low = PROPOSED[PROPOSED["code"] == "wages"].sort_values("probability")["segment"].tolist()
    review, _ = at_work(
        log_of([(low[0], "wages", "add", drawn), (low[1], "wages", "reject", drawn), (low[2], "wages", "reject")])
    )

    wages = next(count for count in review.audit if count.sub_theme == "wages")

    assert (wages.drawn, wages.found) == (2, 1)
    below = (with_passed_over(PROPOSED, SEGMENT_TABLE).query("code == 'wages'")["probability"] < 0.5).sum()
    assert wages.passed_over == below - 1  # the one that was asked about in another order says nothing of the others


def test_a_segment_that_no_model_has_scored_is_no_part_of_the_audit():
    drawn = {"arm": "blind", "order": "audit"}
    log = log_of([("A0:0-9", "wages", "add", drawn), ("B0:0-9", "wages", "add", drawn)])
    review, _ = at_work(log, proposed=PROPOSED[PROPOSED["segment"].str.startswith("A")])

    assert review.audit_segments == (1, 1)


def test_an_outlook_survives_the_manifest():
    outlook = Outlook(true_segments=1.75, blind=0.02, prior=(0.8, 1.2))

    assert Outlook.read(json.loads(json.dumps(outlook.as_dict()))) == outlook
    assert Outlook.read(None) == Outlook()


def test_decisions_on_and_proposals_of_a_retired_code_are_passed_over():
    log = log_of([("A0:0-9", "wages", "accept"), ("A0:10-19", "gone", "accept")])
    review, _ = at_work(log, proposed=pd.concat([PROPOSED, PROPOSED.head(1).assign(code="gone")]))

    assert set(review.decided["sub_theme"]) == {"wages"}
    assert np.count_nonzero(review.pairs.verdict) == 1


def asked_about(review) -> set[tuple[str, str]]:
    """Return every segment and sub-theme that can still be asked about, in any order."""
    return set(zip(review.now.looks["segment"], review.now.looks["sub_theme"], strict=True))


def test_what_a_coding_judges_is_not_asked_and_no_other_code_of_the_segment_is_settled():
    """Nothing is read here: a coding by hand says something of one code on one segment."""
    log = [coding("A0", 0, "wages", direction="counters"), coding("B0", 1, "hours")]
    before, _ = at_work([])
    review, table = at_work(log)

    gone = asked_about(before) - asked_about(review)
    assert ("A0:0-9", "wages") in gone
    assert {(s, c) for s, c in gone if s.startswith("A0")} == {("A0:0-9", "wages")}
    # Who describes the code is not asked about it at all, and about the other one as before.
    assert {c for s, c in asked_about(review) if s.startswith("B0")} == {"wages"}
    assert table.cell("A", "wages").unread == 3
    assert review.decided.empty  # nobody was asked


def test_whoever_was_read_is_asked_only_for_a_code_that_came_later():
    review, table = at_work([], read=["A0", "A1", "A2"])
    assert not [s for s, _ in asked_about(review) if s.startswith("A")]

    early = [reading(f"A{i}", codes=("t", "wages")) for i in range(3)]
    review, table = at_work([*early, coding("A0", 0, "wages"), coding("A1", 0, "wages")])

    assert {code for s, code in asked_about(review) if s.startswith("A")} == {"hours"}
    assert table.cell("A", "wages").state is State.PRESENT
    assert table.cell("A", "hours").state is State.OPEN
    assert table.cell("A", "hours").unread == 3
    now = review.now.cells.set_index(["case", "sub_theme"])["state"]
    assert (now["A", "wages"], now["A", "hours"]) == ("present", "open")


def test_a_blind_turn_settles_its_segment_for_the_codes_that_were_offered():
    turn = Event(
        uid="f1", kind=EventKind.FINISHED, coder="eve", segment="A0:10-19", codes={"wages": ""}, origin="blind"
    )
    before, _ = at_work([])
    review, _ = at_work([turn])

    assert asked_about(before) - asked_about(review) <= {("A0:10-19", "wages")}
    assert ("A0:10-19", "wages") not in asked_about(review)
    assert not review.pairs.ruled_out.any()
