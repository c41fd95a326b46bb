"""Routes of the whole study: where it stands, the table with its evidence, agreement, and everything that was done."""

import io
from typing import Annotated, Any

from fastapi import APIRouter, Form, Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from subtheme.errors import InputError, Problem
from subtheme.nouns import rows_of
from subtheme.review.screen import Screens
from subtheme.scoring import Cell, Firmness, State
from subtheme.study import Study
from subtheme.study.next_step import next_step
from subtheme.study.standing import held, standing, what_remains
from subtheme.study.trail import trail_of

Number = Annotated[int, Path(ge=0, le=10_000)]
Uid = Annotated[str, Form(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
_MOST_DEEDS = 300


class Overview:
    """Shows the study of one desk as its coder may see it.

    Parameters
    ----------
    screens : Screens
    """

    def __init__(self, screens: Screens) -> None:
        self.screens = screens
        self.desk = screens.desk
        self._kept: tuple[int, Study] | None = None
        self._firm: tuple[Study, Firmness] | None = None

    @property
    def router(self) -> APIRouter:
        """The routes, by address."""
        router = APIRouter(default_response_class=HTMLResponse)
        router.add_api_route("/home", self.home, methods=["GET"])
        router.add_api_route("/cells", self.cells, methods=["GET"])
        router.add_api_route("/cells/{case}/{row}", self.cell, methods=["GET"])
        router.add_api_route("/table.xlsx", self.workbook, methods=["GET"])
        router.add_api_route("/agreement", self.agreement, methods=["GET"])
        router.add_api_route("/history", self.history, methods=["GET"])
        router.add_api_route("/history", self.take_back, methods=["POST"])
        return router

    def study(self) -> Study:
        """Return the study as it is now; drawn up once after each change."""
        version = self.desk.record.store.length()
        if self._kept is None or self._kept[0] != version:
            self._kept = (version, self.desk.study)
        return self._kept[1]

    def firmness(self) -> Firmness:
        """Return how firm the table is, worked out once after each change."""
        study = self.study()
        if self._firm is None or self._firm[0] is not study:
            self._firm = (study, study.firmness())
        return self._firm[1]

    def home(self) -> str:
        """Show where the study stands, and what comes next."""
        study = self.study()
        facts, table = held(study), standing(study)
        remains = ""
        if table["expected_wrong_cells"] is not None and table["open"]:
            remains = what_remains(
                table["expected_wrong_cells"],
                risk=table["risk"],
                looks=table["expected_looks_range"],
                to_be_read=table["to_be_read"],
                is_enough=table["enough"],
            )
        return self._page("home.html", "Study", facts=facts, table=table, step=next_step(facts, table), remains=remains)

    def cells(self) -> str:
        """Show the table as a heat map."""
        table = self.study().table()
        rows = [
            {
                "name": row.name,
                "total": f"{row.present} of {row.of}",
                "cells": [
                    {**_shown(table.cell(case.id, row.id)), "address": f"/cells/{i}/{j}"}
                    for i, case in enumerate(table.cases)
                ],
            }
            for j, row in enumerate(table.sub_themes)
        ]
        return self._page(
            "cells.html", "Table", cases=[c.id for c in table.cases], rows=rows, rule=table.rule, notes=table.notes
        )

    def cell(self, case: Number, row: Number) -> str:
        """Show what stands behind one cell, and what could flip it."""
        study, firm = self.study(), self.firmness()
        table = firm.table
        if case >= len(table.cases) or row >= len(table.sub_themes):
            raise HTTPException(404)
        place, theme = table.cases[case].id, table.sub_themes[row]
        cell, evidence = table.cell(place, theme.id), firm.evidence[place, theme.id]
        numbers = self.desk.material.by_segment
        own = study.codings[study.codings["participant"].isin(table.presence.members(place))]
        codes = [c for c in study.codebook.by_id if study.codebook.roll_up(c, study.level) == theme.id]
        texts = {t.id: t.text for t in study.transcripts}
        excerpts = [
            {
                "participant": r.participant,
                "words": texts[r.transcript][r.start_char : r.end_char] if r.start_char >= 0 else "",
                "coder": r.coder,
                "counters": r.direction != "supports",
            }
            for r in rows_of(own[own["code"].isin(codes)])
        ]
        could = [
            {"participant": r.participant, "number": numbers[r.segment].number, "probability": r.probability}
            for r in rows_of(evidence.segments)
            if r.segment in numbers
        ]
        return self._page(
            "cell.html",
            theme.name,
            case=place,
            words=in_words(cell),
            excerpts=excerpts,
            could=could,
            open_people=evidence.could_add,
        )

    def workbook(self) -> Response:
        """Give the table as it goes into a paper, as a workbook."""
        from subtheme.reports.wide_table import wide_table
        from subtheme.tablefiles import xlsx_bytes

        content = io.BytesIO(xlsx_bytes({"Table": wide_table(self.study().table())}))
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return Response(
            content.getvalue(), media_type=kind, headers={"content-disposition": 'attachment; filename="table.xlsx"'}
        )

    def agreement(self) -> str:
        """Show the figures of agreement among all coders; no answer of anybody."""
        with self.desk.lock:
            whole = self.desk.material.study.with_events(self.desk.record.store.events())
        try:
            report, reason = whole.agreement(), ""
        except InputError as error:
            report, reason = None, "; ".join(p.what for p in error.problems)
        people = None if report is None else report.blind.people
        rows = () if people is None else people.levels[0].rows
        paragraph = "" if report is None else report.paragraph
        return self._page("agreement.html", "Agreement", rows=rows, reason=reason, paragraph=paragraph)

    def history(self) -> str:
        """Show everything that was done, the latest first."""
        deeds = trail_of(self.study())
        return self._page("history.html", "History", deeds=deeds[:_MOST_DEEDS], more=max(0, len(deeds) - _MOST_DEEDS))

    def take_back(self, event: Uid) -> Response:
        """Take back what the coder did in one go, by the uid of its first event."""
        deed = next((d for d in trail_of(self.study()) if d.events[0] == event), None)
        if deed is None or deed.coder != self.desk.coder or not deed.holds:
            raise InputError(Problem(what="that cannot be taken back here", remedy="Load the page again"))
        self.desk.record.take_back(deed.events)
        return RedirectResponse("/history", status_code=303)

    def _page(self, template: str, heading: str, **given: Any) -> str:
        return self.screens.draw(template, "", heading=heading, coder=self.desk.coder, **given)


def in_words(cell: Cell) -> str:
    """Return a cell in a sentence: how many describe it, and what it takes to change that."""
    text = f"{cell.describing} of {cell.participants} describe it"
    flips = cell.margin.to_flip
    if flips is None:
        return text
    change = "one" if flips == 1 else str(flips)
    if cell.state is State.PRESENT:
        return f"{text}: a majority; {change} fewer and it is none"
    if cell.state is State.OPEN:
        return f"{text}; {cell.unread} not judged yet; {change} more and it is a majority"
    return f"{text}: no majority, whoever else is read; {change} more would make one"


def _shown(cell: Cell) -> dict[str, Any]:
    share = cell.describing / cell.participants if cell.participants else 0.0
    return {
        "state": cell.state.value,
        "count": f"{cell.describing}/{cell.participants}",
        "depth": round(4 * share),
        "words": in_words(cell),
    }
