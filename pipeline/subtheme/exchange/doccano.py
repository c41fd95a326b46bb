"""doccano's JSON lines, one text with its labelled spans each; offsets are UTF-16 units."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from subtheme.errors import InputError, Problem
from subtheme.exchange.cell_value import number_of, text_of
from subtheme.exchange.code_description import RawCode
from subtheme.exchange.foreign_project import ForeignProject, ForeignText, Mark
from subtheme.exchange.held_study import HeldStudy
from subtheme.exchange.json_file import read_json_lines
from subtheme.exchange.loss import LossReport
from subtheme.exchange.offset_choice import Habit
from subtheme.exchange.offsets import Offsets, Unit
from subtheme.exchange.refi_model import RefiProject
from subtheme.exchange.span_labels import labelled_spans

_OFFSETS = Offsets(unit=Unit.UTF_16)
_SPANS = ("label", "labels", "entities", "annotations")
_NAMES = ("transcript", "name", "filename", "title")
_CODERS = ("coder", "annotator", "username", "user")


def read_doccano(path: Path, *, offsets: Offsets | None = None, encoding: str | None = None) -> RefiProject:
    """Read JSON lines of doccano; several lines with one text and name are one transcript of several coders.

    Parameters
    ----------
    path : pathlib.Path
    offsets : Offsets or None
        How places are counted; UTF-16 units without it. A project of doccano that counts graphemes needs
        ``unit=code-point``, which is the same but for joined characters.
    encoding : str or None

    Raises
    ------
    InputError
        If a line is no JSON object with a text.
    """
    records = read_json_lines(path, encoding=encoding)
    problems = [
        Problem(what="no text", where=f"{path.name}, line {number}", expected='an object with "text" and "label"')
        for number, record in records
        if not isinstance(record, dict) or not isinstance(record.get("text", record.get("data")), str)
    ]
    if problems or not records:
        raise InputError(problems[:50] or Problem(what="no lines", where=path.name, expected="one text a line"))
    names: dict[str, None] = {}
    texts: dict[tuple[str, str], list[Mark]] = {}
    states_offsets = all(record.get("offsets") == "utf-16" for _, record in records)
    for number, record in records:
        text = str(record.get("text", record.get("data")))
        name = next((text_of(record[k]) for k in _NAMES if record.get(k)), f"{path.stem}-{number}")
        marks = list(_marks(record, number))
        names.update(dict.fromkeys(m.code for m in marks))
        texts.setdefault((name, text), []).extend(marks)
    found = ForeignProject(
        file=path.name,
        name=path.stem,
        origin="doccano",
        codes=tuple(RawCode(key=name, name=name, parent="") for name in names),
        texts=tuple(ForeignText(name=name, text=text, marks=tuple(marks)) for (name, text), marks in texts.items()),
    )
    return found.project(habit=Habit(offsets=_OFFSETS, is_proven=states_offsets), override=offsets)


def write_doccano(held: HeldStudy, path: Path) -> LossReport:
    """Write one line per transcript and coder, with the coder beside the text."""
    spans = labelled_spans(held, _OFFSETS)
    lines = []
    for transcript, text in held.texts.items():
        coders = spans.coders_of(transcript) or [""]
        for coder in coders:
            record = {
                "text": text,
                "label": [[s.start, s.end, s.label] for s in spans.of(transcript, coder)],
                "transcript": transcript,
                "coder": coder,
                "offsets": "utf-16",
            }
            lines.append(json.dumps(record, ensure_ascii=False) + "\n")
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    return spans.loss(path.name, lost=("memos", "participants", "the tree of codes"))


def _marks(record: dict[str, Any], number: int) -> Iterator[Mark]:
    """Iterate over the spans of one line, in whichever of doccano's spellings they are."""
    coder = next((text_of(record[k]) for k in _CODERS if record.get(k)), "")
    spans: list[Any] = next((record[k] for k in _SPANS if isinstance(record.get(k), list)), [])
    for position, span in enumerate(spans, start=1):
        where = f"line {number}, label {position}"
        if isinstance(span, dict):
            start, end = span.get("start_offset", span.get("start")), span.get("end_offset", span.get("end"))
            label = span.get("label")
            coder_here = text_of(span.get("user")) or coder
        elif isinstance(span, list) and len(span) >= 3:
            start, end, label = span[:3]
            coder_here = coder
        elif isinstance(span, str):
            yield Mark(where=where, code=text_of(span), coder=coder)
            continue
        else:
            start = end = label = None
            coder_here = coder
        first, last = number_of(start), number_of(end)
        yield Mark(
            where=where,
            code=text_of(label) or "(no label)",
            coder=coder_here,
            start=-1 if first is None else first,
            end=-1 if last is None else last,
        )
