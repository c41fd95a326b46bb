"""One coder at one study: what may be done, each action on disk before it is answered for."""

import threading
from dataclasses import replace

from subtheme.errors import InputError, Problem
from subtheme.files import Mark, MarkKind, Store
from subtheme.nouns import Decision, Verdict, content_id
from subtheme.review.adjudication import Adjudication
from subtheme.review.arm import SHARE, Arm, Draw, blind_share
from subtheme.review.coder_log import Action, CoderLog
from subtheme.review.material import Material, Passage, Suggestion
from subtheme.review.readings import CoderReadings
from subtheme.review.record import Record
from subtheme.review.retraction import retraction
from subtheme.review.shown import shown_json
from subtheme.review.span import moved_span
from subtheme.study import Study

_VERDICTS = frozenset({Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE, Verdict.COUNTER, Verdict.ADD})
_GIVING = frozenset({Verdict.ACCEPT, Verdict.ADD, Verdict.COUNTER})
_FEW = 3
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
    blind, overlap : float
        Share of the segments that are read without suggestions, and of those that every coder reads so.
    decides_first : bool
        Show suggestions only after the coder's own answer.
    adjudicates : bool
        Let the coder see what others differ on, and decide.
    """

    def __init__(
        self,
        material: Material,
        store: Store,
        *,
        coder: str,
        blind: float = SHARE,
        overlap: float = 0.0,
        decides_first: bool = False,
        adjudicates: bool = False,
    ) -> None:
        self.material = material
        self.coder = coder
        self.record = Record(store, coder)
        self.draw = Draw(
            key=material.study_id,
            coder=coder,
            share=blind_share(len(material.passages), share=blind),
            overlap=overlap,
            decides_first=decides_first,
        )
        self.adjudication = Adjudication(material, store, coder=coder) if adjudicates else None
        self.readings = CoderReadings(self.record, material, coder=coder)

    @property
    def lock(self) -> threading.RLock:
        """Held while something is looked up that must not change meanwhile."""
        return self.record.lock

    @property
    def study(self) -> Study:
        """The study as this coder may see it, with everything that was stored by now."""
        with self.lock:
            events = self.record.store.events()
        return self.material.study.with_events(events).as_seen_by(self.coder)

    @property
    def log(self) -> CoderLog:
        """What the coder's events come to."""
        return self.record.log

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
        if self.adjudication is not None:
            return Arm.ADJUDICATION
        if not self.material.suggestions:
            return Arm.BLIND
        arm = self.log.arm(segment) or self.draw.arm(segment)
        return Arm.ASSISTED if arm is Arm.FIRST and self.log.is_revealed(segment) else arm

    # -- doing ----------------------------------------------------------------------------------------

    def decide(
        self,
        number: int,
        code: str,
        verdict: str,
        *,
        uid: str,
        order: str,
        elapsed_ms: int = 0,
        reply_to: str = "",
        version: str = "",
    ) -> str:
        """Store an answer on one code; return what was done, in words.

        Accepting a code that was not proposed adds it; adding one that was proposed accepts it. An adjudicator says by
        `version` which answers are decided about.

        Raises
        ------
        InputError
            If there is no such segment, code or verdict, `uid` names something else, or the answers that an
            adjudicator saw have changed.
        """
        with self.lock:
            if self.adjudication is not None and self.log.known(uid) is None:
                self.adjudication.refuse_stale(self.passage(number).segment, code, version)
            decision = self._answer(
                number, code, verdict, uid=uid, order=order, elapsed_ms=elapsed_ms, reply_to=reply_to
            )
            self.record.keep([decision], batch=uid)
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
            self.record.keep([first, second], batch=uid)
            return f"{self.material.code_name(other)} instead of {self.material.code_name(code)}"

    def finish(self, number: int, *, uid: str, order: str, asked: str = "", elapsed_ms: int = 0) -> str:
        """Note that the coder went on; `asked` is the code that the order was after, where it was after one.

        Where no suggestion was in view, the segment has then been read for every code that was offered.

        Raises
        ------
        InputError
            If there is no such segment or code, or `uid` names something else.
        """
        with self.lock:
            passage = self.passage(number)
            blind = not self.arm(passage.segment).shows_suggestions
            code = "" if blind or not asked else self._code(asked)
            suggestion = self._seen_suggestion(passage, code, is_row=True)
            shown = self._shown(passage, suggestion, order=order, elapsed_ms=elapsed_ms)
            mark = self._new_mark(passage, MarkKind.FINISH, uid=uid, code=code, shown=shown)
            looked_for = self.material.offered if blind and self.adjudication is None else {}
            self.record.keep([], [replace(mark, codes=looked_for)], batch=uid)
            return "finished"

    def reveal(self, number: int, *, uid: str, order: str, elapsed_ms: int = 0) -> str:
        """Show the proposals of a segment, now that the coder has answered without them.

        Raises
        ------
        InputError
            If there is no such segment, it is not decided first, or `uid` names something else.
        """
        with self.lock:
            passage = self.passage(number)
            if self.arm(passage.segment) is not Arm.FIRST and self.log.known(uid) is None:
                raise InputError(Problem(what="no proposals are held back here"))
            shown = self._shown(passage, None, order=order, elapsed_ms=elapsed_ms)
            self._mark(passage, MarkKind.REVEAL, uid=uid, shown=shown)
            return "proposals shown"

    def move(self, number: int, code: str, move: str, *, uid: str) -> str:
        """Move one end of a standing coding by a word.

        Raises
        ------
        InputError
            If there is no coding to move, no such move, or `uid` names something else.
        """
        with self.lock:
            passage = self.passage(number)
            standing = self.log.standing(passage.segment, self._code(code))
            if standing is None or standing.verdict not in _GIVING:
                raise InputError(
                    Problem(what="the code is not given here", remedy="Accept or add it, then move its ends")
                )
            if self.log.known(uid) is not None:
                return "moved"
            transcript = self.material.transcripts[passage.transcript_number]
            turn = transcript.turns[passage.turn]
            span = (standing.start_char, standing.end_char)
            span = (passage.start_char, passage.end_char) if standing.start_char < 0 else span
            start, end = moved_span(transcript.text, turn, span, move)
            if (start, end) == span:
                return "no further in this turn"
            moved = replace(
                standing, uid=uid, reply_to=standing.uid, start_char=start, end_char=end, at_us=self.record.now_us()
            )
            self.record.keep([moved], batch=uid)
            return f"moved: {self.material.code_name(code)}"

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
                said = content_id("decision", "memo", uid)
                again = [replace(standing, uid=said, reply_to=standing.uid, memo=memo, at_us=mark.at_us)]
            self.record.keep(again, [mark], batch=uid)
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
            if suggestion is None or not self.arm(passage.segment).shows_suggestions:
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
            decisions, marks = retraction(action, uid=uid, coder=self.coder, at_us=self.record.now_us())
            several = len(action.events) > _FEW
            words = f"{len(action.events)} answers" if several else self._all_in_words(action)
            self.record.keep(decisions, marks, batch=f"undo:{uid}", is_page=False)
            return self.material.by_segment[action.segment].number, f"taken back: {words}"

    # -- inside ---------------------------------------------------------------------------------------

    def _answer(
        self, number: int, code: str, verdict: str, *, uid: str, order: str, elapsed_ms: int, reply_to: str = ""
    ) -> Decision:
        passage = self.passage(number)
        if verdict not in _VERDICTS:
            raise InputError(Problem(what="unknown verdict", expected=f"one of {', '.join(sorted(_VERDICTS))}"))
        given = Verdict(verdict)
        standing = self.log.standing(passage.segment, self._code(code))
        place = (standing.start_char, standing.end_char) if standing and standing.verdict in _GIVING else (-1, -1)
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
            at_us=self.record.now_us(),
            start_char=place[0],
            end_char=place[1],
        )

    def _seen_suggestion(self, passage: Passage, code: str, *, is_row: bool) -> Suggestion | None:
        """Return what the coder saw the model say of `code`: nothing in the blind arm, nor of a code without a row."""
        suggestion = self.material.suggestion(passage.segment, code)
        if suggestion is None or not self.arm(passage.segment).shows_suggestions:
            return None
        return suggestion if suggestion.is_over or is_row else None

    def _shown(self, passage: Passage, suggestion: Suggestion | None, *, order: str, elapsed_ms: int) -> str:
        return shown_json(
            passage,
            suggestion,
            arm=self.arm(passage.segment),
            order=order,
            elapsed_ms=elapsed_ms,
            material=self.material,
            log=self.log,
        )

    def _code(self, code: str) -> str:
        if code not in self.material.askable:
            raise InputError(
                Problem(what="unknown code", expected="a code of the codebook, at the study's level or below")
            )
        return code

    def _mark(self, passage: Passage, kind: MarkKind, *, uid: str, code: str = "", shown: str = "{}") -> None:
        self.record.keep([], [self._new_mark(passage, kind, uid=uid, code=code, shown=shown)], batch=uid)

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
            at_us=self.record.now_us(),
        )

    def _all_in_words(self, action: Action) -> str:
        return ", ".join(self._in_words(event) for event in action.events.values())

    def _in_words(self, event: Decision | Mark) -> str:
        if isinstance(event, Mark):
            return event.kind.value
        return f"{event.verdict.value} {self.material.code_name(event.code)}"
