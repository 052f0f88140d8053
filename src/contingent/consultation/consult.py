"""Will they go, on which terms, by when; and how does each option fare if it is the one put forward?

One deliberation over all options on the same draws: everyone's lean, every option's walk through the gates, and the
outlook over what happens by each date. `passes` of an option is its chance to be decided in time were it put forward;
the rungs of the outlook are the answer to whether anything is decided, and how much.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy.special import ndtr

from contingent.consultation import outcome
from contingent.consultation.dispositions import INNER, Dispositions, dispositions, each_draw, inner, shocks
from contingent.consultation.events import happening
from contingent.consultation.gates import CAN_STOP, Walk, walk_gates
from contingent.consultation.known import conditioned
from contingent.consultation.outcome import FATES, PENDING, STAGES, height, ladder, of_runs
from contingent.consultation.stakes import draw_stakes, option_terms
from contingent.consultation.track_record import days_to_decide, delivered, earliest
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario

Array = NDArray[np.float64]
DAYS = (30, 60, 90, 120, 180, 270, 365, 545, 730)
"""The days by which the outlook is told, as far as the scenario's horizon goes."""


_LINES = (files("contingent.consultation") / "data" / "variables.csv").read_text("utf-8").splitlines()
VARIABLES = {row["name"]: (tuple(row["dims"].split()), row["units"], row["meaning"]) for row in csv.DictReader(_LINES)}
"""What a consultation gives: name -> (dimensions, unit, meaning)."""


def labelled(arrays: Mapping[str, NDArray[np.float64]], **coords: Any) -> xr.Dataset:
    """Plain arrays, named and shaped as in `VARIABLES`, with their units and meanings."""
    said = {name: (values, *VARIABLES[name]) for name, values in arrays.items()}
    variables = {n: (dims, x, {"long_name": meaning, "units": units}) for n, (x, dims, units, meaning) in said.items()}
    return xr.Dataset(variables, coords=coords)


