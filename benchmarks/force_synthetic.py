"""Planning questions of any size, drawn at random, to measure the optimiser on.

    uv run python benchmarks/force_synthetic.py [reference|large] [--full] [--gap 0.01] [--seconds S] [--seed N]

Numbers are of the order the trade knows (battalions of 850, police units of 140, hospitals of 65; notices of one
to six months, tours of six or twelve); nobody in them exists.
"""

import argparse
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from force_verify import verify

from contingent.force.instance import Calendar, Cells, Demand, Groups, Instance, Limits, ShareRule, SupportRule
from contingent.force.solve import solve
from contingent.streams import Streams

UNITS = (  # name, persons, lift in battalions, US dollars a person-month, tasks of six it can serve
    ("infantry_battalion", 850, 1.0, 2500, (0, 1, 2)),
    ("mechanized_battalion", 700, 1.6, 3200, (0, 1)),
    ("infantry_company", 170, 0.2, 2500, (0, 2, 3)),
    ("formed_police_unit", 140, 0.15, 2400, (0, 2, 4)),
    ("engineer_company", 175, 0.5, 2900, (1, 3)),
    ("construction_company", 175, 0.6, 2900, (3,)),
    ("ordnance_company", 120, 0.2, 3300, (1, 3)),
    ("transport_company", 150, 0.4, 2700, (3, 5)),
    ("level_two_hospital", 65, 0.25, 4000, (3, 5)),
    ("utility_aviation_unit", 100, 0.4, 6000, (0, 5)),
    ("signals_company", 110, 0.2, 3000, (4, 5)),
    ("civil_military_team", 60, 0.05, 2800, (3, 4)),
)
HOSPITAL = 8
COVERED, FIRST_AID = 1500.0, 500.0  # people a level 2 hospital covers, people in a sector who need none (judgements)
MOST = 0.15  # of the force from one contributor
PERSONS, LIFT, PAY = (np.array([u[i] for u in UNITS], float) for i in (1, 2, 3))


@dataclass(frozen=True, slots=True)
class Size:
    """How large a drawn question is."""

    contributors: int
    units: int
    sectors: int
    periods: int
    weeks: int = 13
    tasks: int = 6


SIZES = {"reference": Size(60, 400, 5, 12), "large": Size(100, 1000, 8, 16)}


def draw(size: Size, seed: int, *, full: bool = False) -> Instance:
    """A question of this size: caveats, tours, lift, budget; if `full`, also all that ties units to each other.

    `full` adds medical cover of sectors, shares of contributors and lift for units going home.
    """
    rng = Streams(seed)("force.synthetic")
    calendar = Calendar(np.arange(size.periods) * size.weeks, np.arange(1, size.periods + 1) * size.weeks)
    groups = _groups(size, rng, calendar)
    demand = _demand(size, rng, groups)
    names = tuple(f"C{i:03}" for i in range(size.contributors))
    limits = _limits(size, groups, demand, calendar)
    if full:
        share = max(MOST, 1.5 / size.contributors)  # shares that sum to less than one let nobody serve
        most = tuple(ShareRule(f"most:{c}", np.array([x == c for x in names]), share, least=False) for c in names)
        hospital = groups.unit == HOSPITAL
        medical = SupportRule("medical", COVERED * hospital, ~hospital, FIRST_AID)
        limits = replace(limits, outbound=True, shares=most, supports=(medical,))
    return Instance(
        calendar, names, tuple(u[0] for u in UNITS), tuple(f"sector_{i}" for i in range(size.sectors)),
        tuple(f"task_{i}" for i in range(size.tasks)), groups, demand, _cells(size, rng, groups, demand), limits,
    )  # fmt: skip


def _groups(size: Size, rng: np.random.Generator, calendar: Calendar) -> Groups:
    """Units dealt out to contributors, identical ones of a contributor together."""
    giver = rng.choice(size.contributors, size.units, p=rng.dirichlet(np.full(size.contributors, 2.0)))
    kind = rng.choice(len(UNITS), size.units, p=np.array([5, 2, 3, 3, 2, 2, 1, 2, 1, 1, 1, 1]) / 24)
    pairs, count = np.unique(giver * len(UNITS) + kind, return_counts=True)
    contributor, unit = pairs // len(UNITS), pairs % len(UNITS)
    notice = rng.uniform(4, 26, len(pairs))
    tour = rng.choice([2, 4], len(pairs))
    cost = PERSONS[unit] * PAY[unit] * rng.uniform(0.8, 1.3, len(pairs))
    return Groups(
        name=tuple(f"C{c:03}_{UNITS[u][0]}" for c, u in zip(contributor, unit, strict=True)),
        contributor=contributor, unit=unit, count=count, persons=PERSONS[unit],
        divisible=np.zeros(len(pairs), bool), notice=notice,
        tour=13.0 * tour, tours=count * rng.integers(1, 4, len(pairs)), lift=LIFT[unit],
        cost=cost, billed=cost,
        reliability=rng.uniform(0.3, 0.95, len(pairs)),
    )  # fmt: skip


