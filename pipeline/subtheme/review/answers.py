"""Routes that store something. Each takes a plain form; our script asks for JSON, a bare browser is sent on."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from subtheme.errors import InputError
from subtheme.review.bulk import Filter
from subtheme.review.preferences import ACTIONS, Preferences
from subtheme.review.screen import Screens

Uid = Annotated[str, Form(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9-]+$")]
Number = Annotated[int, Form(ge=0, le=10_000_000)]
OrderName = Annotated[str, Form(max_length=30, pattern=r"^[a-z-]+$")]
CodeName = Annotated[str, Form(max_length=200)]
Elapsed = Annotated[int, Form(ge=0, le=10**9)]


class Answers:
    """Takes answers for one desk.

    Parameters
    ----------
    screens : Screens
    """

    def __init__(self, screens: Screens) -> None:
        self.screens = screens
        self.desk = screens.desk
        self.walk = screens.walk

    @property
    def router(self) -> APIRouter:
        """The routes; each name is an address."""
        router = APIRouter()
        for name in (
            "decide",
            "relabel",
            "finish",
            "flag",
            "memo",
            "evidence",
            "undo",
            "read",
            "settings",
            "reveal",
            "move",
            "bulk",
        ):
            router.add_api_route(f"/{name}", getattr(self, name), methods=["POST"])
        return router

    def _reply(self, request: Request, number: int, words: str, order: str, *, goes_on: bool = False) -> Response:
        """Say what was stored, now that it is on the disk."""
        if _wants_json(request):
            with self.desk.lock:
                answers = self.desk.log.answers(self.desk.passage(number).segment)
            standing = {code: a.verdict.value for code, a in answers.items()}
            return JSONResponse({"said": words, "number": number, "answers": standing})
        where = f"/go?order={order}&after={number}" if goes_on else f"/item/{number}?order={order}"
        return RedirectResponse(where, status_code=303)

    def decide(
        self,
        *,
        request: Request,
        number: Number,
        code: CodeName,
        verdict: Annotated[str, Form(max_length=30)],
        uid: Uid,
        order: OrderName,
        elapsed: Elapsed = 0,
        version: Annotated[str, Form(max_length=16)] = "",
    ) -> Response:
        """Store an answer on one code."""
        self.walk.order(order)
        words = self.desk.decide(number, code, verdict, uid=uid, order=order, elapsed_ms=elapsed, version=version)
        return self._reply(request, number, words, order)

    def reveal(self, *, request: Request, number: Number, uid: Uid, order: OrderName, elapsed: Elapsed = 0) -> Response:
        """Show the proposals, now that the coder has answered without them."""
        self.walk.order(order)
        return self._reply(request, number, self.desk.reveal(number, uid=uid, order=order, elapsed_ms=elapsed), order)

    def move(
        self,
        *,
        request: Request,
        number: Number,
        code: CodeName,
        move: Annotated[str, Form(max_length=20)],
        uid: Uid,
        order: OrderName,
    ) -> Response:
        """Move one end of a coding by a word."""
        self.walk.order(order)
        return self._reply(request, number, self.desk.move(number, code, move, uid=uid), order)

    def bulk(
        self,
        *,
        code: CodeName,
        verdict: Annotated[str, Form(max_length=30)],
        count: Number,
        uid: Uid,
        order: OrderName,
        case: CodeName = "",
        least: Annotated[float, Form(ge=0, le=1)] = 0.0,
        most: Annotated[float, Form(ge=0, le=1)] = 1.0,
    ) -> Response:
        """Answer a whole filtered list."""
        self.walk.order(order)
        wanted = Filter(code=code, case=case, least=least, most=most)
        self.screens.bulk_answers.answer(wanted, verdict, count=count, uid=uid)
        return RedirectResponse(f"/bulk?order={order}", status_code=303)

    def relabel(
        self,
        *,
        request: Request,
        number: Number,
        code: CodeName,
        other: CodeName,
        uid: Uid,
        order: OrderName,
        elapsed: Elapsed = 0,
    ) -> Response:
        """Reject one code and add another."""
        self.walk.order(order)
        words = self.desk.relabel(number, code, other, uid=uid, order=order, elapsed_ms=elapsed)
        return self._reply(request, number, words, order)

    def finish(
        self,
        *,
        request: Request,
        number: Number,
        uid: Uid,
        order: OrderName,
        asked: CodeName = "",
        elapsed: Elapsed = 0,
    ) -> Response:
        """Go on from a segment."""
        self.walk.order(order)
        words = self.desk.finish(number, uid=uid, order=order, asked=asked, elapsed_ms=elapsed)
        return self._reply(request, number, words, order, goes_on=True)

    def flag(self, *, request: Request, number: Number, uid: Uid, order: OrderName) -> Response:
        """Set a segment aside, or take it back from there."""
        return self._reply(request, number, self.desk.flag(number, uid=uid), order)

    def memo(
        self,
        *,
        request: Request,
        number: Number,
        uid: Uid,
        order: OrderName,
        code: CodeName = "",
        memo: Annotated[str, Form()] = "",
    ) -> Response:
        """Store a memo."""
        return self._reply(request, number, self.desk.memo(number, code, memo, uid=uid), order)

    def evidence(self, *, request: Request, number: Number, code: CodeName, uid: Uid, order: OrderName) -> Response:
        """Show the evidence of a proposal, and note that it was opened."""
        found = self.desk.see_evidence(number, code, uid=uid, order=order)
        is_part = request.headers.get("x-part") == "1"
        return HTMLResponse(self.screens.evidence(number, code, found, order, is_part=is_part))

    def undo(self, *, request: Request, uid: Uid, order: OrderName) -> Response:
        """Take back the last thing done."""
        undone = self.desk.undo(uid=uid)
        if undone is None:
            if _wants_json(request):
                return JSONResponse({"said": "nothing left to undo", "number": None, "answers": {}})
            return RedirectResponse(f"/go?order={order}", status_code=303)
        number, words = undone
        return self._reply(request, number, words, order)

    def read(
        self,
        *,
        transcript: Number,
        is_read: Annotated[str, Form(pattern="^(yes|no)$")],
        order: OrderName,
        at: Number = 0,
    ) -> Response:
        """Note, or take back, that a transcript was read whole."""
        self.desk.readings.set_read(transcript, is_read=is_read == "yes")
        return RedirectResponse(f"/transcript/{transcript}?order={order}&at={at}", status_code=303)

    async def settings(self, *, request: Request) -> Response:
        """Store the keys."""
        form = await request.form()
        given = {name: str(form.get(f"key-{name}", "")) for name in ACTIONS}
        order = str(form.get("order", "transcript"))
        try:
            self.screens.preferences.store(self.desk.coder, Preferences.checked(str(form.get("mode", "")), given))
        except InputError as error:
            problems = [str(p) for p in error.problems]
            return HTMLResponse(self.screens.settings(order, problems=problems, is_stored=False), status_code=400)
        return HTMLResponse(self.screens.settings(order, problems=[], is_stored=True))


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
