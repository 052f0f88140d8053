"""How every option of a scenario fares, and why, as plain values for programs and as lines for people."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from contingent.consultation.consult import consult
from contingent.consultation.influence import (
    gate_gains,
    influential_claims,
    influential_numbers,
    option_contest,
    stakeholder_swings,
)
from contingent.consultation.opinion_pool import looked_up
from contingent.consultation.result import Consultation
from contingent.consultation.stakes import draw_stakes
from contingent.consultation.terms import shipped_fit
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
DAYS = np.arange(0.0, 366.0, 15.0)
ENOUGH = 100  # runs with which stakeholders are moved one by one; the draws are paired, so few are needed
TOP = 8


def option_reports(scenario: Scenario, *, runs: int, seed: int) -> dict[str, Any]:
    """Every option of a scenario, consulted on with the same draws."""
    design = Design(seed, runs)
    everyone = option_contest(scenario, design)
    return {
        "scenario": scenario.name,
        "as_of": scenario.as_of.isoformat(),
        "runs": runs,
        "seed": seed,
        "contest_and_terms_of": "the stakeholders of the base scenario; an option's own `terms` where it changes any",
        "contest": {str(name): float(everyone.sel(option=name).mean()) for name in everyone["option"].values},
        "terms": terms_report(scenario, design),
        "options": {name: own_report(scenario, name, design) for name in scenario.options},
    }


def own_report(scenario: Scenario, name: str, design: Design) -> dict[str, Any]:
    """One option's report under its own overrides; with its own `terms` where they change who wants what, or decides.

    The contest of all options at once has one set of voters only: the base scenario's.
    """
    under = scenario.under(name)
    report = option_report(under, name, design)
    same = under.stakeholders == scenario.stakeholders and under.process == scenario.process
    return report if same else {**report, "terms": terms_report(under, design)}


def option_report(scenario: Scenario, option: str, design: Design) -> dict[str, Any]:
    """One option: probabilities, the four gates apart, the parts of the forecast, dates, and what moves it."""
    found = consult(scenario, option, design)
    mean = {str(name): float(found.data[name].mean()) for name in found.data if found.data[name].dims == ("run",)}
    report: dict[str, Any] = {
        "passes": mean["passes"],
        "other_terms": mean["other_terms"],
        "refused_or_late": 1 - mean["passes"] - mean["other_terms"],
        "four_gates": {
            "national_decision": mean["national"],
            "on_its_own_terms": mean["kept"],
            "accepted_by_the_parties": mean["accepted"],
            "delivered": mean["delivered"],
        },
        "parts": {name: mean[name] for name in ("share", "process", "reference")},
        "days": days_report(found),
        "passed_by_day": {str(int(d)): float(p) for d, p in zip(DAYS, found.by_day(DAYS).values, strict=True)},
        "gates": {str(gate): float(found.gate_passes.sel(gate=gate).mean()) for gate in found.data["gate"].values},
        "gains": {str(who): float(found.data["gain"].sel(stakeholder=who).mean()) for who in scenario.stakeholders},
    }
    if option == scenario.baseline:
        return report
    return {**report, "record": record_report(scenario), "why": why_report(scenario, found, design)}


def days_report(found: Consultation) -> dict[str, float | None]:
    """Quantiles of the days to the decision if it passes: every run counts by its chance to pass; None if none does."""
    days, weights = found.days.values, found.passes.values
    if not weights.sum() > 0:
        return {str(q): None for q in QUANTILES}
    return {str(q): float(np.quantile(days, q, weights=weights, method="inverted_cdf")) for q in QUANTILES}


def why_report(scenario: Scenario, found: Consultation, design: Design) -> dict[str, Any]:
    """Which stakeholder, gate, number and claim move the probability most."""
    ranked = influential_numbers(scenario, found, design)
    small = Design(design.seed, min(ENOUGH, design.runs))
    return {
        "stakeholders_runs": small.runs,
        "stakeholders": [
            {"who": m.who, "wholly_against": m.against, "now": m.now, "wholly_in_favour": m.in_favour}
            for m in stakeholder_swings(scenario, found.option, small)[:TOP]
        ],
        "gates": [asdict(gain) for gain in gate_gains(scenario, found.option, design)],
        "numbers": [{"path": item.name, "share_of_spread": item.share} for item in ranked[:TOP]],
        "claims": [
            {"claim": item.name, "share_of_spread": item.share} for item in influential_claims(scenario, ranked)[:TOP]
        ],
    }


def record_report(scenario: Scenario) -> dict[str, Any]:
    """What past decisions say: nearest cases first, then the classes, then the regression and its parts."""
    found = looked_up(scenario)
    return {
        "as_of": found.as_of.isoformat(),
        "cases": found.n,
        "nearest": [
            {
                "case": p.case.case_id,
                "country": p.case.country,
                "operation": p.case.operation,
                "when": p.case.month,
                "outcome": p.case.outcome,
                "conditions": p.case.conditions,
                "alike": list(p.alike),
                "unlike": list(p.unlike),
                "source": p.case.source_url or p.case.source_kind,
            }
            for p in found.nearest
        ],
        "classes": [
            {"class": r.label, "joined": r.joined, "of": r.n, "low": r.low, "high": r.high, "shrunk": r.shrunk}
            for r in found.classes
        ],
        "probability": {"best": found.probability, "low": found.low, "high": found.high},
        "log_odds": {**found.contributions, "the country itself": found.country},
    }


def terms_report(scenario: Scenario, design: Design) -> dict[str, Any]:
    """The calibrated distribution over every issue's scale, at the median stakes of the bargainers."""
    stakes = draw_stakes(scenario, design)
    members = [m for gate in scenario.process.gates.values() if gate.kind == "bargain" for m in gate.members]
    rows = stakes.rows(tuple(dict.fromkeys(members)) or stakes.stakeholders)
    found = {}
    for column, (issue, about) in enumerate(scenario.issues.items()):
        position = 100 * np.median(stakes.position[:, rows, column], axis=0)
        weight = np.median(stakes.capability[:, rows] * stakes.salience[:, rows, column], axis=0)
        if not weight.sum() > 0:
            continue
        shape = shipped_fit()[0].distribution(position, weight / weight.sum())
        found[issue] = {
            "median": shape.median,
            "mode": shape.mode,
            "interval80": [shape.low, shape.high],
            "near_anchor": {str(anchor): shape.near(float(anchor)) for anchor in about.anchors},
        }
    return found


