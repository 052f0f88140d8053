"""What a study found: the engines' tables, the appraisal, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import xarray as xr

from contingent.appraisal import Appraisal, appraise
from contingent.ensemble.design import Design
from contingent.ensemble.summary import influence
from contingent.force import Plan, plan
from contingent.labels import OPTION, RUN, WEEK
from contingent.scenario.model import Scenario
from contingent.study.measures import Evidence, performance
from contingent.study.store import Question


@dataclass(frozen=True)
class Result:
    """Everything a run found; arrays have an `option` and a `run` dimension and are compared pairwise by run."""

    question: Question
    scenarios: Mapping[str, Scenario]
    """The scenario under each option."""
    plans: Mapping[str, Plan]
    """The force plan under each option, with the solver's status, gap, bound and seconds."""
    tables: Mapping[str, xr.Dataset]
    performance: xr.DataArray
    """Over (option, run, criterion), in each criterion's own unit."""
    appraisal: Appraisal

    @classmethod
    def of(
        cls,
        question: Question,
        scenarios: Mapping[str, Scenario],
        plans: Mapping[str, Plan],
        tables: Mapping[str, xr.Dataset],
    ) -> Result:
        """The result that follows from the engines' tables."""
        base = question.scenario
        found = performance(Evidence(base, scenarios, Design(question.seed, question.runs), tables))
        return cls(question, scenarios, plans, tables, found, appraise(found, base.criteria, seed=question.seed))

    @classmethod
    def of_tables(cls, question: Question, tables: Mapping[str, xr.Dataset]) -> Result:
        """The result of a stored run: its plans are solved again, which gives the same plans."""
        scenarios = {name: question.scenario.under(name) for name in question.options}
        plans = {name: plan(scenario) for name, scenario in scenarios.items()}
        return cls.of(question, scenarios, plans, tables)

    @property
    def scenario(self) -> Scenario:
        """The base scenario."""
        return self.question.scenario

    @property
    def options(self) -> tuple[str, ...]:
        """The options compared, in the scenario's order."""
        return self.question.options

    @property
    def design(self) -> Design:
        """The ensemble's design: what every uncertain number was in every run."""
        return Design(self.question.seed, self.question.runs)

    @cached_property
    def consultation(self) -> xr.Dataset:
        """Over (option, run): whether each option passes; `acceptance` (option) is its probability."""
        table = self.tables["consultation"]
        return table.assign(acceptance=table["passes"].mean(RUN))

    @cached_property
    def force(self) -> xr.Dataset:
        """Over option: what is assigned, and `shortfall` (option, phase, sector, task) in persons."""
        from contingent.study.job import stack

        return stack([self.plans[name].data for name in self.options], OPTION, list(self.options))

    @cached_property
    def mission(self) -> xr.Dataset:
        """Over (option, run): every weekly series at the end of the horizon, or summed over it where it counts."""
        weekly = self.tables["weekly"]
        totals = {
            str(name): series.sum(WEEK) if series.attrs.get("sums") else series.isel({WEEK: -1}, drop=True)
            for name, series in weekly.data_vars.items()
        }
        return xr.Dataset(totals).assign_attrs(weekly.attrs)

    @cached_property
    def influence(self) -> dict[str, float]:
        """Share of the headline's spread that goes with each uncertain number of the scenario, by path.

        The headline is the difference in worth, at mean weights, between the option most often
        first and the baseline, or that option's probability of passing: whichever moves more.
        """
        best, base = self.appraisal.best, self.scenario.baseline
        score = self.appraisal.score
        uncertain = {path: e for path, e in self.scenario.estimates() if not (e.certain or path.startswith("options."))}
        drawn = {path: self.design.sample(path, estimate) for path, estimate in uncertain.items()}
        other = best if best != base else next(name for name in self.options if name != base)
        headlines: list[np.ndarray] = [
            score.sel({OPTION: other}).to_numpy() - score.sel({OPTION: base}).to_numpy(),
            self.tables["consultation"]["passes"].sel({OPTION: other}).to_numpy(),
        ]
        found = [influence(drawn, headline) for headline in headlines]
        return {path: round(max(each[path] for each in found), 6) for path in drawn}
