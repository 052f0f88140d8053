"""A stranger's journey in a browser alone: from a blank question with an article to a draft whose run is done."""

import socket
import threading
import time
from concurrent.futures import Future
from fnmatch import fnmatchcase

import bench
import uvicorn

from contingent.workbench.access import Access, secret_of
from contingent.workbench.app import application
from contingent.workbench.desk import FOLDER, Desk

pytestmark = bench.needs_browser
ARTICLE = """Finland offers observers for Aceh

Helsinki, 20 July 2005

Finland will send 20 unarmed observers to the European Union's monitoring mission in Aceh, Indonesia, Foreign Minister
Erkki Tuomioja said on Wednesday. The mission would have 200 observers and last six months.

Sweden offers 15 observers. \U0001f54a Prime Minister Matti Vanhanen said: "We will take part."
"""
SAID = {
    "theatre.ceasefires.0.start": "2005-07-15", "*.population": "80000", "*.area": "1800", "*.sectors.*": "0.5",
    "*.deaths": "300", "*.weeks": "26", "*.strength": "25", "*.ceiling": "60", "*.wanted": "20", "*.minimum": "5",
    "*.seats": "110", "criteria.*.worst": "20", "*.standing": "50 (30 to 70)", "*.label": "Somebody",
}  # fmt: skip


class Quiet:
    """No preview is reckoned: they have their own tests."""

    def ask(self, *_):
        return Future()

    def close(self):
        pass


def test_a_blank_question_with_an_article_becomes_a_draft_that_runs(tmp_path):
    access = Access(secret_of(tmp_path / FOLDER), frozenset({"127.0.0.1"}), "amna")
    desk = Desk.at(tmp_path, access, workers=1)
    object.__setattr__(desk, "previews", Quiet())
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application(desk), log_level="error", timeout_graceful_shutdown=1))
    serving = threading.Thread(target=server.run, args=([listener],))
    serving.start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        with bench.browser() as chromium:
            page = chromium.new_page(viewport={"width": 1200, "height": 900})
            page.set_default_timeout(20_000)
            page.route("**/panel", lambda route: route.fulfill(body=""))
            wrong = []
            page.on("pageerror", lambda error: wrong.append(str(error)))
            page.goto(f"{address}/enter?token={access.once}")
            asked_and_answered(page)
            claimed(page)
            run(page)
            assert not wrong
    finally:
        server.should_exit = True
        serving.join()
        desk.registry.engine.dispose()


def asked_and_answered(page):
    """The question, its article, a wrong answer told at its field, a page left and found again, and a draft."""
    page.select_option("select[name=kind]", "monitoring")
    page.fill("form[action='/questions'] input[name=name]", "Observers for Aceh")
    page.set_input_files(
        "form[action='/questions'] input[name=files]",
        {"name": "news.txt", "mimeType": "text/plain", "buffer": ARTICLE.encode()},
    )
    page.click("text=Begin the question")
    page.wait_for_url("**/q/Observers_for_Aceh")
    assert page.input_value("input[name='answers:decider']") == "Finland"
    page.fill("input[name='answers:process.deadline']", "soon")
    page.click("text=Keep the answers >> nth=0")
    page.wait_for_selector("input[aria-invalid]")
    assert "soon" in page.inner_text(".unfit .wrong")
    page.goto(page.url.rpartition("/q/")[0])
    page.click("text=Observers_for_Aceh")
    assert page.input_value("input[name='answers:process.deadline']") == "soon"
    page.fill("input[name='answers:process.deadline']", "90 (60 to 120)")
    for field in page.query_selector_all(".field.blank input"):
        name = field.get_attribute("name").removeprefix("answers:")
        if told := next((said for at, said in SAID.items() if fnmatchcase(name, at)), ""):
            field.fill(told)
    page.click("text=Keep the answers >> nth=0")
    page.click("text=/Fill \\d+ blanks/")
    page.wait_for_selector("text=0 of")
    assert page.locator("text=typical, not judged for this case").count() > 5
    page.click("text=Begin a draft >> nth=0")
    page.wait_for_url("**/assumptions")


def claimed(page):
    """The article is there with its claims marked; words selected by keys alone become a claim that moves a number."""
    page.click("nav >> text=Evidence")
    page.wait_for_selector("#text mark")
    assert page.evaluate("document.getElementById('text').textContent") == ARTICLE
    page.focus("#text")
    for _ in range(40):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "words:says"
    form = page.evaluate("Object.fromEntries(new FormData(document.getElementById('add')))")
    start, end = int(form["start"]), int(form["end"])
    assert ARTICLE[start:end].split() == form["words:quote"].split() != []
    assert start > ARTICLE.index("\U0001f54a"), "behind a sign that a browser counts as two"
    page.fill("#add input[name='words:says']", "He takes <b>part</b>.")
    page.select_option("#add select[name='words:polarity']", "1")
    page.fill("#add input[name='words:grade']", "B2")
    page.select_option("#add select[name=moves]", index=1)
    page.click("text=Add the claim")
    page.wait_for_selector(".claims li.accepted")
    assert "He takes <b>part</b>." in page.inner_text(".claims li.accepted")
    assert "which it moves" in page.text_content(".claims li.accepted")
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def run(page):
    """A full run, so small that it says nothing, to its end."""
    page.set_viewport_size({"width": 1200, "height": 900})
    page.click("nav >> text=Runs and issue")
    page.fill("input[name=runs]", "2")
    page.click("text=Run the draft as it stands")
    end = time.monotonic() + 120
    while (state := page.inner_text("#jobs .state")) != "finished" and time.monotonic() < end:
        assert "failed" not in state
        page.wait_for_timeout(300)
    assert state == "finished"
