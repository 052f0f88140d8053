"""`contingent mission`: what happens on the ground under an option, week by week."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from contingent.cli.flags import Ensemble, Flags

if TYPE_CHECKING:
    from contingent import force
    from contingent.ensemble.design import Design
    from contingent.mission.presence import Presence
    from contingent.scenario.model import Scenario


def mission(
    scenario: str,
    /,
    *,
    option: str | None = None,
    export: Path | None = None,
    against: str | None = None,
    world: str | None = None,
    sobol: Annotated[bool, Parameter(negative="")] = False,
    chain: int | None = None,
    flags: Flags = Flags(),
    ensemble: Ensemble = Ensemble(),
) -> int:
    """Simulate the mission of SCENARIO (a shipped name or a folder) with the best force its pledges make.

    Args:
        scenario: a shipped name or a folder.
        option: the option to simulate; the base scenario if not given.
        against: also split the difference from this option over security, disarmament, crossings, aid, governance,
            legal basis, command, use of force and theatre (Shapley values on paired runs), both in one world.
        world: in which world of events that no option decides; if not given, as the option stands, or with --against
            the world that most runs of the scenario are in.
        sobol: also say which equations' unknown numbers each outcome's spread comes from (Sobol indices); 2,000 runs
            or more.
        chain: also say what led to what, week by week, in this run (counted from 0).
        export: also write every run and week here, as .nc, .csv or .parquet.
        flags: how to report.
        ensemble: which ensemble is run.
    """
    from contingent import force
    from contingent.cli import output
    from contingent.consultation.consult import deliberate
    from contingent.ensemble.design import Design
    from contingent.errors import InputError, did_you_mean
    from contingent.mission.chain import chain as links
    from contingent.mission.explain import as_rows, shares, split
    from contingent.mission.explain import sobol as indices
    from contingent.mission.inputs import prepare
    from contingent.mission.outputs import Outputs, contributor_rows, dated, headline_dataset, labelled
    from contingent.mission.report import by_branch, check_export, of_headline, of_mission, to_text, write
    from contingent.mission.simulate import CHUNK, headlines, simulate_into
    from contingent.scenario.read import read
    from contingent.study.coupling import presence
    from contingent.study.formulas import engine_faults
    from contingent.study.planning import PLAN_GAP, effective
    from contingent.study.worlds import days_in, in_world, standing, start_of, usual, worlds

    base = read(scenario, engine_faults)
    for flag, name in (("option", option), ("against", against)):
        if name is not None and name not in base.options:
            raise InputError(f"--{flag} {name}: there is no such option; {did_you_mean(name, set(base.options))}")
    for flag, count in (("runs", ensemble.runs), ("workers", ensemble.workers)):
        if count < 1:
            raise InputError(f"--{flag} {count}: at least 1")
    if export is not None:
        check_export(export)
    known = worlds(base)
    if world is not None and world not in known:
        raise InputError(f"--world {world}: there is no such world; known are {', '.join(known)}")
    if against is not None and world is None:  # else an option is credited with events that it does not decide
        world = usual(base)

    def under(name: str | None) -> Scenario:
        named = base.under(name) if name else base
        return in_world(named, known[world]) if world else named

    def comes(name: str | None, plan: force.Plan, asked: Scenario, part: Design) -> Presence:
        """The force of an option as late as what it waits for, in the world it stands in."""
        named = base.under(name) if name else base
        where = world or standing(named)
        branches = {at: in_world(named, brings) for at, brings in known.items()} if where else {"": named}
        of = name or base.baseline
        alone = base.model_copy(update={"options": {each: base.options[each] for each in {base.baseline: 0, of: 0}}})
        decided = deliberate(alone, part).carried_out_from(of)
        return presence(force.deploy(plan, asked, part, start_of(branches, where or "", part, decided)))

    asked, where = effective(under(option)), world or standing(under(option)) or ""
    plan = force.plan(asked, gap=PLAN_GAP)
    found = {
        "scenario": base.name, "option": option, "label": base.options[option].label if option else base.title,
        "runs": ensemble.runs, "weeks": base.horizon, "from": base.as_of.isoformat(),
        "until": (base.as_of + timedelta(weeks=base.horizon, days=-1)).isoformat(), "seed": ensemble.seed,
        "contributor": base.contributor, "world": where or None,
        "solver": {"status": plan.solver.status, "gap": plan.solver.gap},
    }  # fmt: skip
    design = Design(ensemble.seed, ensemble.runs)
    if ensemble.runs > 2 * CHUNK:
        if export is not None or sobol or against is not None or chain is not None:
            raise InputError(f"--export, --against, --sobol and --chain: at most {2 * CHUNK:,} runs")
        rows = headlines(
            asked, lambda part: comes(option, plan, asked, part), seed=ensemble.seed, runs=ensemble.runs,
            parts=base.parts, days=lambda part: days_in(where, asked, part), workers=ensemble.workers,
        )  # fmt: skip
        found |= {"headline": of_headline(rows), "branches": by_branch(rows)}
    else:
        days = days_in(where, asked, design)
        inputs = prepare(asked, comes(option, plan, asked, design), design, base.parts, days)
        outputs = Outputs.empty(inputs)
        simulate_into(inputs, outputs)
        result = labelled(inputs, outputs, list(base.theatre.sectors))
        result = replace(result, weekly=dated(result.weekly, base.as_of))
        found |= of_mission(result, weekly=flags.json)
        own = headline_dataset(contributor_rows(inputs, outputs, base.contributor), inputs.runs)
        found["headline"] |= of_headline(own)
        found["branches"] = by_branch(result.headline.merge(own))
        if against is not None:
            other = effective(under(against))
            there = comes(against, force.plan(other, gap=PLAN_GAP), other, design)
            apart = shares(split(prepare(other, there, design, base.parts, days), inputs))
            found |= {"against": against, "split": apart}
        if sobol:
            again = Design(ensemble.seed + 1, ensemble.runs)
            second = prepare(asked, comes(option, plan, asked, again), again, base.parts, days_in(where, asked, again))
            found |= {"sobol": as_rows(indices(inputs, second))}
        if chain is not None:
            found |= {"chain": [str(link) for link in links(inputs, chain)]}
        if export is not None:
            write(result, export)
    lines = [to_text(found)]
    if chain is not None:
        lines += ["", *found["chain"]]
    output.answer(found, "\n".join(lines), flags)
    return 0
