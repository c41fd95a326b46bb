"""Screens: what the templates are given. Escaping is always on; nothing here marks a text as safe."""

import secrets
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from subtheme.review.bulk import BulkAnswers, Filter
from subtheme.review.coder_log import CoderLog
from subtheme.review.desk import Desk
from subtheme.review.evidence import evidence_parts
from subtheme.review.item import AROUND, Item, item_of, percent_words
from subtheme.review.material import Material
from subtheme.review.order import Stop
from subtheme.review.preferences import ACTIONS, MODES, PreferenceFile
from subtheme.review.progress import KINDS, progress_of
from subtheme.review.walk import Walk
from subtheme.scoring import ResultTable

_MOST_LISTED = 200
"""Segments that the page of a bulk answer prints."""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("subtheme.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


class Screens:
    """Draws every page and part of a page for one desk.

    Parameters
    ----------
    desk : Desk
    walk : Walk
    preferences : PreferenceFile
    """

    def __init__(self, desk: Desk, walk: Walk, preferences: PreferenceFile) -> None:
        self.desk = desk
        self.walk = walk
        self.preferences = preferences
        self.bulk_answers = BulkAnswers(desk)
        self._margins: tuple[int, ResultTable] | None = None

    def draw(self, template: str, order: str, **given: Any) -> str:
        """Return a template as text; `given` are its own words."""
        material = self.desk.material
        shared: dict[str, Any] = {
            "name": material.name,
            "synthetic": material.synthetic,
            "order": self.walk.order(order).id,
            "preferences": self.preferences.of(self.desk.coder),
            "uid": lambda: secrets.token_hex(8),
            "actions": ACTIONS,
            "modes": MODES,
        }
        return _environment().get_template(template).render({**shared, **given})

    def inner(self, template: str, order: str, *, is_part: bool, heading: str, **given: Any) -> str:
        """Return a part of a page, or the page around it."""
        outer = "part.html" if is_part else "whole.html"
        return self.draw(outer, order, inner=template, heading=heading, back=not is_part, **given)

    # -- segments -----------------------------------------------------------------------------------

    def item(self, stop: Stop, order: str, *, around: int = AROUND) -> Item:
        """Return the screen of one stop."""
        with self.desk.lock:
            passage, adjudication = self.desk.passage(stop.number), self.desk.adjudication
            return item_of(
                passage,
                material=self.desk.material,
                log=self.desk.log,
                arm=self.desk.arm(passage.segment),
                order=order,
                reason=stop.reason,
                asked=stop.code,
                around=around,
                disputes=adjudication.disputes().get(passage.segment) if adjudication is not None else None,
            )

    def page(self, stop: Stop | None, order: str, *, around: int = AROUND, status: str = "") -> str:
        """Return the whole page of one stop; without one, the page that says that nothing is left."""
        material = self.desk.material
        codes = [{"id": c, "name": material.code_name(c), "above": _above(material, c)} for c in material.codes]
        return self.draw(
            "page.html",
            order,
            item=self.item(stop, order, around=around) if stop else None,
            counts=self.walk.counts(order),
            orders=self.walk.orders,
            order_name=self.walk.order(order).name,
            codes=codes,
            status=status,
        )

    def articles(self, stops: list[Stop], order: str, *, is_end: bool, around: int = AROUND) -> str:
        """Return the screens of several stops without the page around them; `is_end` adds the last one."""
        counts = self.walk.counts(order)
        shown: list[tuple[Item | None, tuple[int, int]]] = [(self.item(s, order, around=around), counts) for s in stops]
        if is_end:
            shown.append((None, counts))
        return self.draw("articles.html", order, shown=shown, order_name=self.walk.order(order).name)

    def evidence(self, number: int, code: str, evidence: str, order: str, *, is_part: bool) -> str:
        """Return the evidence of one proposal."""
        return self.inner(
            "evidence.html",
            order,
            is_part=is_part,
            heading="Evidence",
            row_name=self.desk.material.code_name(code),
            parts=evidence_parts(evidence, self.desk.material),
            number=number,
        )

    def transcript(self, transcript: int, order: str, *, at: int, is_part: bool) -> str:
        """Return a whole transcript with the coder's own codes; suggestions are never shown in it."""
        material = self.desk.material
        with self.desk.lock:
            log = self.desk.log
            own = material.by_transcript.get(transcript, ())
            turns = _turns(material, log, transcript)
            finished = sum(log.is_finished(p.segment) for p in own)
        name = material.transcripts[transcript].id
        return self.inner(
            "transcript.html",
            order,
            is_part=is_part,
            heading="Transcript",
            transcript=transcript,
            transcript_name=name,
            turns=turns,
            finished=finished,
            total=len(own),
            has_read=self.desk.readings.has_read(name),
            at=at,
        )

    def bulk(self, order: str, wanted: Filter, *, is_chosen: bool) -> str:
        """Return the page where a whole filtered list is answered at once."""
        material = self.desk.material
        found = self.bulk_answers.open_proposals(wanted) if is_chosen else []
        shown = [
            {
                "number": one.passage.number,
                "participant": one.passage.participant,
                "percent": percent_words(one.suggestion.probability),
                "words": material.words(one.passage),
            }
            for one in found[:_MOST_LISTED]
        ]
        return self.inner(
            "bulk.html",
            order,
            is_part=False,
            heading="Bulk",
            wanted=wanted,
            code_name=material.code_name(wanted.code),
            codes=[{"id": c, "name": material.code_name(c)} for c in material.codes],
            cases=sorted({p.case for p in material.passages}),
            count=len(found),
            shown=shown,
            is_chosen=is_chosen,
            waiting=len(self.desk.log.bulk_sample()),
        )

    # -- tables -------------------------------------------------------------------------------------

    def margins(self, order: str, *, number: int | None, is_part: bool) -> str:
        """Return the table of margins, or its column for the case of one segment."""
        table = self._table()
        one = self.desk.passage(number).case if number is not None else ""
        cases = [one] if one else [c.id for c in table.cases]
        rows = [
            {
                "name": row.name,
                "cells": [
                    {
                        "state": cell.state.value,
                        "describing": cell.describing,
                        "participants": cell.participants,
                        "margin": _margin(str(cell.margin)),
                    }
                    for case in cases
                    for cell in [table.cell(case, row.id)]
                ],
            }
            for row in table.sub_themes
        ]
        return self.inner(
            "margins.html",
            order,
            is_part=is_part,
            heading="Table",
            one=one,
            cases=cases,
            table=rows,
            rule=table.rule[:1].upper() + table.rule[1:],
        )

    def progress(self, order: str) -> str:
        """Return the page of what is answered and what is open."""
        with self.desk.lock:
            progress = progress_of(self.desk.material, self.desk.log, self.desk.arm)
            done = [(o, self.walk.counts(o.id)) for o in self.walk.orders]
        groups = [("Code", progress.codes), ("Case", progress.cases), ("Transcript", progress.transcripts)]
        return self.inner(
            "progress.html",
            order,
            is_part=False,
            heading="Progress",
            progress=progress,
            orders=done,
            groups=groups,
            kinds=KINDS,
        )

    def settings(self, order: str, *, problems: list[str], is_stored: bool) -> str:
        """Return the page of keys."""
        return self.inner("settings.html", order, is_part=False, heading="Keys", problems=problems, is_stored=is_stored)

    def _table(self) -> ResultTable:
        """Score what stands, at most once after each change."""
        with self.desk.lock:
            version = self.desk.log.version
            if self._margins is not None and self._margins[0] == version:
                return self._margins[1]
            study = self.desk.study
        table = study.table()  # outside the lock: answers go on meanwhile
        self._margins = (version, table)
        return table


def _above(material: Material, code: str) -> str:
    return " › ".join(material.code_name(c) for c in reversed(material.codebook.lineage(code)[1:]))


def _margin(words: str) -> str:
    """Return a margin without the count and the state, which stand beside it."""
    return words.split(", ", 2)[-1]


def _turns(material: Material, log: CoderLog, transcript: int) -> list[dict[str, Any]]:
    """Return the turns of a transcript, cut into segments and what lies between them."""
    text = material.transcripts[transcript].text
    by_turn: dict[int, list[Any]] = {}
    for passage in material.by_transcript.get(transcript, ()):
        by_turn.setdefault(passage.turn, []).append(passage)
    shown = []
    for turn in material.transcripts[transcript].turns:
        pieces: list[dict[str, Any]] = []
        position = turn.start_char
        for passage in by_turn.get(turn.number, []):
            pieces.append({"number": None, "words": text[position : passage.start_char]})
            answers = log.answers(passage.segment).values()
            codes = ", ".join(f"{material.code_name(a.code)}: {a.verdict.value}" for a in answers)
            pieces.append({"number": passage.number, "words": material.words(passage), "codes": codes})
            position = passage.end_char
        pieces.append({"number": None, "words": text[position : turn.end_char]})
        shown.append({"speaker": turn.speaker, "role": turn.role.value, "pieces": pieces})
    return shown
