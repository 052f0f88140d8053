"""What a study found: the engines' tables, the appraisal, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from contingent.appraisal import Appraisal, appraise
from contingent.appraisal.smaa import accept
from contingent.appraisal.value import at_leaves, with_tails, worth
from contingent.appraisal.weights import sample_weights
from contingent.consultation.happened import design_of
from contingent.ensemble.design import Design
from contingent.ensemble.summary import influence
from contingent.errors import InputError, did_you_mean
from contingent.force import Plan
from contingent.labels import CRITERION, OPTION, RUN, UNIT_TYPE, WEEK
from contingent.mission.outputs import dated
from contingent.scenario.model import Scenario
from contingent.study import measures
from contingent.study.measures import Evidence, Spreads, performance, spread_of, stack
from contingent.study.question import Question
from contingent.study.sampling import drawn_streams

SET_WEIGHTS = 2000  # drawn for each set of weights, and for each structural choice
REFUSAL_COSTS = (1, 2, 5)
"""What an attempt that comes to nothing is taken to cost, hundredths of all worth, to see whether it decides."""


def leaves_of(
    tables: Mapping[str, xr.Dataset], options: list[str], baseline: str, told: str = "carried_out"
) -> xr.DataArray:
    """What comes of putting each option forward, over (option, run, leaf), among the options that were run.

    `told` is `carried_out`, or `decided_on` as if the parties accepted everything. Where another one would be decided
    that was not run, nobody is taken to go; the baseline stays what it is. So it is where an option that sends people
    is carried out and none of them come.
    """
    known = tables["outlook"][told].transpose("proposal", RUN, "leaf").rename({"proposal": OPTION})
    kept = [name for name in options if name in known["leaf"].values]
    found = known.sel(leaf=kept).reindex({OPTION: options}).fillna(0.0)
    came = tables["deployment"]["contributor_troops"].rename({OPTION: "leaf"}).sel(leaf=kept)
    found = found.where((came > 0) | (came.max(RUN) == 0), 0.0).transpose(OPTION, RUN, "leaf")
    return found + (1 - found.sum("leaf")) * (found["leaf"] == baseline)


@dataclass(frozen=True, slots=True)
class View:
    """How the options stand under one set of weights: `weights` (weight, criterion), `first` (option) share first."""

    weights: xr.DataArray
    first: xr.DataArray

    @property
    def best(self) -> str:
        """The option most often first."""
        return str(self.first[OPTION].values[int(self.first.to_numpy().argmax())])


@dataclass(frozen=True)
class Result:
    """Everything a run found; arrays have an `option` and a `run` dimension and are compared pairwise by run."""

    question: Question
    scenarios: Mapping[str, Scenario]
    """The scenario under each option."""
    plans: Mapping[tuple[str, str], Plan]
    """The force plan under each option in each world, with the solver's status, gap, bound and seconds."""
    tables: Mapping[str, xr.Dataset]
    """Of the first `question.sample` runs, as is all that follows from them."""
    performance: xr.DataArray
    """Over (option, run, criterion), in each criterion's own unit: the coordinate `units` (criterion)."""
    appraisal: Appraisal
    spreads: Spreads = field(default_factory=dict)
    """How chances and performance are spread over all runs, where there are more than `question.sample`."""

    @classmethod
    def of(
        cls,
        question: Question,
        scenarios: Mapping[str, Scenario],
        plans: Mapping[tuple[str, str], Plan],
        tables: Mapping[str, xr.Dataset],
        spreads: Spreads | None = None,
    ) -> Result:
        """The result that follows from the engines' tables, and of more runs than these hold, from their spreads."""
        base = question.scenario
        tables = {**tables, "weekly": dated(tables["weekly"], base.as_of)}
        found = performance(
            Evidence(base, scenarios, design_of(base, question.seed, question.runs).chunk(0, question.sample), tables)
        )
        leaves = leaves_of(tables, list(scenarios), base.baseline)
        appraisal = appraise(found, base.criteria, seed=question.seed, statements=base.weights, leaves=leaves)
        return cls(question, scenarios, plans, tables, found, appraisal, spreads or {})

    @cached_property
    def leaves(self) -> xr.DataArray:
        """What comes of putting each option forward, over (option, run, leaf): see `leaves_of`."""
        return leaves_of(self.tables, list(self.options), self.scenario.baseline)

    def structures(self, weights: int = SET_WEIGHTS) -> dict[str, xr.Dataset]:
        """The share of weights and runs that puts each option `first` (option) under each structural choice.

        Beside it, what it is the mean of: `by_run` (run, option) and `by_weight` (weight, option).

        `as_told`; `accepted`, as if the other parties accepted all that is decided; `only_own`, as if nothing else were
        decided where a proposal fails; `carried_out`, as if everything proposed were; `refusal_N`, where an attempt
        that comes to nothing costs N hundredths of all that can be won. Ties at the top are shared.
        """
        drawn = self.appraisal.weights.isel(weight=slice(0, weights)).to_numpy()
        at = {OPTION: list(self.ranked)}
        criteria, tables, base = self.scenario.criteria, self.tables, self.scenario.baseline
        plain, told = worth(self.performance, criteria), self.leaves
        accepted = leaves_of(tables, list(self.options), base, "decided_on")
        own = told.where(told[OPTION] == told["leaf"], 0.0)
        own = own + (1 - own.sum("leaf")) * (own["leaf"] == base)
        fails = measures.result("attempt.fails", self.evidence).sel(at).transpose(RUN, OPTION).to_numpy()
        found = {}
        for name, leaves in (("as_told", told), ("accepted", accepted), ("only_own", own), ("carried_out", None)):
            rolled = plain if leaves is None else at_leaves(plain, leaves, criteria)
            found[name] = with_tails(rolled, plain, leaves, criteria)
        tried = {name: (values, 0.0) for name, values in found.items()}
        tried |= {f"refusal_{cost}": (found["as_told"], cost / 100) for cost in REFUSAL_COSTS}
        shares = {}
        for name, (values, cost) in tried.items():
            each = accept(values.sel(at).transpose(RUN, OPTION, CRITERION).to_numpy(), drawn, cost * fails)
            parts = {"first": each.ranks[:, 0], "by_run": each.first, "by_weight": each.won}
            shares[name] = xr.Dataset({
                part: self._together(found, *dims)
                for (part, found), dims in zip(parts.items(), ((), (RUN,), ("weight",)), strict=True)
            })  # fmt: skip
        return shares

    @cached_property
    def views(self) -> dict[str, View]:
        """Which option is first under each of the scenario's sets of weights, by its name."""
        values = self.appraisal.values.sel({OPTION: list(self.ranked)}).transpose(RUN, OPTION, CRITERION).to_numpy()
        found = {}
        for name, weights in self.scenario.weight_sets.items():
            criteria, seed = self.scenario.criteria, self.question.seed
            drawn = sample_weights(criteria, weights.statements, count=SET_WEIGHTS, seed=seed)
            labelled = xr.DataArray(drawn, dims=("weight", CRITERION), coords={CRITERION: list(criteria)})
            found[name] = View(labelled, self._together(accept(values, drawn).ranks[:, 0]))
        return found

    def _together(self, first: np.ndarray, *dims: str) -> xr.DataArray:
        """How often each option is first (*dims, option), copies counted with the one they copy."""
        shares = {name: np.zeros(first.shape[:-1]) for name in self.ranked if name not in self.appraisal.copies}
        for name, share in zip(self.ranked, np.moveaxis(first, -1, 0), strict=True):
            shares[self.appraisal.copies.get(name, name)] += share
        return xr.DataArray(np.stack([*shares.values()], -1), {OPTION: list(shares)}, (*dims, OPTION))

    @property
    def evidence(self) -> Evidence:
        """What measures are computed from."""
        return Evidence(self.scenario, self.scenarios, self.design, self.tables)

    @property
    def scenario(self) -> Scenario:
        """The base scenario."""
        return self.question.scenario

    @property
    def options(self) -> tuple[str, ...]:
        """The options compared, in the scenario's order."""
        return self.question.options

    @property
    def ranked(self) -> tuple[str, ...]:
        """The options that no floor excludes, in the scenario's order."""
        return tuple(str(name) for name in self.appraisal.ranks[OPTION].values)

    def first(self, option: str) -> float:
        """The share of weights and runs in which an option or a copy of it is first; 0 where it is excluded."""
        return self.appraisal.shares.get(option, 0.0)

    def spread(self, option: str) -> Mapping[str, Any]:
        """How an option's chances and its performance are spread over all runs: see `measures.spread_of`."""
        columns = self.tables["consultation"].assign(performance=self.performance)
        return self.spreads.get(option) or spread_of(columns, option)

    @property
    def design(self) -> Design:
        """The design of the runs looked at: what every uncertain number was in each of them."""
        return design_of(self.scenario, self.question.seed, self.question.runs).chunk(0, self.question.sample)

    @cached_property
    def consultation(self) -> xr.Dataset:
        """Over (option, run): whether each option passes; `acceptance` (option) is its probability."""
        table = self.tables["consultation"]
        acceptance = table["passes"].mean(RUN).assign_attrs(long_name="probability that the option passes")
        return table.assign(acceptance=acceptance)

    @property
    def worlds(self) -> tuple[str, ...]:
        """The worlds that events no option decides may bring; each run is in one."""
        return tuple(dict.fromkeys(world for _, world in self.plans))

    @cached_property
    def force(self) -> xr.Dataset:
        """Over (option, world): the plan's `required`, `assigned`, `shortfall` and `critical`, in persons.

        Each has (phase, sector, task); what is assigned is also by pledge, the rest is summed over unit types.
        """
        by_option = [
            stack([plan_table(self.plans[option, world]) for world in self.worlds], "world", list(self.worlds))
            for option in self.options
        ]
        return stack(by_option, OPTION, list(self.options))

    @cached_property
    def mission(self) -> xr.Dataset:
        """Over (option, run): every weekly series at the end of the horizon, or summed over it where it counts."""
        weekly = self.tables["weekly"]
        totals = {
            str(name): series.sum(WEEK) if series.attrs.get("sums") else series.isel({WEEK: -1}, drop=True)
            for name, series in weekly.data_vars.items()
        }
        return xr.Dataset({name: series.assign_attrs(weekly[name].attrs) for name, series in totals.items()})

    def compare(self, first: str, second: str) -> xr.DataArray:
        """Performance of one option less another's, paired by run; over (run, criterion), in each criterion's units.

        Raises:
            InputError: an option that was not run.
        """
        for name in (first, second):
            if name not in self.options:
                raise InputError(f"option `{name}` was not run; {did_you_mean(name, set(self.options))}")
        at = self.performance.sel
        difference = at({OPTION: first}, drop=True) - at({OPTION: second}, drop=True)
        return difference.rename("difference").assign_attrs(long_name=f"performance of {first} less that of {second}")

    @cached_property
    def influence(self) -> dict[str, float]:
        """Share of the headline's spread that goes with each uncertain number, by path.

        The numbers are the scenario's, and those of the mission model that act and that it leaves as they are.

        The headline: how much more than the baseline the option most often first is worth at mean weights, or its
        probability of passing, whichever moves more.
        """
        best, base = self.appraisal.best, self.scenario.baseline
        score = self.appraisal.score
        known = drawn_streams(self.scenario).items()
        drawn = {path: stream.level(self.design) for path, stream in known if not path.startswith("options.")}
        others = (best, *self.options) if best != base else self.options
        other = next((name for name in others if name != base), base)  # where nothing else was run, nothing moves it
        headlines: list[np.ndarray] = [
            score.sel({OPTION: other}).to_numpy() - score.sel({OPTION: base}).to_numpy(),
            self.tables["consultation"]["passes"].sel({OPTION: other}).to_numpy(),
        ]
        found = [influence(drawn, headline) for headline in headlines]
        return {path: round(max(each[path] for each in found), 6) for path in drawn}


