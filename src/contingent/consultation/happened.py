"""How does the outlook stand now that something happened: which draws agree with it, and how much each counts?

Bayesian conditioning. Within a draw everything is a threshold of a normal shock, so what a gate or a decision came to
truncates that shock, and a mere sign weighs the shock above the threshold by its factor against that below: exactly, as
a rising function of all its thresholds (`known.reweighted`). Draws themselves differ in how likely they made what
happened; they are drawn again by that likelihood (`design_of`), so that engines and tables after it know of no weights.
Weighting each draw and dropping those without weight would say the same, but every mean, quantile and comparison after
it would have to carry weights; rejecting draws would cost more the more has happened.

Silence is told by the calendar alone: what is not listed ends after the last day known, in draws in which it should
have ended before with its duration drawn once more. That a body takes longer than thought is not taken as a no.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.consult import deliberate
from contingent.consultation.dispositions import INNER
from contingent.consultation.events import likelihood
from contingent.ensemble.design import Design, Redrawn
from contingent.ensemble.execute import parts
from contingent.errors import InputError
from contingent.scenario.model import Scenario
from contingent.streams import Streams

Array = NDArray[np.float64]
POOL = 4  # runs drawn for each that is kept
FEWEST = 50  # effective runs below which what happened is too strange to be told anything from: a judgement


def agreement(scenario: Scenario, design: Design) -> Array:
    """How likely each draw makes what happened, up to a factor; (run, draw)."""
    found = likelihood(scenario, design) * deliberate(scenario, design).likelihood
    return found.reshape(-1, INNER)


def effective(weight: Array) -> float:
    """The effective sample size of weighted runs (Kish 1965)."""
    return float(weight.sum() ** 2 / max((weight**2).sum(), 1e-300))


def weighed(scenario: Scenario, design: Design) -> tuple[Design, Array, float]:
    """The runs of a design with their inner draws drawn again, how much each run counts, (run,), with mean 1, and how
    likely what happened was over all of them, up to a factor.
    """
    each = agreement(scenario, design)
    again = _redrawn(design, design.runs, np.arange(len(each)), each)
    return again, _mean_one(scenario, each), float(each.mean())


def design_of(scenario: Scenario, seed: int, runs: int) -> Design:
    """The ensemble of a case: of all runs of the seed, or, where something happened, of those that agree with it.

    Raises:
        InputError: what happened is all but impossible in the case as it is written.
    """
    plain = Design(seed, runs)
    of, known = vars(scenario).get("_drawn_again", (None, {}))
    if of is not scenario:  # a copy with other parts brings the memory of what it was copied from
        _, known = vars(scenario)["_drawn_again"] = scenario, {}
    if scenario.happened and (seed, runs) not in known:
        known[seed, runs] = _drawn_again(scenario, plain)
    return known.get((seed, runs), plain)


def _drawn_again(scenario: Scenario, plain: Design) -> Design:
    whole = replace(plain, runs=POOL * plain.runs)
    each = np.concatenate([agreement(scenario, part) for part in parts(whole)])
    weight = _mean_one(scenario, each)
    if effective(weight) < min(FEWEST, plain.runs / 2):
        raise InputError(
            f"{scenario.name}: what happened is all but impossible here ({effective(weight):.0f} of {whole.runs} runs "
            "agree with it); look at `contingent history` for the entry that the case does not expect"
        )
    level = Streams(plain.seed)("happened.runs").random()
    at = (level + np.arange(plain.runs)) / plain.runs * weight.sum()
    points = np.minimum(np.searchsorted(np.cumsum(weight), at), whole.runs - 1)
    return _redrawn(whole, plain.runs, points, each[points])


def _mean_one(scenario: Scenario, each: Array) -> Array:
    weight = each.mean(1)
    if not weight.sum() > 0:
        raise InputError(f"{scenario.name}: what happened is impossible in the case as it is written")
    return weight / weight.mean()


def _redrawn(whole: Design, runs: int, points: NDArray[np.int64], each: Array) -> Redrawn:
    """Some runs of an ensemble, with their inner draws drawn again: systematically, the first of them fairly, too."""
    each = np.where(each.sum(1, keepdims=True) > 0, each, 1.0)
    up_to = np.cumsum(each, 1) / each.sum(1, keepdims=True)
    level = (np.arange(INNER) / INNER + Streams(whole.seed)("happened.draws").random((len(points), 1))) % 1.0
    order = (up_to[:, None, :-1] < level[:, :, None]).sum(2).astype(np.uint8)
    return Redrawn(whole.seed, runs, pool=whole.runs, points=points.astype(np.int64).tobytes(), order=order.tobytes())
