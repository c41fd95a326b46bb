"""Label Studio's JSON: tasks with annotations by people and predictions by models; offsets are UTF-16 units."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from subtheme.errors import InputError, Problem, shown
from subtheme.exchange.cell_value import number_of, text_of
from subtheme.exchange.code_description import RawCode
from subtheme.exchange.foreign_project import ForeignProject, ForeignText, Mark
from subtheme.exchange.held_study import HeldStudy
from subtheme.exchange.json_file import read_json
from subtheme.exchange.loss import Dropped, LossReport
from subtheme.exchange.offset_choice import Habit
from subtheme.exchange.offsets import Offsets, Unit
from subtheme.exchange.refi_model import RefiProject
from subtheme.exchange.span_labels import LabelledSpan, labelled_spans
from subtheme.nouns import Origin

_OFFSETS = Offsets(unit=Unit.UTF_16)
_HABIT = Habit(offsets=_OFFSETS, is_proven=True)
_TEXT_KEYS = ("text", "html", "transcript_text")
_NAME_KEYS = ("transcript", "name", "title", "filename")


def is_label_studio(path: Path) -> bool:
    """Return whether a .json file begins as an export of Label Studio does: tasks with ``annotations`` and ``data``."""
    with path.open("rb") as stream:
        head = stream.read(1 << 20)
    is_list = head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")
    return is_list and b'"data"' in head and (b'"annotations"' in head or b'"predictions"' in head)


def read_label_studio(path: Path, *, offsets: Offsets | None = None, encoding: str | None = None) -> RefiProject:
    """Read tasks of Label Studio; each region's own text is compared with the words at its place.

    Parameters
    ----------
    path : pathlib.Path
    offsets : Offsets or None
        How places are counted; UTF-16 units without it, unless the regions' texts say otherwise.
    encoding : str or None

    Raises
    ------
    InputError
        If the file is no JSON list of tasks with a text.
    """
    tasks = read_json(path, encoding=encoding)
    if not isinstance(tasks, list) or not all(isinstance(t, dict) and isinstance(t.get("data"), dict) for t in tasks):
        raise InputError(
            Problem(what="not an export of Label Studio", where=path.name, expected="a list of tasks with 'data'")
        )
    dropped: list[Dropped] = []
    texts = []
    for number, task in enumerate(tasks, start=1):
        data = task["data"]
        text = next((data[k] for k in _TEXT_KEYS if isinstance(data.get(k), str)), None)
        name = next((text_of(data[k]) for k in _NAME_KEYS if data.get(k)), f"task {task.get('id', number)}")
        if text is None:
            dropped.append(Dropped(what="source", where=name, reason="the task has no text"))
            continue
        texts.append(ForeignText(name=name, text=text, marks=tuple(_marks(task, name, dropped))))
    labels = dict.fromkeys(m.code for t in texts for m in t.marks)
    found = ForeignProject(
        file=path.name,
        name=path.stem,
        origin="Label Studio",
        codes=tuple(RawCode(key=name, name=name, parent="") for name in labels),
        texts=tuple(texts),
        dropped=tuple(dropped),
    )
    return found.project(habit=_HABIT, override=offsets)


def write_label_studio(held: HeldStudy, path: Path) -> LossReport:
    """Write one task per transcript: an annotation per coder, a prediction per model.

    The labelling interface that the tasks need stands beside them, as ``<name>.config.xml``.
    """
    spans = labelled_spans(held, _OFFSETS)
    tasks = []
    for transcript, text in held.texts.items():
        annotations, predictions = [], []
        for coder in spans.coders_of(transcript):
            group = spans.of(transcript, coder)
            by_hand = [_result(s, transcript, coder) for s in group if s.origin != Origin.AUTO.value]
            by_model = [_result(s, transcript, coder) for s in group if s.origin == Origin.AUTO.value]
            if by_hand:
                annotations.append({"coder": coder, "result": by_hand})
            if by_model:
                predictions.append({"model_version": coder, "result": by_model})
        data = {"text": text, "transcript": transcript}
        tasks.append({"data": data, "annotations": annotations, "predictions": predictions})
    path.write_text(json.dumps(tasks, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")
    path.with_suffix(".config.xml").write_text(_interface(spans.labels), encoding="utf-8", newline="\n")
    return spans.loss(path.name, lost=("participants", "the tree of codes"))


def _marks(task: dict[str, Any], name: str, dropped: list[Dropped]) -> Iterator[Mark]:
    for annotation in _dicts(task.get("annotations", task.get("completions"))):
        results = _dicts(annotation.get("result"))
        if annotation.get("was_cancelled") is True:
            dropped += [Dropped(what="coding", where=name, reason="its annotation was skipped") for _ in results]
            continue
        yield from _regions(results, name, dropped, coder=_coder(annotation), origin=Origin.BLIND)
    for prediction in _dicts(task.get("predictions")):
        model = text_of(prediction.get("model_version")) or "model"
        yield from _regions(_dicts(prediction.get("result")), name, dropped, coder=model, origin=Origin.AUTO)


def _regions(
    results: list[dict[str, Any]], name: str, dropped: list[Dropped], *, coder: str, origin: Origin
) -> Iterator[Mark]:
    for region in results:
        where = f"region {text_of(region.get('id')) or '?'}"
        value = region.get("value")
        value = value if isinstance(value, dict) else {}
        kind = region.get("type")
        names = value.get("labels", value.get("hypertextlabels", value.get("choices")))
        if not isinstance(names, list) or not names:
            dropped.append(
                Dropped(
                    what="region", where=f"{name}, {where}", reason=f"a region of type {shown(str(kind))} names no code"
                )
            )
            continue
        meta = region.get("meta")
        notes = meta.get("text") if isinstance(meta, dict) else None
        memo = "\n".join(map(text_of, notes)) if isinstance(notes, list) else text_of(notes)
        whole = value.get("globalOffsets")
        place: dict[str, Any] = whole if isinstance(whole, dict) else value
        start, end = number_of(place.get("start")), number_of(place.get("end"))
        is_whole = kind == "choices"
        for label in names:
            yield Mark(
                where=where,
                code=text_of(label),
                coder=coder,
                start=None if is_whole else -1 if start is None else start,
                end=None if is_whole else -1 if end is None else end,
                quote=text_of(value.get("text")) if not is_whole else "",
                memo=memo,
                origin=origin,
            )


def _coder(annotation: dict[str, Any]) -> str:
    """Return who annotated: the name that we wrote, an address, or the number of a user."""
    if own := text_of(annotation.get("coder")):
        return own
    user = annotation.get("completed_by")
    if isinstance(user, dict):
        return next((text_of(user[k]) for k in ("username", "email", "first_name", "id") if user.get(k)), "coder")
    return text_of(annotation.get("created_username")) or (f"user {user}" if user else "coder")


def _dicts(value: object) -> list[dict[str, Any]]:
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def _result(span: LabelledSpan, transcript: str, coder: str) -> dict[str, object]:
    key = "\x1f".join((transcript, coder, str(span.start), str(span.end), span.label, span.origin))
    result: dict[str, object] = {
        "id": hashlib.sha256(key.encode("utf-8")).hexdigest()[:10],
        "from_name": "code",
        "to_name": "text",
        "type": "labels",
        "value": {"start": span.start, "end": span.end, "text": span.quote, "labels": [span.label]},
    }
    return result | ({"meta": {"text": [span.memo]}} if span.memo else {})


def _interface(labels: tuple[str, ...]) -> str:
    from xml.sax.saxutils import quoteattr

    lines = [f"    <Label value={quoteattr(label)}/>" for label in labels]
    return "\n".join(
        [
            "<View>",
            '  <Labels name="code" toName="text">',
            *lines,
            "  </Labels>",
            '  <Text name="text" value="$text"/>',
            "</View>",
            "",
        ]
    )