def plan_table(plan: Plan) -> xr.Dataset:
    """One plan's arrays in persons, summed over unit types."""
    by_unit = {"required": plan.required, "shortfall": plan.shortfall, "critical": plan.critical}
    summed = {name: array.sum(UNIT_TYPE).assign_attrs(units="person") for name, array in by_unit.items()}
    return xr.Dataset({"assigned": plan.assigned, **summed})


def headline(result: Result) -> dict[str, Any]:
    """What a run says, option by option: no clock, no path, so that the same question gives the same bytes."""
    question = result.question
    return {
        "run": question.id, "scenario": question.scenario.name, "as_of": question.scenario.as_of.isoformat(),
        "seed": question.seed, "runs": question.runs, "version": question.version,
        **({"sample": question.sample} if question.runs > question.sample else {}),
        "options": {name: of_option(result, name) for name in result.options},
    }  # fmt: skip


def of_option(result: Result, option: str) -> dict[str, Any]:
    """One option's headline numbers."""
    spread = result.spread(option)
    return {
        "passes": spread["passes"], "other_terms": spread["other_terms"], "first": result.first(option),
        "criteria": spread["criteria"],
        "solver": {
            world: {"status": s.status, "gap": s.gap, "bound": s.bound}
            for (name, world), s in ((key, plan.solver) for key, plan in result.plans.items())
            if name == option
        },
    }  # fmt: skip
