"""Requests of every shape, made from the page's own description of its routes: nothing makes the program stumble."""

import logging
import os

import pytest
from canary import CANARY

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

pytestmark = pytest.mark.journey


def test_no_request_makes_an_error_of_the_program(served, caplog, capsys):
    each = int(os.environ.get("SUBTHEME_CASES", "60"))
    app = served.app.application.app
    schema = schemathesis.openapi.from_dict(app.openapi())
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 20
    counts = {"cases": 0}
    statuses: set[int] = set()
    caplog.set_level(logging.INFO)
    with served.client() as client:
        for operation in operations:

            @settings(
                max_examples=each,
                deadline=None,
                database=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=st.one_of(operation.as_strategy(generation_mode=m) for m in schemathesis.GenerationMode))
            def ask(case):
                arguments = case.as_transport_kwargs(base_url=served.origin)
                headers = {k: v for k, v in (arguments.get("headers") or {}).items() if k.lower() != "cookie"}
                answer = client.request(
                    arguments["method"],
                    arguments["url"],
                    params=arguments.get("params"),
                    data=arguments.get("data"),
                    headers={k: v for k, v in headers.items() if k.lower() not in {"host", "origin", "content-length"}},
                )
                counts["cases"] += 1
                statuses.add(answer.status_code)
                assert answer.status_code < 500, (case.method, case.path)

            ask()
    with capsys.disabled():
        print(f"\n{counts['cases']} requests to {len(operations)} routes, none answered with 5xx; {sorted(statuses)}")
    assert counts["cases"] >= each * len(operations) // 3
    assert {200, 422} <= statuses
    assert CANARY not in caplog.text
    assert "a request failed" not in caplog.text
