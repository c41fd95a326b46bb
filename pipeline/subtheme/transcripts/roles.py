"""Who speaks: a guess with its reason for every speaker, and the roles that a person gives instead."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from subtheme.bytes.encodings import SAVE_TABLE, decoded
from subtheme.bytes.guards import read_bytes
from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.nouns import Role, Transcript, folded
from subtheme.tablefiles import read_table_file
from subtheme.transcripts import label_words

_WORDS = re.compile(r"[^\W\d_]+")

RolesByTranscript = dict[str, dict[str, Role]]
"""Transcript (empty for all) to speaker to role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGuess:
    """A role and why it was chosen.

    Attributes
    ----------
    role : Role
    guessed_from : str
        The reason, in words for the person who checks it.
    """

    role: Role
    guessed_from: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Talk:
    turns: int
    questions: int
    words: int


def role_of_label(label: str) -> Role | None:
    """Return the role that a speaker's label names by itself, or None where it is just a name.

    >>> role_of_label("INT1"), role_of_label("Participant 3"), role_of_label("Dan")
    (<Role.INTERVIEWER: 'interviewer'>, <Role.PARTICIPANT: 'participant'>, None)
    """
    words = [w.casefold() for w in _WORDS.findall(label)]
    found = set(words)
    if found & label_words.INTERVIEWER:
        return Role.INTERVIEWER
    if found & label_words.PARTICIPANT:
        return Role.PARTICIPANT
    if found & label_words.OTHER:
        return Role.OTHER
    if len(words) == 1 and words[0] in label_words.INTERVIEWER_ALONE:
        return Role.INTERVIEWER
    if len(words) == 1 and words[0] in label_words.PARTICIPANT_ALONE:
        return Role.PARTICIPANT
    return None


def names_role_in_full(label: str) -> bool:
    """Return whether `label` holds a whole word such as ``MODERATOR``, which stands for a speaker even once."""
    return bool({w.casefold() for w in _WORDS.findall(label)} & (label_words.INTERVIEWER | label_words.PARTICIPANT))


def guess_roles(turns: Iterable[tuple[str, str]]) -> dict[str, RoleGuess]:
    """Return a role with its reason for every speaker of one transcript.

    A label that names a role decides. Otherwise, where no interviewer is named, the speaker who asks
    most is the interviewer if at least two turns and a third of the turns hold a question, a larger
    share than anybody else's, with fewer words than the speaker who talks most. Everybody else is a
    participant. Speech without a speaker is a participant's where only interviewers are named, and
    nobody's (`Role.OTHER`) where participants are.

    Parameters
    ----------
    turns : iterable of (str, str)
        Speaker and words of every turn.

    Returns
    -------
    dict of str to RoleGuess
        In order of first appearance.
    """
    talks: dict[str, _Talk] = {}
    for speaker, words in turns:
        old = talks.get(speaker, _Talk(turns=0, questions=0, words=0))
        talks[speaker] = _Talk(
            turns=old.turns + 1,
            questions=old.questions + any(mark in words for mark in "?？؟"),
            words=old.words + len(words.split()),
        )
    guesses: dict[str, RoleGuess] = {}
    for speaker in talks:
        role = role_of_label(speaker) if speaker else None
        if role is not None:
            guesses[speaker] = RoleGuess(role=role, guessed_from="the label names the role")
    open_speakers = [s for s in talks if s and s not in guesses]
    if any(g.role is Role.INTERVIEWER for g in guesses.values()):
        reason = "somebody else is the interviewer by label"
    else:
        asker = _asker(open_speakers, talks, alone=not guesses)
        if asker:
            talk = talks[asker]
            guesses[asker] = RoleGuess(
                role=Role.INTERVIEWER,
                guessed_from=f"asks most: a question in {talk.questions} of {talk.turns} turns, with fewer words",
            )
            reason = "answers more than asks"
        else:
            reason = "the only speaker" if len(talks) == 1 else "no speaker clearly asks the questions"
    for speaker in open_speakers:
        guesses.setdefault(speaker, RoleGuess(role=Role.PARTICIPANT, guessed_from=reason))
    if "" in talks:
        if any(g.role is Role.PARTICIPANT for g in guesses.values()):
            guesses[""] = RoleGuess(role=Role.OTHER, guessed_from="no speaker named where others are")
        else:
            why = "no speaker named; only interviewers are" if guesses else "no speakers named"
            guesses[""] = RoleGuess(role=Role.PARTICIPANT, guessed_from=why)
    return {s: guesses[s] for s in talks}


def _asker(candidates: list[str], talks: Mapping[str, _Talk], *, alone: bool) -> str:
    """Return the speaker who clearly asks, or an empty string. Shares are compared as whole numbers."""
    if not candidates or (alone and len(candidates) < 2):
        return ""
    named = [s for s in talks if s]
    most_words = max(talks[s].words for s in named)
    best = max(candidates, key=lambda s: (talks[s].questions / talks[s].turns, talks[s].turns))
    talk = talks[best]
    is_rivalled = any(talks[s].questions * talk.turns >= talk.questions * talks[s].turns for s in named if s != best)
    if talk.questions < 2 or 3 * talk.questions < talk.turns or is_rivalled or talk.words >= most_words:
        return ""
    return best


