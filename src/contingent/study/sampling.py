"""Which numbers does an ensemble draw, and from which column? Which of them move the options most?

Most are drawn under their path. A position in a bloc shares a part of its error with the bloc; a parameter of the
mission model is one stream whether the scenario says it or not, and a judgement one for all options. The force plan is
made with best values; what pledges hold, ceilings, notice and costs are drawn and cut down what comes of it. What is
needed, ruled and anchored is one number (`check` refuses an interval there). What moves the options is looked for in
one half of the runs: what is then said of it is judged on the other.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from contingent.consultation.stakes import bloc_of, correlated_level
from contingent.ensemble.design import Design
from contingent.ensemble.summary import centred_ranks, halves
from contingent.mission.parameters import acting
from contingent.quantities import Estimate
from contingent.scenario.model import Scenario

SAID = "theatre.parameters."
"""Where a scenario says a number of the mission model."""
STRONGEST = 40  # inputs that go on to the slower questions
RECORDS, EACH = 16, 6  # records whose worth of being known is looked into, and numbers of each: the strongest


@dataclass(frozen=True, slots=True)
class Stream:
    """Where a number's draws come from: the column of a `name`, mixed with a bloc's by `together` if it is of one."""

    name: str
    bloc: str = ""
    together: Estimate | None = None

    def level(self, design: Design) -> NDArray[np.float64]:
        """The share of its distribution below which the number lies in every run; shape (run,)."""
        if self.together is None:
            return design.uniform(self.name)
        return correlated_level(design, self.name, self.bloc, design.sample("process.bloc_correlation", self.together))


def streams(scenario: Scenario) -> dict[str, Stream]:
    """How each uncertain number of a scenario is drawn, by path, in the scenario's order."""
    together = scenario.process.bloc_correlation
    found: dict[str, Stream] = {}
    for path, estimate in scenario.estimates():
        if estimate.certain:
            continue
        match path.split("."):
            case ["theatre", "parameters", name]:
                found[path] = Stream(f"mission.{name}")
            case ["options", _, "judgements", name]:
                found[path] = Stream(f"judgements.{name}")
            case ["stakeholders", *_] if bloc := bloc_of(scenario, path):
                found[path] = Stream(path, bloc, together)
            case ["theatre", "crossings", name, _] if not scenario.theatre.crossings[name].goods:
                pass
            case _:
                found[path] = Stream(path)
    return found


def unsaid(scenario: Scenario) -> dict[str, Estimate]:
    """The mission model's parameters that act here and are left as they are, by the path where to say otherwise."""
    return {
        f"{SAID}{name}": prior.estimate
        for name, prior in acting(scenario).items()
        if name not in scenario.theatre.parameters
    }


def drawn_streams(scenario: Scenario) -> dict[str, Stream]:
    """How each uncertain number is drawn, by path: those of the scenario, and those of the mission model that act."""
    left = unsaid(scenario)
    return streams(scenario) | {
        path: Stream(path.replace(SAID, "mission.")) for path, each in left.items() if not each.certain
    }


def draws(scenario: Scenario, design: Design, paths: list[str]) -> dict[str, np.ndarray]:
    """What each number was in every run, by path."""
    known, said = streams(scenario), dict(scenario.estimates())
    return {path: said[path].quantile(known[path].level(design)) for path in paths}


def strongest(scenario: Scenario, design: Design, score: np.ndarray) -> list[str]:
    """The inputs that move any option's worth beside the mean of all most, the strongest first."""
    levels, outcomes = _screened(scenario, design, score)
    strength = {path: _strength(outcomes, level) for path, level in levels.items()}
    return sorted((path for path in levels if strength[path]), key=lambda path: (-strength[path], path))[:STRONGEST]


def together(scenario: Scenario, design: Design, score: np.ndarray) -> dict[str, list[str]]:
    """The records of which a number, or two numbers multiplied, moves the options most; of each, its strongest numbers.

    Two numbers multiplied, as a position and how much it matters to who holds it may tell nothing one by one.
    """
    levels, outcomes = _screened(scenario, design, score)
    records: dict[str, list[str]] = {}
    for path in levels:
        records.setdefault(".".join(path.split(".")[:2]), []).append(path)
    strength = {path: _strength(outcomes, level) for path, level in levels.items()}
    for paths in records.values():
        for one, two in combinations(paths, 2):
            found = _strength(outcomes, levels[one] * levels[two])
            strength[one], strength[two] = max(strength[one], found), max(strength[two], found)
    kept = {name: sorted(paths, key=lambda path: (-strength[path], path))[:EACH] for name, paths in records.items()}
    order = sorted((name for name in kept if strength[kept[name][0]]), key=lambda n: (-strength[kept[n][0]], n))
    return {name: kept[name] for name in order[:RECORDS]}


def _screened(scenario: Scenario, design: Design, score: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Of the first half of the runs: every input's levels about their mean, and every option's worth beside the mean.

    Worth as ranks, of unit length; (option, run).
    """
    first = halves(score.shape[1])
    beside = [centred_ranks(row[first]) for row in score - score.mean(axis=0)]
    known = {path: stream for path, stream in streams(scenario).items() if not path.startswith("options.")}
    outcomes = np.array([row for row in beside if row is not None]).reshape(-1, int(first.sum()))
    return {path: stream.level(design)[first] - 0.5 for path, stream in known.items()}, outcomes


def _strength(outcomes: np.ndarray, level: np.ndarray) -> float:
    """The largest correlation with any outcome; 0 where there is none."""
    length = float(np.linalg.norm(level - level.mean()))
    return float(np.abs(outcomes @ level).max(initial=0.0)) / length if length else 0.0
