"""Transcription programs' JSON: Whisper, WhisperX, whisper.cpp, Rev, AssemblyAI, podcasts: segments with times."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from subtheme.bytes.encodings import decoded
from subtheme.errors import InputError, Problem
from subtheme.transcripts.draft import Draft, Source, Utterance, plural
from subtheme.transcripts.rendering import merged, rendered
from subtheme.transcripts.stamps import number_of_seconds, seconds

_LISTS = {
    "segments": "whisper",
    "transcription": "whisper.cpp",
    "monologues": "rev",
    "utterances": "assemblyai",
    "chunks": "whisper",
}
"""Where the programs keep what is said, and which program that is."""

_WORDS = ("text", "body", "transcript", "value")
_SPEAKER = ("speaker", "speaker_label", "speakerName", "speaker_id")
_START = ("start", "startTime", "start_time", "from", "ts")
_END = ("end", "endTime", "end_time", "to", "end_ts")


def read_whisper(source: Source) -> Draft:
    """Read the JSON of a transcription program; what one speaker says in several segments on end becomes one turn.

    A list of segments, or an object with one under a name that is used for it. Where the words of a segment name
    their speakers one by one, it is cut where the speaker changes.

    Raises
    ------
    InputError
        If it is not JSON, or holds no such list of objects with words.
    """
    content = decoded(source.data, where=source.name, encoding=source.encoding)
    try:
        data = json.loads(content.text)
    except (ValueError, RecursionError):
        raise InputError(Problem(what="not valid JSON", where=source.name, expected="output of Whisper")) from None
    program, segments = _segments(data)
    if segments is None:
        raise InputError(
            Problem(
                what="no list 'segments'",
                where=source.name,
                expected="output of Whisper or WhisperX: segments with start, end, text and perhaps speaker",
                remedy=f"Other lists that are read: {', '.join(sorted(set(_LISTS) - {'segments'}))}",
            )
        )
    wrong = [i for i, s in enumerate(segments) if not isinstance(s, dict) or _text_of(s) is None]
    if wrong:
        raise InputError(
            [
                Problem(what="no 'text'", where=f"{source.name}, segment {i}", expected="an object with a text")
                for i in wrong[:10]
            ]
        )
    scale = 1000 if program == "assemblyai" else 1
    utterances = [u for s in segments for u in _utterances(s, scale)]
    turns = merged(utterances)
    has_speakers = any(u.speaker for u in turns)
    notes = []
    if len(turns) < len(utterances):
        notes.append(f"{plural(len(utterances), 'segment')} were joined into {plural(len(turns), 'turn')}")
    if not has_speakers:
        notes.append("no speakers are named: every turn is taken as the participant's")
    flavour = "whisperx" if program == "whisper" and has_speakers else program
    return rendered(turns, where=source.name, grammar=f"json/{flavour}", encoding=content.encoding, notes=notes)


def _segments(data: object) -> tuple[str, list[Any] | None]:
    if isinstance(data, list):
        return "whisper", data
    if isinstance(data, dict):
        for name, program in _LISTS.items():
            if isinstance(data.get(name), list):
                return program, data[name]
        if isinstance(data.get("results"), dict):
            return _segments(data["results"])
    return "", None


def _utterances(segment: Mapping[str, Any], scale: int) -> Iterator[Utterance]:
    """Yield the segment, or its parts where its words name more than one speaker."""
    speaker = _speaker_of(segment)
    start, end = _times_of(segment, scale)
    words = segment.get("words")
    named = [w for w in words if isinstance(w, dict)] if isinstance(words, list) else []
    if named and len({_speaker_of(w) or speaker for w in named}) > 1:
        for word in named:
            first, last = _times_of(word, scale)
            yield Utterance(
                speaker=_speaker_of(word) or speaker,
                words=str(word.get("word") or word.get("text") or ""),
                start_s=start if first is None else first,
                end_s=end if last is None else last,
            )
        return
    yield Utterance(speaker=speaker, words=_text_of(segment) or "", start_s=start, end_s=end)


def _text_of(segment: Mapping[str, Any]) -> str | None:
    for name in _WORDS:
        if isinstance(segment.get(name), str):
            return str(segment[name])
    elements = segment.get("elements")
    if isinstance(elements, list):
        return "".join(str(e.get("value") or "") for e in elements if isinstance(e, dict))
    return None


def _speaker_of(segment: Mapping[str, Any]) -> str:
    for name in _SPEAKER:
        found = segment.get(name)
        if isinstance(found, dict):
            found = found.get("name") or found.get("id")
        if isinstance(found, int) and not isinstance(found, bool):
            return f"Speaker {found}"
        if isinstance(found, str) and found.strip():
            return f"Speaker {found}" if found.strip().isdigit() else found
    return ""


def _times_of(segment: Mapping[str, Any], scale: int) -> tuple[float | None, float | None]:
    pair = segment.get("timestamp")
    if isinstance(pair, list) and len(pair) == 2:
        return number_of_seconds(pair[0]), number_of_seconds(pair[1])
    stamps = segment.get("timestamps")
    inner: Mapping[str, Any] = stamps if isinstance(stamps, dict) else segment
    times = []
    for names in (_START, _END):
        found = next((inner[n] for n in names if inner.get(n) is not None), None)
        value = seconds(found) if isinstance(found, str) else number_of_seconds(found)
        times.append(value / scale if value is not None and scale != 1 else value)
    elements = segment.get("elements")
    if times[0] is None and isinstance(elements, list) and elements and isinstance(elements[0], dict):
        times[0] = number_of_seconds(elements[0].get("ts"))
    return times[0], times[1]
