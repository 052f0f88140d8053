"""`contingent consultation` and `contingent mission`: what one engine says by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from contingent.cli.load import at_least, known
from contingent.cli.output import Ensemble, Flags, Switch
from contingent.errors import InputError

if TYPE_CHECKING:
    from contingent.ensemble.design import Design
    from contingent.mission.inputs import Inputs
    from contingent.mission.presence import Presence
    from contingent.scenario.model import Scenario

TABLES = (".csv", ".tsv", ".txt", ".xml", ".xlsx", ".xls", ".ods")  # workbooks are told what they are


def consultation(
    scenario: str,
    /,
    *,
    compat: Literal["ktab", "corrected"] = "corrected",
    draws: int = 0,
    structures: tuple[str, ...] = (),
    indices: bool = False,
    save: Path | None = None,
    flags: Flags = Flags(),
    ensemble: Ensemble = Ensemble(),
) -> int:
    """Consult on SCENARIO (a shipped name or a folder), or play KTAB's spatial model on a .csv or .xml table.

    Args:
        scenario: a scenario, or a file in KTAB's format.
        compat: with a table, keep KTAB's quirks (`ktab`) or not.
        draws: with a table, also play this many draws around its numbers.
        structures: an option of the model to draw as well, such as PCEModel; may be given several times.
        indices: with a table, also say which inputs the spread comes from (Sobol indices).
        save: with a table, write it here, as .csv or .xml.
        ensemble: which ensemble is run.
        flags: how to report.
    """
    if Path(scenario).suffix.lower() in TABLES:
        from contingent.consultation.spatial.report import table_report, table_text
        from contingent.consultation.spatial.table_file import read_table, save_table
        from contingent.ensemble.design import Design

        table, model, seed = read_table(Path(scenario), compat)
        if save is not None:
            save_table(save, table, model, seed)
        found = table_report(
            table, model, Design(ensemble.seed, draws), seed=seed, structures=structures, indices=indices,
            threads=ensemble.workers,
        )  # fmt: skip
        flags.answer(found, table_text(found))
    else:
        from contingent.consultation.option_report import option_reports, options_text
        from contingent.scenario.read import read

        found = option_reports(read(scenario), runs=ensemble.runs, seed=ensemble.seed)
        flags.answer(found, options_text(found))
    return 0


def mission(
    scenario: str,
    /,
    *,
    option: str | None = None,
    export: Path | None = None,
    against: str | None = None,
    world: str | None = None,
    sobol: Switch = False,
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
        ensemble: which ensemble is run.
        flags: how to report.
    """
    from contingent import force
    from contingent.consultation.consult import deliberate
    from contingent.consultation.happened import design_of
    from contingent.ensemble.design import Design
    from contingent.mission import explain, report
    from contingent.mission.chain import chain as links
    from contingent.mission.inputs import prepare
    from contingent.mission.outputs import Outputs, contributor_rows, dated, headline_dataset, labelled
    from contingent.mission.simulate import CHUNK, headlines, simulate_into
    from contingent.scenario.read import read
    from contingent.study.coupling import presence
    from contingent.study.formulas import engine_faults
    from contingent.study.planning import PLAN_GAP, effective
    from contingent.study.worlds import days_in, in_world, standing, start_of, usual, worlds

    base = read(scenario, engine_faults)
    known("option", option, base.options)
    known("against", against, base.options)
    at_least(1, runs=ensemble.runs, workers=ensemble.workers)
    if export is not None:
        report.check_export(export)
    brought = worlds(base)
    known("world", world, brought, "world")
    if (
        against is not None or base.happened
    ) and world is None:  # else an option is credited with events that it does not decide
        world = usual(base)

    def under(name: str | None) -> tuple[Scenario, str]:
        """The scenario under an option, and the world it stands in."""
        named = base.under(name) if name else base
        named = in_world(named, brought[world]) if world else named
        return named, world or standing(named) or ""

    def comes(name: str | None, plan: force.Plan, asked: Scenario, part: Design) -> Presence:
        """The force of an option as late as what it waits for, in the world it stands in."""
        named = base.under(name) if name else base
        where = world or standing(named) or ""
        branches = {at: in_world(named, brings) for at, brings in brought.items()} if where else {"": named}
        of = name or base.baseline
        alone = base.model_copy(update={"options": {each: base.options[each] for each in {base.baseline: 0, of: 0}}})
        decided = deliberate(alone, part).carried_out_from(of)
        return presence(force.deploy(plan, asked, part, start_of(branches, where, part, decided)))

    named, where = under(option)
    asked = effective(named)
    plan = force.plan(asked, gap=PLAN_GAP)

    def inputs_in(part: Design) -> Inputs:
        return prepare(asked, comes(option, plan, asked, part), part, base.parts, days_in(where, asked, part))

    found = {
        "scenario": base.name, "option": option, "label": base.options[option].label if option else base.title,
        "runs": ensemble.runs, "weeks": base.horizon, "from": base.as_of.isoformat(),
        "until": (base.as_of + timedelta(weeks=base.horizon, days=-1)).isoformat(), "seed": ensemble.seed,
        "contributor": base.contributor, "world": where or None,
        "solver": {"status": plan.solver.status, "gap": plan.solver.gap},
    }  # fmt: skip
    design = design_of(base, ensemble.seed, ensemble.runs)
    if ensemble.runs > 2 * CHUNK:
        if export is not None or sobol or against is not None or chain is not None:
            raise InputError(f"--export, --against, --sobol and --chain: at most {2 * CHUNK:,} runs")
        if base.happened:
            raise InputError(f"--runs {ensemble.runs}: of a case in which something happened, at most {2 * CHUNK:,}")
        rows = headlines(
            asked, lambda part: comes(option, plan, asked, part), seed=ensemble.seed, runs=ensemble.runs,
            parts=base.parts, days=lambda part: days_in(where, asked, part), workers=ensemble.workers,
        )  # fmt: skip
        found |= {"headline": report.of_headline(rows), "branches": report.by_branch(rows)}
    else:
        inputs = inputs_in(design)
        outputs = Outputs.empty(inputs)
        simulate_into(inputs, outputs)
        result = labelled(inputs, outputs, list(base.theatre.sectors))
        result = replace(result, weekly=dated(result.weekly, base.as_of))
        found |= report.of_mission(result, weekly=flags.json)
        own = headline_dataset(contributor_rows(inputs, outputs, base.contributor), inputs.runs)
        found["headline"] |= report.of_headline(own)
        found["branches"] = report.by_branch(result.headline.merge(own))
        if against is not None:
            other = effective(under(against)[0])
            there = comes(against, force.plan(other, gap=PLAN_GAP), other, design)
            beside = prepare(other, there, design, base.parts, days_in(where, asked, design))
            found |= {"against": against, "split": explain.shares(explain.split(beside, inputs))}
        if sobol:
            second = inputs_in(Design(ensemble.seed + 1, ensemble.runs))
            found |= {"sobol": explain.sobol(inputs, second)}
        if chain is not None:
            found |= {"chain": [str(link) for link in links(inputs, chain)]}
        if export is not None:
            report.write(result, export)
    flags.answer(found, "\n".join([report.to_text(found), *(["", *found["chain"]] if chain is not None else [])]))
    return 0
