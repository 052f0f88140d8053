"""What a change does: paired, with everything that it cannot move left to the last bit."""

import json
import math
import re

import numpy as np
import pytest

from contingent.cli import run
from contingent.ensemble.execute import Processes
from contingent.errors import InputError, ScenarioError
from contingent.scenario.read import read
from contingent.study import coupling
from contingent.study.preview import Preview
from contingent.study.store import Store
from contingent.study.study import Study, run_or_load
from contingent.study.what_if import asked, designs, sweep, values_of, what_if

RUNS = 40
ARMY = "stakeholders.army_leadership.stakes.participation.position"
GROUND = {"deployment", "weekly", "sectors", "contributors"}


@pytest.fixture(scope="module")
def gaza():
    return Study(read("isf_gaza")).run(RUNS)


@pytest.fixture(scope="module")
def lebanon():
    return Study(read("unifil_2006")).run(RUNS)


def kinds(scenario):
    """One path of every kind of number in a scenario, by the kind: names of its own replaced by a star."""
    found = {}
    for path, estimate in scenario.estimates():
        steps = path.split(".")
        kind = ".".join(step if i % 2 == 0 or i == len(steps) - 1 else "*" for i, step in enumerate(steps))
        found.setdefault(kind, (path, estimate))
    return found


KINDS = kinds(read("unifil_2006"))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "pledges" not in kind and "requirements" not in kind][::2])
def test_what_is_taken_over_is_what_a_study_from_nothing_finds(lebanon, kind):
    path, now = KINDS[kind]
    middle = now.low + 0.6 * (now.high - now.low) if now.high > now.low else now.best * 0.9 + 0.01
    try:
        found = what_if(lebanon, {path: middle})
    except ScenarioError:
        pytest.skip("not allowed")
    fresh = Study(found.after.scenario).run(RUNS)
    for name, table in fresh.tables.items():
        assert table.identical(found.after.tables[name]), name
    assert np.array_equal(fresh.appraisal.score, found.after.appraisal.score)


def test_a_step_whose_inputs_are_as_they_were_is_not_done_again(gaza, monkeypatch):
    monkeypatch.setattr(coupling, "ground_tables", None)  # to call it is an error
    for changes in ({"criteria.cost.worst": 100}, {"options.support_only.judgements.legal_standing": 90}):
        found = what_if(gaza, changes)
        assert not {"the force", "the ground", "the plan of the force"} & set(found.through)


def test_a_refusal_of_the_army_stops_every_option_and_leaves_the_plan_alone(gaza):
    found = what_if(gaza, asked(gaza.scenario, [f"{ARMY}=3"]))
    passes = values_of(found.effects)["difference"]["consultation.passes"]
    for option in gaza.options:
        assert passes[option]["low"] <= passes[option]["value"] <= passes[option]["high"]
        assert (passes[option]["high"] < 0) == (option != gaza.scenario.baseline)
    assert found.through[0] == "the decision"
    assert {"force.assigned", "force.shortfall", "performance.legal_standing"} <= set(found.unchanged)
    assert "consultation.passes" not in found.unchanged
    before, after = values_of(found.effects)["before"], values_of(found.effects)["after"]
    assert after["outlook.reached"]["support_only, decided"] < before["outlook.reached"]["support_only, decided"]


def test_the_difference_is_that_of_paired_runs(gaza):
    found = what_if(gaza, asked(gaza.scenario, ["theatre.parameters.attack_risk=2"]))
    at = {"criterion": "own_risk", "option": "agreement_only_full"}
    one, two = (result.performance.sel(at) for result in (found.before, found.after))
    difference = (two - one).to_numpy()
    effect = next(e for e in found.effects if e.measure == "performance.own_risk" and e.option == at["option"])
    assert effect.mean == pytest.approx(difference.mean())
    low, high = effect.interval
    assert high - low == pytest.approx(2 * 1.6449 * difference.std(ddof=1) / math.sqrt(RUNS), rel=1e-3)
    assert (effect.low, effect.high) == pytest.approx(tuple(np.quantile(difference, [0.05, 0.95])))


def test_no_change_changes_nothing(gaza):
    found = what_if(gaza, {"process.deadline": gaza.scenario.process.deadline})
    assert all(each.same == 1 and each.mean == each.error == 0 for each in found.effects)
    assert found.through == ()
    assert set(found.unchanged) == {each.measure for each in found.effects}


