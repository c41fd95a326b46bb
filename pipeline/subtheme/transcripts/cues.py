"""Cue files: WebVTT (Zoom, Teams, Otter and plain captions) and SubRip."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from subtheme.bytes.encodings import decoded
from subtheme.errors import InputError, Problem
from subtheme.nouns import canonical_text
from subtheme.transcripts.draft import Draft, Source, Utterance, plural
from subtheme.transcripts.label_patterns import COLON
from subtheme.transcripts.labels import Heading, accepted, is_speaker_shaped, is_weak, label_of
from subtheme.transcripts.rendering import merged, rendered
from subtheme.transcripts.stamps import seconds

_CLOCK = r"(?:\d{1,4}:)?\d{1,2}:\d{1,2}(?:[.,:]\d{1,3})?"
_TIMING = re.compile(rf"\s*({_CLOCK})\s*-->\s*({_CLOCK})(?:\s.*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,99})?[ \t]+([^>]{0,199})>")
_TAG = re.compile(r"</?(?:c|i|b|u|v|ruby|rt|lang|font)(?:[.\s][^>]{0,199})?>|<\d[\d:.]{0,19}>", re.IGNORECASE)
_OVERRIDE = re.compile(r"\{\\[^}]{0,199}\}")
_WEBEX_ID = re.compile(r'\d+ +"([^"\n]{1,80})"')
_CUE_ID = re.compile(r"\d{1,6}|[0-9a-f-]{30,40}/\d+-\d+|\d+ +\"[^\"\n]{1,80}\".{0,40}")
_TEAMS_ID = re.compile(r"[0-9a-f-]{30,40}/\d+-\d+$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cue:
    lines: tuple[str, ...] = field(repr=False)
    start_s: float | None = None
    end_s: float | None = None
    id: str = ""


def read_vtt(source: Source) -> Draft:
    """Read a WebVTT file; cues of one speaker that follow each other become one turn.

    Raises
    ------
    InputError
        If the first line is not ``WEBVTT``.
    """
    content = decoded(source.data, where=source.name, encoding=source.encoding)
    text = canonical_text(content.text, where=source.name)
    first, _, rest = text.partition("\n")
    if first.split()[:1] != ["WEBVTT"]:
        raise InputError(
            Problem(
                what="the first line does not begin with WEBVTT",
                where=f"{source.name}, line 1",
                expected="a WebVTT file",
                remedy="If it is SubRip, give it the ending .srt",
            )
        )
    blocks = _blocks(rest)
    # What follows the first line without a blank line is the head: Kind, Language, X-TIMESTAMP-MAP.
    if rest and not rest.startswith("\n") and blocks and not any(_TIMING.match(line) for line in blocks[0]):
        blocks = blocks[1:]
    blocks = [b for b in blocks if not re.match(r"(?:NOTE|STYLE|REGION)(?:\s|$)", b[0])]
    cues, untimed = _cues(blocks)
    return _draft(cues, untimed, source=source, kind="vtt", encoding=content.encoding)


def read_srt(source: Source) -> Draft:
    """Read a SubRip file; cues of one speaker that follow each other become one turn.

    Raises
    ------
    InputError
        If no cue has a time line.
    """
    content = decoded(source.data, where=source.name, encoding=source.encoding)
    cues, untimed = _cues(_blocks(canonical_text(content.text, where=source.name)))
    if not any(c.start_s is not None for c in cues):
        raise InputError(
            Problem(
                what="no time line",
                where=source.name,
                expected="cues with a line such as 00:00:01,000 --> 00:00:02,500",
                remedy="If it is plain text, give it the ending .txt",
            )
        )
    return _draft(cues, untimed, source=source, kind="srt", encoding=content.encoding)


def _blocks(text: str) -> list[list[str]]:
    """Return the lines of each cue: blank lines part them, and so does a time line further down."""
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            block = blocks[-1]
            if _TIMING.match(line) and any(map(_TIMING.match, block)):
                has_id = len(block) > 1 and _CUE_ID.fullmatch(block[-1].strip()) and not _TIMING.match(block[-2])
                blocks.append([block.pop()] if has_id else [])
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [b for b in blocks if b]


def _cues(blocks: Sequence[Sequence[str]]) -> tuple[list[_Cue], int]:
    """Return the cues, and how many blocks of words had no time line."""
    cues: list[_Cue] = []
    untimed = 0
    for block in blocks:
        at = next((i for i, line in enumerate(block[:2]) if _TIMING.match(line)), None)
        if at is None:
            if not (len(block) == 1 and block[0].strip().isdigit()):
                cues.append(_Cue(lines=tuple(block)))
                untimed += 1
            continue
        timing = _TIMING.match(block[at])
        start, end = (timing[1], timing[2]) if timing else ("", "")
        cues.append(
            _Cue(
                lines=tuple(block[at + 1 :]),
                start_s=seconds(start),
                end_s=seconds(end),
                id=block[0].strip() if at else "",
            )
        )
    return cues, untimed


def _draft(cues: Sequence[_Cue], untimed: int, *, source: Source, kind: str, encoding: str) -> Draft:
    has_voices = any(_VOICE.search(line) for c in cues for line in c.lines)
    named = _named_above(cues)
    if has_voices:
        utterances = list(_by_voice(cues))
    elif named:
        utterances = named
    else:
        utterances = list(_by_label(cues, source.known))
    turns = merged(utterances)
    notes = []
    if len(turns) < len(utterances):
        notes.append(f"{plural(len(utterances), 'cue')} were joined into {plural(len(turns), 'turn')}")
    if untimed:
        notes.append(f"{plural(untimed, 'block')} of words without a time line were kept")
    if not any(u.speaker for u in turns):
        notes.append("no speakers are named: every turn is taken as the participant's")
    flavour = "captions"
    if any(_TEAMS_ID.match(c.id) for c in cues):
        flavour = "teams"
    elif has_voices:
        flavour = "voices"
    elif any(u.speaker for u in turns):
        flavour = "zoom" if kind == "vtt" else "labels"
    return rendered(turns, where=source.name, grammar=f"{kind}/{flavour}", encoding=encoding, notes=notes)


def _by_voice(cues: Sequence[_Cue]) -> Iterator[Utterance]:
    """Yield what stands behind each ``<v Name>``; a cue without one goes on with the speaker before."""
    speaker = ""
    for cue in cues:
        parts = _VOICE.split("\n".join(cue.lines))
        for i in range(0, len(parts), 2):
            speaker = _plain(parts[i - 1]) if i else speaker
            words = _words(parts[i].split("\n"))
            if words:
                yield Utterance(speaker=speaker, words=words, start_s=cue.start_s, end_s=cue.end_s)


def _named_above(cues: Sequence[_Cue]) -> list[Utterance]:
    """Return the cues with the names that stand in their ids (Webex) or alone on their first lines; else none.

    Two thirds of the cues must have such a name, and one of them must come again.
    """
    for names in (
        [(m[1], cue.lines) if (m := _WEBEX_ID.match(cue.id)) else None for cue in cues],
        [_first_line_name(cue) for cue in cues],
    ):
        found = [n[0].casefold() for n in names if n]
        if 3 * len(found) >= 2 * len(cues) and 1 < len(set(found)) < len(found):
            return [
                Utterance(
                    speaker=n[0] if n else "",
                    words=_words(n[1] if n else cue.lines),
                    start_s=cue.start_s,
                    end_s=cue.end_s,
                )
                for n, cue in zip(names, cues, strict=True)
            ]
    return []


def _first_line_name(cue: _Cue) -> tuple[str, tuple[str, ...]] | None:
    if len(cue.lines) < 2:
        return None
    first = _plain(cue.lines[0]).strip()
    label = label_of(first)
    is_name = is_speaker_shaped(label) and not is_weak(label) and first[-1:] not in ".?!,:：…"
    return (label, cue.lines[1:]) if is_name else None


def _by_label(cues: Sequence[_Cue], known: frozenset[str]) -> Iterator[Utterance]:
    """Yield what stands behind each ``Name:`` at the start of a line, where such names are speakers."""
    lines = [(cue, _plain(line), i == 0) for cue in cues for i, line in enumerate(cue.lines)]
    candidates = [
        Heading(line=n, label=label_of(match["label"]), words_at=match.end(), opens_block=is_first)
        for n, (_, line, is_first) in enumerate(lines)
        if (match := COLON.match(line))
    ]
    heads = {h.line: h for h in accepted(candidates, paragraphs=len(cues), known=known)}
    speaker = ""
    pending: list[str] = []
    for n, (cue, line, _) in enumerate(lines):
        if n in heads:
            if pending:
                yield Utterance(speaker=speaker, words=_words(pending), start_s=cue.start_s, end_s=cue.end_s)
            speaker = heads[n].label
            pending = [line[heads[n].words_at :]]
        else:
            # Words of a timed cue without a name are nobody's; without a time line they go on.
            if not pending and cue.start_s is not None and (n == 0 or lines[n - 1][0] is not cue):
                speaker = ""
            pending.append(line)
        if n + 1 == len(lines) or lines[n + 1][0] is not cue:
            yield Utterance(speaker=speaker, words=_words(pending), start_s=cue.start_s, end_s=cue.end_s)
            pending = []


def _plain(line: str) -> str:
    return html.unescape(_TAG.sub("", _OVERRIDE.sub("", line)))


def _words(lines: Sequence[str]) -> str:
    """Return the lines of a cue as one; lines that begin with a dash are two people and stay apart."""
    plain = [p for line in lines if (p := _plain(line).strip())] if lines else []
    joint = "\n" if len(plain) > 1 and all(p.startswith(("-", "–")) for p in plain) else " "
    return joint.join(plain)
