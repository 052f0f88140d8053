"""What each criterion's performance is, for every option in every run.

A criterion names its measure: `judged`, or a result that is there in every run. Judged performances are drawn
from one stream a criterion, so that options differ by what was judged and not by luck.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import xarray as xr

from contingent.consultation.stakes import quantile_level
from contingent.ensemble.design import Design
from contingent.ensemble.summary import summarize
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
    columns = [measure(name, criterion, evidence).transpose(OPTION, RUN) for name, criterion in criteria.items()]
    coords = {OPTION: columns[0][OPTION], RUN: columns[0][RUN], CRITERION: list(criteria),
              "units": (CRITERION, [criterion.unit or "1" for criterion in criteria.values()])}  # fmt: skip
    values = np.stack([each.to_numpy() for each in columns], axis=-1)
    said = {"long_name": "performance on each criterion"}
    return xr.DataArray(values, coords, (OPTION, RUN, CRITERION), "performance", said)


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


ROOM = 100_000_000  # bytes of columns that are held at once
Spreads = dict[str, dict[str, Any]]
"""By option, how its chances and its performance are spread over runs: see `spread_of`."""


def spreads(columns: Callable[[list[str]], xr.Dataset], options: list[str], criteria: int, runs: int) -> Spreads:
    """How every option's chances and performance are spread over so many runs.

    `columns` gives those of some options over (option, run): of as many at a time as there is room for in memory.
    """
    step = max(1, ROOM // (8 * runs * (criteria + 2)))
    found: Spreads = {}
    for start in range(0, len(options), step):
        names = options[start : start + step]
        table = columns(names)
        found |= {name: spread_of(table, name) for name in names}
    return found


def spread_of(columns: xr.Dataset, option: str) -> dict[str, Any]:
    """Mean, quantiles and Monte Carlo error of an option's chances and of its performance on each criterion."""
    at = columns.sel({OPTION: option})
    chances = {name: asdict(summarize(at[name])) for name in ("passes", "other_terms")}
    judged = {str(name): asdict(summarize(at["performance"].sel({CRITERION: name}))) for name in at[CRITERION].values}
    return {**chances, "criteria": judged}


Part = dict[str, xr.Dataset]
"""The engines' results over (option, run), by table."""


def join(parts: list[Part]) -> dict[str, xr.Dataset]:
    """Parts of one ensemble as whole tables, along the runs.

    A contributor that only some worlds have is not-a-number in the others.
    """
    return {name: _together([part[name] for part in parts if name in part], RUN) for name in parts[0]}


def gather(parts: Iterable[Part], runs: int) -> dict[str, xr.Dataset]:
    """The same of so many runs in little more memory: the weekly series, most of it, go to their place part by part."""
    rest, whole = [], xr.Dataset()
    for part in parts:
        series = part.get("weekly", xr.Dataset())  # of runs beyond the first there is none
        if not rest:
            whole = series.isel({RUN: np.zeros(runs, int)}).assign_coords({RUN: np.arange(runs)})
        for name, values in series.data_vars.items():
            start = int(values[RUN][0])
            at = tuple(slice(start, start + n) if dim == RUN else slice(None) for dim, n in values.sizes.items())
            whole[name].to_numpy()[at] = values.to_numpy()
        rest.append({name: table for name, table in part.items() if name != "weekly"})
        del part, series  # before the next one is read
    return {**join(rest), "weekly": whole}


def stack(tables: list[xr.Dataset], dimension: str, labels: list[str]) -> xr.Dataset:
    """Tables of several options as one, with a new first dimension.

    Labels that only some options have (a contributor that is not there) are filled with not-a-number.
    """
    return _together(tables, dimension, labels)


def _together(tables: list[xr.Dataset], dim: str, labels: list[str] | None = None) -> xr.Dataset:
    """Tables one after another along a dimension, or side by side along a new one with the labels given."""
    first = tables[0].variables
    shared = [name for name in tables[0].coords if dim not in first[name].dims]
    if not all(
        table.variables.keys() == first.keys()
        and all(each.dims == first[name].dims for name, each in table.variables.items())
        and all(np.array_equal(table.variables[name].values, first[name].values) for name in shared)
        and all((dim in each.dims) == (labels is None) for each in table.data_vars.values())
        for table in tables
    ):
        return xr.concat(
            tables, dim if labels is None else xr.Variable(dim, labels), "minimal" if labels is None else "all",
            join="outer", coords="minimal", compat="override", combine_attrs="override",
        )  # fmt: skip
    data: dict[Any, Any] = {} if labels is None else {dim: labels}
    for name, one in first.items():
        rows = [table.variables[name].values for table in tables]
        if name in shared:
            data[name] = one
        elif labels is None:
            data[name] = one.dims, np.concatenate(rows, axis=one.dims.index(dim)), one.attrs
        else:
            data[name] = (dim, *one.dims), np.stack(rows), one.attrs
    coords = {name: data.pop(name) for name in (*tables[0].coords, dim) if name in data}
    return xr.Dataset(data, coords, tables[0].attrs)
