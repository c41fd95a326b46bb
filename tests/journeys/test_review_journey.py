"""A person at the page: fifty items by keyboard, a slip taken back, a power cut, and the table at the end."""

import json
import re
import sqlite3
import subprocess
from pathlib import Path

import pytest
from page_server import COMMAND, PageServer, saved

pytestmark = pytest.mark.journey


def _run(*arguments: object) -> str:
    done = subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def sample_study(root, tmp_path_factory) -> Path:
    """The sample study, pre-coded by the commands of the demo."""
    folder, sample = tmp_path_factory.mktemp("sample") / "study", root / "data" / "sample"
    _run("new", folder, "--codebook", sample / "codebook.toml", "--name", "Sample study (SYNTHETIC)")
    _run("import", sample / "transcripts", "--participants", sample / "participants.csv", "--study", folder)
    _run("codings", sample / "codings" / "coder-1.csv", "--readings", sample / "readings.csv", "--study", folder)
    _run("train", "--coder", "coder-1", "--study", folder)
    _run("precode", "--study", folder)
    return folder


def _stored(study: Path) -> list[tuple[str, ...]]:
    with sqlite3.connect(study / "study.sqlite") as database:
        return database.execute("SELECT segment, code, verdict, shown FROM decisions ORDER BY seq").fetchall()


def _score(study: Path) -> dict[tuple[str, str], int]:
    table = json.loads(_run("score", "--study", study, "--json"))
    return {(c["case"], c["sub_theme"]): c["participants_describing"] for c in table["cells"]}


def _go_on(page) -> None:
    from playwright.sync_api import expect

    before = page.locator("article").get_attribute("data-number")
    page.keyboard.press("n")
    expect(page.locator("article")).not_to_have_attribute("data-number", before)


def test_a_review_from_launch_to_score(sample_study, page, tmp_path):
    from playwright.sync_api import expect

    before = _score(sample_study)
    server = PageServer(sample_study)
    try:
        page.goto(server.start())
        expect(page.locator("h1").first).to_be_visible()
        saved_items, blind = 0, 0
        while saved_items < 50 or not blind:
            is_blind = "blind" in page.locator("article").get_attribute("class")
            rows = page.locator(".row").count()
            if is_blind:
                assert page.locator(".likelihood").count() == 0
                assert "in 10" not in page.locator("article").inner_text()
            for position in range(1 if is_blind else rows):
                page.keyboard.press("a" if position % 2 == 0 else "x")
            blind += is_blind
            saved_items += 1
            _go_on(page)
        saved(page)
        answered = _stored(sample_study)
        shown = [json.loads(row[3]) for row in answered]
        assert len(answered) >= 50
        assert {s["arm"] for s in shown} == {"assisted", "blind"}
        assert all(("model" in s) == (s["arm"] == "assisted") for s in shown)
        assert {row[2] for row in answered} >= {"accept", "reject", "add"}

        page.keyboard.press("z")  # the last thing was going on: its taking back returns to that segment
        expect(page.locator("#status")).to_contain_text("taken back: finish")
        page.keyboard.press("z")
        expect(page.locator("#status")).to_contain_text(re.compile("taken back: (accept|reject|add)"))
        saved(page)
        assert [row[2] for row in _stored(sample_study)[len(answered) :]] == ["retract"]

        page.keyboard.press("c")
        page.locator("#codes-find").fill("wages")
        page.keyboard.press("Enter")
        expect(page.locator("#status")).to_contain_text("Wages")
        saved(page)
        assert _stored(sample_study)[-1][1:3] == ("wages", "add")

        server.kill()
        pressed = 0
        for _ in range(3):  # the answers given meanwhile wait in the page
            page.keyboard.press("f")
            pressed += 1
        expect(page.locator("#trouble")).to_contain_text("Not saved yet")
        server.start()
        expect(page.locator("#trouble")).to_be_empty(timeout=30_000)
        saved(page)
        with sqlite3.connect(sample_study / "study.sqlite") as database:
            flags = database.execute("SELECT count(*) FROM marks WHERE kind IN ('flag', 'unflag')").fetchone()
        assert flags == (pressed,)
    finally:
        page.context.close()
        server.stop()

    after = _score(sample_study)
    assert sum(after.values()) > sum(before.values())
    assert all(after[cell] >= count for cell, count in before.items())
    assert json.loads(_run("doctor", "--study", sample_study, "--json"))["whole"] is True
    assert server.output.read_text() == ""


def test_it_can_be_read_in_light_in_dark_and_on_a_narrow_screen(sample_study, page, tmp_path):
    server = PageServer(sample_study, coder="ben")
    try:
        page.goto(server.start())
        page.wait_for_url("**/item/**")
        colours = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            colours.append(page.evaluate("getComputedStyle(document.documentElement).backgroundColor"))
            page.screenshot(path=tmp_path / f"{scheme}.png")
        assert len(set(colours)) == 2
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.screenshot(path=tmp_path / "narrow.png", full_page=True)
    finally:
        page.context.close()
        server.stop()
