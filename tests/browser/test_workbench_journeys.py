"""Whole journeys in a browser alone: a stranger's, two people's at one draft, and a reader's from right to left."""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from bench import SCREENS, browser, needs_browser, opened, served, sound, until

pytestmark = needs_browser
HOW_TO = Path(__file__).parents[2] / "docs" / "how-to" / "workbench.md"
CASE = (Path(__file__).parents[1] / "cases" / "buffer_line.yaml").read_text("utf-8")
URDU = "کیا آئرلینڈ کو مبصرین بھیجنے چاہییں؟"
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


@pytest.fixture(scope="module")
def chromium():
    with browser() as made:
        yield made


def case_in(folder, question=""):
    """The folder of a small case, with another question if one is given."""
    folder.mkdir()
    text = re.sub(r"(?m)^question: .*", lambda old: f"question: {question}" if question else old[0], CASE)
    (folder / "scenario.yaml").write_text(text, "utf-8")
    return str(folder)


def test_a_stranger_comes_from_a_blank_question_to_an_issued_brief_as_it_is_written_down(chromium, tmp_path):
    written = HOW_TO.read_text("utf-8").partition("## From a blank question")[2].partition("\n## ")[0]
    steps = iter(re.findall(r"`([^`]+)`", written))
    with served(tmp_path) as server:
        page = opened(chromium, server)

        def press(words):
            assert next(steps) == words
            place = "nav >> " if words in ("Evidence", "Runs and issue") else ""
            page.click(f"{place}text=/{words.replace('…', '[0-9]+')}/ >> nth=0")

        asked_and_answered(page, press)
        claimed(page, press)
        run_and_issued(page, press)
        assert next(steps, None) is None
        assert not page.faults
        page.context.close()


def asked_and_answered(page, press):
    """The question, its article, a wrong answer told at its field, a page left and found again, and a draft."""
    page.select_option("select[name=kind]", "monitoring")
    page.fill("form[action='/questions'] input[name=name]", "Observers for Aceh")
    page.set_input_files(
        "form[action='/questions'] input[name=files]",
        {"name": "news.txt", "mimeType": "text/plain", "buffer": ARTICLE.encode()},
    )
    press("Begin the question")
    page.wait_for_url("**/q/Observers_for_Aceh")
    assert page.input_value("input[name='answers:decider']") == "Finland"
    page.fill("input[name='answers:process.deadline']", "soon")
    press("Keep the answers")
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
    press("Fill … blanks")
    page.wait_for_selector("text=0 of")
    assert page.locator("text=typical, not judged for this case").count() > 5
    press("Begin a draft")
    page.wait_for_url("**/assumptions")


def claimed(page, press):
    """The article is there with its claims marked; words selected by keys alone become a claim that moves a number."""
    press("Evidence")
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
    press("Add the claim")
    page.wait_for_selector(".claims li.accepted")
    assert "He takes <b>part</b>." in page.inner_text(".claims li.accepted")
    assert "which it moves" in page.text_content(".claims li.accepted")
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def run_and_issued(page, press):
    """A full run, as small as a brief may rest on, to its end; its brief, issued, names no what-if."""
    page.set_viewport_size({"width": 1200, "height": 900})
    press("Runs and issue")
    page.fill("input[name=runs]", "40")
    press("Run the draft as it stands")
    page.wait_for_selector("text=Issue this brief", timeout=120_000)
    page.fill("[name=why]", "for the committee")
    press("Issue this brief")
    page.wait_for_selector("text=for the committee")
    page.click("ul.plain a >> text=html")
    assert "What-if" not in page.content()
    assert "Finland" in page.inner_text("h1")


def test_of_two_people_at_one_draft_on_postgresql_the_second_sees_what_the_first_did_and_loses_nothing(
    chromium, tmp_path, postgres
):
    with served(tmp_path, postgres, "X-User", {"*": "analyst"}.items()) as server:
        draft = server.desk.drafts.create(case_in(tmp_path / "line"), "amna")
        pages = {who: opened(chromium, server, extra_http_headers={"X-User": who}) for who in ("amna", "bilal")}
        for who, page in pages.items():
            if who == "bilal":  # word of what others do reaches him late
                page.route("**/events", lambda route: route.fulfill(body="", content_type="text/event-stream"))
            page.goto(f"{server.root}/d/{draft}/assumptions?q=deadline")
            page.wait_for_selector("#panel table")
        for who, days in (("amna", "100"), ("bilal", "110")):
            pages[who].fill("[data-path='process.deadline'] [name=value]", days)
            pages[who].press("[data-path='process.deadline'] [name=value]", "Enter")
            pages[who].wait_for_selector("li.changed" if who == "amna" else "text=/amna changed the draft .* 100/")
        his = pages["bilal"].locator("[data-path='process.deadline'] [name=value]")
        assert his.input_value() == "110", "what he wrote is still there"
        his.press("Enter")
        pages["bilal"].wait_for_selector("li.changed")
        pages["amna"].wait_for_selector("text=Somebody changed this draft")
        found = server.desk.registry.entries(draft)
        assert [(each.who, str(each.patches[0].new)[:3]) for each in found] == [("amna", "100"), ("bilal", "110")]
        assert not pages["amna"].faults
        assert all("409" in each for each in pages["bilal"].faults)
        for page in pages.values():
            page.context.close()


def test_a_case_in_urdu_is_read_from_right_to_left_on_every_screen(chromium, tmp_path):
    with served(tmp_path) as server:
        draft = server.desk.drafts.create(case_in(tmp_path / "line", URDU), "amna")
        page = opened(chromium, server)
        for screen in SCREENS:
            page.goto(f"{server.root}/d/{draft}/{screen}")
            page.wait_for_selector("#panel table")
            until(page, "!document.querySelector('[data-more], [data-wait]')")
            assert page.evaluate("[document.dir, getComputedStyle(document.querySelector('.desk')).direction]") == [
                "rtl", "rtl"]  # fmt: skip
            side = "document.querySelector('aside').getBoundingClientRect().right"
            assert page.evaluate(f"{side} < document.querySelector('main').getBoundingClientRect().left"), screen
            sound(page, screen)
        assert not page.faults
        page.context.close()
