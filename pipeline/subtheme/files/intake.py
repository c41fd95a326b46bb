"""Taking transcripts into a study: roles, participants, segments, all or nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pandas as pd

from subtheme.errors import InputError, Problem, SubthemeError, shown, suggestion
from subtheme.files.folder import StudyFolder
from subtheme.files.roster import Roster
from subtheme.files.store import Store
from subtheme.files.word_count import WordCount, word_counts
from subtheme.nouns import TURNS, Doubt, Role, Transcript, folded
from subtheme.segments import segmentation_of, segments_table
from subtheme.segments.segmentation import Strategy
from subtheme.transcripts import Guidance, read_transcripts, transcript_files, unmatched_speakers


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFiles:
    """What was found in the files named.

    Attributes
    ----------
    transcripts : tuple of Transcript
        In the order of the files.
    left_out : tuple of str
        Files that are no transcripts, each with the reason.
    problems : tuple of Problem
        Files that were refused, and names that occur twice.
    """

    transcripts: tuple[Transcript, ...]
    left_out: tuple[str, ...]
    problems: tuple[Problem, ...] = ()

    def without(self, names: Collection[str], *, by: str = "") -> "ReadFiles":
        """Return the files without the transcripts of these names, which are told among those left out.

        Parameters
        ----------
        names : collection of str
        by : str
            Table that names nobody for them; empty where a person asked.

        Raises
        ------
        InputError
            With every name that is no transcript.
        """
        known = {folded(t.id): t.id for t in self.transcripts}
        unknown = [name for name in names if folded(name) not in known]
        if unknown:
            raise InputError(
                Problem(
                    what=f"no transcript {shown(name)} to leave out",
                    expected="the name of one of the transcripts",
                    remedy=suggestion(name, known.values()),
                )
                for name in unknown
            )
        gone = {known[folded(name)] for name in names}
        reason = f"{by} names nobody for it" if by else "left out, as asked"
        return replace(
            self,
            transcripts=tuple(t for t in self.transcripts if t.id not in gone),
            left_out=(*self.left_out, *(f"{name}: {reason}" for name in sorted(gone))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeReport:
    """What an import brought into the study.

    Attributes
    ----------
    transcripts, turns, segments, participants : int
        How many were stored.
    known : tuple of str
        Transcripts that the study had already, with the same text.
    left_out : tuple of str
        Files that are no transcripts, each with the reason.
    notes : tuple of str
        What the person should know, each with the transcript.
    languages : mapping of str to tuple of str
        The transcripts stored, by the code of the language that they seem to be in; empty where none could be told.
    words : tuple of WordCount
        What every speaker of the stored transcripts says, nobody's words included.
    """

    transcripts: int
    turns: int
    segments: int
    participants: int
    known: tuple[str, ...]
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    languages: Mapping[str, tuple[str, ...]]
    words: tuple[WordCount, ...] = ()


def read_all(
    places: Sequence[Path],
    *,
    encoding: str | None = None,
    guidance: Guidance | None = None,
    aside: Collection[Path] = (),
) -> ReadFiles:
    """Read every transcript in `places`, or refuse them all; see `read_what_can_be`.

    Raises
    ------
    InputError
        With the problems of all files, so that they can be mended in one go.
    """
    files = read_what_can_be(places, encoding=encoding, guidance=guidance, aside=aside)
    if files.problems:
        raise InputError(files.problems)
    return files


def read_what_can_be(
    places: Sequence[Path],
    *,
    encoding: str | None = None,
    guidance: Guidance | None = None,
    aside: Collection[Path] = (),
) -> ReadFiles:
    """Read what can be read in `places`, with what a person said about who speaks; the rest is listed as problems.

    Files `aside` that lie in a folder, such as the table of participants, are left out. Problems are files that were
    refused, two files that give transcripts of one name, roles for nobody, and places without any transcript.
    """
    told = guidance or Guidance()
    found = transcript_files(list(places), aside=aside)
    problems: list[Problem] = []
    transcripts: list[Transcript] = []
    origins: dict[str, str] = {}
    for path in found.files:
        try:
            read = read_transcripts(path, encoding=encoding, guidance=told)
        except SubthemeError as error:
            problems += error.problems
            continue
        for transcript in read:
            if transcript.id in origins:
                problems.append(
                    Problem(
                        what=f"a second transcript named {shown(transcript.id)}",
                        where=path.name,
                        expected=f"one; the first is in {origins[transcript.id]}",
                        remedy="Rename one of the files",
                    )
                )
            origins[transcript.id] = path.name
            transcripts.append(transcript)
    if not problems:
        problems += unmatched_speakers(told.all_roles, transcripts)
    if not found.files:
        problems.append(Problem(what="no transcript to read", where=", ".join(p.name for p in places)))
    return ReadFiles(
        transcripts=tuple(transcripts),
        left_out=tuple(f"{f.path.name}: {f.reason}" for f in found.left_out),
        problems=tuple(problems),
    )


def take_in(
    study: StudyFolder,
    files: ReadFiles,
    roster: Roster,
    *,
    needs_dialogue: bool = True,
    accept_doubts: bool = False,
    store_more: Callable[[Store], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> IntakeReport:
    """Store transcripts with their turns and segments, and the participants of the roster.

    A transcript that the study has with the same text is left as it is.

    Parameters
    ----------
    study : StudyFolder
    files : ReadFiles
    roster : Roster
    needs_dialogue : bool
        Refuse a transcript that a person has to look at, or without a participant's turn. Without it, as for
        the documents of a project, there is a note instead.
    accept_doubts : bool
        Take the likelier reading where one is doubtful; the doubts become notes.
    store_more : callable or None
        What else to store, in the same transaction.
    progress : callable or None
        Called with the transcripts done and their number.

    Raises
    ------
    InputError
        With every problem: a transcript without participant or without participant's speech, a doubtful one, a
        changed text under a known name, or a known text under another name (which a
        project may bring). Nothing is stored then.
    """
    files = files.without([t.id for t in files.transcripts if roster.leaves_out(t.id)], by=roster.source)
    with study.store() as store, store.writing():
        digests = store.digests()
        fresh: list[Transcript] = []
        problems: list[Problem] = []
        for transcript in files.transcripts:
            if digests.get(transcript.id) not in {None, transcript.sha256}:
                problems.append(_changed(transcript))
            elif transcript.id not in digests:
                fresh.append(transcript)
        doubts = [_problem(d) for t in fresh for d in t.doubts]
        silent = [_silent(t) for t in fresh if all(turn.role is not Role.PARTICIPANT for turn in t.turns)]
        speakers, more = _speakers(fresh, roster, needs_labels=needs_dialogue and not accept_doubts)
        if needs_dialogue:
            problems += [*_again(fresh, digests), *silent, *([] if accept_doubts else doubts)]
        if problems or more:
            raise InputError([*problems, *more])
        segments = 0
        languages: dict[str, tuple[str, ...]] = {}
        words = [count for t in fresh for count in word_counts(t, speakers[t.id])]
        notes = [f"{t.id}: {note}" for t in fresh for note in t.notes]
        notes += [f"{d.where}: {d.what}" for d in (*doubts, *silent)]
        store.add_participants(roster.participants)
        for done, transcript in enumerate(fresh, start=1):
            cut = segmentation_of(
                transcript,
                participants=speakers[transcript.id],
                strategy=cast("Strategy", study.settings.strategy),
                target_words=study.settings.target_words,
                language=study.settings.language,
            )
            table = segments_table(list(cut.segments))
            turns = _turns_table(transcript, speakers[transcript.id])
            store.add_transcript(transcript, turns=turns, segments=table)
            segments += len(table)
            languages[cut.language] = (*languages.get(cut.language, ()), transcript.id)
            notes += [f"{transcript.id}: {note}" for note in cut.notes]
            if progress is not None:
                progress(done, len(fresh))
        if store_more is not None:
            store_more(store)
        return IntakeReport(
            transcripts=len(fresh),
            turns=sum(len(t.turns) for t in fresh),
            segments=segments,
            participants=len(roster.participants),
            known=tuple(t.id for t in files.transcripts if t.id in digests),
            left_out=files.left_out,
            notes=tuple(notes),
            languages=languages,
            words=tuple(words),
        )


def _speakers(
    transcripts: Sequence[Transcript], roster: Roster, *, needs_labels: bool
) -> tuple[dict[str, Mapping[str, str]], list[Problem]]:
    """Return the participants behind the labels of every transcript, and what stands in the way."""
    speakers: dict[str, Mapping[str, str]] = {}
    problems: list[Problem] = []
    for transcript in transcripts:
        problems += roster.strangers_in(transcript)
        if all(t.role is not Role.PARTICIPANT for t in transcript.turns):
            speakers[transcript.id] = {}
            continue
        try:
            speakers[transcript.id] = roster.speakers_of(transcript, needs_labels=needs_labels)
        except InputError as error:
            problems += error.problems
    return speakers, problems


def _problem(doubt: Doubt) -> Problem:
    """Return a doubt as what stands in the way of storing a transcript."""
    return Problem(
        what=doubt.what,
        where=doubt.where,
        expected="a person's word on it: 'subtheme import --preview' shows the readings",
        remedy=f"{doubt.remedy}. Or take the likelier reading with --accept-doubts",
    )


def _silent(transcript: Transcript) -> Problem:
    return Problem(
        what="no turn of a participant",
        where=transcript.source,
        expected="at least one speaker with the role participant",
        remedy="Give the roles with --roles FILE or --role LABEL=participant",
    )


def refusals(transcripts: Sequence[Transcript], roster: Roster) -> list[Problem]:
    """Return what would stand in the way of taking transcripts in with a roster: labels and texts that are nobody's."""
    kept = [t for t in transcripts if not roster.leaves_out(t.id)]
    return _speakers(kept, roster, needs_labels=False)[1]


