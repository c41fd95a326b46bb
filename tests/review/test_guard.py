"""The wall around the page: who is let in, from where, with what, and what is never said."""

import json
import logging
import re
import stat
import time

import httpx
import pytest
from canary import CANARY

from subtheme.review.arm import Arm
from subtheme.review.server import _listener

ANSWER = {"number": "0", "code": "wages", "verdict": "reject", "uid": "a1b2c3d4e5", "order": "transcript"}


def test_the_launch_token_lets_one_browser_in_once(door):
    with httpx.Client() as one, httpx.Client() as other:
        assert one.get(f"{door.origin}/progress").status_code == 401
        assert one.get(door.entry.launch_url).status_code == 200
        assert one.get(f"{door.origin}/progress").status_code == 200
        assert other.get(door.entry.launch_url).status_code == 401
        assert other.get(f"{door.origin}/progress").status_code == 401
        assert one.get(door.entry.launch_url, follow_redirects=False).status_code == 303  # the same browser again


def test_the_cookie_is_named_for_the_port_and_kept_from_scripts_and_other_sites(door):
    answer = httpx.get(door.entry.launch_url)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"subtheme_{door.port}=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_the_ledger_keeps_digests_for_its_owner_only(served):
    with served.client() as client:
        value = client.cookies[served.entry.cookie]
    text = served.ledger.read_text()
    assert value not in text
    assert list(json.loads(text)["digests"])
    assert stat.S_IMODE(served.ledger.stat().st_mode) == 0o600


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:1", "localhost", "127.0.0.1.evil.example", ""])
def test_another_host_is_not_served(client, host):
    assert client.get("/progress", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("site", ["cross-site", "same-site", "something"])
def test_a_change_from_another_page_is_refused(client, served, site):
    assert client.post("/decide", data=ANSWER, headers={"sec-fetch-site": site}).status_code == 403
    assert "a1b2c3d4e5" not in set(served.opened.store.decisions()["uid"])


@pytest.mark.parametrize("origin", ["http://127.0.0.1:1", "null", "http://localhost.evil.example"])
def test_a_change_with_another_origin_is_refused(client, origin):
    assert client.post("/decide", data=ANSWER, headers={"origin": origin}).status_code == 403


def test_a_change_without_any_sign_of_where_it_comes_from_is_refused(client):
    del client.headers["origin"]
    assert client.post("/decide", data=ANSWER).status_code == 403


@pytest.mark.parametrize("headers", [{}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}])
def test_a_change_from_our_own_page_is_taken(client, headers):
    answer = {**ANSWER, "number": "1", "uid": f"own-page-{len(str(headers))}"}
    assert client.post("/decide", data=answer, headers=headers).status_code == 303


def test_every_answer_carries_the_policy(client):
    for path in ("/progress", "/nothing", "/item/99999", "/static/page.js", "/go"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'")
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"


def test_every_route_but_the_door_needs_the_cookie(served):
    paths = set(served.app.application.app.openapi()["paths"])
    assert len(paths) > 15
    with served.client(signed_in=False) as stranger:
        for path in sorted(paths - {"/launch"}):
            address = path.replace("{number}", "0").replace("{name}", "page.js")
            assert stranger.get(address).status_code == 401, path
            assert stranger.post(address).status_code == 401, path


def test_the_pages_that_describe_the_server_are_off(client):
    for path in ("/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"):
        assert client.get(path).status_code == 404


def test_a_large_body_is_refused_before_it_is_read(client):
    answer = client.post("/memo", data={**ANSWER, "memo": "x" * 200_000})
    assert answer.status_code == 413
    streamed = client.post("/memo", content=(b"x" * 1000 for _ in range(200)))
    assert streamed.status_code in {400, 413, 422}


def test_a_long_address_is_refused(client):
    assert client.get("/item/0?order=" + "x" * 300).status_code == 414
    assert client.get("/" + "x" * 300).status_code == 414


def test_what_cannot_be_read_is_not_sent_back(client):
    answer = client.post("/decide", data={**ANSWER, "number": CANARY, "uid": f"<{CANARY}>"})
    assert answer.status_code == 422
    assert CANARY not in answer.text
    assert "number" in answer.text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/decide", {**ANSWER, "code": CANARY}),
        ("/decide", {**ANSWER, "verdict": CANARY}),
        ("/relabel", {**ANSWER, "other": CANARY}),
        ("/memo", {**ANSWER, "memo": CANARY * 400}),
        ("/move", {**ANSWER, "move": "start-on"}),
        ("/reveal", ANSWER),
        ("/evidence", {**ANSWER, "code": CANARY}),
        ("/bulk", {**ANSWER, "count": "3", "code": CANARY}),
    ],
)
def test_a_refusal_says_why_and_no_word_that_was_given(client, path, fields):
    answer = client.post(path, data=fields)
    assert answer.status_code == 400
    assert answer.text.endswith((".", "?"))
    assert CANARY not in answer.text