def _demand(size: Size, rng: np.random.Generator, groups: Groups) -> Demand:
    """For every type a little more than is offered of it, spread over the sectors and the tasks it can serve."""
    rows = [(u, s, k) for u, spec in enumerate(UNITS) for s in range(size.sectors) for k in spec[4]]
    unit, sector, task = np.array(rows).T
    offered = np.bincount(groups.unit, groups.count, len(UNITS))
    weights = (
        rng.uniform(0.3, 1.7, len(rows)) * np.array([0.6 + 0.8 * rng.random() for _ in range(size.sectors)])[sector]
    )
    share = weights / np.bincount(unit, weights, len(UNITS))[unit]
    wanted = np.round(1.1 * offered[unit] * share)[:, None] * PERSONS[unit][:, None]
    shape = np.interp(np.arange(size.periods), [0, 2, size.periods * 0.7, size.periods], [0.4, 1, 1, 0.7])
    wanted = np.round(wanted * shape / PERSONS[unit][:, None]) * PERSONS[unit][:, None]
    minimum = np.floor(wanted * 0.5 / PERSONS[unit][:, None]) * PERSONS[unit][:, None]
    return Demand(
        unit,
        sector,
        task,
        minimum,
        wanted,
        np.repeat(rng.choice([1.0, 2.0, 3.0], (len(rows), 1)), size.periods, axis=1),
    )


def _cells(size: Size, rng: np.random.Generator, groups: Groups, demand: Demand) -> Cells:
    """What caveats leave: one contributor in three refuses a task, one in four refuses a sector."""
    no_task = np.where(rng.random(size.contributors) < 1 / 3, rng.integers(0, size.tasks, size.contributors), -1)
    no_sector = np.where(rng.random(size.contributors) < 1 / 4, rng.integers(0, size.sectors, size.contributors), -1)
    of = groups.contributor[:, None]
    fits = groups.unit[:, None] == demand.unit
    open_ = fits & (no_task[of] != demand.task) & (no_sector[of] != demand.sector)
    group, row = np.nonzero(open_)
    return Cells(group, row, np.zeros(len(group), bool))


def _limits(size: Size, groups: Groups, demand: Demand, calendar: Calendar) -> Limits:
    """A ceiling below the demand, lift for the whole force in five quarters, money for nine tenths of the ceiling."""
    peak = demand.wanted.sum(0).max()
    strength = 0.85 * peak
    lift = (groups.lift * groups.count).sum() / 5
    typical = (groups.cost * groups.count).sum() / (groups.persons * groups.count).sum()
    year = calendar.start // 52
    return Limits(
        strength=np.full(size.periods, strength), lift=np.full(size.periods, lift), outbound=False,
        budget=np.full(year[-1] + 1, 0.9 * strength * typical * 12), stretch=year,
        contributor=np.full(size.contributors, np.inf),
    )  # fmt: skip


def main() -> None:
    """Solve one, check its plan and its weeks by the verifier, and print what it took."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("size", choices=SIZES, nargs="?", default="reference")
    words.add_argument("--full", action="store_true", help="add medical cover, shares and lift for units going home")
    words.add_argument("--gap", type=float, default=0.01)
    words.add_argument("--seconds", type=float, default=None)
    words.add_argument("--seed", type=int, default=20251028)
    asked = words.parse_args()
    instance, started = draw(SIZES[asked.size], asked.seed, full=asked.full), perf_counter()
    solution = solve(instance, gap=asked.gap, seconds=asked.seconds)
    faults = list(verify(instance, solution))
    print(SIZES[asked.size])
    print(f"{solution.solver}; with the weeks and their check {perf_counter() - started:.1f} s, {len(faults)} faults")
    print(*faults, sep="\n")


if __name__ == "__main__":
    main()
