"""A project of our own: what comes back is what went out, and what another program lost is told, not invented."""

import json
import re

import pytest
from travelling_study import add_codings, held, new_study, worked_study

from subtheme.errors import InputError
from subtheme.exchange import CoderWays, likeliest_ways, read_project, take_in_project, write_study
from subtheme.exchange.archive import zipped
from subtheme.files import create_study, open_study, read_all, read_roster, take_in
from subtheme.study import Study
from subtheme.study.leaving import held_study


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Return a study that no test may change, and the bytes of its project."""
    folder = tmp_path_factory.mktemp("home")
    study = worked_study(folder / "home")
    write_study(held_study(Study.open(study.path)), folder / "x.qdpx")
    return study.path, (folder / "x.qdpx").read_bytes()


@pytest.fixture
def file(home, tmp_path):
    path = tmp_path / "small.qdpx"
    path.write_bytes(home[1])
    return path


def unjudged(folder, home):
    """Return a study of the same interviews in which nobody has done anything."""
    study = create_study(folder, codebook=(home[0] / "codebook.toml").read_text())
    texts = [home[0].parent / f"{who}.txt" for who in ("A1", "A2", "B1")]
    take_in(study, read_all(texts), read_roster(home[0].parent / "people.csv"))
    return study


def brought(file, study, *, batch="file:digest:book", **ways):
    project = read_project(file)
    return take_in_project(study, project, people=likeliest_ways(project), batch=batch, ways=CoderWays(**ways))


def rewritten(file, change):
    """Change the project file of a package."""
    import zipfile

    with zipfile.ZipFile(file) as package:
        members = {name: package.read(name) for name in package.namelist()}
    members["project.qde"] = change(members["project.qde"].decode()).encode()
    file.write_bytes(zipped(members))


COMES_TO = ("judgements", "table", "agreement", "training", "codings")


def test_a_project_of_ours_brings_the_same_judgements_into_another_study(home, file, tmp_path):
    study = unjudged(tmp_path / "new", home)
    intake = brought(file, study)
    with open_study(home[0]).store() as origin, study.store() as store, store.writing():
        store.replace_proposals(origin.proposals())  # a project holds none unless asked
    there, here = held(open_study(home[0])), held(study)
    assert {k: here[k] for k in COMES_TO} == {k: there[k] for k in COMES_TO}
    assert intake.loss.dropped == ()
    assert intake.readings == 6
    assert intake.judgements == 3


def test_a_study_made_of_the_project_has_the_same_table(home, file, tmp_path):
    from small_study import invoke

    invoke("import", file, "--study", tmp_path / "made")
    opened, origin = Study.open(tmp_path / "made"), Study.open(home[0])
    assert opened.table().as_frame().to_csv() == origin.table().as_frame().to_csv()
    assert set(opened.judgements.readings) == set(origin.judgements.readings)


def test_back_where_it_came_from_nothing_changes_and_nobody_is_asked(home, file, tmp_path):
    import shutil

    study = open_study(shutil.copytree(home[0], tmp_path / "copy"))
    before = held(study)
    intake = brought(file, study)
    assert held(study) == before
    assert (intake.codings, intake.readings, intake.judgements) == (0, 0, 0)


def test_a_coding_that_another_program_removed_is_told_and_does_not_come(home, file, tmp_path):
    rewritten(file, lambda text: re.sub(r"<Coding [^>]*>.*?</Coding>", "", text, count=1, flags=re.DOTALL))
    intake = brought(file, unjudged(tmp_path / "new", home))
    (lost,) = [d for d in intake.loss.dropped if d.what == "judgement"]
    assert lost.reason == "the project does not hold it any more"


def test_without_our_note_nothing_is_invented(home, file, tmp_path):
    rewritten(file, lambda text: re.sub(r"<Notes>.*</Notes>", "", text, flags=re.DOTALL))
    study = unjudged(tmp_path / "new", home)
    intake = brought(file, study)
    assert intake.readings == 0
    assert any("what subtheme wrote beside the codings is gone" in w for w in intake.loss.warnings)
    assert set(Study.open(study.path).judgements.frame["value"]) == {"present", "counter"}


def test_the_loss_report_counts_what_the_study_holds(home, tmp_path):
    study = Study.open(home[0])
    loss = write_study(held_study(study), tmp_path / "x.qdpx")
    assert loss.read["judgements"] == loss.kept["judgements"] == len(study.judgements.frame)
    (told,) = [w for w in loss.warnings if "will not see" in w]
    absent = int((study.judgements.frame["value"] == "absent").sum())
    assert f"{absent} absent" in told
    assert "1 unsure" in told
    assert "6 readings" in told


def test_lines_of_the_note_that_cannot_be_read_are_counted(home, file, tmp_path):
    import zipfile

    with zipfile.ZipFile(file) as package:
        members = {name: package.read(name) for name in package.namelist()}
    name = next(n for n, content in members.items() if b"subtheme-judgements/1" in content)
    lines = members[name].decode().split("\n")
    number = next(n for n, line in enumerate(lines) if '"kind":"answered"' in line)
    lines[number] = json.dumps(json.loads(lines[number]) | {"value": "perhaps"})
    file.write_bytes(zipped(members | {name: "\n".join([*lines, "[1]"]).encode()}))
    intake = brought(file, unjudged(tmp_path / "new", home))
    assert any(w.startswith("2 judgements beside the codings cannot be read") for w in intake.loss.warnings)


def test_a_judgement_on_a_text_that_is_cut_otherwise_is_told(home, file, tmp_path):
    study = create_study(
        tmp_path / "new", codebook=(home[0] / "codebook.toml").read_text(), settings={"strategy": "sentence"}
    )
    intake = brought(file, study)
    assert {"the text is cut otherwise here"} == {d.reason for d in intake.loss.dropped}


def test_a_coder_of_another_program_whose_name_is_here_is_asked_about(home, file, tmp_path):
    study = new_study(tmp_path / "here")
    add_codings(study, (5, "wages", "anna", {}), batch="mine:1")
    before = held(study)
    with pytest.raises(InputError, match="'anna' is a coder here already") as error:
        brought(file, study)
    assert "--same-coder anna" in str(error.value)
    assert "--coder-as anna=ANOTHER-NAME" in str(error.value)
    assert held(study) == before
    intake = brought(file, study, renamed={"anna": "anna-2"})
    assert set(intake.coders) == {"anna-2", "ben", "eve"}
    again = brought(file, study, batch="another:digest:book")
    assert (again.codings, again.readings, again.judgements) == (0, 0, 0)


def test_two_who_are_one_are_taken_for_one(home, file, tmp_path):
    study = new_study(tmp_path / "here")
    add_codings(study, (5, "wages", "anna", {}), batch="mine:1")
    assert set(brought(file, study, same=frozenset({"anna"})).coders) == {"anna", "ben", "eve"}


# -- as a table ---------------------------------------------------------------------------------------


def table_of(home, path):
    from subtheme.exchange import write_codings

    return write_codings(held_study(Study.open(home[0])), path)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_table_of_codings_brings_the_same_judgements_into_another_study(home, tmp_path, ending):
    from subtheme.study.taking import take_codings

    file = tmp_path / f"codings.{ending}"
    loss = table_of(home, file)
    assert loss.kept["absences, doubts and readings"] == 9
    study = unjudged(tmp_path / "new", home)
    with open_study(home[0]).store() as origin, study.store() as store, store.writing():
        store.replace_proposals(origin.proposals())
    taken = take_codings(study, file)
    there, here = held(open_study(home[0])), held(study)
    assert {k: here[k] for k in COMES_TO} == {k: there[k] for k in COMES_TO}
    assert (taken.codings, taken.readings) == (0, 0)
    assert take_codings(study, file).events == 0
    assert "not read" not in taken.loss.as_text()


def test_rows_written_by_hand_say_what_is_absent_unsure_and_read(home, tmp_path):
    from subtheme.study.taking import take_codings

    study = unjudged(tmp_path / "new", home)
    with study.store() as store:
        places = store.segments()[["transcript", "start_char", "end_char"]].iloc[:3].to_numpy().tolist()
    file = tmp_path / "hand.csv"
    lines = ["coder,code,direction,read_for,transcript,start_char,end_char"]
    words = ["absent", "unsure", "counter"]
    lines += [f"eve,wages,{word},,{','.join(map(str, place))}" for word, place in zip(words, places, strict=True)]
    lines += ["ben,,read,wages,A2,,"]
    file.write_text("\n".join(lines) + "\n")
    assert take_codings(study, file).events == 3
    found = Study.open(study.path).judgements.frame
    of_eve = found[(found["coder"] == "eve") & (found["code"] == "wages")]
    assert list(of_eve["value"]) == ["absent", "unsure", "counter"]
    of_ben = found[found["coder"] == "ben"]
    assert set(of_ben["code"]) - {"conditions"} == {"wages"}
    assert set(of_ben["segment"].str.split(":").str[0]) == {"A2"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("eve,,read,pay,A2,,", "unknown code 'pay'"),
        ("eve,pay,absent,,A2,0,20", "unknown code 'pay'"),
        ("eve,wages,absent,,A2,0,9", "an absence or a doubt on no segment of the study"),
        ("eve,,read,wages,Z9,,", "unknown transcript 'Z9'"),
    ],
)
def test_a_row_about_what_the_study_lacks_is_refused(home, tmp_path, row, words):
    from subtheme.study.taking import take_codings

    study = unjudged(tmp_path / "new", home)
    with study.store() as store:
        place = store.segments().iloc[3]
    row = row.replace("A2,0,20", f"A2,{place['start_char']},{place['end_char']}")
    file = tmp_path / "hand.csv"
    good = f"eve,wages,supports,,A2,{place['start_char']},{place['end_char']}"
    file.write_text(f"coder,code,direction,read_for,transcript,start_char,end_char\n{good}\n{row}\n")
    with pytest.raises(InputError) as error:
        take_codings(study, file)
    assert words in str(error.value)
    with study.store() as store:
        assert store.codings().empty
