"""Will they go, and how does every option fare, and why: as plain values for programs and as lines for people."""

from typing import Any

import numpy as np
import xarray as xr

from contingent.consultation import influence
from contingent.consultation.consult import Deliberation, deliberate
from contingent.consultation.happened import design_of
from contingent.consultation.influence import Swing
from contingent.consultation.outcome import PENDING, commitment, ladder
from contingent.consultation.stakes import draw_stakes
from contingent.consultation.terms import SHIPPED, term_features
from contingent.consultation.track_record import looked_up
from contingent.consultation.winset import concessions, terms_that_can_pass
from contingent.ensemble.design import Design, Redrawn
from contingent.scenario.model import Scenario

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
ENOUGH = 100  # runs with which stakeholders are moved one by one; the draws are paired, so few are needed
TOP = 8
ENDS = ("wholly_against", "now", "wholly_in_favour")
WORDS = {
    "considered": "not decided yet: under consideration", "waiting": "agreed in principle, waiting for what others do",
    "refused": "refused, or put forward by nobody", "lapsed": "left undecided past the last deadline",
}  # fmt: skip


def option_reports(scenario: Scenario, *, runs: int, seed: int) -> dict[str, Any]:
    """The one answer, the ladder and the outcomes by each date, and every option, on the same draws."""
    design = design_of(scenario, seed, runs)
    talks = deliberate(scenario, design)
    return {
        "scenario": scenario.name, "as_of": scenario.as_of.isoformat(),
        "known_until": scenario.known_until.isoformat(), "runs": runs, "seed": seed,
        **ladder_report(talks), "why": why_report(talks),
        "concessions": concessions(scenario, small(design)),
        "terms_that_can_pass": terms_that_can_pass(scenario, small(design)),
        "terms": terms_report(scenario, design),
        "options": {name: option_report(talks, name) for name in scenario.options},
    }  # fmt: skip


def ladder_report(talks: Deliberation) -> dict[str, Any]:
    """The answer in one line, each rung by stage and day, and the outcomes, which sum to 1."""
    table = talks.table
    mean = table.drop_vars("run").mean("run")
    mean["day"] = mean["day"].astype(str)
    told = []
    for rung in ladder(talks.base):
        at, decided = mean.sel(rung=rung.name), table["reached"].sel(rung=rung.name, stage="decided").values
        told.append({
            "at_least": rung.label, "rung": rung.name, "options": list(rung.options),
            **at["reached"].to_series().to_dict(), "interval90": np.quantile(decided, [0.05, 0.95]).tolist(),
            "error": float(decided.std() / np.sqrt(len(decided))),
            "by_day": at["reached_by_day"].transpose("day", "stage").to_pandas().to_dict(),
        })  # fmt: skip
    stated, outcomes = talks.base.process.deadline, mean["outcomes"].to_series().to_dict()
    return {
        "deadline_days": {"best": stated.best, "low": stated.low, "high": stated.high}, "answer": answer(talks, told),
        "ladder": told, "whose": whose(talks.base), "outcomes": outcomes,
        "outcomes_by_day": mean["outcomes_by_day"].transpose("outcome", "day").to_pandas().to_dict(),
        "put_forward": {name: float(table["put_forward"].sel(proposal=name).mean()) for name in talks.outlook.paths},
        "means": {**WORDS, **{name: talks.base.options[name].label for name in outcomes if name not in PENDING}},
    }  # fmt: skip


def whose(scenario: Scenario) -> dict[str, list[str]]:
    """Whose decision each stage is: the decider's, with gates of others that come before it, and who has to accept."""
    found = {"decided": [scenario.decider], "accepted": []}
    for gate in scenario.process.gates.values():
        found["decided" if gate.stage == "decision" else "accepted"].append(gate.told if gate.whose else "")
    return {stage: list(dict.fromkeys(filter(None, names))) for stage, names in found.items()}


def answer(talks: Deliberation, rungs: list[dict[str, Any]]) -> dict[str, Any]:
    """The headline: whether anything is decided at all by the deadline."""
    if not rungs:
        return {"question": "of anything is nought: no option goes further than the status quo", "probability": 0.0}
    days = f"{talks.base.process.deadline.best:.0f} days (the deadline, drawn with its interval)"
    said = f"that at least this is decided within {days}: {rungs[0]['at_least']}"
    return {"question": said, "probability": rungs[0]["decided"], **{k: rungs[0][k] for k in ("interval90", "error")}}


