"""A study that travels: written out and read in, it is the same study; united in either order, both are."""

import json
import shutil
import zipfile

import pytest
from small_study import invoke
from travelling_study import CODEBOOK, INTERVIEW, MORE_CODES, add_codings, answer, held, new_study, worked_study

from subtheme.errors import InputError, StudyError
from subtheme.exchange import CoderWays, read_bundle, unite, write_bundle
from subtheme.exchange.archive import zipped
from subtheme.files import Anchor, chain_of, create_study, examine, open_study, read_all, read_roster, take_in


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return a study that no test may change, and the bytes of its bundle."""
    folder = tmp_path_factory.mktemp("home")
    study = worked_study(folder / "home")
    write_bundle(study, folder / "small.subtheme")
    return study.path, (folder / "small.subtheme").read_bytes()


@pytest.fixture
def study(home, tmp_path):
    """Return a copy of the study, as somebody who copies its folder has it."""
    return open_study(shutil.copytree(home[0], tmp_path / "study"))


@pytest.fixture
def file(home, tmp_path):
    path = tmp_path / "small.subtheme"
    path.write_bytes(home[1])
    return path


def empty(folder, file):
    """Return an empty study made for a bundle."""
    bundle = read_bundle(file)
    return create_study(folder, codebook=bundle.codebook_text, name=bundle.name, settings=bundle.settings)


def copied(study, folder):
    """Return a study that came from the file of another one."""
    file = folder.with_suffix(".subtheme")
    write_bundle(study, file)
    new = empty(folder, file)
    unite(new, read_bundle(file))
    return new


def brought(source, target, tmp_path, **ways):
    """Unite `target` with the file of `source`."""
    file = tmp_path / "brought.subtheme"
    write_bundle(source, file)
    return unite(target, read_bundle(file), ways=CoderWays(**ways))


def anchor_of(study):
    with study.store() as store:
        return chain_of(store).anchor


def test_a_study_written_out_and_read_in_is_the_same_study(study, file, tmp_path):
    new = empty(tmp_path / "new", file)
    united = unite(new, read_bundle(file))
    found = held(new)
    assert found == held(study)
    assert "('hours',)" in found["training"]
    assert found["agreement"].startswith("{")
    assert anchor_of(new) == anchor_of(study) == read_bundle(file).anchor
    assert (united.events, united.transcripts, united.participants) == (anchor_of(study).length, 3, 3)
    assert united.coders == ("anna", "ben", "eve")
    with new.store() as store, study.store() as origin:
        assert examine(store).problems == ()
        assert store.study_id == origin.study_id
        assert store.proposals().equals(origin.proposals())
    again = tmp_path / "again.subtheme"
    write_bundle(new, again)
    assert again.read_bytes() == file.read_bytes()


def test_a_second_time_and_back_where_it_came_from_nothing_is_new(study, file, tmp_path):
    new = empty(tmp_path / "new", file)
    unite(new, read_bundle(file))
    before = anchor_of(study)
    for target in (new, study):
        united = unite(target, read_bundle(file))
        assert (united.events, united.transcripts, united.participants) == (0, 0, 0)
        assert anchor_of(target) == before


def test_two_copies_worked_on_apart_hold_the_same_in_either_order(study, tmp_path):
    other = copied(study, tmp_path / "other")
    add_codings(study, (5, "wages", "anna", {}), batch="file:2", at_us=100)
    answer(study, 3, "wages", "ben", "accept", uid="here", at_us=101)
    add_codings(other, (6, "wages", "anna", {}), (4, "hours", "cleo", {}), batch="file:3", at_us=99)
    answer(other, 3, "wages", "ben", "reject", uid="there", at_us=102)
    first, second = copied(study, tmp_path / "first"), copied(other, tmp_path / "second")
    assert brought(other, first, tmp_path).events == 3
    assert brought(study, second, tmp_path).events == 2
    assert held(first) == held(second)
    for one in (first, second):
        with one.store() as store:
            assert examine(store).problems == ()
            assert examine(store, anchor=anchor_of(study if one is second else other)).problems == ()
    assert brought(first, second, tmp_path).events == 0
    assert brought(second, first, tmp_path).events == 0
    assert held(first) == held(second)


def test_of_two_tables_of_proposals_the_later_one_holds_on_both_sides(study, tmp_path):
    other = copied(study, tmp_path / "other")
    with other.store() as store, store.writing():
        store.replace_proposals(store.proposals().iloc[:1].assign(model="later"))
    brought(other, study, tmp_path)
    with study.store() as store:
        assert set(store.proposals()["model"]) == {"later"}
        assert examine(store).problems == ()
    brought(study, other, tmp_path)
    with other.store() as store:
        assert set(store.proposals()["model"]) == {"later"}


# -- coders -------------------------------------------------------------------------------------------


def two_of_one_name(tmp_path):
    """Return two studies of the same interviews in which somebody called coder held different things."""
    here, there = new_study(tmp_path / "here"), new_study(tmp_path / "there")
    add_codings(here, (0, "hours", "coder", {}), (1, "wages", "coder", {}), read=[("coder", "A1")])
    add_codings(there, (0, "hours", "coder", {}), (2, "wages", "coder", {}), read=[("coder", "A1")], at_us=2)
    return here, there


def test_a_name_that_is_here_already_is_asked_about(tmp_path):
    here, there = two_of_one_name(tmp_path)
    before = held(here)
    with pytest.raises(InputError, match="'coder' is a coder here already") as error:
        brought(there, here, tmp_path)
    (problem,) = error.value.problems
    assert "hold different things on 4 segments and codes" in problem.what
    assert "--same-coder coder" in problem.remedy
    assert "--coder-as coder=" in problem.remedy
    assert held(here) == before


def test_two_of_one_name_stay_two_and_nothing_is_there_already(tmp_path):
    here, there = two_of_one_name(tmp_path)
    united = brought(there, here, tmp_path, renamed={"coder": "ben"})
    assert united.coders == ("ben",)
    found = held(here)["judgements"]
    assert found.replace("ben", "coder") != found
    both = {line.split(",", 2)[1] for line in found.splitlines()[1:]}
    assert both == {"coder", "ben"}
    with here.store() as store:
        assert len(store.codings()) == 4
        assert set(store.codings()["coder"]) == {"coder", "ben"}


def test_who_is_who_is_not_asked_twice(tmp_path):
    here, there = two_of_one_name(tmp_path)
    brought(there, here, tmp_path, renamed={"coder": "ben"})
    assert brought(there, here, tmp_path).events == 0
    add_codings(there, (4, "wages", "coder", {}), batch="file:2", at_us=3)
    united = brought(there, here, tmp_path)
    assert (united.events, united.coders) == (1, ("ben",))


def test_what_was_taken_back_under_another_name_stays_taken_back(tmp_path):
    here, there = two_of_one_name(tmp_path)
    answer(there, 3, "wages", "coder", "accept", uid="u1")
    answer(there, 3, "wages", "coder", "retract", uid="u2", at_us=20, reply_to="u1")
    brought(there, here, tmp_path, renamed={"coder": "ben"})
    with here.store() as store:
        assert list(store.decisions()["coder"]) == ["ben", "ben"]
    assert "wages" not in [c for c in held(here)["codings"].splitlines() if "A2" in c and "ben" in c]


def test_two_who_are_joined_are_one_and_how_much_they_differed_is_told(tmp_path):
    here, there = two_of_one_name(tmp_path)
    united = brought(there, here, tmp_path, same=frozenset({"coder"}))
    assert united.joined == {"coder": 4}
    with here.store() as store:
        assert set(store.codings()["coder"]) == {"coder"}
    other = brought(here, there, tmp_path)
    assert other.joined == {}
    assert held(here) == held(there)


def test_a_name_for_nobody_and_a_name_that_is_taken_are_refused(tmp_path):
    here, there = two_of_one_name(tmp_path)
    with pytest.raises(InputError, match="no coder 'codr' is in the file"):
        brought(there, here, tmp_path, same=frozenset({"codr"}))
    add_codings(here, (4, "wages", "ben", {}), batch="file:2")
    with pytest.raises(InputError, match="'ben' is a coder here already"):
        brought(there, here, tmp_path, renamed={"coder": "ben"})
    add_codings(there, (4, "wages", "cleo", {}), batch="file:2")
    with pytest.raises(InputError, match="two coders of the file would both be 'cleo'"):
        brought(there, here, tmp_path, renamed={"coder": "cleo"})


def test_a_way_that_cannot_be_read_is_refused():
    with pytest.raises(InputError, match="cannot read --coder-as 'anna'"):
        CoderWays.parse((), ["anna"])


# -- what does not fit --------------------------------------------------------------------------------


def test_a_code_that_is_not_here_is_asked_for_and_then_comes(tmp_path):
    here = new_study(tmp_path / "here")
    there = new_study(tmp_path / "there", codebook=CODEBOOK + MORE_CODES)
    add_codings(here, (1, "wages", "ben", {}))
    add_codings(there, (0, "travel", "anna", {}))
    file = tmp_path / "there.subtheme"
    write_bundle(there, file)
    before = anchor_of(here)
    with pytest.raises(InputError, match="lacks codes that were judged there: travel") as error:
        unite(here, read_bundle(file))
    assert "subtheme codebook add there.subtheme" in str(error.value)
    assert anchor_of(here) == before
    invoke("codebook", "add", file, "--study", here.path)
    assert unite(open_study(here.path), read_bundle(file)).events == 1


def test_one_code_of_two_ids_is_refused(tmp_path):
    here = new_study(tmp_path / "here")
    there = new_study(tmp_path / "there", codebook=CODEBOOK.replace('"wages"', '"pay"'))
    add_codings(there, (0, "pay", "anna", {}))
    with pytest.raises(InputError, match="code 'pay' of the file is 'wages' here"):
        brought(there, here, tmp_path)


def other_study(folder, *, people="participant,case,level\nA1,A,manager\n", text=None, name="A1", **settings):
    """Return a study of one interview, made apart from all others."""
    folder.mkdir()
    (folder / f"{name}.txt").write_text(text or INTERVIEW.format(name="A1"))
    (folder / "people.csv").write_text(people)
    study = create_study(folder / "study", codebook=CODEBOOK, settings=settings)
    take_in(study, read_all([folder / f"{name}.txt"]), read_roster(folder / "people.csv"))
    return study


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"text": INTERVIEW.format(name="A1").replace("hour", "year")}, "transcript 'A1' has another text here"),
        ({"people": "participant,case,level\nA1,B,manager\n"}, "participant 'A1' is in case 'B' there"),
        ({"strategy": "sentence"}, "transcript 'A1' has other turns or segments here"),
        (
            {"name": "first", "people": "transcript,participant,case,level\nfirst,A1,A,manager\n"},
            "transcript 'first' is 'A1' here",
        ),
    ],
)
def test_other_texts_cuts_names_and_cases_are_refused(study, tmp_path, change, words):
    other = other_study(tmp_path / "other", **change)
    before = anchor_of(study)
    with pytest.raises(InputError) as error:
        brought(other, study, tmp_path)
    assert words in str(error.value)
    assert anchor_of(study) == before


def test_two_logs_of_one_store_that_went_apart_are_refused(study, tmp_path):
    file = tmp_path / "older.subtheme"
    older = copied(study, tmp_path / "older")
    add_codings(older, (5, "wages", "anna", {}), batch="file:2", at_us=100)
    write_bundle(older, file)
    members = contents(file)
    rows = lines(members["events.jsonl"])
    rows[-1]["uid"] = "another"
    members["events.jsonl"], members["bundle.json"] = linked(rows, members["bundle.json"])
    file.write_bytes(zipped(members))
    with pytest.raises(InputError, match="event 1 of store .* is another one here"):
        unite(older, read_bundle(file))


# -- bad files ----------------------------------------------------------------------------------------


def contents(file):
    with zipfile.ZipFile(file) as package:
        return {name: package.read(name) for name in package.namelist()}


def lines(member):
    return [json.loads(line) for line in member.decode().split("\n") if line]


def linked(rows, head):
    """Return the member of events, chained anew, and the head of the bundle with their anchor."""
    from subtheme.files.chain import chained

    again = list(chained(rows))
    told = json.loads(head) | {"anchor": str(Anchor(length=len(again), head=again[-1]["hash"]))}
    return b"".join(json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in again), json.dumps(told).encode()


def rewritten(file, change, *, member="events.jsonl", relink=True):
    """Change the rows of one member of a bundle."""
    members = contents(file)
    rows = lines(members[member])
    change(rows)
    if member == "events.jsonl" and relink:
        members[member], members["bundle.json"] = linked(rows, members["bundle.json"])
    else:
        members[member] = b"".join(json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in rows)
    file.write_bytes(zipped(members))


def judged(rows, kind):
    return next(row for row in rows if row["kind"] == kind)


def of_kind(which, **change):
    return lambda rows: judged(rows, which).update(change)


@pytest.mark.parametrize(
    ("change", "relink", "words"),
    [
        (lambda rows: rows.pop(3), False, "does not follow from itself at number 4"),
        (lambda rows: rows.pop(), False, "the log ends after"),
        (of_kind("coded", code="hours", coder="eve"), False, "does not follow from itself at number"),
        (lambda rows: rows.append(rows[0] | {"seq": 99}), False, "does not follow from itself at number"),
        (of_kind("coded", kind="dreamt"), True, "an event of the kind 'dreamt', which is not known here"),
        (of_kind("answered", segment="nowhere"), True, "a judgement on a segment that the study does not have"),
        (of_kind("read", transcript="Z9"), True, "an event about a transcript that the study does not have"),
        (of_kind("coded", end_char=99_999), True, "a span that lies in no text"),
        (of_kind("answered", value="perhaps"), True, "an unknown value for an answer"),
        (of_kind("coded", value="perhaps"), True, "an unknown value for a coding"),
        (of_kind("coded", origin="guessed"), True, "an unknown origin of a judgement"),
        (of_kind("coded", coder=""), True, "a judgement by nobody"),
        (of_kind("answered", shown="[1"), True, "what was shown, or the codes of a reading, cannot be read"),
        (lambda rows: rows.append(dict(rows[-1])), True, "an event that stands twice, or without a name"),
        (of_kind("coded", at_us="soon"), False, "'at_us' cannot be read"),
        (of_kind("coded", extra="1"), False, "a line that is no row of its table"),
    ],
)
def test_a_log_that_is_not_whole_is_refused(file, change, relink, words):
    rewritten(file, change, relink=relink)
    with pytest.raises(InputError) as error:
        read_bundle(file)
    assert words in str(error.value)
    assert "small.subtheme" in str(error.value)


@pytest.mark.parametrize(
    ("member", "change", "words"),
    [
        ("segments.jsonl", lambda rows: rows[0].update(participant="Z9"), "cannot be placed"),
        ("segments.jsonl", lambda rows: rows[0].update(order=rows[1]["order"]), "cannot be placed"),
        ("turns.jsonl", lambda rows: rows[0].update(role="ghost"), "turn 0 of transcript 'A1' cannot be read"),
        ("proposals.jsonl", lambda rows: rows[0].update(segment="nowhere"), "which is not there"),
        ("contents.jsonl", lambda rows: rows[0].update(text="other"), "not the digest it is named by"),
        ("participants.jsonl", lambda rows: rows.append(rows[0]), "a row twice (participant)"),
    ],
)
def test_tables_that_no_study_wrote_are_refused(file, member, change, words):
    rewritten(file, change, member=member)
    with pytest.raises(InputError) as error:
        read_bundle(file)
    assert words in str(error.value)


@pytest.mark.parametrize(
    ("member", "change", "words"),
    [
        ("participants.jsonl", lambda rows: rows[0].update(case="Z"), "participant 'A1' was changed from outside"),
        (
            "segments.jsonl",
            lambda rows: rows[0].update(end_char=rows[0]["end_char"] - 1),
            "transcript 'A1' was changed",
        ),
        ("proposals.jsonl", lambda rows: rows[0].update(probability=0.9), "the table of proposals was changed"),
    ],
)
def test_tables_that_are_not_as_the_log_says_are_refused_and_nothing_is_applied(file, tmp_path, member, change, words):
    rewritten(file, change, member=member)
    new = empty(tmp_path / "new", file)
    with pytest.raises(InputError) as error:
        unite(new, read_bundle(file))
    assert words in str(error.value)
    assert anchor_of(new) == Anchor(length=0, head="0" * 64)
    with new.store() as store:
        assert store.transcripts() == []


@pytest.mark.parametrize(
    ("member", "content", "words"),
    [
        ("bundle.json", b'{"format":"subtheme-bundle/2"}', "A later subtheme wrote it: update subtheme here"),
        ("bundle.json", b'{"format":"other/1"}', "written as other/1"),
        ("bundle.json", b'{"format":"subtheme-bundle/1"}', "the head of the bundle cannot be read"),
        ("bundle.json", b"[" * 100_000, "not a JSON object"),
        ("settings.json", b'{"level":3}', "a setting 'level' that cannot be read"),
        ("settings.json", b'{"store_url":"postgresql://else"}', "a setting 'store_url' that cannot be read"),
        ("codebook.toml", b"\xff\xfe", "not UTF-8 text"),
    ],
)
def test_a_file_of_another_version_or_kind_is_refused(file, member, content, words):
    members = contents(file) | {member: content}
    file.write_bytes(zipped(members))
    with pytest.raises(InputError) as error:
        read_bundle(file)
    assert words in str(error.value)


def test_texts_are_held_against_their_digests(file):
    members = contents(file)
    name = next(n for n in members if n.startswith("texts/"))
    file.write_bytes(zipped(members | {name: members[name] + b"!"}))
    with pytest.raises(InputError, match="a text that has not the digest it is named by"):
        read_bundle(file)
    file.write_bytes(zipped(members | {name: b"\xff"}))
    with pytest.raises(InputError, match="a text that is not UTF-8"):
        read_bundle(file)


@pytest.mark.parametrize("share", [0.3, 0.7, 0.98])
def test_a_file_that_was_cut_off_is_refused_and_no_study_is_made(file, tmp_path, share):
    whole = file.read_bytes()
    file.write_bytes(whole[: int(share * len(whole))])
    result = invoke("import", file, "--study", tmp_path / "new", code=1)
    assert "the package is damaged" in result.output
    assert not (tmp_path / "new").exists()


def test_no_bundle_and_no_file_are_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_bundle(tmp_path / "none.subtheme")
    other = tmp_path / "other.subtheme"
    other.write_bytes(zipped({"a.txt": b"a"}))
    with pytest.raises(InputError, match="no study is in this file"):
        read_bundle(other)


def test_a_study_whose_log_was_changed_is_not_written(study, tmp_path):
    import sqlite3

    with sqlite3.connect(study.store_path) as connection:
        connection.execute("DROP TRIGGER events_no_update")
        connection.execute("UPDATE events SET coder = 'eve' WHERE seq = 5")
    with pytest.raises(StudyError, match="the log of events was changed at number 5"):
        write_bundle(study, tmp_path / "x.subtheme")


def test_no_words_of_an_interview_stand_in_a_repr(file):
    assert repr(read_bundle(file)).startswith("Bundle('Small': 3 transcripts, ")


# -- by command ---------------------------------------------------------------------------------------


def test_by_command_it_goes_out_and_comes_in(study, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = invoke("export", "care.subtheme", "--study", study.path)
    assert "events" in out.output
    assert "nothing was dropped" in out.output
    assert "Coders: anna, ben, eve" in invoke("import", "care.subtheme", "--preview").output
    assert "Made care, the study 'Small'." in invoke("import", "care.subtheme").output
    assert held(open_study(tmp_path / "care")) == held(study)
    again = invoke("import", "care.subtheme", "--study", "care", "--json")
    assert json.loads(again.stdout)["events_new"] == 0
    assert "0 new events" in invoke("import", "care.subtheme", "--study", study.path).output


def test_by_command_a_clash_of_names_has_two_ways_out(tmp_path):
    here, there = two_of_one_name(tmp_path)
    file = tmp_path / "there.subtheme"
    invoke("export", file, "--study", there.path)
    assert "--same-coder coder" in invoke("import", file, "--study", here.path, code=1).output
    told = invoke("import", file, "--study", here.path, "--same-coder", "coder").output
    assert "they held different things on 4 segments and codes" in told


def test_what_does_not_go_with_a_bundle_is_refused(study, file, tmp_path):
    names = tmp_path / "names.csv"
    names.write_text("coder,name\nanna,a\n")
    assert "--coder-as" in invoke("export", file, "--study", study.path, "--coders", names, code=1).output
    assert "a whole study among other files" in invoke("import", file, names, "--study", study.path, code=1).output
