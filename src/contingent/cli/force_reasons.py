"""How the reasons behind a force plan are told: what is missing and why, what would help, who shares a sector."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import product
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from contingent.force.blockers import TITLES, named, short

if TYPE_CHECKING:
    from contingent.force import Plan, Solver
    from contingent.force.robust import Robust
    from contingent.scenario.model import Scenario

LINES, WIDTH = 6, 66  # lines of a list, the rest is counted; characters of a name


def solver_record(solver: Solver) -> dict[str, Any]:
    """How good a plan is known to be, as plain values."""
    return {name: getattr(solver, name) for name in ("status", "gap", "bound", "objective", "seconds")}


def solver_line(solver: Solver) -> str:
    """The same for people."""
    return f"{solver.status}: gap {solver.gap:.4%} to the proven bound, {solver.seconds:.1f} s"


def reasons_text(scenario: Scenario, record: dict[str, Any]) -> str:
    """The same for people."""
    heads = "  Change in persons short, averaged over all weeks; units may be split (- is better)"
    lines = [*_blocked(scenario, record["blocked"]), "", heads]
    for name, title in TITLES.items():
        felt = [c for c in record[name] if c["critical"] or c["short"]]
        lines.append(f"  {title:{WIDTH + 2}} {'minimum':>9} {'wanted':>9}")
        told = felt if name == "without_caveat" and len(felt) <= 2 * LINES else felt[:LINES]
        rows = ((shorten(named(scenario, c["what"]), WIDTH), signed(c["critical"]), signed(c["short"])) for c in told)
        lines += [f"    {what:{WIDTH}} {critical} {short}" for what, critical, short in rows]
        silent = [named(scenario, c["what"]) for c in record[name] if c not in felt and " alone" not in c["what"]]
        others = [what for what in silent if not what.startswith("ceiling of")]
        silent = others + ["any contributor's ceiling + 10 %"] * (others != silent)
        lines += [f"    and {len(felt) - len(told)} more"] * (len(felt) > len(told))
        lines += [f"    no effect: {few(silent)}"] * bool(silent)
    return "\n".join(lines)


def signed(persons: float) -> str:
    """A change in persons; nothing where there is none."""
    return f"{persons:+9,.0f}" if round(persons) else f"{'0':>9}"


def few(names: Sequence[str]) -> str:
    """Names on a line, the rest counted."""
    return ", ".join(names[:LINES]) + (f" and {len(names) - LINES} more" if len(names) > LINES else "")


def _blocked(scenario: Scenario, blocked: list[dict[str, Any]]) -> list[str]:
    """Requirements below their minimum: those with the same unit, task, phase and reasons together."""
    if not blocked:
        return ["  every minimum is met"]
    rows = {row.id: row for row in scenario.requirements}
    together = defaultdict[tuple[str, ...], list[dict[str, Any]]](list)
    for item in blocked:
        row = rows[item["requirement"]]
        together[row.unit, row.task, row.phase, repr(item["why"])].append(item)
    lines = ["  Requirements below their minimum (persons, averaged over the phase)"]
    for (unit, task, phase, _), items in list(together.items())[: 2 * LINES]:
        mandate, places = scenario.mandate, scenario.theatre.sectors
        where = ", ".join(f"{places[rows[i['requirement']].sector].label} {i['short']:,.0f}" for i in items)
        head = f"{scenario.unit_types[unit].label} for {mandate.tasks[task].label}, {mandate.phases[phase].label}"
        lines.append(f"    {head}: {where}")
        if all(item["alone"] >= 1 for item in items):
            lines.append("      short even if nothing else counted")
        for row in (rows[name] for name in dict.fromkeys(name for item in items for name, _ in item["instead"])):
            rival = f"{scenario.unit_types[row.unit].label} for {mandate.tasks[row.task].label}"
            at = f"{mandate.phases[row.phase].label}, {places[row.sector].label}"
            lines.append(f"      could be met instead of {rival}, {at}")
        lines += [f"      {why}: {few(pledges)}" if pledges else f"      {why}" for why, pledges in items[0]["why"]]
    more = len(together) - 2 * LINES
    return lines + [f"    and {more} more kinds; --json lists all"] * (more > 0)


def robust_record(found: Robust) -> dict[str, Any]:
    """A plan against withdrawals beside the ordinary one, as plain values."""
    cases = {name: getattr(found, name) for name in ("ordinary", "ordinary_worst", "robust", "robust_worst")}
    apart = {name: getattr(found.robust, name) - getattr(found.ordinary, name) for name in ("critical", "short")}
    return {
        "withdrawals": found.withdrawals, "solver": solver_record(found.solution.solver),
        **{name: {"withdrawn": list(case.withdrawn), **short(case)} for name, case in cases.items()},
        "price": {name: round(value, 1) for name, value in apart.items()},
        "considered": [list(loss) for loss in found.considered],
    }  # fmt: skip


def robust_text(scenario: Scenario, found: Robust, ordinary: Plan, plan: Plan) -> str:
    """The same for people, and whom the robust plan brings more or fewer of in the first phase."""
    cases = dict[str, Any]()
    for name in ("ordinary", "robust"):
        case, worst = getattr(found, name), getattr(found, f"{name}_worst")
        who = " and ".join(scenario.contributors[code].label for code in worst.withdrawn)
        cases |= {f"{name} plan, everybody comes": case, f"{name} plan, worst loss: {who}": worst}
    k, first = found.withdrawals, next(iter(scenario.mandate.phases))
    lines = [
        f"Against the worst withdrawal{'' if k == 1 else f' of any {k}'}: {solver_line(found.solution.solver)}",
        "  in the first half-year only those already asked can serve; from then on all who are left are re-planned",
        f"  {'Persons short, averaged over all weeks':58} {'minimum':>9} {'wanted':>9}",
        *(f"  {title:58} {case.critical:9,.0f} {case.short:9,.0f}" for title, case in cases.items()),
        f"  price of robustness if everybody comes: {found.robust.critical - found.ordinary.critical:+,.0f} below the "
        f"minimum, {found.robust.short - found.ordinary.short:+,.0f} below what is wanted",
        f"  what it saves at the worst: {found.ordinary_worst.critical - found.robust_worst.critical:,.0f} and "
        f"{found.ordinary_worst.short - found.robust_worst.short:,.0f}",
    ]
    change = (plan.assigned - ordinary.assigned).sel(phase=first).sum(["sector", "task"])
    moved = defaultdict[str, float](float)
    for pledge in scenario.pledges:
        key = f"{scenario.contributors[pledge.contributor].label}: {scenario.unit_types[pledge.unit].label}"
        moved[key] += float(change.sel(pledge=pledge.id))
    told = sorted((name for name, persons in moved.items() if abs(persons) >= 1), key=lambda name: -abs(moved[name]))
    lines.append(f"  brought in {scenario.mandate.phases[first].label} more or less than in the ordinary plan: "
                 f"{few([f'{name} {moved[name]:+,.0f}' for name in told]) or 'nobody'}")  # fmt: skip
    return "\n".join(lines)


def realized(scenario: Scenario, plan: Plan, seed: int, runs: int) -> dict[str, Any]:
    """What is covered in realized supplies, as plain values: persons below the minimum as 5 %, median and 95 %."""
    import numpy as np

    from contingent.ensemble.design import Design
    from contingent.force import deploy
    from contingent.force.deploy import realizations

    found = realizations(scenario, plan, deploy(plan, scenario, Design(seed=seed, runs=runs)))

    def spread(values: np.ndarray) -> list[float]:
        return [round(float(q), 1) for q in np.quantile(values, [0.05, 0.5, 0.95])]

    return {"runs": runs, "rules_broken": round(float(found.broken.mean()), 4)} | {
        name: {
            "minima_met": found.met(which), "all": spread(which.sum(1)),
            "tasks": {task: spread(which[:, i]) for i, task in enumerate(found.tasks)},
        }
        for name, which in (("as_planned", found.planned), ("replanned", found.replanned))
    }  # fmt: skip


def realized_text(scenario: Scenario, record: dict[str, Any]) -> str:
    """The same for people."""

    def line(label: str, *cells: str) -> str:
        return f"  {label:50}" + "".join(f" {cell:>26}" for cell in cells)

    def told(values: Sequence[float]) -> str:
        low, middle, high = values
        return f"{middle:,.0f} ({low:,.0f} to {high:,.0f})"

    plans = [record["as_planned"], record["replanned"]]
    tasks = {task: shorten(scenario.mandate.tasks[task].label, 48) for task in plans[0]["tasks"]}
    return "\n".join([
        f"In {record['runs']} realized supplies, persons below the minimum: median (90 % of supplies)",
        line("", "as planned", "re-planned"), line("all tasks", *(told(part["all"]) for part in plans)),
        *(line(label, *(told(part["tasks"][task]) for part in plans)) for task, label in tasks.items()),
        line("supplies in which every minimum is met", *(f"{part['minima_met']:.0%}" for part in plans)),
        line("supplies that break a rule on composition", f"{record['rules_broken']:.0%}", "0%"),
    ])  # fmt: skip


def sharing(plan: Plan) -> list[dict[str, Any]]:
    """What those in a sector have in common, or which side serves there, by rule, sector and stretch of weeks."""
    found: list[dict[str, Any]] = []
    for sector, choice in product(plan.common["sector"].values, plan.common["choice"].values):
        rule, _, what = str(choice).partition(": ")
        for period in plan.common.sel(choice=choice, sector=sector).values.nonzero()[0].tolist():
            start, end = int(plan.start[period]), int(plan.end[period])
            same = {"rule": rule, "sector": str(sector), "choice": what}
            if found and found[-1].items() >= same.items() and found[-1]["end"] == start:
                found[-1]["end"] = end
            else:
                found.append({**same, "start": start, "end": end})
    return found


def sharing_in_words(scenario: Scenario, plan: Plan) -> list[tuple[str, str, list[str]]]:
    """The same in words: rule, sector, and who or what holds there in which weeks."""
    parts = {"caveats": scenario.caveats, "composition": scenario.composition}
    named = {f"{part}.{name}": spec.label for part, specs in parts.items() for name, spec in specs.items()}
    found: dict[tuple[str, str], list[str]] = {}
    for item in sorted(sharing(plan), key=lambda item: (item["rule"], item["start"])):
        known, names = scenario.contributors, item["choice"].split(", ")
        who = ", ".join(known[name].label if name in known else name for name in names)
        place = named[item["rule"]], scenario.theatre.sectors[item["sector"]].label
        found.setdefault(place, []).append(f"{who} (weeks {item['start']} to {item['end']})")
    return [(rule, sector, told) for (rule, sector), told in found.items()]
