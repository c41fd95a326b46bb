"""Whisper and WhisperX: segments with times in JSON, with or without speakers."""

import json
from typing import Any

from subtheme.bytes.encodings import decoded
from subtheme.errors import InputError, Problem
from subtheme.transcripts.draft import Draft, Source, Utterance, plural
from subtheme.transcripts.rendering import merged, rendered
from subtheme.transcripts.stamps import number_of_seconds


def read_whisper(source: Source) -> Draft:
    """Read the JSON of Whisper or WhisperX; segments of one speaker that follow each other become one turn.

    Raises
    ------
    InputError
        If it is not JSON, or not an object with a list ``segments`` of objects with ``text``.
    """
    content = decoded(source.data, where=source.name, encoding=source.encoding)
    try:
        data = json.loads(content.text)
    except (ValueError, RecursionError):
        raise InputError(Problem(what="not valid JSON", where=source.name, expected="output of Whisper")) from None
    segments = data.get("segments") if isinstance(data, dict) else None
    if not isinstance(segments, list):
        raise InputError(
            Problem(
                what="no list 'segments'",
                where=source.name,
                expected="output of Whisper or WhisperX: segments with start, end, text and perhaps speaker",
            )
        )
    wrong = [i for i, s in enumerate(segments) if not isinstance(s, dict) or not isinstance(s.get("text"), str)]
    if wrong:
        raise InputError(
            [
                Problem(what="no 'text'", where=f"{source.name}, segment {i}", expected="an object with a text")
                for i in wrong[:10]
            ]
        )
    utterances = [_utterance(s) for s in segments]
    turns = merged(utterances)
    has_speakers = any(u.speaker for u in turns)
    notes = []
    if len(turns) < len(utterances):
        notes.append(f"{plural(len(utterances), 'segment')} were joined into {plural(len(turns), 'turn')}")
    if not has_speakers:
        notes.append("no speakers are named: every turn is taken as the participant's")
    return rendered(
        turns,
        where=source.name,
        grammar="json/whisperx" if has_speakers else "json/whisper",
        encoding=content.encoding,
        notes=notes,
    )


def _utterance(segment: dict[str, Any]) -> Utterance:
    speaker = segment.get("speaker")
    return Utterance(
        speaker=speaker if isinstance(speaker, str) else "",
        words=segment["text"],
        start_s=number_of_seconds(segment.get("start")),
        end_s=number_of_seconds(segment.get("end")),
    )
