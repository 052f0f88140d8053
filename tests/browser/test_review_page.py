"""The review page in a real browser: its keys and its form decide, and what it saves goes into the ledger."""

import json
import re
import subprocess

import pytest
import test_brief_page as browser
from reader import reading

from contingent.cli import run
from contingent.evidence.ledger import Ledger, claims_now

pytestmark = browser.pytestmark
ARTICLE = """Minister says troops may go

28 October 2025

Defence Minister Khan told Radio One on Monday that the government will send engineers to the force if the Security
Council adopts a resolution. "We will not disarm anyone," he said.

An official, speaking on condition of anonymity, said parliament would be consulted before any deployment.

The foreign ministry spokesperson said the proposal is under discussion. Opposition leader Rana said her party rejects
sending troops without a mandate.
"""
PROBE = """
<script>
addEventListener("load", async () => {
  const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  const task = () => new Promise((next) => {  // no timer: a browser run on virtual time skips those
    const channel = new MessageChannel(); channel.port1.onmessage = next; channel.port2.postMessage(0);
  });
  const closed = async (how) => {
    let done = false;
    editor.addEventListener("close", () => { done = true; }, {once: true});
    how();
    for (let i = 0; i < 1e5 && !done; i++) await task();
  };
  const report = {focused: [], marked: document.querySelectorAll("mark.here").length};
  const editor = document.getElementById("editor"), form = editor.querySelector("form");
  const saved = [];
  URL.createObjectURL = (blob) => { saved.push(blob); return "#"; };
  document.getElementById("by").value = "A. Reader";
  report.focused.push(document.activeElement.dataset.id);
  press("a"); report.focused.push(document.activeElement.dataset.id);
  press("e"); report.opened = editor.open;
  form.elements.reason.value = "hedged more weakly"; form.elements.modality.value = "intention";
  form.elements.polarity.value = "-1";
  await closed(() => form.querySelector("button[value=ok]").click());
  press("e"); await closed(() => editor.close());  // as Esc does
  press("j"); press("r"); press("k"); press("u"); press("j");
  report.count = document.getElementById("count").textContent;
  report.verdicts = [...document.querySelectorAll("li[data-id]")].map((item) => item.dataset.verdict);
  document.getElementById("by").focus(); press("s"); report.typed = saved.length;
  document.getElementById("save").click();
  report.decisions = JSON.parse(await saved[0].text());
  if (window.axe) {
    const found = await axe.run(document, {runOnly: {type: "tag", values: RULES}});
    report.violations = found.violations.map((v) => [v.id, v.nodes[0].html, v.nodes[0].failureSummary]);
  }
  const out = document.createElement("pre");
  out.id = "report"; out.textContent = JSON.stringify(report);
  document.body.append(out);
});
</script>
""".replace("RULES", json.dumps(browser.RULES))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("review")
    (place / "article.txt").write_text(ARTICLE, "utf-8")
    assert run(["evidence", str(place / "article.txt"), "--review", "--out", str(place / "evidence"), "-q"]) == 0
    return place


@pytest.fixture(scope="module")
def page(folder):
    return next((folder / "evidence").rglob("review.html")).read_text("utf-8")


def test_decisions_made_with_keys_and_form_reach_the_ledger(folder, page, tmp_path):
    ids = re.findall(r'data-id="([^"]+)"', page)
    assert len(ids) >= 3
    axe = f"<script>{browser.AXE.read_text('utf-8')}</script>" if browser.AXE.exists() else ""
    opened = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    told = json.loads(browser.dump(opened.replace("</body>", axe + PROBE + "</body>"), tmp_path, 1000)["report"])
    assert told["focused"] == ids[:2]
    assert told["marked"] >= 1
    assert told["opened"] is True
    assert told["typed"] == 0, "a key typed into the name is no command"
    assert told["count"] == "2 decided", "leaving the form changes nothing; undo takes a decision back"
    assert told["verdicts"][:3] == ["accept", "edit", ""]
    first, second = told["decisions"]["decisions"]
    assert (first["claim"], first["verdict"], first["by"]) == (ids[0], "accept", "A. Reader")
    assert second["changes"] == {"modality": "intention", "polarity": -1}
    assert second["reason"] == "hedged more weakly"
    assert told.get("violations", []) == []
    file = tmp_path / "decisions.json"
    file.write_text(json.dumps(told["decisions"]), "utf-8")
    words = ["evidence", str(folder / "article.txt"), "--decisions", str(file), "--out", str(folder / "evidence"), "-q"]
    assert run(words) == 0
    now = claims_now(Ledger.open(folder / "evidence" / "ledger.jsonl"))
    assert now[ids[0]].verdict == "accept"
    assert (now[ids[1]].modality, now[ids[1]].polarity) == ("intention", -1)


def test_the_review_page_runs_under_its_own_policy(page, tmp_path):
    file = tmp_path / "review.html"
    file.write_text(page, "utf-8")
    done = subprocess.run(
        [browser.CHROMIUM, *browser.LOUD, f"--user-data-dir={tmp_path}/profile", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    assert "Content Security Policy" not in done.stderr
    assert 'class="here"' in done.stdout, "its script ran and shows the first claim in the text"


@pytest.mark.parametrize(("width", "height"), [(1200, 420), (700, 420)])
def test_the_header_of_the_review_page_covers_nothing_that_is_read(page, tmp_path, width, height):
    file = tmp_path / "review.html"
    file.write_text(page, "utf-8")
    with reading(browser.CHROMIUM, browser.FLAGS, file, tmp_path, width=width, height=height) as reader:
        assert reader.see("getComputedStyle(document.documentElement).backgroundColor") != "rgba(0, 0, 0, 0)"
        last = reader.see("document.querySelectorAll('li[data-id]').length") - 1
        for key in ["j"] * last + ["k"] * last:
            reader.ask("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
            covered = "getComputedStyle(h).position == 'sticky' ? h.getBoundingClientRect().bottom : 0"
            assert reader.see(f"(h => document.activeElement.getBoundingClientRect().top >= ({covered}) - 1)"
                              "(document.querySelector('header'))"), key  # fmt: skip
