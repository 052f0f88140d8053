"""`contingent force`: who brings what, where and when, and what is still missing; by task and phase."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Any, Literal

from contingent.cli.load import known
from contingent.cli.output import SEED, Flags, Switch
from contingent.errors import InputError
from contingent.labels import CONTRIBUTOR, PHASE, PLEDGE, SECTOR, TASK, UNIT_TYPE

if TYPE_CHECKING:
    from contingent.force import Plan
    from contingent.scenario.model import Scenario

TASKS = 40  # characters of a task's name


def force(
    scenario: str,
    /,
    *,
    option: str | None = None,
    why: Switch = False,
    withdrawals: int | None = None,
    realize: int | None = None,
    propose: Switch = False,
    gap: float | None = None,
    seconds: float | None = None,
    seed: int = SEED,
    flags: Flags = Flags(),
) -> int:
    """Plan the force of SCENARIO under its options.

    Args:
        scenario: a shipped name or a folder.
        option: one option; if not given, the scenario as described and then every option.
        why: with one --option, also which requirements conflict, what would help most and whom it cannot lose.
        withdrawals: with one --option, also the plan that loses least when any so many contributors stay at home.
        realize: with one --option, also what is covered in so many realized supplies, as planned and re-planned.
        propose: instead of a plan, requirements proposed from tasks, sectors and inhabitants, as a file to edit.
        gap: relative distance to the proven bound that is good enough.
        seconds: time after which the best plan found so far is taken; if not given, the search ends by its work alone,
            and the plan is the same on every machine.
        seed: of the realized supplies.
        flags: how to report.
    """
    if gap is not None and not 0 < gap < 1:
        raise InputError(f"--gap {gap:g}: a share above 0 and below 1, such as 0.01")
    beside = {"why": why or None, "withdrawals": withdrawals, "realize": realize}
    if option is None and (asked := [name for name, value in beside.items() if value is not None]):
        raise InputError(f"--{asked[0]}: name one --option to ask this of")
    if withdrawals is not None and withdrawals < 1:
        raise InputError(f"--withdrawals {withdrawals}: ask for 1 to one less than the contributors")
    if realize is not None and realize < 1:
        raise InputError(f"--realize {realize}: at least 1 realized supply")
    from contingent.scenario.read import read

    whole = read(scenario)
    known("option", option, whole.options)
    if propose:
        rows = proposals(whole.under(option) if option else whole)
        flags.answer(rows, "requirements:\n" + "\n".join(f"  - {row}" for row in rows))
        return 0
    from contingent.force import plan
    from contingent.study.worlds import settled

    records, asked_of = {}, [option] if option else ["", *whole.options]
    for name, under in ((each, settled(whole.under(each) if each else whole)) for each in asked_of):
        found = plan(under, gap=gap or 1e-4, seconds=seconds)
        title = f"{name}: {whole.options[name].label}" if name else "as described, under no option"
        flags.tell(f"{title}\n{plan_text(under, found)}\n")
        more = asides(
            under, found, flags, why=why, withdrawals=withdrawals, seconds=seconds, realize=realize, seed=seed
        )
        records[name] = plan_record(under, found) | more
    flags.answer(records[option] if option else {**records.pop(""), "options": records})
    return 0


def sheet(
    direction: Literal["export", "import"],
    scenario: str,
    file: Path,
    /,
    *,
    option: str | None = None,
    hxl: Switch = False,
    write: Switch = False,
    cached: Switch = False,
    flags: Flags = Flags(),
) -> int:
    """Export SCENARIO and its plan to FILE.xlsx, or import FILE (.xlsx, .xlsm, .ods, .csv) into the scenario's folder.

    An import says what would change and stops; with --write it changes the scenario's files.

    Args:
        direction: export or import.
        scenario: a shipped name or a folder; an import with --write needs a folder of your own.
        file: the workbook.
        option: whose plan an export shows; if not given, that of the scenario as described.
        hxl: put a row of HXL hashtags under the headings.
        write: carry the import out.
        cached: import what formulas last showed; otherwise they are refused.
        flags: how to report.
    """
    from contingent.scenario.read import own_folder, read

    whole = read(scenario, as_written=True)
    if direction == "export":
        from contingent.scenario.workbook import write as export

        if file.suffix != ".xlsx":
            raise InputError(f"{file}: a workbook's name ends in .xlsx")
        if not file.parent.is_dir():
            raise InputError(f"{file}: there is no folder {file.parent}")
        known("option", option, whole.options)
        under = whole.under(option) if option else whole
        from contingent.force import plan
        from contingent.force.plan import plan_sheets
        from contingent.study.worlds import settled

        under = settled(under)
        export(whole, file, plan_sheets(under, plan(under)), hxl=hxl)
        counts = {"requirements": len(whole.requirements), "pledges": len(whole.pledges)}
        flags.answer({"written": file.name, **counts})
        if not flags.json:
            flags.log(f"wrote {file}: " + ", ".join(f"{n} {what}" for what, n in counts.items()))
        return 0

    from contingent.scenario.workbook_import import amend, read_workbook

    reading = read_workbook(whole, file, cached=cached)
    rows = [{n: getattr(d, n) for n in ("part", "id", "field", "before", "after")} for d in reading.differences]
    words = "\n".join(map(str, reading.differences)) or "no difference"
    flags.answer({"differences": rows, "notes": reading.notes, "written": write and bool(rows)}, words)
    for note in reading.notes:
        flags.log(note)
    if rows and not write:
        flags.log("nothing is written yet; --write carries it out")
    if rows and write:
        for changed in amend(own_folder(scenario), reading):
            flags.log(f"changed {changed}")
    return 0


def asides(
    under: Scenario, found: Plan, flags: Flags, *, why: bool, withdrawals: int | None, seconds: float | None,
    realize: int | None, seed: int,
) -> dict[str, Any]:  # fmt: skip
    """What was asked beside one option's plan: told at once, and as plain values."""
    from contingent.cli import force_reasons as tell

    record: dict[str, Any] = {}
    if why:
        from contingent.force.blockers import reasons

        record |= reasons(under, found)
        flags.tell(tell.reasons_text(under, record) + "\n")
    if withdrawals is not None:
        from contingent.force.build_instance import build_instance
        from contingent.force.plan import to_plan
        from contingent.force.robust import robust

        instance = build_instance(under)
        safe = robust(instance, withdrawals, seconds=seconds or 120.0)
        record["robust"] = tell.robust_record(safe)
        flags.tell(tell.robust_text(under, safe, found, to_plan(under, instance, safe.solution)))
    if realize is not None:
        record["realized"] = tell.realized(under, found, seed, realize)
        flags.tell(tell.realized_text(under, record["realized"]))
    return record


