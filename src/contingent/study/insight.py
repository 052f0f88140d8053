"""What would change the choice: which numbers, how far, in which corner of the assumptions?

Inputs are screened on one half of the runs, by their rank correlation with the worth of the options; the strongest go
on to the slower questions. Answers are told as far as the other half, or runs made for the purpose, bear them out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any

import numpy as np
import xarray as xr

from contingent.appraisal.appraise import Steps, in_steps
from contingent.appraisal.discovery import Box, discover
from contingent.appraisal.sensitivity import (
    Gain,
    Tipping,
    crossings,
    exceeds,
    information,
    known_weights,
    perfect_information,
    tipping_points,
)
from contingent.appraisal.value import at_leaves, with_tails, worth
from contingent.consultation.dispositions import INNER
from contingent.consultation.events import happening
from contingent.ensemble.summary import FAMILYWISE_ALPHA, told_apart
from contingent.errors import InputError, did_you_mean
from contingent.labels import CRITERION, OPTION, RUN
from contingent.scenario.option import Adaptive
from contingent.scenario.paths import changed
from contingent.study.result import Result, leaves_of
from contingent.study.sampling import draws, strongest, together
from contingent.study.study import Study

BOXED = 16  # inputs that a box may be cut along, the strongest
TRIED = 4  # tipping points that are tried out, at most
TRIAL = (100, 1000)  # fewest and most runs of a trial; between them half as many as the study's
PROMISING = 0.1  # chance of a crossing, up to which it is tried out
FAR = 0.05  # share of its draws that lie beyond the value a number is set to in a trial
CHEAP = (
    250_000  # pledges times wanted units, over all force plans, up to which trials are worth their wait (a judgement)
)


@dataclass(frozen=True, slots=True)
class Insight:
    """What would change the choice.

    `facts`, `weights`, `both`: worth of knowing every fact, of settling the weights, of both; `information`: of knowing
    a record's numbers, by record, those told apart from nothing; `tipping`: numbers whose move would put another option
    first; `boxes`: by option, the conditions under which it is best.
    """

    facts: Gain
    weights: Gain
    both: Gain
    information: dict[str, Gain]
    tipping: tuple[Tipping, ...]
    boxes: dict[str, Box]


def insight(result: Result) -> Insight:
    """All of it for a result, in the units of worth (0 to 1)."""
    return _once(result, "insight", _found)


def _once(result: Result, name: str, make: Callable[[Result], Any]) -> Any:
    """What is made of a result, once: as a cached property, of a result that knows nothing of this."""
    kept = vars(result)
    if name not in kept:
        kept[name] = make(result)
    return kept[name]


def _found(result: Result) -> Insight:
    appraisal, ranked = result.appraisal, {OPTION: list(result.ranked)}
    score = appraisal.score.sel(ranked).transpose(OPTION, RUN).to_numpy()
    values = appraisal.values.sel(ranked).transpose(OPTION, RUN, CRITERION).to_numpy()
    regret = appraisal.regret.transpose(OPTION, RUN).to_numpy()
    groups = together(result.scenario, result.design, score)
    drawn = draws(result.scenario, result.design, [path for paths in groups.values() for path in paths])
    inputs = draws(result.scenario, result.design, strongest(result.scenario, result.design, score))
    return Insight(
        facts=perfect_information(score), weights=known_weights(values, appraisal.weights.to_numpy()),
        both=Gain.of(regret[regret.mean(axis=1).argmin()]), information=information(score, drawn, groups),
        tipping=tipping(result, inputs, score), boxes=boxes(result, score, dict(list(inputs.items())[:BOXED])),
    )  # fmt: skip


def tipping(result: Result, inputs: dict[str, np.ndarray], score: np.ndarray) -> tuple[Tipping, ...]:
    """The numbers whose move puts another option first, most draws beyond first.

    The clearest crossings are tried out: the whole ensemble is run again on fresh draws, as it is and with the number
    set to the far end of its draws. Told where the other option is then worth more, and more so than without the move
    (as in `tipping_points`); a third run says on which side of the crossing seen it comes first. Where the force plans
    are large, unseen runs are looked at instead: by their size, so that no machine's speed changes what is told.
    """
    asked = (result.scenarios[option] for option, _ in result.plans)
    if sum(len(scenario.pledges) * len(scenario.requirements) for scenario in asked) > CHEAP:
        return tipping_points(inputs, score, result.ranked)
    best = result.ranked[int(score.mean(axis=1).argmax())]
    found = [point for chance, point in crossings(inputs, score, result.ranked) if chance <= PROMISING][:TRIED]
    if not found:
        return ()
    as_it_is = trial(result)
    tried, chances = [], []
    for point in found:
        end = float(np.quantile(inputs[point.name], 1 - FAR if point.above else FAR))
        lead = [each[point.to] - each[best] for each in (as_it_is, trial(result, point.name, end))]
        tried.append((replace(point, set_to=end), float(lead[1].mean())))
        chances.append(max(exceeds(lead[1]), exceeds(lead[1] - lead[0])))
    told = []
    for (point, there), apart in zip(tried, told_apart(chances), strict=True):
        if apart:
            again = trial(result, point.name, point.at)
            here = float((again[point.to] - again[best]).mean())
            at = point.at if here > 0 else point.at + (point.set_to - point.at) * here / (here - there)
            values = inputs[point.name]
            share = float((values > at if point.above else values < at).mean())
            told.append(replace(point, at=at, share=share))
    return tuple(sorted(told, key=lambda point: (-point.share, point.name)))


def trial(result: Result, path: str = "", value: float = 0.0) -> dict[str, np.ndarray]:
    """The worth of every option (run,) in an ensemble of fresh draws, with one number set to a value.

    A value among those that the number was drawn from fits wherever the number did: nothing is checked again.
    """
    try:
        found = _once(result, "fresh", _fresh)
        if path:
            asked, scenario = found.question, changed(result.scenario, {path: value})
            found = Study(scenario, result.options, asked.seed).run(asked.runs, since=found)
    except InputError:  # with the number there every option breaks a floor: none takes over
        return {name: np.zeros(_runs(result)) for name in result.ranked}
    return {name: found.appraisal.score.sel({OPTION: name}).to_numpy() for name in result.ranked}


def _fresh(result: Result) -> Result:
    """The same question on fresh draws."""
    return Study(result.scenario, result.options, result.question.seed + 1).run(_runs(result))


def _runs(result: Result) -> int:
    """The runs of a trial."""
    return int(np.clip(result.question.runs // 2, *TRIAL))


def boxes(result: Result, score: np.ndarray, inputs: dict[str, np.ndarray]) -> dict[str, Box]:
    """For every option, the conditions under which it is best at the mean weights; none where nothing describes it."""
    best = score.argmax(axis=0)
    chance = FAMILYWISE_ALPHA / len(result.ranked)
    found = {name: discover(inputs, best == i, chance=chance) for i, name in enumerate(result.ranked)}
    return {name: box for name, box in found.items() if box}


def turns(found: Mapping[str, xr.Dataset]) -> dict[str, str]:
    """The choices of reckoning (`Result.structures`) that put another option first than as told, with that option.

    Named where the other's lead, and how much more it is than as told, exceed their Monte Carlo error over runs and
    weights (the larger of two p-values), with `told_apart` over all; the same runs and weights meet every choice.
    """
    best = {name: str(each[OPTION].values[int(each["first"].to_numpy().argmax())]) for name, each in found.items()}
    told, others = best["as_told"], {name: to for name, to in best.items() if to != best["as_told"]}
    chances = []
    for name, to in others.items():
        lead, before = (found[at].sel({OPTION: to}, drop=True) - found[at].sel({OPTION: told}, drop=True)
                        for at in (name, "as_told"))  # fmt: skip
        chances.append(max(_chance(lead), _chance(lead - before)))
    return {name: to for (name, to), apart in zip(others.items(), told_apart(chances), strict=True) if apart}


def _chance(lead: xr.Dataset) -> float:
    """The p-value of a mean lead above 0, by its parts over runs and over weights."""
    error = np.sqrt(sum(float(lead[part].var(ddof=1)) / lead[part].size for part in ("by_run", "by_weight")))
    mean = float(lead["first"])
    return NormalDist().cdf(-mean / error) if error else float(mean <= 0)


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
        plain = worth(result.performance, scenario.criteria)
        later = with_tails(at_leaves(plain, leaves, scenario.criteria), plain, leaves, scenario.criteria)
        then, start = (
            table.sel({OPTION: option}, drop=True).transpose(RUN, CRITERION).to_numpy()
            for table, option in ((later, plan.then), (values, plan.start))
        )
        went = share * start + (1 - share) * then
        found[name] = in_steps(values, result.appraisal.weights.to_numpy(), plan.start, went, comes)
    return found
