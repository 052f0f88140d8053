"""What led to what in one simulated history, week by week.

A replay of the run with every state recorded. Where something breaks (a crossing shuts, the cease-fire falls,
consent is lost, a contributor leaves, the force is hit), the equations say what it acts upon next; a link is
reported if that state then moved, within LAG weeks and in the direction the equation gives, by more than
its usual change in this history.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from contingent.errors import InputError
from contingent.mission import block
from contingent.mission.inputs import Inputs
from contingent.mission.simulate import Outputs, simulate_into

LAG = 8  # weeks in which an effect is looked for (judgement)
UNUSUAL = 1.5  # standard deviations of a state's own changes over LAG weeks (judgement)

# what each state acts upon, by which equation, and in which direction
LINKS = {
    "crossings_open": (("need", "6, 7", -1),),
    "ceasefire": (("outside_deaths", "3", -1), ("events", "2", -1), ("crossings_open", "6", 1)),
    "consent": (("disarmed", "5", 1),),
    "troops": (("coverage", "1", 1),),
    "coverage": (("events", "2", -1), ("trucks_lost", "6", -1)),
    "need": (("support", "9", -1), ("legitimacy", "8", -1), ("events", "2", 1)),
    "outside_deaths": (("support", "9", -1),),
    "events": (("support", "9", -1), ("legitimacy", "8", -1), ("own_deaths", "4", 1)),
    "support": (("own_deaths", "4", -1),),
}
BREAKS = {"crossings_open": -0.25, "ceasefire": -0.5, "consent": -0.5, "troops": -0.05, "own_deaths": 3}
"""What counts as a break from one week to the next: a change by this much (troops: as a share of the most)."""
WORDS = {
    "crossings_open": "crossing shut",
    "ceasefire": "cease-fire falls",
    "consent": "consent lost",
    "troops": "troops leave",
    "own_deaths": "force hit",
    "events": "violence",
    "outside_deaths": "outside fire",
    "disarmed": "disarmament",
    "trucks_lost": "convoy loss",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A break in a week and the states that followed, each with the equation it came by and the size of its move."""

    week: int
    what: str
    followed: tuple[tuple[str, str, float], ...]

    def __str__(self) -> str:
        steps = "".join(
            f" -> {WORDS.get(name, name)} {move:+.3g} (eq. {number})" for name, number, move in self.followed
        )
        return f"week {self.week}: {WORDS[self.what]}{steps}"


def chain(inputs: Inputs, position: int) -> list[Link]:
    """The breaks of the run at a position among the inputs' runs, in order, each with what followed.

    Raises:
        InputError: there is no such run.
    """
    if not 0 <= position < len(inputs.runs):
        raise InputError(f"run {position}: there are {len(inputs.runs)} runs, counted from 0")
    series = replay(inputs, position)
    found = []
    for name, threshold in BREAKS.items():
        values = series[name] / max(series[name].max(), 1.0) if name == "troops" else series[name]
        step = values if name == "own_deaths" else np.diff(values, prepend=values[0])
        weeks = np.flatnonzero(step >= threshold if threshold > 0 else step <= threshold)
        found += [Link(int(week) + 1, name, tuple(follow(series, name, int(week)))) for week in weeks]
    return sorted(found, key=lambda link: link.week)


def replay(inputs: Inputs, position: int) -> dict[str, np.ndarray]:
    """Every weekly series of one run, at full precision; shape (week) each."""
    trace = np.zeros((inputs.weeks, inputs.place.shape[1] + 1, max(len(block.SECTOR), len(block.HISTORY))))
    simulate_into(inputs, Outputs.empty(inputs), position, position + 1, trace)
    return {name: trace[:, -1, j] for j, name in enumerate(block.SERIES)}


def follow(series: dict[str, np.ndarray], name: str, week: int) -> list[tuple[str, str, float]]:
    """The states that moved after a break, each acted upon by the one before: (state, equation, move)."""
    found: list[tuple[str, str, float]] = []
    seen, here, sign = {name}, name, 1 if name == "own_deaths" else -1
    while True:
        for target, number, direction in LINKS.get(here, ()):
            values = series[target]
            usual = np.abs(values[LAG:] - values[:-LAG]).std() if len(values) > LAG else 0.0
            ahead = values[week : week + LAG + 1] - values[max(week - 1, 0)]
            move = float(ahead.max() if sign * direction > 0 else ahead.min())
            if target not in seen and usual > 0 and move * sign * direction > UNUSUAL * usual:
                found.append((target, number, move))
                seen.add(target)
                here, sign = target, 1 if move > 0 else -1
                break
        else:
            return found