def option_report(talks: Deliberation, option: str) -> dict[str, Any]:
    """One option, were it the one put forward: its chance, its gates, the parts of the wish, and its dates."""
    found, scenario = talks.consultation(option), talks.base
    mean = found.mean("run")
    said = lambda name: float(mean[name])  # noqa: E731
    report: dict[str, Any] = {
        "label": scenario.options[option].label, **{name: said(name) for name in ("passes", "other_terms", "waits")},
        "refused_or_late": max(0.0, 1 - said("passes") - said("other_terms")),
        "wanted_by_those_who_decide": said("wish"), "accepted_by_the_parties": said("accepted"),
        "delivered_after_a_yes": said("delivered"),
        "parts_of_the_wish": {name: said(name) for name in ("share", "reference")}, "days": days_report(found),
        "gates": mean["gate_passes"].to_series().dropna().to_dict(),
        "gains": {who: float(found["gain"].sel(stakeholder=who).mean()) for who in scenario.stakeholders},
    }  # fmt: skip
    return report if option == scenario.baseline else {**report, "record": record_report(talks.under[option])}


def days_report(found: xr.Dataset) -> dict[str, float | None]:
    """Quantiles of the days to the decision if it passes: every run counts by its chance to pass; None if none does."""
    days, weights = found.days.values, found.passes.values
    if not weights.sum() > 0:
        return dict.fromkeys(map(str, QUANTILES))
    return {str(q): float(np.quantile(days, q, weights=weights, method="inverted_cdf")) for q in QUANTILES}


def small(design: Design) -> Design:
    """The ensemble with which inputs are moved one by one."""
    few = min(ENOUGH, design.runs)
    return design.chunk(0, few) if isinstance(design, Redrawn) else Design(design.seed, few)


def why_report(talks: Deliberation) -> dict[str, Any]:
    """For each rung: who and what moves it most, and what would have to be true for it to tip over one half."""
    scenario, few = talks.base, small(talks.design)
    swings, events = influence.stakeholder_swings(scenario, few), influence.event_swings(scenario, few)
    gates = influence.gate_gains(talks)
    found = {}
    for step, rung in enumerate(ladder(scenario)):
        widest = sorted(swings, key=lambda swing: (-swing.width(step), swing.who))[:TOP]
        decided = talks.table["reached"].sel(stage="decided", rung=rung.name).values
        ranked = influence.influential_numbers(scenario, decided, talks.design)
        found[rung.name] = {
            "stakeholders": [swung(swing, step) for swing in widest],
            "events": [swung(swing, step) for swing in events],
            "gates": [{"gate": gate, "gain_if_sure": float(gain[step])} for gate, gain in gates.items()],
            "numbers": largest("path", ranked),
            "claims": largest("claim", influence.influential_claims(scenario, ranked)),
            "tips": tips(scenario, widest, events, step, few),
        }  # fmt: skip
    return {"runs": few.runs, "issue": commitment(scenario), "rungs": found}


def largest(what: str, shares: dict[str, float]) -> list[dict[str, Any]]:
    """The first of the shares of a spread, by what they are of."""
    return [{what: name, "share_of_spread": share} for name, share in list(shares.items())[:TOP]]


def swung(swing: Swing, step: int) -> dict[str, Any]:
    """A stakeholder's or an event's swing of one rung."""
    ends = zip(ENDS, (swing.against, swing.now, swing.in_favour), strict=True)
    return {"who": swing.who, **{name: float(end[step]) for name, end in ends}}


def tips(scenario: Scenario, swings: list[Swing], events: tuple[Swing, ...], step: int, design: Design) -> list[str]:
    """What alone would carry a rung over one half, or drop it below, in sentences."""
    issue = commitment(scenario)
    now = float(swings[0].now[step]) if swings else 0.0
    verb = "falls to" if now >= 1 / 2 else "rises to"
    said = []
    for swing in swings[:3]:
        at = influence.tipping_position(scenario, swing, step, design)
        if at is not None:
            who = scenario.stakeholders[swing.who]
            now_at = who.stakes[issue].position
            said.append(f"{who.label} stood at {at} of 100 on {issue} (now {now_at}): the chance {verb} one half")
    for swing in events:
        end, word = (swing.against, "were sure not to come") if now >= 1 / 2 else (swing.in_favour, "were sure to come")
        if (end[step] >= 1 / 2) != (now >= 1 / 2):
            said.append(f"{scenario.process.events[swing.who].label} {word}: the chance {verb} {end[step]:.0%}")
    return said


