"""The part of ``subtheme import`` that takes in projects of other programs: look at one, or store it."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from subtheme.cli.frame import progress, say, say_json
from subtheme.errors import InputError, Problem

if TYPE_CHECKING:
    from subtheme.exchange import CoderWays, PeopleWays, ProjectIntake, ProjectLook, RefiProject
    from subtheme.files import Roster, StudyFolder
    from subtheme.transcripts import RolesByTranscript

_MOST_NAMED = 12


def read(places: list[Path], *, offsets: str | None, encoding: str | None) -> "RefiProject":
    """Read the one project that was named.

    Raises
    ------
    InputError
        If something else was named along with it.
    """
    from subtheme.exchange import Offsets, read_project

    if len(places) > 1:
        raise InputError(
            Problem(
                what="a project among other files",
                where=", ".join(p.name for p in places),
                expected="one project, or transcripts",
                remedy="Import each project by itself",
            )
        )
    way = Offsets.parse(offsets) if offsets else None
    return read_project(places[0], offsets=way, encoding=encoding, progress=progress("Reading"))


def show(
    project: "RefiProject", *, folder: Path, participants: str | None, roles: "RolesByTranscript", as_json: bool
) -> None:
    """Print what a project holds, its speakers and roles, and how its participants can be told; store nothing.

    Raises
    ------
    InputError
        With what the import would refuse.
    """
    from subtheme.exchange import look_at_project, ways_that_fit

    ways = [w.as_text() for w in ways_that_fit(project)]
    look = look_at_project(
        project, people=_people(project, participants), roles=roles, study=_study_in(project, folder)
    )
    if as_json:
        doubts = [*look.as_dict()["doubts"], *_doubts_of_ways(project, ways, participants)]
        say_json({**project.as_dict(), "participants_by": ways, **look.as_dict(), "doubts": doubts})
        raise typer.Exit(1 if look.problems else 0)
    say(f"{project.loss.file}: '{project.name}', written by {project.origin or 'a program that does not say'}")
    for line in _source_lines(project):
        say(line)
    coders = ", ".join(project.coders) or "nobody"
    say(f"{len(project.codebook.codes)} codes, {len(project.codings)} codings by {coders}")
    say(f"Cases: {_named([c.name for c in project.cases])}")
    say(f"Variables: {_named([f'{name} ({kind})' for name, kind in project.variables.items()])}")
    say(f"Sets: {_named([f'{s.name} ({len(s.sources)} texts, {len(s.codes)} codes)' for s in project.sets])}")
    for line in _speaker_lines(look):
        say(line)
    say("Participants can be told by any of these; the first is taken unless --participants names another:")
    for way in ways:
        say(f"  --participants {way}")
    for doubt in (*look.as_dict()["doubts"], *_doubts_of_ways(project, ways, participants)):
        where = f"{doubt['where']}: " if doubt["where"] else ""
        say(f"Doubtful: {where}{doubt['what']}. {doubt['remedy']}.")
    say(project.loss.as_text().rstrip())
    say("Nothing was stored.")
    if look.problems:
        raise InputError(look.problems)


def _speaker_lines(look: "ProjectLook") -> list[str]:
    lines = []
    for one in look.transcripts:
        transcript = one.transcript
        lines.append(f"{transcript.id}  ({transcript.grammar}, {transcript.encoding})")
        who = look.participants.get(transcript.id, {})
        for speaker in one.speakers:
            name = speaker.speaker or "(no label)"
            talk = f"{speaker.turns:>4} turns {speaker.words:>6} words"
            person = f"  is {who[speaker.speaker]}" if speaker.role == "participant" and speaker.speaker in who else ""
            lines.append(f"  {name:<24} {talk}  {speaker.role}  ({speaker.guessed_from}){person}")
        lines += [f"  Note: {note}" for note in transcript.notes]
    return lines


def _doubts_of_ways(project: "RefiProject", ways: list[str], participants: str | None) -> list[dict[str, str]]:
    if participants is not None or len(ways) < 2:
        return []
    what = f"participants can be told in {len(ways)} ways, and nobody says which; '{ways[0]}' is taken"
    return [{"what": what, "where": project.loss.file, "remedy": "Name one of them, or a table, with --participants"}]


def _study_in(project: "RefiProject", folder: Path) -> "StudyFolder | None":
    """Return the study that the project would go into; None where one would be made of it."""
    from subtheme.files import open_study

    here = Path(Path(project.loss.file).stem) if folder == Path() and not (folder / "study.toml").exists() else folder
    return open_study(here) if (here / "study.toml").exists() else None


def store(
    project: "RefiProject",
    file: Path,
    *,
    folder: Path,
    participants: str | None,
    roles: "RolesByTranscript",
    ways: "CoderWays",
    as_json: bool,
) -> None:
    """Take a project into the study, which is made of the project where there is none yet."""
    from subtheme.exchange import project_digest, take_in_project

    people = _people(project, participants)
    study, is_new = _study(project, folder)
    # With more codes the study takes more of the same file.
    batch = f"{file.name}:{project_digest(file)[:16]}:{study.codebook.content_hash[:8]}"
    try:
        intake = take_in_project(
            study, project, people=people, roles=roles, batch=batch, ways=ways, progress=progress("Storing")
        )
    except BaseException:
        if is_new:
            shutil.rmtree(study.path)
        raise
    if as_json:
        say_json(_as_dict(project, intake, study=study, is_new=is_new, people=people))
        return
    if is_new:
        say(f"Made {study.path} with the {len(study.codebook.codes)} codes of the project.")
    for line in _source_lines(project):
        say(line)
    texts = intake.texts
    say(f"Imported {texts.transcripts} transcripts: {texts.turns} turns, {texts.segments} segments.")
    more = f" and {intake.judgements} further judgements" if intake.judgements else ""
    say(f"Stored {intake.codings} codings{more} by {', '.join(intake.coders) or 'nobody'}.")
    say(f"{texts.participants} participants, told by {_told_by(people)}.")
    if intake.outside_segments:
        say(
            f"Note: {intake.outside_segments} codings lie on no segment (another's words, or no place): they are kept "
            "and score, but do not train."
        )
    say(intake.loss.as_text().rstrip())


def _study(project: "RefiProject", folder: Path) -> tuple["StudyFolder", bool]:
    """Return the study in `folder`, or a new one made of the project, named after it where no folder was named."""
    from subtheme.exchange import codebook_toml
    from subtheme.files import create_study

    if (study := _study_in(project, folder)) is not None:
        return study, False
    if folder == Path():
        folder = Path(Path(project.loss.file).stem)
    book = project.codebook
    if not book.codes:
        raise InputError(
            Problem(
                what="a study cannot be made of a project without codes",
                where=project.loss.file,
                expected="at least one code",
                remedy="Make the study with 'subtheme new --codebook', and import into it with --study",
            )
        )
    text, level = codebook_toml(book), book.usual_level
    return create_study(folder, codebook=text, name=project.name, level=level, synthetic=book.synthetic), True


def _people(project: "RefiProject", participants: str | None) -> "PeopleWays | Roster":
    from subtheme.exchange import PeopleWays, likeliest_ways
    from subtheme.files import read_roster

    if participants is None:
        return likeliest_ways(project)
    if Path(participants).is_file():
        return read_roster(Path(participants))
    return PeopleWays.parse(participants)


def _source_lines(project: "RefiProject") -> list[str]:
    lines = []
    for source in project.sources:
        if source.choice is None:
            lines.append(f"  {source.name}: no text, {source.selections} selections")
            continue
        choice = source.choice
        lines.append(
            f"  {source.name}: {source.selections} selections, {choice.quotes_confirmed} quotations confirmed; "
            f"{choice.offsets.as_text()} (by {choice.decided_by})"
        )
    return lines


def _told_by(people: "PeopleWays | Roster") -> str:
    from subtheme.exchange import PeopleWays

    return people.as_text() if isinstance(people, PeopleWays) else people.source


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return (", ".join(names[:_MOST_NAMED]) or "none") + more


def _as_dict(
    project: "RefiProject",
    intake: "ProjectIntake",
    *,
    study: "StudyFolder",
    is_new: bool,
    people: "PeopleWays | Roster",
) -> dict[str, object]:
    return {
        **project.as_dict(),
        "study": str(study.path),
        "study_made": is_new,
        "participants_by": _told_by(people),
        "transcripts": intake.texts.transcripts,
        "turns": intake.texts.turns,
        "segments": intake.texts.segments,
        "participants": intake.texts.participants,
        "known": list(intake.texts.known),
        "coders": list(intake.coders),
        "codings_kept": intake.codings,
        "outside_segments": intake.outside_segments,
        "readings": intake.readings,
        "judgements": intake.judgements,
        "read": dict(intake.loss.read),
        "kept": dict(intake.loss.kept),
        "dropped": [d.as_dict() for d in intake.loss.dropped],
        "warnings": list(intake.loss.warnings),
    }
