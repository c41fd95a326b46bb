"""Answering a whole filtered list at once: kept apart from what was looked at, until a random sample is confirmed."""

import hashlib
import json
from dataclasses import asdict, dataclass

from subtheme import __version__
from subtheme.errors import InputError, Problem
from subtheme.judgements import BULK
from subtheme.nouns import Decision, Verdict, content_id
from subtheme.review.coder_log import CoderLog
from subtheme.review.desk import Desk
from subtheme.review.material import Material, Passage, Suggestion

SAMPLE_LEAST = 30
"""Of a bulk answer, the larger of 5 % and 30 is drawn: all right in 30 bounds the errors at about one in ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which open proposals are meant.

    Attributes
    ----------
    code : str
    case : str
        Empty for every case.
    least, most : float
        Probabilities in [0, 1], both inclusive.
    """

    code: str
    case: str = ""
    least: float = 0.0
    most: float = 1.0


class BulkAnswers:
    """Answers whole lists for one desk.

    Parameters
    ----------
    desk : Desk
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open_proposals(self, wanted: Filter) -> list["OpenProposal"]:
        """Return the proposals that fit and are open; none of those that the coder may not see."""
        desk = self._desk
        with desk.lock:
            shows = {p.segment: desk.arm(p.segment).shows_suggestions for p in desk.material.passages}
            return open_proposals(wanted, material=desk.material, log=desk.log, shows=shows)

    def answer(self, wanted: Filter, verdict: str, *, count: int, uid: str) -> str:
        """Accept or reject a whole filtered list; one undo takes it back.

        Raises
        ------
        InputError
            If the list is not the one of `count` proposals that the coder saw, or the verdict is another.
        """
        desk = self._desk
        with desk.lock:
            if desk.log.known(uid) is not None:
                return "stored before"
            found = self.open_proposals(wanted)
            if not found or len(found) != count:
                raise InputError(
                    Problem(what=f"the list holds {len(found)} proposals now", remedy="Look at it again, then answer")
                )
            shown: dict[str, object] = {"app": __version__, "codebook": desk.material.codebook.content_hash[:12]}
            shown |= {"list": asdict(wanted)}
            at_us = desk.record.now_us()
            decisions = bulk_decisions(found, verdict, uid=uid, coder=desk.coder, at_us=at_us, shown=shown)
            desk.record.keep(decisions, batch=uid)
            return f"{verdict}: {count} in bulk; they count once the audit sample is confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProposal:
    """A proposal that the coder has not answered."""

    passage: Passage
    suggestion: Suggestion


def open_proposals(wanted: Filter, *, material: Material, log: CoderLog, shows: dict[str, bool]) -> list[OpenProposal]:
    """Return the proposals over their threshold that fit and are open, the most likely first.

    Parameters
    ----------
    wanted : Filter
    material : Material
    log : CoderLog
    shows : dict of str to bool
        By segment, whether suggestions are shown there: what is blind stays out of every list.
    """
    found = []
    for passage in material.passages:
        suggestion = material.suggestion(passage.segment, wanted.code)
        if suggestion is None or not suggestion.is_over or not shows[passage.segment]:
            continue
        fits = (wanted.case in {"", passage.case}) and wanted.least <= suggestion.probability <= wanted.most
        if fits and log.standing(passage.segment, wanted.code) is None:
            found.append(OpenProposal(passage=passage, suggestion=suggestion))
    return sorted(found, key=lambda o: (-o.suggestion.probability, o.passage.number))


def sample_of(segments: list[str], *, uid: str) -> set[str]:
    """Return the segments of a bulk answer that are drawn for its audit; the draw is set by the answer's id."""
    size = min(len(segments), max(SAMPLE_LEAST, -(-len(segments) * 5 // 100)))
    ordered = sorted(segments, key=lambda s: hashlib.sha256(f"{uid}\x1f{s}".encode()).digest())
    return set(ordered[:size])


def bulk_decisions(
    found: list[OpenProposal], verdict: str, *, uid: str, coder: str, at_us: int, shown: dict[str, object]
) -> list[Decision]:
    """Return one decision for every proposal of the list, marked as taken in bulk.

    Raises
    ------
    InputError
        If the verdict is neither to accept nor to reject.
    """
    if verdict not in {Verdict.ACCEPT.value, Verdict.REJECT.value}:
        raise InputError(Problem(what="unknown verdict for a whole list", expected="accept or reject"))
    drawn = sample_of([o.passage.segment for o in found], uid=uid)
    return [
        Decision(
            uid=uid if position == 0 else content_id("decision", "bulk", uid, str(position)),
            coder=coder,
            segment=one.passage.segment,
            code=one.suggestion.code,
            verdict=Verdict(verdict),
            shown=_shown(one, uid=uid, is_drawn=one.passage.segment in drawn, shown=shown),
            at_us=at_us + position,
        )
        for position, one in enumerate(found)
    ]


def _shown(one: OpenProposal, *, uid: str, is_drawn: bool, shown: dict[str, object]) -> str:
    return json.dumps(
        shown
        | {
            "by": BULK,
            "bulk": uid,
            "sample": is_drawn,
            "model": one.suggestion.model,
            "probability": round(one.suggestion.probability, 6),
            "threshold": round(one.suggestion.threshold, 6),
        },
        sort_keys=True,
    )