def test_a_star_is_any_step_and_passes_over_what_has_no_such_step(gaza):
    every = asked(gaza.scenario, ["stakeholders.*.stakes.participation.position=3"])
    assert set(every.values()) == {3}
    assert len(every) == sum("participation" in holder.stakes for holder in gaza.scenario.stakeholders.values())
    assert len(asked(gaza.scenario, ["pledges.*.strength=x0.5"])) == len(gaza.scenario.pledges)
    found = what_if(gaza, every)
    passes = values_of(found.effects)["after"]["consultation.passes"]
    assert all(value < 0.01 for option, value in passes.items() if option != gaza.scenario.baseline)


def test_a_number_is_multiplied_with_its_interval_within_what_its_unit_allows(gaza):
    now = gaza.scenario.value(ARMY)
    (twice,) = asked(gaza.scenario, [f"{ARMY}=x2"]).values()
    assert twice["low"] == 2 * now.low
    assert twice["best"] == twice["high"] == 100


def test_none_takes_an_entry_away_and_a_whole_record_adds_one(gaza):
    found = what_if(gaza, asked(gaza.scenario, ["process.gates.parliament=none"]))
    assert "parliament" not in found.after.scenario.process.gates
    court = "{label: High Court, kind: chance, probability: 0.2, duration: 30}"
    found = what_if(gaza, asked(gaza.scenario, [f"process.gates.court={court}"]))
    passes = values_of(found.effects)["difference"]["consultation.passes"]
    assert all(passes[option]["value"] < 0 for option in gaza.options if option != gaza.scenario.baseline)
    assert gaza.scenario.with_(asked(gaza.scenario, ["process.pool=none"])).process.pool is None
    assert gaza.scenario.with_(asked(gaza.scenario, ["mandate.legal_basis=none"])).mandate.legal_basis == "none"
    phase, lift = next(iter(gaza.scenario.lift.items()))
    assert asked(gaza.scenario, [f"lift.{phase}=x0.5"]) == {f"lift.{phase}": lift / 2}
    fired = what_if(gaza, asked(gaza.scenario, ["theatre.parameters.collapse_rate=0.2"]))
    assert values_of(fired.effects)["difference"]["mission.ceasefire_falls"]["decline"]["value"] > 0


def test_an_option_may_go_or_come(lebanon):
    gone = what_if(lebanon, asked(lebanon.scenario, ["options.infantry=none"]))
    assert "infantry" not in gone.after.options
    assert {each.option for each in gone.effects if each.measure == "consultation.passes"} == set(gone.after.options)
    late = "{label: Later, summary: Support only., terms: {participation: 25, rules: 50}, judgements: "
    judged = {name for name, each in lebanon.scenario.criteria.items() if each.measure == "judged"}
    late += "{" + ", ".join(f"{name}: 50" for name in judged) + "}}"
    come = what_if(lebanon, asked(lebanon.scenario, [f"options.later={late}"]))
    assert come.after.options[-1] == "later"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("process.deadline", "write PATH=VALUE"),
        ("=3", "write PATH=VALUE"),
        ("process.gates.*.durations=3", "stands for nothing"),
        ("mandate.label=x3", "multiplies a number, and none stands there"),
        ("process.gates.court={label: x", "no YAML"),
        ("process.deadline=3 & process.deadline=4", "is changed twice"),
    ],
)
def test_what_is_no_change_is_said(gaza, text, says):
    with pytest.raises(InputError, match=re.escape(says)):
        asked(gaza.scenario, text.split(" & "))


def test_all_that_is_wrong_with_changes_is_said_at_once(gaza):
    with pytest.raises(ScenarioError) as error:
        what_if(
            gaza, {"stakeholders.army_leadershp.capability": 3, "process.deadline": "soon", "options.decline": "none"}
        )
    told = {complaint.path for complaint in error.value.complaints}
    assert told == {"stakeholders.army_leadershp.capability", "process.deadline"}
    with pytest.raises(ScenarioError, match="baseline"):
        what_if(gaza, {"options.decline": "none"})


