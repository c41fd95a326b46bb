"""``subtheme import``: look at transcripts, and take them into a study."""

import re
from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from subtheme.cli import bundle, project
from subtheme.cli.frame import JsonOption, StudyOption, progress, reports_errors, say, say_json
from subtheme.errors import InputError, Problem

if TYPE_CHECKING:
    from subtheme.files import IntakeReport, ReadFiles, Roster
    from subtheme.nouns import Doubt
    from subtheme.transcripts import RolesByTranscript

_MOST_NAMED = 3
"""Transcripts of a language that are named, where another language is commoner."""
_MOST_TOLD = 12
"""Transcripts of an import of which the words of every speaker are printed; --json holds those of all."""

_COLUMN = 56
"""Width of a reading in the preview."""


@reports_errors
def import_(
    places: Annotated[
        list[Path],
        typer.Argument(help="Transcripts, folders of them, one project (.qdpx, .qda, ...) or one .subtheme."),
    ],
    study: StudyOption = Path(),
    preview: Annotated[
        bool, typer.Option("--preview", help="Show what is recognised, and store nothing (needs no study).")
    ] = False,
    participants: Annotated[
        str | None,
        typer.Option(
            "--participants",
            "-p",
            help="Who was interviewed, in which case: a table (.csv, .xlsx), or for a project how it tells them.",
        ),
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option("--role", "--roles", help="Who is who: LABEL=interviewer, or a table (.csv, .toml)."),
    ] = None,
    offsets: Annotated[
        str | None, typer.Option("--offsets", help="How a project counts, as 'unit=utf-16,line_ends=as-one'.")
    ] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="For text that is not UTF-8.")] = None,
    interviewer: Annotated[
        list[str] | None,
        typer.Option("--interviewer", help="Who asks, by label; everybody else is a participant. Or 'nobody'."),
    ] = None,
    read_as: Annotated[
        str, typer.Option("--read-as", help="The way to read a doubtful file, of those that the preview names.")
    ] = "",
    accept_doubts: Annotated[
        bool, typer.Option("--accept-doubts", help="Take the likelier reading where a file is doubtful.")
    ] = False,
    same_coder: Annotated[
        list[str] | None, typer.Option("--same-coder", help="A coder who is the same person here and there.")
    ] = None,
    coder_as: Annotated[
        list[str] | None, typer.Option("--coder-as", help="Another name here for a coder, as OLD=NEW.")
    ] = None,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", help="Name of a transcript or text to leave out; may be repeated."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Take transcripts, a project of another program, or a whole study (.subtheme) in; all or nothing.

    Example: subtheme import interviews --preview; subtheme import project.qdpx --study care-study
    """
    from subtheme.exchange import CoderWays, is_bundle, is_project
    from subtheme.files import read_all, read_roster, read_what_can_be
    from subtheme.transcripts import Guidance

    ways = CoderWays.parse(same_coder or (), coder_as or ())
    if any(is_bundle(p) for p in places):
        bundle.take_in(places, folder=study, ways=ways, preview=preview, as_json=as_json)
        return
    given = _roles(role or [])
    projects = [p for p in places if is_project(p)]
    people = Path(participants) if participants and not projects else None
    # A table that is still to be written does not stand in the way of a preview.
    roster = read_roster(people) if people and (people.is_file() or not preview) else None
    told = Guidance(
        roles=given,
        interviewers=frozenset(interviewer or ()),
        participants=roster.labels if roster else {},
        read_as=read_as,
    )
    tables = [p for p in map(Path, (participants or "", *(role or []))) if p.is_file()]
    if projects:
        found = project.read(places, offsets=offsets, encoding=encoding).without(without or [])
        roles = told.all_roles
        if preview:
            project.show(found, folder=study, participants=participants, roles=roles, as_json=as_json)
        else:
            project.store(
                found, projects[0], folder=study, participants=participants, roles=roles, ways=ways, as_json=as_json
            )
    elif preview:
        files = read_what_can_be(places, encoding=encoding, guidance=told, aside=tables)
        _show(files.without(without or []), as_json)
    else:
        files = read_all(places, encoding=encoding, guidance=told, aside=tables).without(without or [])
        _store(files, study, roster, as_json, accept_doubts=accept_doubts)


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
        for doubt in transcript.doubts:
            _show_doubt(doubt)
    for left_out in files.left_out:
        say(f"Left out: {left_out}")
    say(f"{len(seen)} transcripts recognised; nothing was stored.")
    if files.problems:
        raise InputError(files.problems)


def _show_doubt(doubt: "Doubt") -> None:
    """Print a doubt with the first turns of each reading, side by side."""
    say(f"  DOUBT: {doubt.what} ({doubt.where})")
    columns = [
        [g.name, *(f"{speaker or '(no label)'} [{role}] {' '.join(words.split())}" for speaker, role, words in g.turns)]
        for g in doubt.readings
    ]
    for cells in zip_longest(*columns, fillvalue=""):
        say("    " + " | ".join(cell[:_COLUMN].ljust(_COLUMN) for cell in cells).rstrip())
    say(f"    {doubt.remedy}")


def _store(files: "ReadFiles", folder: Path, roster: "Roster | None", as_json: bool, *, accept_doubts: bool) -> None:
    from subtheme.files import open_study, take_in

    study = open_study(folder)
    if roster is None:
        raise InputError(
            Problem(
                what="nobody knows whose words these are",
                expected="--participants with the columns participant and case",
                remedy="Or look first, with --preview",
            )
        )
    report = take_in(study, files, roster, accept_doubts=accept_doubts, progress=progress("Storing"))
    if as_json:
        say_json(_as_dict(report))
        return
    say(f"Imported {report.transcripts} transcripts: {report.turns} turns, {report.segments} segments.")
    for line in _words(report):
        say(line)
    if set(report.languages) - {"en", ""}:
        say(f"Languages: {_languages(report.languages)}; sentences are cut by the rules of each.")
    if report.known:
        say(f"{len(report.known)} were in the study already and are unchanged.")
    for line in (*_grouped(report.notes), *(f"left out: {name}" for name in report.left_out)):
        say(f"Note: {line}")


def _words(report: "IntakeReport") -> list[str]:
    """Return the words of each role; of a few transcripts those of every speaker; and nobody's with their lines."""
    from subtheme.files import words_by_role
    from subtheme.nouns import Role

    if not report.words:
        return []
    total = words_by_role(report.words)
    lines = [
        f"Words: {total[Role.PARTICIPANT]} of participants, {total[Role.INTERVIEWER]} of interviewers, "
        f"{total[Role.OTHER]} of nobody."
    ]
    if report.transcripts <= _MOST_TOLD:
        for name in dict.fromkeys(c.transcript for c in report.words):
            own = [
                f"{c.speaker or '(no label)'} {c.words} ({c.participant or c.role.value})"
                for c in report.words
                if c.transcript == name
            ]
            lines.append(f"  {name}: {', '.join(own)}")
    lines += [
        f"Nobody's words: {c.words} under {c.speaker or '(no label)'} in {c.transcript}, "
        f"line {', '.join(map(str, c.lines))}" + (" and others" if c.turns > len(c.lines) else "")
        for c in report.words
        if c.role is Role.OTHER
    ]
    return lines


