"""The workbench as an analyst has it before them: changing, undoing, running, issuing; by pointer and by keys."""

import pytest
from bench import SCREENS, Server, browser, needs_browser, opened, sound, until

pytestmark = needs_browser
PATH = "stakeholders.president.stakes.participation.position"
PASTE = """(text) => {
  const cell = document.querySelector("form[data-pledge=fin_experts] [name='cells:strength']");
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    made = Server(tmp_path_factory.mktemp("bench"), "amm_aceh").start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def chromium():
    with browser() as made:
        yield made


@pytest.fixture(scope="module")
def state(server, chromium, tmp_path_factory):
    """The cookie of a browser that followed the link, and the draft's address."""
    page = opened(chromium, server)
    page.click("main a >> text=amm_aceh")
    page.wait_for_selector("#panel table", timeout=180_000)  # the first time, the base is reckoned
    file = tmp_path_factory.mktemp("state") / "cookie.json"
    page.context.storage_state(path=file)
    draft = page.url.split("/d/")[1].split("/")[0]
    assert not page.faults
    page.context.close()
    return str(file), draft


@pytest.fixture
def page(server, chromium, state):
    made = opened(chromium, server, storage_state=state[0])
    made.draft = state[1]
    made.goto(f"{server.root}/d/{made.draft}/assumptions?q=president+position")
    made.wait_for_selector("#panel table")
    yield made
    assert not made.faults
    made.context.close()


def number(page):
    return page.locator(f'form.number[data-path="{PATH}"]')


def put(page, value):
    """A certain number, by hand."""
    for name, text in (("low", ""), ("high", ""), ("value", value)):
        number(page).locator(f"[name={name}]").fill(text)
    number(page).locator("[name=value]").press("Enter")


def fresh(page):
    until(page, "!document.getElementById('panel').classList.contains('stale')")


def test_a_change_is_told_at_once_asks_for_its_reason_and_can_be_undone_after_a_power_cut(
    page, server, state, chromium
):
    form = number(page)
    form.locator("[name=value]").fill("30")
    form.locator("[name=low]").fill("15")
    form.locator("[name=high]").fill("50")
    form.locator("[name=high]").press("Enter")
    page.wait_for_selector("form.asked")
    fresh(page)
    assert "points" in page.inner_text("#panel .moved >> nth=0")
    assert "was 75" in form.inner_text()
    form.locator("[name=why]").fill("she said no on 3 August")
    form.locator("[name=why]").press("Enter")
    page.wait_for_selector("form.asked", state="detached")
    server.kill()
    page.faults.clear()  # the page has lost its server, and may say so
    server.start()
    again = opened(chromium, server, storage_state=state[0])
    again.goto(f"{server.root}/d/{page.draft}/assumptions?only=changed")
    assert "she said no on 3 August" in again.inner_text("#history")
    assert number(again).locator("[name=value]").input_value() == "30"
    again.click("text=Undo")
    again.wait_for_load_state()
    assert "Nothing is changed" in again.inner_text("#history")
    again.keyboard.press("Shift+U")
    again.wait_for_selector("#history li")
    assert "she said no" in again.inner_text("#history")
    assert not again.faults
    again.context.close()
    page.faults.clear()


def test_two_tabs_see_each_other_and_the_second_writer_loses_nothing(page, server, state, chromium):
    other = opened(chromium, server, storage_state=state[0])
    other.goto(page.url)
    other.wait_for_selector("#panel table")
    put(page, "42")
    page.wait_for_selector("li.changed")
    until(other, "document.getElementById('said').textContent.includes('Somebody changed')")
    put(other, "43")
    address = f"/d/{page.draft}/assumptions.json?only=changed"
    until(other, f"fetch('{address}').then((a) => a.json()).then((t) => t.rows.some((row) => row.best === 43))")
    told = page.request.get(f"{server.root}/d/{page.draft}/assumptions.json").json()
    assert [each["told"].split(": ")[0] for each in told["history"]][:2] == [PATH, PATH]
    other.context.close()


def test_from_a_change_to_an_issued_brief(page, server):
    page.goto(f"{server.root}/d/{page.draft}/runs")
    page.fill("[name=runs]", "60")
    page.click("text=Run the draft as it stands")
    page.wait_for_selector("text=Issue this brief", timeout=120_000)
    with page.expect_navigation():
        page.click("ul.plain a >> text=html")
    assert "What-if, not issued" in page.content()
    assert page.locator("h1").inner_text().startswith("Should Finland")
    page.go_back()
    page.fill("[name=why]", "for the committee")
    page.click("text=Issue this brief")
    page.wait_for_selector("text=for the committee")
    assert page.locator(".what-if").count() == 0
    page.click("ul.plain a >> text=html")
    assert "What-if" not in page.content()


