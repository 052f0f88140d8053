"""A run's headline numbers as plain values, for programs and for one line on a terminal."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from contingent.ensemble.summary import summarize
from contingent.labels import CRITERION, OPTION, RANK
from contingent.study.result import Result


def headline(result: Result) -> dict[str, Any]:
    """What a run says, option by option: no clock, no path, so that the same question gives the same bytes."""
    question = result.question
    return {
        "run": question.id,
        "scenario": question.scenario.name,
        "as_of": question.scenario.as_of.isoformat(),
        "seed": question.seed,
        "runs": question.runs,
        "version": question.version,
        "options": {name: of_option(result, name) for name in result.options},
    }


def of_option(result: Result, option: str) -> dict[str, Any]:
    """One option's headline numbers."""
    at = {OPTION: option}
    decision, appraisal = result.consultation.sel(at), result.appraisal
    performed = result.performance.sel(at)
    return {
        "passes": asdict(summarize(decision["passes"])),
        "other_terms": asdict(summarize(decision["other_terms"])),
        "first": float(appraisal.ranks.sel({**at, RANK: 1})),
        "criteria": {
            str(name): asdict(summarize(performed.sel({CRITERION: name}))) for name in performed[CRITERION].values
        },
        "solver": {
            world: {"status": s.status, "gap": s.gap, "bound": s.bound}
            for (name, world), s in ((key, plan.solver) for key, plan in result.plans.items())
            if name == option
        },
    }
