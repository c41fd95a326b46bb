"""What histories come to, case by case: ways in, the last word, other people's, codebook and people in motion."""

import pandas as pd
from judgements.cases import BOOK, WITH_C, Log, codes_of, segments, words

from subtheme.classifier.training_set import training_set
from subtheme.nouns import PARTICIPANTS, Basis, Codebook
from subtheme.scoring import judged_pairs, presence_of_judgements

PEOPLE = PARTICIPANTS.check(pd.DataFrame([{"participant": "p", "case": "X"}]), source="test")


def _judged_for(judgements, people=PEOPLE, book=BOOK):
    rows = tuple(c.id for c in book.at_level("sub-theme"))
    return {row for _, row in judged_pairs(judgements, people, rows)}


def _describes(judgements, book=BOOK, people=PEOPLE):
    return {row for _, row in presence_of_judgements(judgements, people, book).pairs}


def test_a_file_is_a_reading_for_the_codes_of_the_codebook():
    log = Log()
    log.coded("anna", 1, "A")
    log.read("anna")
    found = words(log.judged(), "anna")
    assert found[("s1", "A")] == "present"
    assert {found[(f"s{n}", "B")] for n in (1, 2, 3, 4)} == {"absent"}
    assert _judged_for(log.judged()) == {"A", "B"}
    assert _describes(log.judged()) == {"A"}


def test_a_code_that_came_later_is_not_judged_until_it_is_read_for():
    log = Log()
    log.coded("anna", 1, "A")
    log.read("anna")
    later = log.judged(book=WITH_C)
    assert not any(code == "C" for _, code in words(later, "anna"))
    assert _judged_for(later, book=WITH_C) == {"A", "B"}
    log.read("anna", codes={"C": WITH_C.definitions["C"]}, transcript="T")
    again = log.judged(book=WITH_C)
    assert {words(again, "anna")[(f"s{n}", "C")] for n in (1, 2, 3, 4)} == {"absent"}
    assert _judged_for(again, book=WITH_C) == {"A", "B", "C"}


def test_a_blind_turn_is_a_reading_of_its_segment_alone():
    log = Log()
    log.answered("eve", 3, "A", "add", origin="blind")
    assert words(log.judged(), "eve") == {("s3", "A"): "present"}
    log.finished("eve", 3)
    found = words(log.judged(), "eve")
    assert found[("s3", "A")] == "present"
    assert found[("s3", "B")] == "absent"
    assert {segment for segment, _ in found} == {"s3"}
    assert not _judged_for(log.judged())


def test_an_assisted_answer_says_nothing_of_what_was_not_asked():
    log = Log()
    log.answered("eve", 4, "A", "accept")
    log.finished("eve", 4, blind=False)
    assert words(log.judged(), "eve") == {("s4", "A"): "present"}
    assert log.judged().of_basis(Basis.BLIND).frame.empty


def test_a_counter_example_is_judged_and_does_not_support():
    log = Log()
    log.read("anna")
    log.answered("anna", 2, "A", "counter-example")
    judged = log.judged()
    assert words(judged, "anna")[("s2", "A")] == "counter"
    assert not _describes(judged)
    assert "A" in _judged_for(judged)


def test_a_doubt_is_not_judged():
    log = Log()
    for n in (1, 2, 3, 4):
        log.answered("anna", n, "A", "unsure" if n == 2 else "reject")
    judged = log.judged()
    assert words(judged, "anna")[("s2", "A")] == "unsure"
    assert "A" not in _judged_for(judged)


def test_a_coding_on_no_segment_counts_for_its_participant():
    log = Log()
    log.coded("anna", 9, "A", participant="p")
    judged = log.judged()
    assert judged.frame.empty
    assert _describes(judged) == {"A"}


def test_every_segment_finished_is_the_transcript_read():
    log = Log()
    for n in (1, 2, 3, 4):
        log.finished("eve", n)
    judged = log.judged()
    assert judged.readings == (("eve", "T"),)
    assert _judged_for(judged) == {"A", "B"}


def test_the_last_word_of_a_coder_holds_whatever_way_it_came():
    log = Log()
    log.coded("anna", 1, "A")
    log.read("anna")
    no = log.answered("anna", 1, "A", "reject")
    assert words(log.judged(), "anna")[("s1", "A")] == "absent"
    assert not _describes(log.judged())
    log.taken_back(no)
    assert words(log.judged(), "anna")[("s1", "A")] == "present"


def test_one_coder_who_finds_it_is_enough_and_the_other_keeps_their_word():
    log = Log()
    log.coded("anna", 1, "A")
    log.answered("ben", 1, "A", "reject", origin="blind")
    judged = log.judged()
    assert _describes(judged) == {"A"}
    assert words(judged, "ben") == {("s1", "A"): "absent", ("s1", "a1"): "absent", ("s1", "a2"): "absent"}


def test_what_was_agreed_stands_for_the_table_and_the_coders_keep_their_own():
    log = Log()
    log.coded("anna", 1, "A")
    log.answered("ben", 1, "A", "reject", origin="blind")
    before = log.judged().by_hand.frame
    log.answered("agreed", 1, "A", "reject", origin="agreed")
    judged = log.judged()
    assert not _describes(judged)
    pd.testing.assert_frame_equal(judged.by_hand.frame, before)