@dataclass(frozen=True)
class Deliberation:
    """Every option of one scenario under deliberation: the scenarios under them, and what comes of each."""

    base: Scenario
    under: Mapping[str, Scenario]
    design: Design
    leans: Mapping[str, Dispositions]
    walks: Mapping[str, Walk]
    happens: Mapping[str, Mapping[str, Array]]
    """The day of every event in every draw, by option: the same for all whose events are."""
    outlook: outcome.Outlook
    deadline: Array
    """In days, per draw."""
    likelihood: Array
    """How likely each draw makes what is known of gates and decisions, (draw,): 1 where nothing happened."""

    @cached_property
    def table(self) -> xr.Dataset:
        """The outlook over run, day, outcome, rung and stage; `..._in_time` by the scenario's own deadline."""
        horizon = 7 * self.base.horizon
        return self._by([day for day in DAYS if day <= horizon] or [horizon])

    @cached_property
    def in_time(self) -> xr.Dataset:
        """The same without what is told by days: by the scenario's own deadline alone."""
        return self._by([])

    def _by(self, days: list[int]) -> xr.Dataset:
        rungs = ladder(self.base)
        by = [np.full(len(self.deadline), float(day)) for day in days]

        def states(day: Array) -> Array:
            decided, pending = self.outlook.states(day)
            return np.concatenate([pending, decided], 1)

        def reached(day: Array) -> Array:
            """(run, stage, rung)."""
            each = [self.outlook.rung(r + 1, day, stage) for stage in STAGES for r in range(len(rungs))]
            return np.reshape(each, (len(STAGES), len(rungs), len(self.design.index))).transpose(2, 0, 1)

        decided_on, carried_out, fate = self.outlook.attempts(self.deadline)
        told = {"outcomes_by_day": states, "reached_by_day": reached} if days else {}
        return labelled(
            {
                **{name: np.stack([each(day) for day in by], 1) for name, each in told.items()},
                "outcomes": states(self.deadline), "reached": reached(self.deadline),
                "put_forward": of_runs(self.outlook.furthest(self.outlook.each("proposed"))[0]),
                "decided_on": decided_on, "carried_out": carried_out,
                "carried_out_late": self.outlook.attempts(np.full(len(self.deadline), np.inf))[1],
                "walked": self.outlook.each("walked", slice(None, None, INNER)), "fate_chance": fate,
            },
            run=self.design.index, day=days, outcome=[*PENDING, *self.outlook.paths], stage=list(STAGES),
            rung=[rung.name for rung in rungs], proposal=list(self.outlook.paths),
            leaf=[self.base.baseline, *self.outlook.paths], fate=list(FATES),
        )  # fmt: skip

    def given_passed(self, gate: str) -> Deliberation:
        """The same deliberation, were one gate certain to let everything through, as late as ever."""
        walks = {name: walk.given_passed(gate) if gate in walk.gates else walk for name, walk in self.walks.items()}
        paths = {
            name: replace(path, gates=walks[name].passes(), wanted=np.maximum(walks[name].passes(), path.proposed))
            for name, path in self.outlook.paths.items()
        }
        return replace(self, walks=walks, outlook=replace(self.outlook, paths=paths))

    def consultation(self, option: str) -> xr.Dataset:
        """How one option fares, were it the one put forward; made once.

        Over `run` and, where it applies, `gate`, `issue`, `stakeholder`; what each variable is stands in `VARIABLES`.
        """
        known = vars(self).setdefault("fares", {})  # as a cached property by option
        if option not in known:
            fares = self._nothing_changes() if option == self.base.baseline else self._fares(option)
            known[option] = labelled(
                fares, run=self.design.index, issue=list(self.base.issues), gate=list(self.base.process.gates),
                stakeholder=list(self.base.stakeholders),
            )  # fmt: skip
        return known[option]

    def _fares(self, option: str) -> dict[str, Array]:
        scenario, walk, lean = self.under[option], self.walks[option], self.leans[option]
        others = dict(self.outlook.paths)
        path = others.pop(option)
        in_time = path.day <= self.deadline
        own = np.where(in_time, path.gates, np.inf)
        rivals = (np.where(other.day <= self.deadline, other.wanted, np.inf) for other in others.values())
        least = np.min([own, *rivals], axis=0)
        gates = list(self.base.process.gates)
        chance = np.full((len(self.design.index), len(gates)), np.nan)
        happens = self.happens[option]
        for column, (name, gate) in enumerate(walk.gates.items()):
            if gate.event:
                chance[:, gates.index(name)] = of_runs(np.isfinite(happens[gate.event]))
            elif gate.kind in CAN_STOP:
                chance[:, gates.index(name)] = of_runs(1 - ndtr(walk.threshold[:, column]))
        return {
            "passes": of_runs(1 - ndtr(own)), "other_terms": of_runs(ndtr(own) - ndtr(least)),
            "waits": of_runs(np.where(~in_time & (path.walked <= self.deadline), 1 - ndtr(path.gates), 0.0)),
            "days": of_runs(self._day_if_all_comes(option)), "wish": of_runs(1 - ndtr(walk.own)),
            "accepted": of_runs(1 - ndtr(path.accepted)), "delivered": delivered(scenario, self.design),
            "share": lean.share, "reference": lean.record,
            "terms": 100 * option_terms(scenario, option, draw_stakes(scenario, self.design), self.design),
            "gate_passes": chance, "gain": lean.gain,
        }  # fmt: skip

    def _day_if_all_comes(self, option: str) -> Array:
        scenario = self.under[option]
        attention = each_draw(days_to_decide(self.base, self.design))
        return np.maximum(self.walks[option].day(happening(scenario, self.design, surely=True)), attention)

    def carried_out_from(self, option: str) -> Array:
        """The day on which an option is decided and accepted in the draw of each run's world; (run,), 0 of the
        baseline.

        Where what it waits for does not come there, the day if all came: what follows from an option is told as if it
        were carried out.
        """
        if option == self.base.baseline:
            return np.zeros(len(self.design.index))
        come = happening(self.under[option], self.design, surely=True)
        surely = self.walks[option].day(come, "acceptance", start=self._day_if_all_comes(option))
        day = self.outlook.paths[option].accepted_day
        return np.where(np.isfinite(day), day, surely)[::INNER]

    def _nothing_changes(self) -> dict[str, Array]:
        """The baseline needs nobody's consent: it holds at once and for certain."""
        stakes, runs = draw_stakes(self.base, self.design), len(self.design.index)
        return {
            **dict.fromkeys(("passes", "wish", "accepted", "delivered", "share", "reference"), np.ones(runs)),
            **dict.fromkeys(("other_terms", "waits", "days"), np.zeros(runs)),
            "terms": 100 * option_terms(self.base, self.base.baseline, stakes, self.design),
            "gate_passes": np.full((runs, len(self.base.process.gates)), np.nan),
            "gain": np.zeros((runs, len(stakes.stakeholders))),
        }


