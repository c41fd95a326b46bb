"""Taking a project of another program into a study: texts, people, codings, all or nothing, with a loss report."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from subtheme.codings import carry_to_segments, checked_codings
from subtheme.errors import Problem, StudyError
from subtheme.exchange.carried_events import by_another
from subtheme.exchange.code_matches import match_codes
from subtheme.exchange.coder_names import CoderWays
from subtheme.exchange.identities import Identities
from subtheme.exchange.loss import Dropped
from subtheme.exchange.people_ways import PeopleWays
from subtheme.exchange.project_look import stubs
from subtheme.exchange.project_plan import ProjectPlanner, without_nobodys
from subtheme.exchange.project_taken import ProjectIntake
from subtheme.exchange.refi_model import RefiProject
from subtheme.exchange.returning import append_returning, implied_readings
from subtheme.files import ReadFiles, Roster, Store, StudyFolder, take_in
from subtheme.nouns import READINGS, Codebook
from subtheme.transcripts import (
    RolesByTranscript,
)


def take_in_project(
    study: StudyFolder,
    project: RefiProject,
    *,
    people: PeopleWays | Roster,
    roles: RolesByTranscript | None = None,
    batch: str,
    ways: CoderWays | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ProjectIntake:
    """Store the texts, participants and codings of a project.

    A text that the study has already, under whatever name, is not stored again, nor is a coding that it has. Where
    the study has another text under the name, codings are found again by their words, where these stand there
    exactly once. Codes are found in the study's codebook by path, id or name; codings with a code that it lacks are
    dropped and reported. Codings on a text that the package lacks are kept without a place.

    What a study of ours wrote beside its codings comes back as the events that it was, as far as their codings are
    still there; who coded there has read what the events say, and nothing else.

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
    ways : CoderWays, optional
        Who is who, where a coder's name is here already.
    progress : callable or None
        Called with the transcripts done and their number while they are cut into segments.

    Raises
    ------
    InputError
        If participants cannot be told, no code is known to the study, or a coder's name is here already and nobody
        said whether they are the same. Nothing is stored then.
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
        identities = Identities.of(store, intake.carried, batch=batch)
    plan = intake.plan()
    names = identities.names(plan.coders, ways=ways or CoderWays(), where=project.loss.file)
    codings = checked_codings(
        plan.codings.assign(coder=plan.codings["coder"].replace(names)),
        codebook=study.codebook,
        participants=pd.concat([known, plan.roster.participants]),
        lengths={t.id: len(t.text) for t in (*intake.own.values(), *plan.transcripts)},
        source=project.loss.file,
    )
    readings = READINGS.check(
        implied_readings(codings, project, but={names[c] for c in intake.carried.coders} if intake.carried else set()),
        source=project.loss.file,
    )
    readings = readings.assign(codes=_known_codes(project, study.codebook))
    events = [by_another(e, names.get(e.coder, e.coder)) for e in plan.events]
    counts: Counter[str] = Counter()
    lost: list[Dropped] = []

    def store_codings(store: Store) -> None:
        counts.update(append_returning(store, events, lost))
        counts["codings"] += store.add_codings(codings, batch=batch)
        counts["readings"] += store.add_readings(readings, batch=batch)
        identities.remember(store, names)

    files = ReadFiles(transcripts=plan.transcripts, left_out=())
    texts = take_in(study, files, plan.roster, needs_dialogue=False, store_more=store_codings, progress=progress)
    with study.store() as store:
        outside = len(carry_to_segments(codings, store.segments()).unplaced)
    return ProjectIntake(
        texts=texts,
        codings=counts["codings"],
        coders=tuple(sorted({*codings["coder"], *(e.coder for e in events)})),
        readings=counts["readings"],
        judgements=counts["judgements"],
        outside_segments=outside,
        loss=replace(
            project.loss,
            kept={
                **project.loss.kept,
                "sources": len(plan.transcripts),
                "codings": len(codings) + plan.matched,
                "notes": plan.memos,
            },
            dropped=(*project.loss.dropped, *plan.dropped, *lost),
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
