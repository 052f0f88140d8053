"""What does the spatial model say of one table, and why does it end where it does?

Report of the spatial model: coalitions, moves by bargain, tipping positions; as plain values and as lines for people.
"""

from dataclasses import replace
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

import numpy as np

from contingent.consultation.aggregators import ELECTIONS, aggregate, weighted_mean
from contingent.consultation.spatial import simulation
from contingent.consultation.spatial.model import Model, Table
from contingent.consultation.spatial.model import structures as varied
from contingent.consultation.spatial.simulation import History
from contingent.ensemble.design import Design

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
HALF = 50.0  # the middle of every scale
NEAR = 0.1  # points of a hundred within which KTAB takes two positions for one
SMALL, TOP = 60, 3  # stakeholders up to which the model is asked again, and how many are moved on an issue


def table_report(
    table: Table, model: Model, design: Design, *, seed: int, structures: tuple[str, ...], indices: bool, threads: int
) -> dict[str, Any]:
    """The spatial model on one table. `positions` and `ideals` are (state, stakeholder, issue), as KTAB prints them.

    What `design` draws around the table is told where it has runs.
    """
    history = simulation.simulate(table, model, seed=seed)
    mean = weighted_mean(history.position[-1], table.capability[:, None] * table.salience)

    def by(values: np.ndarray) -> dict[str, Any]:
        return dict(zip(table.issues, np.asarray(values).tolist(), strict=True))

    rules = {name: by(point) for name, point in aggregate(table).items()}
    elections = {name: rules.pop(name) for name in ELECTIONS}
    found: dict[str, Any] = {
        "title": table.title, "compat": model.compat, "params": model.options, "stakeholders": list(table.names),
        "issues": list(table.issues), "turns": len(history.position), "positions": history.position.tolist(),
        "ideals": history.ideal.tolist(), "win_prob": history.chance.T.tolist(),
        "outcome": {"expected": by(history.expected), "mode": by(history.mode), "mean": by(mean)},
        "aggregates": {**rules, "condorcet_elections": elections}, "coalitions": coalitions(history),
        "moved": moves(history), "levers": levers(table), "model_levers": model_levers(history),
        "notes": list(table.notes),
    }  # fmt: skip
    if design.runs > 0:
        models = varied(*structures, compat=model.compat) if structures else (model,)
        draws = simulation.draw_inputs(table, design, models)
        outcomes = simulation.simulate_many(draws, threads=threads, seed=seed)
        found["draws"] = {
            "runs": design.runs, "models": len(models), "quantiles": list(QUANTILES),
            "expected": by(np.quantile(outcomes.expected, QUANTILES, axis=0).T),
            "mean_turns": float(outcomes.turns.mean()),
        }  # fmt: skip
    if indices:
        shares, runs = simulation.sobol(table, model, seed=design.seed, threads=threads)
        names = list(simulation.input_names(table))
        found["sobol"] = {"runs": runs, "inputs": names, "first": by(shares.first.T), "total": by(shares.total.T)}
    return found


def model_levers(history: History) -> list[dict[str, Any]]:
    """Where the strongest stakeholders must stand for the model's own answer to cross the middle; small tables only."""
    if len(history.table.names) > SMALL:
        return []
    groups = groupby(levers(history.table), key=itemgetter("issue"))
    keys = [(lever["who"], issue) for issue, each in groups for lever in islice(each, TOP)]
    return [{"who": who, "issue": issue, "flips_at": tipping_position(history, who, issue)} for who, issue in keys]


def table_text(found: dict[str, Any]) -> str:
    """A screen of the same answers."""
    lines = [
        f"{found['title']} ({found['compat']}): {len(found['stakeholders'])} stakeholders, {found['turns'] - 1} turns"
    ]
    for issue in found["issues"]:
        points = {name: found["outcome"][name][issue] for name in ("expected", "mode", "mean")}
        rules = {name: values[issue] for name, values in found["aggregates"].items() if issue in values}
        lines.append(f"  {issue}: " + ", ".join(f"{name} {x:.1f}" for name, x in {**points, **rules}.items()))
    for group in found["coalitions"][:8]:
        where = ", ".join(f"{x:.1f}" for x in group["position"])
        lines.append(f"  {group['probability']:6.1%}  at ({where}): {', '.join(group['members'])}")
    return "\n".join([*lines, *(f"  note: {note}" for note in found["notes"])])