def deliberate(scenario: Scenario, design: Design, under: Mapping[str, Scenario] | None = None) -> Deliberation:
    """The deliberation over all options of a scenario; `under` gives the scenario under some; others are made.

    Raises:
        ScenarioError: an option's override leads nowhere or does not fit.
    """
    active = [name for name in scenario.options if name != scenario.baseline]
    made = under or {}
    under = {name: made[name] if name in made else scenario.under(name) for name in active}
    mood = shocks(scenario, design)
    plain = draw_stakes(scenario, design)
    alike = {name: same_people(scenario, under[name]) for name in active}
    stakes = {name: plain if alike[name] else draw_stakes(under[name], design) for name in active}
    terms = {name: option_terms(under[name], name, stakes[name], design) for name in active}
    leans = {name: dispositions(under[name], stakes[name], terms[name], design) for name in active}
    walks = {name: walk_gates(under[name], stakes[name], leans[name], mood, design) for name in active}
    noise = np.maximum(design.sample("process.noise", scenario.process.noise), 1e-9)
    deadline = design.sample("process.deadline", scenario.process.deadline)
    seen = [one.on for one in scenario.happened if one.what not in scenario.process.events and one.what != "nothing"]
    latest = (min(seen) - scenario.as_of).days if seen else np.inf  # by then the matter had been taken up
    attention = each_draw(np.minimum(days_to_decide(scenario, design), latest))
    level = inner(design, "reference_class.arrives", "arrives")
    plainly = happening(scenario, design)
    happens = {
        name: plainly if under[name].process.events == scenario.process.events else happening(under[name], design)
        for name in active
    }
    paths = {}
    for name in active:
        wanted = outcome.wanted_from(scenario, name, leans, stakes[name], mood, noise)
        sends = under[name].own or not scenario.own  # where nothing is offered, nothing was taken away
        came = np.where(level < each_draw(delivered(under[name], design)), float(bool(sends)), 0.0)
        notice, built = (each_draw(days) for days in earliest(under[name], design))
        mandates = {event: day for event, day in happens[name].items() if event in under[name].changing}
        built += walks[name].mandate(mandates)
        known = {
            one.what: float((one.on - scenario.as_of).days)
            for one in scenario.happened if one.came and one.option == name
        }  # fmt: skip
        paths[name] = outcome.path_of(walks[name], wanted, happens[name], attention, came, notice, built, known)
    weight, last_day = np.ones(len(level)), outcome.last_days(scenario, deadline, design)
    for one in scenario.happened:
        walks, paths, weight = conditioned(scenario, one, walks, paths, weight, last_day)
    reach = height(scenario)
    outlook = outcome.Outlook(
        paths=paths, rungs=np.array([reach[name] for name in active], dtype=np.int64),
        order=furthest_first(scenario, active, leans, noise), last_day=last_day,
    )  # fmt: skip
    return Deliberation(scenario, under, design, leans, walks, happens, outlook, each_draw(deadline), weight)


def same_people(one: Scenario, two: Scenario) -> bool:
    """Whether the stakes of two scenarios are drawn alike."""
    return one.stakeholders == two.stakeholders and one.process.bloc_correlation == two.process.bloc_correlation


def furthest_first(
    scenario: Scenario, options: list[str], leans: Mapping[str, Dispositions], runs: Array
) -> NDArray[np.int64]:
    """The options from the furthest-reaching on, in every draw; of one rung, those that proposers gain most from."""
    reach = height(scenario)
    names = list(scenario.stakeholders)
    rows = [names.index(name) for name in scenario.process.proposers or scenario.process.decider]
    each = [leans[name].gain[:, rows].mean(1) if rows else leans[name].share for name in options]
    liked = np.reshape(each, (len(options), len(runs))).T
    score = 10.0 * np.array([reach[name] for name in options], dtype=float) + liked
    ties = np.argsort(np.argsort(options, kind="stable"), kind="stable") * 1e-9  # by name, where all else is equal
    return np.repeat(np.argsort(-(score + ties), axis=1, kind="stable"), INNER, axis=0)
