"""What each criterion's performance is, for every option in every run.

A criterion names its measure: `judged`, or a result that is there in every run. Judged performances are drawn
from one stream a criterion, so that options differ by what was judged and not by luck.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from contingent.consultation.stakes import quantile_level
from contingent.ensemble.design import Design
from contingent.labels import CONTRIBUTOR, CRITERION, OPTION, PHASE, RUN, SECTOR, WEEK
from contingent.mission.outputs import truce
from contingent.scenario.model import Scenario
from contingent.scenario.option import Criterion
from contingent.study.formulas import FORMULAS, NEARNESS, Formula, Over

MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Evidence:
    """What measures are computed from: the options' scenarios and the engines' tables over (option, run)."""

    base: Scenario
    scenarios: Mapping[str, Scenario]
    design: Design
    tables: Mapping[str, xr.Dataset]

    def of_contributor(self, variable: str) -> xr.DataArray:
        """A variable of the contributor whose decision it is, over (option, run); not-a-number where it is absent."""
        table = self.tables["contributors"]
        if self.base.contributor not in table[CONTRIBUTOR].values:
            return xr.full_like(self.tables["deployment"]["coverage"], np.nan)
        return table[variable].sel({CONTRIBUTOR: self.base.contributor}, drop=True)


def performance(evidence: Evidence) -> xr.DataArray:
    """Every criterion's performance over (option, run, criterion), in its own unit: the coordinate `units`.

    A study leaves out criteria that ask for what is not there (`formulas.idle_criteria`).
    """
    criteria = evidence.base.criteria
    columns = [measure(name, criterion, evidence) for name, criterion in criteria.items()]
    names = xr.Variable(CRITERION, list(criteria))
    joined = xr.concat(columns, names, join="exact", coords="minimal", compat="override", combine_attrs="drop")
    units = (CRITERION, [criterion.unit or "1" for criterion in criteria.values()])
    found = joined.transpose(OPTION, RUN, CRITERION).rename("performance").assign_coords(units=units)
    return found.assign_attrs(long_name="performance on each criterion")


def measure(name: str, criterion: Criterion, evidence: Evidence) -> xr.DataArray:
    """One criterion's performance over (option, run)."""
    if criterion.measure == "judged":
        return judged(name, evidence)
    if criterion.measure.startswith(NEARNESS):
        return nearness(criterion.measure.removeprefix(NEARNESS), evidence)
    return result(criterion.measure, evidence)


def result(name: str, evidence: Evidence) -> xr.DataArray:
    """A result that a criterion may be measured as, over (option, run), in its own unit."""
    formula = FORMULAS[name]
    return together(array_of(evidence, formula), formula.over).transpose(OPTION, RUN) / formula.per


def over_runs(evidence: Evidence, rows: list[np.ndarray]) -> xr.DataArray:
    """One array of runs an option, labelled."""
    coords = {OPTION: list(evidence.scenarios), RUN: evidence.design.index}
    return xr.DataArray(np.stack(rows), dims=(OPTION, RUN), coords=coords)


def judged(name: str, evidence: Evidence) -> xr.DataArray:
    """How an option was judged on a criterion, 0 to 100."""
    estimates = [evidence.base.options[option].judgements[name] for option in evidence.scenarios]
    return over_runs(evidence, [evidence.design.sample(f"judgements.{name}", estimate) for estimate in estimates])


def nearness(stakeholder: str, evidence: Evidence) -> xr.DataArray:
    """100 less the salience-weighted distance of an option's terms from what a stakeholder wants."""
    rows = []
    for option, scenario in evidence.scenarios.items():
        stakes, terms = scenario.stakeholders[stakeholder].stakes, scenario.options[option].terms
        distance = weight = np.zeros(evidence.design.index.size)
        for issue in sorted(set(stakes) & set(terms)):
            path = f"stakeholders.{stakeholder}.stakes.{issue}"
            wanted = stakes[issue].position.quantile(quantile_level(scenario, evidence.design, f"{path}.position"))
            salience = evidence.design.sample(f"{path}.salience", stakes[issue].salience)
            distance = distance + salience * np.abs(terms[issue].best - wanted)
            weight = weight + salience
        rows.append(100 - distance / np.maximum(weight, 1e-9))
    return over_runs(evidence, rows)


