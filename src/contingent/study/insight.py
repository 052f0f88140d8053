"""What would change the choice: which numbers, how far, in which corner of the assumptions?

Everything here is read off the runs already made. Inputs are screened by their rank correlation with the worth
of the options; the strongest go on to the slower questions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from contingent.appraisal.appraise import Steps, in_steps
from contingent.appraisal.discovery import Box, discover
from contingent.appraisal.sensitivity import (
    Sensitivity,
    Tipping,
    information,
    perfect_information,
    sensitivities,
    tipping_points,
)
from contingent.appraisal.value import at_leaves, worth
from contingent.consultation.dispositions import INNER
from contingent.consultation.events import happening
from contingent.ensemble.summary import centred_ranks
from contingent.errors import InputError, did_you_mean
from contingent.labels import CRITERION, OPTION, RUN
from contingent.scenario.option import Adaptive
from contingent.study.result import Result, leaves_of
from contingent.study.sampling import streams
from contingent.study.trace import ranks_drawn

STRONGEST = 40  # inputs that go on to the slower questions
BOXED = 16  # of those, inputs that a box may be cut along
NAMED = 12  # of those, inputs whose indices are computed


@dataclass(frozen=True, slots=True)
class Insight:
    """What would change the choice.

    `perfect`: worth of knowing everything; `information`: of knowing a record's numbers, by record, 0 left out;
    `tipping`: numbers whose move would put another option first; `indices`: Sobol' and PAWN of the strongest inputs
    for the worth of the best option beside the baseline; `boxes`: by option, the conditions under which it is best.
    """

    perfect: float
    information: dict[str, float]
    tipping: tuple[Tipping, ...]
    indices: dict[str, Sensitivity]
    boxes: dict[str, Box]


def insight(result: Result) -> Insight:
    """All of it for a result, in the units of worth (0 to 1)."""
    every = result.appraisal.score.transpose(OPTION, RUN)
    score = every.sel({OPTION: list(result.ranked)}).to_numpy()
    inputs = strongest(result, score)
    groups: dict[str, list[str]] = {}
    for path in inputs:
        groups.setdefault(".".join(path.split(".")[:2]), []).append(path)
    gap = _gap(result, every.to_numpy())
    named = dict(list(inputs.items())[:NAMED])
    few = dict(list(inputs.items())[:BOXED])
    known = information(score, inputs, groups)
    return Insight(
        perfect=perfect_information(score),
        information={
            name: value for name, value in sorted(known.items(), key=lambda item: (-item[1], item[0])) if value
        },
        tipping=tipping_points(inputs, score, result.ranked),
        indices=sensitivities(named, gap),
        boxes=boxes(result, score, few),
    )


def strongest(result: Result, score: np.ndarray) -> dict[str, np.ndarray]:
    """The draws of the inputs that move any option's worth beside the mean of all most, strongest first."""
    drawn = ranks_drawn(result.design)
    beside = [centred_ranks(row) for row in score - score.mean(axis=0)]
    outcomes = np.array([row for row in beside if row is not None])
    known = {path: stream for path, stream in streams(result.scenario).items() if not path.startswith("options.")}
    if not len(outcomes):
        return {}
    strength = {path: float(np.abs(outcomes @ drawn(stream)).max()) for path, stream in known.items()}
    order = sorted(known, key=lambda path: (-strength[path], path))[:STRONGEST]
    said = dict(result.scenario.estimates())
    return {path: said[path].quantile(known[path].level(result.design)) for path in order}


def _gap(result: Result, score: np.ndarray) -> np.ndarray:
    """The worth of the best active option less the baseline's, in every run."""
    base = result.options.index(result.scenario.baseline)
    active = [index for index in range(len(score)) if index != base]
    best = max(active, key=lambda index: float(score[index].mean()))
    return score[best] - score[base]


def boxes(result: Result, score: np.ndarray, inputs: dict[str, np.ndarray]) -> dict[str, Box]:
    """For every option, the conditions under which it is best at the mean weights; none where nothing describes it."""
    best = score.argmax(axis=0)
    found = {}
    for index, option in enumerate(result.ranked):
        box = discover(inputs, best == index)
        if box:
            found[option] = box
    return found


def ways(result: Result) -> dict[str, Adaptive]:
    """The scenario's ways of proceeding in steps whose options were both run."""
    return {n: way for n, way in result.scenario.adaptive.items() if {way.start, way.then} <= set(result.options)}


def adaptive(result: Result) -> dict[str, Steps]:
    """What the scenario's ways of proceeding in steps are worth beside the options, by name.

    Going over is put to the gates again, from the day on which the event comes, with time enough; until they are behind
    the first option goes on. What a force does is taken to add up evenly over time (a judgement).

    Raises:
        InputError: a trigger that is no event of the process.
    """
    scenario, found = result.scenario, {}
    values = result.appraisal.values.sel({OPTION: list(result.ranked)})
    for name, plan in ways(result).items():
        event = plan.trigger.removeprefix("event.")
        if event not in scenario.process.events:
            raise InputError(
                f"adaptive.{name}.trigger: there is no event `{event}`; "
                + did_you_mean(event, set(scenario.process.events))
            )
        if plan.start not in values[OPTION].values:
            continue
        horizon = 7.0 * scenario.horizon
        day = happening(scenario, result.design)[event][::INNER]
        limit = min(plan.before if plan.before is not None else horizon, horizon)
        comes = day <= limit
        walked = result.tables["outlook"]["walked"].sel(proposal=plan.then, drop=True).to_numpy()
        share = np.clip((np.where(comes, day, limit) + walked) / horizon, 0.0, 1.0)[:, None]
        leaves = leaves_of(result.tables, list(result.options), scenario.baseline, "carried_out_late")
        later = at_leaves(worth(result.performance, scenario.criteria), leaves, scenario.criteria)
        then, start = (
            table.sel({OPTION: option}, drop=True).transpose(RUN, CRITERION).to_numpy()
            for table, option in ((later, plan.then), (values, plan.start))
        )
        went = share * start + (1 - share) * then
        found[name] = in_steps(values, result.appraisal.weights.to_numpy(), plan.start, went, comes)
    return found
