"""What does the spatial model say of one table, as plain values for programs and as lines for people?

Report of the spatial model.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from contingent.consultation.aggregators import Aggregates, aggregate
from contingent.consultation.spatial.explanation import coalitions, levers, moves, tipping_position
from contingent.consultation.spatial.model import Model, Table
from contingent.consultation.spatial.model import structures as varied
from contingent.consultation.spatial.simulation import History, simulate, simulate_many
from contingent.consultation.spatial.uncertainty import draw_inputs, sobol
from contingent.ensemble.design import Design

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
SMALL, TOP = 60, 3  # stakeholders up to which the model is asked again, and how many are moved on an issue


def table_report(
    table: Table,
    model: Model,
    *,
    seed: int,
    draws: int,
    structures: tuple[str, ...],
    indices: bool,
    threads: int,
    design_seed: int,
) -> dict[str, Any]:
    """The spatial model on one table. `positions` and `ideals` are (state, stakeholder, issue), as KTAB prints them."""
    history = simulate(table, model, seed=seed)
    found: dict[str, Any] = {
        "title": table.title,
        "compat": model.compat,
        "params": model.options,
        "stakeholders": list(table.names),
        "issues": list(table.issues),
        "turns": len(history.position),
        "positions": history.position.tolist(),
        "ideals": history.ideal.tolist(),
        "win_prob": history.chance.T.tolist(),
        "outcome": {
            "expected": _by(table.issues, history.expected),
            "mode": _by(table.issues, history.mode),
            "mean": _by(table.issues, history.mean),
        },
        "aggregates": _aggregates(table, aggregate(table)),
        "coalitions": [
            {"members": list(c.members), "position": list(c.position), "probability": c.chance, "weight": c.weight}
            for c in coalitions(history)
        ],
        "moved": [{"who": p.who, "by": p.by, "distance": p.distance, "turns": p.turns} for p in moves(history)],
        "levers": [
            {"who": lever.who, "issue": lever.issue, "slope": lever.slope, "flips_at": lever.flips_at}
            for lever in levers(table)
        ],
        "model_levers": model_levers(history),
    }
    if draws > 0:
        models = varied(*structures, compat=model.compat) if structures else (model,)
        outcomes = simulate_many(
            draw_inputs(table, Design(design_seed, draws), models=models), threads=threads, seed=seed
        )
        spread = np.quantile(outcomes.expected, QUANTILES, axis=0)
        found["draws"] = {
            "runs": draws,
            "models": len(models),
            "quantiles": list(QUANTILES),
            "expected": _by(table.issues, spread.T),
            "mean_turns": float(outcomes.turns.mean()),
        }
    if indices:
        shares = sobol(table, model=model, seed=design_seed, threads=threads)
        found["sobol"] = {
            "runs": shares.runs,
            "inputs": list(shares.inputs),
            "first": _by(table.issues, shares.first.T),
            "total": _by(table.issues, shares.total.T),
        }
    return found


def model_levers(history: History) -> list[dict[str, Any]]:
    """Where the strongest stakeholders must stand for the model's own answer to cross 50; small tables only."""
    if len(history.table.names) > SMALL:
        return []
    ranked = levers(history.table)
    chosen = [lever for issue in history.table.issues for lever in [x for x in ranked if x.issue == issue][:TOP]]
    return [
        {"who": lever.who, "issue": lever.issue, "flips_at": tipping_position(history, lever.who, lever.issue)}
        for lever in chosen
    ]


def _by(names: tuple[str, ...], values: np.ndarray) -> dict[str, Any]:
    return {name: value.tolist() for name, value in zip(names, np.asarray(values), strict=True)}


def _aggregates(table: Table, found: Aggregates) -> dict[str, Any]:
    return {
        "weighted_mean": _by(table.issues, found.mean),
        "weighted_median": _by(table.issues, found.median),
        "nash_bargaining": _by(table.issues, found.nash),
        "challenge_model": _by(table.issues, found.challenge),
        "condorcet_elections": {name: _by(table.issues, point) for name, point in found.elections.items()},
    }


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
    return "\n".join(lines)
