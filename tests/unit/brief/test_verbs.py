"""`open`, `trace`, `compare` and `brief` as they are typed."""

import json
from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import pytest

from contingent.cli import run
from contingent.cli.compare import told as lines
from contingent.study.comparison import apart

pytestmark = pytest.mark.usefixtures("asked_once")


def typed(*words, code=0):
    with redirect_stdout(StringIO()) as out:
        assert run([str(word) for word in words]) == code
    return out.getvalue()


@pytest.fixture(scope="module")
def page(html, store):
    file = store.folder / "kept.html"
    file.write_text(html, "utf-8")
    return file


def test_open_gives_the_run_back(page, store, result):
    told = typed("open", page, "--out", store.folder)
    assert f"run {result.question.id}: " in told
    assert "every number" in told


def test_open_refuses_a_changed_page(page, store, capsys):
    changed = page.with_name("changed.html")
    changed.write_text(page.read_text("utf-8").replace("</h1>", "!</h1>", 1), "utf-8")
    typed("open", changed, "--out", store.folder, code=1)
    assert "changed after it was written" in capsys.readouterr().err


def test_open_refuses_a_page_that_was_stamped_again(page, store):
    from contingent.brief.embedded_run import BLANK, STAMP, digest

    blank = STAMP.sub(lambda found: found[0].replace(found[1], BLANK), page.read_text("utf-8"))
    changed = page.with_name("stamped.html")
    for old, new, place in (("</h1>", " 94 %</h1>", ""), ("</style>", "h1{display:none}</style>", "markup")):
        text = blank.replace(old, new, 1)
        changed.write_text(text.replace(BLANK, digest(text), 1), "utf-8")
        told = json.loads(typed("open", changed, "--out", store.folder, "--json", code=1))
        assert told["same_numbers"] is True
        assert told["proves_origin"] is False
        assert len(told["places"]) == 1
        assert place in told["places"][0]["place"]


def test_trace_as_typed(store, result):
    told = json.loads(
        typed("trace", result.question.id, "force.shortfall", "--phase", "entry", "--sector", "rafah", "--out",
              store.folder, "--json")
    )  # fmt: skip
    assert told["name"] == "force.shortfall"
    assert told["where"]["sector"] == "rafah"
    assert told["inputs"]
    listed = json.loads(typed("trace", result.question.id, "--out", store.folder, "--json"))
    assert "consultation.passes" in listed


def test_compare_options_as_typed(store):
    told = json.loads(typed("compare", "decline", "support_only", "--out", store.folder, "--json"))
    assert told["paired"] is True
    passes = next(d for d in told["differences"] if d["measure"] == "consultation.passes")
    assert passes["mean"] == pytest.approx(passes["second"] - passes["first"])
    typed("compare", "decline", "support_only", "--out", store.folder, "--exit-code", code=1)
    typed("compare", "decline", "nothing_such", "--out", store.folder, code=2)


def test_compare_prints_what_is_surely_apart_and_a_share_only_of_paired_runs():
    ones = np.array([0.0, 0.0, 1.0, 1.0])
    for paired in (True, False):
        found = [apart("a", "x", "1", ones, ones + 0.5, paired=paired), apart("a", "y", "1", ones, ones, paired=paired)]
        told = "\n".join(lines(("one", "two"), found, (), (), paired=paired))
        assert ("higher in" in told) == ("100%" in told) == paired
        assert "+0.5" in told
        assert ("the same to the last bit: y" in told) == paired
        assert ("hardly apart, or no more than chance would make it: y" in told) != paired


def test_compare_a_run_with_itself(store, result):
    told = json.loads(typed("compare", result.question.id, result.question.id, "--out", store.folder, "--json"))
    assert told["changes"] == told["attribution"] == []
    assert all(d["mean"] == 0 for d in told["differences"])


def test_brief_says_the_same_numbers_in_json(store, result, brief):
    told = json.loads(typed("brief", result.question.id, "--out", store.folder, "--json", "--to", "terminal"))
    assert told["run"] == result.question.id
    texts = {n["text"] for n in told["numbers"]}
    assert {n.text for n in brief.numbers() if n.trace.kind != "parameter"} <= texts


def test_brief_annexes_on_a_terminal(store, result):
    short = typed("brief", result.question.id, "--out", store.folder, "--to", "terminal")
    long = typed("brief", result.question.id, "--out", store.folder, "--to", "terminal", "--annexes")
    assert "Annex A9. Assumptions" in long
    assert len(long) > 2 * len(short)