def test_a_fault_of_the_program_tells_its_kind_and_nothing_else(client, served, monkeypatch, caplog):
    def broken(*_arguments, **_options):
        raise RuntimeError(f"while reading {CANARY}")

    monkeypatch.setattr(served.opened.desk, "decide", broken)
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/decide", data=ANSWER)
        # The server writes its line after it has answered.
        patience = time.monotonic() + 30
        while "a request failed: RuntimeError" not in caplog.text and time.monotonic() < patience:
            time.sleep(0.01)
    assert answer.status_code == 500
    assert CANARY not in answer.text
    assert "a request failed: RuntimeError" in caplog.text
    assert CANARY not in caplog.text


def test_it_listens_on_loopback_only():
    with _listener(0, fallback=0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_no_command_can_ask_for_another_address():
    from typer.testing import CliRunner

    from subtheme.cli.app import app

    asked = CliRunner().invoke(app, ["review", "--host", "0.0.0.0"])
    assert asked.exit_code == 2
    assert "No such option" in asked.output


def test_addresses_hold_numbers_and_no_words_of_the_study(client, served):
    import re

    texts = [
        client.get(p).text
        for p in ("/item/0", "/item/3?order=reading", "/transcript/0", "/progress", "/margins", "/bulk?code=wages")
    ]
    links = [link for text in texts for link in re.findall(r'(?:href|action)="([^"]*)"', text)]
    assert len(links) > 30
    names = {p.participant for p in served.opened.desk.material.passages} | {CANARY}
    assert not [link for link in links if any(name in link for name in names)]


def test_every_action_works_as_a_plain_form(client, served):
    place, before = "2", len(served.opened.store.decisions())
    taken = client.post("/decide", data={**ANSWER, "number": place, "uid": "plain-form-1"})
    assert (taken.status_code, taken.headers["location"]) == (303, f"/item/{place}?order=transcript")
    gone_on = client.post("/finish", data={"number": place, "uid": "finish-0001", "order": "transcript"})
    assert gone_on.headers["location"] == f"/go?order=transcript&after={place}"
    for path, fields in {
        "/flag": {"uid": "flag-00001"},
        "/memo": {"uid": "memo-00001", "memo": "because"},
        "/undo": {"uid": "undo-00001"},
        "/relabel": {"uid": "relabel-01", "code": "wages", "other": "training"},
    }.items():
        answer = client.post(path, data={"number": place, "order": "transcript", **fields})
        assert answer.status_code == 303, path
    assert len(served.opened.store.decisions()) == before + 3
    assert client.get("/go?order=transcript").status_code == 303


@pytest.mark.parametrize("arm", [Arm.ASSISTED, Arm.BLIND])
def test_the_page_weighs_less_than_60_kb_before_it_is_packed(served, client, arm):
    desk = served.opened.desk
    number = next(p.number for p in desk.material.passages if desk.arm(p.segment) is arm)
    page = client.get(f"/item/{number}?order=reading", headers={"accept-encoding": "identity"})
    parts = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    assert len(parts) == 3
    weights = [len(page.content), *(len(client.get(p).content) for p in parts)]
    assert sum(weights) < 60_000, weights


def test_a_memo_stands_on_the_page_once_and_in_no_attribute(served, client):
    memo = "remember the zygodactyl rota"
    fields = {"number": 2, "uid": "memo-weight", "order": "reading", "code": "wages", "memo": memo}
    assert client.post("/memo", data=fields).status_code == 303
    client.post("/decide", data={**fields, "uid": "memo-weight-2", "verdict": "add"})
    page = client.get("/item/2?order=reading").text
    assert page.count(memo) == 1
    assert not re.search(rf'="[^"]*{memo}', page)
