"""Force, terms and comparison as an analyst has them: what is reckoned comes by itself, a block is pasted."""

import pytest
from bench import Server, browser, needs_browser, opened, until

pytestmark = needs_browser
PASTE = """(text) => {
  const cell = document.querySelector("form[data-pledge=fin_experts] [name='cells:strength']");
  const data = new DataTransfer();
  data.setData("text/plain", text);
  cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("bench"), "amm_aceh").start()
    with browser() as made:
        here = opened(made, server)
        here.click("main a >> text=amm_aceh")
        here.wait_for_selector("#panel table", timeout=180_000)  # the base is reckoned
        here.at = here.url.rpartition("/")[0]
        yield here
        assert not here.faults
    server.stop()


def test_a_block_is_pasted_into_a_cell_seen_as_a_difference_made_and_undone_in_one_step(page):
    page.goto(f"{page.at}/force?phase=entry")
    page.wait_for_selector("text=What stands in the way")
    until(page, "!document.querySelector('[data-more]')")
    assert "below the minimum" in page.inner_text("#grid li >> nth=0")
    page.click("#p-fin_experts summary")
    page.evaluate(PASTE, "7\t3\t11\r\n25\t10\t40\r\n")
    page.wait_for_selector("#sheet table")
    assert "6 (3 to 10)" in page.inner_text("#sheet")
    page.fill("#sheet [name=why]", "their letter")
    page.click("#sheet button")
    page.wait_for_selector("#history >> text=their letter")
    assert "swe_monitors, " not in page.inner_text("#history"), "one step, told by its paths"
    assert page.input_value("form[data-pledge=swe_monitors] [name='cells:strength']") == "25"
    page.click("#p-fin_experts summary")
    page.evaluate(PASTE, "=1+1\t3")
    page.wait_for_selector("text=holds a formula")
    page.faults.clear()  # the refusal itself, as the browser's console has it
    page.goto(f"{page.at}/force")
    page.click("text=Undo")
    page.wait_for_selector("text=Nothing is changed.")


def test_a_pledge_is_changed_by_keys_alone_and_compared_with_the_case(page):
    page.goto(f"{page.at}/force")
    page.focus("form[data-pledge=fin_monitors] [name='cells:strength']")
    for key in ("Control+a", "2", "6", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector("#history >> text=fin_monitors")
    assert page.input_value("form[data-pledge=fin_monitors] [name='cells:strength']") == "26"
    page.goto(f"{page.at}/compare")
    page.wait_for_selector("#why", timeout=120_000)
    until(page, "!document.querySelector('[data-more]')", 120)
    assert "pledges.fin_monitors.strength" in page.inner_text("#changed")
    assert "of ten runs" in page.inner_text("#results")


def test_the_combinations_of_terms_come_by_themselves(page):
    page.goto(f"{page.at}/terms")
    page.wait_for_selector("#concession", timeout=120_000)
    until(page, "!document.querySelector('[data-more]')", 120)
    assert page.inner_text("#concession p").startswith(("The cheapest concession", "Not clear", "No single step"))
    assert page.locator("#combinations tbody tr").count() == 7
    assert page.locator("#combinations .chip").count() == 4, "as many are made up"
