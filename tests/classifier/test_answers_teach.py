"""Answers in transcripts that nobody read whole teach, and nothing is settled on them."""

import numpy as np
import pytest

from subtheme.classifier.evaluation import evaluate
from subtheme.classifier.features import dense_only
from subtheme.classifier.known_features import CountedSet
from subtheme.classifier.learner import ThemeClassifier
from subtheme.classifier.metrics import average_precision
from subtheme.classifier.training import train
from subtheme.classifier.training_set import training_set
from subtheme.classifier.unseen import Split, unseen
from subtheme.errors import InputError
from subtheme.judgements import judgements_of
from subtheme.nouns import READINGS, Basis, Event, EventKind


class Log:
    """Events on the segments of the invented study."""

    def __init__(self, segments, book):
        self.segments, self.book, self.events = segments.set_index("segment"), book, []

    def add(self, kind, coder, **given):
        number = len(self.events)
        self.events.append(Event(uid=f"e{number}", kind=kind, coder=coder, at_us=number, **given))

    def coded(self, row):
        at = self.segments.loc[row.segment]
        span = {name: int(at[name]) for name in ("start_char", "end_char")}
        told = {"transcript": at["transcript"], "participant": at["participant"], "origin": row.origin, **span}
        self.add(EventKind.CODED, row.coder, code=row.code, value=row.direction, **told)

    def read(self, coder, transcript, *, codes=None, origin="blind"):
        wanted = dict.fromkeys(codes or self.book.by_id, "")
        self.add(EventKind.READ, coder, transcript=transcript, codes=wanted, origin=origin)

    def answered(self, segment, code, coder, origin, verdict="reject"):
        self.add(EventKind.ANSWERED, coder, segment=segment, code=code, value=verdict, origin=origin)


@pytest.fixture(scope="module")
def log_without(study_tables, book):
    """Return a function: the log of the study in which some people's interviews were neither coded nor read."""

    def log_without(*people):
        segments, codes, readings = study_tables
        log = Log(segments, book)
        for row in codes.itertuples():
            if row.segment.split(":")[0] not in people:
                log.coded(row)
        for row in readings.itertuples():
            if row.transcript not in people:
                log.read(row.coder, row.transcript)
        return log

    return log_without


@pytest.fixture(scope="module")
def gathered_from(study_tables, book):
    def gathered_from(log, **options):
        judgements = judgements_of(log.events, study_tables[0], book)
        return training_set(judgements, study_tables[0], book, level="sub-theme", **options)

    return gathered_from


@pytest.fixture(scope="module")
def asked(study_tables, log_without, gathered_from):
    """Return what can be learned where P8 and P9 were not read, and some questions about P9 were answered."""
    segments = study_tables[0]
    at = segments.loc[segments["participant"] == "P9", "segment"].tolist()
    log = log_without("P8", "P9")
    for answer in (
        (at[0], "nights", "anna", "assisted", "accept"),
        (at[3], "pay", "anna", "assisted", "counter-example"),
        (at[0], "pay", "anna", "assisted"),
        (at[0], "hours", "ben", "blind"),  # another confirmed it
        (at[5], "nights", "anna", "assisted"),  # says nothing of hours in general
        (at[6], "hours", "anna", "blind"),
        (at[7], "pay", "anna", "blind", "unsure"),  # says nothing
        ("P1:0-1", "hours", "anna", "blind"),  # no such segment
    ):
        log.answered(*answer)

    def gathered(**options):
        return gathered_from(log, **options)

    return gathered


def test_only_what_was_answered_is_known(asked):
    data = asked()
    found = data.answered
    assert data.codes == ("hours", "pay")
    assert set(found.segments["transcript"]) == {"P9"}
    assert len(found.segments) == 12
    expected = np.full((12, 2), np.nan)
    expected[0], expected[3, 1], expected[6, 0] = (1, 0), 0, 0
    np.testing.assert_array_equal(found.Y, expected)
    assert set(data.segments["participant"]) == {f"P{i}" for i in range(8)}
    assert data.notes[-1].startswith("4 answers on 3 segments of 1 participants")
    np.testing.assert_array_equal(data.lessons.answered, 96 + np.array([0, 3, 6]))