def _again(fresh: Sequence[Transcript], digests: Mapping[str, str]) -> list[Problem]:
    """Return a problem for every transcript whose text is known under another name: its words would count twice."""
    names = {digest: name for name, digest in digests.items()}
    problems = []
    for transcript in fresh:
        first = names.setdefault(transcript.sha256, transcript.id)
        if first != transcript.id:
            problems.append(
                Problem(
                    what=f"transcript {shown(transcript.id)} has the very text of '{first}'",
                    where=transcript.source,
                    expected="each interview once, or its words would count twice",
                    remedy="Leave one of the files out",
                )
            )
    return problems


def _changed(transcript: Transcript) -> Problem:
    return Problem(
        what=f"transcript {shown(transcript.id)} has another text than the one in the study",
        where=transcript.source,
        expected="the text that was imported first: codings point into it",
        remedy="Import a corrected transcript under a new name",
    )


def _turns_table(transcript: Transcript, speakers: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        {
            "transcript": transcript.id,
            "turn": turn.number,
            "speaker": turn.speaker,
            "role": turn.role.value,
            "participant": speakers[turn.speaker] if turn.role is Role.PARTICIPANT else "",
            "start_char": turn.start_char,
            "end_char": turn.end_char,
            "start_s": turn.start_s,
            "end_s": turn.end_s,
        }
        for turn in transcript.turns
    ]
    return TURNS.check(pd.DataFrame(rows, columns=list(TURNS.names)), source=transcript.source)