def coalitions(history: History) -> list[dict[str, Any]]:
    """Who ends together at which position (issue,), how likely, with what share of capability x salience."""
    final, table = history.position[-1], history.table
    power = table.capability * table.salience.sum(1)
    power = power / max(power.sum(), 1e-300)
    groups: dict[int, list[int]] = {}
    for i in history.order.tolist():
        home = next((first for first in groups if np.linalg.norm(final[i] - final[first]) < NEAR), i)
        groups.setdefault(home, []).append(i)
    found = [
        {
            "members": sorted(table.names[i] for i in group), "position": final[group[0]].tolist(),
            "probability": float(history.chance[-1][group[0]]), "weight": float(power[group].sum()),
        }
        for group in groups.values()
    ]  # fmt: skip
    return sorted(found, key=lambda c: (-c["probability"], c["members"]))


def moves(history: History) -> list[dict[str, Any]]:
    """Who moved how far (points, summed over turns) in bargains with whom, and in how many turns; the furthest first.

    A stakeholder moves only in a bargain it keeps, and each names two.
    """
    names = history.table.names
    far: dict[tuple[int, int], list[float]] = {}
    for turn, i in np.ndindex(history.turns, len(names)):
        first, second = map(int, history.log[turn, i, 3:5])
        other = second if first == i else first
        step = float(np.linalg.norm(history.position[turn + 1, i] - history.position[turn, i]))
        if other != i and step > 0:
            far.setdefault((i, other), []).append(step)
    found = [{"who": names[i], "by": names[j], "distance": sum(s), "turns": len(s)} for (i, j), s in far.items()]
    return sorted(found, key=lambda move: (-move["distance"], move["who"], move["by"]))


def levers(table: Table) -> list[dict[str, Any]]:
    """Whose position moves the weighted mean how much (`slope`), the strongest first on each issue.

    `flips_at`: the position at which this stakeholder alone would carry the mean across the middle, None where none
    from 0 to 100 does.
    """
    weight = table.capability[:, None] * table.salience
    total = weight.sum(0)
    mean = weighted_mean(table.position, weight)
    found = []
    for k, i in np.ndindex(len(table.issues), len(table.names)):
        slope = float(weight[i, k] / total[k]) if total[k] > 0 else 1 / len(table.names)
        at = table.position[i, k] + (HALF - mean[k]) / slope if slope > 0 else np.inf
        flips = float(at) if 0 <= at <= 100 else None
        found.append({"who": table.names[i], "issue": table.issues[k], "slope": slope, "flips_at": flips})
    return sorted(found, key=lambda lever: (table.issues.index(lever["issue"]), -lever["slope"], lever["who"]))


def tipping_position(history: History, who: str, issue: str) -> float | None:
    """The position of one stakeholder nearest to its own at which the model's expected outcome crosses the middle.

    Looked for on a grid of 5 points and refined by halving; None where nothing from 0 to 100 does it.
    """
    table = history.table
    i, k = table.names.index(who), table.issues.index(issue)
    side = history.expected[k] >= HALF

    def crosses(x: float) -> bool:
        position = table.position.copy()
        position[i, k] = x
        moved = simulation.simulate(replace(table, position=position), history.model)
        return bool(moved.expected[k] >= HALF) != side

    here = float(table.position[i, k])
    for x in sorted(np.arange(0.0, 101.0, 5.0), key=lambda x: abs(x - here)):
        if crosses(float(x)):
            near, far = here, float(x)
            for _ in range(7):
                middle = (near + far) / 2
                near, far = (near, middle) if crosses(middle) else (middle, far)
            return far
    return None
