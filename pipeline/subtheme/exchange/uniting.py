"""Uniting a study with a bundle: events by where they were first written, texts and people by their content."""

import json
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from subtheme.errors import InputError, Problem
from subtheme.exchange.bundle import Bundle
from subtheme.exchange.code_matches import match_codes
from subtheme.exchange.coder_names import CoderWays
from subtheme.files import Store, StudyFolder, schema
from subtheme.files.examination import changed_tables
from subtheme.files.ledger import THEN
from subtheme.files.log import digest_of_content, in_order
from subtheme.files.rows import digest_of_rows
from subtheme.judgements import judgements_of
from subtheme.nouns import JUDGING, Event, EventKind, Value, content_id

_MOST_NAMED = 5
_TEXTS = (schema.transcripts, schema.turns, schema.segments)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class United:
    """What a bundle brought into a study.

    Attributes
    ----------
    events : int
        How many were new, each uid once; events that only tell of an earlier union are not counted.
    transcripts, participants : int
        How many were new.
    coders : tuple of str
        Who came with new events, by their names here.
    joined : mapping of str to int
        Coders who were said to be one with somebody here, and on how many segments and codes the two held different
        things: there the later word holds now.
    notes : tuple of str
        What the person should know.
    """

    events: int
    transcripts: int = 0
    participants: int = 0
    coders: tuple[str, ...] = ()
    joined: Mapping[str, int] | None = None
    notes: tuple[str, ...] = ()


def unite(study: StudyFolder, bundle: Bundle, *, ways: CoderWays | None = None) -> United:
    """Bring everything that a bundle holds into a study; all or nothing.

    Into an empty study its log is copied as it is, so that the study has the anchor of its origin. Else events that
    are not here yet are appended, and one more tells of the anchor.

    Parameters
    ----------
    study : StudyFolder
    bundle : Bundle
    ways : CoderWays, optional
        Who is who, where a name is here already.

    Raises
    ------
    InputError
        If a coder's name means somebody else here perhaps, the codebook lacks a code that was judged, a text, its
        segments or a participant are others here, or the two logs contradict each other. Nothing is stored then.
    """
    with study.store() as store, store.writing():
        union = _Union(study=study, store=store, bundle=bundle, ways=ways or CoderWays())
        return union.copied() if store.length() == 0 else union.united()


