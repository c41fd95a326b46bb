"""What a project of another program would bring into a study: its speakers, their roles, and what is doubtful."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from subtheme.errors import InputError, Problem
from subtheme.exchange.people_ways import PeopleWays
from subtheme.exchange.project_plan import ProjectPlanner, without_nobodys
from subtheme.exchange.refi_model import RefiProject
from subtheme.files import Roster, StudyFolder, refusals
from subtheme.nouns import CODINGS, TURNS, Role, Transcript
from subtheme.transcripts import (
    RolesByTranscript,
    TranscriptPreview,
    preview,
)

_FEWEST_WORDS = 20
"""A text of fewer may be the stub of an interview that was taken out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectLook:
    """What a project would bring into a study, before anything is stored.

    Attributes
    ----------
    transcripts : tuple of TranscriptPreview
        The texts with their speakers and roles.
    participants : mapping of str to mapping of str to str
        By transcript, the participant behind each label, as far as they can be told.
    doubts : tuple of Problem
        What should be looked at before the import, beside the doubts about each text.
    problems : tuple of Problem
        What the import would refuse.
    """

    transcripts: tuple[TranscriptPreview, ...]
    participants: Mapping[str, Mapping[str, str]]
    doubts: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the look for JSON; it holds the words of the interviews."""
        own = [d for one in self.transcripts for d in one.as_dict().get("doubts", ())]
        return {
            "transcripts": [
                {**one.as_dict(), "participants": dict(self.participants.get(one.transcript.id, {}))}
                for one in self.transcripts
            ],
            "doubts": [*own, *({"what": d.what, "where": d.where, "remedy": d.remedy} for d in self.doubts)],
            "problems": [p.as_dict() for p in self.problems],
        }


def look_at_project(
    project: RefiProject,
    *,
    people: PeopleWays | Roster,
    roles: RolesByTranscript | None = None,
    study: StudyFolder | None = None,
) -> ProjectLook:
    """Return what `take_in_project` would do with the texts and people of a project; nothing is stored.

    Parameters
    ----------
    project, people, roles
        As for `take_in_project`.
    study : StudyFolder or None
        The study that it would go into; None where one would be made of the project.
    """
    project = without_nobodys(project, people)
    if study is None:
        intake = ProjectPlanner(
            project=project,
            codebook=project.codebook,
            given=people,
            roles=roles or {},
            own={},
            turns=TURNS.empty(),
            stored=CODINGS.empty(),
        )
    else:
        with study.store() as store:
            intake = ProjectPlanner.of_study(project, study.codebook, store, people=people, roles=roles or {})
    problems: list[Problem] = []
    roster: Roster | None
    try:
        plan = intake.plan()
        transcripts, roster = plan.transcripts, plan.roster
    except InputError as error:
        problems += error.problems
        transcripts, roster = intake.readable(), people if isinstance(people, Roster) else None
    if roster is not None and not problems:
        problems += refusals([t for t in transcripts if t.id not in intake.own], roster)
    participants: dict[str, Mapping[str, str]] = {}
    for transcript in transcripts:
        with suppress(InputError):
            participants[transcript.id] = {} if roster is None else roster.speakers_of(transcript)
    silent = [
        Problem(what="no turn of a participant", where=t.id, remedy="Give the roles with --role LABEL=participant")
        for t in transcripts
        if all(turn.role is not Role.PARTICIPANT for turn in t.turns)
    ]
    return ProjectLook(
        transcripts=tuple(preview(t) for t in transcripts),
        participants=participants,
        doubts=(*silent, *stubs(transcripts)),
        problems=tuple(problems),
    )


def stubs(transcripts: Iterable[Transcript]) -> list[Problem]:
    """Return the texts of so few words that they may stand for an interview that was taken out."""
    return [
        Problem(
            what=f"only {count} words in all: it may stand for an interview that was taken out, and counts as a person",
            where=transcript.id,
            remedy="Leave it out with --without NAME",
        )
        for transcript in transcripts
        if (count := sum(len(transcript.words(t).split()) for t in transcript.turns)) < _FEWEST_WORDS
    ]
