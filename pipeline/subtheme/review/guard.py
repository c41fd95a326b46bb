"""The wall around the page: it stands outside of the web framework and sees every request first.

Loopback is no boundary by itself: a web page can reach it through DNS rebinding, another program through the port.
So every request must name our host, carry our cookie and, where it changes something, come from our own page.
"""

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from subtheme.review.entry import Entry

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_LOG = logging.getLogger("subtheme.review")
_SAFE = {"GET", "HEAD"}
_LONGEST_PATH = 200
_LONGEST_QUERY = 200

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        b"require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    # not "no-referrer": a browser then sends "Origin: null" with forms of our own page
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    (b"cache-control", b"no-store"),
)
"""Sent with every answer. Trusted types shut the doors through which a text could become markup by script."""


class Guard:
    """An ASGI application that lets only our own page through to `application`.

    Parameters
    ----------
    application : ASGI application
    entry : Entry
    """

    def __init__(self, application: Application, entry: Entry) -> None:
        self.application = application
        self.entry = entry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] == "lifespan":
            await self.application(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        has_begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                message = {**message, "headers": [*message.get("headers", []), *HEADERS]}
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await _answer(send_with_headers, *refusal)
            return
        try:
            await self.application(scope, receive, send_with_headers)
        except Exception as error:
            # whatever it is, its text may quote an interview: its kind is all that is told
            _LOG.error("a request failed: %s", type(error).__name__)
            if not has_begun:
                await _answer(send_with_headers, 500, "Something went wrong in the program. Load the page again.")

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and words for a request that is not let through."""
        headers = _headers(scope)
        host = headers.get("host", "")
        if host not in self.entry.hosts:
            return 400, "This address is not served here."
        if len(scope["path"]) > _LONGEST_PATH or len(scope.get("query_string", b"")) > _LONGEST_QUERY:
            return 414, "The address is too long."
        if scope["path"] == "/launch" and scope["method"] in _SAFE:
            return None
        if not self.entry.is_admitted(_cookie(headers.get("cookie", ""), self.entry.cookie)):
            return 401, "Not signed in. Start 'subtheme review' again and open the address that it prints."
        if scope["method"] not in _SAFE and not _is_own_page(headers, host):
            return 403, "The request did not come from the review page."
        return None


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers; one that stands twice is joined, so that it matches nothing."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found and name != "cookie" else value
    return found


def _cookie(header: str, name: str) -> str:
    """Return one cookie's value; other programs' cookies on this host may have any shape."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value for key, _, value in pairs if key == name), "")


def _is_own_page(headers: dict[str, str], host: str) -> bool:
    """Whether a request that changes something comes from a page of this server."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    return headers.get("origin") == f"http://{host}"


async def _answer(send: Send, status: int, words: str) -> None:
    body = words.encode("utf-8")
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
