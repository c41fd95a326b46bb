"""The review page, served on loopback by a thread of the test's own process."""

from dataclasses import dataclass
from pathlib import Path

from subtheme.files import StudyFolder


@dataclass(frozen=True)
class Opened:
    """A desk with its study and store."""

    desk: object
    study: StudyFolder
    store: object


class Served:
    """The page of `opened`, served on loopback by a thread of this process."""

    def __init__(self, opened: Opened, ledger: Path, *, order: str = "transcript") -> None:
        import socket
        import threading

        import uvicorn

        from subtheme.review.app import create_app
        from subtheme.review.entry import Entry

        self.opened = opened
        self.ledger = ledger
        self.cookie = ""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.entry = Entry(port=self.port, ledger=ledger, coder=opened.desk.coder)
        self.app = create_app(opened.desk, self.entry, order=order)
        config = uvicorn.Config(
            self.app, loop="asyncio", http="h11", ws="none", lifespan="off", log_level="warning", access_log=False
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True)
        self._thread.start()

    def client(self, *, signed_in: bool = True):
        """Return a client; signed in as the page would be."""
        import httpx

        client = httpx.Client(base_url=self.origin, headers={"origin": self.origin}, timeout=30)
        if signed_in:
            self.cookie = self.cookie or self.entry.admit(self.entry.launch_url.partition("token=")[2])
            client.cookies.set(self.entry.cookie, self.cookie)
        return client

    def stop(self) -> None:
        """End the server."""
        self._server.should_exit = True
        self._thread.join(timeout=20)
        self._listener.close()