def test_answers_of_others_and_with_a_suggestion_in_view_can_be_left_out(asked):
    assert np.nansum(asked(coders=["A", "ben"]).answered.Y) == 0
    assert (~np.isnan(asked(bases=[Basis.BLIND]).answered.Y)).sum() == 2
    alone = asked(coders=["A"])
    assert alone.answered is None
    assert not any("answers" in note for note in alone.notes)


def test_a_participant_who_was_read_elsewhere_stays_one_person(study_tables, learned_from):
    segments, codes, readings = study_tables
    moved = segments.assign(participant=segments["participant"].replace("P9", "P1"))
    data = learned_from(moved, codes, readings[readings["transcript"] != "P9"])
    assert set(data.answered.groups) == {"P1"}


def test_a_code_that_came_later_is_named_and_not_learned(log_without, gathered_from):
    """Pay was added when seven of ten had been read, and was given wherever it is since."""
    before = ("work", "hours", "nights", "dog")
    log = log_without(*(f"P{i}" for i in range(10)))
    whole = log_without()
    for event in whole.events:
        if event.kind is EventKind.READ and event.transcript < "P7":
            log.read("A", event.transcript, codes=before)
        elif event.kind is EventKind.READ or event.code != "pay" or event.transcript >= "P7":
            log.events.append(event)
    data = gathered_from(log)
    assert data.codes == ("hours",)
    pay = next(e for e in data.too_few if e.code == "pay")
    assert (pay.is_read, pay.suffices) == (False, False)
    assert "pay: not judged in most of what was read, so not learned; read it again for them" in data.notes
    assert set(data.segments["transcript"]) == {f"P{i}" for i in range(10)}
    assert not data.Y.shape[1] > 1
    for number in range(4):  # most were read again, and a code with enough is learned
        log.read("A", f"P{number}", codes=["pay"])
    for event in whole.events:
        if event.code == "pay" and event.transcript < "P4":
            log.events.append(event)
    again = gathered_from(log)
    assert again.codes == ("hours", "pay")
    assert set(again.segments["transcript"]) == {"P0", "P1", "P2", "P3", "P7", "P8", "P9"}
    # Who was not read for pay teaches what is known of them, and no more.
    assert set(again.answered.segments["transcript"]) == {"P4", "P5", "P6"}
    assert np.isnan(again.answered.Y[:, 1]).all()
    assert not np.isnan(again.answered.Y[:, 0]).any()


def test_what_was_agreed_overrules_what_coders_said(study_tables, log_without, gathered_from):
    log = log_without()
    plain = gathered_from(log)
    segment = study_tables[1].loc[study_tables[1]["code"] == "pay", "segment"].iloc[0]
    row = plain.segments.index[plain.segments["segment"] == segment][0]
    assert plain.Y[row].tolist() == [0, 1]
    log.answered(segment, "pay", "panel", "agreed", "reject")
    log.answered(segment, "hours", "panel", "agreed", "accept")
    settled = gathered_from(log)
    assert settled.Y[row].tolist() == [1, 0]
    log.answered(segment, "pay", "anna", "blind", "accept")  # who comes later does not overrule what was settled
    assert gathered_from(log).Y[row].tolist() == [1, 0]
    assert gathered_from(log, coders=["A"]).Y[row].tolist() == [1, 0]


def test_a_doubt_leaves_a_read_transcript_read_and_teaches_nothing_elsewhere(study_tables, log_without, gathered_from):
    log = log_without("P9")
    at = study_tables[0].loc[study_tables[0]["participant"] == "P9", "segment"].tolist()
    log.answered(at[0], "pay", "anna", "blind", "unsure")
    assert gathered_from(log).answered is None
    log.answered(at[1], "pay", "anna", "blind", "reject")
    known = gathered_from(log).answered.Y
    assert (~np.isnan(known)).sum() == 1


