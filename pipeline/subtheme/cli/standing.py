"""Where the table of a study stands: what is settled, what is open, and how many looks remain."""

from typing import Any

from subtheme.cli.load import StudyTables
from subtheme.cli.results import table_of_study
from subtheme.codings import counted_decisions
from subtheme.study import CONFIRMING, DENYING, rows_of

_WORTH_TRAINING = 100
"""Answers that a model has not learned from, from which on its next training is worth a line."""


def standing(tables: StudyTables) -> dict[str, Any]:
    """Return where every cell, case and sub-theme of a study stands, as plain values.

    `expected_looks` are those until review is enough; None where no model proposes anything for the sub-theme: only
    reading settles such a cell.
    """
    table, review = table_of_study(tables), tables.presence_review
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
    return {
        "settled": sum(c["state"] != "open" for c in cells),
        "open": sum(c["state"] == "open" for c in cells),
        "risk": tables.study.settings.risk,
        "expected_wrong_cells": None if review is None else round(review.now.expected_wrong, 3),
        "expected_looks": None if review is None else round(review.looks_left.expected, 1),
        "expected_looks_range": None if review is None else [review.looks_left.low, review.looks_left.high],
        "enough": review is not None and review.is_enough,
        "by_case": [_group(t.id, [c for c in cells if c["case"] == t.id]) for t in table.cases],
        "by_sub_theme": [_group(t.id, [c for c in cells if c["sub_theme"] == t.id]) for t in table.sub_themes],
        "cells": cells,
        "notes": [*table.notes, *(review.now.notes if review is not None else ()), *_untaught(tables)],
    }


def _untaught(tables: StudyTables) -> list[str]:
    """Return a note where many answers wait to teach the model that proposed."""
    manifest = tables.model_manifest
    if manifest is None:
        return []
    read = set(tables.readings["transcript"])
    elsewhere = set(tables.segments.loc[~tables.segments["transcript"].isin(read), "segment"])
    standing = counted_decisions(tables.decisions)
    answers = standing[
        standing["segment"].isin(elsewhere)
        & standing["code"].isin(manifest["codes"])
        & standing["verdict"].isin([*CONFIRMING, *DENYING])
    ]
    given, taught = len(answers.drop_duplicates(["segment", "code"])), int(manifest["facts"].get("answers", 0))
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
    if not facts["open"]:
        return ["Every cell is settled."]
    if facts["expected_looks"] is None:
        return [f"{facts['open']} cells are open until more is read; no model has made proposals yet."]
    now = (
        f"{facts['open']} cells are open. If all stays as it is, {facts['expected_wrong_cells']:.1f} cells are "
        f"expected to be wrong"
    )
    if facts["enough"]:
        lines = [f"{now}. That is within the bound of {facts['risk']:g} expected wrong cells: enough."]
    else:
        looks = looks_in_words(*facts["expected_looks_range"])
        lines = [f"{now}; until that is within the bound of {facts['risk']:g}, {looks} more."]
    if any(_in_words(c).endswith("unlikely") for c in facts["cells"]):
        lines.append("'Unlikely' cells are left open: a majority there is so improbable that no look is spent on them.")
    return lines


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
        return f"{text}, unlikely" if cell["chance"] < 0.5 else f"{text}, likely"
    return f"{text}, {number} {'look' if number == 1 else 'looks'}"


def _number(value: float | None, places: int) -> float | None:
    return None if value is None or value != value else round(float(value), places)  # noqa: PLR0124 - NaN
