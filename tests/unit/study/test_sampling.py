"""From which column each kind of number is drawn, and that formulas name what their engines read."""

from dataclasses import replace

import pytest

from contingent import force
from contingent.consultation.consult import deliberate
from contingent.ensemble.design import Design
from contingent.force import plan
from contingent.mission.simulate import simulate
from contingent.scenario.paths import changed
from contingent.scenario.read import read
from contingent.study.coupling import presence
from contingent.study.formulas import DECIDING, GENERATING, ON_THE_GROUND, reads
from contingent.study.sampling import Stream, streams, unsaid


@pytest.fixture(scope="module")
def wide():
    """The smaller shipped case with every number as an interval: nothing is drawn or left out for being certain."""
    scenario = read("unifil_2006")
    spread = {}
    for path, e in scenario.estimates():
        if path.startswith("requirements"):
            continue
        near = 0.1 * abs(e.best) + 1e-3
        low, high = max(e.best - near, e.unit.at_least), min(e.best + near, e.unit.at_most)
        spread[path] = replace(e, low=low, high=high)
    return changed(scenario, spread)


def test_every_kind_of_number_has_its_column(wide):
    found = streams(wide)
    own = next(p.id for p in wide.pledges if p.contributor == wide.contributor)
    other = next(p.id for p in wide.pledges if p.contributor != wide.contributor)
    option, criterion = next((n, c) for n, o in wide.options.items() for c in o.judgements)
    assert found[f"options.{option}.judgements.{criterion}"] == Stream(f"judgements.{criterion}")
    assert found[f"pledges.{own}.cost"] == Stream(f"pledges.{own}.cost")
    assert found[f"pledges.{other}.reliability"] == Stream(f"pledges.{other}.reliability")
    assert f"pledges.{own}.notice" in found
    turns_out = {f"pledges.{other}.cost", f"pledges.{other}.notice", f"pledges.{own}.strength"}
    turns_out |= {f"contributors.{wide.contributor}.ceiling", "mandate.authorized_strength"}
    assert turns_out <= found.keys()
    said = changed(wide, {"theatre.parameters": {next(iter(unsaid(wide))).rpartition(".")[2]: "1 (0.5 to 2)"}})
    (name,) = said.theatre.parameters
    assert streams(said)[f"theatre.parameters.{name}"] == Stream(f"mission.{name}")
    assert f"theatre.parameters.{name}" not in unsaid(said)
    assert f"theatre.parameters.{name}" in unsaid(wide)
    certain = changed(wide, {"process.deadline": 60})
    assert "process.deadline" in found
    assert "process.deadline" not in streams(certain)


def test_a_position_in_a_bloc_shares_its_error():
    gaza = read("isf_gaza")
    known = streams(gaza)
    for name, holder in gaza.stakeholders.items():
        for issue, stake in holder.stakes.items():
            path = f"stakeholders.{name}.stakes.{issue}.position"
            if not stake.position.certain:
                assert bool(known[path].bloc) == bool(holder.bloc)
                assert (known[path].together is None) == (not holder.bloc)


def asked(monkeypatch, run):
    names, uniform, sample = set(), Design.uniform, Design.sample
    with monkeypatch.context() as patch:
        patch.setattr(Design, "uniform", lambda self, name: names.add(name) or uniform(self, name))
        patch.setattr(Design, "sample", lambda self, name, each: names.add(name) or sample(self, name, each))
        run()
    return names


def test_formulas_name_every_part_that_their_engine_draws_and_what_is_drawn_is_said(wide, monkeypatch):
    design, option = Design(1, 4), next(n for n in wide.options if n != wide.baseline)
    scenario = wide.under(option)
    found = plan(scenario, gap=0.05)
    given = force.deploy(found, scenario, design)
    drawn = {
        DECIDING: asked(monkeypatch, lambda: deliberate(wide, design).consultation(option)),
        GENERATING: asked(monkeypatch, lambda: force.deploy(found, scenario, design)),
        ON_THE_GROUND: asked(monkeypatch, lambda: simulate(scenario, presence(given), design)),
    }
    paths = {stream.name: path for path, stream in streams(scenario).items()}
    for inputs, names in drawn.items():
        told = {paths[name] for name in names if name in paths}
        assert told, inputs
        assert not {path for path in told if not reads(inputs).match(path)}, inputs
        uncertain = {path for path, estimate in scenario.estimates() if not estimate.certain}
        assert not {name for name in names if name in uncertain} - set(paths), "drawn, and not said to be"


@pytest.mark.parametrize(
    ("path", "read"),
    [
        ("process.deadline", True), ("process", True), ("processes.deadline", False), ("options.a.terms.size", True),
        ("options.a.judgements.size", False), ("options.a.b.terms.size", False), ("a.process.deadline", False),
    ],
)  # fmt: skip
def test_what_a_formula_reads_lies_at_or_below_its_inputs(path, read):
    assert bool(reads(("process", "options.*.terms")).match(path)) is read