def test_nothing_is_settled_on_rows_that_only_teach():
    """They have no probability out of fold, and the fold of their participant, or none."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((180, 6))
    Y = (X[:, :2] + 0.3 * rng.standard_normal((180, 2)) > 1).astype(float)
    groups = np.repeat([f"p{i}" for i in range(9)], 20).astype(object)
    only = groups == "p8"
    Y[only] = np.nan
    Y[160:165, 0] = 1.0
    learner = ThemeClassifier().fit(dense_only(X), Y, groups=groups, only_teaches=only)
    assert learner.oof_probabilities_.shape == (160, 2)
    assert (learner.folds_[only] == -1).all()
    groups[only] = "p3"
    again = ThemeClassifier().fit(dense_only(X), Y, groups=groups, only_teaches=only)
    assert set(again.folds_[only]) == {again.folds_[groups == "p3"][0]}


@pytest.mark.parametrize("multinomial", [True, False])
def test_answers_teach_what_the_read_transcripts_do_not_say(multinomial):
    """People who were asked speak of a code in other words, along another direction, than those who were read."""
    rng = np.random.default_rng(2)
    X = 0.5 * rng.standard_normal((900, 8))
    kind = rng.integers(0, 4, 900)
    Y = np.stack([kind == 0, kind == 1], axis=1).astype(float)
    people = np.repeat(np.arange(18), 50)
    X[np.arange(900), kind + np.where(people < 9, 0, 4)] += 2
    read, test = people < 9, people >= 14
    asked = ~read & ~test & (rng.random(900) < 0.3)
    told = Y.copy()
    told[asked] = np.where(rng.random((asked.sum(), 2)) < 0.5, Y[asked], np.nan)

    def precision(rows):
        learner = ThemeClassifier(multinomial=(multinomial,)).fit(
            dense_only(X[rows]), told[rows], groups=people[rows].astype(object), only_teaches=~read[rows]
        )
        assert learner.multinomial_ is multinomial
        found = learner.predict_proba(dense_only(X[test]))
        return np.mean([average_precision(Y[test, k], found[:, k])[0] for k in range(2)])

    assert precision(read | asked) > precision(read) + 0.2


def test_a_model_says_that_answers_taught_it_and_whom_it_has_seen(asked, vectors, book):
    result = train(asked(), vectors, book, level="sub-theme", name="taught")
    facts = result.model.facts
    assert facts["answers"] == 4
    assert facts["participants"] == 8
    assert facts["trained_on"] == [f"P{i}" for i in (0, 1, 2, 3, 4, 5, 6, 7, 9)]
    assert set(result.out_of_fold["segment"].str.split(":").str[0]) == {f"P{i}" for i in range(8)}
    before = train(asked(coders=["A"]), vectors, book, level="sub-theme", name="untaught").model
    assert before.facts["answers"] == 0
    assert "P9" not in before.facts["trained_on"]
    assert not np.array_equal(before.weights.dense, result.model.weights.dense)


def test_answers_teach_in_every_fold_of_an_evaluation_but_not_about_those_tested(asked, vectors, study_tables):
    data = asked()
    cases = {f"P{i}": "north" if i % 2 else "south" for i in range(10)}
    result = evaluate(data, vectors, case_of=cases, curve=False)
    assert (result.participants, result.segments) == (8, 96)
    lessons = data.lessons
    split = Split(train=np.arange(48), test=np.arange(48, 96))
    taught = split.taught_by(lessons.answered, lessons.groups)
    np.testing.assert_array_equal(taught.besides, lessons.answered)
    tested = Split(train=np.arange(48), test=lessons.answered)
    assert not len(tested.taught_by(lessons.answered, lessons.groups).besides)
    counted = CountedSet.of(lessons.segments, vectors)
    leaking = Split(train=np.arange(48), test=np.arange(96, 108), besides=lessons.answered)
    with pytest.raises(ValueError, match="on both sides"):
        unseen(counted, lessons.Y, lessons.groups, [leaking])


def test_answers_alone_are_nothing_to_learn_from(study_tables, learned_from):
    segments, codes, _ = study_tables
    with pytest.raises(InputError, match="no transcript has been read"):
        learned_from(segments, codes, READINGS.empty())
