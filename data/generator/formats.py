"""Transcripts as files: plain text under two kinds of names, Zoom's and Teams' .vtt, and .docx."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from random import Random
from xml.sax.saxutils import escape

from plan import Parameters, Person
from speech import INTERVIEWER, Turn

HEAD = "SYNTHETIC interview from an invented study, written for the sample study of subtheme. Nobody said these words."
_WORDS_PER_SECOND = 2.6
_WORDS_PER_CUE = 14
_ENDINGS = {"txt": ".txt", "txt-short": ".txt", "docx": ".docx", "vtt-zoom": ".vtt", "vtt-teams": ".vtt"}
_DOCX_PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>'
    ),
}


def forms_of(people: Sequence[Person], parameters: Parameters, random: Random) -> dict[str, str]:
    """Return the form of every person's transcript, drawn so that each form has its number."""
    ids = [p.id for p in people]
    random.shuffle(ids)
    forms = [form for form, count in parameters["formats"].items() for _ in range(count)]
    return dict.fromkeys((p.id for p in people), "txt") | dict(zip(ids, forms, strict=False))


def file_name(person: Person, form: str) -> str:
    """Return the name of a person's transcript."""
    return person.id + _ENDINGS[form]


def file_bytes(person: Person, turns: Sequence[Turn], form: str) -> bytes:
    """Return the transcript of `person` as a file of the given form."""
    names = {"interviewer": "I", "participant": "P"} if form == "txt-short" else {}
    speakers = [names.get(t.speaker, "Interviewer" if t.speaker == INTERVIEWER else person.id) for t in turns]
    match form:
        case "docx":
            return _docx(turns, speakers)
        case "vtt-zoom":
            return _vtt(turns, speakers, is_teams=False)
        case "vtt-teams":
            return _vtt(turns, speakers, is_teams=True)
        case _:
            return _txt(turns, speakers)


def _txt(turns: Sequence[Turn], speakers: Sequence[str]) -> bytes:
    blocks = [HEAD]
    for turn, speaker in zip(turns, speakers, strict=True):
        words = "".join(("\n\n" if p.opens_paragraph else " ") + p.text for p in turn.pieces)
        blocks.append(f"{speaker}:{words}")
    return ("\n\n".join(blocks) + "\n").encode("utf-8")


def _spoken(turn: Turn) -> str:
    return " ".join(p.text for p in turn.pieces)


def _docx(turns: Sequence[Turn], speakers: Sequence[str]) -> bytes:
    """Return a package of three parts, stored and dated alike, so that the bytes never differ."""
    lines = [_paragraph(HEAD)]
    lines += [_paragraph(_spoken(t), speaker=s) for t, s in zip(turns, speakers, strict=True)]
    document = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
        + "".join(lines)
        + "</w:body></w:document>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as package:
        for name, xml in (_DOCX_PARTS | {"word/document.xml": document}).items():
            member = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            member.create_system = 0
            package.writestr(member, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}'.encode())
    return stream.getvalue()


def _paragraph(words: str, *, speaker: str = "") -> str:
    name = f"<w:r><w:rPr><w:b/></w:rPr><w:t>{escape(speaker)}:</w:t></w:r>" if speaker else ""
    lead = " " if speaker else ""
    return f'<w:p>{name}<w:r><w:t xml:space="preserve">{lead}{escape(words)}</w:t></w:r></w:p>'


def _vtt(turns: Sequence[Turn], speakers: Sequence[str], *, is_teams: bool) -> bytes:
    cues = [f"WEBVTT\n\nNOTE {HEAD}\n"]
    at_ms = 3000
    number = 0
    for turn_number, (turn, speaker) in enumerate(zip(turns, speakers, strict=True)):
        for part, words in enumerate(_cue_texts(_spoken(turn))):
            number += 1
            end_ms = at_ms + round(1000 * len(words.split()) / _WORDS_PER_SECOND)
            name = f"00000000-0000-4000-8000-000000000000/{turn_number}-{part}" if is_teams else str(number)
            line = f"<v {speaker}>{escape(words)}</v>" if is_teams else f"{speaker}: {words}"
            cues.append(f"{name}\n{_clock(at_ms)} --> {_clock(end_ms)}\n{line}\n")
            at_ms = end_ms
        at_ms += 600
    return "\n".join(cues).encode("utf-8")


def _cue_texts(text: str) -> Iterator[str]:
    words = text.split(" ")
    for start in range(0, len(words), _WORDS_PER_CUE):
        yield " ".join(words[start : start + _WORDS_PER_CUE])


def _clock(ms: int) -> str:
    seconds, rest = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}.{rest:03d}"
