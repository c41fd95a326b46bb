"""The table of participants is believed, doubts are refused until somebody decides, and every word is counted."""

import pytest

from subtheme.errors import InputError
from subtheme.files import read_all, read_roster, take_in, word_counts, words_by_role
from subtheme.nouns import Role
from subtheme.transcripts import Guidance

HEARING = (
    "Ms Vale: Did the rota change in spring?\n\nDr Orme: It did, twice, and nobody told the night shift about it.\n\n"
    "Ms Vale: Who wrote it?\n\nDr Orme: The office wrote it and sent it round on a Friday, late.\n\n"
    "Mr Pugh: Did you object?\n\nDr Orme: We did, in writing, and heard nothing for six weeks.\n\n"
    "Mr Pugh: And then?\n\nDr Orme: Then it was summer and half of them had left.\n"
)


@pytest.fixture
def hearing(tmp_path):
    """Return a file with one witness and two who ask, and the path of a roster."""
    (tmp_path / "day1.txt").write_text(HEARING)
    return tmp_path / "day1.txt", tmp_path / "people.csv"


def test_the_label_in_the_table_is_the_participants_and_no_other_is(empty_study, hearing):
    path, people = hearing
    people.write_text("participant,case,transcript,speaker\nW1,A,day1,Dr Orme\n")
    roster = read_roster(people)
    assert roster.labels == {"day1": frozenset({"Dr Orme"})}
    files = read_all([path], guidance=Guidance(participants=roster.labels))
    report = take_in(empty_study, files, roster)
    with empty_study.store() as store:
        turns = store.turns()
    assert set(turns.loc[turns["participant"] == "W1", "speaker"]) == {"Dr Orme"}
    assert set(turns.loc[turns["role"] == "participant", "speaker"]) == {"Dr Orme"}
    assert files.transcripts[0].doubts == ()
    total = words_by_role(report.words)
    spoken = [paragraph.partition(": ")[2] for paragraph in HEARING.split("\n\n")]
    assert sum(total.values()) == sum(len(words.split()) for words in spoken)


def test_several_speakers_are_not_one_participant_without_a_word(empty_study, hearing):
    path, people = hearing
    people.write_text("participant,case,transcript\nW1,A,day1\n")
    files = read_all([path], guidance=Guidance(interviewers=frozenset({"Ms Vale"})))
    with pytest.raises(InputError, match="2 speakers of transcript 'day1' would be one participant"):
        take_in(empty_study, files, read_roster(people))
    both = read_all([path], guidance=Guidance(interviewers=frozenset({"Ms Vale", "Mr Pugh"})))
    assert take_in(empty_study, both, read_roster(people)).transcripts == 1


def test_a_row_whose_label_nobody_has_is_refused(empty_study, hearing):
    path, people = hearing
    people.write_text("participant,case,transcript,speaker\nW1,A,day1,Dr Orm\n")
    roster = read_roster(people)
    files = read_all([path], guidance=Guidance(participants=roster.labels))
    with pytest.raises(InputError, match=r"people\.csv, row 2: speaker 'Dr Orm' is in no turn of transcript 'day1'"):
        take_in(empty_study, files, roster, accept_doubts=True)


def test_somebody_in_the_table_is_a_speaker_who_speaks_once(empty_study, tmp_path):
    filler = "\n\n".join(["And so it went on."] * 9)
    (tmp_path / "group.txt").write_text(
        f"Moderator: Who begins?\n\nAnn: Me.\n\n{filler}\n\nBob: Then me.\n\nAnn: Yes.\n"
    )
    people = tmp_path / "people.csv"
    people.write_text("participant,case,transcript,speaker\nP1,A,group,Ann\nP2,A,group,Bob\n")
    roster = read_roster(people)
    with pytest.raises(InputError, match="not taken for a speaker's"):
        take_in(empty_study, read_all([tmp_path / "group.txt"]), roster)
    files = read_all([tmp_path / "group.txt"], guidance=Guidance(participants=roster.labels))
    take_in(empty_study, files, roster)
    with empty_study.store() as store:
        turns = store.turns()
    assert list(turns.loc[turns["participant"] == "P2", "speaker"]) == ["Bob"]


def test_a_doubtful_file_is_refused_until_somebody_decides(empty_study, tmp_path):
    (tmp_path / "talk.txt").write_text("Ann: It rained.\n\nBob: So it did.\n\nAnn: All day.\n\nBob: And cold.\n")
    people = tmp_path / "people.csv"
    people.write_text("participant,case,transcript\nP1,A,talk\n")
    roster = read_roster(people)
    with pytest.raises(InputError) as caught:
        take_in(empty_study, read_all([tmp_path / "talk.txt"]), roster)
    assert "it is not clear who of 2 speakers asks" in str(caught.value)
    assert "--interviewer LABEL" in str(caught.value)
    decided = read_all([tmp_path / "talk.txt"], guidance=Guidance(interviewers=frozenset({"Bob"})))
    assert [t.role for t in decided.transcripts[0].turns] == [Role.PARTICIPANT, Role.INTERVIEWER] * 2
    assert take_in(empty_study, decided, roster).transcripts == 1


def test_the_way_to_read_is_chosen_by_name(tmp_path):
    path = tmp_path / "talk.txt"
    path.write_text("How is it made?\n\nBy hand.\n\nSince when?\n\nSince spring.\n")
    (doubtful,) = read_all([path]).transcripts
    (doubt,) = doubtful.doubts
    assert [g.name for g in doubt.readings] == ["--read-as questions", "--read-as paragraphs"]
    (one,) = read_all([path], guidance=Guidance(read_as="paragraphs")).transcripts
    assert ({t.role for t in one.turns}, one.doubts) == ({Role.PARTICIPANT}, ())
    (two,) = read_all([path], guidance=Guidance(read_as="questions")).transcripts
    assert ([t.role for t in two.turns], two.doubts) == ([Role.INTERVIEWER, Role.PARTICIPANT] * 2, ())
    with pytest.raises(InputError, match="no way to read it as 'italic'"):
        read_all([path], guidance=Guidance(read_as="italic"))


def test_nobodys_words_are_counted_with_their_lines(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("I: How?\n\nP1: By hand.\n\nNote: The tape was changed.\n\nI: When?\n\nP1: Late.\n\nNote: Door.\n")
    (transcript,) = read_all([path]).transcripts
    counts = {(c.speaker, c.role): c for c in word_counts(transcript, {"P1": "P1"})}
    note = counts["Note", Role.OTHER]
    assert (note.words, note.turns, note.lines) == (5, 2, (5, 11))
    assert (counts["P1", Role.PARTICIPANT].words, counts["P1", Role.PARTICIPANT].participant) == (3, "P1")
    assert words_by_role(counts.values()) == {Role.PARTICIPANT: 3, Role.INTERVIEWER: 2, Role.OTHER: 5}