def test_page_one_follows_the_changes_and_marks_what_they_move(page, server):
    page.goto(f"{server.root}/d/{page.draft}/bottom-line")
    page.wait_for_selector(".fragment mark", timeout=120_000)
    assert "Which option" in page.inner_text(".fragment >> nth=0") or "comes first" in page.inner_text(
        ".fragment >> nth=0"
    )
    page.click(".fragment a:has(data) >> nth=0")
    page.wait_for_load_state()
    assert "preview.html#" in page.url
    assert page.locator(":target").count() == 1


def test_everything_by_keys_alone_and_none_where_somebody_types(page, server):
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.name") == "value"
    page.keyboard.type("u?")
    assert page.evaluate("document.activeElement.value") == "u?", "single keys are dead in a field"
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open]")
    page.uncheck("#keys-on")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.name") != "value", "they can be switched off"
    page.check("#keys-on")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    with page.expect_navigation():
        page.keyboard.press("r")
    assert page.url.endswith("/runs")


def test_no_screen_breaks_a_rule_of_accessibility_nor_needs_to_be_moved_sideways(page, server):
    for screen in SCREENS:
        page.goto(f"{server.root}/d/{page.draft}/{screen}")
        page.wait_for_selector("#panel table")
        sound(page, screen)


@pytest.fixture(scope="module")
def forces(server, chromium, state):
    """A page at a draft of its own, in which the force, the terms and the comparison are looked at."""
    here = opened(chromium, server, storage_state=state[0])
    here.fill("[name=case]", "amm_aceh")
    here.click("text=Begin a draft")
    here.wait_for_selector("#panel table")
    here.at = here.url.rpartition("/")[0]
    yield here
    assert not here.faults
    here.context.close()


def test_a_block_is_pasted_into_a_cell_seen_as_a_difference_made_and_undone_in_one_step(forces):
    forces.goto(f"{forces.at}/force?phase=entry")
    forces.wait_for_selector("text=What stands in the way")
    until(forces, "!document.querySelector('[data-more]')")
    assert "below the minimum" in forces.inner_text("#grid li >> nth=0")
    forces.click("#p-fin_experts summary")
    forces.evaluate(PASTE, "7\t3\t11\r\n25\t10\t40\r\n")
    forces.wait_for_selector("#sheet table")
    assert "6 (3 to 10)" in forces.inner_text("#sheet")
    forces.fill("#sheet [name=why]", "their letter")
    forces.click("#sheet button")
    forces.wait_for_selector("#history >> text=their letter")
    assert "swe_monitors, " not in forces.inner_text("#history"), "one step, told by its paths"
    assert forces.input_value("form[data-pledge=swe_monitors] [name='cells:strength']") == "25"
    forces.click("#p-fin_experts summary")
    forces.evaluate(PASTE, "=1+1\t3")
    forces.wait_for_selector("text=holds a formula")
    forces.faults.clear()  # the refusal itself, as the browser's console has it
    forces.goto(f"{forces.at}/force")
    forces.click("text=Undo")
    forces.wait_for_selector("text=Nothing is changed.")


def test_a_pledge_is_changed_by_keys_alone_and_compared_with_the_case(forces):
    forces.goto(f"{forces.at}/force")
    forces.focus("form[data-pledge=fin_monitors] [name='cells:strength']")
    at = "[document.activeElement.form.dataset.pledge, document.activeElement.name]"
    for keys, cell in (("Control+a ArrowDown ArrowRight", ["fin_experts", "cells:strength_low"]),
                       ("ArrowUp ArrowLeft", ["fin_monitors", "cells:strength"]),
                       ("2 6 ArrowLeft", ["fin_monitors", "cells:strength"])):  # fmt: skip
        for key in keys.split():
            forces.keyboard.press(key)
        assert forces.evaluate(at) == cell
    forces.keyboard.press("Enter")
    forces.wait_for_selector("#history >> text=fin_monitors")
    assert forces.input_value("form[data-pledge=fin_monitors] [name='cells:strength']") == "26"
    forces.goto(f"{forces.at}/compare")
    forces.wait_for_selector("#why", timeout=120_000)
    until(forces, "!document.querySelector('[data-more]')", 120)
    assert "pledges.fin_monitors.strength" in forces.inner_text("#changed")
    assert "of ten runs" in forces.inner_text("#results")


def test_the_combinations_of_terms_come_by_themselves(forces):
    forces.goto(f"{forces.at}/terms")
    forces.wait_for_selector("#concession", timeout=120_000)
    until(forces, "!document.querySelector('[data-more]')", 120)
    assert forces.inner_text("#concession p").startswith(("The cheapest concession", "Not clear", "No single step"))
    assert forces.locator("#combinations tbody tr").count() == 7
    assert forces.locator("#combinations .chip").count() == 4, "as many are made up"
