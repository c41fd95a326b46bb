"""The shapes in which programs and people write interviews, each as a function of labelled turns, and how they are judged."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transcripts.dialogues import Dialogue
from transcripts.interviews import bold, docx, p

from subtheme.errors import SubthemeError
from subtheme.nouns import Role
from subtheme.transcripts import read_transcripts

Turns = Sequence[tuple[str, str]]
"""Label and words of each turn; labels are two, of which the first asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One way in which a program writes an interview.

    Attributes
    ----------
    program : str
        Who writes so, and since when.
    suffix : str
    write : callable
        Returns the file for labelled turns.
    read, lost : str
        What is taken from it, and what is not.
    is_named : bool
        Whether the labels are in the file.
    """

    program: str
    suffix: str
    write: Callable[[Turns], str | bytes]
    read: str = "speakers, words"
    lost: str = ""
    is_named: bool = True


def _clock(n: int, *, hours: bool = True) -> str:
    seconds = 3 + 8 * n
    return f"{'00:' if hours else ''}{seconds // 60:02d}:{seconds % 60:02d}"


def _lines(form: str, *, joint: str = "\n\n") -> Callable[[Turns], str]:
    return lambda turns: joint.join(
        form.format(label=label, words=words, n=n + 1, t=_clock(n), m=_clock(n, hours=False), e=_clock(n + 1))
        for n, (label, words) in enumerate(turns)
    )


def _inside(turns: Turns) -> str:
    pairs = [turns[i : i + 2] for i in range(0, len(turns), 2)]
    return "\n\n".join(" ".join(f"{label}: {words}" for label, words in pair) for pair in pairs)


def _one_sided(turns: Turns) -> str:
    return "\n\n".join(f"{label}: {words}" if n % 2 == 0 else words for n, (label, words) in enumerate(turns))


def _numbered(turns: Turns) -> str:
    return "\n\n".join(f"{'QA'[n % 2]}{n // 2 + 1}: {words}" for n, (_, words) in enumerate(turns))


def _pointed(turns: Turns) -> str:
    return "\n\n".join(f"Q{n // 2 + 1}. {w}" if n % 2 == 0 else f"A. {w}" for n, (_, w) in enumerate(turns))


def _pane(turns: Turns) -> str:
    parts = ["Somebody started transcription"]
    for n, (label, words) in enumerate(turns):
        initials = "".join(w[0] for w in label.split())
        spoken = f"{n} minutes {8 * n % 60} seconds"
        parts.append(f"{initials}\n\n{label}\n{spoken}{n}:{8 * n % 60:02d}\n{label} {spoken}\n{words}")
    return "\n".join(parts)


def _docx(mark: Callable[[str], str]) -> Callable[[Turns], bytes]:
    return lambda turns: docx("".join(mark(w) if n % 2 == 0 else p(w) for n, (_, w) in enumerate(turns)))


def _run(properties: str) -> Callable[[str], str]:
    return lambda words: p(f"<w:r><w:rPr>{properties}</w:rPr><w:t>{words}</w:t></w:r>")


def _soft(turns: Turns) -> bytes:
    pairs = [turns[i : i + 2] for i in range(0, len(turns), 2)]
    return docx("".join(p(q, "<w:r><w:br/></w:r>", a) for (_, q), (_, a) in pairs))


def _table(head: Sequence[str], row: Callable[[int, str, str], Sequence[str]]) -> Callable[[Turns], bytes]:
    def write(turns: Turns) -> bytes:
        rows = ([head] if head else []) + [row(n, label, words) for n, (label, words) in enumerate(turns)]
        cells = "".join("<w:tr>" + "".join(f"<w:tc>{p(c)}</w:tc>" for c in r) + "</w:tr>" for r in rows)
        return docx(f"<w:tbl>{cells}</w:tbl>")

    return write


def _csv(head: str, form: str) -> Callable[[Turns], str]:
    return lambda turns: "\n".join(
        [head, *(form.format(label=label, words=words, n=n, t=_clock(n)) for n, (label, words) in enumerate(turns))]
    )


def _json(make: Callable[[list[dict[str, Any]]], object], **names: str) -> Callable[[Turns], str]:
    def write(turns: Turns) -> str:
        segments = []
        for n, (label, words) in enumerate(turns):
            plain = {"speaker": label, "text": words, "start": 8.0 * n, "end": 8.0 * n + 7}
            segments.append({names.get(k, k): v for k, v in plain.items()})
        return json.dumps(make(segments))

    return write


def _coded(n: int, label: str, words: str) -> Sequence[str]:
    return (label, words, "a code" if n % 2 else "")


SHAPES: dict[str, Shape] = {
    "label and colon": Shape(program="any word processor", suffix=".txt", write=_lines("{label}: {words}")),
    "no blank lines": Shape(program="any editor", suffix=".txt", write=_lines("{label}: {words}", joint="\n")),
    "full-width colon": Shape(program="Chinese and Japanese editors", suffix=".txt", write=_lines("{label}：{words}")),
    "corner brackets": Shape(
        program="Japanese transcription services", suffix=".txt", write=_lines("【{label}】{words}")
    ),
    "corner brackets above": Shape(
        program="Japanese transcription services", suffix=".txt", write=_lines("【{label}】\n{words}")
    ),
    "square brackets": Shape(
        program="whisper front ends", suffix=".txt", write=_lines("[{label}]: {words}", joint="\n")
    ),
    "time, then label": Shape(
        program="noScribe, Descript",
        suffix=".txt",
        write=_lines("[{t}] {label}: {words}"),
        read="speakers, words, times",
    ),
    "label, then span": Shape(
        program="whisper front ends",
        suffix=".txt",
        write=_lines("{label} [{t} → {e}]: {words}", joint="\n"),
        read="speakers, words, times",
    ),
    "label and time in full-width brackets": Shape(
        program="Feishu",
        suffix=".txt",
        write=_lines("{label}（{t}）：{words}", joint="\n"),
        read="speakers, words, times",
    ),
    "name and time above": Shape(
        program="Otter, Teams, Feishu",
        suffix=".txt",
        write=_lines("{label}  {m}\n{words}"),
        read="speakers, words, times",
    ),
    "name, dash, time": Shape(
        program="Trint-like", suffix=".txt", write=_lines("{label} - {m}\n{words}"), read="speakers, words, times"
    ),
    "name, bar, time": Shape(
        program="Trint-like", suffix=".txt", write=_lines("{label} | {m}\n{words}"), read="speakers, words, times"
    ),
    "time, dash, name": Shape(
        program="HappyScribe", suffix=".txt", write=_lines("[{t}] - {label}\n{words}"), read="speakers, words, times"
    ),
    "time above name": Shape(
        program="caption editors", suffix=".txt", write=_lines("{m}\n{label}\n{words}"), read="speakers, words, times"
    ),
    "span above name": Shape(
        program="Teams (.docx of 2022 as text)",
        suffix=".txt",
        write=_lines("{t}.100 --> {e}.100\n{label}\n{words}"),
        read="speakers, words, times",
    ),
    "pane of Teams, copied": Shape(
        program="Teams, pane copied", suffix=".txt", write=_pane, read="speakers, words, times", lost="initials"
    ),
    "Markdown headings": Shape(
        program="whisper front ends",
        suffix=".md",
        write=_lines("## {label} ({t})\n{words}"),
        read="speakers, words, times",
    ),
    "Markdown bold": Shape(program="Descript, notebooks", suffix=".md", write=_lines("**{label}:** {words}")),
    "chevrons": Shape(program="captioners", suffix=".txt", write=_lines(">> {label}: {words}", joint="\n")),
    "tab": Shape(program="any word processor", suffix=".txt", write=_lines("{label}\t{words}", joint="\n")),
    "number, tab, label, tab": Shape(
        program="numbered Word lists", suffix=".txt", write=_lines("{n}\t{label}\t{words}", joint="\n")
    ),
    "time, tab, label, tab": Shape(
        program="f4, Word",
        suffix=".txt",
        write=_lines("[{m}]\t{label}:\t{words}", joint="\n"),
        read="speakers, words, times",
    ),
    "dash": Shape(program="any word processor", suffix=".txt", write=_lines("{label} – {words}")),
    "arrow": Shape(program="any editor", suffix=".txt", write=_lines("{label} > {words}")),
    "invisible characters": Shape(
        program="Google Docs, f4", suffix=".txt", write=_lines("\u200b{label}:\u200b {words}\n\u200b \u200b")
    ),
    "marks of direction": Shape(
        program="right-to-left editors", suffix=".txt", write=_lines("\u200f{label}\u200f:\u200f {words}")
    ),
    "labels inside of lines": Shape(program="pasted chats", suffix=".txt", write=_inside),
    "only one side labelled": Shape(program="any word processor", suffix=".txt", write=_one_sided),
    "Q1 and A1": Shape(program="written interviews", suffix=".txt", write=_numbered, is_named=False),
    "Q1. and A.": Shape(program="written interviews", suffix=".txt", write=_pointed, is_named=False),
    "vtt with labels": Shape(
        program="Zoom",
        suffix=".vtt",
        write=lambda turns: "WEBVTT\n\n" + _lines("{n}\n{t}.000 --> {e}.000\n{label}: {words}")(turns),
        read="speakers, words, times",
        lost="cue numbers",
    ),
    "vtt with voices": Shape(
        program="Teams (Graph), noScribe",
        suffix=".vtt",
        write=lambda turns: "WEBVTT\n\n" + _lines("{t}.000 --> {e}.000\n<v {label}>{words}</v>")(turns),
        read="speakers, words, times",
    ),
    "vtt without blank lines": Shape(
        program="Teams (Graph), short times",
        suffix=".vtt",
        write=lambda turns: "WEBVTT\n\n" + _lines("0:{m} --> 0:{m}\n{label}\n{words}", joint="\n")(turns),
        read="speakers, words, times",
    ),
    "vtt with names in cue ids": Shape(
        program="Webex",
        suffix=".vtt",
        write=lambda turns: "WEBVTT\n\n" + _lines('{n} "{label}" (123)\n{t}.000 --> {e}.000\n{words}')(turns),
        read="speakers, words, times",
    ),
    "srt": Shape(
        program="subtitle editors",
        suffix=".srt",
        write=_lines("{n}\n{t},000 --> {e},000\n{label}: {words}"),
        read="speakers, words, times",
    ),
    "srt without milliseconds": Shape(
        program="subtitle editors",
        suffix=".srt",
        write=_lines("{n}\n{t} --> {e}\n{label}: {words}"),
        read="speakers, words, times",
    ),
    "bold questions": Shape(program="Word", suffix=".docx", write=_docx(lambda w: p(bold(w))), is_named=False),
    "italic questions": Shape(program="Word", suffix=".docx", write=_docx(_run("<w:i/>")), is_named=False),
    "coloured questions": Shape(
        program="Word", suffix=".docx", write=_docx(_run('<w:color w:val="C00000"/>')), is_named=False
    ),
    "highlighted questions": Shape(
        program="Word", suffix=".docx", write=_docx(_run('<w:highlight w:val="yellow"/>')), is_named=False
    ),
    "indented questions": Shape(
        program="Word", suffix=".docx", write=_docx(lambda w: p(w, properties='<w:ind w:left="720"/>')), is_named=False
    ),
    "numbered questions": Shape(
        program="Word",
        suffix=".docx",
        write=_docx(lambda w: p(w, properties='<w:numPr><w:numId w:val="1"/></w:numPr>')),
        is_named=False,
        lost="the numbers",
    ),
    "question and answer in one paragraph": Shape(program="Word", suffix=".docx", write=_soft, is_named=False),
    "table with codes": Shape(
        program="Word",
        suffix=".docx",
        write=_table(("Speaker", "Transcript", "Initial codes"), _coded),
        lost="the column of codes",
    ),
    "table with lines and times": Shape(
        program="Word",
        suffix=".docx",
        write=_table((), lambda n, label, words: (str(n + 1), f"00:{n:02d}", label, words)),
        read="speakers, words, times",
        lost="line numbers",
    ),
    "table with German heads": Shape(
        program="Word", suffix=".docx", write=_table(("Nr.", "Person", "Äußerung"), lambda n, a, w: (str(n), a, w))
    ),
    "table of questions and answers": Shape(
        program="Word",
        suffix=".docx",
        write=lambda turns: _table(("Question", "Answer"), lambda n, a, w: (turns[n][1], w) if n % 2 else ("", ""))(
            turns
        ),
        is_named=False,
    ),
    "csv": Shape(
        program="Premiere, Descript",
        suffix=".csv",
        write=_csv("Speaker Name,Start Time,Text", '{label},{t},"{words}"'),
        read="speakers, words, times",
    ),
    "csv with Spanish heads": Shape(
        program="spreadsheets", suffix=".csv", write=_csv("Hablante;Texto", '{label};"{words}"')
    ),
    "tsv": Shape(program="NVivo", suffix=".tsv", write=_csv("Speaker\tContent", "{label}\t{words}")),
    "WhisperX": Shape(
        program="WhisperX", suffix=".json", write=_json(lambda s: {"segments": s}), read="speakers, words, times"
    ),
    "AssemblyAI": Shape(
        program="AssemblyAI", suffix=".json", write=_json(lambda s: {"utterances": s}), read="speakers, words, times"
    ),
    "podcast": Shape(
        program="podcast namespace 1.0",
        suffix=".json",
        write=_json(lambda s: {"version": "1.0.0", "segments": s}, text="body", start="startTime", end="endTime"),
        read="speakers, words, times",
    ),
}
"""Every shape by its name; the table of formats is made of them."""


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()[:30]


def verdict(path: Path, turns: Sequence[tuple[str, str]]) -> str:
    """Return ``right``, ``asked`` or ``wrong`` for a file of these turns ("ask" or "answer", words).

    Right: every answer lies in a participant's turn, and no question does. Asked: not right, but refused or doubtful.
    """
    try:
        found = read_transcripts(path)
    except SubthemeError:
        return "asked"
    of_participants = [
        re.sub(r"[\W_]+", "", t.words(turn)).casefold()
        for t in found
        for turn in t.turns
        if turn.role is Role.PARTICIPANT
    ]
    is_right = all((side == "answer") == any(_key(words) in own for own in of_participants) for side, words in turns)
    return "right" if is_right else "asked" if any(t.doubts for t in found) else "wrong"


def judged(folder: Path, shape: str, dialogue: Dialogue, labels: tuple[str, str]) -> str:
    """Return the verdict on one invented interview, written in one shape under two labels."""
    turns = [(labels[side == "answer"], words) for side, words in dialogue.turns]
    content = SHAPES[shape].write(turns)
    path = folder / f"a{SHAPES[shape].suffix}"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return verdict(path, dialogue.turns)
