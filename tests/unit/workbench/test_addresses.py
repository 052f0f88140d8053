"""Requests that nobody thought of, made from the workbench's own description: refused or answered, never our fault."""

import json
from concurrent.futures import Future
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings


class Endless(Future):
    """Something that is not reckoned in time."""

    def result(self, timeout=None):
        raise TimeoutError


PASSED_OVER = {"/d/{draft}/events"}  # goes on until somebody leaves


def test_every_address_is_described_once_and_errors_have_the_shape_of_the_command_line(bench):
    told = bench.json("/openapi.json")
    assert {"/index.json", "/drafts", "/d/{draft}/changes", "/d/{draft}/assumptions.json"} <= told["paths"].keys()
    _, _, refused = bench.post("/d/none/changes", {"changes": {"a": 1}})
    assert refused["error"]["kind"] == "InputError"
    status, _, refused = bench.post("/drafts", {"case": 7})
    assert status == 422
    assert [each["path"] for each in refused["error"]["complaints"]] == ["case"]


def test_whatever_is_sent_is_never_our_fault(bench, draft, monkeypatch):
    schemathesis = pytest.importorskip("schemathesis")
    from contingent.workbench import previews

    # whatever takes an ensemble is tried elsewhere: here the question is what is let in
    monkeypatch.setattr(previews.Previews, "ask", lambda *_, **__: Endless())
    monkeypatch.setattr(type(bench.desk.jobs), "_spawn", lambda self, job: None)
    described = schemathesis.openapi.from_dict(bench.json("/openapi.json"))
    faults = []

    def answered(case):
        path = case.operation.path
        for name, value in (case.path_parameters or {}).items():
            path = path.replace(f"{{{name}}}", quote(draft if name == "draft" else str(value), safe=""))
        asked = urlencode(dict(case.query or {}), doseq=True)
        body = json.dumps(case.body).encode() if isinstance(case.body, dict | list | str | int) else b""
        headers = {"content-type": "application/json", "x-contingent-token": bench.token}
        status, _, said = bench.ask(case.operation.method.upper(), f"{path}?{asked}", body, headers)
        if status >= 500 and b"is still being reckoned" not in said:
            faults.append((case.operation.method, path, asked, body[:200], said[-300:]))

    for each in described.get_all_operations():
        operation = each.ok()
        if operation.path not in PASSED_OVER:
            tried = given(operation.as_strategy())(answered)
            settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck))(tried)()
    assert not faults, faults[:3]
