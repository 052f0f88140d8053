"""What is made of a run once is kept with it, gives the same bytes, and is made again where it cannot be relied on."""

import subprocess
import sys

import pytest

from contingent.brief import Brief
from contingent.brief.document import told
from contingent.cli import load, run
from contingent.study import store as stored


@pytest.fixture
def folder(result, store, brief, monkeypatch):
    """The folder of the run, nothing kept; composing gives the brief at hand and is counted."""
    place = store.path(result.question.id)
    for file in [*place.glob("kept/*"), *place.glob("brief*.*")]:
        file.unlink()
    calls = []
    monkeypatch.setattr(
        "contingent.brief.composition.compose", lambda *_, language, **__: calls.append(language) or brief
    )
    monkeypatch.setattr("contingent.brief.compose", lambda *_, language, **__: calls.append(language) or brief)
    return place, calls


@pytest.fixture
def ask(folder, store, asked_once):
    place, _ = folder
    return lambda *words: run(["brief", place.name, "--out", str(store.folder), "-q", *words])


def test_a_brief_is_composed_once_and_read_back_to_the_byte(folder, ask, brief, store):
    place, calls = folder
    assert ask("--to", "html,md,txt") == 0
    written = store.folder / "brief.html"
    assert written.read_bytes() == brief.render("html")
    assert ask("--to", "html,md,txt") == ask("--to", "html") == 0
    assert calls == ["en"]
    assert written.read_bytes() == brief.render("html")
    assert (store.folder / "brief.txt").read_bytes() == brief.render("txt")
    kept = place / "kept" / "brief.en.en.json"
    kept.write_text(kept.read_text("utf-8").replace("likely", "certain", 1), "utf-8")
    assert ask("--to", "html") == 0
    assert calls == ["en", "en"], "what was changed is not read"
    assert written.read_bytes() == brief.render("html")
    for damaged in ("", "{", kept.read_text("utf-8")[:900]):
        kept.write_text(damaged, "utf-8")
        assert ask("--to", "html") == 0
    assert len(calls) == 5


def test_what_another_build_or_a_run_of_another_manifest_made_is_made_again(folder, ask, monkeypatch):
    _, calls = folder
    assert ask("--to", "md") == ask("--to", "md") == 0
    monkeypatch.setattr(stored, "build", lambda: "another")
    assert ask("--to", "md") == 0
    assert calls == ["en", "en"]


def test_a_reader_of_a_kept_brief_waits_for_no_engine(folder, ask, store):
    place, _ = folder
    assert ask("--to", "md") == 0
    heavy = ("xarray", "numba", "pandas", "scipy", "sklearn")
    code = (
        "import sys; from contingent.cli import run\n"
        f"assert run(['brief', {place.name!r}, '--out', {str(store.folder)!r}, '--to', 'terminal,html']) == 0\n"
        f"print(*[m for m in {heavy} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout
    assert done.stderr.splitlines()[-1] == ""


def test_nothing_that_was_edited_or_is_of_another_run_is_lost(folder, ask, store, capsys):
    words = ("--to", "md", "--lang")
    assert run(["brief", folder[0].name, "--out", str(store.folder), *words, "ur"]) == 0
    assert run(["brief", folder[0].name, "--out", str(store.folder), *words, "en"]) == 0
    assert "kept as" not in capsys.readouterr().err
    ours = store.folder / "brief.md"
    assert (store.folder / "brief.ur.md").exists()
    ours.write_text("with a note by the minister", "utf-8")
    assert run(["brief", folder[0].name, "--out", str(store.folder), *words, "en"]) == 0
    assert "was edited, or written from another run; it is kept as" in capsys.readouterr().err
    assert (store.folder / "brief.1.md").read_text("utf-8") == "with a note by the minister"
    assert "\n# Should " in ours.read_text("utf-8")
    (store.folder / "brief.1.md").unlink()


def test_plain_values_hold_a_whole_brief(brief):
    from contingent.brief.document import kinds

    names = {kind.__name__: kind for kind in kinds()}
    again = load.unpacked(load.packed(told(brief)), names)
    assert Brief(**again, parcel=brief.parcel).render("md") == brief.render("md")
    with pytest.raises(ValueError, match="cannot be read back"):
        load.unpacked({"": "Path", "x": 1}, names)