def test_designs_are_rows_of_a_table_or_every_combination(gaza, tmp_path):
    grid = tmp_path / "grid.yaml"
    grid.write_text(f"process.deadline: [60, 90]\n{ARMY}: [8, 50, 90]\n")
    assert len(designs(gaza.scenario, grid)) == 6
    rows = tmp_path / "rows.csv"
    rows.write_text(f"design,process.deadline,{ARMY}\nsoon,30,\nwilling,,95\n")
    assert designs(gaza.scenario, rows) == {"soon": {"process.deadline": 30}, "willing": {ARMY: 95}}
    for text, says in (
        ("- 3\n", "has no designs"),
        ("", "has no designs"),
        ("process.deadlin: [3]\n", "leads nowhere"),
    ):
        grid.write_text(text)
        with pytest.raises((InputError, ScenarioError), match=says):
            [what_if(gaza, changes) for changes in designs(gaza.scenario, grid).values()]
    with pytest.raises(InputError, match="cannot be read"):
        designs(gaza.scenario, tmp_path / "none.yaml")
    crossed = designs(gaza.scenario, rows, [f"{ARMY}=8,50", "process.noise=x2"])
    assert [each["process.deadline"] for each in crossed.values() if "process.deadline" in each] == [30, 30]
    assert [each[ARMY] for each in crossed.values()] == [8, 50, 8, 50]
    assert designs(gaza.scenario, None, ["process.deadline=60, 90"]).keys() == {
        "process.deadline=60", "process.deadline=90"
    }  # fmt: skip
    many = [f"process.gates.g{n}.x=1,2,3,4,5,6,7,8,9,10" for n in range(20)]
    with pytest.raises(InputError, match="combinations; at most 10,000 at once"):  # and not tried until memory ends
        designs(gaza.scenario, None, many)
    with pytest.raises(InputError, match="--set a"):
        designs(gaza.scenario, None, ["a=]"])


def test_a_sweep_is_the_same_for_any_executor_and_beside_its_own_seed():
    study = Study(read("amm_aceh"), seed=3)
    before, asked = study.run(30), {"soon": {"process.deadline": 20}, "never": {"options.decline": "none"}}
    found = sweep(before, asked, [3, 4])
    assert [(each.design, each.seed) for each in found] == [("soon", 3), ("never", 3), ("soon", 4), ("never", 4)]
    assert found == sweep(before, asked, [3, 4], executor=Processes(2))
    assert all("baseline" in each.error and not each.run for each in found if each.design == "never")
    other = what_if(Study(study.scenario, seed=4).run(30), asked["soon"])
    assert (found[2].run, found[2].effects) == (other.after.question.id, other.effects)
    assert found[0].run != found[2].run


def test_a_sweep_that_was_stopped_goes_on_where_it_was(tmp_path, monkeypatch):
    before = run_or_load(Study(read("amm_aceh"), seed=3), 30, store := Store(tmp_path))
    folder, done = (
        store.path(before.question.id),
        {"soon": {"process.deadline": 20}, "never": {"options.decline": "none"}},
    )
    first = sweep(before, done, folder=folder)
    tried = []
    monkeypatch.setattr("contingent.study.what_if.what_if", lambda *asked: tried.append(asked) or what_if(*asked))
    assert sweep(before, done | {"later": {"process.deadline": 40}}, folder=folder)[:2] == first == sweep(before, done)
    assert [changes for _, changes in tried] == [{"process.deadline": 40}, *done.values()]


