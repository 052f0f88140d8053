"""Every number that is said to be drawn is drawn under the name said, and no other is."""

import re

import numpy as np
import pytest

from contingent.cli.brief import as_text
from contingent.consultation.stakes import draw_stakes
from contingent.ensemble.design import Design
from contingent.ensemble.summary import centred_ranks
from contingent.scenario.check_options import fixed
from contingent.scenario.paths import changed, value_at
from contingent.scenario.read import read
from contingent.study.sampling import streams, unsaid
from contingent.study.study import Study
from contingent.study.trace import as_record, ranks_drawn, trace

NOBODY = {"isf_gaza": {"TUR", "MYS"}, "unifil_2006": set()}  # contributors of whom nobody comes under any option
IDLE = ("home_support", "casualty_sensitivity")  # of theirs: they play no part


@pytest.mark.parametrize("case", ["isf_gaza", "unifil_2006"])
def test_what_is_said_to_be_drawn_is_drawn_and_nothing_else(case, monkeypatch):
    asked, uniform, sample = set(), Design.uniform, Design.sample
    monkeypatch.setattr(Design, "uniform", lambda self, name: asked.add(name) or uniform(self, name))
    monkeypatch.setattr(Design, "sample", lambda self, name, each: asked.add(name) or sample(self, name, each))
    scenario = read(case)
    result = Study(scenario).run(40)
    assert result.performance.notnull().all()
    said = dict(scenario.estimates())
    names = {stream.name for stream in streams(scenario).values()}
    assert set(scenario.contributors) - set(result.tables["contributors"]["contributor"].values) == NOBODY[case]
    assert names - asked == {f"contributors.{code}.{field}" for code in NOBODY[case] for field in IDLE}
    unsaid_names = {path.replace("theatre.parameters", "mission") for path in unsaid(scenario)}
    known = {*names, *unsaid_names}
    assert not {path for path in asked - known if path in said and not said[path].certain}
    chance = ("force.", "mission.", "process.events.", "reference_class.", "stakeholders.bloc.")
    chance += ("process.disposition.", "process.gates.", "process.renewed")
    other = {name for name in asked - known if not name.startswith(chance) and name not in said}
    assert all(value_at(scenario, name).certain for name in other)  # what nobody wrote: the format's own default


@pytest.mark.parametrize("case", ["isf_gaza", "unifil_2006", "mss_haiti", "mnf_ukraine", "amm_aceh"])
def test_whatever_is_given_as_an_interval_is_drawn_or_refused(case):
    scenario, kinds = read(case), {}
    for path, number in scenario.estimates():
        kinds.setdefault(re.sub(r"(?<=\.)[^.]+(?=\.)", "*", path), (path, number))
    for path, number in kinds.values():
        away = 0.1 * abs(number.best) + 0.01
        low, high = max(number.unit.at_least, number.best - away), min(number.unit.at_most, number.best + away)
        wider = changed(scenario, {path: {"best": number.best, "low": low, "high": high, "assumption": "An example."}})
        absent = path.startswith("theatre.crossings.")  # of a crossing without goods nothing is simulated
        assert path in streams(wider) or path in {at for at, *_ in fixed(wider)} or absent, path


def test_every_position_is_ranked_by_the_column_it_was_drawn_from():
    scenario, design = read("isf_gaza"), Design(3, 60)
    stakes, known = draw_stakes(scenario, design), streams(scenario)
    seen = 0
    for row, (name, holder) in enumerate(scenario.stakeholders.items()):
        for issue, stake in holder.stakes.items():
            if stake.position.certain:
                continue
            stream = known[f"stakeholders.{name}.stakes.{issue}.position"]
            drawn = 100 * stakes.position[:, row, list(scenario.issues).index(issue)]
            assert np.allclose(stake.position.quantile(stream.level(design)), drawn)
            assert np.allclose(ranks_drawn(design)(stream), centred_ranks(stream.level(design)))
            seen += bool(stream.bloc)
    assert seen > 10


def test_a_judgement_moves_its_own_option_and_no_other(result):
    for option in result.options:
        found = trace(result, "performance.legal_standing", option=option)
        shares = {each.path: each.share for each in found.inputs}
        assert shares.pop(f"options.{option}.judgements.legal_standing") > 0.99
        assert not any(shares.values())
        assert not any(path.startswith("options.") and option not in path for path in shares)


def test_a_number_of_the_mission_model_is_told_as_what_moves_the_ground(result):
    found = trace(result, "mission.own_deaths")
    first = found.inputs[0]
    assert first.path.startswith("theatre.parameters.")
    assert first.share > 0.05
    assert first.estimate.assumption


def test_a_trace_names_as_movers_only_what_moves(result):
    found = trace(result, "mission.own_deaths")
    record = as_record(found, result, 50)
    assert record["inputs"]
    assert all(each["share"] > 0 for each in record["inputs"])
    plain = as_text(as_record(trace(result, "force.shortfall"), result, 3))
    assert "inputs it is computed from" in plain
    assert "move it most" not in plain
