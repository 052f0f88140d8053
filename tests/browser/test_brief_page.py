"""The page in a real browser: accessible in light, dark and at 320 px, fast, silent, complete without script."""

import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from reader import reading

from contingent.brief.document.blocks import Figure, words

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


@pytest.fixture(scope="module")
def files(pages, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for language, page in pages.items():
        (folder / f"{language}.html").write_text(page, "utf-8")
    return {language: folder / f"{language}.html" for language in pages}


@pytest.mark.parametrize("language", ["en", "ur", "ar"])
def test_no_two_things_on_a_page_have_one_name(pages, language):
    names = re.findall(r'\sid="?([^"\s>]+)', pages[language])
    assert sorted(names) == sorted(set(names))
    led_to = set(re.findall(r"(?:href=#|data-t=)([^ >]+)", pages[language]))
    assert led_to <= set(names)


CARD = "document.getElementById('origin')"
ANCHOR = "e => e.hash ? e.hash.slice(1) : e.closest('[data-t]').dataset.t"
CSV = """(() => {
  let address = "";
  HTMLAnchorElement.prototype.click = function () { address = this.download + " " + decodeURIComponent(this.href); };
  document.querySelector("a.csv").dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
  return address;
})()"""
MAIN = "document.querySelector('main').innerText"


def test_a_reader_points_at_a_number_and_the_annexes_stay_as_they_are(files, tmp_path):
    with reading(CHROMIUM, FLAGS, files["en"], tmp_path) as reader:
        before = reader.see(MAIN)
        for number in (".proper p a:has(data)", ".keys a:has(data)", ".annex tr[data-t] td", "main a.c"):
            reader.point(number)
            card = reader.see(f"({CARD}.hidden ? '' : {CARD}.innerText)")
            anchor = reader.see(f"({ANCHOR})(document.querySelector('{number}'))")
            assert card.startswith(reader.see(f"document.querySelector('#{anchor} dt').innerText").strip()), number
            assert reader.see(f"{CARD}.getBoundingClientRect().right <= innerWidth")
            assert reader.see(MAIN) == before
        reader.point("#origin")
        reader.see("new Promise((done) => setTimeout(done, 400))")
        assert not reader.see(f"{CARD}.hidden"), "it stays while the pointer is on it (WCAG 1.4.13)"
        reader.press("Escape")
        assert reader.see(f"{CARD}.hidden")
        reader.point(".proper p a:has(data)")
        reader.away()
        reader.see("new Promise((done) => setTimeout(done, 400))")
        assert reader.see(f"{CARD}.hidden")


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_charts_data_come_as_a_table_that_spreadsheets_read(files, gaza_briefs, tmp_path, language):
    brief = gaza_briefs[language]
    figure = next(b for part in brief.proper for b in part.blocks if isinstance(b, Figure))
    with reading(CHROMIUM, FLAGS, files[language], tmp_path) as reader:
        name, _, address = reader.see(CSV).partition(" ")
    rows = list(csv.reader(io.StringIO(address.removeprefix("data:text/csv;charset=utf-8,"))))
    assert name == f"{figure.id}.csv"
    assert rows[0] == list(figure.table.columns)
    cells = [[words(cell).replace("\u00a0", "").replace("\u2212", "-") for cell in row] for row in figure.table.rows]
    assert rows[1:] == cells


@pytest.mark.parametrize(("language", "on"), [("en", "ArrowRight"), ("ur", "ArrowLeft")])
def test_a_reader_with_a_keyboard_follows_a_number_and_comes_back(files, tmp_path, language, on):
    here = "document.activeElement"
    with reading(CHROMIUM, FLAGS, files[language], tmp_path) as reader:
        links = reader.see("document.querySelectorAll('.proper a').length")
        stops = "[...document.querySelectorAll('.proper :is(a,summary,[tabindex])')].filter((e) => e.tabIndex >= 0)"
        groups = "new Set([...document.querySelectorAll('.proper a')].map((a) => a.closest('p,li,dt,dd,tr,caption')))"
        extra = "document.querySelectorAll('.proper :is(a.csv,.scroll,summary)').length"
        assert reader.see(f"{stops}.length") <= reader.see(f"{groups}.size + {extra}") < links
        assert reader.see("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
        before = reader.see(MAIN)
        reader.press("Tab")
        reader.press("Tab")
        first = reader.see(f"{here}.getAttribute('href')")
        assert reader.see(f"!{CARD}.hidden && {here}.getAttribute('aria-describedby') == 'origin'")
        several = "[...document.querySelectorAll('.proper p')].find((p) => p.querySelectorAll('a').length > 1)"
        at = f"[...{several}.querySelectorAll('a')].indexOf({here})"
        while reader.see(at) != 0:
            reader.press("Tab")
        reader.press(on)
        assert reader.see(at) == 1
        reader.press({"ArrowRight": "ArrowLeft", "ArrowLeft": "ArrowRight"}[on])
        assert reader.see(at) == 0
        height = reader.see("scrollY")
        reader.press("Enter")
        assert reader.see(f"decodeURIComponent(location.hash) == {here}.hash || scrollY > {height}")
        back = reader.see("document.querySelector('.back').innerText")
        reader.press("Tab")
        assert reader.see(f"{here}.innerText") == back
        reader.press("Enter")
        assert reader.see(at) == 0, "the reader is back at the number"
        assert reader.see(f"(b => b.top >= 0 && b.bottom <= innerHeight)({here}.getBoundingClientRect())")
        assert first
        reader.press("Enter")  # and what a printer gets does not tell that anybody read
        reader.ask("Emulation.setEmulatedMedia", media="print")
        printed = reader.see(f"[{CARD}.checkVisibility(), document.querySelector('.back').checkVisibility()]")
        assert printed == [False, False]
        reader.see("document.querySelectorAll('.back').forEach((back) => back.remove())")
        reader.ask("Emulation.setEmulatedMedia", media="screen")
        assert reader.see(MAIN).split() == before.split()


def test_the_page_is_accessible_in_forced_colours_with_its_card_open(files, tmp_path):
    if not AXE.exists():
        pytest.skip("axe-core is not in .cache: .ci/run fetches it with npm")
    with reading(CHROMIUM, FLAGS, files["en"], tmp_path, forced_colors="active", prefers_color_scheme="dark") as reader:
        assert reader.see("matchMedia('(forced-colors: active)').matches")
        reader.point(".proper p a:has(data)")
        reader.see(AXE.read_text("utf-8") + ";0")
        found = reader.see(f"axe.run(document, {{runOnly: {{type: 'tag', values: {json.dumps(RULES)}}}}})"
                           ".then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))")  # fmt: skip
        assert found == []
        assert not reader.see(f"{CARD}.hidden")