def test_a_denied_sub_theme_denies_what_lies_below_and_a_later_find_wins():
    log = Log()
    log.coded("anna", 1, "a1")
    log.answered("anna", 1, "A", "reject")
    found = words(log.judged(), "anna")
    assert (found[("s1", "A")], found[("s1", "a1")]) == ("absent", "absent")
    log.answered("anna", 1, "a1", "add")
    found = words(log.judged(), "anna")
    assert (found[("s1", "A")], found[("s1", "a1")]) == ("present", "present")


def test_a_sub_theme_may_hold_where_no_code_below_it_does_and_a_theme_may_not():
    log = Log()
    log.answered("anna", 1, "a1", "reject")
    log.answered("anna", 1, "a2", "reject")
    held = {(r.segment, r.code): r.value for r in log.judged().frame.itertuples()}
    assert held == {("s1", "a1"): "absent", ("s1", "a2"): "absent"}
    log.answered("anna", 1, "A", "reject")
    log.answered("anna", 1, "B", "counter-example")
    held = {(r.segment, r.code): r.value for r in log.judged().frame.itertuples()}
    assert held["s1", "theme"] == "absent"


def test_a_definition_that_changed_is_told_and_the_value_stays():
    log = Log()
    log.answered("anna", 1, "A", "accept")
    text = '[[code]]\nid = "theme"\nname = "Theme"\n[[code.code]]\nid = "A"\nname = "A"\ndefinition = "The opposite."\n'
    changed = Codebook.from_toml('format = "subtheme-codebook/1"\n' + text, where="test")
    judged = log.judged(book=changed)
    assert words(judged, "anna") == {("s1", "A"): "present"}
    stale = judged.stale(changed)
    assert stale.loc[stale["code"] == "A", "judgements"].tolist() == [1]
    assert log.judged().stale(BOOK).empty


def test_a_code_that_the_codebook_lacks_says_nothing_and_is_counted():
    log = Log(WITH_C)
    log.answered("anna", 1, "C", "accept")
    judged = log.judged(book=BOOK)
    assert judged.retired == {"C": 1}
    assert judged.frame.empty


def test_somebody_with_an_interview_that_nobody_read_is_not_judged():
    both = pd.concat([segments(), segments("U", count=2)], ignore_index=True)
    log = Log()
    log.coded("anna", 1, "A")
    log.read("anna")
    judged = log.judged(both)
    assert not _judged_for(judged)
    assert _describes(judged) == {"A"}
    log.read("anna", transcript="U")
    assert _judged_for(log.judged(both)) == {"A", "B"}


def test_each_of_a_focus_group_is_judged_by_their_own_segments():
    group = segments()
    group["participant"] = ["p", "q", "p", "q"]
    people = PARTICIPANTS.check(
        pd.DataFrame([{"participant": "p", "case": "X"}, {"participant": "q", "case": "X"}]), source="test"
    )
    log = Log()
    for n in (1, 3):
        log.finished("eve", n)
    rows = ("A", "B")
    assert judged_pairs(log.judged(group), people, rows) == {("p", "A"), ("p", "B")}


def test_what_is_known_teaches_and_the_rest_is_open():
    tables = pd.concat([segments(f"T{n}", participant=f"p{n}") for n in range(9)], ignore_index=True)
    log = Log()
    for n in range(8):
        for place in (1, 2):
            span = {
                "start_char": 100 * place,
                "end_char": 100 * place + 50,
                "transcript": f"T{n}",
                "participant": f"p{n}",
            }
            log.coded("anna", place, "A", **span)
        log.read("anna", transcript=f"T{n}")
    log.events.append(
        log.answered("eve", 1, "A", "accept").__class__(
            uid="e-last",
            kind=log.events[-1].kind,
            coder="eve",
            segment="T8:1",
            code="A",
            value="accept",
            origin="assisted",
        )
    )
    data = training_set(log.judged(tables), tables, BOOK, level="sub-theme")
    assert data.codes == ("A",)
    assert len(data.segments) == 32
    assert data.answered is not None
    assert data.answered.Y[0].tolist() == [1.0]
    assert pd.isna(data.answered.Y[1:]).all()


def test_a_code_that_came_later_is_named_and_not_learned():
    tables = pd.concat([segments(f"T{n}", participant=f"p{n}") for n in range(8)], ignore_index=True)
    log = Log(WITH_C)
    for n in range(8):
        for place, code in ((1, "A"), (2, "C")):
            span = {
                "start_char": 100 * place,
                "end_char": 100 * place + 50,
                "transcript": f"T{n}",
                "participant": f"p{n}",
            }
            log.coded("anna", place, code, **span)
        log.read("anna", codes=codes_of(BOOK if n < 6 else WITH_C), transcript=f"T{n}")
    data = training_set(log.judged(tables), tables, WITH_C, level="sub-theme")
    assert data.codes == ("A",)
    assert any(note.startswith("C: not judged") for note in data.notes)
