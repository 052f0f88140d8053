"""Who is let in, and what is refused: foreign hosts and origins, forged cookies, old tokens, wrong roles, floods."""

import json

import pytest

from contingent.workbench.access import LARGEST, Access, secret_of
from contingent.workbench.app import application
from contingent.workbench.desk import FOLDER

PATH = "stakeholders.president.stakes.participation.position"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::2]"])
def test_a_name_that_is_not_the_workbenchs_is_refused(bench, host):
    status, headers, body = bench.ask("GET", "/", host=host)
    assert status == 421
    assert b"--host NAME" in body
    assert headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("cookie", ["", "contingent=amna", "contingent=amna:" + "0" * 64, "contingent=:", "other=1"])
def test_a_stranger_or_a_forged_cookie_is_refused(bench, cookie):
    assert bench.get("/index.json", cookie=cookie)[0] == 401
    assert bench.post("/drafts", {"case": "amm_aceh"}, cookie=cookie)[0] == 401


@pytest.mark.parametrize("token", ["", "0" * 64, "ä"])
def test_a_missing_or_wrong_token_changes_nothing(bench, draft, token):
    sent = {"changes": {PATH: 10}}
    status, _, told = bench.post(
        f"/d/{draft}/changes", sent, **{"x-contingent-token": token.encode().decode("latin-1")}
    )
    assert status == 403
    assert "token" in told["error"]["message"]
    assert bench.form(f"/d/{draft}/changes", {"token": token, "path": PATH, "value": "10"})[0] == 403
    assert bench.desk.registry.latest(draft) == 0


@pytest.mark.parametrize(
    "headers", [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_another_page_may_send_nothing_even_with_cookie_and_token(bench, draft, headers):
    assert bench.post(f"/d/{draft}/changes", {"changes": {PATH: 10}}, **headers)[0] == 403
    assert bench.desk.registry.latest(draft) == 0


def test_the_link_lets_one_browser_in_once(bench):
    link = f"/enter?token={bench.desk.access.once}"
    assert bench.get("/enter?token=guess", cookie="")[0] == 403
    status, headers, _ = bench.get(link, cookie="")
    assert (status, headers["location"]) == (303, "/")
    assert {"HttpOnly", "SameSite=Strict"} <= set(headers["set-cookie"].split("; "))
    assert bench.get(link, cookie="")[0] == 403
    assert bench.get("/index.json", cookie=headers["set-cookie"].partition(";")[0])[0] == 200


def test_a_cookie_outlives_the_server_and_the_secret_is_the_owners_alone(bench, tmp_path):
    again = Access(secret_of(tmp_path / FOLDER), bench.desk.access.hosts, "amna")
    assert again.signed("amna") == bench.desk.access.signed("amna")
    assert (tmp_path / FOLDER / ".secret").stat().st_mode & 0o777 == 0o600


def test_more_than_the_limit_is_refused_told_or_not(bench, draft):
    huge = b"x" * (LARGEST + 1)
    said = {"content-type": "application/json", "x-contingent-token": bench.token}
    assert bench.ask("POST", f"/d/{draft}/changes", huge, said)[0] == 413
    assert bench.ask("POST", f"/d/{draft}/changes", b"", {**said, "content-length": "100000000"})[0] == 413
    assert bench.ask("POST", f"/d/{draft}/changes", b"", {**said, "content-length": "many"})[0] in (403, 422)


@pytest.mark.parametrize(
    "path",
    ["/d/../../etc/passwd", "/d/%2e%2e/assumptions", "/static/../app.py", "/static/.secret", "/jobs/../x.json",
     "/d/x/runs/../../brief.html"],
)  # fmt: skip
def test_names_lead_nowhere_but_to_what_they_name(bench, path):
    status, _, body = bench.get(path)
    assert status in (400, 404)
    assert b"root:" not in body


def test_a_form_works_without_a_script_and_leads_back_to_no_other_host(bench, draft):
    sent = {"path": PATH, "value": "60", "low": "40", "high": "80", "seen": "0", "why": "w"}
    status, headers, _ = bench.form(f"/d/{draft}/changes", {**sent, "back": f"/d/{draft}/assumptions?q=x#n"})
    assert (status, headers["location"]) == (303, f"/d/{draft}/assumptions?q=x#n")
    assert bench.desk.drafts.sight(draft).scenario.value(PATH).high == 80
    for back in ("//evil.example/", "http://evil.example/", "/\\evil.example", "javascript:alert(1)"):
        assert bench.form(f"/d/{draft}/undo", {"back": back})[1].get("location", "/") == "/"
        bench.form(f"/d/{draft}/redo", {"back": "/"})
    status, headers, body = bench.form(f"/d/{draft}/changes", {"path": PATH, "value": "170"})
    assert status == 422
    assert headers["content-type"].startswith("text/html")
    assert b"That was not done" in body


def test_what_somebody_wrote_is_text_on_every_page(bench):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    draft = bench.desk.drafts.create("amm_aceh", "amna", hostile)
    bench.desk.drafts.change(draft, {PATH: 30}, "<b>amna", hostile)
    for screen in ("assumptions", "runs"):
        page = bench.get(f"/d/{draft}/{screen}")[2]
        assert b"<script>alert" not in page
        assert b"<img" not in page
        assert b"&lt;script&gt;" in page
    assert b"<script>alert" not in bench.get("/")[2]
    assert b"<script>alert" not in bench.get(f"/d/{draft}/assumptions?q=%3Cscript%3Ealert(1)%3C/script%3E")[2]


@pytest.mark.parametrize(
    ("who", "read", "change", "issue"),
    [("rana", 200, 403, 403), ("amna", 200, 200, 404), ("bilal", 200, 200, 403), ("", 401, 401, 401)],
)
def test_behind_a_proxy_roles_say_who_may_do_what(bench, draft, who, read, change, issue):
    people = {"amna": "approver", "bilal": "analyst", "*": "reader"}
    access = Access(bench.desk.access.secret, bench.desk.access.hosts, "amna", "x-user", people)
    bench.app = application(type(bench.desk)(*(access if name == "access" else getattr(bench.desk, name)
                                               for name in bench.desk.__dataclass_fields__)))  # fmt: skip
    bench.token = access._known(who, "reader").token
    assert bench.get("/index.json", **{"x-user": who})[0] == read
    assert bench.post(f"/d/{draft}/changes", {"changes": {PATH: 10}}, **{"x-user": who})[0] == change
    assert bench.post(f"/d/{draft}/issue", {"run": "none"}, **{"x-user": who})[0] == issue


def test_every_answer_carries_the_strict_policy(bench, draft):
    for path in ("/", "/index.json", f"/d/{draft}/assumptions", "/static/workbench.js", "/nowhere", "/openapi.json"):
        headers = bench.get(path)[1]
        assert "unsafe" not in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff", path
    page = bench.get(f"/d/{draft}/assumptions")[2].decode()
    assert "http://" not in page
    assert "https://" not in page
    assert " style=" not in page
    assert json.loads(bench.get("/openapi.json")[2])["info"]["title"] == "Contingent workbench"
