"""The review page as a process of its own, and a browser to drive it."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

COMMAND = [sys.executable, "-c", "from subtheme.cli.app import main; main()"]
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
_SWITCHES = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class PageServer:
    """`subtheme review` on a study, to be started, killed and started again."""

    def __init__(self, study: Path, *options: str, coder: str = "anna") -> None:
        self.study = study
        self.options = options
        self.coder = coder
        self.url = ""
        self.process: subprocess.Popen[str] | None = None
        self.output = study.parent / f"{study.name}-{coder}.out"

    @property
    def origin(self) -> str:
        """Address without a path."""
        return self.url.partition("/launch")[0]

    def start(self) -> str:
        """Start the server and return the address that lets one browser in."""
        arguments = [
            *COMMAND,
            "review",
            "--study",
            str(self.study),
            "--coder",
            self.coder,
            "--no-browser",
            *self.options,
        ]
        with self.output.open("a") as errors:
            self.process = subprocess.Popen(
                arguments, stdout=subprocess.PIPE, stderr=errors, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
            )
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("http"):
                self.url = line.strip()
                return self.url
        raise AssertionError("".join(lines) + self.output.read_text())

    def kill(self) -> None:
        """End the process as a power cut would: without a chance to say anything."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=20)
        self.process.stdout.close()

    def stop(self) -> None:
        """End the process politely."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(timeout=20)
            self.process.stdout.close()


def chromium_path() -> str | None:
    """Return the browser to test with: SUBTHEME_CHROMIUM, or what is on the path."""
    named = os.environ.get("SUBTHEME_CHROMIUM")
    return named or next((path for name in _CHROMIUM if (path := shutil.which(name))), None)


@contextmanager
def browser_of(path: str):
    """Open a headless browser with a fresh profile."""
    from playwright.sync_api import sync_playwright

    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*_SWITCHES, *sandbox])
        try:
            yield browser
        finally:
            browser.close()


def saved(page) -> None:
    """Wait until the page says that everything is stored."""
    from playwright.sync_api import expect

    expect(page.locator("#status")).to_contain_text("Saved", timeout=30_000)
