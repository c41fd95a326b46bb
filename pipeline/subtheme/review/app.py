"""The application: one factory that puts routes behind the guard and shuts every door it does not need."""

from importlib import resources

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from subtheme.errors import SubthemeError
from subtheme.review.answers import Answers
from subtheme.review.desk import LONGEST_MEMO, Desk
from subtheme.review.entry import Entry
from subtheme.review.guard import Guard
from subtheme.review.overview import Overview
from subtheme.review.pages import Pages
from subtheme.review.preferences import PreferenceFile
from subtheme.review.screen import Screens
from subtheme.review.walk import Walk

MOST_BYTES = 64 * 1024
"""Largest body of a request."""

_STATIC = {"page.css": "text/css", "study.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}


def create_app(
    desk: Desk, entry: Entry, *, preferences: PreferenceFile | None = None, order: str = "", home: bool = False
) -> Guard:
    """Return the review page of `desk` as an ASGI application.

    Parameters
    ----------
    desk : Desk
    entry : Entry
        Who is let in, and under which addresses.
    preferences : PreferenceFile, optional
        Kept in memory by default.
    order : str
        Where the page begins; by default with the first of the orders.
    home : bool
        Begin with where the study stands.

    Raises
    ------
    InputError
        If there is no such order.
    """
    walk = Walk(desk, first=order)
    app = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        max_body_size=MOST_BYTES,
        form_limits={"max_fields": 40, "max_files": 0, "max_part_size": 4 * LONGEST_MEMO},
    )
    screens = Screens(desk, walk, preferences or PreferenceFile(None))
    app.include_router(Pages(screens, home=home).router)
    app.include_router(Overview(screens).router)
    app.include_router(Answers(screens).router)
    _add_door(app, entry)
    _add_static(app)
    _add_errors(app)
    return Guard(GZipMiddleware(app, minimum_size=1000, compresslevel=5), entry)


def _add_door(app: FastAPI, entry: Entry) -> None:
    @app.get("/launch")
    def launch(request: Request, token: str = "") -> Response:
        value = entry.admit(token)
        if value is None:
            if entry.is_admitted(request.cookies.get(entry.cookie, "")):
                return RedirectResponse("/", status_code=303)
            return PlainTextResponse(
                "This address has been used, or is too old. Start 'subtheme review' again.", status_code=401
            )
        # a page, not a redirect: after a redirect from elsewhere the strict cookie would not be sent
        page = HTMLResponse(_file("templates/launch.html"))
        page.set_cookie(entry.cookie, value, httponly=True, samesite="strict", path="/")
        return page


def _add_static(app: FastAPI) -> None:
    files = {name: _small(_file(f"static/{name}")) for name in _STATIC}

    @app.get("/static/{name}")
    def static(name: str) -> Response:
        if name not in files:
            raise HTTPException(404)
        return Response(files[name], media_type=_STATIC[name])


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    def unreadable(_request: Request, error: RequestValidationError) -> Response:
        # the framework's own answer would send back what was given
        fields = sorted({str(part) for e in error.errors() for part in e["loc"][1:2]})
        return PlainTextResponse(f"The request cannot be read: {', '.join(fields) or 'its form'}.", status_code=422)

    @app.exception_handler(SubthemeError)
    def refused(_request: Request, error: SubthemeError) -> Response:
        return PlainTextResponse(str(error), status_code=400)

    @app.exception_handler(HTTPException)
    def missing(_request: Request, error: HTTPException) -> Response:
        words = {404: "There is no such page.", 405: "This page cannot be used that way."}
        return PlainTextResponse(words.get(error.status_code, "The request is refused."), status_code=error.status_code)


def _small(text: str) -> str:
    """Return a script or a style sheet without indents and without lines that only comment."""
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/*"))) + "\n"


def _file(name: str) -> str:
    return (resources.files("subtheme.review") / name).read_text(encoding="utf-8")
