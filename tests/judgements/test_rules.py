"""The rules of judgements, each as a property over random logs."""

from hypothesis import given, settings
from hypothesis import strategies as st
from judgements.cases import BOOK, Log, segments

from subtheme.judgements import judgements_of
from subtheme.nouns import EventKind, Value, taking_back

_CODERS, _CODES = ("anna", "ben"), ("theme", "A", "a1", "a2", "B")
_VERDICTS = ("accept", "add", "reject", "counter-example", "unsure")
_WORDS = {"accept": "present", "add": "present", "reject": "absent", "counter-example": "counter", "unsure": "unsure"}

_step = st.one_of(
    st.tuples(st.just("coded"), st.sampled_from(_CODERS), st.integers(1, 5), st.sampled_from(_CODES), st.booleans()),
    st.tuples(
        st.just("answered"),
        st.sampled_from(_CODERS),
        st.integers(1, 4),
        st.sampled_from(_CODES),
        st.sampled_from(_VERDICTS),
    ),
    st.tuples(st.just("read"), st.sampled_from(_CODERS), st.sets(st.sampled_from(_CODES), min_size=1)),
    st.tuples(st.just("finished"), st.sampled_from(_CODERS), st.integers(1, 4), st.booleans()),
    st.tuples(st.just("undone"), st.integers(0, 30)),
)
_logs = st.lists(_step, max_size=14)


def _log(steps) -> Log:
    log = Log()
    for kind, *rest in steps:
        if kind == "coded":
            coder, segment, code, supports = rest
            log.coded(coder, segment, code, "supports" if supports else "counters")
        elif kind == "answered":
            coder, segment, code, verdict = rest
            log.answered(coder, segment, code, verdict, origin="blind")
        elif kind == "read":
            log.read(rest[0], codes={c: BOOK.definitions[c] for c in rest[1]}, transcript="T")
        elif kind == "finished":
            log.finished(rest[0], rest[1], blind=rest[2])
        elif log.events:
            event = log.events[rest[0] % len(log.events)]
            if event.kind is not EventKind.TAKEN_BACK and not any(e.reply_to == event.uid for e in log.events):
                log.taken_back(event)
    return log


def _values(events):
    judged = judgements_of(events, segments(), BOOK)
    return {(r.coder, r.segment, r.code): (r.value, r.origin) for r in judged.frame.itertuples()}


@given(
    steps=_logs, segment=st.integers(1, 4), code=st.sampled_from(("a1", "a2", "B")), verdict=st.sampled_from(_VERDICTS)
)
@settings(max_examples=60, deadline=None)
def test_the_last_event_of_a_coder_holds(steps, segment, code, verdict):
    log = _log(steps)
    log.answered("anna", segment, code, verdict, origin="blind")
    assert _values(log.events)["anna", f"s{segment}", code] == (_WORDS[verdict], "blind")


@given(steps=_logs)
@settings(max_examples=60, deadline=None)
def test_what_one_coder_holds_does_not_hang_on_another(steps):
    events = _log(steps).events
    alone = _values([e for e in events if e.coder == "anna"])
    assert alone == {key: value for key, value in _values(events).items() if key[0] == "anna"}


@given(steps=_logs)
@settings(max_examples=60, deadline=None)
def test_a_reading_says_the_same_whenever_it_was_done(steps):
    events = _log(steps).events
    readings = [e for e in events if e.kind in {EventKind.READ, EventKind.FINISHED}]
    others = [e for e in events if e not in readings]
    assert _values([*readings, *others]) == _values([*others, *readings])


@given(steps=_logs)
@settings(max_examples=60, deadline=None)
def test_a_reading_makes_absent_only_what_it_was_for(steps):
    log = _log(steps)
    before = _values(log.events)
    log.read("anna", codes={"B": BOOK.definitions["B"]}, transcript="T")
    after = _values(log.events)
    assert {key: after[key] for key in before} == before
    fresh = set(after) - set(before)
    assert {code for _, _, code in fresh} <= {"B", "theme"}
    assert {after[key][0] for key in fresh} <= {"absent"}
    assert all(("anna", f"s{n}", "B") in after for n in (1, 2, 3, 4))


@given(steps=_logs, at=st.integers(0, 30))
@settings(max_examples=60, deadline=None)
def test_taking_back_is_as_if_it_had_not_been(steps, at):
    events = [e for e in _log(steps).events if e.kind is not EventKind.TAKEN_BACK]
    if not events:
        return
    gone = events[at % len(events)]
    back = taking_back(gone.uid, coder=gone.coder, at_us=99)
    assert _values([*events, back]) == _values([e for e in events if e is not gone])
    again = taking_back(back.uid, coder=gone.coder, at_us=100)
    assert _values([*events, back, again]) == _values(events)


@given(steps=_logs)
@settings(max_examples=60, deadline=None)
def test_codes_above_a_present_one_are_present_and_below_an_absent_one_absent(steps):
    found = _values(_log(steps).events)
    for (coder, segment, code), (value, _) in found.items():
        lineage = BOOK.lineage(code)[1:]
        if value == "present":
            assert {found[coder, segment, higher][0] for higher in lineage} <= {"present"}
        if value == "absent" and BOOK.by_id[code].depth:
            for lower in BOOK.children(code):
                assert found[coder, segment, lower.id][0] in {"absent", "counter", "unsure"}


@given(steps=_logs)
@settings(max_examples=60, deadline=None)
def test_what_was_agreed_stands_and_leaves_the_coders_alone(steps):
    log = _log(steps)
    before = _values(log.events)
    log.answered("agreed", 2, "A", "reject", origin="agreed")
    judged = log.judged()
    assert {k: v for k, v in _values(log.events).items() if k[0] != "agreed"} == before
    assert judged.together[1, judged.number_of("A")] == Value.ABSENT
