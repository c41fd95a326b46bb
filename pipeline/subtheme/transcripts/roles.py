"""The roles that a person gives, instead of those that are guessed."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from subtheme.bytes.encodings import SAVE_TABLE, decoded
from subtheme.bytes.guards import read_bytes
from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.nouns import Role, Transcript, folded
from subtheme.tablefiles import read_table_file

NO_LABEL = "(no label)"
"""What stands for speech without a speaker where a person names speakers."""

RolesByTranscript = dict[str, dict[str, Role]]
"""Transcript (empty for all) to speaker to role."""


def label_key(label: str) -> str:
    """Return a label as labels are compared: folded, and empty for speech without a speaker.

    >>> label_key(" P1 "), label_key("(no label)")
    ('p1', '')
    """
    key = folded(label)
    return "" if key == NO_LABEL else key


def with_roles(transcript: Transcript, roles: Mapping[str, Role]) -> Transcript:
    """Return `transcript` with the roles of the speakers that `roles` names, whatever the case of letters."""
    given = {label_key(s): role for s, role in roles.items()}
    turns = tuple(replace(t, role=given.get(label_key(t.speaker), t.role)) for t in transcript.turns)
    return replace(transcript, turns=turns)


def roles_for(roles: RolesByTranscript, transcript: str) -> dict[str, Role]:
    """Return the roles that hold in `transcript`: those for all, overridden by its own."""
    own = {label_key(s): r for s, r in roles.get(transcript, {}).items()}
    return {label_key(s): r for s, r in roles.get("", {}).items()} | own


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
            if label_key(speaker) not in {label_key(s) for s in known}:
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
