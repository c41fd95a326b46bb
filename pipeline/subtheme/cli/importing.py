"""``subtheme import``: look at transcripts, and take them into a study."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from subtheme.cli.frame import JsonOption, StudyOption, reports_errors, say, say_json
from subtheme.errors import InputError, Problem

if TYPE_CHECKING:
    from subtheme.files import IntakeReport, ReadFiles
    from subtheme.transcripts import RolesByTranscript


@reports_errors
def import_(
    places: Annotated[list[Path], typer.Argument(help="Transcripts, or folders of them.")],
    study: StudyOption = Path(),
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what is recognised, and store nothing (needs no study).")
    ] = False,
    participants: Annotated[
        Path | None, typer.Option("--participants", "-p", help="Who was interviewed, in which case (.csv, .xlsx).")
    ] = None,
    roles: Annotated[Path | None, typer.Option("--roles", help="Who is who: speaker, role (.csv, .toml).")] = None,
    role: Annotated[
        list[str] | None, typer.Option("--role", help="The same for one speaker, as 'LABEL=interviewer'.")
    ] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="For text that is not UTF-8.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Take transcripts into the study; all of them, or none where one is refused.

    Example: subtheme import interviews --preview
    """
    from subtheme.files import read_all, read_what_can_be

    given = _roles(roles, role or [])
    if preview:
        _show(read_what_can_be(places, encoding=encoding, roles=given), as_json)
    else:
        _store(read_all(places, encoding=encoding, roles=given), study, participants, as_json)


def _show(files: "ReadFiles", as_json: bool) -> None:
    from subtheme.transcripts import preview

    seen = [preview(t) for t in files.transcripts]
    if as_json:
        dicts = [p.as_dict() for p in seen]
        problems = [p.as_dict() for p in files.problems]
        many = {"transcripts": dicts, "left_out": list(files.left_out), "problems": problems}
        say_json(dicts[0] if len(dicts) == 1 and not problems else many)
        raise typer.Exit(1 if problems else 0)
    for one in seen:
        transcript = one.transcript
        say(f"{transcript.id}  ({transcript.source}, {transcript.grammar}, {transcript.encoding})")
        for speaker in one.speakers:
            name = speaker.speaker or "(no label)"
            talk = f"{speaker.turns:>4} turns {speaker.words:>6} words"
            say(f"  {name:<24} {talk}  {speaker.role}  ({speaker.guessed_from})")
        for note in transcript.notes:
            say(f"  Note: {note}")
    for left_out in files.left_out:
        say(f"Left out: {left_out}")
    say(f"{len(seen)} transcripts recognised; nothing was stored.")
    if files.problems:
        raise InputError(files.problems)


def _store(files: "ReadFiles", folder: Path, participants: Path | None, as_json: bool) -> None:
    from subtheme.files import open_study, read_roster, take_in

    study = open_study(folder)
    if participants is None:
        raise InputError(
            Problem(
                what="nobody knows whose words these are",
                expected="--participants with the columns participant and case",
                remedy="Or look first, with --preview",
            )
        )
    report = take_in(study, files, read_roster(participants))
    if as_json:
        say_json(_as_dict(report))
        return
    say(f"Imported {report.transcripts} transcripts: {report.turns} turns, {report.segments} segments.")
    if report.known:
        say(f"{len(report.known)} were in the study already and are unchanged.")
    for line in (*_grouped(report.notes), *(f"left out: {name}" for name in report.left_out)):
        say(f"Note: {line}")


def _grouped(notes: tuple[str, ...]) -> list[str]:
    """Return each kind of note once, with the first transcript that it is about and the number of others."""
    kinds: dict[str, list[str]] = {}
    for note in notes:
        kinds.setdefault(re.sub(r"\d+", "#", note.partition(": ")[2]), []).append(note)
    return [group[0] + (f" (and {len(group) - 1} more like it)" if group[1:] else "") for group in kinds.values()]


def _as_dict(report: "IntakeReport") -> dict[str, object]:
    return {
        "transcripts": report.transcripts,
        "turns": report.turns,
        "segments": report.segments,
        "participants": report.participants,
        "known": list(report.known),
        "left_out": list(report.left_out),
        "notes": list(report.notes),
    }


def _roles(file: Path | None, given: list[str]) -> "RolesByTranscript":
    from subtheme.study import Role
    from subtheme.transcripts import read_roles

    roles = read_roles(file) if file else {}
    problems = []
    for text in given:
        label, _, word = text.rpartition("=")
        if not label or word not in set(Role):
            problems.append(
                Problem(what=f"cannot read --role '{text}'", expected=f"LABEL= and one of {', '.join(Role)}")
            )
            continue
        roles.setdefault("", {})[label] = Role(word)
    if problems:
        raise InputError(problems)
    return roles