def with_roles(transcript: Transcript, roles: Mapping[str, Role]) -> Transcript:
    """Return `transcript` with the roles of the speakers that `roles` names, whatever the case of letters."""
    given = {folded(s): role for s, role in roles.items()}
    turns = tuple(replace(t, role=given.get(folded(t.speaker), t.role)) for t in transcript.turns)
    return replace(transcript, turns=turns)


def roles_for(roles: RolesByTranscript, transcript: str) -> dict[str, Role]:
    """Return the roles that hold in `transcript`: those for all, overridden by its own."""
    own = {folded(s): r for s, r in roles.get(transcript, {}).items()}
    return {folded(s): r for s, r in roles.get("", {}).items()} | own


def unmatched_speakers(roles: RolesByTranscript, transcripts: Iterable[Transcript]) -> list[Problem]:
    """Return a problem for every transcript or speaker of `roles` that none of `transcripts` has."""
    speakers = {t.id: list(t.speakers) for t in transcripts}
    everyone = [s for each in speakers.values() for s in each]
    problems = []
    for transcript, given in roles.items():
        if transcript and transcript not in speakers:
            remedy = suggestion(transcript, speakers)
            problems.append(Problem(what=f"no transcript {shown(transcript)} for the roles given", remedy=remedy))
            continue
        known = speakers.get(transcript, everyone)
        for speaker in given:
            if folded(speaker) not in {folded(s) for s in known}:
                where = f"transcript {shown(transcript)}" if transcript else ""
                problems.append(
                    Problem(what=f"no speaker {shown(speaker)}", where=where, remedy=suggestion(speaker, known))
                )
    return problems


def read_roles(path: Path) -> RolesByTranscript:
    """Read who is who from a .csv, .xlsx or .toml file.

    A table has the columns ``speaker``, ``role`` and, if wanted, ``transcript``. A .toml has a table
    ``[roles]`` of ``speaker = "role"`` for all transcripts, and ``[transcripts.<id>]`` for one.

    Returns
    -------
    dict of str to dict of str to Role
        Transcript (empty for all) to speaker to role.

    Raises
    ------
    InputError
        With every problem: another ending, missing column, unknown role, a speaker twice.
    """
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx", ".toml"):
        raise InputError(
            Problem(what=f"the ending '{suffix}'", where=path.name, expected="a roles file: .csv, .xlsx or .toml")
        )
    if suffix == ".toml":
        text = decoded(read_bytes(path), where=path.name, remedy=SAVE_TABLE).text
        rows = _rows_of_toml(text, path.name)
    else:
        rows = _rows_of_table(path)
    roles: RolesByTranscript = {}
    problems: list[Problem] = []
    seen: set[tuple[str, str]] = set()
    for where, transcript, speaker, word in rows:
        known = [r.value for r in Role]
        if word.strip().casefold() not in known:
            what = f"the role {shown(word)}" if word else "no role"
            problems.append(
                Problem(what=what, where=where, expected=f"one of {', '.join(known)}", remedy=suggestion(word, known))
            )
        elif (transcript, folded(speaker)) in seen:
            problems.append(
                Problem(what=f"the speaker {shown(speaker)} again", where=where, expected="each speaker once")
            )
        else:
            seen.add((transcript, folded(speaker)))
            roles.setdefault(transcript, {})[speaker] = Role(word.strip().casefold())
    if problems:
        raise InputError(problems)
    return roles


def _rows_of_table(path: Path) -> list[tuple[str, str, str, str]]:
    table = read_table_file(path, known=("transcript", "speaker", "role"))
    header = [folded(h) for h in table.headings]
    missing = [c for c in ("speaker", "role") if c not in header]
    if missing:
        raise InputError(
            [
                Problem(
                    what=f"column '{c}' is missing",
                    where=table.name,
                    expected="the columns speaker, role and, if wanted, transcript",
                    remedy=suggestion(c, header) or f"Found: {', '.join(map(shown, table.headings))}",
                )
                for c in missing
            ]
        )
    rows = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        cells = {c: cell.strip() for c, cell in zip(header, row, strict=True)}
        rows.append((table.where(number), cells.get("transcript", ""), cells["speaker"], cells["role"]))
    return rows


def _rows_of_toml(text: str, name: str) -> list[tuple[str, str, str, str]]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(Problem(what=f"not valid TOML ({error})", where=name)) from None
    for key in data:
        if key not in ("roles", "transcripts"):
            raise InputError(
                Problem(
                    what=f"the key '{key}'",
                    where=name,
                    expected="[roles] and [transcripts.<id>]",
                    remedy=suggestion(key, ("roles", "transcripts")),
                )
            )
    tables = {"": data.get("roles", {})}
    own = data.get("transcripts", {})
    tables |= own if isinstance(own, dict) else {"transcripts": own}
    rows = []
    for transcript, table in tables.items():
        where = f"{name}, [transcripts.{transcript}]" if transcript else f"{name}, [roles]"
        if not isinstance(table, dict):
            raise InputError(Problem(what="not a table", where=where, expected='speaker = "role"'))
        rows += [(where, transcript, str(s), r if isinstance(r, str) else "") for s, r in table.items()]
    return rows
