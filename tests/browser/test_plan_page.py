"""The page of a force plan in a real browser: as accessible, silent and printable as the brief."""

import subprocess

import pytest
import test_brief_page as browser

from contingent.cli import run

pytestmark = browser.pytestmark


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    file = tmp_path_factory.mktemp("plan") / "plan.html"
    assert run(["force", "unifil_2006", "--option", "infantry", "--why", "--html", str(file), "-q"]) == 0
    return file.read_text("utf-8")


@pytest.mark.parametrize(("width", "dark"), [(1000, False), (320, True)])
def test_the_page_is_accessible_and_asks_nobody(page, tmp_path, width, dark):
    report = browser.browse(page, tmp_path, width=width, dark=dark)
    assert report["requests"] == []
    assert report["width"] == width
    assert report["overflow"] <= 0
    if browser.AXE.exists():
        assert report["checked"] > 20
        assert report["violations"] == []


def test_the_answer_prints_on_one_sheet_under_its_own_policy(page, tmp_path):
    pypdf = pytest.importorskip("pypdf", reason="reads the text of a PDF")
    file, printed = tmp_path / "plan.html", tmp_path / "plan.pdf"
    file.write_text(page, "utf-8")
    done = subprocess.run(
        [browser.CHROMIUM, *browser.LOUD, f"--user-data-dir={tmp_path}/profile", "--no-pdf-header-footer",
         f"--print-to-pdf={printed}", file.as_uri()],
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    assert "Content Security Policy" not in done.stderr
    sheets = [sheet.extract_text() for sheet in pypdf.PdfReader(printed).pages]
    assert "Who pays?" in sheets[0]
    assert sheets[1].startswith("What is missing, task by task")
