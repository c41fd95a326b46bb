"""What a project of another program brings into a study: which texts, people and codings, and what is left out."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from subtheme.codings.anchor import anchor
from subtheme.errors import InputError, Problem
from subtheme.exchange.carried_events import CarriedEvents, carried_by, is_carrier
from subtheme.exchange.code_matches import match_codes
from subtheme.exchange.loss import Dropped
from subtheme.exchange.people_ways import PeopleWays
from subtheme.exchange.refi_model import RefiNote, RefiProject
from subtheme.exchange.refi_people import People
from subtheme.exchange.returning import Returning, stored_codings
from subtheme.exchange.speakers import participant_at, roster_of, unknown_labels
from subtheme.files import Roster, Store
from subtheme.nouns import (
    CODING_KEY,
    CODINGS,
    Codebook,
    Event,
    Origin,
    Role,
    Transcript,
    rows_of,
    sha256_of_text,
)
from subtheme.transcripts import (
    RolesByTranscript,
    roles_for,
    transcript_of_text,
    unmatched_speakers,
    with_roles,
)

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPlan:
    """What is to be stored, and what is not.

    Attributes
    ----------
    transcripts : tuple of Transcript
    roster : Roster
    codings : pandas.DataFrame
    events : tuple of Event
        What a study of ours wrote beside its codings, and is still there.
    matched : int
        Codings that come back as such events.
    memos : int
        Notes that became memos of codings.
    dropped : tuple of Dropped
    warnings : tuple of str
    """

    transcripts: tuple[Transcript, ...]
    roster: Roster
    codings: pd.DataFrame
    events: tuple[Event, ...]
    matched: int
    memos: int
    dropped: tuple[Dropped, ...]
    warnings: tuple[str, ...]

    @property
    def coders(self) -> set[str]:
        """The people who come in; a model is none."""
        by_people = self.codings[self.codings["origin"] != Origin.AUTO.value]
        return {*by_people["coder"], *(e.coder for e in self.events)}


@dataclass(slots=True, kw_only=True)
class ProjectPlanner:
    """The texts, people and codings of a project held against a study.

    Attributes
    ----------
    project : RefiProject
    codebook : Codebook
        Of the study.
    given : PeopleWays or Roster
    roles : dict
    own : mapping of str to Transcript
        Transcripts of the study by their id.
    turns, stored : pandas.DataFrame
        Turns of the study, and what was coded or confirmed in it.
    people : set of str
        Participants of the study.
    carried : CarriedEvents or None
        What a study of ours wrote beside the codings of the project.
    """

    project: RefiProject
    codebook: Codebook
    given: PeopleWays | Roster
    roles: RolesByTranscript
    own: Mapping[str, Transcript]
    turns: pd.DataFrame
    stored: pd.DataFrame
    people: set[str] = field(default_factory=set)
    carried: CarriedEvents | None = field(init=False)
    texts: dict[str, str] = field(init=False)
    dropped: list[Dropped] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.texts = self.project.texts
        self.carried, unread = carried_by(self.project.notes)
        if unread:
            self.warnings.append(f"{unread} judgements beside the codings cannot be read, and are left out")
        if self.carried is None and self.project.origin.startswith("subtheme"):
            self.warnings.append(
                "what subtheme wrote beside the codings is gone: absences, doubts and readings are not in this file, "
                "and nothing counts as read by it; state who read what with 'subtheme codings --readings'"
            )

    @classmethod
    def of_study(
        cls,
        project: RefiProject,
        codebook: Codebook,
        store: Store,
        *,
        people: PeopleWays | Roster,
        roles: RolesByTranscript,
    ) -> "ProjectPlanner":
        """Return the planner for a study that is open."""
        return cls(
            project=project,
            codebook=codebook,
            given=people,
            roles=roles,
            own={t.id: t for t in store.transcripts()},
            turns=store.turns(),
            stored=stored_codings(store, codebook),
            people=set(store.participants()["participant"]),
        )

    def readable(self) -> tuple[Transcript, ...]:
        """Return the texts that can be read; without the roles given where these fit nobody."""
        try:
            return tuple(self._transcripts().values())
        except InputError:
            return tuple(replace(self, roles={})._transcripts().values())

    def plan(self) -> ProjectPlan:
        """Return what is to be stored; refuses where it cannot be told who the participants are."""
        transcripts = self._transcripts()
        rows: pd.DataFrame = self.project.codings
        if isinstance(self.given, Roster):
            roster = self.given
            rows = rows.assign(participant="")
        else:
            people: People = self.given.people(self.project)
            rows = people.codings
            fresh = {n: t for n, t in transcripts.items() if t.id not in self.own}
            roster = roster_of(
                _newcomers(people, transcripts.keys() - fresh.keys()),
                fresh,
                cases=self.project.cases,
                source=self.project.loss.file,
            )
        transcripts = {n: self._without_strangers(t, roster) for n, t in transcripts.items()}
        memos, notes = self._memos()
        own = Returning(self.carried, self.project.codebook, self.codebook) if self.carried is not None else None
        self.people |= set(roster.participants["participant"])
        codings = self._codings(rows, transcripts, roster, memos, own)
        events = own.events(transcripts) if own is not None else ()
        self.dropped += own.lost if own is not None else []
        return ProjectPlan(
            transcripts=tuple(transcripts.values()),
            roster=roster,
            codings=codings,
            events=tuple(events),
            matched=own.found if own is not None else 0,
            memos=notes,
            dropped=tuple(self.dropped),
            warnings=tuple(self.warnings),
        )

    def _transcripts(self) -> dict[str, Transcript]:
        """Return the transcript of every text by the name of its source; the study's own where it has one."""
        by_text = {t.sha256: t for t in self.own.values()}
        found: dict[str, Transcript] = {}
        for source in self.project.sources:
            if source.text is None:
                continue
            if (own := by_text.get(sha256_of_text(source.text))) is not None:
                if own.id != source.name:
                    self.warnings.append(f"{source.name}: the study has this text as '{own.id}'")
                found[source.name] = own
                continue
            if source.name in self.own:
                self.warnings.append(
                    f"{source.name}: the study has another text of this name; codings go by their words"
                )
                found[source.name] = self.own[source.name]
                continue
            try:
                transcript = transcript_of_text(
                    source.text, name=source.name, source=self.project.loss.file, encoding=source.encoding
                )
            except InputError:
                self.dropped.append(Dropped(what="text", where=source.name, reason="it holds no words of anybody"))
                continue
            found[source.name] = with_roles(transcript, roles_for(self.roles, transcript.id))
        if self.roles and (problems := unmatched_speakers(self.roles, found.values())):
            raise InputError(problems)
        return found

    def _without_strangers(self, transcript: Transcript, roster: Roster) -> Transcript:
        """Return the transcript with labels that belong to no participant as those of others."""
        if (
            transcript.id in self.own
            or isinstance(self.given, Roster)
            or not (labels := unknown_labels(transcript, roster))
        ):
            return transcript
        self.warnings.append(f"{transcript.id}: {len(labels)} speaker labels belong to no participant and are others'")
        return with_roles(transcript, dict.fromkeys(labels, Role.OTHER))

    def _memos(self) -> tuple[dict[tuple[str, int, int], list[RefiNote]], int]:
        """Return the notes that stand at the place of a coding, to become its memo; the rest is dropped."""
        places = {(r.transcript, r.start_char, r.end_char) for r in rows_of(self.project.codings) if r.start_char >= 0}
        memos: dict[tuple[str, int, int], list[RefiNote]] = defaultdict(list)
        for note in self.project.notes:
            if is_carrier(note):
                continue
            place = (note.source, note.start_char, note.end_char)
            if place in places:
                memos[place].append(note)
            else:
                where = note.source or "the project"
                self.dropped.append(Dropped(what="note", where=where, reason="a study keeps memos of codings only"))
        return memos, sum(map(len, memos.values()))

    def _codings(
        self,
        rows: pd.DataFrame,
        transcripts: Mapping[str, Transcript],
        roster: Roster,
        memos: Mapping[tuple[str, int, int], Sequence[RefiNote]],
        own: Returning | None,
    ) -> pd.DataFrame:
        codes = match_codes(self.project.codebook, self.codebook)
        if codes.elsewhere:
            self.warnings.append(f"{len(codes.elsewhere)} codes stand in another branch of the study's codebook")
        if codes.missing:
            names = ", ".join(self.project.codebook.by_id[code].name for code in codes.missing[:_MOST_NAMED])
            more = f" and {len(codes.missing) - _MOST_NAMED} more" if codes.missing[_MOST_NAMED:] else ""
            self.warnings.append(
                f"the study's codebook lacks {len(codes.missing)} codes of the project ({names}{more}): "
                "'subtheme codebook add' adds them, and a second import then brings their codings"
            )
        speaking = {name: self._speaking(transcript, roster) for name, transcript in transcripts.items()}
        seen = {tuple(getattr(row, k) for k in CODING_KEY) for row in rows_of(self.stored)}
        kept = []
        for row in rows_of(rows):
            if own is not None and own.takes(row, people=self.people):
                continue
            transcript = transcripts.get(row.transcript)
            start, end, reason = self._place(row, transcript)
            turns = speaking.get(row.transcript, ())
            told = "" if transcript is not None and transcript.id in self.own else row.participant
            coding = {
                **row._asdict(),
                "participant": told or participant_at(turns, start, end) or row.participant or _alone(turns),
                "code": codes.found.get(row.code, ""),
                "transcript": transcript.id if transcript else "",
                "start_char": start,
                "end_char": end,
                "memo": _memo(row.memo, memos.get((row.transcript, row.start_char, row.end_char), ())),
            }
            key = tuple(coding[k] for k in CODING_KEY)
            if not coding["code"]:
                reason = f"the study's codebook has no code '{self.project.codebook.by_id[row.code].name}'"
            elif not coding["participant"]:
                reason = "it cannot be told which participant it belongs to"
            elif not reason and key in seen:
                reason = "the study has it already"
            if reason:
                where = f"{row.transcript}, characters {row.start_char}-{row.end_char}, {row.code}"
                self.dropped.append(Dropped(what="coding", where=where, reason=reason))
            else:
                seen.add(key)
                kept.append(coding)
        self._refuse_strangers(codes.found, rows)
        return CODINGS.check(pd.DataFrame(kept, columns=list(CODINGS.names)), source=self.project.loss.file)

    def _place(self, row: Any, transcript: Transcript | None) -> tuple[int, int, str]:
        """Return the span of a coding in the study's text, and why it has none where it should have one."""
        if transcript is None or row.start_char < 0:
            return -1, -1, ""
        text = self.texts[row.transcript]
        if transcript.text == text:
            return row.start_char, row.end_char, ""
        found = anchor(text[row.start_char : row.end_char], transcript.text)
        if found.is_unique:
            return *found.spans[0], ""
        return -1, -1, f"the study has another text of that name: {found.reason}"

    def _speaking(self, transcript: Transcript, roster: Roster) -> list[tuple[int, int, str]]:
        """Return the spans of participants' turns, with who speaks."""
        if transcript.id in self.own:
            rows = self.turns[(self.turns["transcript"] == transcript.id) & (self.turns["participant"] != "")]
            return [(r.start_char, r.end_char, r.participant) for r in rows_of(rows)]
        turns = [t for t in transcript.turns if t.role is Role.PARTICIPANT]
        who = roster.speakers_of(transcript) if turns else {}
        return [(t.start_char, t.end_char, who[t.speaker]) for t in turns]

    def _refuse_strangers(self, found: Mapping[str, str], rows: pd.DataFrame) -> None:
        """Refuse a project none of whose coded codes the study has: it is another study's."""
        used = Counter(rows["code"])
        if used and not any(code in found for code in used):
            raise InputError(
                Problem(
                    what="the study's codebook has none of the codes that are coded here",
                    where=self.project.loss.file,
                    expected=f"one of {', '.join(list(self.codebook.by_id)[:10])} or more",
                    remedy="Make a study of the project: name a new folder with --study; or add its codes with "
                    "'subtheme codebook add'",
                )
            )


def _alone(turns: Sequence[tuple[int, int, str]]) -> str:
    """Return the only participant of a transcript, whose interview it is whoever speaks; empty where there are more."""
    people = {who for _, _, who in turns}
    return next(iter(people)) if len(people) == 1 else ""


def without_nobodys(project: RefiProject, people: PeopleWays | Roster) -> RefiProject:
    """Return the project without the texts for which a table of participants names nobody."""
    if not isinstance(people, Roster):
        return project
    return project.without([s.name for s in project.sources if people.leaves_out(s.name)])


def _newcomers(people: People, known: Collection[str]) -> People:
    """Return the participants without those all of whose texts the study has, and knows its own people of."""
    sources = {name: found for name, found in people.sources.items() if not found or set(found) - set(known)}
    rows = people.participants
    return replace(people, participants=rows[rows["participant"].isin(list(sources))], sources=sources)


def _memo(own: str, notes: Sequence[RefiNote]) -> str:
    return "\n".join(dict.fromkeys(filter(None, (own, *(n.text for n in notes)))))
