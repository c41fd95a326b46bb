"""The page in a real browser: without a mouse, without keys, on a narrow screen, with the server away, with hostile text."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from canary import CANARY
from hostile import PAYLOADS
from served_page import Opened, Served

pytestmark = pytest.mark.journey

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def visit(served, page):
    """Return a function that opens an address of the page, signed in."""
    served.client().close()
    page.context.add_cookies([{"name": served.entry.cookie, "value": served.cookie, "url": served.origin}])

    def opened(path: str = "/go?order=transcript"):
        page.goto(served.origin + path)
        return page

    return opened


@pytest.fixture
def expect():
    from playwright.sync_api import expect as expected

    return expected


@pytest.fixture(scope="session")
def axe(tmp_path_factory) -> str:
    """The accessibility checker axe-core: from SUBTHEME_AXE, else by npm into a temporary folder."""
    named = os.environ.get("SUBTHEME_AXE")
    if named:
        return Path(named).read_text(encoding="utf-8")
    if shutil.which("npm") is None:
        pytest.skip("no npm to fetch axe-core with (SUBTHEME_AXE names an axe.min.js)")
    folder = tmp_path_factory.mktemp("axe")
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "axe-core@4"],
        cwd=folder,
        capture_output=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        pytest.skip("npm cannot fetch axe-core")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def _item(served, arm, *, skip=0):
    desk = served.opened.desk
    found = [
        p.number
        for p in desk.material.passages
        if desk.arm(p.segment).value == arm
        and any(s.is_over for s in desk.material.suggestions.get(p.segment, ()))
        and not desk.log.answers(p.segment)
    ]
    return found[skip]


def _decisions(served):
    return served.opened.store.decisions()


# -- accessibility --------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(served, visit, axe, scheme):
    pages = ["/progress", "/margins", "/settings", "/bulk", "/bulk?code=wages", "/transcript/0", "/end"]
    pages += [f"/item/{_item(served, arm)}?order=transcript" for arm in ("assisted", "blind")]
    found = {}
    for path in pages:
        page = visit(path)
        page.emulate_media(color_scheme=scheme)
        page.wait_for_timeout(300)
        found[path] = _violations(page, axe)
    page = visit(pages[-2])
    page.emulate_media(color_scheme=scheme)
    for key in ("?", "c", "i", "e", "t"):
        page.keyboard.press(key)
        page.locator("dialog[open]").wait_for()
        found[f"key {key}"] = _violations(page, axe)
        page.keyboard.press("Escape")
    assert {path: v for path, v in found.items() if v} == {}


def _violations(page, axe: str) -> list[str]:
    page.evaluate(axe)
    result = page.evaluate("tags => axe.run(document, { runOnly: tags })", _TAGS)
    return [f"{v['id']}: {[n['target'] for n in v['nodes']][:3]}" for v in result["violations"]]


def test_everything_can_be_reached_and_done_without_a_mouse_and_without_single_keys(served, visit, expect):
    number = _item(served, "assisted")
    page = visit(f"/item/{number}?order=transcript")
    before = len(_decisions(served))
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "reject":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Saved")
    assert page.evaluate("document.activeElement.value") == "reject"  # focus stays where it acted
    assert len(_decisions(served)) == before + 1


def test_going_on_puts_the_focus_on_the_heading_of_the_next_segment(served, visit, expect):
    page = visit(f"/item/{_item(served, 'assisted')}?order=transcript")
    page.keyboard.press("n")
    expect(page.locator("h1")).to_be_focused()
    assert page.locator("#status").get_attribute("role") == "status"


def test_keys_can_be_switched_off_bound_to_alt_and_changed(served, visit, expect):
    number = _item(served, "assisted", skip=1)
    page = visit("/settings")
    page.locator("input[value=off]").check()
    page.get_by_role("button", name="Store").click()
    visit(f"/item/{number}?order=transcript")
    before = len(_decisions(served))
    page.keyboard.press("x")
    page.wait_for_timeout(300)
    assert len(_decisions(served)) == before
    visit("/settings")
    page.locator("input[value=alt]").check()
    page.locator("input[name=key-reject]").fill("w")
    page.get_by_role("button", name="Store").click()
    visit(f"/item/{number}?order=transcript")
    page.keyboard.press("w")
    page.keyboard.press("Alt+w")
    expect(page.locator("#status")).to_contain_text("reject")
    assert len(_decisions(served)) == before + 1
    with served.client() as client:
        refused = client.post("/settings", data={"mode": "single", "key-accept": "a", "key-reject": "a"})
    assert refused.status_code == 400
    assert "one key for several actions" in refused.text
    visit("/settings")
    page.locator("input[value=single]").check()
    page.locator("input[name=key-reject]").fill("x")
    page.get_by_role("button", name="Store").click()
    expect(page.get_by_text("Stored.")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/go?order=transcript", "/progress", "/margins", "/settings", "/bulk?code=wages", "/transcript/0"]
)
def test_nothing_needs_sideways_scrolling_at_320_pixels(visit, path):
    page = visit(path)
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    small = page.evaluate(
        "[...document.querySelectorAll('button, input, select, .button')].filter(b => b.checkVisibility())"
        ".map(b => b.getBoundingClientRect()).filter(r => Math.min(r.width, r.height) < 13).length"
    )
    assert small == 0


_IN_SIGHT = """() => {
  const seen = e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight + 1; };
  return [seen(document.querySelector("mark")), seen(document.querySelector(".row[aria-current] .acts"))];
}"""


@pytest.mark.parametrize("size", [(1366, 768), (683, 384), (390, 800)], ids=["laptop", "at-200-percent", "phone"])
@pytest.mark.parametrize("arm", ["assisted", "blind"])
def test_words_and_answers_are_in_sight_at_every_size(served, visit, size, arm):
    number = _item(served, arm)
    page = visit(f"/item/{number}?order=transcript")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.reload()
    page.wait_for_selector(".row[aria-current]")
    assert page.evaluate(_IN_SIGHT) == [True, True]


def test_a_blind_turn_is_a_line_for_each_code(served, visit):
    number = _item(served, "blind")
    page = visit(f"/item/{number}?order=transcript")
    page.wait_for_selector(".row[aria-current]")
    heights = page.evaluate("[...document.querySelectorAll('.row:not([aria-current])')].map(r => r.offsetHeight)")
    assert len(heights) > 5
    assert max(heights) < 70


def test_the_code_that_was_just_added_is_the_marked_one(served, visit, expect):
    number = _item(served, "assisted")
    page = visit(f"/item/{number}?order=transcript")
    page.keyboard.press("c")
    page.locator("#codes-find").fill("wages")
    page.keyboard.press("Enter")
    marked = page.locator(".row[aria-current]")
    expect(marked).to_have_attribute("data-code", "wages")
    expect(marked.locator("button").first).to_have_attribute("aria-label", "Accept: Wages")


@pytest.mark.parametrize("path", ["/home", "/cells", "/cells/0/0", "/agreement", "/history"])
def test_axe_finds_nothing_on_the_pages_of_the_study(served, visit, axe, path):
    assert _violations(visit(path), axe) == []


def test_without_script_every_action_is_a_form(served, chromium):
    context = chromium.new_context(java_script_enabled=False)
    served.client().close()
    context.add_cookies([{"name": served.entry.cookie, "value": served.cookie, "url": served.origin}])
    page = context.new_page()
    page.goto(f"{served.origin}/item/{_item(served, 'assisted', skip=2)}?order=transcript")
    before = len(_decisions(served))
    _sent(page, page.get_by_role("button", name=re.compile("Reject")).first)
    page.get_by_label("Code", exact=True).fill("training")
    _sent(page, page.get_by_role("button", name="Add", exact=True))
    assert len(_decisions(served)) == before + 2
    page.get_by_label("Code", exact=True).fill("training")
    page.get_by_label("Another code").fill("wages")
    _sent(page, page.get_by_role("button", name="Reject the code, add the other"))
    last = _decisions(served).tail(2)
    assert list(zip(last["code"], last["verdict"], strict=True)) == [("training", "reject"), ("wages", "add")]
    page.get_by_label("Code", exact=True).fill("wages")
    page.get_by_label("Memo, on the code").fill("said twice")
    _sent(page, page.get_by_role("button", name="Store memo"))
    assert page.locator('.row[data-code="wages"] .memo .own').inner_text() == "said twice"
    _sent(page, page.get_by_role("button", name=re.compile("Go on")))
    assert "/item/" in page.url
    context.close()


def _sent(page, button):
    """Press the button of a form, and wait for the page that answers it."""
    with page.expect_navigation():
        button.click()


# -- nothing is pre-ticked, nothing is lost --------------------------------------------------------------


def test_nothing_is_ticked_beforehand_and_rejecting_costs_what_accepting_costs(served, visit):
    page = visit(f"/item/{_item(served, 'assisted', skip=3)}?order=transcript")
    rows = page.locator(".row")
    assert {rows.nth(i).get_attribute("data-verdict") for i in range(rows.count())} == {""}
    boxes = [page.locator(f".row[aria-current] button[value={v}]").bounding_box() for v in ("accept", "reject")]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert abs(boxes[0]["width"] - boxes[1]["width"]) < 30


def test_saved_is_said_after_the_answer_only_and_leaving_before_warns(served, visit, expect):
    page = visit(f"/item/{_item(served, 'assisted', skip=4)}?order=transcript")
    page.route("**/decide", lambda route: route.abort())
    page.keyboard.press("a")
    expect(page.locator("#trouble")).to_contain_text("Not saved yet")
    assert "Saved" not in page.locator("#status").inner_text()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    page.unroute("**/decide")
    expect(page.locator("#status")).to_contain_text("Saved", timeout=10_000)
    expect(page.locator("#trouble")).to_be_empty()


def test_an_answer_that_was_stored_but_not_heard_of_is_sent_again_and_stored_once(served, visit, expect):
    page = visit(f"/item/{_item(served, 'assisted', skip=5)}?order=transcript")
    before = len(_decisions(served))
    dropped = []

    def lose(route):
        if dropped:
            route.continue_()
            return
        dropped.append(route.fetch().status)  # the server has it, the page never hears
        route.abort()

    page.route("**/decide", lose)
    page.keyboard.press("a")
    expect(page.locator("#status")).to_contain_text("Saved", timeout=10_000)
    assert len(dropped) == 1
    assert len(_decisions(served)) == before + 1


def test_a_page_elsewhere_cannot_answer(served, visit, chromium):
    import http.server
    import threading

    number = _item(served, "assisted", skip=6)
    form = f'<form method=post action="{served.origin}/decide"><input name=number value={number}><input name=code value=wages>'
    form += "<input name=verdict value=reject><input name=uid value=attack-0001><input name=order value=transcript><button>x</button></form>"

    class Attack(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(form.encode())

        def log_message(self, *_arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Attack) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        context = chromium.new_context()
        context.add_cookies(
            [{"name": served.entry.cookie, "value": served.cookie, "url": served.origin, "sameSite": "Strict"}]
        )
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{other.server_port}/")
        page.get_by_role("button").click()
        page.wait_for_load_state()
        assert "did not come from the review page" in page.content()
        context.close()
        other.shutdown()
    assert "attack-0001" not in set(_decisions(served)["uid"])


# -- hostile and confidential text ------------------------------------------------------------------------


@pytest.fixture
def hostile(template_study, tmp_path, codebook_file):
    """A served study whose every text is an attack: interviews, speakers, codes, file names."""
    from subtheme.files import create_study, read_all, read_roster, take_in
    from subtheme.review.desk import Desk
    from subtheme.review.material import load_material

    texts = tmp_path / "interviews"
    texts.mkdir()
    roster = ["participant,case,level,transcript"]
    per_file = 12
    for place, start in enumerate(range(0, len(PAYLOADS), per_file)):
        name = PAYLOADS[start].replace("/", "").replace(",", "") + str(place)
        said = [
            f"Interviewer: Why {p}?\n\nP{place}: Because {p} of {CANARY}." for p in PAYLOADS[start : start + per_file]
        ]
        (texts / f"{name}.txt").write_text("\n\n".join(said) + "\n", encoding="utf-8")
        roster.append(f"P{place},C{place % 2},worker,{name}")
    (tmp_path / "people.csv").write_text("\n".join(roster) + "\n", encoding="utf-8")
    book = [
        'format = "subtheme-codebook/1"',
        'title = "Hostile"',
        "[[code]]",
        'id = "top"',
        f"name = {json.dumps(PAYLOADS[1])}",
    ]
    for place, payload in enumerate(PAYLOADS[:30]):
        book += [
            "[[code.code]]",
            f'id = "c{place}"',
            f"name = {json.dumps(f'{place} {payload}')}",
            f"definition = {json.dumps(payload)}",
        ]
    (tmp_path / "book.toml").write_text("\n".join(book) + "\n", encoding="utf-8")
    study = create_study(tmp_path / "study", codebook=tmp_path / "book.toml", name=PAYLOADS[2])
    take_in(study, read_all([texts]), read_roster(tmp_path / "people.csv"))
    with study.store() as store, store.holding():
        material = load_material(study, store)
        turns = [
            tuple(replace(t, speaker=PAYLOADS[(i + t.number) % len(PAYLOADS)]) for t in transcript.turns)
            for i, transcript in enumerate(material.transcripts)
        ]
        transcripts = tuple(replace(t, turns=own) for t, own in zip(material.transcripts, turns, strict=True))
        desk = Desk(replace(material, transcripts=transcripts), store, coder=PAYLOADS[3])
        running = Served(Opened(desk=desk, study=study, store=store), tmp_path / "entry.json", order="reading")
        yield running
        running.stop()


def test_no_text_runs_as_script(hostile, page, caplog):
    hostile.client().close()
    page.context.add_cookies([{"name": hostile.entry.cookie, "value": hostile.cookie, "url": hostile.origin}])
    addresses = []
    page.on("request", lambda r: addresses.append(r.url))
    page.on("dialog", lambda d: pytest.fail("a dialog opened"))
    passages = hostile.opened.desk.material.passages
    assert len(PAYLOADS) >= 100
    seen = set()

    def holds() -> None:
        assert page.evaluate("window.__ran") is None, page.url
        assert (
            page.evaluate(
                "document.querySelectorAll('iframe, object, embed, base, svg, math, video, audio, script:not([src]), [onerror], [onload], [onfocus]').length"
            )
            == 0
        )

    for passage in passages:
        page.goto(f"{hostile.origin}/item/{passage.number}?order=reading")
        shown = page.locator("mark").inner_text()
        seen |= {p for p in PAYLOADS if " ".join(p.split()) in " ".join(shown.split())}
        holds()
    assert len(seen) == len(PAYLOADS)
    for place, payload in enumerate(PAYLOADS):  # memos are typed in, stored, and shown again
        with hostile.client() as client:
            fields = {"number": place % len(passages), "uid": f"memo-{place:05d}", "order": "reading", "memo": payload}
            assert client.post("/memo", data=fields).status_code == 303
        page.goto(f"{hostile.origin}/item/{place % len(passages)}?order=reading")
        assert payload.strip() in page.locator(".memo .own").inner_text()
        holds()
    for path in (
        "/progress",
        "/margins",
        "/bulk?code=c0",
        "/settings",
        "/end",
        *(f"/transcript/{n}" for n in range(3)),
    ):
        page.goto(hostile.origin + path)
        holds()
    page.goto(f"{hostile.origin}/item/0?order=reading")
    page.keyboard.press("c")
    page.locator("#codes-find").fill(PAYLOADS[5][:20])
    holds()
    assert not [a for a in addresses if CANARY in a or "__ran" in a]
    assert CANARY not in caplog.text
