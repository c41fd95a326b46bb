"""What every test may ask for, and what none may do: reach another machine."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# How long one example takes says more of the machine than of the code.
settings.register_profile("subtheme", deadline=None)
settings.load_profile("subtheme")

ROOT = Path(__file__).resolve().parents[1]
_LOOPBACK = ("127.", "::1", "localhost")


def _stay_at_home(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse look-ups and connections beyond loopback, whatever code asks for them (an audit hook cannot be undone)."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else host
    if name and not str(name).startswith(_LOOPBACK) and name not in {"", "0.0.0.0", "testserver"}:
        raise AssertionError(f"a test reached out to '{name}'")


sys.addaudithook(_stay_at_home)


def pytest_configure() -> None:
    """Hold every study of the suite to one precision, where SUBTHEME_TEST_PRECISION names it."""
    asked = os.environ.get("SUBTHEME_TEST_PRECISION", "exact")
    if asked == "fast":
        from subtheme.embeddings.openvino_encoder import multiplies_whole_numbers

        if not multiplies_whole_numbers():
            raise pytest.UsageError("SUBTHEME_TEST_PRECISION=fast: this processor does not multiply whole numbers")
    elif asked != "exact":
        raise pytest.UsageError(f"SUBTHEME_TEST_PRECISION={asked}: exact or fast")
    os.environ["SUBTHEME_PRECISION"] = asked


@pytest.fixture(scope="session")
def precision() -> str:
    """Return the precision that this run of the suite is held to."""
    return os.environ["SUBTHEME_PRECISION"]


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real data beside the checkout, or skip."""
    folder = ROOT.parent / "shared"
    if not (folder / "corpora").is_dir():
        pytest.skip("the real data (../shared) is not on this machine")
    return folder


@pytest.fixture(scope="session")
def chromium():
    """Return a browser, or skip where there is none."""
    from page_server import browser_of, chromium_path
    from playwright.sync_api import expect

    expect.set_options(timeout=60_000)  # a machine that is busy is no fault of the page

    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine (SUBTHEME_CHROMIUM names one)")
    with browser_of(path) as browser:
        yield browser


@pytest.fixture
def page(chromium):
    """Return a fresh page; a request to another machine, an error in a script or on the console fails the test."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    opened = context.new_page()
    faults: list[str] = []
    opened.on("pageerror", lambda error: faults.append(f"script: {error}"))
    opened.on("console", lambda m: faults.append(f"console: {m.text}") if _is_fault(m) else None)
    opened.on("request", lambda r: faults.append(f"left the machine: {r.url}") if _leaves(r.url) else None)
    yield opened
    context.close()
    assert faults == []


def _is_fault(message) -> bool:
    """Whether a console message tells of a fault; a server that is away is none."""
    return message.type == "error" and "net::ERR_" not in message.text


def _leaves(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "http://localhost:", "data:", "about:", "blob:"))