def test_the_verbs_answer_in_json(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    assert run(["what-if", "unifil_2006", "process.deadline=30", "--runs", "40", "--option", "infantry", "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert set(found["before"]["consultation.passes"]) == {"infantry"}
    assert found["difference"]["consultation.passes"]["infantry"]["value"] < 0
    assert "mission.civilian_deaths" in found["unchanged"]
    assert found["through"] == ["the decision"]
    (tmp_path / "d.yaml").write_text("process.deadline: [30, 90]\n")
    assert run(["sweep", "unifil_2006", "--over", "d.yaml", "--to", "o.csv", "--runs", "40", "--json"]) == 0
    assert len(json.loads(capfd.readouterr().out)["designs"]) == 2
    assert (tmp_path / "o.csv").read_text().startswith("design,seed,run,result,option,unit,value,difference,low,high\n")
    deadlines = ["--set", "process.deadline=30,90", "--set", "options.decline=none"]
    assert run(["sweep", "unifil_2006", *deadlines, "--runs", "40"]) == 2
    assert "baseline" in capfd.readouterr().err
    assert run(["sweep", "unifil_2006"]) == 2
    assert "--set PATH=VALUE,VALUE" in capfd.readouterr().err
    assert run(["what-if", "unifil_2006", "--runs", "40"]) == 2
    assert "PATH=VALUE" in capfd.readouterr().err


NO_PLAN = ("pledges", "requirements", "composition", "mandate", "contributors")


def moved(now, factor):
    """An estimate multiplied, within its unit."""
    ends = np.clip(factor * np.array([now.best, now.low, now.high]), now.unit.at_least, now.unit.at_most)
    return dict(zip(("best", "low", "high"), ends.tolist(), strict=True))


@pytest.mark.parametrize(
    "case", [pytest.param("isf_gaza", marks=pytest.mark.slow), "unifil_2006", "amm_aceh", "mss_haiti"]
)
def test_a_preview_tells_what_the_whole_tells_to_the_last_bit(case, request):
    made_already = {"isf_gaza": "gaza", "unifil_2006": "lebanon"}
    base = request.getfixturevalue(made_already[case]) if case in made_already else Study(read(case)).run(RUNS)
    preview, rng = Preview(base), np.random.default_rng(5)
    numbers = {path: each for path, each in base.scenario.estimates() if not path.startswith(NO_PLAN)}
    by_part = {part: [path for path in numbers if path.startswith(part)] for part in
               ("stakeholders", "process", "theatre", "criteria", "options")}  # fmt: skip
    shown, exact, made = base.options[-1:], set(), {}
    for part, path in ((part, str(rng.choice(paths))) for part, paths in by_part.items() for _ in range(2)):
        made = {each: value for each, value in made.items() if each.startswith(part)}
        changes = {**made, path: moved(numbers[path], rng.uniform(0.7, 1.3))}  # the second beside the first
        try:
            whole = {(each.measure, each.option): each for each in what_if(base, changes).effects}
        except InputError as error:
            with pytest.raises(type(error), match=re.escape(str(error).partition("\n")[0][-40:])):
                preview.change(changes, shown)
            continue
        found, made = preview.change(changes, shown), changes
        assert {each.measure for each in found.effects} == {
            name for name, _ in whole if "left out" not in found.why(name)
        }
        assert {each.option for each in found.effects} >= {*shown, base.scenario.baseline}
        told = [each for each in found.effects if not found.why(each.measure)]
        assert {each.measure.partition(".")[0] for each in told} >= {"outlook", "force", "mission", "performance"}
        assert told == [whole[each.measure, each.option] for each in told], path
        exact |= {each.measure for each in told if each.same < 1}
    assert {"outlook.reached", "appraisal.first", "appraisal.score"} <= exact


def test_a_preview_says_what_it_puts_off_and_settles_it_when_asked(lebanon, monkeypatch):
    preview = Preview(lebanon)
    shown = ("infantry", lebanon.scenario.baseline)
    pledge = {"pledges.ita_infantry.strength": "1500 (1000 to 1600)"}
    found = preview.change(pledge, shown, ["force"])
    assert "plan" in found.why("force.coverage")
    whole = preview.change(pledge, shown, ["force"], settled=True)
    assert whole.put_off == {}
    assert {each.measure for each in whole.effects} == {each.measure for each in found.effects}
    again = preview.change(pledge, shown, ["force"])  # the plan is known by now
    assert (again.put_off, again.effects) == ({}, whole.effects)
    ground = preview.change({"theatre.sectors.sector_west.population": 1000}, shown)
    assert "not shown" in ground.why("appraisal.score")
    assert not any(each.measure.startswith("appraisal.") for each in ground.effects)
    assert ground.why("mission.need") == ""
    assert "the ground" in ground.through
    refused = preview.change({"stakeholders.government.stakes.participation.position": 3}, shown, ["ladder"])
    assert {each.measure for each in refused.effects} == {"outlook.reached"}
    assert refused.through[0] == "the decision"
    monkeypatch.setattr(coupling, "simulate", None)  # to call it is an error
    weighed = preview.change({"options.support_only.judgements.standing": 90}, shown)
    assert not {"the decision", "the force", "the ground"} & set(weighed.through)
    with pytest.raises(InputError, match="there is no want `grounds`"):
        preview.change(pledge, shown, ["grounds"])