class _Union:
    def __init__(self, *, study: StudyFolder, store: Store, bundle: Bundle, ways: CoderWays) -> None:
        self.study = study
        self.store = store
        self.bundle = bundle
        self.ways = ways
        self.texts = dict(bundle.texts)
        self.rows: list[dict[str, Any]] = bundle.tables["events"]
        self.notes: list[str] = []

    def copied(self) -> United:
        """Copy the log and everything else into the empty store."""
        self._refuse_missing_codes(self.rows)
        self._put_tables()
        self.store.put_facts({**self.bundle.facts, "study_id": self.bundle.study_id})
        new = self.store.append_foreign(self.rows, self.texts)
        self.store.put_proposals(self.bundle.tables["proposals"])
        self._hold_against_log([])
        return United(
            events=new,
            transcripts=len(self.bundle.tables["transcripts"]),
            participants=len(self.bundle.tables["participants"]),
            coders=_coders(self.rows),
            notes=tuple(self.notes),
        )

    def united(self) -> United:
        """Add what the store does not have."""
        before = changed_tables(self.store)
        own = {(row["replica"], row["number"]): row for row in self.store.rows(schema.events)}
        self._with_codes_of_then()
        fresh = self._not_in(own)
        names, joined = self._names(own, fresh)
        self._refuse_missing_codes(fresh)
        self._rename(names)
        told = [row for row in self._not_in(own) if row["kind"] != EventKind.UNITED]
        uids = {row["uid"] for row in own.values()}
        new = [row for row in told if row["uid"] not in uids]
        transcripts, participants = self._put_tables()
        self.store.append_foreign(self.rows, self.texts)
        if told:
            anchor = str(self.bundle.anchor)
            uid = content_id("event", EventKind.UNITED.value, anchor)
            at_us = time.time_ns() // 1000
            self.store.append([Event(uid=uid, kind=EventKind.UNITED, value=anchor, at_us=at_us)])
        self._put_proposals()
        self._hold_against_log(before)
        return United(
            events=len(new),
            transcripts=transcripts,
            participants=participants,
            coders=_coders(new),
            joined=joined,
            notes=tuple(self.notes),
        )

    def _not_in(self, own: Mapping[tuple[str, int], Row]) -> list[dict[str, Any]]:
        return [row for row in self.rows if (row["replica"], row["number"]) not in own]

    # -- who is who -----------------------------------------------------------------------------------

    def _names(self, own: Mapping[tuple[str, int], Row], fresh: Sequence[Row]) -> tuple[dict[str, str], dict[str, int]]:
        """Return the name here of everybody in the bundle, and of those who were joined on how much they differ."""
        known: dict[str, str] = {}
        for row in self.rows:
            here = own.get((row["replica"], row["number"]))
            if here is not None:
                if here["uid"] not in {row["uid"], _uid_by(row["uid"], here["coder"])}:
                    raise InputError(
                        Problem(
                            what=f"event {row['number']} of store {row['replica']} is another one here",
                            where=self.bundle.file,
                            expected="logs that go on from each other, or begin apart",
                            remedy="A database was put in the place of an older or newer one by hand. "
                            "See both with 'subtheme doctor'",
                        )
                    )
                if row["coder"]:
                    known[row["coder"]] = here["coder"]
        incoming = {row["coder"] for row in self.rows if row["coder"]}
        active = {row["coder"] for row in fresh if row["coder"]}
        here_too = {row["coder"] for row in own.values() if row["coder"]}
        settled = {name: name for name in incoming - active} | known
        doubtful = {n for n in active if self.ways.renamed.get(n, n) in here_too and n not in known}
        differing = {name: self._differing(name) for name in sorted(doubtful)}
        names = self.ways.names(incoming, here=here_too, known=settled, differing=differing, where=self.bundle.file)
        return names, {names[n]: differing[n] for n in doubtful if names[n] in here_too}

    def _differing(self, coder: str) -> int:
        """Return on how many segments and codes two of one name hold different things."""
        segments = self.store.segments()
        here = self.ways.renamed.get(coder, coder)
        own = judgements_of(self.store.events(), segments, self.study.codebook, coders=[here])
        there = judgements_of(self._incoming_events(), segments, self.study.codebook, coders=[coder])
        if not (own.coders and there.coders):
            return 0
        held, told = own.value[0], there.value[0]
        return int(((held != told) & (held != Value.OPEN) & (told != Value.OPEN)).sum())

    def _incoming_events(self) -> list[Event]:
        rows = sorted(self.rows, key=lambda r: (r["replica"], r["number"]))
        return [logged.event for logged in in_order(rows, self.texts)]

    def _rename(self, names: Mapping[str, str]) -> None:
        """Give everybody the name that they have here; an event of another name is another event."""
        uids = {
            row["uid"]: _uid_by(row["uid"], names[row["coder"]])
            for row in self.rows
            if row["coder"] and names[row["coder"]] != row["coder"]
        }
        if uids:
            self.rows = [
                {
                    **row,
                    "uid": uids.get(row["uid"], row["uid"]),
                    "reply_to": uids.get(row["reply_to"], row["reply_to"]),
                    "coder": names.get(row["coder"], row["coder"]),
                }
                for row in self.rows
            ]

    # -- codes ------------------------------------------------------------------------------------------

    def _with_codes_of_then(self) -> None:
        """State in the rows themselves for which codes readings of an older store were readings."""
        known = self.bundle.facts.get("codes_of_then", "")
        then = {digest for digest, text in self.texts.items() if THEN in text}
        if known and then:
            digest = digest_of_content(known)
            self.texts[digest] = known
            self.rows = [{**row, "codes": digest} if row["codes"] in then else row for row in self.rows]

    def _refuse_missing_codes(self, fresh: Sequence[Row]) -> None:
        """Refuse new judgements on codes that the bundle's codebook has and the one here lacks."""
        here, there = self.study.codebook, self.bundle.codebook
        judged: dict[str, int] = defaultdict(int)
        for row in fresh:
            if row["kind"] in JUDGING:
                for code in {row["code"], *json.loads(self.texts.get(row["codes"], "{}"))} - {"", THEN}:
                    judged[code] += 1
        lacking = sorted(c for c in judged if c in there.by_id and c not in here.by_id)
        named = dict(match_codes(there, here).found) if lacking else {}
        other = [c for c in lacking if c in named]
        problems = [
            Problem(
                what=f"code '{code}' of the file is '{named[code]}' here",
                where=self.bundle.file,
                expected="one id for one code",
                remedy="Give it the same id in the codebook.toml of one of the two studies",
            )
            for code in other[:_MOST_NAMED]
        ]
        if new := [c for c in lacking if c not in named]:
            shown = ", ".join(new[:_MOST_NAMED]) + (f" and {len(new) - _MOST_NAMED} more" if new[_MOST_NAMED:] else "")
            problems.append(
                Problem(
                    what=f"the codebook here lacks codes that were judged there: {shown}",
                    where=self.bundle.file,
                    expected="a codebook with these codes, or their judgements would count nowhere",
                    remedy=f"Add them with 'subtheme codebook add {self.bundle.file}', then import again",
                )
            )
        if problems:
            raise InputError(problems)
        self._note_codes(judged)

    def _note_codes(self, judged: Mapping[str, int]) -> None:
        here, there = self.study.codebook, self.bundle.codebook
        retired = sorted(c for c in judged if c not in here.by_id)
        if retired:
            number = sum(judged[c] for c in retired)
            self.notes.append(f"{number} events are about codes that neither codebook has: {', '.join(retired)}")
        other = [c for c in here.by_id if c in there.by_id and here.definitions[c] != there.definitions[c]]
        if other:
            self.notes.append(f"{len(other)} codes mean something else there: {', '.join(other[:_MOST_NAMED])}")
        there_level, level = self.bundle.settings.get("level"), self.study.settings.level
        if there_level not in {None, level}:
            self.notes.append(f"there the level '{there_level}' is scored, here '{level}'")

    # -- texts, people, proposals -----------------------------------------------------------------------

    def _put_tables(self) -> tuple[int, int]:
        """Store transcripts and participants that are not here; return how many of each."""
        problems = [*self._other_texts(), *self._other_people()]
        if problems:
            raise InputError(problems)
        people = {row["participant"] for row in self.store.rows(schema.participants)}
        new_people = [r for r in self.bundle.tables["participants"] if r["participant"] not in people]
        self.store.put_rows(schema.participants, new_people)
        known = set(self.store.digests())
        for table in _TEXTS:
            new = [row for row in self.bundle.tables[table.name] if row["transcript"] not in known]
            self.store.put_rows(table, new)
        return sum(r["transcript"] not in known for r in self.bundle.tables["transcripts"]), len(new_people)

    def _other_texts(self) -> list[Problem]:
        own = self.store.digests()
        names = {digest: name for name, digest in own.items()}
        here = _digests({table.name: self.store.rows(table) for table in _TEXTS})
        there = _digests(self.bundle.tables)
        problems = []
        for row in self.bundle.tables["transcripts"]:
            name, digest = row["transcript"], row["sha256"]
            if name in own and own[name] != digest:
                what, expected = f"transcript '{name}' has another text here", "one text of one name"
            elif name in own and here[name] != there[name]:
                what, expected = f"transcript '{name}' has other turns or segments here", "the same cuts and speakers"
            elif name not in own and digest in names:
                what, expected = f"transcript '{name}' is '{names[digest]}' here", "one name for one text"
            else:
                continue
            problems.append(
                Problem(
                    what=what,
                    where=self.bundle.file,
                    expected=expected,
                    remedy="Judgements point into it. Import it into a new study, and take its codings by --codings",
                )
            )
        return problems[:_MOST_NAMED]

    def _other_people(self) -> list[Problem]:
        own = {row["participant"]: row for row in self.store.rows(schema.participants)}
        return [
            Problem(
                what=f"participant '{row['participant']}' is in case '{row['case']}' there",
                where=self.bundle.file,
                expected=f"case '{own[row['participant']]['case']}' with the level "
                f"'{own[row['participant']]['level']}', as here",
                remedy="Place them alike in both studies",
            )
            for row in self.bundle.tables["participants"]
            if row["participant"] in own and own[row["participant"]] != row
        ][:_MOST_NAMED]

    def _put_proposals(self) -> None:
        """Keep the proposals that the last event of both logs names."""
        last = [e.value for e in self.store.events() if e.kind is EventKind.PROPOSED]
        there = self.bundle.tables["proposals"]
        if last and last[-1] == digest_of_rows(there) != digest_of_rows(self.store.rows(schema.proposals)):
            self.store.put_proposals(there)

    def _hold_against_log(self, before: Sequence[Problem]) -> None:
        """Refuse tables that are not as the log of the bundle says that they were taken in."""
        if wrong := [p for p in changed_tables(self.store) if p not in before]:
            remedy = "The bundle was changed, or its study was: see 'subtheme doctor' there"
            raise InputError([replace(p, where=self.bundle.file, remedy=remedy) for p in wrong[:_MOST_NAMED]])


def _digests(tables: Mapping[str, Sequence[Row]]) -> dict[str, str]:
    """Return the digest of text, turns and segments of every transcript, as the log has it."""
    own: dict[str, list[Row]] = {row["transcript"]: [{"sha256": row["sha256"]}] for row in tables["transcripts"]}
    for name in ("turns", "segments"):
        for row in tables[name]:
            own[row["transcript"]].append(row)
    return {name: digest_of_rows(rows) for name, rows in own.items()}


def _coders(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(sorted({row["coder"] for row in rows if row["coder"]}))


def _uid_by(uid: str, coder: str) -> str:
    return content_id("event", uid, "by", coder)