def options_text(found: dict[str, Any]) -> str:
    """A screen of the same answers."""
    lines = [f"{found['scenario']}, as of {found['as_of']}: {found['runs']} runs, seed {found['seed']}"]
    for name, option in found["options"].items():
        early, usual, late = (option["days"][q] for q in ("0.05", "0.5", "0.95"))
        when = "passes in no run" if usual is None else f"day {usual:.0f} ({early:.0f} to {late:.0f}) if it passes"
        lines.append(
            f"  {name:<28} passes {option['passes']:5.1%}, on other terms {option['other_terms']:5.1%}; parties accept "
            f"{option['four_gates']['accepted_by_the_parties']:5.1%}; {when}"
        )
        if "why" not in option:
            continue
        parts = ", ".join(f"{part} {p:.0%}" for part, p in option["parts"].items())
        who, gate = option["why"]["stakeholders"][0], option["why"]["gates"][0]
        claim = option["why"]["claims"][0]["claim"] if option["why"]["claims"] else "none"
        near = option["record"]["nearest"][0]
        lines.append(f"      parts: {parts}; nearest precedent {near['case']} ({near['outcome']})")
        lines.append(
            f"      moves it most: {who['who']} (in {option['why']['stakeholders_runs']} runs: "
            f"wholly against {who['wholly_against']:.0%}, now {who['now']:.0%}, "
            f"wholly for {who['wholly_in_favour']:.0%}), "
            f"gate {gate['gate']} ({gate['gain_if_sure']:+.0%} if sure), claim {claim}"
        )
    return "\n".join(lines)
