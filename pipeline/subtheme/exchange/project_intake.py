"""Taking a project of another program into a study: texts, people, codings, all or nothing, with a loss report."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from subtheme.codings import carry_to_segments, checked_codings
from subtheme.errors import Problem, StudyError
from subtheme.exchange.code_matches import match_codes
from subtheme.exchange.loss import LossReport
from subtheme.exchange.people_ways import PeopleWays
from subtheme.exchange.project_look import stubs
from subtheme.exchange.project_plan import ProjectPlanner, without_nobodys
from subtheme.exchange.refi_model import RefiProject
from subtheme.files import IntakeReport, ReadFiles, Roster, Store, StudyFolder, take_in
from subtheme.nouns import READINGS, Codebook, Origin
from subtheme.transcripts import (
    RolesByTranscript,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectIntake:
    """What a project brought into a study.

    Attributes
    ----------
    texts : IntakeReport
    codings : int
        How many were stored.
    coders : tuple of str
    readings : int
        Transcripts that a coder has read, since they coded in it.
    outside_segments : int
        Stored codings that lie on no segment.
    loss : LossReport
        From the file into the study.
    """

    texts: IntakeReport
    codings: int
    coders: tuple[str, ...]
    readings: int
    outside_segments: int
    loss: LossReport


def take_in_project(
    study: StudyFolder,
    project: RefiProject,
    *,
    people: PeopleWays | Roster,
    roles: RolesByTranscript | None = None,
    batch: str,
    progress: Callable[[int, int], None] | None = None,
) -> ProjectIntake:
    """Store the texts, participants and codings of a project.

    A text that the study has already, under whatever name, is not stored again, nor is a coding that it has. Where
    the study has another text under the name, codings are found again by their words, where these stand there
    exactly once. Codes are found in the study's codebook by path, id or name; codings with a code that it lacks are
    dropped and reported. Codings on a text that the package lacks are kept without a place.

    Parameters
    ----------
    study : StudyFolder
    project : RefiProject
    people : PeopleWays or Roster
        How the project tells its participants, or a table of them.
    roles : dict or None
        Roles of speakers, by transcript.
    batch : str
        Name under which the codings are stored; once for every file.
    progress : callable or None
        Called with the transcripts done and their number while they are cut into segments.

    Raises
    ------
    InputError
        If participants cannot be told, or no code is known to the study. Nothing is stored then.
    StudyError
        If the file is in the study already.
    """
    project = without_nobodys(project, people)
    with study.store() as store:
        if batch in store.coding_batches():
            where = project.loss.file
            raise StudyError(
                Problem(what="this file is in the study already", where=where, remedy="Nothing was changed")
            )
        intake = ProjectPlanner.of_study(project, study.codebook, store, people=people, roles=roles or {})
        known = store.participants()
    plan = intake.plan()
    codings = checked_codings(
        plan.codings,
        codebook=study.codebook,
        participants=pd.concat([known, plan.roster.participants]),
        lengths={t.id: len(t.text) for t in (*intake.own.values(), *plan.transcripts)},
        source=project.loss.file,
    )
    is_made = (codings["origin"] == Origin.BLIND.value) & (codings["transcript"] != "")  # a confirmation is no reading
    by_people = codings[is_made]
    readings = READINGS.check(
        by_people[["coder", "transcript"]].drop_duplicates().assign(codes=_known_codes(project, study.codebook)),
        source=project.loss.file,
    )

    def store_codings(store: Store) -> None:
        store.add_codings(codings, batch=batch)
        store.add_readings(readings, batch=batch)

    files = ReadFiles(transcripts=plan.transcripts, left_out=())
    texts = take_in(study, files, plan.roster, needs_dialogue=False, store_more=store_codings, progress=progress)
    with study.store() as store:
        outside = len(carry_to_segments(codings, store.segments()).unplaced)
    return ProjectIntake(
        texts=texts,
        codings=len(codings),
        coders=tuple(sorted(set(codings["coder"]))),
        readings=len(readings),
        outside_segments=outside,
        loss=replace(
            project.loss,
            kept={**project.loss.kept, "sources": len(plan.transcripts), "codings": len(codings), "notes": plan.memos},
            dropped=(*project.loss.dropped, *plan.dropped),
            warnings=(
                *project.loss.warnings,
                *plan.warnings,
                *texts.notes,
                *(f"{p.where}: {p.what}" for p in stubs(plan.transcripts)),
            ),
        ),
    )


def _known_codes(project: RefiProject, codebook: Codebook) -> str:
    """Return the codes of the study that the project knows, too: what its coders read for."""
    return ";".join(sorted(set(match_codes(project.codebook, codebook).found.values())))
