"""Where the table of a study stands: what is settled, what is open, and how many looks remain."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from subtheme.nouns import SAID, rows_of
from subtheme.proposals import SURPRISE
from subtheme.study.study import Study

_WORTH_TRAINING = 100
"""Answers that a model has not learned from, from which on its next training is worth a line."""


def held(study: Study) -> dict[str, Any]:
    """Return what a study holds, in numbers and names."""
    proposals, judged = study.proposals, study.judgements
    return {
        "name": study.name,
        "synthetic": study.synthetic,
        "participants": len(study.participants),
        "cases": int(study.participants["case"].nunique()),
        "transcripts": len(study.transcripts),
        "segments": len(study.segments),
        "codings": len(study.codings),
        "coders": list(study.coders),
        "readings": len(judged.readings),
        "models": [p.name for p in study.folder.model_folders()],
        "proposals": int((proposals["probability"] >= proposals["threshold"]).sum()),
        "decisions": len(study.standing_answers),
        "stale_judgements": int(judged.stale(study.codebook)["judgements"].sum()),
    }


def standing(study: Study) -> dict[str, Any]:
    """Return where every cell, case and sub-theme of a study stands, as plain values.

    `expected_looks` are those until review is enough; None where no model proposes anything for the sub-theme: only
    reading settles such a cell, and `to_be_read` counts them where there is a model. `expected_wrong_cells` holds cells
    that are wrongly present as well as those that are wrongly not; review is `enough` when it is within the bound and
    answers did not exceed their forecasts by far (`foresight`). `second_looks` are confirmations that present cells
    rest on and that a second answer should verify.
    """
    table, review = study.table(), study.presence_review
    frame = table.as_frame()
    if review is None:
        frame = frame.assign(chance=None, expected_looks=None)
    else:
        frame = frame.merge(review.chances(frame), on=["case", "sub_theme"])
    cells = [
        {
            "case": row.case,
            "sub_theme": row.sub_theme,
            "state": row.state,
            "participants_describing": row.participants_describing,
            "participants": row.participants,
            "unread": row.unread,
            "chance": _number(row.chance, 4),
            "expected_looks": _number(row.expected_looks, 1),
        }
        for row in rows_of(frame)
    ]
    wrong = None if review is None else review.expected_wrong(frame)
    return {
        "settled": sum(c["state"] != "open" for c in cells),
        "open": sum(c["state"] == "open" for c in cells),
        "risk": study.folder.settings.risk,
        "to_be_read": None if review is None else review.to_be_read(frame),
        "expected_wrong_cells": None if wrong is None else round(wrong, 3),
        "expected_looks": None if review is None else round(review.looks_left.expected, 1),
        "expected_looks_range": None if review is None else [review.looks_left.low, review.looks_left.high],
        "enough": review is not None and wrong is not None and review.is_enough(wrong),
        "foresight": None if review is None else asdict(review.foresight),
        "second_looks": None if review is None else review.second_looks,
        "by_case": [_group(t.id, [c for c in cells if c["case"] == t.id]) for t in table.cases],
        "by_sub_theme": [_group(t.id, [c for c in cells if c["sub_theme"] == t.id]) for t in table.sub_themes],
        "cells": cells,
        "notes": [*table.notes, *(review.now.notes if review is not None else ()), *_untaught(study)],
    }


def _untaught(study: Study) -> list[str]:
    """Return a note where many answers wait to teach the model that proposed."""
    manifest = study.model_manifest
    if manifest is None:
        return []
    judged = study.judgements
    elsewhere = ~judged.segments["transcript"].isin(study.read).to_numpy()
    codes = [judged.number_of(code) for code in manifest["codes"] if code in judged.codes]
    given = int(np.isin(judged.together[elsewhere][:, codes], SAID).sum())
    taught = int(manifest["facts"].get("answers", 0))
    if given - taught < _WORTH_TRAINING:
        return []
    return [
        f"the model that proposed has learned from {taught} of {given} answers; the others teach it too: "
        "subtheme train, then subtheme precode"
    ]


def standing_text(facts: dict[str, Any]) -> str:
    """Return the standing as a grid of sub-themes by cases, with what remains to be done."""
    cells = {(c["case"], c["sub_theme"]): c for c in facts["cells"]}
    cases, rows = [g["id"] for g in facts["by_case"]], [g["id"] for g in facts["by_sub_theme"]]
    lines = [["", *cases], *([row, *(_in_words(cells[case, row]) for case in cases)] for row in rows)]
    lines.append(["settled", *(f"{g['settled']} of {g['cells']}" for g in facts["by_case"])])
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    grid = ["  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([*grid, "", *_remains(facts), *(f"Note: {note}." for note in facts["notes"])])


def _remains(facts: dict[str, Any]) -> list[str]:
    if not facts["open"] and not facts["expected_wrong_cells"]:
        return ["Every cell is settled."]
    if facts["expected_looks"] is None:
        return [f"{facts['open']} cells are open until more is read; no model has made proposals yet."]
    lines = [
        f"{facts['open']} {'cell is' if facts['open'] == 1 else 'cells are'} open. "
        + what_remains(
            facts["expected_wrong_cells"],
            risk=facts["risk"],
            looks=facts["expected_looks_range"],
            to_be_read=facts["to_be_read"],
            is_enough=facts["enough"],
        )
    ]
    if (told := facts.get("foresight")) and told["surprise"] > SURPRISE:
        lines.append(_surprised(told))
    if facts.get("second_looks"):
        lines.append(
            f"{facts['second_looks']} of the confirmations that present cells rest on would gain from a second answer: "
            "by another coder, or later by the same one, on a sheet (subtheme sheet out questions.xlsx)."
        )
    shown = [_in_words(c) for c in facts["cells"]]
    if any(text.endswith(("look", "looks")) for text in shown):
        lines.append(
            "A look holds one segment against one sub-theme. The looks beside a cell are a mean; all of them add up "
            f"to {facts['expected_looks']:.0f}."
        )
    if any("chance" in text for text in shown):
        lines.append("Where a chance of a majority stands, no look is expected to be spent: the cell stays open.")
    return lines


def _surprised(told: dict[str, Any]) -> str:
    return (
        f"People describe more than was forecast: {told['hits']} answers confirmed where {told['expected']:.0f} of "
        f"{told['questions']} were expected (z {told['surprise']:.1f}). Nothing is called enough: let the answers "
        "teach the model (subtheme train, then subtheme precode)."
    )


def what_remains(wrong: float, *, risk: float, looks: Sequence[int], to_be_read: int, is_enough: bool) -> str:
    """Return what is expected to be wrong, and what it takes until that is within the bound.

    Parameters
    ----------
    wrong : float
        Expected number of cells that are not what they count as.
    risk : float
        Bound of the study.
    looks : sequence of two int
        Range of the looks until what can be asked about is within the bound.
    to_be_read : int
        Open cells that no look can settle.
    is_enough : bool
        Whether review may stop.
    """
    now = f"If all stays as it is, {wrong:.1f} cells are expected to be wrong"
    if is_enough:
        text = f"{now}. That is within the bound of {risk:g} expected wrong cells: enough."
    elif looks[1]:
        text = f"{now}; until that is within the bound of {risk:g}, {looks_in_words(*looks)} more."
    elif risk and wrong <= risk:
        text = f"{now}. That is within the bound of {risk:g}, but the forecasts do not hold."
    else:
        text = f"{now}, over the bound of {risk:g}, and no question would bring it there: only reading does."
    if to_be_read:
        text += f" Nothing is proposed for {to_be_read} of the open cells: they are settled by reading alone."
    return text


def looks_in_words(low: int, high: int) -> str:
    """Return a range of looks.

    >>> looks_in_words(40, 70), looks_in_words(1, 1)
    ('40 to 70 looks', '1 look')
    """
    if low == high:
        return f"{low} look" if low == 1 else f"{low} looks"
    return f"{low} to {high} looks"


def _group(identifier: str, cells: list[dict[str, Any]]) -> dict[str, Any]:
    looks = [c["expected_looks"] for c in cells]
    return {
        "id": identifier,
        "cells": len(cells),
        "settled": sum(c["state"] != "open" for c in cells),
        "open": sum(c["state"] == "open" for c in cells),
        "expected_looks": None if None in looks else round(sum(looks), 1),
    }


def _in_words(cell: dict[str, Any]) -> str:
    text = f"{cell['state']} {cell['participants_describing']}/{cell['participants']}"
    if cell["state"] != "open":
        return text
    looks = cell["expected_looks"]
    if looks is None:
        return f"{text}, to be read"
    number = round(looks)
    if number == 0:
        return f"{text}, chance under 1 %" if cell["chance"] < 0.005 else f"{text}, chance {100 * cell['chance']:.0f} %"
    return f"{text}, {number} {'look' if number == 1 else 'looks'}"


def _number(value: float | None, places: int) -> float | None:
    return None if value is None or value != value else round(float(value), places)  # noqa: PLR0124 - NaN
