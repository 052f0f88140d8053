"""What led to what in one simulated history, week by week.

A replay of the run with every state recorded. Where something breaks (a crossing shuts, the cease-fire falls,
consent is lost, a contributor leaves, the force is hit), the equations say what it acts upon next; a link is
reported if that state then moved further, within LAG weeks and in the direction the equation gives, than it does
from weeks of this history without such a break: in at most LEVEL of them does any state that a break acts upon move
as unusually. Where there are too few such weeks to tell, that is said and no link is reported.
"""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from contingent.errors import InputError
from contingent.mission import state
from contingent.mission.inputs import Inputs
from contingent.mission.outputs import Outputs
from contingent.mission.simulate import empty_trace, simulate_into

LAG = 8  # weeks in which an effect is looked for (judgement)
LEVEL = 0.05  # share of calm weeks after which a link may be reported by chance, over all targets of a state

_TABLES = tomllib.loads(files("contingent.mission").joinpath("data/chain.toml").read_text("utf-8"))
LINKS, BREAKS, WORDS = (_TABLES[name] for name in ("links", "breaks", "words"))
"""What each state acts upon (state, equation, direction), which change of it counts as a break, and their words."""


@dataclass(frozen=True, slots=True)
class Link:
    """A break in a week and the states that followed, each with the equation it came by and the size of its move."""

    week: int
    what: str
    followed: tuple[tuple[str, str, float], ...]
    told: bool = True
    """Whether there are enough calm weeks to tell what followed."""

    def __str__(self) -> str:
        steps = "".join(
            f" -> {WORDS.get(name, name)} {move:+.3g} (eq. {number})" for name, number, move in self.followed
        )
        unsure = "" if self.told else " (too few calm weeks to tell what followed)"
        return f"week {self.week}: {WORDS[self.what]}{steps}{unsure}"


def chain(inputs: Inputs, position: int) -> list[Link]:
    """The breaks of a run, counted from 0 (InputError: there is none such), in order, each with what followed."""
    if not 0 <= position < len(inputs.runs):
        raise InputError(f"run {position}: there are {len(inputs.runs)} runs, counted from 0")
    return of_series(replay(inputs, position))


def of_series(series: dict[str, np.ndarray]) -> list[Link]:
    """The breaks of one history, in order, each with what followed."""
    found = []
    for name in (name for name in BREAKS if name in series):
        weeks = breaks(series, name)
        quiet = calm(weeks, len(series[name]))
        told = len(LINKS.get(name, ())) <= LEVEL * (1 + len(quiet))  # else not even the furthest move is unusual
        found += [Link(week + 1, name, tuple(follow(series, name, week, quiet)), told=told) for week in weeks.tolist()]
    return sorted(found, key=lambda link: link.week)


def breaks(series: dict[str, np.ndarray], name: str) -> np.ndarray:
    """The weeks, counted from 0, in which a state breaks."""
    threshold = BREAKS[name]
    values = series[name] / max(series[name].max(), 1.0) if name == "troops" else series[name]
    step = values if name == "own_deaths" else np.diff(values, prepend=values[0])
    return np.flatnonzero(step >= threshold if threshold > 0 else step <= threshold)


def calm(weeks: np.ndarray, length: int) -> np.ndarray:
    """The weeks from which a break's effects could be told if there were one, and near which there is none."""
    every = np.arange(1, length - LAG)
    return every[(np.abs(every[:, None] - weeks) > LAG).all(axis=1)]


def replay(inputs: Inputs, position: int) -> dict[str, np.ndarray]:
    """Every weekly series of one run, at full precision; shape (week) each."""
    simulate_into(inputs, Outputs.empty(inputs), position, position + 1, trace := empty_trace(inputs))
    return {name: trace[0][:, row] for name, row in state.THEATRE.told(inputs.parts).items()}


def follow(series: dict[str, np.ndarray], name: str, week: int, calm: np.ndarray) -> list[tuple[str, str, float]]:
    """The states that moved after `name` broke, each acted upon by the one before: (state, equation, move).

    `calm`: weeks (from 0) without such a break, that say how far the states move in any case.
    """
    found: list[tuple[str, str, float]] = []
    seen, here, sign = {name}, name, 1 if name == "own_deaths" else -1
    while True:
        targets = [link for link in LINKS.get(here, ()) if link[0] not in seen and link[0] in series]
        for target, number, direction in targets:
            values = series[target] * sign * direction
            move, usual = furthest(values, week), [furthest(values, other) for other in calm.tolist()]
            chance = (1 + sum(other >= move for other in usual)) / (1 + len(usual))  # the week itself is one of them
            if move > 0 and chance <= LEVEL / len(targets):
                found.append((target, number, move * sign * direction))
                seen.add(target)
                here, sign = target, sign * direction
                break
        else:
            return found


def furthest(values: np.ndarray, week: int) -> float:
    """How far a state rises above the week before, at most, in a week and the LAG weeks after it."""
    return float(values[week : week + LAG + 1].max() - values[max(week - 1, 0)])