def need_averted(evidence: Evidence) -> xr.DataArray:
    """Million person-weeks of unmet need less than under the baseline, run by run."""
    people = xr.DataArray(
        [sector.population.best for sector in evidence.base.theatre.sectors.values()],
        dims=SECTOR, coords={SECTOR: list(evidence.base.theatre.sectors)},
    )  # fmt: skip
    unmet = (evidence.tables["sectors"]["unmet_need_weeks"] * people).sum(SECTOR) / MILLION
    return unmet.sel({OPTION: evidence.base.baseline}, drop=True) - unmet


def home_support(evidence: Evidence) -> xr.DataArray:
    """Share of the public behind the decision at the end of the horizon.

    Where it sends nobody: the share that was not behind a deployment to begin with, as the base scenario has it.
    """
    path = f"contributors.{evidence.base.contributor}.home_support"
    at_home = 1 - evidence.design.sample(path, evidence.base.value(path))
    stays = xr.DataArray(at_home, dims=RUN, coords={RUN: evidence.design.index})
    sends = evidence.tables["deployment"]["contributor_troops"] > 0
    support = evidence.of_contributor("home_support")
    return support.where(sends & support.notnull(), stays)


def attempt(*fates: str) -> Callable[[Evidence], xr.DataArray]:
    """The chance that a proposal comes to one of these, over (option, run): 0 where nothing is proposed."""

    def measured(e: Evidence) -> xr.DataArray:
        chance = e.tables["outlook"]["fate_chance"].sel(fate=list(fates)).sum("fate").rename({"proposal": OPTION})
        return chance.reindex({OPTION: list(e.scenarios)}).fillna(0.0).transpose(OPTION, RUN)

    return measured


COMPUTED: dict[str, Callable[[Evidence], xr.DataArray]] = {
    **{f"attempt.{fate}": attempt(fate) for fate in ("refused", "waiting", "other_terms", "not_accepted")},
    "attempt.fails": attempt("refused", "waiting", "not_accepted"), "mission.need_averted": need_averted,
    "mission.home_support": home_support, "mission.own_deaths": lambda e: e.of_contributor("own_deaths").fillna(0),
    "mission.withdrawal": lambda e: e.of_contributor("withdrew").fillna(0),
}  # fmt: skip
"""Results that stand in no table, over (option, run)."""


def array_of(evidence: Evidence, formula: Formula) -> xr.DataArray:
    """The labelled array that a formula reads off the tables, or that is computed from them."""
    table, _, variable = formula.array.partition(".")
    return COMPUTED[variable](evidence) if table == "measure" else evidence.tables[table][variable]


def together(array: xr.DataArray, over: Over) -> xr.DataArray:
    """An array's dimensions but option and run taken together, as a formula says."""
    rest = [dimension for dimension in array.dims if dimension not in (OPTION, RUN)]
    if not rest:
        return array
    match over:
        case "so_far":
            return array.sum(rest)
        case "phase":
            within = array.sum([dimension for dimension in rest if dimension != PHASE])
            return within.max(PHASE) if PHASE in rest else within
        case "comes" | "falls":
            by_week = array.transpose(WEEK, ...)
            states = truce(by_week.to_numpy().reshape(array.sizes[WEEK], -1))
            one = by_week.isel({WEEK: 0}, drop=True)
            return one.copy(
                data=states[f"ceasefire_{'came' if over == 'comes' else 'fell'}"].astype(float).reshape(one.shape)
            )
        case "last":
            return array.isel(dict.fromkeys(rest, -1))
    return array.mean(rest)