def plan_record(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    """A plan as plain values; persons are averages over the weeks of a phase."""
    from contingent.cli.force_reasons import sharing, solver_record
    from contingent.force.plan import operating

    assigned, beyond = plan.assigned.sum([SECTOR, TASK]), plan.unsupported
    return {
        "solver": solver_record(plan.solver), "required": nested(plan.required.sum(UNIT_TYPE)),
        "assigned": nested(plan.assigned.sum(PLEDGE)), "shortfall": nested(plan.shortfall.sum(UNIT_TYPE)),
        "critical": nested(plan.critical.sum(UNIT_TYPE)),
        "pledges": {
            pledge.id: {"contributor": pledge.contributor, "unit": pledge.unit, **row(assigned.sel(pledge=pledge.id))}
            for pledge in scenario.pledges
        },
        "unsupported": nested(beyond), "moved": nested(plan.moved),
        "shared": sharing(plan), "withheld": list(plan.withheld),
        "operating": operating(scenario, plan),
        "cost": {
            str(c): {str(p): round(float(plan.cost.sel(contributor=c, payer=p))) for p in plan.cost["payer"].values}
            for c in plan.cost[CONTRIBUTOR].values
        },
    }  # fmt: skip


def row(array) -> dict[str, float]:
    """One dimension as a mapping of label to persons."""
    return {str(k): round(float(v), 1) for k, v in zip(array[array.dims[0]].values, array.values, strict=True)}


def nested(array) -> dict[str, Any]:
    """Each dimension as a mapping of its labels, the first outermost."""
    first, *below = array.dims
    return {str(each): nested(array.sel({first: each})) for each in array[first].values} if below else row(array)


def plan_text(scenario: Scenario, plan: Plan) -> str:
    """The plan for people: per phase and task what is wanted, sent and below the minimum; then who sends it."""
    from contingent.cli.force_reasons import sharing_in_words, solver_line
    from contingent.force.plan import largest_phase, operating

    wanted, sent = plan.required.sum([UNIT_TYPE, SECTOR]), plan.assigned.sum([PLEDGE, SECTOR])
    critical = plan.critical.sum([UNIT_TYPE, SECTOR])
    phases = [str(p) for p in wanted[PHASE].values]
    lines = [solver_line(plan.solver), "  sent of wanted (! below the minimum), persons"]
    lines.append("  " + " " * TASKS + "".join(f"{scenario.mandate.phases[p].label:>24}" for p in phases))
    for task in wanted[TASK].values:
        cells = []
        for phase in phases:
            have, ask, short = (float(each.sel(phase=phase, task=task)) for each in (sent, wanted, critical))
            cells.append(f"{f'{have:,.0f} of {ask:,.0f}' + (f' !{short:,.0f}' if short >= 0.5 else ''):>24}")
        label = shorten(scenario.mandate.tasks[str(task)].label, TASKS)
        lines.append(f"  {label:{TASKS}}" + "".join(cells))
    peak = largest_phase(plan.assigned)
    for code, who in scenario.contributors.items():
        mine: dict[str, float] = {}
        for pledge in (each for each in scenario.pledges if each.contributor == code):
            label = scenario.unit_types[pledge.unit].label
            mine[label] = mine.get(label, 0.0) + float(peak.sel(pledge=pledge.id))
        if told := ", ".join(f"{unit} {persons:,.0f}" for unit, persons in mine.items() if persons >= 0.5):
            lines.append(f"  {who.label:24} {told}")
    places = {**scenario.theatre.sectors, **scenario.contributors}
    for name, kind in scenario.support.items():
        beyond = [
            f"{places[place].label if place in places else 'all'} in {phase.label} {persons:,.0f}"
            for key, phase in scenario.mandate.phases.items()
            for place in plan.unsupported["place"].values.tolist()
            if (persons := float(plan.unsupported.sel(support=name, phase=key, place=place))) >= 0.5
        ]
        lines.append(f"  {kind.label}, people not covered: {'; '.join(beyond) or 'none'}")
    for name, route in scenario.routes.items():
        passing = zip(scenario.mandate.phases.values(), plan.moved.sel(route=name).values, strict=True)
        told = ", ".join(f"{phase.label} {battalions:.1f}" for phase, battalions in passing)
        lines.append(f"  {route.label} ({route.mode}), battalion equivalents that come and go: {told}")
    for rule, shared in groupby(sharing_in_words(scenario, plan), key=itemgetter(0)):
        lines.append(f"  {rule}: " + "; ".join(f"{sector} {', '.join(told)}" for _, sector, told in shared))
    weeks = (
        f"{name} from {'no week' if week is None else f'week {week}'}"
        for name, week in operating(scenario, plan).items()
    )
    lines.append(f"  operating capability (every minimum met; all that is wanted there): {', '.join(weeks)}")
    lines.append(f"  cost of all who are there, million {scenario.money}: {', '.join(paid_in_words(scenario, plan))}")
    if plan.withheld:
        lines.append(f"  withheld by a condition or a veto: {', '.join(plan.withheld)}")
    return "\n".join(lines)


def paid_in_words(scenario: Scenario, plan: Plan) -> list[str]:
    """Who bears how much of what the force costs, in millions."""
    payers = {"fund": scenario.reimbursement.label, "contributor": "who sends them"}
    payers |= {code: who.label for code, who in scenario.contributors.items()}
    total = {str(payer): float(plan.cost.sel(payer=payer).sum()) / 1e6 for payer in plan.cost["payer"].values}
    return [f"{payers.get(who, who.replace('_', ' '))} {money:,.1f}" for who, money in total.items() if money >= 0.05]


def proposals(scenario: Scenario) -> list[dict[str, Any]]:
    """Proposed requirements as a scenario file would hold them."""
    from contingent.force.propose import propose

    return [
        {
            "id": r.id, "unit": r.unit, "sector": r.sector, "task": r.task, "phase": r.phase,
            "minimum": round(r.minimum.best), "wanted": round(r.wanted.best), "weight": r.weight.best,
            "assumption": r.assumption,
        }
        for r in propose(scenario)
    ]  # fmt: skip
