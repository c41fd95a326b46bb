"""What one coder's log comes to: standing answers, finished segments, flags, memos, and what can be undone.

The log itself lies in the store; this is its projection in memory, brought up to date with every event that
was stored. It never sees another coder's events.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from typing import Any

import pandas as pd

from subtheme.files import Mark, MarkKind
from subtheme.judgements import BULK
from subtheme.nouns import Decision, Verdict, rows_of
from subtheme.review.arm import Arm

BATCH = "page:"
"""Begins the batch of everything that was decided at the page."""


@dataclass(slots=True, kw_only=True)
class Action:
    """One thing that a coder did, to be undone in one go.

    Attributes
    ----------
    id : str
        The uid that the page gave it.
    segment : str
    events : dict of str to Decision or Mark
        By uid; those that were taken back are gone.
    """

    id: str
    segment: str
    events: dict[str, Decision | Mark] = field(default_factory=dict)


class CoderLog:
    """Projection of one coder's decisions and marks.

    Parameters
    ----------
    coder : str
    """

    def __init__(self, coder: str) -> None:
        self.coder = coder
        self.version = 0
        self.last_us = 0
        self._answers: dict[tuple[str, str], list[Decision]] = {}
        self._codes: dict[str, set[str]] = {}
        self._marks: dict[tuple[str, MarkKind, str], list[Mark]] = {}
        self._arms: dict[str, Arm] = {}
        self._actions: dict[str, Action] = {}
        self._action_of: dict[str, str] = {}
        self._uids: dict[str, Decision | Mark] = {}

    # -- taking events in ---------------------------------------------------------------------------

    def load(self, decisions: pd.DataFrame, marks: Iterable[Mark]) -> None:
        """Take in what the store holds: decisions with their batches, and marks, each in the order of its log."""
        own = decisions[decisions["coder"] == self.coder]
        events: list[tuple[int, int, Decision | Mark, str]] = []
        events += [(row.at_us, 0, _decision(row), row.batch) for row in rows_of(own)]
        events += [(m.at_us, 1, m, "") for m in marks if m.coder == self.coder]
        for _, _, event, batch in sorted(events, key=lambda e: e[:2]):
            if isinstance(event, Decision):
                self.take_decision(event, batch=batch)
            else:
                self.take_mark(event)

    def take_decision(self, decision: Decision, *, batch: str) -> None:
        """Take in one decision that is stored."""
        self._note(decision)
        if decision.verdict is Verdict.RETRACT:
            target = self._uids.get(decision.reply_to)
            if isinstance(target, Decision):
                answers = self._answers.get((target.segment, target.code), [])
                self._answers[target.segment, target.code] = [a for a in answers if a.uid != target.uid]
                self._forget(target.uid)
            return
        self._answers.setdefault((decision.segment, decision.code), []).append(decision)
        self._codes.setdefault(decision.segment, set()).add(decision.code)
        if batch.startswith(BATCH):
            self._remember(batch.removeprefix(BATCH), decision)

    def take_mark(self, mark: Mark) -> None:
        """Take in one mark that is stored."""
        self._note(mark)
        if mark.kind is MarkKind.UNDO:
            target = self._uids.get(mark.reply_to)
            if isinstance(target, Mark):
                place = _place(target)
                self._marks[place] = [m for m in self._marks.get(place, []) if m.uid != target.uid]
                self._forget(target.uid)
            return
        self._marks.setdefault(_place(mark), []).append(mark)
        if mark.kind is not MarkKind.EVIDENCE:  # looking at evidence is nothing to take back
            self._remember(mark.uid, mark)

    def _note(self, event: Decision | Mark) -> None:
        self._uids[event.uid] = event
        self.last_us = max(self.last_us, event.at_us)
        seen = json.loads(event.shown or "{}")
        arm = seen.get("arm") or (Arm.ASSISTED.value if seen.get("model") else "")
        if arm in set(Arm) and seen.get("by") != BULK:  # a bulk answer shows nothing of the segment
            self._arms.setdefault(event.segment, Arm(arm))
        self.version += 1

    def _remember(self, identifier: str, event: Decision | Mark) -> None:
        action = self._actions.setdefault(identifier, Action(id=identifier, segment=event.segment))
        action.events[event.uid] = event
        self._action_of[event.uid] = identifier

    def _forget(self, uid: str) -> None:
        identifier = self._action_of.pop(uid, None)
        if identifier is not None:
            action = self._actions[identifier]
            del action.events[uid]
            if not action.events:
                del self._actions[identifier]

    # -- what stands --------------------------------------------------------------------------------

    def known(self, uid: str) -> Decision | Mark | None:
        """Return the event of that uid, or None."""
        return self._uids.get(uid)

    def standing(self, segment: str, code: str) -> Decision | None:
        """Return the coder's answer on `code` at `segment` that stands, or None."""
        answers = self._answers.get((segment, code))
        return answers[-1] if answers else None

    def answers(self, segment: str) -> dict[str, Decision]:
        """Return the standing answers at `segment`, by code."""
        found = ((code, self.standing(segment, code)) for code in sorted(self._codes.get(segment, ())))
        return {code: decision for code, decision in found if decision is not None}

    def decisions(self) -> list[Decision]:
        """Return every decision that was not taken back, in the order of the log."""
        return sorted((d for answers in self._answers.values() for d in answers), key=lambda d: d.at_us)

    def is_finished(self, segment: str, code: str = "") -> bool:
        """Whether the coder went on from `segment`, or has dealt with `code` there where an order asks for one."""
        if self._marks.get((segment, MarkKind.FINISH, "")):
            return True
        return bool(code) and (
            bool(self._marks.get((segment, MarkKind.FINISH, code))) or self.is_answered(segment, code)
        )

    def is_answered(self, segment: str, code: str) -> bool:
        """Whether the coder has looked at `code` at `segment` and answered; a bulk answer is none."""
        standing = self.standing(segment, code)
        return standing is not None and not is_bulk(standing)

    def is_revealed(self, segment: str) -> bool:
        """Whether the coder has had the proposals shown after an answer of their own."""
        return bool(self._marks.get((segment, MarkKind.REVEAL, "")))

    def bulk_sample(self) -> list[Decision]:
        """Return the bulk answers that were drawn for their audit and are not answered singly yet."""
        standing = (answers[-1] for answers in self._answers.values() if answers)
        return [d for d in standing if is_bulk(d) and json.loads(d.shown).get("sample")]

    def is_flagged(self, segment: str) -> bool:
        """Whether `segment` is set aside."""
        marks = self._marks.get((segment, MarkKind.FLAG, ""))
        return bool(marks and marks[-1].kind is MarkKind.FLAG)

    def flagged(self) -> set[str]:
        """Return the segments that are set aside."""
        return {segment for segment, kind, _ in self._marks if kind is MarkKind.FLAG and self.is_flagged(segment)}

    def arm(self, segment: str) -> Arm | None:
        """Return the arm in which the coder first answered at `segment`; None where nothing was answered."""
        return self._arms.get(segment)

    def memo(self, segment: str, code: str) -> str:
        """Return the memo on `code` at `segment` (an empty code: on the segment)."""
        marks = self._marks.get((segment, MarkKind.MEMO, code))
        if marks:
            return marks[-1].memo
        standing = self.standing(segment, code) if code else None
        return standing.memo if standing else ""

    def saw_evidence(self, segment: str, code: str) -> bool:
        """Whether the coder opened the evidence of `code` at `segment`."""
        return bool(self._marks.get((segment, MarkKind.EVIDENCE, code)))

    def last_action(self) -> Action | None:
        """Return what would be undone next, or None."""
        return next(reversed(self._actions.values()), None)


def is_bulk(decision: Decision) -> bool:
    """Whether a decision was taken for a whole list at once."""
    return bool(json.loads(decision.shown or "{}").get("by") == BULK)


def _place(mark: Mark) -> tuple[str, MarkKind, str]:
    """Return where a mark is kept: setting a flag and taking it off are one list, of which the last counts."""
    kind = MarkKind.FLAG if mark.kind is MarkKind.UNFLAG else mark.kind
    return mark.segment, kind, mark.code


def _decision(row: Any) -> Decision:
    return Decision(**{f.name: getattr(row, f.name) for f in fields(Decision)} | {"verdict": Verdict(row.verdict)})
