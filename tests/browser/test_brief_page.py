"""The page in a real browser: accessible in light, dark and at 320 px, fast, silent, complete without script."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

AXE = Path(__file__).parents[2] / ".cache" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --hide-scrollbars --disable-dev-shm-usage"
).split()
LOUD = [*FLAGS, "--enable-logging=stderr"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine: apt-get install chromium")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PROBE = """
<script>
addEventListener("load", async () => {
  const found = window.axe ? await axe.run(document, {runOnly: {type: "tag", values: RULES}}) : null;
  const report = {
    requests: performance.getEntriesByType("resource").map((entry) => entry.name),
    overflow: document.documentElement.scrollWidth - innerWidth,
    width: innerWidth,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    violations: found ? found.violations.map((v) => [v.id, v.nodes[0].html, v.nodes[0].failureSummary]) : null,
    checked: found ? found.passes.length : 0,
  };
  document.title = "done";
  const out = document.createElement("pre");
  out.id = "report"; out.textContent = JSON.stringify(report);
  document.body.append(out);
});
</script>
""".replace("RULES", json.dumps(RULES))


@pytest.fixture(scope="module")
def pages(gaza_briefs):
    return {language: brief.render("html").decode() for language, brief in gaza_briefs.items()}


def browse(html: str, folder: Path, *, width=1000, dark=False) -> dict:
    """What the page reports of itself; the policy is lifted for the probe only, the page is otherwise untouched."""
    assert "Content-Security-Policy" in html
    opened = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    if dark:  # what a reader's setting would choose, chosen for this copy
        opened = opened.replace("@media (prefers-color-scheme:dark)", "@media all")
    axe = f"<script>{AXE.read_text('utf-8')}</script>" if AXE.exists() else ""
    opened = opened.replace("</body>", axe + PROBE + "</body>")
    return json.loads(dump(opened, folder, width)["report"])


def dump(html: str, folder: Path, width: int) -> dict:
    page = folder / "page.html"
    if width < 500:  # a headless window is no narrower than that; a frame is
        (folder / "inner.html").write_text(html, "utf-8")
        inner = html.replace("&", "&amp;").replace('"', "&quot;")
        html = (
            f'<!doctype html><iframe id="f" width="{width}" height="2000" srcdoc="{inner}"></iframe>'
            "<script>const poll = setInterval(() => { const d = document.getElementById('f').contentDocument;"
            "const r = d && d.getElementById('report'); if (r) { clearInterval(poll);"
            "const o = document.createElement('pre'); o.id = 'report'; o.textContent = r.textContent;"
            "document.body.append(o); } }, 50);</script>"
        )
    page.write_text(html, "utf-8")
    done = subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={folder}/profile", f"--window-size={width},2000",
         "--virtual-time-budget=60000", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=150, check=True,
    )  # fmt: skip
    found = re.findall(r'<pre id="report">(.*?)</pre>', done.stdout, re.S)
    assert found, done.stdout[-2000:] + done.stderr[-2000:]
    import html as markup

    return {"report": markup.unescape(found[-1])}


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("en", 1000, False), ("en", 1000, True), ("en", 320, False), ("ur", 320, True), ("ar", 1000, False)],
)
def test_the_page_is_accessible(pages, tmp_path, language, width, dark):
    if not AXE.exists():
        pytest.skip("axe-core is not in .cache: .ci/run fetches it with npm")
    report = browse(pages[language], tmp_path, width=width, dark=dark)
    assert report["checked"] > 20
    assert report["violations"] == []
    assert report["width"] == width
    assert report["overflow"] <= 0


def test_the_page_asks_nobody(pages, tmp_path):
    probe = pages["en"].replace("</body>", PROBE + "</body>")
    probe = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", probe)
    assert json.loads(dump(probe, tmp_path, 1000)["report"])["requests"] == []


def test_the_page_opens_in_a_few_times_what_its_bare_words_take(pages, seconds):
    took, plainly = seconds.page(pages["en"])
    assert len(took) == len(plainly) == seconds.TURNS
    assert min(took) < 8 * min(plainly)


def test_the_policy_lets_only_the_pages_own_script_run(pages, tmp_path):
    page = pages["en"].replace("</body>", "<script>document.title='broken into'</script></body>")
    file = tmp_path / "page.html"
    file.write_text(page, "utf-8")
    done = subprocess.run(
        [CHROMIUM, *LOUD, f"--user-data-dir={tmp_path}/profile", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    assert "<title>broken into" not in done.stdout
    assert "Content Security Policy" in done.stderr
    untouched = tmp_path / "own.html"
    untouched.write_text(pages["en"], "utf-8")
    quiet = subprocess.run(
        [CHROMIUM, *LOUD, f"--user-data-dir={tmp_path}/profile", "--dump-dom", untouched.as_uri()],
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    assert "Content Security Policy" not in quiet.stderr


def test_the_page_is_complete_without_script(pages):
    bare = re.sub(r"<script>.*?</script>", "", pages["en"], flags=re.S)
    assert bare.count("<svg") == pages["en"].count("<svg") >= 15
    assert bare.count("<table") == pages["en"].count("<table")
    assert 'hidden=""' not in bare.replace('class="card" hidden', "")


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_printed_brief_proper_is_two_pages(pages, tmp_path, language):
    pypdf = pytest.importorskip("pypdf", reason="reads the text of a PDF")
    file, printed = tmp_path / "page.html", tmp_path / "page.pdf"
    file.write_text(pages[language], "utf-8")
    subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path}/profile", "--no-pdf-header-footer",
         f"--print-to-pdf={printed}", file.as_uri()],
        capture_output=True, timeout=90, check=True,
    )  # fmt: skip
    sheets = pypdf.PdfReader(printed).pages
    first = {"en": "Annex A1.", "ur": "1"}[language]  # right to left, letters may come out in another order
    assert first in sheets[2].extract_text().strip()[:40]
    assert not any("Annex A1." in sheets[index].extract_text() for index in (0, 1))
    assert len(sheets) > 10
