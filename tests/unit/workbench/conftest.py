"""A workbench beside a folder of runs, asked as a browser would ask it, without a port."""

import asyncio
import json
import shutil
from concurrent.futures import Future
from pathlib import Path
from urllib.parse import urlencode

import pytest

from contingent.workbench.access import Access, secret_of
from contingent.workbench.app import application
from contingent.workbench.desk import FOLDER, Desk
from contingent.workbench.previews import Previews

HERE = frozenset({"localhost"})


class Bench:
    """`get` and `post` give (status, headers, text); what is sent carries cookie and token unless told otherwise."""

    def __init__(self, desk):
        self.desk, self.app = desk, application(desk)
        self.cookie = f"contingent={desk.access.signed(desk.access.owner)}"
        self.token = desk.access._known(desk.access.owner, "approver").token

    def ask(self, method, path, body=b"", headers=None, host="localhost"):
        address, _, asked = path.partition("?")
        given = {"host": host, "accept": "application/json", "cookie": self.cookie} | (headers or {})
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": address, "raw_path": address.encode(), "query_string": asked.encode(), "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in given.items() if value is not None],
            "client": ("127.0.0.1", 0), "server": ("localhost", 0), "state": {},
        }  # fmt: skip
        said, sent = [], []

        async def receive():
            if sent:
                return {"type": "http.disconnect"}
            sent.append(True)
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            said.append(message)

        asyncio.run(self.app(scope, receive, send))
        told = {name.decode().lower(): value.decode() for name, value in said[0]["headers"]}
        return said[0]["status"], told, b"".join(each.get("body", b"") for each in said)

    def get(self, path, **headers):
        return self.ask("GET", path, headers=headers)

    def json(self, path):
        status, _, body = self.get(path)
        assert status == 200, body
        return json.loads(body)

    def post(self, path, sent, **headers):
        said = {"content-type": "application/json", "x-contingent-token": self.token} | headers
        status, told, body = self.ask("POST", path, json.dumps(sent).encode(), said)
        return status, told, json.loads(body) if body else None

    def form(self, path, fields, **headers):
        said = {"content-type": "application/x-www-form-urlencoded", "accept": "text/html"} | headers
        return self.ask("POST", path, urlencode({"token": self.token, "back": "/", **fields}).encode(), said)


@pytest.fixture
def bench(tmp_path):
    made = Bench(Desk.at(tmp_path, Access(secret_of(tmp_path / FOLDER), HERE, "amna"), workers=1))
    yield made
    made.desk.close()
    made.desk.registry.engine.dispose()


@pytest.fixture
def draft(bench):
    return bench.desk.drafts.create("amm_aceh", "amna")


@pytest.fixture
def at_once(monkeypatch):
    """What a process would be asked is answered here: the same functions, no second import of everything."""

    def ask(self, work, folder, *given):
        told = Future()
        told.set_result(work(str(folder), str(self.store), *given))
        return told

    monkeypatch.setattr(Previews, "ask", ask)


@pytest.fixture
def small_case(tmp_path):
    """A folder with the smallest case that tests have."""
    folder = tmp_path / "line"
    folder.mkdir()
    shutil.copyfile(Path(__file__).parents[2] / "cases" / "buffer_line.yaml", folder / "scenario.yaml")
    return folder
