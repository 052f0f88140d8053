"""When does everything happen that a decision waits for, and that nobody here decides?

Conditional events in continuous time: an event comes after others, is moved by others, or is the Security Council's
vote. Each happens or not in every inner draw of a run, alike for all options; the first draw is the one whose world the
run is in (`study.worlds`).
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from contingent.consultation.council import COEFFICIENTS, adoption
from contingent.consultation.dispositions import each_draw, inner
from contingent.ensemble.design import Design
from contingent.scenario.model import Scenario
from contingent.scenario.process import Event

PATH = "process.events.{}"


def happening(scenario: Scenario, design: Design, *, surely: bool = False) -> dict[str, NDArray[np.float64]]:
    """The day of every event in every draw, counted from the scenario's date; inf where it never comes; (draw,).

    With `surely`, the day on which each comes if all of them do.
    """
    events = scenario.process.events
    days: dict[str, NDArray[np.float64]] = {}
    for name in in_order(events):
        event, path = events[name], PATH.format(name)
        delay = each_draw(design.sample(f"{path}.delay", event.delay))
        come = delay + np.max([days[other] for other in event.after], axis=0) if event.after else delay
        if surely:
            days[name] = come
            continue
        chance, moved = each_draw(probability(event, path, design)), np.zeros(len(delay))
        for other, logits in event.moved_by.items():
            moved += np.isfinite(days[other]) * each_draw(design.sample(f"{path}.moved_by.{other}", logits))
        chance = np.where(moved == 0, chance, expit(logit(np.clip(chance, 1e-12, 1 - 1e-12)) + moved))
        level = inner(design.uniform(f"{path}.happens"), name).ravel()
        days[name] = np.where(level < chance, come, np.inf)
    return days


def probability(event: Event, path: str, design: Design) -> NDArray[np.float64]:
    """The probability of an event once what it comes after has happened; (run,)."""
    if event.council is not None:
        vote, at = event.council, f"{path}.council"
        positions = {who: design.sample(f"{at}.positions.{who}", stands) for who, stands in vote.positions.items()}
        level = {name: design.uniform(f"process.events.council.{name}") for name in COEFFICIENTS}
        tabled = design.sample(f"{at}.tabled", vote.tabled)
        return adoption(vote.proposed_by, vote.year, vote.chapter_vii, positions, tabled, level)
    assert event.probability is not None  # checked when the scenario is read
    return design.sample(f"{path}.probability", event.probability)


def in_order(events: Mapping[str, Event]) -> tuple[str, ...]:
    """The events' names, each after those it hangs on; a circle, which `check` refuses, ends where it closes."""
    found: dict[str, None] = {}

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in found or name in above:
            return
        for other in (*events[name].after, *events[name].moved_by):
            visit(other, (*above, name))
        found[name] = None

    for name in events:
        visit(name, ())
    return tuple(found)
