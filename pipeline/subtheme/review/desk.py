"""One coder at one study: what may be done, each action on disk before it is answered for."""

import json
import threading
import time
from collections.abc import Sequence
from typing import Any

import pandas as pd

from subtheme import __version__
from subtheme.errors import InputError, Problem
from subtheme.files import Mark, MarkKind, Store
from subtheme.review.arm import SHARE, Arm, arm_of, blind_share
from subtheme.review.coder_log import BATCH, CoderLog
from subtheme.review.material import Material, Passage, Suggestion
from subtheme.study import READINGS, Decision, Verdict, content_id

_VERDICTS = frozenset({Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE, Verdict.COUNTER, Verdict.ADD})
_TAKEN = Problem(what="this answer's id belongs to another answer", remedy="Load the page again")
LONGEST_MEMO = 4000
"""Characters of one memo."""


class Desk:
    """Takes a coder's answers, stores them, and knows what stands.

    All writing goes through one lock, one after the other. Nothing is taken into the projection before the
    store's transaction has ended on the disk.

    Parameters
    ----------
    material : Material
    store : Store
        Its lock is held by the caller for as long as the desk is used.
    coder : str
    blind : float
        Share of the segments that are read without suggestions.
    """

    def __init__(self, material: Material, store: Store, *, coder: str, blind: float = SHARE) -> None:
        self.material = material
        self.coder = coder
        self.lock = threading.RLock()
        self._store = store
        self._share = blind_share(len(material.passages), share=blind)
        self.log = CoderLog(coder)
        self.log.load(store.decisions(), store.marks())
        self._readings = store.readings()

    # -- looking --------------------------------------------------------------------------------------

    def passage(self, number: int) -> Passage:
        """Return the passage of that number.

        Raises
        ------
        InputError
            If there is none.
        """
        if not 0 <= number < len(self.material.passages):
            raise InputError(Problem(what="no such segment", expected=f"0 to {len(self.material.passages) - 1}"))
        return self.material.passages[number]

    def arm(self, segment: str) -> Arm:
        """Return the arm of a segment: the one in which it was first answered, else by the keyed hash."""
        if not self.material.suggestions:
            return Arm.BLIND
        first = self.log.arm(segment)
        return first or arm_of(segment, coder=self.coder, key=self.material.study_id, share=self._share)

    def readings(self) -> pd.DataFrame:
        """Return the readings that the coder's margins rest on: own ones, and those of codings brought in."""
        coders = {self.coder, *self.material.manual["coder"]}
        return self._readings[self._readings["coder"].isin(coders)]

    def has_read(self, transcript: str) -> bool:
        """Whether the coder has said that the whole transcript is read."""
        own = self._readings[self._readings["coder"] == self.coder]
        return transcript in set(own["transcript"])

    # -- doing ----------------------------------------------------------------------------------------

    def decide(
        self, number: int, code: str, verdict: str, *, uid: str, order: str, elapsed_ms: int = 0, reply_to: str = ""
    ) -> str:
        """Store an answer on one code; return what was done, in words.

        Accepting a code that was not proposed adds it; adding one that was proposed accepts it.

        Raises
        ------
        InputError
            If there is no such segment, code or verdict, or `uid` names something else.
        """
        with self.lock:
            decision = self._answer(
                number, code, verdict, uid=uid, order=order, elapsed_ms=elapsed_ms, reply_to=reply_to
            )
            self._store_all([decision], batch=uid)
            return f"{decision.verdict.value}: {self.material.code_name(code)}"

    def relabel(self, number: int, code: str, other: str, *, uid: str, order: str, elapsed_ms: int = 0) -> str:
        """Reject `code` and add `other`: two linked answers, undone together.

        Raises
        ------
        InputError
            As in `decide`.
        """
        with self.lock:
            first = self._answer(number, code, Verdict.REJECT.value, uid=uid, order=order, elapsed_ms=elapsed_ms)
            second = self._answer(
                number,
                other,
                Verdict.ADD.value,
                uid=content_id("decision", "relabel", uid),
                order=order,
                elapsed_ms=elapsed_ms,
                reply_to=uid,
            )
            self._store_all([first, second], batch=uid)
            return f"{self.material.code_name(other)} instead of {self.material.code_name(code)}"

    def finish(self, number: int, *, uid: str, order: str, asked: str = "", elapsed_ms: int = 0) -> str:
        """Note that the coder went on; `asked` is the code that the order was after, where it was after one.

        Raises
        ------
        InputError
            If there is no such segment or code, or `uid` names something else.
        """
        with self.lock:
            passage = self.passage(number)
            blind = self.arm(passage.segment) is Arm.BLIND
            code = "" if blind or not asked else self._code(asked)
            suggestion = self._seen_suggestion(passage, code, is_row=True)
            shown = self._shown(passage, suggestion, order=order, elapsed_ms=elapsed_ms)
            self._mark(passage, MarkKind.FINISH, uid=uid, code=code, shown=shown)
            return "finished"

    def flag(self, number: int, *, uid: str) -> str:
        """Set the segment aside, or take it back from there.

        Raises
        ------
        InputError
            If there is no such segment, or `uid` names something else.
        """
        with self.lock:
            passage = self.passage(number)
            known = self.log.known(uid)
            is_set = (
                known.kind is MarkKind.FLAG if isinstance(known, Mark) else not self.log.is_flagged(passage.segment)
            )
            self._mark(passage, MarkKind.FLAG if is_set else MarkKind.UNFLAG, uid=uid)
            return "flagged" if is_set else "flag removed"

    def memo(self, number: int, code: str, memo: str, *, uid: str) -> str:
        """Store a memo on a code of the segment, or on the segment; an answer that stands carries it from now on.

        Raises
        ------
        InputError
            If there is no such segment or code, the memo is too long, or `uid` names something else.
        """
        if len(memo) > LONGEST_MEMO or "\x00" in memo:
            raise InputError(Problem(what="the memo cannot be stored", expected=f"at most {LONGEST_MEMO} characters"))
        with self.lock:
            passage = self.passage(number)
            mark = self._new_mark(passage, MarkKind.MEMO, uid=uid, code=self._code(code) if code else "", memo=memo)
            standing = self.log.standing(passage.segment, code) if code else None
            again = []
            if standing is not None and self.log.known(uid) is None:
                again = [
                    Decision(
                        uid=content_id("decision", "memo", uid),
                        coder=self.coder,
                        segment=passage.segment,
                        code=code,
                        verdict=standing.verdict,
                        reply_to=standing.uid,
                        memo=memo,
                        shown=standing.shown,
                        at_us=mark.at_us,
                    )
                ]
            self._store_all(again, [mark], batch=uid)
            return "memo stored"

    def see_evidence(self, number: int, code: str, *, uid: str, order: str) -> str:
        """Note that the evidence of a proposal was opened, and return it (JSON).

        Raises
        ------
        InputError
            In the blind arm, or where nothing is proposed.
        """
        with self.lock:
            passage = self.passage(number)
            suggestion = self.material.suggestion(passage.segment, code)
            if suggestion is None or self.arm(passage.segment) is Arm.BLIND:
                raise InputError(Problem(what="no proposal is shown here"))
            shown = self._shown(passage, suggestion, order=order, elapsed_ms=0)
            self._mark(passage, MarkKind.EVIDENCE, uid=uid, code=code, shown=shown)
            return suggestion.evidence

    def undo(self, *, uid: str) -> tuple[int, str] | None:
        """Take back the last thing that the coder did at the page, however long ago.

        Returns
        -------
        (int, str) or None
            Number of the segment and what was taken back; None where nothing is left.
        """
        with self.lock:
            done = self.log.known(uid)
            if done is not None:
                return self.material.by_segment[done.segment].number, "taken back"
            action = self.log.last_action()
            if action is None:
                return None
            at_us = self._now_us()
            decisions: list[Decision] = []
            marks: list[Mark] = []
            for position, event in enumerate(action.events.values()):
                own = uid if position == 0 else content_id("decision", "undo", uid, str(position))
                place: dict[str, Any] = {"uid": own, "coder": self.coder, "segment": event.segment, "at_us": at_us}
                place |= {"code": event.code, "reply_to": event.uid}
                if isinstance(event, Decision):
                    decisions.append(Decision(**place, verdict=Verdict.RETRACT))
                else:
                    marks.append(Mark(**place, kind=MarkKind.UNDO))
            words = ", ".join(self._in_words(event) for event in action.events.values())
            self._store_all(decisions, marks, batch=f"undo:{uid}", is_page=False)
            return self.material.by_segment[action.segment].number, f"taken back: {words}"

    def set_read(self, transcript: int, *, is_read: bool) -> None:
        """Note, or take back, that the coder has read a whole transcript: what is not coded there is absent.

        Raises
        ------
        InputError
            If there is no such transcript.
        """
        if not 0 <= transcript < len(self.material.transcripts):
            raise InputError(Problem(what="no such transcript"))
        name = self.material.transcripts[transcript].id
        with self.lock, self._store.writing():
            if is_read:
                row = pd.DataFrame([{"coder": self.coder, "transcript": name}])
                self._store.add_readings(READINGS.check(row, source="the page"))
            else:
                self._store.remove_reading(coder=self.coder, transcript=name)
            self._readings = self._store.readings()
            self.log.version += 1

    # -- inside ---------------------------------------------------------------------------------------

    def _answer(
        self, number: int, code: str, verdict: str, *, uid: str, order: str, elapsed_ms: int, reply_to: str = ""
    ) -> Decision:
        passage = self.passage(number)
        if verdict not in _VERDICTS:
            raise InputError(Problem(what="unknown verdict", expected=f"one of {', '.join(sorted(_VERDICTS))}"))
        given = Verdict(verdict)
        standing = self.log.standing(passage.segment, self._code(code))
        suggestion = self._seen_suggestion(passage, code, is_row=given is not Verdict.ADD or standing is not None)
        if given in {Verdict.ACCEPT, Verdict.ADD}:
            given = Verdict.ACCEPT if suggestion is not None else Verdict.ADD
        return Decision(
            uid=uid,
            coder=self.coder,
            segment=passage.segment,
            code=code,
            verdict=given,
            reply_to=reply_to or (standing.uid if standing else ""),
            memo=self.log.memo(passage.segment, code),
            shown=self._shown(passage, suggestion, order=order, elapsed_ms=elapsed_ms),
            at_us=self._now_us(),
        )

    def _seen_suggestion(self, passage: Passage, code: str, *, is_row: bool) -> Suggestion | None:
        """Return what the coder saw the model say of `code`: nothing in the blind arm, nor of a code without a row."""
        suggestion = self.material.suggestion(passage.segment, code)
        if suggestion is None or self.arm(passage.segment) is Arm.BLIND:
            return None
        return suggestion if suggestion.is_over or is_row else None

    def _shown(self, passage: Passage, suggestion: Suggestion | None, *, order: str, elapsed_ms: int) -> str:
        """Return what was on the screen, as JSON: without it nobody can tell later what suggestions did."""
        arm = self.arm(passage.segment)
        shown: dict[str, object] = {
            "by": "page",
            "arm": arm.value,
            "order": order,
            "elapsed_ms": elapsed_ms,
            "app": __version__,
            "codebook": self.material.codebook.content_hash[:12],
        }
        if suggestion is not None:
            shown |= {
                "model": suggestion.model,
                "probability": round(suggestion.probability, 6),
                "threshold": round(suggestion.threshold, 6),
                "rank": self.material.suggestions[passage.segment].index(suggestion) + 1,
                "evidence": self.log.saw_evidence(passage.segment, suggestion.code),
            }
        return json.dumps(shown, sort_keys=True)

    def _code(self, code: str) -> str:
        if code not in self.material.askable:
            raise InputError(
                Problem(what="unknown code", expected="a code of the codebook, at the study's level or below")
            )
        return code

    def _mark(self, passage: Passage, kind: MarkKind, *, uid: str, code: str = "", shown: str = "{}") -> None:
        self._store_all([], [self._new_mark(passage, kind, uid=uid, code=code, shown=shown)], batch=uid)

    def _new_mark(
        self, passage: Passage, kind: MarkKind, *, uid: str, code: str = "", memo: str = "", shown: str = "{}"
    ) -> Mark:
        return Mark(
            uid=uid,
            coder=self.coder,
            segment=passage.segment,
            kind=kind,
            code=code,
            memo=memo,
            shown=shown,
            at_us=self._now_us(),
        )

    def _store_all(
        self, decisions: Sequence[Decision], marks: Sequence[Mark] = (), *, batch: str, is_page: bool = True
    ) -> None:
        """Store events that are new and take them into the projection; a repeated delivery changes nothing."""
        events: list[Decision | Mark] = [*decisions, *marks]
        new = [e for e in events if not self._is_repeated(e)]
        if not new:
            return
        name = f"{BATCH}{batch}" if is_page else batch
        with self._store.writing():
            stored = self._store.append_events([e for e in new if isinstance(e, Decision)], batch=name)
            stored += self._store.append_marks([e for e in new if isinstance(e, Mark)])
            if stored != len(new):  # somebody else's event has that id: leaving the block so stores nothing
                raise InputError(_TAKEN)
        for event in new:
            if isinstance(event, Decision):
                self.log.take_decision(event, batch=name)
            else:
                self.log.take_mark(event)

    def _is_repeated(self, event: Decision | Mark) -> bool:
        """Whether the event was stored before; one uid for two different things is refused."""
        before = self.log.known(event.uid)
        if before is None:
            return False
        same = (before.segment, before.code, _what(before)) == (event.segment, event.code, _what(event))
        if not same:
            raise InputError(_TAKEN)
        return True

    def _now_us(self) -> int:
        """Return the time; later than every event before, so that the log's order is the order of time."""
        return max(time.time_ns() // 1000, self.log.last_us + 1)

    def _in_words(self, event: Decision | Mark) -> str:
        if isinstance(event, Mark):
            return event.kind.value
        return f"{event.verdict.value} {self.material.code_name(event.code)}"


def _what(event: Decision | Mark) -> str:
    return event.verdict.value if isinstance(event, Decision) else event.kind.value