def _languages(found: Mapping[str, tuple[str, ...]]) -> str:
    """Return how many transcripts are in each language, the commonest first; a few are named."""
    from subtheme.segments import language_name

    parts = []
    for code, names in sorted(found.items(), key=lambda item: -len(item[1])):
        which = f" ({', '.join(names)})" if len(names) <= _MOST_NAMED and len(found) > 1 else ""
        parts.append(f"{len(names)} {language_name(code) if code else 'not told'}{which}")
    return ", ".join(parts)


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
        "languages": {code: len(names) for code, names in sorted(report.languages.items())},
        "notes": list(report.notes),
        "words": [c.as_dict() for c in report.words],
    }


def _roles(given: list[str]) -> "RolesByTranscript":
    from subtheme.nouns import Role
    from subtheme.transcripts import read_roles

    roles: RolesByTranscript = {}
    labels: dict[str, Role] = {}
    problems = []
    for text in given:
        label, _, word = text.rpartition("=")
        if label and word in set(Role):
            labels[label] = Role(word)
        elif "=" in text and not Path(text).is_file():
            problems.append(
                Problem(what=f"cannot read --role '{text}'", expected=f"LABEL= and one of {', '.join(Role)}")
            )
        else:
            for transcript, found in read_roles(Path(text)).items():
                roles.setdefault(transcript, {}).update(found)
    if problems:
        raise InputError(problems)
    if labels:
        roles.setdefault("", {}).update(labels)
    return roles
