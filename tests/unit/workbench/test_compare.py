"""Two states, runs or options beside each other, and the terms on which it would pass: what the screens tell is what
the engines find, and an interval that holds nought is not clear.
"""

import numpy as np
import pytest

from contingent.scenario.read import read
from contingent.study.comparison import runs_apart
from contingent.study.study import Study, run_or_load
from contingent.workbench import previews
from contingent.workbench.screens.terms import Terms, concession, mean

PATH = "stakeholders.government.stakes.participation.position"
RUNS = 60


@pytest.fixture
def line(bench, at_once, small_case, monkeypatch):
    monkeypatch.setattr(previews, "RUNS", RUNS)
    return bench.desk.drafts.create(str(small_case), "amna")


def test_a_state_and_another_differ_in_what_was_changed_and_why(bench, line):
    same = bench.json(f"/d/{line}/compare.json?wait=1")
    assert (same["changes"], same["rows"], same["why"]) == ([], [], [])
    assert len(same["alike"]) > 10
    bench.desk.drafts.change(line, {PATH: 20}, "amna", "said so")
    other = bench.desk.drafts.branch(line, "bilal", "another")
    bench.desk.drafts.change(other, {PATH: 90}, "bilal", "no")
    found = bench.json(f"/d/{line}/compare.json?wait=1&why=1")
    assert [each["path"] for each in found["changes"]] == [PATH]
    scenario = bench.desk.drafts.sight(line).scenario
    before, after = (
        Study(each, seed=previews.SEED).run(RUNS) for each in (bench.desk.drafts.sight(line).base, scenario)
    )
    known = {(d.measure, d.option): d for d in runs_apart(before, after)}
    passes = next(row for row in found["rows"] if row["measure"] == "consultation.passes")
    d = known["consultation.passes", "observers"]
    assert (passes["mean"], passes["interval"]) == (pytest.approx(d.mean), pytest.approx(list(d.interval)))
    assert passes["ten"] == round(10 * d.better)
    (part,) = found["why"]
    assert part["group"] == "stakeholders.government"
    assert part["carried"]["observers"] < 0
    page = bench.get(f"/d/{line}/compare?wait=1&why=1&a=draft&b=draft:{other}")[2].decode()
    assert "20 (changed" not in page
    assert "another" in page
    assert "data-more" not in page, "all was waited for"
    back = bench.json(f"/d/{line}/compare.json?wait=1&a=draft&b=draft:{other}")
    assert next(r for r in back["rows"] if r["measure"] == "consultation.passes")["mean"] > 0


def test_two_options_of_one_run_and_what_there_is_not(bench, line):
    study = Study(read(bench.desk.drafts.folder(line)))
    run = run_or_load(study, 40, bench.desk.store).question.id
    found = bench.json(f"/d/{line}/compare.json?wait=1&of=run:{run}&a=decline&b=observers")
    assert found["runs"][0] == 40
    assert found["changes"] == []
    apart = bench.json(f"/d/{line}/compare.json?wait=1&a=case&b=run:{run}")
    assert apart["paired"] is False, "a preview and a run of another size have other draws"
    for asked in ("a=nobody", "of=draft&a=observers&b=nothing", "of=run:0&a=decline&b=observers"):
        status, _, body = bench.get(f"/d/{line}/compare.json?{asked}")
        assert status == 404, body
        assert b"there is no such side" in body


def test_combinations_come_one_by_one_and_the_concession_says_its_error(bench, line):
    first = bench.json(f"/d/{line}/terms.json?wait=1")
    assert (first["done"], first["of"]) == (0, 2)
    assert {row["option"] for row in first["rows"]} == {"decline", "observers"}
    assert 'data-more="' in bench.get(f"/d/{line}/terms?wait=1")[2].decode()
    found = bench.json(f"/d/{line}/terms.json?wait=all")
    assert found["done"] == 2
    rows = {row["option"]: row for row in found["rows"]}
    assert rows["decline"]["losses"] is None, "nobody goes"
    made = rows["observers_without_irl_mines"]
    assert made["made"]
    assert made["people"] < rows["observers"]["people"]
    assert set(made["tasks"]) < set(rows["observers"]["tasks"])
    for row in found["rows"]:
        assert row["accepted"]["mean"] <= row["decided"]["mean"] + 1e-12
        assert row["decided"]["low"] <= row["decided"]["mean"] <= row["decided"]["high"]
    assert {step["option"] for step in found["steps"]} == rows.keys() - {"decline", "observers"}
    assert found["says"].startswith(("The cheapest concession", "Not clear", "No single step"))
    lost = (set(rows["observers"]["tasks"]) - set(made["tasks"])).pop()
    chosen = bench.json(f"/d/{line}/terms.json?wait=1&task={lost}")["rows"]
    assert made["option"] not in {row["option"] for row in chosen}
    assert chosen


def of_terms(chances, worths):
    """What would be known of options with these chances and worths; `far` differs from the others on two issues."""
    rng, known = np.random.default_rng(1), Terms(None, {}, 0)
    shared = rng.normal(0, 0.1, 400)
    for name, chance in chances.items():
        known.rows[name] = {"label": name, "terms": {"a": 1.0, "b": 1.0} if name == "far" else {"a": 0.0}}
        known.chance[name] = chance + shared + rng.normal(0, 0.01, 400)
        known.worth[name] = worths[name] + rng.normal(0, 0.001, 400)
    return known


def test_the_cheapest_step_gains_most_for_each_point_of_worth():
    chances = {"base": 0.3, "now": 0.4, "dear": 0.6, "cheap": 0.5, "same": 0.4, "far": 0.9}
    worths = {"base": 0.1, "now": 0.5, "dear": 0.2, "cheap": 0.49, "same": 0.1, "far": 0.5}
    found = concession(of_terms(chances, worths), "now", "base")
    assert found["cheapest"] == "cheap"
    assert [each["option"] for each in found["steps"] if each["clear"]] == ["cheap", "dear"]
    assert "far" not in {each["option"] for each in found["steps"]}, "two issues apart is no single step"
    assert "costs 1.0 points (" in found["says"]
    unclear = concession(of_terms({"base": 0.3, "now": 0.4, "same": 0.4}, worths), "now", "base")
    assert unclear["cheapest"] is None
    assert unclear["says"].startswith("Not clear")
    worse = concession(of_terms({"base": 0.3, "now": 0.4, "same": 0.2}, worths), "now", "base")
    assert worse["says"].startswith("No single step")
    free = concession(of_terms(chances | {"free": 0.45}, worths | {"free": 0.55}), "now", "base")
    assert free["cheapest"] == "free", "what costs nothing comes before all that does"
    assert "it adds" in free["says"]
    assert mean(np.array([])) is None
