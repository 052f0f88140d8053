"""How does a theatre stand on the first day: who is armed where, is there a cease-fire, how violent is it?

Everything that the equations start from and that follows from several numbers of the scenario, drawn in every run.
"""

from collections.abc import Mapping

import numpy as np
from scipy.special import ndtri

from contingent.ensemble.design import Design
from contingent.errors import InputError
from contingent.mission.eq02_violence import USUAL_NEED, USUAL_SUPPORT
from contingent.scenario.model import Scenario
from contingent.scenario.theatre import NONE, Theatre


def check_theatre(theatre: Theatre) -> None:
    """Refuse (InputError) a theatre that is nowhere, saying everything that is wrong with it."""
    faults = [] if theatre.sectors else ["theatre.sectors: there is no sector"]
    faults += [
        f"theatre.sectors.{name}: has neither people nor ground; give its population or its area"
        for name, sector in theatre.sectors.items()
        if sector.population.best <= 0 and sector.area.best <= 0
    ]
    faults += [
        f"theatre.armed_groups.{name}: is in no sector; give its share in at least one"
        for name, group in theatre.armed_groups.items()
        if group.strength.high > 0 and sum(share.best for share in group.sectors.values()) <= 0
    ]
    if faults:
        raise InputError("\n".join(faults))


def armed_people(theatre: Theatre, design: Design) -> tuple[np.ndarray, np.ndarray]:
    """Armed people and their weapons by sector, from the groups' strengths and how they are spread; (run, sector)."""
    runs, names = len(design.index), sorted(theatre.sectors)
    people, weapons = np.zeros((2, runs, len(names)))
    for name, group in sorted(theatre.armed_groups.items()):
        path = f"theatre.armed_groups.{name}"
        strength = design.sample(f"{path}.strength", group.strength)
        each = design.sample(f"{path}.weapons_per_person", group.weapons_per_person or NONE)
        spread = np.zeros((runs, len(names)))
        for sector, share in sorted(group.sectors.items()):
            spread[:, names.index(sector)] = design.sample(f"{path}.sectors.{sector}", share)
        whole = spread.sum(axis=1, keepdims=True)
        there = strength[:, None] * np.divide(spread, whole, out=np.zeros_like(spread), where=whole > 0)
        people += there
        weapons += there * each[:, None]
    return people, weapons


def neighbours(theatre: Theatre, names: tuple[str, ...]) -> np.ndarray:
    """The share each neighbour has in what spills over into a sector; shape (sector, sector), by name."""
    found = np.zeros((len(names), len(names)))
    for d, name in enumerate(names):
        near = [names.index(other) for other in theatre.sectors[name].neighbours]
        found[d, near] = 1.0 / max(len(near), 1)
    return found


def extents(theatre: Theatre, population: np.ndarray, theta: Mapping[str, np.ndarray], design: Design) -> np.ndarray:
    """What is in dispute in every sector, thousands of people or ground counted as such (equation 1a)."""
    found = np.zeros_like(population)
    for d, name in enumerate(sorted(theatre.sectors)):
        sector, path = theatre.sectors[name], f"theatre.sectors.{name}"
        area = design.sample(f"{path}.area", sector.area) * theta["ground_scale"] / theta["coverage_scale"]
        whole = np.where(population[:, d] > 0, population[:, d], area)
        share = 1.0 if sector.contested is None else design.sample(f"{path}.contested", sector.contested)
        found[:, d] = np.maximum(whole * share, 1e-9)
    return found


def ceasefire_times(scenario: Scenario, design: Design, days: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The given fields of the theatre that say whether, since when and from when on a cease-fire holds; (run) each.

    Raises:
        InputError: it comes with an event whose days are not given.
    """
    runs, truce = len(design.index), scenario.theatre.ceasefire
    found = {name: np.zeros(runs) for name in ("truced", "fights_at_start", "age_at_start")}
    begins = np.full(runs, -1.0)
    if truce is None:
        return found | {"begins": begins}
    found["truced"] += 1.0
    found["fights_at_start"] += truce.start is None or truce.start > scenario.as_of
    if truce.start is not None:
        since = (scenario.as_of - truce.start).days / 7
        found["age_at_start"] += max(since, 0.0)
        begins = np.full(runs, np.ceil(-since) if since < 0 else -1.0)
    elif truce.expected is not None and truce.by is not None:
        path = f"theatre.ceasefires.{scenario.theatre.ceasefires.index(truce)}.expected"
        chance = design.sample(path, truce.expected)
        level = design.uniform("theatre.ceasefire.comes")
        until = (truce.by - scenario.as_of).days / 7
        begins = np.where(level < chance, np.ceil(level / np.maximum(chance, 1e-12) * until), -1.0)
    else:
        gate = scenario.process.gates.get(truce.on)
        event = gate.event if gate is not None and gate.event else truce.on
        if event not in days:
            raise InputError(f"theatre.ceasefires: comes with `{truce.on}`, whose day nobody here knows")
        begins = np.where(np.isfinite(days[event]), np.ceil(days[event] / 7), -1)
    at_once = (found["fights_at_start"] == 1.0) & (begins == 0.0)
    return found | {"begins": np.where(at_once, 1.0, begins)}


def first_rate(
    theatre: Theatre, theta: Mapping[str, np.ndarray], armed: np.ndarray, need: np.ndarray, design: Design
) -> np.ndarray:
    """Events a week per 1,000 armed people at usual need and support, by which the theatre starts; shape (run,).

    Where people killed were observed, the rate under which as many are expected in such weeks without a force:
    saturation, spill-over, need and support as in equation 2, and what chance and the weeks' common heat leave open.
    """
    if theatre.observed is None:
        return theta["event_rate"]
    seen = theatre.observed
    killed = design.sample("theatre.observed.deaths", seen.deaths)
    weeks = np.maximum(design.sample("theatre.observed.weeks", seen.weeks), 1e-9)
    memory, noise = theta["intensity_memory"], theta["intensity_noise"]
    hot = noise**2 / (1 - memory**2)
    shared = (np.expm1(hot) * (1 + memory) / (1 - memory) + 1 / theta["event_dispersion"]) / (weeks * armed.shape[1])
    each = theta["civilian_deaths_per_event"]
    spread = np.sqrt(np.log1p(shared + (1 + each) / np.maximum(killed, 0.5)))
    wanted = np.maximum(killed, 0.5) / weeks / each * np.exp(spread * ndtri(design.uniform("theatre.observed.luck")))
    log_effects = hot[:, None] / 2 + theta["need_effect"][:, None] * (need - USUAL_NEED)
    log_effects = log_effects - (theta["support_effect"] * (theta["support_at_start"] - USUAL_SUPPORT))[:, None]
    near, most = neighbours(theatre, tuple(sorted(theatre.sectors))), theta["event_ceiling"][:, None] * armed / 1000
    low, high = np.full(len(wanted), -14.0), np.full(len(wanted), 14.0)
    for _ in range(40):
        middle = (low + high) / 2
        own, events = np.exp(middle)[:, None] * armed / 1000 * np.exp(log_effects), np.zeros_like(armed)
        for _ in range(6):
            m = own + theta["spill_over"][:, None] * events @ near.T
            events = m * most / np.maximum(m + most, 1e-12)
        more = events.sum(1) < wanted
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return np.exp((low + high) / 2)
