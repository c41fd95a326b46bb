"""Serving the page: one process, on loopback only, holding the study's lock for as long as it runs."""

import socket
import threading
import time
import webbrowser
from collections.abc import Callable
from typing import TYPE_CHECKING

from subtheme.errors import Problem, StudyError
from subtheme.files import StudyFolder
from subtheme.platforms import take_port_alone
from subtheme.review.desk import Desk
from subtheme.review.entry import Entry, last_port
from subtheme.review.material import load_material
from subtheme.review.order import DISAGREEMENTS
from subtheme.review.preferences import PreferenceFile

if TYPE_CHECKING:
    import uvicorn

_ADDRESS = "127.0.0.1"
_KEEP_ALIVE_S = 75


def serve(
    study: StudyFolder,
    *,
    coder: str,
    port: int = 0,
    order: str = "",
    decides_first: bool = False,
    home: bool = False,
    open_browser: bool = True,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve the review page of `study` until the process is told to stop.

    Parameters
    ----------
    study : StudyFolder
    coder : str
        Whose answers they are; no other coder's answers are shown.
    port : int
        0 takes the port that was used last, so that a page left open goes on, or else any free one.
    order : str
        Where the page begins; the order ``disagreements`` opens nothing but what coders differ on, to an adjudicator.
    decides_first : bool
        Show suggestions only after the coder's own answer.
    home : bool
        Begin with where the study stands, not with the next question.
    open_browser : bool
        Open the page in the browser.
    announce : callable, optional
        Given the address, once, when the page can be opened; it lets one browser in.

    Raises
    ------
    StudyError
        If another program writes to the study, the port is taken, or there are no transcripts.
    InputError
        If there is no such order.
    """
    import uvicorn

    from subtheme.review.app import create_app

    with study.store() as store, store.holding(coder):
        desk = Desk(
            load_material(study, store),
            store,
            coder=coder,
            blind=study.settings.blind,
            overlap=study.settings.overlap,
            decides_first=decides_first,
            adjudicates=order == DISAGREEMENTS.id,
        )
        ledger = study.path / "review-entry.json"
        listener = _listener(port, fallback=last_port(ledger))
        entry = Entry(port=listener.getsockname()[1], ledger=ledger, coder=coder)
        app = create_app(
            desk, entry, preferences=PreferenceFile(study.path / "review-preferences.json"), order=order, home=home
        )
        config = uvicorn.Config(
            app,
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_level="critical",  # its tracebacks could quote what a page shows; faults are logged by the guard
            access_log=False,  # addresses carry no words, but nobody needs a trace of who read what when
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
            timeout_graceful_shutdown=3,
        )
        server = uvicorn.Server(config)
        openers: list[Callable[[str], object]] = [announce] if announce is not None else []
        openers += [webbrowser.open] if open_browser else []
        threading.Thread(target=_tell_when_ready, args=(server, entry.launch_url, openers), daemon=True).start()
        with listener:
            server.run(sockets=[listener])


def _listener(port: int, *, fallback: int) -> socket.socket:
    """Return a socket that listens on loopback."""
    wanted = [port] if port else [p for p in (fallback, 0) if p or p == 0]
    for position, candidate in enumerate(wanted):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        take_port_alone(listener)
        try:
            listener.bind((_ADDRESS, candidate))
        except OSError:
            listener.close()
            if position == len(wanted) - 1:
                raise StudyError(
                    Problem(
                        what=f"port {candidate} cannot be used",
                        expected="a free port between 1024 and 65535",
                        remedy="Leave --port out, and a free one is taken",
                    )
                ) from None
            continue
        return listener
    raise AssertionError  # the list is never empty


def _tell_when_ready(server: "uvicorn.Server", url: str, openers: list[Callable[[str], object]]) -> None:
    while not server.started:
        time.sleep(0.05)
    for tell in openers:
        tell(url)
