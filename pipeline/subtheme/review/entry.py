"""Who may come in: a token for one launch, exchanged for a cookie that outlives a crash of the server."""

import hashlib
import hmac
import json
import os
import secrets
import time
from pathlib import Path

_LIFETIME_S = 12 * 3600
_MOST_COOKIES = 50


class Entry:
    """The launch token and the cookies of one server.

    Cookies are told apart by host, not by port, so the cookie's name carries the port. The file keeps digests
    only: who reads it cannot come in.

    Parameters
    ----------
    port : int
    ledger : pathlib.Path or None
        Where digests of cookies are kept, so that a page stays signed in when the server is started again;
        None keeps them in memory.
    coder : str
        A cookie is good for this coder only.
    """

    def __init__(self, *, port: int, ledger: Path | None = None, coder: str = "") -> None:
        self.port = port
        self.cookie = f"subtheme_{port}"
        self._ledger = ledger
        self._coder = coder
        self._token: str | None = secrets.token_urlsafe(24)
        self._digests = _read(ledger)

    @property
    def launch_url(self) -> str:
        """Address that lets one browser in, once."""
        return f"http://127.0.0.1:{self.port}/launch?token={self._token}"

    @property
    def hosts(self) -> frozenset[str]:
        """Values of the Host header that are answered."""
        return frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})

    def admit(self, token: str) -> str | None:
        """Return the value of a new cookie where `token` is the launch token, which then is spent; else None."""
        if self._token is None or not hmac.compare_digest(token.encode("utf-8"), self._token.encode("utf-8")):
            return None
        self._token = None
        value = secrets.token_urlsafe(32)
        now = int(time.time())
        fresh = {d: until for d, until in self._digests.items() if until > now}
        self._digests = dict(list(fresh.items())[-_MOST_COOKIES:]) | {self._digest(value): now + _LIFETIME_S}
        self._write()
        return value

    def is_admitted(self, value: str) -> bool:
        """Whether `value` is a cookie that was given out for this port and coder, not too long ago."""
        return self._digests.get(self._digest(value), 0) > time.time()

    def _digest(self, value: str) -> str:
        return hashlib.sha256("\x1f".join((str(self.port), self._coder, value)).encode("utf-8")).hexdigest()

    def _write(self) -> None:
        if self._ledger is None:
            return
        temporary = self._ledger.with_suffix(".new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump({"port": self.port, "digests": self._digests}, file)
        temporary.replace(self._ledger)


def last_port(ledger: Path) -> int:
    """Return the port that was last used, so that a page left open finds the server again; 0 where unknown."""
    port = _load(ledger).get("port", 0)
    return port if isinstance(port, int) and 1024 <= port <= 65535 else 0


def _read(ledger: Path | None) -> dict[str, int]:
    digests = _load(ledger).get("digests", {}) if ledger is not None else {}
    return {str(k): v for k, v in digests.items() if isinstance(v, int)} if isinstance(digests, dict) else {}


def _load(ledger: Path) -> dict[str, object]:
    try:
        content = json.loads(ledger.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # nothing is lost: somebody signs in again
        return {}
    return content if isinstance(content, dict) else {}
