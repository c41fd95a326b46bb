"""From key press to the next item painted, in the browser's own clock, with 50,000 proposals in the store.

    python benchmarks/review_latency.py --json

Prints p50, p95 and the longest time in ms, at once and with 100 ms added to every answer of the network, the weight of
the page in kB (document, style, script, icon, as they travel) and how many requests went to other hosts. Limit: 100 ms.
"""

import argparse
import json
import tempfile
from pathlib import Path

from review_study import large_study, percentile
from smoke import options_of

_PROBE = """
window.__times = [];
addEventListener("keydown", event => {
  if (event.key !== "n") return;
  const pressed = performance.now();
  const observer = new MutationObserver(() => {
    observer.disconnect();
    requestAnimationFrame(() => { // after this frame's paint
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.__times.push(performance.now() - pressed);
      channel.port2.postMessage(0);
    });
  });
  observer.observe(document.getElementById("main"), { childList: true });
}, true);
"""


def _is_page(url: str) -> bool:
    """Whether a request belongs to the page itself, not to the segments that are fetched ahead or to the table."""
    return "/item/" in url or "/static/" in url


def measure(study: Path, *, items: int, gap_ms: int, latency_ms: int) -> dict[str, object]:
    """Press accept and go on `items` times, and return the times of going on."""
    from page_server import PageServer, browser_of, chromium_path, saved

    server = PageServer(study, "--order", "transcript", coder=f"bench-{latency_ms}-{gap_ms}")
    path = chromium_path()
    if path is None:
        raise SystemExit("no Chromium on this machine: install it, or name it in SUBTHEME_CHROMIUM")
    weights: list[int] = []
    foreign: list[str] = []
    try:
        with browser_of(path) as browser:
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.add_init_script(_PROBE)
            page.on("request", lambda r: foreign.append(r.url) if not r.url.startswith(server.origin) else None)
            page.goto(server.start())
            page.wait_for_url("**/item/**")
            page.wait_for_timeout(2000)
            page.on(
                "requestfinished", lambda r: weights.append(r.sizes()["responseBodySize"]) if _is_page(r.url) else None
            )
            page.reload()
            page.wait_for_timeout(3000)
            first_page = sum(weights)
            if latency_ms:
                session = page.context.new_cdp_session(page)
                session.send(
                    "Network.emulateNetworkConditions",
                    {"offline": False, "latency": latency_ms, "downloadThroughput": -1, "uploadThroughput": -1},
                )
            for _ in range(items):
                page.keyboard.press("a")
                page.wait_for_timeout(gap_ms)
                page.keyboard.press("n")
                page.wait_for_timeout(gap_ms)
            saved(page)
            times = page.evaluate("window.__times")
    finally:
        server.stop()
    assert len(times) == items, f"{len(times)} of {items} items were painted"
    return {
        "items": items,
        "p50_ms": round(percentile(times, 0.5), 1),
        "p95_ms": round(percentile(times, 0.95), 1),
        "max_ms": round(max(times), 1),
        "page_kb": round(first_page / 1000, 1),
        "external_requests": len(foreign),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--proposals", type=int, default=50_000)
    parser.add_argument("--items", type=int, default=100)
    parser.add_argument("--gap-ms", type=int, default=150, help="pause after each key")
    given = options_of(parser, smallest={"proposals": 400, "items": 3})
    with tempfile.TemporaryDirectory() as folder:
        study = large_study(Path(folder), interviews=55, turns=330, proposals=given.proposals)
        at_once = measure(study.path, items=given.items, gap_ms=given.gap_ms, latency_ms=0)
        slow = measure(study.path, items=given.items, gap_ms=given.gap_ms, latency_ms=100)
    figures = {
        "proposals": given.proposals,
        "p95_ms": at_once["p95_ms"],
        "p95_ms_with_100_ms_latency": slow["p95_ms"],
        "page_kb": at_once["page_kb"],
        "external_requests": int(str(at_once["external_requests"])) + int(str(slow["external_requests"])),
        "runs": {"at_once": at_once, "with_100_ms_latency": slow},
    }
    print(json.dumps(figures, indent=2) if given.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))


if __name__ == "__main__":
    main()
