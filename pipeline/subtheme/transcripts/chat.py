"""CHAT (.cha): ``*INV:`` lines with media bullets; dependent tiers and headers are no speech."""

import re

from subtheme.bytes.encodings import decoded
from subtheme.errors import InputError, Problem
from subtheme.nouns import Role, canonical_text
from subtheme.transcripts.draft import Draft, Source, Utterance, plural
from subtheme.transcripts.rendering import merged, rendered
from subtheme.transcripts.role_words import role_of_label

_MAIN = re.compile(r"\*([^:\s]{1,40}):\s*(.*)", re.DOTALL)
_BULLET = re.compile(r"[ \t]{0,8}\x15(\d{1,12})_(\d{1,12})-?\x15")
_OLD_BULLET = re.compile(r"[ \t]{0,8}\x15[^\x15\n]{0,199}\x15")


def read_chat(source: Source) -> Draft:
    """Read a CHAT file; neighbouring utterances of one speaker become one turn.

    The roles of the header ``@Participants`` are used where they say interviewer or participant.

    Raises
    ------
    InputError
        If there is no line ``*SPEAKER:``.
    """
    content = decoded(source.data, where=source.name, encoding=source.encoding)
    text = canonical_text(content.text, where=source.name)
    records = re.sub(r"\n[ \t]+", " ", text).split("\n")
    utterances: list[Utterance] = []
    dropped = 0
    declared: dict[str, Role] = {}
    for record in records:
        if record.startswith("%"):
            dropped += 1
        elif record.lower().startswith("@participants:"):
            declared = _declared(record.partition(":")[2])
        elif match := _MAIN.match(record):
            utterances.append(_utterance(match[1], match[2]))
    if not utterances:
        raise InputError(
            Problem(what="no line of speech", where=source.name, expected="CHAT lines such as *PAR: and words")
        )
    notes = [f"{plural(dropped, 'dependent tier line')} (%) were left out"] if dropped else []
    return rendered(
        merged(utterances),
        where=source.name,
        grammar="cha/chat",
        encoding=content.encoding,
        notes=notes,
        declared=declared,
    )


def _utterance(speaker: str, line: str) -> Utterance:
    times = [(int(a) / 1000, int(b) / 1000) for a, b in _BULLET.findall(line)]
    return Utterance(
        speaker=speaker,
        words=_OLD_BULLET.sub("", _BULLET.sub("", line)),
        start_s=times[0][0] if times else None,
        end_s=times[-1][1] if times else None,
    )


def _declared(header: str) -> dict[str, Role]:
    roles = {}
    for entry in header.split(","):
        words = entry.split()
        role = role_of_label(words[-1]) if len(words) > 1 else None
        if role is not None:
            roles[words[0]] = role
    return roles