def record_report(scenario: Scenario) -> dict[str, Any]:
    """What past decisions say: nearest cases first, then the classes, then the regression and its parts."""
    found = looked_up(scenario)
    return {
        "as_of": found.as_of.isoformat(), "cases": found.n,
        "nearest": [
            {
                "case": p.case.case_id, "country": p.case.country, "operation": p.case.operation, "when": p.case.month,
                "outcome": p.case.outcome, "conditions": p.case.conditions, "alike": list(p.alike),
                "unlike": list(p.unlike), "source": p.case.source_url or p.case.source_kind,
            }
            for p in found.nearest
        ],
        "classes": [
            {"class": r.label, "joined": r.joined, "of": r.n, "low": r.low, "high": r.high, "shrunk": r.shrunk}
            for r in found.classes
        ],
        "probability": {"best": found.probability, "low": found.low, "high": found.high},
        "log_odds": {**found.contributions, "the country itself": found.country},
    }  # fmt: skip


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
        shape = SHIPPED.over(term_features(position, weight / weight.sum()))
        found[issue] = {
            "median": shape.median, "mode": shape.mode, "interval80": [shape.low, shape.high],
            "near_anchor": {str(anchor): shape.near(float(anchor)) for anchor in about.anchors},
        }  # fmt: skip
    return found


def options_text(found: dict[str, Any]) -> str:
    """A screen of the same answers."""
    since = f" with what happened until {found['known_until']}" * (found["known_until"] > found["as_of"])
    lines = [f"{found['scenario']}, as of {found['as_of']}{since}: {found['runs']} runs, seed {found['seed']}"]
    said = found["answer"]
    error = f": {said['probability']:.0%} (standard error {100 * said['error']:.1f} points)" if found["ladder"] else ""
    lines.append(f"The chance {said['question']}{error}")
    lines.append(f"  {'at least':<58}{'decided':>9}{'accepted':>10}{'delivered':>11}   by the deadline")
    for rung in found["ladder"]:
        numbers = f"{rung['decided']:>9.1%}{rung['accepted']:>10.1%}{rung['delivered']:>11.1%}"
        lines.append(f"  {rung['at_least'][:56]:<58}{numbers}")
    if found["whose"]["accepted"]:
        lines += [f"  {stage}: by {'; '.join(names)}" for stage, names in found["whose"].items()]
    lines.append("What will have happened (sums to 100 %):")
    days = list(found["outcomes_by_day"])[:6]
    lines.append(f"  {'':<58}{'deadline':>9}" + "".join(f"{'day ' + day:>9}" for day in days))
    for name, p in found["outcomes"].items():
        row = "".join(f"{found['outcomes_by_day'][day][name]:>9.1%}" for day in days)
        lines.append(f"  {found['means'][name][:56]:<58}{p:>9.1%}{row}")
    lines.append("Each option, were it the one put forward:")
    for name, option in found["options"].items():
        early, usual, late = (option["days"][q] for q in ("0.05", "0.5", "0.95"))
        when = "passes in no run" if usual is None else f"day {usual:.0f} ({early:.0f} to {late:.0f}) if it passes"
        lines.append(
            f"  {name:<28} decided in time on its own terms {option['passes']:6.1%}, on others "
            f"{option['other_terms']:6.1%}; agreed but waiting {option['waits']:4.0%}; "
            f"parties accept {option['accepted_by_the_parties']:4.0%}; {when}"
        )
    lines += why_text(found["why"], {rung["rung"]: rung["at_least"] for rung in found["ladder"]})
    for step in found["concessions"][:3]:
        if step["after"] > step["before"]:
            lines.append(
                f"A concession: {step['option']} with {step['issue']} at {step['moved'][1]:.0f} in place of "
                f"{step['moved'][0]:.0f} passes the gates with {step['after']:.0%} for {step['before']:.0%}; "
                f"{step['to_whom']} gains most by it"
            )
    able = [terms for terms in found["terms_that_can_pass"] if terms["winset"]]
    points = "; ".join(", ".join(f"{issue} {at:.0f}" for issue, at in terms["terms"].items()) for terms in able[:4])
    lines.append(f"Terms that no gate stops at best values: {points or 'none'}")
    return "\n".join(lines)


def why_text(why: dict[str, Any], labels: dict[str, str]) -> list[str]:
    """What moves each rung, in a line or two each."""
    lines = []
    for rung, told in why["rungs"].items():
        lines.append(f"What moves “{labels[rung]}” ({why['runs']} runs):")
        for ends, key in ((("wholly against", "wholly for"), "stakeholders"), (("never", "surely"), "events")):
            lines += [
                f"  {each['who']}: {ends[0]} {each['wholly_against']:.0%}, now {each['now']:.0%}, "
                f"{ends[1]} {each['wholly_in_favour']:.0%}"
                for each in told[key][:2]
            ]
        lines += [f"  if {sentence}" for sentence in told["tips"][:3]]
    return lines
